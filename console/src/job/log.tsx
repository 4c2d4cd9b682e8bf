import { type ReactElement, useEffect, useState } from 'react';
import type { LogSeverity } from '../api/generated/graphql.ts';
import { may, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import type { JobDetails } from './job-data.ts';
import { type LogLine, type LogState, useLog } from './log-data.ts';

/** The log of a job, from its start. */
export function Log({ job }: { job: JobDetails }): ReactElement {
  const isGranted = may(useStore(viewer), 'jobs:logs', job.systemId);
  return (
    <section className="card" aria-label="Log">
      {isGranted ? (
        <Lines job={job} />
      ) : (
        <>
          <div className="card-head">
            <h2>Log</h2>
          </div>
          <p className="card-empty">
            You can’t read the logs of {job.system.title} (needs jobs:logs@{job.systemId}).
          </p>
        </>
      )}
    </section>
  );
}

const severities: readonly (readonly [LogSeverity | null, string])[] = [
  [null, 'All'],
  ['WARNING', 'Warnings'],
  ['ERROR', 'Errors'],
];

function Lines({ job }: { job: JobDetails }): ReactElement {
  const [minSeverity, setMinSeverity] = useState<LogSeverity | null>(null);
  const { log, readMore } = useLog(job.id, minSeverity);
  return (
    <>
      <div className="card-head">
        <h2>Log</h2>
        <span className="spacer" />
        {log.lines.length > 0 && <CopyLines lines={log.lines} />}
        {!log.isAbsent && (
          <div className="switch" role="group" aria-label="Severity">
            {severities.map(([severity, label]) => (
              <button key={label} type="button" aria-pressed={severity === minSeverity} onClick={() => setMinSeverity(severity)}>
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      {log.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <ol className="log" tabIndex={0} aria-label="Lines">
          {log.lines.map((line) => (
            <Line key={line.cursor} line={line} />
          ))}
        </ol>
      )}
      {log.problem && <p className={log.problem.isGap ? 'card-empty' : 'card-empty tone-failed'}>{log.problem.message}</p>}
      {describeEmpty(log, minSeverity) !== null && <p className="card-empty">{describeEmpty(log, minSeverity)}</p>}
      <More log={log} isTerminal={job.isTerminal} onRead={readMore} />
    </>
  );
}

/** What stands in the place of lines. Null: there are some, or a problem says why not. */
function describeEmpty({ lines, isAbsent, isReading, problem, hasMore }: LogState, minSeverity: LogSeverity | null): string | null {
  if (lines.length > 0 || problem !== null) return null;
  if (isReading) return 'Reading…';
  if (isAbsent) return 'The system has no log of this job.';
  if (hasMore) return 'No such line so far.';
  return minSeverity === null ? 'The log is empty.' : 'The log has no such line.';
}

function Line({ line: { loggedAt, severity, message, truncated, source, stepId } }: { line: LogLine }): ReactElement {
  return (
    <li className={severity === null ? '' : `severity-${severity.toLowerCase()}`}>
      <span className="log-time">{loggedAt !== null && <Time at={loggedAt} />}</span>
      <span className="log-severity">{severity}</span>
      <span className="log-message" title={[stepId, source].filter(Boolean).join(' · ') || undefined}>
        {message}
        {truncated && <em> (the rest of this line is not shown)</em>}
      </span>
    </li>
  );
}

function More({ log, isTerminal, onRead }: { log: LogState; isTerminal: boolean; onRead: () => void }): ReactElement | null {
  if (log.isAbsent || (log.isReading && log.lines.length === 0)) return null;
  const label = labelOfMore(log, isTerminal);
  if (label === null) return null;
  return (
    <p className="log-more">
      <Button unavailable={log.isReading ? 'Reading…' : null} onClick={onRead}>
        {label}
      </Button>
      {log.lines.length > 0 && <span className="hint">{log.lines.length} lines</span>}
    </p>
  );
}

/** Null: there is nothing more to read. */
function labelOfMore({ problem, hasMore }: LogState, isTerminal: boolean): string | null {
  if (problem && !problem.isGap) return 'Read again';
  if (hasMore) return 'Load more';
  return isTerminal ? null : 'Read new lines';
}

const shownMs = 2_000;

function CopyLines({ lines }: { lines: readonly LogLine[] }): ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    void navigator.clipboard.writeText(toText(lines));
    setIsCopied(true);
  };
  return (
    <Button kind="bare" icon={isCopied ? 'check' : 'copy'} onClick={copy}>
      {isCopied ? 'Copied' : 'Copy'}
    </Button>
  );
}

/** The lines as a file would have them. */
export function toText(lines: readonly LogLine[]): string {
  return lines.map(({ loggedAt, severity, message }) => [loggedAt, severity, message].filter((part) => part !== null).join(' ')).join('\n');
}

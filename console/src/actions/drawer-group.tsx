import { type ReactElement, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { toAddress, toJob } from '../address.ts';
import { systemIdOf } from '../systems/systems.ts';
import { useNow } from '../time/now.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { LongName } from '../ui/parts.tsx';
import { type ActionResult, calmGroups, type Group } from './group.ts';
import { describeGroup } from './group-words.ts';
import { type Run, readAgain, repeatRun } from './run.ts';

const maxShown = 3;

/** Results with the same meaning: what it is, which jobs, and what to do next. */
export function DrawerGroup({ run, group, results }: { run: Run; group: Group; results: readonly ActionResult[] }): ReactElement {
  const hasCreated = results.some((result) => createdIdOf(result) !== null);
  const [isOpen, setIsOpen] = useState((group !== 'CONFIRMED' || hasCreated) && group !== 'DRY_RUN_PASSED');
  const [showsAll, setShowsAll] = useState(false);
  const { label, icon, tone, text } = describeGroup(group, run.action);
  const names = new Map(run.targets.map((target) => [target.id, target]));
  const common = commonMessage(results, run);
  const shown = showsAll ? results : results.slice(0, maxShown);
  return (
    <section className="drawer-group" aria-label={`${label}, ${results.length}`}>
      <button type="button" className="drawer-group-head" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name={icon} className={`tone-${tone}`} />
        <h3>{label}</h3>
        <strong>{results.length}</strong>
        <Icon name={isOpen ? 'down' : 'right'} />
      </button>
      <p>
        {hasCreated ? 'Confirmed by the new jobs.' : text} {common}
      </p>
      {isOpen && (
        <>
          <ul>
            {shown.map((result) => (
              <li key={result.jobId}>
                <Link href={toJob(result.jobId)}>
                  <LongName name={names.get(result.jobId)?.name ?? result.jobId} />
                </Link>
                {common === null && <Why result={result} run={run} />}
              </li>
            ))}
          </ul>
          {results.length > shown.length && (
            <button type="button" className="link" onClick={() => setShowsAll(true)}>
              {results.length - shown.length} more
            </button>
          )}
          {!calmGroups.has(group) && !run.dryRun && <NextSteps run={run} group={group} results={results} />}
        </>
      )}
    </section>
  );
}

/** The job that the action created; null: none. */
function createdIdOf(result: ActionResult): string | null {
  return result.__typename === 'JobActionSuccess' ? (result.createdJob?.id ?? null) : null;
}

/** What one result says: the job that the action created, or its message. */
function Why({ result, run }: { result: ActionResult; run: Run }): ReactElement {
  const created = createdIdOf(result);
  if (created === null) return <span className="why">{describeResult(result, run)}</span>;
  return (
    <span className="why">
      Started as <Link href={toJob(created)}>{created}</Link>
    </span>
  );
}

/** What all results of a group say, so that it is said once. Null: they differ. */
function commonMessage(results: readonly ActionResult[], run: Run): string | null {
  const messages = new Set(results.map((result) => describeResult(result, run)));
  const [only = ''] = messages;
  return messages.size === 1 && results.length > 1 && only !== '' ? only : null;
}

function describeResult(result: ActionResult, run: Run): string {
  if (!('message' in result)) return '';
  const status = run.jobs.get(result.jobId)?.status;
  const code = result.__typename === 'VendorRejected' && result.vendorCode !== null ? ` (${result.vendorCode})` : '';
  return `${result.message}${code}${result.__typename === 'OutcomeUnknown' && status ? ` Now ${status.toLowerCase()}.` : ''}`;
}

function NextSteps({ run, group, results }: { run: Run; group: Group; results: readonly ActionResult[] }): ReactElement | null {
  const ids = results.map(({ jobId }) => jobId);
  switch (group) {
    case 'OUTCOME_UNKNOWN':
      return <UnknownSteps run={run} results={results} />;
    case 'NOT_ATTEMPTED':
      return <NotSentSteps run={run} results={results} />;
    case 'IDEMPOTENCY_CONFLICT':
      return (
        <div className="steps">
          <Button icon="eye" onClick={() => void readAgain(run.id, ids)}>
            Read again
          </Button>
          <Button onClick={() => void repeatRun(run, ids)}>Retry with a new key</Button>
        </div>
      );
    case 'ACCESS_DENIED':
      return (
        <div className="steps">
          <Button icon="copy" onClick={() => void navigator.clipboard.writeText(toAccessRequest(results))}>
            Copy a request for access
          </Button>
        </div>
      );
    case 'VENDOR_REJECTED': {
      const retryable = results.filter((result) => 'retryable' in result && result.retryable).map(({ jobId }) => jobId);
      if (retryable.length === 0) return null;
      return (
        <div className="steps">
          <Button onClick={() => void repeatRun(run, retryable)}>Retry these {retryable.length}</Button>
        </div>
      );
    }
    default:
      return null;
  }
}

function UnknownSteps({ run, results }: { run: Run; results: readonly ActionResult[] }): ReactElement {
  const ids = results.map(({ jobId }) => jobId);
  const safe = results.flatMap((result) => (result.__typename === 'OutcomeUnknown' && result.safeToRetry ? [result.jobId] : []));
  return (
    <div className="steps">
      <Button kind="primary" icon="eye" onClick={() => void readAgain(run.id, ids)}>
        Read again
      </Button>
      {safe.length > 0 ? (
        <Button onClick={() => void repeatRun(run, safe)}>Retry {run.action.toLowerCase()} (safe)</Button>
      ) : (
        <span className="hint">A retry could perform the action twice.</span>
      )}
    </div>
  );
}

function NotSentSteps({ run, results }: { run: Run; results: readonly ActionResult[] }): ReactElement {
  const [, navigate] = useLocation();
  const now = useNow();
  const [shownAtMs] = useState(now);
  const ids = results.map(({ jobId }) => jobId);
  const waitSeconds = Math.max(0, ...results.map((result) => ('retryAfterSeconds' in result ? (result.retryAfterSeconds ?? 0) : 0)));
  const leftSeconds = Math.ceil(waitSeconds - (now - shownAtMs) / 1000);
  const rejectedCredentials = results.find((result) => 'code' in result && result.code === 'VENDOR_AUTHENTICATION_FAILED');
  if (rejectedCredentials) {
    const id = systemIdOf(rejectedCredentials.jobId);
    return (
      <div className="steps">
        <Button onClick={() => navigate(toAddress('systems', { id }))}>See system</Button>
      </div>
    );
  }
  const withoutStore = results.every((result) => 'code' in result && result.code === 'STORE_UNAVAILABLE');
  return (
    <div className="steps">
      <Button kind="primary" icon="restart" onClick={() => void repeatRun(run, ids)}>
        Retry these {ids.length}
        {leftSeconds > 0 ? ` (ready in ${leftSeconds} s)` : ''}
      </Button>
      {withoutStore && (
        <Button hint="If the response is lost then, read the jobs before you retry" onClick={() => void repeatRun(run, ids, false)}>
          Send without a key
        </Button>
      )}
    </div>
  );
}

function toAccessRequest(results: readonly ActionResult[]): string {
  return results.map((result) => `${result.jobId}: ${'message' in result ? result.message : ''}`).join('\n');
}

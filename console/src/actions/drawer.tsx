import { type ReactElement, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { toAddress } from '../address.ts';
import { describeFailure } from '../api/failure.ts';
import { useKey } from '../keyboard/keys.ts';
import { useMay, viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { formatTime } from '../time/format.ts';
import { useZone } from '../time/zone.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Layers } from '../ui/layers.tsx';
import { Notice, StackedBar } from '../ui/parts.tsx';
import { actionWords } from '../ui/status.ts';
import { DrawerGroup } from './drawer-group.tsx';
import { calmGroups, type Group } from './group.ts';
import { describeGroup } from './group-words.ts';
import { countJobs } from './plan.ts';
import { closeRun, groupRun, type Run, repeatRun } from './run.ts';

/** The results of the last action, grouped by what came of it. It stays open until it is closed; the page beside it stays usable. */
export function Drawer({ run }: { run: Run }): ReactElement {
  const grouped = groupRun(run);
  const summary = summarize(run, grouped);
  useKey('escape', closeRun);
  useEffect(() => {
    if (run.phase === 'done') announce(summary.text);
  }, [run.phase, summary.text]);
  const parts = grouped.map(({ group, results }) => ({ key: group, tone: describeGroup(group, run.action).tone, count: results.length }));
  return (
    <aside id="results" className="drawer" aria-label="Results" tabIndex={-1}>
      <Layers>
        <DrawerHead run={run} />
        <StackedBar parts={parts} total={run.targets.length} />
        <p className="drawer-summary">
          {summary.calm}
          {summary.attention !== '' && <span className="attention">{summary.attention}</span>}
        </p>
        <Unfinished run={run} />
        <div className="drawer-groups">
          {grouped.map(({ group, results }) => (
            <DrawerGroup key={`${run.id} ${group}`} run={run} group={group} results={results} />
          ))}
        </div>
        <DrawerFoot run={run} />
      </Layers>
    </aside>
  );
}

function DrawerHead({ run }: { run: Run }): ReactElement {
  const zone = useZone();
  const caller = useStore(viewer);
  const [isCopied, setIsCopied] = useState(false);
  const copied = useRef<ReturnType<typeof setTimeout>>(undefined);
  const copy = (): void => {
    void navigator.clipboard.writeText(toText(run));
    setIsCopied(true);
    clearTimeout(copied.current);
    copied.current = setTimeout(() => setIsCopied(false), 2_000);
  };
  return (
    <header className="drawer-head">
      <h2>
        {run.dryRun ? 'Dry run: ' : ''}
        {actionWords[run.action].verb} {countJobs(run.targets.length)}
      </h2>
      <Button kind="bare" icon="copy" onClick={copy}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
      <Button kind="bare" icon="close" label="Close the results" onClick={closeRun} />
      <p>
        {formatTime(run.startedAtMs, zone, Date.now())} by {caller?.name.replace(':', ': ')} · “{run.reason}”
      </p>
    </header>
  );
}

/** Jobs without a result: they are being sent, or a request failed. */
function Unfinished({ run }: { run: Run }): ReactElement | null {
  const missing = run.targets.filter(({ id }) => !run.results.has(id)).map(({ id }) => id);
  if (run.phase === 'sending') {
    const text = run.resend > 0 ? 'Jobyard’s response was lost. Sending the same request again.' : 'Sending…';
    return (
      <p className="drawer-progress" role="status">
        {text} {run.results.size} of {run.targets.length}
      </p>
    );
  }
  if (missing.length === 0 || !run.failure) return null;
  return (
    <Notice tone="danger" actions={<Button onClick={() => void repeatRun(run, missing)}>Retry these {missing.length}</Button>}>
      {countJobs(missing.length)} without a result. {describeFailure(run.failure)}
      {run.unanswered?.idempotencyKey === null && ' Read these jobs before you retry.'}
    </Notice>
  );
}

/** Jobs that one address can name. */
const maxInAddress = 50;

function DrawerFoot({ run }: { run: Run }): ReactElement {
  const mayRead = useMay('audit:read');
  const [requestId, another] = run.requestIds;
  const ids = run.targets.map(({ id }) => id);
  const isOneRequest = requestId !== undefined && another === undefined;
  const shown = isOneRequest ? ids.length : Math.min(maxInAddress, ids.length);
  return (
    <footer className="drawer-foot">
      <span title={run.requestIds.join(', ')}>{requestId === undefined ? '' : `Request ${requestId.slice(0, 8)}`}</span>
      {mayRead && !run.dryRun && (
        <Link href={toAddress('audit', isOneRequest ? { request: requestId } : { job: ids.slice(0, maxInAddress) })}>
          {shown === 1 ? 'This job' : `These ${shown}`} in Audit
        </Link>
      )}
    </footer>
  );
}

interface Summary {
  calm: string;
  attention: string;
  text: string;
}

function summarize(run: Run, grouped: readonly { group: Group; results: readonly unknown[] }[]): Summary {
  const calmParts = grouped
    .filter(({ group }) => calmGroups.has(group))
    .map(({ group, results }) => `${results.length} ${describeGroup(group, run.action).label.toLowerCase()}`);
  const open = grouped.filter(({ group }) => !calmGroups.has(group)).reduce((sum, { results }) => sum + results.length, 0);
  const attention = open === 0 ? '' : `${open} ${open === 1 ? 'needs' : 'need'} attention`;
  const calm = calmParts.reverse().join(', ') + (calmParts.length > 0 && attention !== '' ? ', ' : '');
  return { calm, attention, text: calm + attention };
}

/** The results as lines of text, for a ticket. */
function toText(run: Run): string {
  const names = new Map(run.targets.map(({ id, name }) => [id, name]));
  const lines = groupRun(run).flatMap(({ group, results }) => [
    `${describeGroup(group, run.action).label}: ${results.length}`,
    ...results.map((result) => `  ${result.jobId}\t${names.get(result.jobId) ?? ''}${'message' in result ? `\t${result.message}` : ''}`),
  ]);
  return [`${actionWords[run.action].verb} ${countJobs(run.targets.length)}: ${run.reason}`, ...lines].join('\n');
}

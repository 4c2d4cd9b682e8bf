import { type KeyboardEvent, type ReactElement, useId, useRef, useState } from 'react';
import { describeFailure } from '../api/failure.ts';
import type { JobAction } from '../api/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { actionWords } from '../ui/status.ts';
import type { ActionResult } from './group.ts';
import { GroupCounts } from './group-counts.tsx';
import { countJobs, type Plan } from './plan.ts';
import { keepReason, lastReasons } from './reasons.ts';
import { startRun } from './run.ts';
import { maxIdsPerSend, type Sent, send } from './send.ts';

/** From this number of jobs on, the number must be typed. */
const typedFrom = 100;

export interface ActionDialogProps {
  plan: Plan;
  onClose: () => void;
  /** Called when the action is sent. */
  onSent: () => void;
}

/** Asks for the reason before anything is sent. */
export function ActionDialog({ plan, onClose, onSent }: ActionDialogProps): ReactElement {
  const { action, targets } = plan;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [dryRun, setDryRun] = useState<DryRun>({ phase: 'none' });
  const field = useRef<HTMLTextAreaElement>(null);
  const needsNumber = targets.length >= typedFrom;
  const unavailable = whyNotYet(reason, needsNumber && typed !== String(targets.length) ? targets.length : null);
  const title = `${actionWords[action].verb} ${countJobs(targets.length)}`;
  const confirm = (): void => {
    if (unavailable !== null) return;
    keepReason(reason.trim());
    void startRun({ action, reason: reason.trim(), dryRun: false, targets });
    onSent();
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) confirm();
  };
  return (
    <Dialog title={title} onClose={onClose} initialFocus={field}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the button below */}
      <div className="action-dialog" onKeyDown={onKeyDown}>
        <PerSystem plan={plan} />
        <LeftOut plan={plan} />
        {action === 'RESTART' && <p className="warning-text">Their work so far may be lost.</p>}
        <ReasonField reason={reason} onChange={setReason} field={field} />
        {needsNumber && (
          <label className="typed-number">
            Type {targets.length} to confirm
            <input inputMode="numeric" value={typed} autoComplete="off" onChange={({ target }) => setTyped(target.value.trim())} />
          </label>
        )}
        <DryRunResults dryRun={dryRun} action={action} />
        <footer className="dialog-foot">
          <Button
            unavailable={dryRun.phase === 'running' ? 'The dry run is in progress' : null}
            onClick={() => void performDryRun(plan, reason, setDryRun)}
          >
            Dry run
          </Button>
          <span className="spacer" />
          <Button onClick={onClose}>Back</Button>
          <Button kind={action === 'CANCEL' || action === 'RESTART' ? 'danger' : 'primary'} unavailable={unavailable} onClick={confirm}>
            {title}
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}

function whyNotYet(reason: string, missingNumber: number | null): string | null {
  if (reason.trim() === '') return 'Enter a reason';
  return missingNumber === null ? null : `Type ${missingNumber} to confirm`;
}

function PerSystem({ plan: { targets } }: { plan: Plan }): ReactElement {
  const bySystem = Map.groupBy(targets, ({ systemTitle }) => systemTitle);
  return (
    <p className="per-system">
      {Array.from(bySystem, ([title, those]) => (
        <span key={title}>
          {title} <strong>{those.length}</strong>
        </span>
      ))}
    </p>
  );
}

function LeftOut({ plan: { action, targets, leftOut } }: { plan: Plan }): ReactElement | null {
  if (leftOut.length === 0) return null;
  const verb = actionWords[action].done;
  return (
    <details className="left-out">
      <summary>
        {leftOut.length} of {targets.length + leftOut.length} can’t be {verb} and {leftOut.length === 1 ? 'is' : 'are'} left out
      </summary>
      <ul>
        {leftOut.slice(0, 100).map(({ target, reason }) => (
          <li key={target.id}>
            <strong>{target.name}</strong> {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface ReasonFieldProps {
  reason: string;
  onChange: (reason: string) => void;
  field: React.RefObject<HTMLTextAreaElement | null>;
}

/** A required reason, with the last ones at hand. */
export function ReasonField({ reason, onChange, field }: ReasonFieldProps): ReactElement {
  const id = useId();
  const last = lastReasons();
  return (
    <div className="reason">
      <label htmlFor={id}>Reason</label>
      <textarea
        id={id}
        ref={field}
        rows={2}
        maxLength={1000}
        required
        value={reason}
        placeholder="Stored with each job’s events"
        onChange={({ target }) => onChange(target.value)}
      />
      {last.length > 0 && (
        <div className="last-reasons">
          {last.map((text) => (
            <button type="button" key={text} onClick={() => onChange(text)}>
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

type DryRun =
  | { phase: 'none' }
  | { phase: 'running' }
  | { phase: 'done'; results: readonly ActionResult[] }
  | { phase: 'failed'; text: string };

async function performDryRun({ action, targets }: Plan, reason: string, show: (dryRun: DryRun) => void): Promise<void> {
  show({ phase: 'running' });
  const results: ActionResult[] = [];
  for (let start = 0; start < targets.length; start += maxIdsPerSend) {
    const ids = targets.slice(start, start + maxIdsPerSend).map(({ id }) => id);
    const sent: Sent = await send({ action, ids, reason: reason.trim(), dryRun: true, idempotencyKey: null }, () => {});
    if ('failure' in sent) return show({ phase: 'failed', text: describeFailure(sent.failure) });
    results.push(...sent.results);
  }
  show({ phase: 'done', results });
}

function DryRunResults({ dryRun, action }: { dryRun: DryRun; action: JobAction }): ReactElement | null {
  switch (dryRun.phase) {
    case 'none':
      return null;
    case 'running':
      return <p className="hint">Dry run in progress…</p>;
    case 'failed':
      return <p className="error">{dryRun.text}</p>;
    case 'done':
      return <GroupCounts results={dryRun.results} action={action} />;
    default:
      return dryRun satisfies never;
  }
}

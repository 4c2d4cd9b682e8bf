import { type ReactElement, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ReasonField } from '../actions/dialog.tsx';
import { countJobs } from '../actions/plan.ts';
import { keepReason } from '../actions/reasons.ts';
import { toAddress, toJob } from '../address.ts';
import { type Answer, mutate, query } from '../api/client.ts';
import { nowMs } from '../api/clock.ts';
import { describeFailure } from '../api/failure.ts';
import { BulkPreviewDocument, type BulkPreviewQuery, type JobAction, type JobFilter, StartBulkDocument } from '../api/generated/graphql.ts';
import { type JobsView, readView, toFilter, writeView } from '../jobs/address.ts';
import { Chips } from '../jobs/chips.tsx';
import { viewer } from '../session/viewer.ts';
import { useStore } from '../store.ts';
import { formatCount } from '../time/format.ts';
import { Time } from '../time/time.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNotice, LongName, Notice, Skeleton, Status } from '../ui/parts.tsx';
import { useReading } from '../ui/reading.ts';
import { actionWords, jobLooks } from '../ui/status.ts';
import { FilterText } from './filter-text.tsx';
import { grantedActions, whyNotGranted } from './granted.ts';

type Preview = BulkPreviewQuery['previewBulkAction'];

export interface NewBulkProps {
  action: JobAction;
  parameters: URLSearchParams;
  onStarted: () => void;
}

/** A filter, and its preview once it has arrived. */
interface PreviewState {
  filter: JobFilter;
  answer: Answer<BulkPreviewQuery> | null;
}

/** Previews an action on all jobs of a filter, then starts it on the jobs that were previewed. */
export function NewBulk({ action, parameters, onStarted }: NewBulkProps): ReactElement {
  const [, navigate] = useLocation();
  const actions = grantedActions(useStore(viewer));
  const view = readView(parameters.toString());
  const [{ filter, answer }, setPreview] = useState<PreviewState>({ filter: toFilter(view, nowMs()), answer: null });
  const previewAgain = useReading(`${action} ${writeView(view)}`, () => {
    let isOver = false;
    const next = toFilter(view, nowMs());
    setPreview({ filter: next, answer: null });
    void query(BulkPreviewDocument, { action, filter: next }).then((result) => isOver || setPreview({ filter: next, answer: result }));
    return () => {
      isOver = true;
    };
  });
  const show = (next: JobsView, nextAction = action): void => {
    const text = writeView(next);
    navigate(`/bulk?new=${nextAction}${text === '' ? '' : `&${text}`}`, { replace: true });
  };
  return (
    <>
      <header className="bulk-head">
        <h2>New bulk operation</h2>
        <span className="spacer" />
        <Link href={`/jobs?${writeView(view)}`}>Change the filter in Jobs</Link>
      </header>
      <div className="new-bulk-choice">
        <label className="field">
          <span className="hint">Action</span>
          <select value={action} onChange={({ target }) => show(view, actions.find((one) => one === target.value) ?? action)}>
            {actions.map((one) => (
              <option key={one} value={one}>
                {actionWords[one].verb}
              </option>
            ))}
          </select>
        </label>
        <Chips view={view} counts={null} onView={(next) => show(next)} />
      </div>
      <p className="bulk-filter">
        <span className="hint">Filter</span> <FilterText filter={filter} />
      </p>
      {!answer && <Skeleton rows={6} />}
      {answer?.data === null && <FailureNotice failure={answer.failure} onRetry={previewAgain} />}
      {answer?.data && (
        <>
          <PreviewCounts preview={answer.data.previewBulkAction} onRefresh={previewAgain} />
          <StartForm key={answer.data.previewBulkAction.token} preview={answer.data.previewBulkAction} onStarted={onStarted} />
          <Sample preview={answer.data.previewBulkAction} />
        </>
      )}
    </>
  );
}

function PreviewCounts({ preview, onRefresh }: { preview: Preview; onRefresh: () => void }): ReactElement {
  const { action, matchedCount, availableCount, uncertain, predictedFailures, systems } = preview;
  const failing = predictedFailures.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="card bulk-preview" aria-label="Preview">
      <p>
        <strong className="big">{formatCount(matchedCount)}</strong> match. {formatCount(availableCount)} can be {actionWords[action].done}
        {failing > 0 && `, ${formatCount(failing)} will fail`}.
        {uncertain > 0 && ` For ${formatCount(uncertain)}, only the system can decide.`}
        <span className="spacer" />
        <Button icon="restart" onClick={onRefresh}>
          Preview again
        </Button>
      </p>
      <ul className="predicted">
        {predictedFailures.map(({ code, count, message }) => (
          <li key={code}>
            <strong>{formatCount(count)}</strong> will fail{count === 1 ? '' : ', for example'}: {message}
          </li>
        ))}
      </ul>
      <p className="per-system">
        {systems.map(({ system, matchedCount: matched, problem }) => (
          <span key={system.id} className={problem ? 'tone-failed' : ''}>
            {system.title} <strong>{problem && matched === 0 ? 'not listed' : formatCount(matched)}</strong>
          </span>
        ))}
      </p>
    </section>
  );
}

interface StartFormProps {
  preview: Preview;
  onStarted: () => void;
}

function StartForm({ preview, onStarted }: StartFormProps): ReactElement {
  const { action, matchedCount, systems } = preview;
  const [, navigate] = useLocation();
  const [reason, setReason] = useState('');
  const [rate, setRate] = useState('');
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { rejection, start } = useStart(preview, (id) => {
    onStarted();
    navigate(toAddress('bulk', { id }));
  });
  const denial = whyNotGranted(preview, useStore(viewer));
  const missing = systems.filter(({ problem }) => problem !== null).map(({ system }) => system.title);
  const unavailable = whyNot({ denial, matchedCount, reason, rate, typed });
  return (
    <section className="card start-form field" aria-label="Start">
      {missing.length > 0 && (
        <Notice tone="warning">
          {missing.join(', ')} could not list all jobs: {systems.find(({ problem }) => problem !== null)?.problem?.message}
        </Notice>
      )}
      {rejection !== null && <Notice tone="danger">{rejection}</Notice>}
      <ReasonField reason={reason} onChange={setReason} field={field} />
      <div className="start-row">
        <label>
          Jobs per second
          <input inputMode="decimal" placeholder="No limit" value={rate} onChange={({ target }) => setRate(target.value.trim())} />
        </label>
        <label>
          Type {matchedCount} to confirm
          <input inputMode="numeric" autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value.trim())} />
        </label>
        <span className="spacer" />
        <Button
          kind={action === 'CANCEL' || action === 'RESTART' ? 'danger' : 'primary'}
          unavailable={unavailable}
          onClick={() => void start(reason, rate)}
        >
          {missing.length > 0 ? `Start without ${missing.join(', ')}` : `${actionWords[action].verb} ${countJobs(matchedCount)}`}
        </Button>
      </div>
      <p className="hint">
        The operation acts only on the jobs of this preview, not on newer ones. The preview expires at <Time at={preview.expiresAt} />.
      </p>
    </section>
  );
}

/** Starts the operation on the previewed jobs. `rejection`: why it wasn't started. */
function useStart({ action, token, complete }: Preview, onStarted: (id: string) => void) {
  const [rejection, setRejection] = useState<string | null>(null);
  /** The same for each attempt with the same input, so that a lost response can't start the operation twice. */
  const key = useRef({ input: '', idempotencyKey: '' });
  const start = async (reason: string, rate: string): Promise<void> => {
    const maxPerSecond = rate === '' ? null : Number(rate);
    const input = { action, previewToken: token, reason: reason.trim(), allowIncomplete: !complete, maxPerSecond };
    const text = JSON.stringify(input);
    if (key.current.input !== text) key.current = { input: text, idempotencyKey: crypto.randomUUID() };
    const { data, failure } = await mutate(StartBulkDocument, { input: { ...input, idempotencyKey: key.current.idempotencyKey } });
    const result = data?.startBulkAction;
    if (result?.__typename === 'BulkOperation') {
      keepReason(reason.trim());
      onStarted(result.id);
    } else setRejection(result ? result.message : describeFailure(failure ?? { kind: 'unreachable' }));
  };
  return { rejection, start };
}

interface StartParts {
  /** Why the caller's scopes don't allow it. */
  denial: string | null;
  matchedCount: number;
  reason: string;
  rate: string;
  typed: string;
}

function whyNot({ denial, matchedCount, reason, rate, typed }: StartParts): string | null {
  if (denial !== null) return denial;
  if (matchedCount === 0) return 'No job matches';
  if (reason.trim() === '') return 'Enter a reason';
  if (rate !== '' && !(Number(rate) >= 0.01 && Number(rate) <= 10_000)) return 'Jobs per second: expected 0.01 to 10,000';
  return typed === String(matchedCount) ? null : `Type ${matchedCount} to confirm`;
}

function Sample({ preview: { sample, matchedCount } }: { preview: Preview }): ReactElement | null {
  if (sample.length === 0) return null;
  return (
    <section className="card" aria-label="Sample">
      <div className="card-head">
        <h2>
          The newest {sample.length} of {formatCount(matchedCount)}
        </h2>
      </div>
      <table className="data items">
        <caption className="visually-hidden">The newest matching jobs</caption>
        <thead>
          <tr>
            {['Status', 'Job', 'Created'].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.map((job) => (
            <tr key={job.id}>
              <td>
                <Status look={jobLooks[job.status]} />
              </td>
              <td className="job">
                <Link href={toJob(job.id)}>
                  <LongName name={job.name} />
                </Link>
              </td>
              <td className="nowrap">{job.createdAt !== null && <Time at={job.createdAt} age />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

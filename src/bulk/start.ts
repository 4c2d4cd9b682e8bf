import { randomUUID } from 'node:crypto';
import type { ServedSystem } from '../job-service/served-system.ts';
import { actionNotSupported } from '../jobs/eligibility.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { StoreUnavailableError } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { refuseIncomplete, systemIsGone } from './judge-selection.ts';
import { findPreview, type KeptPreview } from './kept-preview.ts';
import {
  type BulkCaller,
  type BulkOperation,
  type BulkOperationError,
  refuse,
  type StartBulkError,
  type SystemProblem,
} from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { type RecordedStart, recordStart, type StartInput } from './record-start.ts';
import { findOperation } from './rows.ts';

/** A start that selects longer than this is answered as it is; it goes on. */
const answerAfterMs = 15_000;
const lookEveryMs = 500;

/** Puts an operation into the store and waits a while for its selection, so that most refusals are the answer. */
export async function startOperation(
  input: StartInput,
  caller: BulkCaller,
  parts: BulkDependencies,
  queue: BulkQueue,
): Promise<BulkOperation | StartBulkError> {
  let preview: KeptPreview | null = null;
  if (input.previewToken !== null) {
    await queue.whenReady();
    const { previewToken: token, action, filter } = input;
    preview = await findPreview({ token, caller: caller.name, action, filter }, parts.store.query);
  }
  const plan = toPlan(input, preview, caller, parts);
  // Where it has expired, the key may still lead to what was started with it.
  if (!plan.isKnown && input.idempotencyKey === null) return previewNotFound();
  const refusal = plan.isKnown ? refusePlan(input, plan, caller) : null;
  if (refusal) return refusal;
  await queue.whenReady();
  const recorded = await record(input, plan, caller, parts, queue);
  if (recorded.kind === 'rejected') return recorded;
  return answer(recorded, input, caller, parts);
}

async function record(
  input: StartInput,
  plan: Plan,
  caller: BulkCaller,
  { store }: BulkDependencies,
  queue: BulkQueue,
): Promise<RecordedStart | BulkOperationError> {
  const newId = randomUUID();
  let isCommitting = false;
  try {
    return await store.transaction(async (query) => {
      const result = await recordStart({ id: newId, input, filter: plan.filter, asked: plan.asked, caller }, query);
      if (result.kind === 'rejected' || !result.isNew) return result;
      if (!plan.isKnown) {
        await query('DELETE FROM jobyard.bulk_operation WHERE id = $1', [newId]);
        return previewNotFound();
      }
      await queue.enqueueSelection(newId, query);
      isCommitting = true;
      return result;
    });
  } catch (error) {
    if (!isCommitting || !(error instanceof StoreUnavailableError)) throw error;
    return perhapsStarted(
      `${error.message} It may have been started all the same: look at the bulk operation ${newId} first.`,
      input.idempotencyKey,
    );
  }
}

async function answer(
  { id, isNew }: RecordedStart,
  { idempotencyKey }: StartInput,
  caller: BulkCaller,
  parts: BulkDependencies,
): Promise<BulkOperation | StartBulkError> {
  const operation = await waitForSelection(id, caller, parts);
  if (operation instanceof StoreUnavailableError) {
    return perhapsStarted(`The bulk operation ${id} was started, and can't be looked at: ${operation.message}`, idempotencyKey);
  }
  if (!operation) {
    const problem = createProblem(
      'IDEMPOTENCY_CONFLICT',
      'What the key was used for was refused meanwhile, and the key is free: try again.',
    );
    return refuse({ ...problem, retryable: true });
  }
  if (operation.status !== 'FAILED' || !operation.refusal) return operation;
  // The answer tells it all: there was never an operation to look at.
  if (isNew) await parts.store.query('DELETE FROM jobyard.bulk_operation WHERE id = $1', [id]);
  return operation.refusal;
}

/** Without a key, the same request would start another operation. */
function perhapsStarted(message: string, idempotencyKey: string | null): BulkOperationError {
  return refuse({ ...createProblem('STORE_UNAVAILABLE', message), retryable: idempotencyKey !== null });
}

/** What a start works on. */
interface Plan {
  filter: JobFilter;
  /** The systems to select from. */
  asked: ServedSystem[];
  /** Why systems whose jobs the preview saw, or could not see, are left out now. */
  hidden: SystemProblem[];
  /** False: the preview is gone. */
  isKnown: boolean;
}

/** The caller's rights are those of now, whatever the preview was allowed. */
function toPlan(
  { filter, previewToken, refusesChanges }: StartInput,
  preview: KeptPreview | null,
  { permissions }: BulkCaller,
  { systems }: BulkDependencies,
): Plan {
  const readable = systems.filter(({ id }) => permissions.mayRead(id));
  const isKnown = previewToken === null || preview !== null;
  if (!preview || refusesChanges) {
    const actsOn = preview?.filter ?? filter ?? {};
    return { filter: actsOn, asked: selectSystems(readable, actsOn), hidden: [], isKnown };
  }
  const readableIds = new Set(readable.map(({ id }) => id));
  return {
    filter: preview.filter,
    asked: readable.filter(({ id }) => preview.systems.has(id)),
    hidden: [...preview.systems].flatMap(([systemId, { isMissed }]) =>
      isMissed && !readableIds.has(systemId) ? [{ ...describeHidden(systemId, systems), systemId }] : [],
    ),
    isKnown,
  };
}

function describeHidden(systemId: string, systems: readonly ServedSystem[]): Problem {
  return systems.some(({ id }) => id === systemId) ? accessDenied('jobs:read', systemId) : systemIsGone(systemId);
}

function refusePlan({ action, allowIncomplete }: StartInput, { asked, hidden }: Plan, caller: BulkCaller): StartBulkError | null {
  if (hidden.length > 0 && !allowIncomplete) return refuseIncomplete(hidden, true);
  if (asked.length > 0) return refuseAll(action, asked, caller);
  return { kind: 'nothing', problem: createProblem('NO_JOBS_MATCHED', 'No system that you may read can have jobs that match.') };
}

function previewNotFound(): BulkOperationError {
  const message =
    'There is no such preview of yours for this action and filter, it is more than an hour old, or 100 newer previews replaced it. Nothing was started.';
  return refuse(createProblem('PREVIEW_NOT_FOUND', message));
}

/** Why no system would take it, or null. */
function refuseAll(action: JobAction, asked: readonly ServedSystem[], { permissions }: BulkCaller): BulkOperationError | null {
  if (asked.every(({ adapter }) => adapter.actions[action].support === 'UNSUPPORTED')) {
    const problems = asked.map(({ id }) => ({ ...actionNotSupported(action, id), systemId: id }));
    return refuse(createProblem('ACTION_NOT_SUPPORTED', `No system that is asked offers ${action}.`), problems);
  }
  if (!asked.some(({ id }) => permissions.mayAct(id, action))) {
    const problems = asked.map(({ id }) => ({ ...accessDenied(scopeOf(action), id), systemId: id }));
    return refuse(accessDenied(scopeOf(action), ...asked.map(({ id }) => id)), problems);
  }
  return null;
}

/** Null: there is no such operation any more. An error: the time is up, and it could not be looked at. */
async function waitForSelection(
  id: string,
  { signal, waitSignal }: BulkCaller,
  { store, changes }: BulkDependencies,
): Promise<BulkOperation | StoreUnavailableError | null> {
  const time = AbortSignal.any([signal, waitSignal, AbortSignal.timeout(answerAfterMs)]);
  for (;;) {
    const changed = changes.waitForChange(id, lookEveryMs, time);
    // It is in the store already: that this can't be looked at now does not undo it.
    const operation = await findOperation(store.query, id).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return error;
    });
    if (time.aborted || !(operation instanceof StoreUnavailableError || operation?.status === 'SELECTING')) return operation;
    await changed;
  }
}

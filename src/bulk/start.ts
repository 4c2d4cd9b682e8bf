import { randomUUID } from 'node:crypto';
import type { ServedSystem } from '../job-service/served-system.ts';
import { actionNotSupported } from '../jobs/eligibility.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { accessDenied, scopeOf } from '../jobs/permissions.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { StoreUnavailableError } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { incompleteSelection, systemNotConfigured } from './judge-selection.ts';
import { findPreview, type KeptPreview } from './kept-preview.ts';
import {
  type BulkCaller,
  type BulkOperation,
  type BulkOperationError,
  type StartBulkError,
  type SystemProblem,
  toBulkError,
} from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { type RecordedStart, recordStart, type StartInput } from './record-start.ts';
import { findOperation } from './rows.ts';

/** A start whose selection takes longer returns the operation in status SELECTING. */
const maxSelectionWaitMs = 15_000;
const pollEveryMs = 500;

/** Stores an operation and waits up to 15 seconds for its selection, so that most errors are in the response. */
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
  // If the preview has expired, the key may still belong to an operation that was started with it.
  if (!plan.isKnown && input.idempotencyKey === null) return previewNotFound();
  const error = plan.isKnown ? checkPlan(input, plan, caller) : null;
  if (error) return error;
  await queue.whenReady();
  const recorded = await record(input, plan, caller, parts, queue);
  if (recorded.kind === 'rejected') return recorded;
  return toResponse(recorded, input, caller, parts);
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
      const result = await recordStart({ id: newId, input, filter: plan.filter, targetSystems: plan.targetSystems, caller }, query);
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
      `${error.message} The operation may have been started: check the bulk operation ${newId} before you retry.`,
      input.idempotencyKey,
    );
  }
}

async function toResponse(
  { id, isNew }: RecordedStart,
  { idempotencyKey }: StartInput,
  caller: BulkCaller,
  parts: BulkDependencies,
): Promise<BulkOperation | StartBulkError> {
  const operation = await waitForSelection(id, caller, parts);
  if (operation instanceof StoreUnavailableError) {
    return perhapsStarted(`The bulk operation ${id} was started, but can't be read: ${operation.message}`, idempotencyKey);
  }
  if (!operation) {
    const problem = createProblem('IDEMPOTENCY_CONFLICT', 'The earlier request with this key failed. Retry.');
    return toBulkError({ ...problem, retryable: true });
  }
  if (operation.status !== 'FAILED' || !operation.startError) return operation;
  // The response explains the failure, so the operation isn't stored.
  if (isNew) await parts.store.query('DELETE FROM jobyard.bulk_operation WHERE id = $1', [id]);
  return operation.startError;
}

/** Without a key, the same request would start another operation. */
function perhapsStarted(message: string, idempotencyKey: string | null): BulkOperationError {
  return toBulkError({ ...createProblem('STORE_UNAVAILABLE', message), retryable: idempotencyKey !== null });
}

/** The filter and the systems of a start. */
interface Plan {
  filter: JobFilter;
  /** The systems to select from. */
  targetSystems: ServedSystem[];
  /** Why systems of the preview are left out now. */
  hidden: SystemProblem[];
  /** False: the preview doesn't exist or has expired. */
  isKnown: boolean;
}

/** Uses the caller's current permissions, not those at the time of the preview. */
function toPlan(
  { filter, previewToken, rejectsChanges }: StartInput,
  preview: KeptPreview | null,
  { permissions }: BulkCaller,
  { systems }: BulkDependencies,
): Plan {
  const readable = systems.filter(({ id }) => permissions.mayRead(id));
  const isKnown = previewToken === null || preview !== null;
  if (!preview || rejectsChanges) {
    const effective = preview?.filter ?? filter ?? {};
    return { filter: effective, targetSystems: selectSystems(readable, effective), hidden: [], isKnown };
  }
  const readableIds = new Set(readable.map(({ id }) => id));
  return {
    filter: preview.filter,
    targetSystems: readable.filter(({ id }) => preview.systems.has(id)),
    hidden: [...preview.systems].flatMap(([systemId, { isMissed }]) =>
      isMissed && !readableIds.has(systemId) ? [{ ...describeHidden(systemId, systems), systemId }] : [],
    ),
    isKnown,
  };
}

function describeHidden(systemId: string, systems: readonly ServedSystem[]): Problem {
  return systems.some(({ id }) => id === systemId) ? accessDenied('jobs:read', systemId) : systemNotConfigured(systemId);
}

function checkPlan({ action, allowIncomplete }: StartInput, { targetSystems, hidden }: Plan, caller: BulkCaller): StartBulkError | null {
  if (hidden.length > 0 && !allowIncomplete) return incompleteSelection(hidden, true);
  if (targetSystems.length > 0) return checkAnySystem(action, targetSystems, caller);
  return {
    kind: 'nothing',
    problem: createProblem('NO_JOBS_MATCHED', 'No job matches: none of the systems that the caller can read can have matching jobs.'),
  };
}

function previewNotFound(): BulkOperationError {
  const message =
    'Preview not found for this caller, action, and filter. Previews expire after an hour, or after 100 newer ones. Nothing was started. Create a new preview.';
  return toBulkError(createProblem('PREVIEW_NOT_FOUND', message));
}

/** Why no system can perform the action for this caller, or null. */
function checkAnySystem(action: JobAction, targetSystems: readonly ServedSystem[], { permissions }: BulkCaller): BulkOperationError | null {
  if (targetSystems.every(({ adapter }) => adapter.actions[action].support === 'UNSUPPORTED')) {
    const problems = targetSystems.map(({ id }) => ({ ...actionNotSupported(action, id), systemId: id }));
    return toBulkError(
      createProblem(
        'ACTION_NOT_SUPPORTED',
        `None of the systems supports ${action.toLowerCase()}: ${targetSystems.map(({ id }) => id).join(', ')}.`,
      ),
      problems,
    );
  }
  if (!targetSystems.some(({ id }) => permissions.mayAct(id, action))) {
    const problems = targetSystems.map(({ id }) => ({ ...accessDenied(scopeOf(action), id), systemId: id }));
    return toBulkError(accessDenied(scopeOf(action), ...targetSystems.map(({ id }) => id)), problems);
  }
  return null;
}

/** Null: the operation no longer exists. An error: it couldn't be read before the deadline. */
async function waitForSelection(
  id: string,
  { signal, waitSignal }: BulkCaller,
  { store, changes }: BulkDependencies,
): Promise<BulkOperation | StoreUnavailableError | null> {
  const time = AbortSignal.any([signal, waitSignal, AbortSignal.timeout(maxSelectionWaitMs)]);
  for (;;) {
    const changed = changes.waitForChange(id, pollEveryMs, time);
    // The operation is stored: a failed read doesn't undo that.
    const operation = await findOperation(store.query, id).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return error;
    });
    if (time.aborted || !(operation instanceof StoreUnavailableError || operation?.status === 'SELECTING')) return operation;
    await changed;
  }
}

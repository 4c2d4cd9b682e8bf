import { type ActionResult, isFailure, type UnknownResult } from '../actions/action-result.ts';
import { type ActionAudit, AuditUnavailableError } from '../actions/audit.ts';
import { resolvingMs } from '../actions/perform-action.ts';
import { chunk as cut } from '../concurrency/map-concurrently.ts';
import { createJobService, type JobService } from '../job-service/job-service.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { jobActions } from '../jobs/job.ts';
import { vendorIdOf } from '../jobs/job-id.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import {
  actorOf,
  findRunning,
  hasPendingItems,
  listPendingItems,
  markBegun,
  type PendingItem,
  type RunningOperation,
} from './chunk-rows.ts';
import { type ChunkRun, RetryLaterError } from './chunk-run.ts';
import { decideFirst, decideNext, isThrottled, type Sent } from './decide-next.ts';
import { type AttemptedItem, decideBegun, decideRetry } from './decide-retry.ts';
import type { BulkDependencies } from './dependencies.ts';
import { bulkStatuses } from './operation.ts';
import { type ItemAttempt, lockOperation, type RecordContext, recordAttempts } from './record-attempts.ts';
import { maxItemsPerSend, waitForSendSlot } from './send-rate.ts';
import { withShutdownGuard } from './shutdown-guard.ts';
import { fromStoredResult } from './stored-result.ts';

/** The time limit of one send. What has not been sent by then is retried later. */
const sendTimeoutMs = 120_000;
/** Before a chunk that only a newer version can run is queued again. */
const unknownRetrySeconds = 10;

/**
 * Performs the action on the pending items of a chunk. Marks each item as begun before it is sent, and reads the jobs of items with earlier
 * attempts first, so that a crash never causes an unnoticed second send. Throws RetryLaterError if some items must be retried later.
 */
export async function runChunk(run: ChunkRun, parts: BulkDependencies): Promise<void> {
  const { chunk } = run;
  const { store } = parts;
  const system = parts.systems.find(({ id }) => id === chunk.systemId);
  if (!system) throw new RetryLaterError(`System "${chunk.systemId}" is not configured.`);
  for (;;) {
    const operation = await findRunning(chunk.operationId, store);
    if (!operation) return;
    if (!isKnown(operation)) return store.transaction((query) => run.putBack(unknownRetrySeconds, query));
    const attempt: ChunkAttempt = { ...run, parts, system, operation };
    let next = decideFirst(operation.status, run);
    if (next.kind === 'send') next = decideNext(await sendItems(attempt), toRunState(run));
    if (next.kind === 'putBack') {
      const { afterSeconds } = next;
      return store.transaction((query) => run.putBack(afterSeconds, query));
    }
    if (next.kind === 'retryLater') throw new RetryLaterError(next.why);
    if (next.kind === 'resolve') await resolveWithoutSending(attempt, next.why);
    if (await completeIfDone(attempt)) return;
  }
}

function toRunState({ closing, claim, isLast }: ChunkRun): { isClosing: boolean; isTakenOver: boolean; isLast: boolean } {
  return { isClosing: closing.aborted, isTakenOver: claim.aborted, isLast };
}

/** Whether this version can run the operation. If not, a newer replica started or changed it, and runs it. */
function isKnown({ status, action }: RunningOperation): boolean {
  return bulkStatuses.includes(status) && jobActions.includes(action);
}

interface ChunkAttempt extends ChunkRun {
  parts: BulkDependencies;
  system: ServedSystem;
  operation: RunningOperation;
}

async function sendItems(attempt: ChunkAttempt): Promise<Sent> {
  const { chunk, parts, operation, closing, claim } = attempt;
  const items = await listPendingItems(chunk, parts.store);
  let obstacle: Problem | null = null;
  let madeProgress = false;
  for (const part of cut(items, maxItemsPerSend(operation.max_per_second, items.length || 1))) {
    if (closing.aborted || claim.aborted) break;
    const call = toCall(operation, claim);
    const { resolved: attempts, toSend } = await rereadAttempted(attempt, part, call);
    const begun = await markItemsBegun(attempt, toSend);
    const context = toRecordContext(attempt);
    if (begun.length > 0)
      attempts.push(
        ...(await send(attempt, begun, context.record.audit, { signal: call.signal, sendSignal: sendSignalOf(attempt, call) })),
      );
    await recordAttempts(context, attempts, parts);
    madeProgress ||= attempts.some(({ isOpen }) => !isOpen);
    const problems = attempts.flatMap(({ isOpen, result }) => (isOpen && 'problem' in result ? [result.problem] : []));
    const throttled = problems.find(isThrottled);
    obstacle = throttled ?? obstacle ?? problems[0] ?? null;
    // Other obstacles may affect one item only, so the next send is attempted.
    if (throttled) break;
    // Suspended, canceled, resumed by another caller, or taken over by another replica.
    if (begun.length < toSend.length) return { obstacle: null, madeProgress };
  }
  return { obstacle, madeProgress };
}

interface SendSignals {
  /** Aborted at the end of the send's time. */
  signal: AbortSignal;
  /** Aborted when no action may be sent: the rest of the time is for reading the outcomes. */
  sendSignal: AbortSignal;
}

function sendSignalOf({ closing }: ChunkAttempt, { signal }: CallContext): AbortSignal {
  return AbortSignal.any([signal, closing, AbortSignal.timeout(sendTimeoutMs - resolvingMs(sendTimeoutMs))]);
}

/** Requests count toward the caller on whose behalf the operation runs. */
function toCall(operation: RunningOperation, claim: AbortSignal): CallContext {
  return { caller: actorOf(operation), signal: AbortSignal.any([claim, AbortSignal.timeout(sendTimeoutMs)]), credential: null };
}

/** Reads the jobs of items with earlier attempts. `toSend`: the items whose action must be sent. */
async function rereadAttempted(
  attempt: ChunkAttempt,
  items: readonly PendingItem[],
  call: CallContext,
): Promise<{ resolved: ItemAttempt[]; toSend: PendingItem[] }> {
  const { system, operation } = attempt;
  const resolved: ItemAttempt[] = [];
  const toSend = items.filter(({ attempts }) => attempts === 0);
  const attempted = items.filter(({ attempts }) => attempts > 0);
  for (const [item, read] of await readJobs(system, attempted, call)) {
    const decision = decideRetry(system, operation.action, toAttemptedItem(item), read);
    if (decision.kind === 'send') toSend.push(item);
    else resolved.push(toItemAttempt(item, decision.result, decision.kind === 'unread', item.begun_at !== null));
  }
  return { resolved, toSend };
}

/** Each item with a read of its job. */
async function readJobs<Item extends PendingItem>(
  { reader }: ServedSystem,
  items: readonly Item[],
  call: CallContext,
): Promise<[Item, JobRead][]> {
  if (items.length === 0) return [];
  const vendorIds = items.map(({ job_id: jobId }) => vendorIdOf(jobId));
  return pairResults(items, await reader.readFresh(vendorIds, call));
}

/** Waits for a send slot, and marks the items as begun. */
async function markItemsBegun({ chunk, parts, operation, closing }: ChunkAttempt, items: readonly PendingItem[]): Promise<PendingItem[]> {
  if (items.length === 0) return [];
  if (operation.max_per_second !== null) await waitForSendSlot(operation.id, items.length, parts.store, closing);
  return closing.aborted ? [] : markBegun(operation, chunk, items, parts.store);
}

async function send(
  attempt: ChunkAttempt,
  items: readonly PendingItem[],
  audit: ActionAudit,
  signals: SendSignals,
): Promise<ItemAttempt[]> {
  const { operation } = attempt;
  const jobs = createItemService(attempt, audit, signals);
  const ids = items.map(({ job_id: jobId }) => jobId);
  // A retry, also by another process, is another attempt at the same action.
  const options = { dryRun: false, reason: operation.reason, actionKey: operation.id };
  const results = await jobs.performAction(operation.action, ids, options).catch((error: unknown) => {
    if (!(error instanceof AuditUnavailableError)) throw error;
    const result: ActionResult = { outcome: 'NOT_ATTEMPTED', problem: createProblem('NOT_ATTEMPTED', error.message) };
    return ids.map((jobId) => ({ jobId, result }));
  });
  return pairResults(items, results).map(([item, { result }]) => {
    const isUnknown = result.outcome === 'OUTCOME_UNKNOWN';
    const isObstructed = isFailure(result) && outcomeProjections[result.outcome].isObstacle && result.problem.retryable;
    // That this attempt didn't reach the vendor doesn't show whether an earlier one did.
    return toItemAttempt(item, result, isObstructed || isUnknown, isUnknown || item.begun_at !== null);
  });
}

/** The same path as a direct mutation's, with the permissions that the caller had at the start, resumption, or retry. */
function createItemService(
  { parts, operation, closing }: ChunkAttempt,
  audit: ActionAudit,
  { signal, sendSignal }: SendSignals,
): JobService {
  const isUsable = (systemId: string): boolean => !parts.passthrough.has(systemId);
  return createJobService({
    caller: actorOf(operation),
    systems: parts.systems.map((system) => withShutdownGuard(system, closing)),
    permissions: {
      mayRead: (systemId) => operation.readable_systems.includes(systemId),
      mayReadRaw: () => false,
      mayReadLogs: () => false,
      mayReadEvents: () => false,
      mayAct: (systemId, action) => action === operation.action && operation.actionable_systems.includes(systemId) && isUsable(systemId),
      maySeeSystem: () => false,
    },
    audit,
    readSignal: signal,
    actSignal: signal,
    sendSignal,
    onResults: parts.onResults,
  });
}

/** Records results for all pending items without sending: from a read of the job if the item was begun. `why`: why nothing is sent. */
async function resolveWithoutSending(attempt: ChunkAttempt, why: string): Promise<void> {
  const { chunk, parts, system, operation, claim } = attempt;
  const items = await listPendingItems(chunk, parts.store);
  const begun = items.filter(isBegun);
  const reads = await readJobs(system, begun, toCall(operation, claim));
  const attempts = reads.map(([item, read]) => {
    const result = decideBegun(system, operation.action, item.begun_at, item.selected_status, read);
    return toItemAttempt(item, result.outcome === 'OUTCOME_UNKNOWN' ? withoutRetry(result, why) : result, false, false);
  });
  const unsent = items.filter((item) => !isBegun(item));
  attempts.push(...unsent.map((item) => toItemAttempt(item, toUnsentResult(item, system.id, why), false, false)));
  await recordAttempts(toRecordContext(attempt), attempts, parts);
}

function toRecordContext({ chunk, parts, operation }: ChunkAttempt): RecordContext {
  const { id: operationId, action, reason } = operation;
  return { operationId, systemId: chunk.systemId, action, reason, record: parts.recordOf(operationId, actorOf(operation)) };
}

/** The result of an item that may have been sent and isn't sent again. */
function withoutRetry(result: UnknownResult, why: string): ActionResult {
  return { ...result, problem: { ...result.problem, message: `${result.problem.message} Not retried: ${why}` } };
}

/** The result of an item that was certainly not performed: that of its last attempt, or NOT_ATTEMPTED. */
function toUnsentResult({ result }: PendingItem, systemId: string, why: string): ActionResult {
  const last = result === null ? null : fromStoredResult(result);
  if (last && last.outcome !== 'OUTCOME_UNKNOWN') return last;
  return { outcome: 'NOT_ATTEMPTED', problem: createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${why}`) };
}

/** Marks the chunk as done, unless it has pending items. Locks the operation, so that a command that queues the chunk again isn't missed. */
function completeIfDone({ chunk, parts, complete }: ChunkAttempt): Promise<boolean> {
  return parts.store.transaction(async (query) => {
    const status = await lockOperation(chunk.operationId, query);
    if ((status === 'RUNNING' || status === 'CANCELLED') && (await hasPendingItems(chunk, query))) return false;
    await complete(query);
    return true;
  });
}

function toItemAttempt(
  { position, attempts, job_id: jobId, begun_at: begunAt, begun_by: begunBy }: PendingItem,
  result: ActionResult,
  isOpen: boolean,
  possiblySent: boolean,
): ItemAttempt {
  return { position, jobId, begunAt, begunBy, attempts, result, isOpen, possiblySent };
}

function isBegun(item: PendingItem): item is PendingItem & { begun_at: Date } {
  return item.begun_at !== null;
}

function toAttemptedItem({ begun_at: begunAt, selected_status: selectedStatus }: PendingItem): AttemptedItem {
  return { begunAt, selectedStatus };
}

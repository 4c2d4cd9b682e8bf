import type { ActionResult } from '../actions/action-outcome.ts';
import type { ActionAudit } from '../actions/audit.ts';
import { settlingMs } from '../actions/perform-action.ts';
import { chunk as cut } from '../concurrency/map-concurrently.ts';
import { createJobService, type JobService } from '../job-service/job-service.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { type JobAction, type JobStatus, jobActions } from '../jobs/job.ts';
import { vendorIdOf } from '../jobs/job-id.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/reader.ts';
import { toLocalTime } from '../store/clocks.ts';
import { type AttemptedItem, decideRetry } from './decide-retry.ts';
import type { BulkDependencies } from './dependencies.ts';
import { type BulkStatus, bulkStatuses } from './operation.ts';
import { type Chunk, type ChunkRun, RetryLaterError } from './queue.ts';
import { type ItemAttempt, lockOperation, recordAttempts, type Settling } from './record-attempts.ts';
import { maxItemsPerSend, waitForSendSlot } from './send-rate.ts';
import { withShutdownGuard } from './shutdown-guard.ts';
import { fromStoredResult } from './stored-result.ts';

interface Running {
  id: string;
  status: BulkStatus;
  action: JobAction;
  caller: string;
  /** Who resumed it or tried its items once more, last. */
  actor: string | null;
  reason: string;
  readable_systems: string[];
  actionable_systems: string[];
  max_per_second: number | null;
}

interface Item {
  position: number;
  job_id: string;
  attempts: number;
  /** By this process's clock. */
  begun_at: Date | null;
  begun_by: string | null;
  selected_status: JobStatus | null;
  result: unknown;
}

/** One portion's time. What has not been sent by then is tried later. */
const portionTimeoutMs = 120_000;
/** Before a chunk that was put back is tried again; what the system names counts within these. */
const minWaitSeconds = 1;
const maxWaitSeconds = 3600;
/** Before a chunk that this version can't carry on is looked at again. */
const leaveSeconds = 10;

/**
 * Takes the action on the pending items of a chunk. Every item is marked as begun before it is sent, and one that was tried before
 * is read again first, so that whoever finds it after a crash knows. Throws TryLater where some are to be tried again.
 */
export async function runChunk(run: ChunkRun, parts: BulkDependencies): Promise<void> {
  const { chunk, isLast } = run;
  const system = parts.systems.find(({ id }) => id === chunk.systemId);
  if (!system) throw new RetryLaterError(`There is no system "${chunk.systemId}" now.`);
  for (;;) {
    const [operation] = await parts.store.query<Running>('SELECT * FROM jobyard.bulk_operation WHERE id = $1', [chunk.operationId]);
    if (!operation) return;
    if (!isKnown(operation)) return parts.store.transaction((query) => run.putBack(leaveSeconds, query));
    const trying: Trying = { ...run, parts, system, operation };
    const isRunning = operation.status === 'RUNNING';
    if (isRunning && !run.isAbandoned) {
      const { obstacle, gotThrough } = await sendItems(trying);
      if (run.closing.aborted) return parts.store.transaction((query) => run.putBack(0, query));
      // Whoever has it now decides.
      if (run.claim.aborted) throw new RetryLaterError('Another replica has taken it over.');
      if (obstacle && (gotThrough || obstacle.retryAfterSeconds !== null)) {
        return parts.store.transaction((query) => run.putBack(waitSecondsOf(obstacle), query));
      }
      if (obstacle && !isLast) throw new RetryLaterError(obstacle.message);
      if (obstacle) await settleWithoutSending(trying, obstacle.message);
    } else if (isRunning || operation.status === 'CANCELLED') {
      await settleWithoutSending(trying, isRunning ? 'the process that was at it ended again and again.' : 'the operation was cancelled.');
    }
    if (await completeIfDone(trying)) return;
  }
}

/** Whether this version can carry it on: one that a newer Jobyard beside it has changed is that one's. */
function isKnown({ status, action }: Running): boolean {
  return bulkStatuses.includes(status) && jobActions.includes(action);
}

interface Trying extends ChunkRun {
  parts: BulkDependencies;
  system: ServedSystem;
  operation: Running;
}

interface Sent {
  /** Why the rest has to wait. Null: all that could be done is done, or the operation is not running any more. */
  obstacle: Problem | null;
  /** Whether any item was settled. */
  gotThrough: boolean;
}

async function sendItems(trying: Trying): Promise<Sent> {
  const { chunk, parts, operation, closing, claim } = trying;
  const items = await pendingItems(chunk, parts);
  let obstacle: Problem | null = null;
  let gotThrough = false;
  for (const portion of cut(items, maxItemsPerSend(operation.max_per_second, items.length || 1))) {
    if (closing.aborted || claim.aborted) break;
    const call = toCall(operation, claim);
    const { findings, toSend } = await lookAgain(trying, portion, call);
    const begun = await begin(trying, toSend);
    const settling = settlingOf(trying);
    if (begun.length > 0)
      findings.push(...(await send(trying, begun, settling.record.audit, { signal: call.signal, sendSignal: sendSignalOf(trying, call) })));
    await recordAttempts(settling, findings, parts);
    gotThrough ||= findings.some(({ isOpen }) => !isOpen);
    const problems = findings.flatMap(({ isOpen, result }) => (isOpen && 'problem' in result ? [result.problem] : []));
    const throttled = problems.find(isThrottled);
    obstacle = throttled ?? obstacle ?? problems[0] ?? null;
    // What stands in the way of one item need not stand in the way of the next portion.
    if (throttled) break;
    // Suspended, cancelled, resumed by somebody else, or taken over by another replica.
    if (begun.length < toSend.length) return { obstacle: null, gotThrough };
  }
  return { obstacle, gotThrough };
}

interface PortionSignals {
  /** Aborted at the end of the portion's time. */
  signal: AbortSignal;
  /** Aborted when no action may be sent any more. */
  sendSignal: AbortSignal;
}

function sendSignalOf({ closing }: Trying, { signal }: CallContext): AbortSignal {
  return AbortSignal.any([signal, closing, AbortSignal.timeout(portionTimeoutMs - settlingMs(portionTimeoutMs))]);
}

/** Whether the system asks to be left alone for a while: the other items would meet the same. */
function isThrottled({ code, retryAfterSeconds }: Problem): boolean {
  return code === 'RATE_LIMITED' || retryAfterSeconds !== null;
}

function waitSecondsOf({ retryAfterSeconds }: Problem): number {
  return Math.min(maxWaitSeconds, Math.max(minWaitSeconds, retryAfterSeconds ?? 0));
}

/** Those that were tried least come first: one that is always in the way holds up no others. */
async function pendingItems({ operationId, systemId, first, last }: Chunk, { store }: BulkDependencies): Promise<Item[]> {
  const rows = await store.query<Item>(
    `SELECT position, job_id, attempts, begun_at, begun_by, selected_status, result FROM jobyard.bulk_item
     WHERE operation_id = $1 AND system_id = $2 AND position BETWEEN $3 AND $4 AND outcome = 'PENDING' ORDER BY attempts, position`,
    [operationId, systemId, first, last],
  );
  return rows.map((item) => ({ ...item, begun_at: item.begun_at && toLocalTime(item.begun_at, store.aheadMs()) }));
}

/** Its requests count for the caller in whose name the operation runs. */
function toCall(operation: Running, claim: AbortSignal): CallContext {
  return { caller: actorOf(operation), signal: AbortSignal.any([claim, AbortSignal.timeout(portionTimeoutMs)]), credential: null };
}

/** Reads those that were tried before, and tells the settled from those to send. */
async function lookAgain(trying: Trying, items: readonly Item[], call: CallContext): Promise<{ findings: ItemAttempt[]; toSend: Item[] }> {
  const { system, operation } = trying;
  const findings: ItemAttempt[] = [];
  const toSend = items.filter(({ attempts }) => attempts === 0);
  const tried = items.filter(({ attempts }) => attempts > 0);
  const reads =
    tried.length > 0
      ? await system.reader.readFresh(
          tried.map((item) => vendorIdOf(item.job_id)),
          call,
        )
      : [];
  tried.forEach((item, index) => {
    const decision = decideRetry(system, operation.action, toTried(item), reads[index] as JobRead);
    if (decision.kind === 'send') toSend.push(item);
    else findings.push(toFinding(item, decision.result, decision.kind === 'unread', item.begun_at !== null));
  });
  return { findings, toSend };
}

/** Marks items as begun, once it is their turn; only those that are still as they were read, and only while the operation runs in the same name. */
async function begin({ chunk, parts, operation, closing }: Trying, items: readonly Item[]): Promise<Item[]> {
  if (items.length === 0) return [];
  if (operation.max_per_second !== null) await waitForSendSlot(operation.id, items.length, parts.store, closing);
  if (closing.aborted) return [];
  const rows = await parts.store.query<{ position: number }>(
    `UPDATE jobyard.bulk_item i SET attempts = i.attempts + 1, begun_at = now(), begun_by = $6
     FROM jobyard.bulk_operation o, unnest($2::integer[], $3::integer[]) AS t (position, attempts)
     WHERE o.id = $1 AND o.status = 'RUNNING' AND coalesce(o.actor, o.caller) = $6 AND i.position BETWEEN $4 AND $5
       AND i.operation_id = $1 AND i.position = t.position AND i.attempts = t.attempts AND i.outcome = 'PENDING'
     RETURNING i.position`,
    [
      operation.id,
      items.map(({ position }) => position),
      items.map(({ attempts }) => attempts),
      chunk.first,
      chunk.last,
      actorOf(operation),
    ],
  );
  const begun = new Set(rows.map(({ position }) => position));
  return items.filter(({ position }) => begun.has(position)).map((item) => ({ ...item, attempts: item.attempts + 1 }));
}

async function send(trying: Trying, items: readonly Item[], audit: ActionAudit, signals: PortionSignals): Promise<ItemAttempt[]> {
  const { operation } = trying;
  const jobs = beginJobOperation(trying, audit, signals);
  const ids = items.map(({ job_id: jobId }) => jobId);
  const results = await jobs.performAction(operation.action, ids, { dryRun: false, reason: operation.reason }).catch((error: unknown) => {
    if (!isAuditUnavailable(error)) throw error;
    const problem = createProblem('NOT_ATTEMPTED', error.message);
    return ids.map((): ActionResult => ({ kind: 'notAttempted', problem }));
  });
  return items.map((item, index) => {
    const result = results[index] as ActionResult;
    const hadNoEffect = (result.kind === 'unavailable' || result.kind === 'notAttempted') && result.problem.retryable;
    // That this try did not arrive says nothing about one before.
    return toFinding(item, result, hadNoEffect || result.kind === 'unknown', result.kind === 'unknown' || item.begun_at !== null);
  });
}

/** Thrown before anything is done, and only then. */
function isAuditUnavailable(error: unknown): error is Error {
  return error instanceof Error && (error as { extensions?: { code?: unknown } }).extensions?.code === 'AUDIT_UNAVAILABLE';
}

/** The same path as a direct mutation's, with the rights that the actor had when it was started, resumed or tried once more. */
function beginJobOperation({ parts, operation, closing }: Trying, audit: ActionAudit, { signal, sendSignal }: PortionSignals): JobService {
  const isUsable = (systemId: string): boolean => !parts.passthrough.has(systemId);
  return createJobService({
    caller: actorOf(operation),
    systems: parts.systems.map((system) => withShutdownGuard(system, closing)),
    permissions: {
      mayRead: (systemId) => operation.readable_systems.includes(systemId),
      mayReadRaw: () => false,
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

/** Settles what is pending by what can be read, and says of the rest what is true of it. */
async function settleWithoutSending(trying: Trying, why: string): Promise<void> {
  const { chunk, parts, system, operation, claim } = trying;
  const items = await pendingItems(chunk, parts);
  const begun = items.filter(({ begun_at: begunAt }) => begunAt !== null);
  const call = toCall(operation, claim);
  const reads =
    begun.length > 0
      ? await system.reader.readFresh(
          begun.map((item) => vendorIdOf(item.job_id)),
          call,
        )
      : [];
  const findings = begun.map((item, index) => {
    const attemptedAt = item.begun_at as Date;
    const { safeToRetry } = system.adapter.actions[operation.action];
    const decision = decideRetry(system, operation.action, toTried(item), reads[index] as JobRead);
    if (decision.kind !== 'send') return toFinding(item, decision.result, false, false);
    const message = `It may have been sent to ${system.id}, the job does not show it, and it is not sent again: ${why}`;
    const problem = createProblem('OUTCOME_UNKNOWN', message);
    return toFinding(item, { kind: 'unknown', problem, attemptedAt, safeToRetry, job: null }, false, false);
  });
  const never = items.filter(({ begun_at: begunAt }) => begunAt === null);
  findings.push(...never.map((item) => toFinding(item, lastWord(item, system.id, why), false, false)));
  await recordAttempts(settlingOf(trying), findings, parts);
}

function settlingOf({ chunk, parts, operation }: Trying): Settling {
  const { id: operationId, action, reason } = operation;
  return { operationId, systemId: chunk.systemId, action, reason, record: parts.recordOf(operationId, actorOf(operation)) };
}

function actorOf({ actor, caller }: Running): string {
  return actor ?? caller;
}

/** Of an item that certainly had no effect: what its last try met, or that there was none. */
function lastWord({ result }: Item, systemId: string, why: string): ActionResult {
  const last = result === null ? null : fromStoredResult(result);
  if (last && last.kind !== 'unknown') return last;
  return { kind: 'notAttempted', problem: createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${why}`) };
}

/** Marks the chunk as done, unless there is more to do in it by now; with the operation locked, so that who queues it anew is not overlooked. */
function completeIfDone({ chunk, parts, complete }: Trying): Promise<boolean> {
  return parts.store.transaction(async (query) => {
    const status = await lockOperation(chunk.operationId, query);
    const [left] = await query(
      `SELECT 1 FROM jobyard.bulk_item WHERE operation_id = $1 AND system_id = $2 AND position BETWEEN $3 AND $4 AND outcome = 'PENDING' LIMIT 1`,
      [chunk.operationId, chunk.systemId, chunk.first, chunk.last],
    );
    if (left && (status === 'RUNNING' || status === 'CANCELLED')) return false;
    await complete(query);
    return true;
  });
}

function toFinding(
  { position, attempts, job_id: jobId, begun_at: begunAt, begun_by: begunBy }: Item,
  result: ActionResult,
  isOpen: boolean,
  mayHaveBeenSent: boolean,
): ItemAttempt {
  return { position, jobId, begunAt, begunBy, attempts, result, isOpen, mayHaveBeenSent };
}

function toTried({ begun_at: begunAt, selected_status: selectedStatus }: Item): AttemptedItem {
  return { begunAt, selectedStatus };
}

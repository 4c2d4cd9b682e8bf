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
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import { actorOf, findRunning, hasPendingItems, type Item, listPendingItems, markBegun, type Running } from './chunk-rows.ts';
import { type ChunkRun, RetryLaterError } from './chunk-run.ts';
import { decideFirst, decideNext, isThrottled, type Sent } from './decide-next.ts';
import { type AttemptedItem, decideBegun, decideRetry } from './decide-retry.ts';
import type { BulkDependencies } from './dependencies.ts';
import { bulkStatuses } from './operation.ts';
import { type ItemAttempt, lockOperation, recordAttempts, type Settling } from './record-attempts.ts';
import { maxItemsPerSend, waitForSendSlot } from './send-rate.ts';
import { withShutdownGuard } from './shutdown-guard.ts';
import { fromStoredResult } from './stored-result.ts';

/** One portion's time. What has not been sent by then is tried later. */
const portionTimeoutMs = 120_000;
/** Before a chunk that this version can't carry on is looked at again. */
const leaveSeconds = 10;

/**
 * Takes the action on the pending items of a chunk. Every item is marked as begun before it is sent, and one that was tried before
 * is read again first, so that whoever finds it after a crash knows. Throws TryLater where some are to be tried again.
 */
export async function runChunk(run: ChunkRun, parts: BulkDependencies): Promise<void> {
  const { chunk } = run;
  const { store } = parts;
  const system = parts.systems.find(({ id }) => id === chunk.systemId);
  if (!system) throw new RetryLaterError(`There is no system "${chunk.systemId}" now.`);
  for (;;) {
    const operation = await findRunning(chunk.operationId, store);
    if (!operation) return;
    if (!isKnown(operation)) return store.transaction((query) => run.putBack(leaveSeconds, query));
    const trying: Trying = { ...run, parts, system, operation };
    let next = decideFirst(operation.status, run);
    if (next.kind === 'send') next = decideNext(await sendItems(trying), howItStands(run));
    if (next.kind === 'putBack') {
      const { afterSeconds } = next;
      return store.transaction((query) => run.putBack(afterSeconds, query));
    }
    if (next.kind === 'retryLater') throw new RetryLaterError(next.why);
    if (next.kind === 'settle') await settleWithoutSending(trying, next.why);
    if (await completeIfDone(trying)) return;
  }
}

function howItStands({ closing, claim, isLast }: ChunkRun): { isClosing: boolean; isTakenOver: boolean; isLast: boolean } {
  return { isClosing: closing.aborted, isTakenOver: claim.aborted, isLast };
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

async function sendItems(trying: Trying): Promise<Sent> {
  const { chunk, parts, operation, closing, claim } = trying;
  const items = await listPendingItems(chunk, parts.store);
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
  return AbortSignal.any([signal, closing, AbortSignal.timeout(portionTimeoutMs - resolvingMs(portionTimeoutMs))]);
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

/** Marks items as begun, once it is their turn. */
async function begin({ chunk, parts, operation, closing }: Trying, items: readonly Item[]): Promise<Item[]> {
  if (items.length === 0) return [];
  if (operation.max_per_second !== null) await waitForSendSlot(operation.id, items.length, parts.store, closing);
  return closing.aborted ? [] : markBegun(operation, chunk, items, parts.store);
}

async function send(trying: Trying, items: readonly Item[], audit: ActionAudit, signals: PortionSignals): Promise<ItemAttempt[]> {
  const { operation } = trying;
  const jobs = beginJobOperation(trying, audit, signals);
  const ids = items.map(({ job_id: jobId }) => jobId);
  const results = await jobs.performAction(operation.action, ids, { dryRun: false, reason: operation.reason }).catch((error: unknown) => {
    if (!(error instanceof AuditUnavailableError)) throw error;
    const result: ActionResult = { outcome: 'NOT_ATTEMPTED', problem: createProblem('NOT_ATTEMPTED', error.message) };
    return ids.map(() => result);
  });
  return items.map((item, index) => {
    const result = results[index] as ActionResult;
    const isUnknown = result.outcome === 'OUTCOME_UNKNOWN';
    const isObstructed = isFailure(result) && outcomeProjections[result.outcome].isObstacle && result.problem.retryable;
    // That this try did not arrive says nothing about one before.
    return toFinding(item, result, isObstructed || isUnknown, isUnknown || item.begun_at !== null);
  });
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
  const items = await listPendingItems(chunk, parts.store);
  const begun = items.flatMap((item) => (item.begun_at === null ? [] : [{ item, begunAt: item.begun_at }]));
  const call = toCall(operation, claim);
  const reads =
    begun.length > 0
      ? await system.reader.readFresh(
          begun.map(({ item }) => vendorIdOf(item.job_id)),
          call,
        )
      : [];
  const findings = begun.map(({ item, begunAt }, index) => {
    const result = decideBegun(system, operation.action, begunAt, item.selected_status, reads[index] as JobRead);
    return toFinding(item, result.outcome === 'OUTCOME_UNKNOWN' ? withoutRetry(result, why) : result, false, false);
  });
  const never = items.filter(({ begun_at: begunAt }) => begunAt === null);
  findings.push(...never.map((item) => toFinding(item, lastWord(item, system.id, why), false, false)));
  await recordAttempts(settlingOf(trying), findings, parts);
}

function settlingOf({ chunk, parts, operation }: Trying): Settling {
  const { id: operationId, action, reason } = operation;
  return { operationId, systemId: chunk.systemId, action, reason, record: parts.recordOf(operationId, actorOf(operation)) };
}

/** Of an item that may have been sent: that it isn't sent again. */
function withoutRetry(result: UnknownResult, why: string): ActionResult {
  return { ...result, problem: { ...result.problem, message: `${result.problem.message} It is not sent again: ${why}` } };
}

/** Of an item that certainly had no effect: what its last try met, or that there was none. */
function lastWord({ result }: Item, systemId: string, why: string): ActionResult {
  const last = result === null ? null : fromStoredResult(result);
  if (last && last.outcome !== 'OUTCOME_UNKNOWN') return last;
  return { outcome: 'NOT_ATTEMPTED', problem: createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${why}`) };
}

/** Marks the chunk as done, unless there is more to do in it by now; with the operation locked, so that who queues it anew is not overlooked. */
function completeIfDone({ chunk, parts, complete }: Trying): Promise<boolean> {
  return parts.store.transaction(async (query) => {
    const status = await lockOperation(chunk.operationId, query);
    if ((status === 'RUNNING' || status === 'CANCELLED') && (await hasPendingItems(chunk, query))) return false;
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

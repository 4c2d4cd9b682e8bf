// Performs actions on jobs: sends them in batches, shares executions between callers, and decides each job's outcome (decide.ts).

import { chunk } from '../concurrency/map-concurrently.ts';
import type { ActionTarget, CallContext } from '../jobs/adapter.ts';
import { actionNotSupported, explainDoubt } from '../jobs/eligibility.ts';
import type { JobAction } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { type ActionResult, notAllowed, shareResults } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';
import { precheckRead } from './precheck.ts';
import { type Batch, type RejectedBatch, type SendCallbacks, type Sending, sendAndResolve } from './send-batches.ts';

export interface PerformOptions extends SendCallbacks {
  /** True: runs all checks and sends nothing. */
  dryRun: boolean;
  /** Aborted when nothing more may be sent: the rest of the call's time is for reading the outcome. Default: never. */
  sendSignal?: AbortSignal;
  /** Called with each job's result when it is known. */
  onResult?: (vendorId: string, result: ActionResult) => void;
}

const maxResolvingMs = 5_000;

/** The last part of an operation's time, in which it sends no action and only reads the outcomes of those it sent. */
export function resolvingMs(operationMs: number): number {
  return Math.min(maxResolvingMs, operationMs / 5);
}

/**
 * Performs an action on jobs of one system and determines the outcome of each. Each ID once; results by ID.
 * If the vendor rejects a batch, sends the jobs that may not have caused it once more; sends no other job twice.
 */
export async function performAction(
  system: ActionableSystem,
  action: JobAction,
  vendorIds: readonly string[],
  { dryRun, sendSignal, onResult, ...callbacks }: PerformOptions,
  call: CallContext,
): Promise<Map<string, ActionResult>> {
  const { adapter } = system;
  const support = adapter.actions[action];
  const results = new Map<string, ActionResult>();
  const share = shareResults();
  // The first result counts: an outcome can be read twice at the same time.
  const record = (vendorId: string, result: ActionResult): void => {
    if (results.has(vendorId)) return;
    const shared = share(result);
    results.set(vendorId, shared);
    onResult?.(vendorId, shared);
  };

  if (support.support === 'UNSUPPORTED') {
    const problem = actionNotSupported(action, system.id);
    for (const id of vendorIds) record(id, notAllowed(problem, null));
    return results;
  }

  const targets = await prepareTargets({ system, action, record, call }, vendorIds, support.readBeforeAction || dryRun);
  if (dryRun) {
    for (const { vendorId, job } of targets) {
      record(vendorId, { outcome: 'DRY_RUN_PASSED', job, doubt: job && explainDoubt(adapter, action, job) });
    }
    return results;
  }

  const stopSignal = sendSignal ? AbortSignal.any([call.signal, sendSignal]) : call.signal;
  const attemptedAt = new Date();
  const state = { results, record, attemptedAt, stoppedBy: null, isLast: false };
  const sending: Sending = { system, action, call, stopSignal, ...callbacks, ...state };
  const rejected = await sendAndResolve(sending, toBatches(system, action, targets));
  sending.isLast = true;
  await sendAndResolve(sending, toSecondBatches(rejected));
  return results;
}

/** The jobs to send. `readFirst`: reads them, and records the results of those that their status or type rules out. */
async function prepareTargets(
  { system, action, record, call }: Pick<Sending, 'system' | 'action' | 'record' | 'call'>,
  vendorIds: readonly string[],
  readFirst: boolean,
): Promise<ActionTarget[]> {
  if (!readFirst) return vendorIds.map((vendorId) => ({ vendorId, job: null }));
  const targets: ActionTarget[] = [];
  const reads = await system.reader.readFresh(vendorIds, call);
  for (const [vendorId, read] of pairResults(vendorIds, reads)) {
    const decided = precheckRead(system.id, system.adapter, action, read);
    if (decided) record(vendorId, decided);
    else targets.push({ vendorId, job: read.kind === 'job' ? read.job : null });
  }
  return targets;
}

/** At most `requestSize` jobs in a batch, and only jobs that can share a request. */
function toBatches(system: ActionableSystem, action: JobAction, targets: ActionTarget[]): Batch[] {
  const { batchKey, requestSize } = system.adapter.actions[action];
  if (!batchKey) return chunk(targets, requestSize);
  const batches = Map.groupBy(targets, ({ job }) => (job ? batchKey(job) : ''));
  return [...batches.values()].flatMap((batch) => chunk(batch, requestSize));
}

/** The rest of a rejected batch stays together if the jobs that caused the rejection were found and left out. Otherwise each job is sent alone. */
function toSecondBatches(rejected: readonly RejectedBatch[]): Batch[] {
  const reduced = rejected.filter(({ isReduced }) => isReduced).map(({ targets }) => targets);
  const alone = rejected.filter(({ isReduced }) => !isReduced).flatMap(({ targets }) => targets.map((target) => [target]));
  return [...reduced, ...alone];
}

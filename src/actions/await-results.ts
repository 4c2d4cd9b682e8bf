import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../concurrency/map-concurrently.ts';
import { turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { entryOf } from '../jobs/pair-results.ts';
import { canRead, type Execution, isMuchLarger, type SharedRequest, type Waiter } from './executions.ts';

/**
 * Waits for the results of these jobs, and calls `take` with the IDs of those that are known, and of those that the execution has lost, each
 * once: by the request's deadline with all. A request for a few of many jobs reads their outcomes itself as soon as the vendor has responded.
 */
export async function awaitResults(
  execution: Execution,
  vendorIds: readonly string[],
  request: SharedRequest,
  take: (vendorIds: readonly string[]) => void,
): Promise<void> {
  const { results, lost, waiters } = execution;
  const { call } = request;
  const open = new Set(vendorIds);
  const isKnown = (id: string): boolean => results.has(id) || lost.has(id);
  const missing = new Set(vendorIds.filter((id) => !isKnown(id)));
  const waiter: Waiter = { missing, readsOutcomes: isMuchLarger(execution, request), wake() {} };
  waiters.add(waiter);
  try {
    for (let isOver = false; !isOver; ) {
      const isInTime = await waitForWake(execution, waiter, call.signal);
      if (!isInTime) await leave(execution, waiter, call);
      else if (waiters.size > 1) await turns.take(call.caller);
      if (isInTime && canRead(execution, waiter)) await readOutcomes(execution, waiter, call);
      isOver = !isInTime || waiter.missing.size === 0 || execution.isOver;
      const known = Array.from(open).filter((id) => isOver || isKnown(id));
      for (const id of known) open.delete(id);
      take(known);
    }
  } finally {
    waiters.delete(waiter);
  }
}

/** Waits until the waiter is woken or the execution ends. False: the request's deadline came first. */
async function waitForWake(execution: Execution, waiter: Waiter, signal: AbortSignal): Promise<boolean> {
  if (waiter.missing.size === 0 || execution.isOver || canRead(execution, waiter)) return true;
  const { promise: woken, resolve } = Promise.withResolvers<void>();
  waiter.wake = resolve;
  const isInTime = await untilAborted(
    Promise.race([woken, execution.ended]).then(() => true),
    signal,
  );
  return isInTime === true;
}

/** Reads what the waiter misses, once: what a read doesn't prove is left to the execution. */
async function readOutcomes({ unread }: Execution, { missing }: Waiter, call: CallContext): Promise<void> {
  const byRead = Map.groupBy(missing, (id) => entryOf(unread, id));
  for (const id of missing) unread.delete(id);
  await Promise.all(Array.from(byRead, ([read, vendorIds]) => read(vendorIds, call)));
}

/** How long the last request waits for an execution that was stopped, so that its results give the reason. */
const maxStoppingMs = 500;

/** Leaves at the request's deadline. The last request to leave stops the execution. */
async function leave({ waiters, stop, ended }: Execution, waiter: Waiter, { caller, signal }: CallContext): Promise<void> {
  waiters.delete(waiter);
  if (waiters.size > 0) {
    await turns.take(caller);
    return;
  }
  stop.abort(signal.reason);
  await Promise.race([ended, delay(maxStoppingMs, null, { ref: false })]);
}

import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../concurrency/map-concurrently.ts';
import { turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { entryOf } from '../jobs/pair-results.ts';
import { canRead, type Execution, isElsewhere, isMuchLarger, type SharedRequest, type Waiter } from './executions.ts';

/**
 * Waits for the results of these jobs, and calls `take` with the IDs of those that are known, or that the request gets elsewhere (see
 * `isElsewhere`), each once: by the request's deadline with all. A request for a few of many jobs reads their outcomes itself as soon as the
 * vendor has responded.
 */
export async function awaitResults(
  execution: Execution,
  vendorIds: readonly string[],
  request: SharedRequest,
  take: (vendorIds: readonly string[]) => void,
): Promise<void> {
  const { results, waiters } = execution;
  const { call } = request;
  const open = new Set(vendorIds);
  const missing = new Set(vendorIds.filter((id) => !results.has(id)));
  const waiter: Waiter = { missing, isMuchSmaller: isMuchLarger(execution, request), hasRead: false, wake() {} };
  const isAway = (id: string): boolean => isElsewhere(execution, request, id);
  const takeIf = (isWanted: (vendorId: string) => boolean): void => {
    const wanted = Array.from(open).filter(isWanted);
    for (const id of wanted) {
      open.delete(id);
      missing.delete(id);
    }
    if (wanted.length > 0) take(wanted);
  };
  waiters.add(waiter);
  try {
    takeIf(isAway);
    for (let isOver = false; !isOver; ) {
      const isInTime = await waitForWake(execution, waiter, call.signal);
      // At once: the execution that has claimed a job must not end for want of a request that waits for it.
      takeIf(isAway);
      if (!isInTime) await leave(execution, waiter, call);
      else if (waiters.size > 1) await turns.take(call.caller);
      if (isInTime && canRead(execution, waiter)) await readOutcomes(execution, waiter, call);
      isOver = !isInTime || missing.size === 0 || execution.isOver;
      takeIf((id) => isOver || results.has(id) || isAway(id));
    }
  } finally {
    waiters.delete(waiter);
    // No request waits for the results that it doesn't have.
    if (waiters.size === 0 && results.size < execution.size) execution.stop.abort();
  }
}

/** Waits until the waiter is woken or the execution ends. False: the request's deadline came first. Rejects with what the execution rejects with. */
async function waitForWake(execution: Execution, waiter: Waiter, signal: AbortSignal): Promise<boolean> {
  if (waiter.missing.size === 0 || canRead(execution, waiter)) return true;
  const { promise: woken, resolve } = Promise.withResolvers<void>();
  waiter.wake = resolve;
  const isInTime = await untilAborted(
    Promise.race([woken, execution.ended]).then(() => true),
    signal,
  );
  return isInTime === true;
}

async function readOutcomes({ unread }: Execution, waiter: Waiter, call: CallContext): Promise<void> {
  const byRead = Map.groupBy(waiter.missing, (id) => entryOf(unread, id));
  waiter.hasRead = true;
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

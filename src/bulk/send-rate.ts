import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../store/store.ts';

/** Items of an operation with maxPerSecond are sent in this many parts per second, so that no second exceeds the rate. */
const sendsPerSecond = 4;

/** The maximum number of items to send at once. `defaultMax`: without maxPerSecond. */
export function maxItemsPerSend(maxPerSecond: number | null, defaultMax: number): number {
  return maxPerSecond === null ? defaultMax : Math.max(1, Math.min(defaultMax, Math.floor(maxPerSecond / sendsPerSecond)));
}

/** Waits until the operation may send `count` items. All replicas share its rate through its row. Ends early when `signal` is aborted. */
export async function waitForSendSlot(operationId: string, count: number, store: Store, signal: AbortSignal): Promise<void> {
  const [row] = await store.query<{ wait_ms: number }>(
    `UPDATE jobyard.bulk_operation o
     SET next_send_at = greatest(coalesce(o.next_send_at, clock_timestamp()), clock_timestamp()) + make_interval(secs => $2 / o.max_per_second)
     WHERE o.id = $1
     RETURNING (extract(epoch FROM o.next_send_at - make_interval(secs => $2 / o.max_per_second) - clock_timestamp()) * 1000)::float8 AS wait_ms`,
    [operationId, count],
  );
  if (row && row.wait_ms > 0) await delay(row.wait_ms, null, { signal }).catch(() => {});
}

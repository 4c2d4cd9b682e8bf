import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../store/store.ts';

/** Items of an operation with maxPerSecond are sent in so many portions a second, so that no second gets more than its share. */
const portionsPerSecond = 4;

/** How many items may be sent at once. */
export function maxItemsPerSend(maxPerSecond: number | null, usual: number): number {
  return maxPerSecond === null ? usual : Math.max(1, Math.min(usual, Math.floor(maxPerSecond / portionsPerSecond)));
}

/** Waits for this operation's turn to send `count` items, which all replicas keep in its one row. Ends early when `signal` is aborted. */
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

import type { Store } from '../store/store.ts';

/** The pending work of bulk operations, for metrics. */
export interface BulkBacklog {
  /** Pending items by system, including those of suspended operations. Systems without any are left out. */
  pending: ReadonlyMap<string, number>;
  /** Age of the oldest operation that has pending items and is not suspended; 0 if there is none. */
  oldestSeconds: number;
}

const freshForMs = 5_000;
const maxWaitMs = 2_000;

/**
 * Reads the backlog with one statement, at most once in 5 seconds. Null: the store has not been used yet, was unavailable at its last use, or
 * takes longer than 2 seconds.
 */
export function createBacklogReader(
  { isUp, query }: Pick<Store, 'isUp' | 'query'>,
  nowMs: () => number = Date.now,
): () => Promise<BulkBacklog | null> {
  let last: { atMs: number; backlog: Promise<BulkBacklog | null> } | null = null;

  const read = async (): Promise<BulkBacklog> => {
    const rows = await query<{ system_id: string; pending: number; oldest: number }>(
      `SELECT p.system_id, sum(p.pending)::float8 AS pending,
         coalesce(max(extract(epoch FROM now() - o.created_at)) FILTER (WHERE o.status <> 'SUSPENDED'), 0)::float8 AS oldest
       FROM jobyard.bulk_operation o JOIN jobyard.bulk_progress p ON p.operation_id = o.id
       WHERE o.finished_at IS NULL AND p.pending > 0 GROUP BY p.system_id`,
    );
    return {
      pending: new Map(rows.map(({ system_id: systemId, pending }) => [systemId, pending])),
      oldestSeconds: Math.max(0, ...rows.map(({ oldest }) => oldest)),
    };
  };

  const readInTime = async (): Promise<BulkBacklog | null> => {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), maxWaitMs).unref();
    return Promise.race([read().catch(() => null), late]).finally(() => clearTimeout(timer));
  };

  return () => {
    // A scrape doesn't open an unused store, nor wait for an unavailable one.
    if (isUp() !== true) return Promise.resolve(null);
    if (!last || nowMs() - last.atMs >= freshForMs) last = { atMs: nowMs(), backlog: readInTime() };
    return last.backlog;
  };
}

import type { JobAction, JobStatus } from '../jobs/job.ts';
import { toLocalTime } from '../store/clocks.ts';
import type { Query, Store } from '../store/store.ts';
import type { Chunk } from './chunk-run.ts';
import type { BulkStatus } from './operation.ts';

/** The operation of a chunk. */
export interface RunningOperation {
  id: string;
  status: BulkStatus;
  action: JobAction;
  caller: string;
  /** The caller that last resumed the operation or retried its failed items; null: none did. */
  actor: string | null;
  reason: string;
  readable_systems: string[];
  actionable_systems: string[];
  max_per_second: number | null;
}

/** A pending item. */
export interface PendingItem {
  position: number;
  job_id: string;
  attempts: number;
  /** By this process's clock. */
  begun_at: Date | null;
  begun_by: string | null;
  selected_status: JobStatus | null;
  result: unknown;
}

/** The caller on whose behalf actions are sent now. */
export function actorOf({ actor, caller }: RunningOperation): string {
  return actor ?? caller;
}

/** Null: the operation no longer exists. */
export async function findRunning(operationId: string, { query }: Store): Promise<RunningOperation | null> {
  const [operation] = await query<RunningOperation>('SELECT * FROM jobyard.bulk_operation WHERE id = $1', [operationId]);
  return operation ?? null;
}

/** Items with the fewest attempts first, so that one that fails each time doesn't delay others. */
export async function listPendingItems({ operationId, systemId, first, last }: Chunk, { query, aheadMs }: Store): Promise<PendingItem[]> {
  const rows = await query<PendingItem>(
    `SELECT position, job_id, attempts, begun_at, begun_by, selected_status, result FROM jobyard.bulk_item
     WHERE operation_id = $1 AND system_id = $2 AND position BETWEEN $3 AND $4 AND outcome = 'PENDING' ORDER BY attempts, position`,
    [operationId, systemId, first, last],
  );
  return rows.map((item) => ({ ...item, begun_at: item.begun_at && toLocalTime(item.begun_at, aheadMs()) }));
}

/** Marks items as begun, and returns them: those that haven't changed since they were read, if the operation still runs for the same caller. */
export async function markBegun(
  operation: RunningOperation,
  { first, last }: Chunk,
  items: readonly PendingItem[],
  { query }: Store,
): Promise<PendingItem[]> {
  const rows = await query<{ position: number }>(
    `UPDATE jobyard.bulk_item i SET attempts = i.attempts + 1, begun_at = now(), begun_by = $6
     FROM jobyard.bulk_operation o, unnest($2::integer[], $3::integer[]) AS t (position, attempts)
     WHERE o.id = $1 AND o.status = 'RUNNING' AND coalesce(o.actor, o.caller) = $6 AND i.position BETWEEN $4 AND $5
       AND i.operation_id = $1 AND i.position = t.position AND i.attempts = t.attempts AND i.outcome = 'PENDING'
     RETURNING i.position`,
    [operation.id, items.map(({ position }) => position), items.map(({ attempts }) => attempts), first, last, actorOf(operation)],
  );
  const begun = new Set(rows.map(({ position }) => position));
  return items.filter(({ position }) => begun.has(position)).map((item) => ({ ...item, attempts: item.attempts + 1 }));
}

export async function hasPendingItems({ operationId, systemId, first, last }: Chunk, query: Query): Promise<boolean> {
  const [pending] = await query(
    `SELECT 1 FROM jobyard.bulk_item WHERE operation_id = $1 AND system_id = $2 AND position BETWEEN $3 AND $4 AND outcome = 'PENDING' LIMIT 1`,
    [operationId, systemId, first, last],
  );
  return pending !== undefined;
}

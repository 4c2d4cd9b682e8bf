import type { ServedSystem } from '../job-service/served-system.ts';
import { jobActions } from '../jobs/job.ts';
import { isListed } from '../jobs/problem.ts';
import { isWorthScan } from '../reading/read-by-id.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { checkSelectable, judgeSelection, type SelectingRow, systemNotConfigured, type TakenSystem } from './judge-selection.ts';
import type { StartBulkError } from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { fromStoredFilter } from './stored-filter.ts';
import { stillSelecting, type Taking, takeFrom, takeFromPreview } from './take-jobs.ts';

/** Enough for the maximum number of jobs, with retries and pages of 100 rows. */
const selectionTimeoutMs = 30 * 60_000;
const defaultChunkSize = 100;
const maxScannedChunkSize = 500;

/** What a selection needs. */
export type SelectionDependencies = Pick<BulkDependencies, 'store' | 'systems' | 'passthrough' | 'changes'>;

/**
 * Stores the IDs of the jobs that an operation acts on, then sets the operation to RUNNING, or to FAILED with the reason.
 * Nothing is sent before that, so an interrupted selection is repeated. Throws if `signal` ends it; nothing is decided then.
 */
export async function selectJobs(
  operationId: string,
  parts: SelectionDependencies,
  queue: Pick<BulkQueue, 'enqueueChunks'>,
  signal: AbortSignal,
): Promise<void> {
  const { store } = parts;
  const row = await store.transaction((query) => beginSelection(operationId, query));
  if (!row) return;
  const taken = await takeFromAll(row, operationId, parts, signal);
  // Lists that the signal interrupted are incomplete for no fault of their systems.
  signal.throwIfAborted();
  await store.transaction(async (query) => {
    const [still] = await query(`SELECT 1 ${stillSelecting} FOR UPDATE`, [operationId, row.selection]);
    if (!still) return discardCancelled(operationId, query);
    const error = await judgeSelection(row, operationId, taken, query);
    if (error) return recordFailedStart(operationId, error, query);
    await recordSelection(row, operationId, taken, query);
    await queue.enqueueChunks(operationId, query);
  });
  await parts.changes.notify(operationId);
}

async function takeFromAll(
  row: SelectingRow,
  operationId: string,
  parts: SelectionDependencies,
  signal: AbortSignal,
): Promise<TakenSystem[]> {
  const { store, systems } = parts;
  const rows = await store.query<{ system_id: string }>(
    'SELECT system_id FROM jobyard.bulk_progress WHERE operation_id = $1 ORDER BY place',
    [operationId],
  );
  const taking: Taking = {
    store,
    operationId,
    selection: row.selection,
    filter: fromStoredFilter(row.filter),
    maxJobs: row.max_jobs,
    nextPosition: 0,
    call: { caller: row.caller, signal: AbortSignal.any([signal, AbortSignal.timeout(selectionTimeoutMs)]), credential: null },
  };
  const take = row.preview_token === null || row.refuses_changes ? takeFrom : await takeFromPreview(row.preview_token, store.query);
  return Promise.all(
    rows.map(async ({ system_id: systemId }) => {
      const system = systems.find(({ id }) => id === systemId) ?? null;
      const problem = system ? checkSelectable(system, parts) : systemNotConfigured(systemId);
      const taken = system && !problem ? await take(system, taking) : { problem, found: 0 };
      return { systemId, system, ...taken };
    }),
  );
}

/** Starts the selection, so that an earlier one can't write any more. Null: nothing must be selected. */
async function beginSelection(operationId: string, query: Query): Promise<SelectingRow | null> {
  const [row] = await query<SelectingRow>(
    `UPDATE jobyard.bulk_operation SET selection = selection + 1 WHERE id = $1 AND status = 'SELECTING' RETURNING *`,
    [operationId],
  );
  // Rolled back and retried later: by then a newer replica has selected the jobs.
  if (row && !jobActions.includes(row.action))
    throw new Error(`This version doesn't support the action ${row.action}. Update this replica.`);
  if (row) await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
  else await discardCancelled(operationId, query);
  return row ?? null;
}

/** Deletes the items of an operation that was canceled before its selection ended. */
async function discardCancelled(operationId: string, query: Query): Promise<void> {
  await query(
    `DELETE FROM jobyard.bulk_item i USING jobyard.bulk_operation o
     WHERE o.id = $1 AND i.operation_id = o.id AND o.status = 'CANCELLED'
       AND NOT EXISTS (SELECT 1 FROM jobyard.bulk_progress p WHERE p.operation_id = o.id AND p.selected > 0)`,
    [operationId],
  );
}

async function recordFailedStart(operationId: string, error: StartBulkError, query: Query): Promise<void> {
  await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
  // Nothing was sent: release the idempotency key for another start.
  await query(
    `UPDATE jobyard.bulk_operation SET status = 'FAILED', refusal = $2::text::jsonb, finished_at = now(), idempotency_key = NULL WHERE id = $1`,
    [operationId, JSON.stringify(error)],
  );
}

async function recordSelection(row: SelectingRow, operationId: string, taken: readonly TakenSystem[], query: Query): Promise<void> {
  for (const { systemId, system, problem, found } of taken) {
    const isKept = isListed(problem);
    if (!isKept) await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1 AND system_id = $2', [operationId, systemId]);
    await query(
      `UPDATE jobyard.bulk_progress SET selected = $3, pending = $3, problem = $4::text::jsonb, chunk_size = $5
       WHERE operation_id = $1 AND system_id = $2`,
      [operationId, systemId, isKept ? found : 0, problem && JSON.stringify(problem), system ? chunkSize(system, row) : 1],
    );
  }
  await query(`UPDATE jobyard.bulk_operation SET status = 'RUNNING' WHERE id = $1`, [operationId]);
}

/**
 * At least one full vendor request: Kinetica lists everything to read one job. If the jobs are read by scanning lists, as many as can be sent at
 * once: before and after each chunk, a scan can read all rows of the system.
 */
function chunkSize({ adapter, concurrency }: ServedSystem, { action, max_per_second: rate }: SelectingRow): number {
  const { requestSize } = adapter.actions[action];
  const scanned = isWorthScan(adapter, maxScannedChunkSize) ? Math.min(maxScannedChunkSize, requestSize * concurrency) : 0;
  const size = Math.max(defaultChunkSize, requestSize, scanned);
  return rate === null ? size : Math.max(1, Math.min(size, Math.floor(rate * 10)));
}

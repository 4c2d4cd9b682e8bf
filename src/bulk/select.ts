import type { ServedSystem } from '../job-service/served-system.ts';
import { jobActions } from '../jobs/job.ts';
import { isListed } from '../jobs/problem.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { checkSelectable, judgeSelection, type SelectingRow, systemIsGone, type TakenSystem } from './judge-selection.ts';
import type { StartBulkError } from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { fromStoredFilter } from './stored-filter.ts';
import { stillSelecting, type Taking, takeFrom, takeFromPreview } from './take-jobs.ts';

/** Together with retries and pages of a hundred rows this is plenty for any number of jobs that may be selected. */
const selectionTimeoutMs = 30 * 60_000;
const defaultChunkSize = 100;

/**
 * Takes the snapshot of ids that an operation works on, then sets it going or, where it may not go on, to FAILED with the reason.
 * Nothing is sent before that, so a selection that was cut short is simply made again. Throws where `signal` ends it: nothing is decided then.
 */
export async function selectJobs(operationId: string, parts: BulkDependencies, queue: BulkQueue, signal: AbortSignal): Promise<void> {
  const { store } = parts;
  const row = await store.transaction((query) => beginSelection(operationId, query));
  if (!row) return;
  const taken = await takeFromAll(row, operationId, parts, signal);
  // What was cut short by it is no answer of the systems.
  signal.throwIfAborted();
  await store.transaction(async (query) => {
    const [still] = await query(`SELECT 1 ${stillSelecting} FOR UPDATE`, [operationId, row.selection]);
    if (!still) return discardCancelled(operationId, query);
    const refusal = await judgeSelection(row, operationId, taken, query);
    if (refusal) return recordRejection(operationId, refusal, query);
    await recordSelection(row, operationId, taken, query);
    await queue.enqueueChunks(operationId, query);
  });
  await parts.changes.notify(operationId);
}

async function takeFromAll(row: SelectingRow, operationId: string, parts: BulkDependencies, signal: AbortSignal): Promise<TakenSystem[]> {
  const { store, systems } = parts;
  const asked = await store.query<{ system_id: string }>(
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
    asked.map(async ({ system_id: systemId }) => {
      const system = systems.find(({ id }) => id === systemId) ?? null;
      const problem = system ? checkSelectable(system, parts) : systemIsGone(systemId);
      const taken = system && !problem ? await take(system, taking) : { problem, found: 0 };
      return { systemId, system, ...taken };
    }),
  );
}

/** Begins anew, and takes from every selection before the right to write. Null: nothing is to be selected. */
async function beginSelection(operationId: string, query: Query): Promise<SelectingRow | null> {
  const [row] = await query<SelectingRow>(
    `UPDATE jobyard.bulk_operation SET selection = selection + 1 WHERE id = $1 AND status = 'SELECTING' RETURNING *`,
    [operationId],
  );
  // Rolled back, and tried again later: by then a newer Jobyard beside this one has it.
  if (row && !jobActions.includes(row.action)) throw new Error(`The action ${row.action} is not one of this version.`);
  if (row) await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
  else await discardCancelled(operationId, query);
  return row ?? null;
}

/** Deletes what was selected of an operation that was cancelled before its selection ended. */
async function discardCancelled(operationId: string, query: Query): Promise<void> {
  await query(
    `DELETE FROM jobyard.bulk_item i USING jobyard.bulk_operation o
     WHERE o.id = $1 AND i.operation_id = o.id AND o.status = 'CANCELLED'
       AND NOT EXISTS (SELECT 1 FROM jobyard.bulk_progress p WHERE p.operation_id = o.id AND p.selected > 0)`,
    [operationId],
  );
}

async function recordRejection(operationId: string, refusal: StartBulkError, query: Query): Promise<void> {
  await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
  // Nothing was sent: the key is free for another start.
  await query(
    `UPDATE jobyard.bulk_operation SET status = 'FAILED', refusal = $2::text::jsonb, finished_at = now(), idempotency_key = NULL WHERE id = $1`,
    [operationId, JSON.stringify(refusal)],
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

/** As many as one vendor request takes where that is more than usual: Kinetica lists everything to look at one job. */
function chunkSize({ adapter }: ServedSystem, { action, max_per_second: rate }: SelectingRow): number {
  const size = Math.max(defaultChunkSize, adapter.actions[action].requestSize);
  return rate === null ? size : Math.max(1, Math.min(size, Math.floor(rate * 10)));
}

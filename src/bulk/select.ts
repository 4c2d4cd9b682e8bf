import type { Call } from '../jobs/adapter.ts';
import type { JobAction } from '../jobs/job.ts';
import type { JobFilter } from '../jobs/list/filter.ts';
import { walkJobs } from '../jobs/list/walk.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { Query } from '../store/store.ts';
import { passthroughMessage, refuse, type StartRefusal, type SystemProblem } from './operation.ts';
import type { BulkParts } from './parts.ts';
import type { BulkQueue } from './queue.ts';
import { fromStoredFilter } from './stored-filter.ts';

interface SelectingRow {
  action: JobAction;
  filter: unknown;
  preview_token: string | null;
  max_jobs: number;
  allow_incomplete: boolean;
  max_per_second: number | null;
}

/** Together with retries and pages of a hundred rows this is plenty for any number of jobs that may be selected. */
const selectionTimeoutMs = 30 * 60_000;
/** The operation, unless another replica has selected its jobs meanwhile: then nothing of it may be touched. */
const selecting = `selecting AS (SELECT o.id FROM jobyard.bulk_operation o WHERE o.id = $1 AND o.status = 'SELECTING' FOR SHARE)`;
/** One insert's rows. */
const insertSize = 1_000;
const usualChunkSize = 100;

/**
 * Takes the snapshot of ids that an operation works on, then sets it going or, where it may not go on, to FAILED with the reason.
 * Nothing is sent before that, so a selection that was cut short is simply made again.
 */
export async function selectJobs(operationId: string, parts: BulkParts, queue: BulkQueue): Promise<void> {
  const { store, systems } = parts;
  const [row] = await store.query<SelectingRow>(`SELECT * FROM jobyard.bulk_operation WHERE id = $1 AND status = 'SELECTING'`, [
    operationId,
  ]);
  if (!row) return;
  await store.query(`WITH ${selecting} DELETE FROM jobyard.bulk_item i USING selecting WHERE i.operation_id = selecting.id`, [operationId]);
  const asked = await store.query<{ system_id: string }>(
    'SELECT system_id FROM jobyard.bulk_progress WHERE operation_id = $1 ORDER BY place',
    [operationId],
  );
  const taking: Taking = {
    store,
    operationId,
    filter: fromStoredFilter(row.filter),
    maxJobs: row.max_jobs,
    matched: 0,
    nextPosition: 0,
    call: { signal: AbortSignal.timeout(selectionTimeoutMs), credential: null },
  };
  const taken = await Promise.all(
    asked.map(async ({ system_id: systemId }): Promise<TakenSystem> => {
      const system = systems.find(({ id }) => id === systemId);
      const problem = system ? selectable(system, parts) : createProblem('SYSTEM_NOT_FOUND', `There is no system "${systemId}" any more.`);
      return { systemId, system: system ?? null, problem: problem ?? (system ? await takeFrom(system, taking) : null) };
    }),
  );

  await store.transaction(async (query) => {
    const [still] = await query(`SELECT 1 FROM jobyard.bulk_operation WHERE id = $1 AND status = 'SELECTING' FOR UPDATE`, [operationId]);
    // Cancelled meanwhile.
    if (!still) return query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
    // Not what this selection wrote: one that was cut short may have left some of the same.
    const counts = await countItems(operationId, query);
    const refusal = await judge(row, operationId, taken, counts, taking.matched, query);
    if (refusal) {
      await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
      return query(`UPDATE jobyard.bulk_operation SET status = 'FAILED', refusal = $2::text::jsonb, finished_at = now() WHERE id = $1`, [
        operationId,
        JSON.stringify(refusal),
      ]);
    }
    for (const { systemId, system, problem } of taken) {
      if (problem) await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1 AND system_id = $2', [operationId, systemId]);
      const selected = problem ? 0 : (counts.get(systemId) ?? 0);
      await query(
        `UPDATE jobyard.bulk_progress SET selected = $3, pending = $3, problem = $4::text::jsonb, chunk_size = $5
         WHERE operation_id = $1 AND system_id = $2`,
        [operationId, systemId, selected, problem && JSON.stringify(problem), system ? chunkSize(system, row) : 1],
      );
    }
    await query(`UPDATE jobyard.bulk_operation SET status = 'RUNNING' WHERE id = $1`, [operationId]);
    await queue.enqueueChunks(operationId, query);
    return [];
  });
  await parts.changes.tell(operationId);
}

/** Why nothing of this system can be selected in the background, or null. */
export function selectable(system: JobSystem, { passthrough }: Pick<BulkParts, 'passthrough'>): Problem | null {
  return passthrough.has(system.id) ? createProblem('ACCESS_DENIED', `${system.id} is left out: ${passthroughMessage}`) : null;
}

interface Taking {
  store: BulkParts['store'];
  operationId: string;
  filter: JobFilter;
  maxJobs: number;
  /** Jobs met so far, of all systems. */
  matched: number;
  nextPosition: number;
  call: Call;
}

interface TakenSystem {
  systemId: string;
  system: JobSystem | null;
  problem: Problem | null;
}

/** Writes the ids of all matching jobs of one system; more than are allowed are only counted. Why not all were met, or null. */
async function takeFrom(system: JobSystem, taking: Taking): Promise<Problem | null> {
  let waiting: string[] = [];
  const write = async (): Promise<void> => {
    const ids = waiting;
    waiting = [];
    if (ids.length === 0) return;
    // Given out before the statement: the systems are walked side by side.
    const position = taking.nextPosition;
    taking.nextPosition += ids.length;
    const [written] = await taking.store.query<{ count: number }>(
      `WITH ${selecting}, written AS (
         INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id)
         SELECT $1, $2::integer + place::integer, $3, ids.id FROM selecting, unnest($4::text[]) WITH ORDINALITY AS ids (id, place)
         ON CONFLICT (operation_id, job_id) DO NOTHING RETURNING 1
       ) SELECT count(*)::integer AS count FROM written`,
      [taking.operationId, position, system.id, ids],
    );
    // What came twice (a job that two lists hold, or that moved meanwhile) is one.
    taking.matched -= ids.length - (written?.count ?? 0);
  };
  for await (const jobs of walkJobs(system, taking.filter, taking.call)) {
    if (!jobs.ok) return jobs.problem;
    taking.matched += jobs.value.length;
    if (taking.matched > taking.maxJobs) continue;
    for (const { id } of jobs.value) waiting.push(id);
    if (waiting.length >= insertSize) await write();
  }
  await write();
  return null;
}

async function countItems(operationId: string, query: Query): Promise<Map<string, number>> {
  const rows = await query<{ system_id: string; count: number }>(
    'SELECT system_id, count(*)::integer AS count FROM jobyard.bulk_item WHERE operation_id = $1 GROUP BY system_id',
    [operationId],
  );
  return new Map(rows.map(({ system_id: systemId, count }) => [systemId, count]));
}

/** Why the operation may not go on with what was selected, or null. */
async function judge(
  { max_jobs: maxJobs, allow_incomplete: allowIncomplete, preview_token: token, action }: SelectingRow,
  operationId: string,
  taken: readonly TakenSystem[],
  counts: ReadonlyMap<string, number>,
  matched: number,
  query: Query,
): Promise<StartRefusal | null> {
  const problems = taken.flatMap(({ systemId, problem }): SystemProblem[] => (problem ? [{ ...problem, systemId }] : []));
  if (problems.length > 0 && !allowIncomplete) {
    const names = problems.map(({ systemId }) => systemId).join(', ');
    const message = `${names} could not tell all jobs that match: nothing was started. Leave it out by the filter, or set allowIncomplete.`;
    return refuse({ ...createProblem('INCOMPLETE_SELECTION', message), retryable: problems.some(({ retryable }) => retryable) }, problems);
  }
  if (matched > maxJobs) {
    const message = `${matched} jobs match, more than the ${maxJobs} that are allowed (maxJobs): nothing was started.`;
    return { kind: 'tooMany', problem: createProblem('TOO_MANY_JOBS', message), found: matched, maxJobs };
  }
  const kept = taken.filter(({ problem }) => !problem);
  const found = kept.reduce((sum, { systemId }) => sum + (counts.get(systemId) ?? 0), 0);
  if (token !== null) {
    const [seen] = await query<{ expected: number; same: number }>(
      `SELECT cardinality(p.job_ids) AS expected, (
         SELECT count(*)::integer FROM jobyard.bulk_item i
         WHERE i.operation_id = $1 AND i.system_id = ANY($3::text[]) AND i.job_id IN (SELECT unnest(p.job_ids))
       ) AS same FROM jobyard.bulk_preview p WHERE p.token = $2`,
      [operationId, token, kept.map(({ systemId }) => systemId)],
    );
    const { expected = 0, same = 0 } = seen ?? {};
    if (same < expected || same < found) {
      const message = `Other jobs match now than the preview saw: ${found - same} more, ${expected - same} fewer. Nothing was started; look at a new preview.`;
      return {
        kind: 'changed',
        problem: createProblem('CHANGED_SINCE_PREVIEW', message),
        expected,
        found,
        more: found - same,
        fewer: expected - same,
      };
    }
  }
  if (found > 0) return null;
  return { kind: 'nothing', problem: createProblem('NOTHING_MATCHED', `No job matches: there is nothing to ${action.toLowerCase()}.`) };
}

/** As many as one vendor request takes where that is more than usual: Kinetica lists everything to look at one job. */
function chunkSize({ adapter }: JobSystem, { action, max_per_second: rate }: SelectingRow): number {
  const size = Math.max(usualChunkSize, adapter.actions[action].requestSize);
  return rate === null ? size : Math.max(1, Math.min(size, Math.floor(rate * 10)));
}

import type { ServedSystem } from '../job-service/served-system.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import { type Job, type JobAction, jobActions } from '../jobs/job.ts';
import { createProblem, isListed, type Problem } from '../jobs/problem.ts';
import { iterateJobs } from '../listing/iterate-jobs.ts';
import type { Query } from '../store/store.ts';
import type { BulkDependencies } from './dependencies.ts';
import { compareWithPreview, findSeenSystems, listParts } from './kept-preview.ts';
import { passthroughMessage, refuse, type StartBulkError, type SystemProblem } from './operation.ts';
import type { BulkQueue } from './queue.ts';
import { fromStoredFilter } from './stored-filter.ts';

interface SelectingRow {
  selection: number;
  action: JobAction;
  /** Who started it. */
  caller: string;
  filter: unknown;
  preview_token: string | null;
  refuses_changes: boolean;
  max_jobs: number;
  allow_incomplete: boolean;
  max_per_second: number | null;
}

/** Together with retries and pages of a hundred rows this is plenty for any number of jobs that may be selected. */
const selectionTimeoutMs = 30 * 60_000;
/** The operation, unless it was cancelled or another replica has begun its selection anew: then nothing of it may be touched. */
const stillSelecting = `FROM jobyard.bulk_operation o WHERE o.id = $1 AND o.status = 'SELECTING' AND o.selection = $2`;
/** One insert's rows. */
const insertSize = 1_000;
const defaultChunkSize = 100;

/**
 * Takes the snapshot of ids that an operation works on, then sets it going or, where it may not go on, to FAILED with the reason.
 * Nothing is sent before that, so a selection that was cut short is simply made again. Throws where `signal` ends it: nothing is decided then.
 */
export async function selectJobs(operationId: string, parts: BulkDependencies, queue: BulkQueue, signal: AbortSignal): Promise<void> {
  const { store, systems } = parts;
  const row = await store.transaction((query) => beginSelection(operationId, query));
  if (!row) return;
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
  const taken = await Promise.all(
    asked.map(async ({ system_id: systemId }): Promise<TakenSystem> => {
      const system = systems.find(({ id }) => id === systemId);
      const problem = system ? checkSelectable(system, parts) : systemIsGone(systemId);
      const taken = system && !problem ? await take(system, taking) : { problem, found: 0 };
      return { systemId, system: system ?? null, ...taken };
    }),
  );
  // What was cut short by it is no answer of the systems.
  signal.throwIfAborted();

  await store.transaction(async (query) => {
    const [still] = await query(`SELECT 1 ${stillSelecting} FOR UPDATE`, [operationId, row.selection]);
    if (!still) return discardCancelled(operationId, query);
    const refusal = await judge(row, operationId, taken, query);
    if (refusal) {
      await query('DELETE FROM jobyard.bulk_item WHERE operation_id = $1', [operationId]);
      // Nothing was sent: the key is free for another start.
      return query(
        `UPDATE jobyard.bulk_operation SET status = 'FAILED', refusal = $2::text::jsonb, finished_at = now(), idempotency_key = NULL WHERE id = $1`,
        [operationId, JSON.stringify(refusal)],
      );
    }
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
    await queue.enqueueChunks(operationId, query);
    return [];
  });
  await parts.changes.notify(operationId);
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
function discardCancelled(operationId: string, query: Query): Promise<object[]> {
  return query(
    `DELETE FROM jobyard.bulk_item i USING jobyard.bulk_operation o
     WHERE o.id = $1 AND i.operation_id = o.id AND o.status = 'CANCELLED'
       AND NOT EXISTS (SELECT 1 FROM jobyard.bulk_progress p WHERE p.operation_id = o.id AND p.selected > 0)`,
    [operationId],
  );
}

/** The system is not in the configuration any more. */
export function systemIsGone(systemId: string): Problem {
  return createProblem('SYSTEM_NOT_FOUND', `There is no system "${systemId}" any more.`);
}

/** Why nothing of this system can be selected in the background, or null. */
export function checkSelectable(system: ServedSystem, { passthrough }: Pick<BulkDependencies, 'passthrough'>): Problem | null {
  return passthrough.has(system.id) ? createProblem('ACCESS_DENIED', `${system.id} is left out: ${passthroughMessage}`) : null;
}

interface Taking {
  store: BulkDependencies['store'];
  operationId: string;
  selection: number;
  filter: JobFilter;
  maxJobs: number;
  nextPosition: number;
  call: CallContext;
}

interface TakenSystem {
  systemId: string;
  system: ServedSystem | null;
  problem: Problem | null;
  /** Jobs, each counted once; beyond those that are allowed, one that comes twice may count twice. */
  found: number;
}

/** Writes the ids of all matching jobs of one system; where they are more than allowed, the rest is only counted. */
async function takeFrom(system: ServedSystem, taking: Taking): Promise<Pick<TakenSystem, 'problem' | 'found'>> {
  const { store, operationId, selection } = taking;
  // A job that two lists hold, or that moved meanwhile, comes twice and is one.
  const known = new Set<string>();
  let unwritten = 0;
  let waiting: Job[] = [];
  const write = async (): Promise<void> => {
    const jobs = waiting;
    waiting = [];
    // Given out before the statement: the systems are walked side by side.
    const position = taking.nextPosition;
    taking.nextPosition += jobs.length;
    await store.query(
      `WITH selecting AS (SELECT o.id ${stillSelecting} FOR SHARE)
       INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id, selected_status)
       SELECT $1, $3::integer + place::integer, $4, jobs.id, jobs.status
       FROM selecting, unnest($5::text[], $6::text[]) WITH ORDINALITY AS jobs (id, status, place)`,
      [operationId, selection, position, system.id, jobs.map(({ id }) => id), jobs.map(({ status }) => status)],
    );
  };
  let incomplete: Problem | null = null;
  for await (const jobs of iterateJobs(system, taking.filter, taking.call)) {
    if (!jobs.ok && !isListed(jobs.problem)) return { problem: jobs.problem, found: known.size + unwritten };
    if (!jobs.ok) {
      incomplete ??= jobs.problem;
      continue;
    }
    for (const job of jobs.value) {
      if (known.has(job.id)) continue;
      if (known.size > taking.maxJobs) unwritten += 1;
      else {
        known.add(job.id);
        waiting.push(job);
      }
    }
    if (waiting.length >= insertSize) await write();
    const [still] = await store.query(`SELECT 1 ${stillSelecting}`, [operationId, selection]);
    // Whoever ended it or took it over decides.
    if (!still) return { problem: null, found: 0 };
  }
  await write();
  return { problem: incomplete, found: known.size + unwritten };
}

/** Takes what a preview saw, and asks no vendor: it is copied within the store. */
async function takeFromPreview(token: string, query: Query): Promise<typeof takeFrom> {
  const seen = await findSeenSystems(token, query);
  return async (system, taking) => {
    const { operationId, selection } = taking;
    const { problem, found } = seen?.get(system.id) ?? { problem: previewIsGone, found: 0 };
    // More than allowed are only counted.
    if (!isListed(problem) || found > taking.maxJobs) return { problem, found };
    let copied = 0;
    for (const { part, count } of await listParts(token, system.id, query)) {
      const position = taking.nextPosition;
      taking.nextPosition += count;
      // The status of then says nothing of the job by now.
      const [inserted] = await query<{ count: number }>(
        `WITH selecting AS (SELECT o.id ${stillSelecting} FOR SHARE),
         inserted AS (
           INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id)
           SELECT $1, $3::integer + place::integer, p.system_id, p.system_id || ':' || jobs.id
           FROM selecting, jobyard.bulk_preview_jobs p, unnest(p.vendor_ids) WITH ORDINALITY AS jobs (id, place)
           WHERE p.token = $4 AND p.system_id = $5 AND p.part = $6 RETURNING 1
         )
         SELECT count(*)::integer AS count FROM inserted`,
        [operationId, selection, position, token, system.id, part],
      );
      copied += inserted?.count ?? 0;
    }
    return copied === found ? { problem, found } : { problem: previewIsGone, found: 0 };
  };
}

/** It had to make room for newer ones of its caller at the very moment of the start. */
const previewIsGone = createProblem('PREVIEW_NOT_FOUND', 'The preview is not kept any more. Nothing was started; make a new one.');

/** Why the operation may not go on with what was selected, or null. */
async function judge(row: SelectingRow, operationId: string, taken: readonly TakenSystem[], query: Query): Promise<StartBulkError | null> {
  const { max_jobs: maxJobs, allow_incomplete: allowIncomplete, preview_token: token, refuses_changes: refusesChanges, action } = row;
  const problems = taken.flatMap(({ systemId, problem }): SystemProblem[] => (problem ? [{ ...problem, systemId }] : []));
  if (problems.some(({ code }) => code === previewIsGone.code)) return refuse(previewIsGone);
  if (problems.length > 0 && !allowIncomplete) return refuseIncomplete(problems, token !== null && !refusesChanges);
  const kept = taken.filter(({ problem }) => isListed(problem));
  const found = kept.reduce((sum, system) => sum + system.found, 0);
  if (found > maxJobs) {
    const message = `${found} jobs match, more than the ${maxJobs} that are allowed (maxJobs): nothing was started.`;
    return { kind: 'tooMany', problem: createProblem('TOO_MANY_JOBS', message), matchedCount: found, maxJobs };
  }
  if (token !== null && refusesChanges) {
    const { expected, same } = await compareWithPreview({ token, operationId, systemIds: kept.map(({ systemId }) => systemId) }, query);
    if (same < expected || same < found) {
      const message = `Other jobs match now than the preview saw: ${found - same} more, ${expected - same} fewer. Nothing was started; look at a new preview.`;
      const problem = createProblem('CHANGED_SINCE_PREVIEW', message);
      return {
        kind: 'changed',
        problem,
        previewedCount: expected,
        matchedCount: found,
        addedCount: found - same,
        removedCount: expected - same,
      };
    }
  }
  if (found > 0) return null;
  return { kind: 'nothing', problem: createProblem('NO_JOBS_MATCHED', `No job matches: there is nothing to ${action.toLowerCase()}.`) };
}

/** `isPreviewed`: the preview lacks them, and will whenever its token is used. */
export function refuseIncomplete(problems: readonly SystemProblem[], isPreviewed: boolean): StartBulkError {
  const names = problems.map(({ systemId }) => systemId).join(', ');
  const advice = `Leave it out by the filter, ${isPreviewed ? 'make a new preview, ' : ''}or set allowIncomplete.`;
  const message = `${names} could not tell all jobs that match: nothing was started. ${advice}`;
  const retryable = !isPreviewed && problems.some((problem) => problem.retryable);
  return refuse({ ...createProblem('INCOMPLETE_SELECTION', message), retryable }, [...problems]);
}

/** As many as one vendor request takes where that is more than usual: Kinetica lists everything to look at one job. */
function chunkSize({ adapter }: ServedSystem, { action, max_per_second: rate }: SelectingRow): number {
  const size = Math.max(defaultChunkSize, adapter.actions[action].requestSize);
  return rate === null ? size : Math.max(1, Math.min(size, Math.floor(rate * 10)));
}

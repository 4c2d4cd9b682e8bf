import type { ServedSystem } from '../job-service/served-system.ts';
import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { createProblem, isListed, type Problem } from '../jobs/problem.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import { iterateJobs } from '../listing/iterate-jobs.ts';
import type { Query, Store } from '../store/store.ts';
import { findSeenSystems, listParts } from './kept-preview.ts';

/** What the systems of a selection in progress have in common. */
export interface Taking {
  store: Store;
  operationId: string;
  selection: number;
  filter: JobFilter;
  maxJobs: number;
  nextPosition: number;
  call: CallContext;
}

/** The selection from one system. */
export interface Taken {
  /** Why not all matching jobs were selected; null if they were. */
  problem: Problem | null;
  /** The number of matching jobs. Beyond `maxJobs`, a repeated job may count twice. */
  found: number;
}

/** Selects the matching jobs of one system. */
export type TakeJobs = (system: ServedSystem, taking: Taking) => Promise<Taken>;

/** SQL: the operation, unless it was canceled or another replica has restarted its selection: then this one must not write. */
export const stillSelecting = `FROM jobyard.bulk_operation o WHERE o.id = $1 AND o.status = 'SELECTING' AND o.selection = $2`;
/** Rows per insert. */
const insertSize = 1_000;
/** A newer preview of the caller replaced it during the start. */
export const previewDeleted = createProblem(
  'PREVIEW_NOT_FOUND',
  'The preview is no longer stored. Nothing was started. Create a new preview.',
);

/** Stores the IDs of all matching jobs of one system. Jobs beyond `maxJobs` are only counted. */
export async function takeFrom(system: ServedSystem, taking: Taking): Promise<Taken> {
  const { store, operationId, selection } = taking;
  // A job that two lists contain, or that moved within a list, comes twice.
  const known = new Set<string>();
  let unwritten = 0;
  let waiting: Job[] = [];
  const write = async (): Promise<void> => {
    const jobs = waiting;
    waiting = [];
    // Reserved before the statement: the systems are listed concurrently.
    const position = taking.nextPosition;
    taking.nextPosition += jobs.length;
    await store.query(
      `WITH selecting AS (SELECT o.id ${stillSelecting} FOR SHARE)
       INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id, selected_status, job_name)
       SELECT $1, $3::integer + place::integer, $4, jobs.id, jobs.status, jobs.name
       FROM selecting, unnest($5::text[], $6::text[], $7::text[]) WITH ORDINALITY AS jobs (id, status, name, place)`,
      [operationId, selection, position, system.id, jobs.map(({ id }) => id), jobs.map(({ status }) => status), jobs.map(toStoredName)],
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
    // The command or replica that ended this selection decides.
    if (!still) return { problem: null, found: 0 };
  }
  await write();
  return { problem: incomplete, found: known.size + unwritten };
}

/** Selects a preview's jobs by copying them within the store, without vendor requests. */
export async function takeFromPreview(token: string, query: Query): Promise<TakeJobs> {
  const seen = await findSeenSystems(token, query);
  return async (system, taking) => {
    const { operationId, selection } = taking;
    const { problem, found } = seen?.get(system.id) ?? { problem: previewDeleted, found: 0 };
    // Jobs beyond `maxJobs` are only counted.
    if (!isListed(problem) || found > taking.maxJobs) return { problem, found };
    let copied = 0;
    for (const { part, count } of await listParts(token, system.id, query)) {
      const position = taking.nextPosition;
      taking.nextPosition += count;
      // Without a status: that of the preview is outdated.
      const [inserted] = await query<{ count: number }>(
        `WITH selecting AS (SELECT o.id ${stillSelecting} FOR SHARE),
         inserted AS (
           INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id, job_name)
           SELECT $1, $3::integer + place::integer, p.system_id, p.system_id || ':' || jobs.id, jobs.name
           FROM selecting, jobyard.bulk_preview_jobs p, unnest(p.vendor_ids, p.names) WITH ORDINALITY AS jobs (id, name, place)
           WHERE p.token = $4 AND p.system_id = $5 AND p.part = $6 RETURNING 1
         )
         SELECT count(*)::integer AS count FROM inserted`,
        [operationId, selection, position, token, system.id, part],
      );
      copied += inserted?.count ?? 0;
    }
    return copied === found ? { problem, found } : { problem: previewDeleted, found: 0 };
  };
}

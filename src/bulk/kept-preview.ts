import { randomUUID } from 'node:crypto';
import { chunk } from '../concurrency/map-concurrently.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import type { Query, Store } from '../store/store.ts';
import { bindAction, fromStoredFilter } from './stored-filter.ts';

const previewMinutes = 60;
/** IDs per statement. */
const partSize = 1_000;
/** Limits of the stored previews of one caller; the oldest are deleted. 100,000 IDs of 40 characters are 4,000,000 characters, and their names about as many. */
const maxPreviewsOfCaller = 100;
const maxCharactersOfCaller = 64_000_000;

/** A preview's matching jobs of one system. */
export interface SeenSystem {
  systemId: string;
  /** The number of matching jobs. */
  found: number;
  /** Why not all matching jobs were listed; null if they were. */
  problem: Problem | null;
  /** All matching jobs; empty if the system couldn't be listed completely, or has more jobs than one operation may have. */
  jobs: readonly SeenJob[];
}

export interface SeenJob {
  vendorId: string;
  /** See toStoredName. */
  name: string | null;
}

export interface PreviewToKeep {
  caller: string;
  action: JobAction;
  filter: JobFilter;
  systems: readonly SeenSystem[];
}

/** What a start needs of a preview; the jobs stay in the store. */
export interface KeptPreview {
  filter: JobFilter;
  /** The systems that were previewed. `isMissed`: whether leaving the system out may leave out jobs. */
  systems: ReadonlyMap<string, { isMissed: boolean }>;
}

/** Stores a preview's jobs for an hour, as the selection for operations that are started with its token. */
export async function keepPreview(store: Store, preview: PreviewToKeep): Promise<{ token: string; expiresAt: Date }> {
  const { query } = store;
  const { caller, action, filter, systems } = preview;
  const token = randomUUID();
  const storedFilter = JSON.stringify(filter);
  const size = systems.reduce(
    (sum, { jobs }) => jobs.reduce((ofSystem, job) => ofSystem + job.vendorId.length + (job.name?.length ?? 0), sum),
    storedFilter.length,
  );
  // Not in one transaction, which would block other requests. The caller gets the token only when everything is stored.
  const [kept] = await query<{ expires_at: Date }>(
    `INSERT INTO jobyard.bulk_preview (token, caller, action, filter, binding, size) VALUES ($1, $2, $3, $4::text::jsonb, $5, $6)
     RETURNING created_at + make_interval(mins => $7) AS expires_at`,
    [token, caller, action, storedFilter, bindAction(action, filter), size, previewMinutes],
  );
  if (!kept) throw new Error('The insert returned no row');
  await query(
    `INSERT INTO jobyard.bulk_preview_system (token, system_id, found, problem)
     SELECT $1, s."systemId", s.found, s.problem FROM jsonb_to_recordset($2::text::jsonb) AS s ("systemId" text, found integer, problem jsonb)`,
    [token, JSON.stringify(systems.map(({ systemId, found, problem }) => ({ systemId, found, problem })))],
  );
  for (const { systemId, jobs } of systems) {
    for (const [part, ofPart] of chunk(jobs, partSize).entries()) {
      await query(
        'INSERT INTO jobyard.bulk_preview_jobs (token, system_id, part, vendor_ids, names) VALUES ($1, $2, $3, $4::text[], $5::text[])',
        [token, systemId, part, ofPart.map(({ vendorId }) => vendorId), ofPart.map(({ name }) => name)],
      );
    }
  }
  await removeOldest(caller, query);
  await removeExpiredPreviews(store);
  return { token, expiresAt: kept.expires_at };
}

/** Null: the caller has no such preview for this action and filter, or it has expired. `filter`: null if the start uses the preview's. */
export async function findPreview(
  { token, caller, action, filter }: { token: string; caller: string; action: JobAction; filter: JobFilter | null },
  query: Query,
): Promise<KeptPreview | null> {
  const [row] = await query<{ filter: unknown; systems: Record<string, boolean> | null }>(
    `SELECT p.filter, (
       SELECT jsonb_object_agg(s.system_id, s.found > 0 OR s.problem IS NOT NULL) FROM jobyard.bulk_preview_system s WHERE s.token = p.token
     ) AS systems
     FROM jobyard.bulk_preview p
     WHERE p.token = $1 AND p.caller = $2 AND p.action = $3 AND ($4::text IS NULL OR p.binding = $4)
       AND p.created_at > now() - make_interval(mins => $5)`,
    [token, caller, action, filter && bindAction(action, filter), previewMinutes],
  );
  if (!row) return null;
  const systems = new Map(Object.entries(row.systems ?? {}).map(([systemId, isMissed]) => [systemId, { isMissed }]));
  return { filter: fromStoredFilter(row.filter), systems };
}

/** The preview's systems, without the IDs. Null: the preview is no longer stored. */
export async function findSeenSystems(token: string, query: Query): Promise<Map<string, Omit<SeenSystem, 'jobs'>> | null> {
  const rows = await query<{ system_id: string; found: number; problem: Problem | null }>(
    `SELECT s.system_id, s.found, s.problem FROM jobyard.bulk_preview p LEFT JOIN jobyard.bulk_preview_system s USING (token) WHERE p.token = $1`,
    [token],
  );
  if (rows.length === 0) return null;
  return new Map(rows.map(({ system_id: systemId, found, problem }) => [systemId, { systemId, found, problem }]));
}

/** The parts in which a system's IDs are stored, and the number of IDs in each. */
export function listParts(token: string, systemId: string, query: Query): Promise<{ part: number; count: number }[]> {
  return query<{ part: number; count: number }>(
    'SELECT part, cardinality(vendor_ids) AS count FROM jobyard.bulk_preview_jobs WHERE token = $1 AND system_id = $2 ORDER BY part',
    [token, systemId],
  );
}

/** Compares the items that an operation has selected on these systems with those of the preview. */
export async function compareWithPreview(
  { token, operationId, systemIds }: { token: string; operationId: string; systemIds: readonly string[] },
  query: Query,
): Promise<{ expected: number; same: number }> {
  const [row] = await query<{ expected: number; same: number }>(
    `WITH seen AS (
       SELECT system_id || ':' || unnest(vendor_ids) AS job_id FROM jobyard.bulk_preview_jobs WHERE token = $1
     )
     SELECT (SELECT count(*)::integer FROM seen) AS expected, (
       SELECT count(*)::integer FROM jobyard.bulk_item i
       WHERE i.operation_id = $2 AND i.system_id = ANY($3::text[]) AND i.job_id IN (SELECT job_id FROM seen)
     ) AS same`,
    [token, operationId, systemIds],
  );
  return row ?? { expected: 0, same: 0 };
}

/** A selection that began before the preview expired may still use it. */
const isNotSelected = `NOT EXISTS (SELECT 1 FROM jobyard.bulk_operation o WHERE o.preview_token = p.token AND o.status = 'SELECTING')`;

/** Deletes some expired previews. Resolves to whether there may be more. */
export async function removeExpiredPreviews({ query }: Store): Promise<boolean> {
  const maxRemoved = 100;
  const removed = await query(
    `DELETE FROM jobyard.bulk_preview WHERE token IN (
       SELECT p.token FROM jobyard.bulk_preview p WHERE p.created_at < now() - make_interval(mins => $1) AND ${isNotSelected} LIMIT $2
     ) RETURNING 1`,
    [previewMinutes, maxRemoved],
  );
  return removed.length === maxRemoved;
}

async function removeOldest(caller: string, query: Query): Promise<void> {
  await query(
    `DELETE FROM jobyard.bulk_preview WHERE token IN (
       SELECT p.token FROM (
         SELECT token, row_number() OVER newest AS place, sum(size) OVER newest AS size FROM jobyard.bulk_preview WHERE caller = $1
         WINDOW newest AS (ORDER BY created_at DESC, token)
       ) AS p WHERE p.place > 1 AND (p.place > $2 OR p.size > $3) AND ${isNotSelected}
     )`,
    [caller, maxPreviewsOfCaller, maxCharactersOfCaller],
  );
}

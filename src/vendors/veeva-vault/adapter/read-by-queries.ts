import type { CallContext } from '../../../jobs/adapter.ts';
import type { JobFields } from '../../../jobs/job.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { CancellingJobs } from './cancelling-jobs.ts';
import type { ReadDate } from './dates.ts';
import { toVaultId } from './job-id.ts';
import type { QueryResult, RunQuery } from './queries.ts';
import { fromHistory, fromInstance, selectHistories, selectInstances } from './query-rows.ts';
import type { ReadMode } from './read-mode.ts';
import { isFields, type VaultFields } from './wire.ts';

/** The parts that reads by queries need. */
export interface QueryParts {
  run: RunQuery;
  readDate: ReadDate;
  cancelling: CancellingJobs;
}

/** What queries showed of the requested jobs. */
export interface Queried {
  found: Map<string, JobFields>;
  /** Jobs whose row lacks what REST shows of a job in its status. */
  odd: Set<string>;
  /** In neither target. */
  missing: string[];
  /** Why the other jobs were not read. */
  obstacle: Exclude<QueryResult, { kind: 'rows' }> | null;
}

/** Queries the targets one after the other, the second only for jobs missing in the first, as a job may end in between. */
export async function queryJobs(
  { run, readDate, cancelling }: QueryParts,
  vendorIds: readonly string[],
  call: CallContext,
): Promise<Queried> {
  const queried: Queried = { found: new Map(), odd: new Set(), missing: [...vendorIds], obstacle: null };
  const now = new Date();
  const targets = [
    { select: selectInstances, toJob: (row: VaultFields) => fromInstance(row, readDate, now) },
    { select: selectHistories, toJob: (row: VaultFields) => fromHistory(row, readDate) },
  ];
  for (const { select, toJob } of targets) {
    if (queried.missing.length === 0) break;
    const result = await run(select(queried.missing), call);
    if (result.kind !== 'rows') {
      queried.obstacle = result;
      break;
    }
    takeRows(result.rows, toJob, queried, cancelling);
  }
  return queried;
}

function takeRows(
  rows: readonly unknown[],
  toJob: (row: VaultFields) => JobFields | null,
  queried: Queried,
  cancelling: CancellingJobs,
): void {
  const wanted = new Set(queried.missing);
  for (const row of rows) {
    const vendorId = isFields(row) ? toVaultId(row.id) : null;
    // A row without an ID belongs to no requested job: REST shows that job.
    if (!isFields(row) || vendorId === null || !wanted.has(vendorId)) continue;
    const job = toJob(row);
    if (job && !cancelling.isUnproven(job)) queried.found.set(vendorId, job);
    else queried.odd.add(vendorId);
  }
  queried.missing = queried.missing.filter((id) => !queried.found.has(id) && !queried.odd.has(id));
}

/** The types of jobs, without jobs whose type is not shown. */
export async function readTypes(
  parts: QueryParts & { mode: ReadMode },
  vendorIds: readonly string[],
  call: CallContext,
): Promise<Result<Map<string, string>>> {
  const { mode } = parts;
  if (vendorIds.length === 0 || !mode.usesQueries()) return succeed(new Map());
  const { found, obstacle } = await queryJobs(parts, vendorIds, call);
  if (obstacle?.kind === 'failed') return fail(obstacle.problem);
  if (obstacle) mode.avoidQueries(obstacle.isLasting);
  return succeed(new Map(Array.from(found.values()).flatMap(({ vendorId, type }) => (type === null ? [] : [[vendorId, type] as const]))));
}

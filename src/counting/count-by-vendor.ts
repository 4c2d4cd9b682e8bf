import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { CallContext, ListSource } from '../jobs/adapter.ts';
import type { JobFilter, SystemQuery } from '../jobs/filter.ts';
import { type JobStatus, jobStatuses } from '../jobs/job.ts';
import { asReadProblem, fail, type Result, succeed } from '../jobs/problem.ts';
import { filtersExactly } from '../listing/filters-exactly.ts';
import { listsOf } from '../reading/lists-of.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';

/** Which numbers of jobs a vendor counts itself. */
export interface VendorCounts {
  /** The lists whose counts add up to the number of all matching jobs. Null: the vendor doesn't count them. */
  all: readonly ListSource[] | null;
  /** The same for the matching jobs of each status. A status without lists has no jobs. */
  byStatus: ReadonlyMap<JobStatus, readonly ListSource[]>;
  /** The statuses of the query that the vendor doesn't count. */
  uncounted: readonly JobStatus[];
}

export interface CountQuery {
  system: ReadableSystem;
  filter: JobFilter;
  query: SystemQuery;
  call: CallContext;
}

/** More parts of one list than any vendor has. */
const maxParts = 10;

/** No I/O. */
export function findVendorCounts({ system, filter, query }: Omit<CountQuery, 'call'>): VendorCounts {
  const countsOf = (statuses: ReadonlySet<JobStatus> | null): ListSource[] | null => {
    const lists = listsOf(system, query).listJobs({ ...query, statuses });
    return lists.every((list) => list.counts && filtersExactly(system.adapter, list, filter)) ? lists : null;
  };
  const byStatus = new Map<JobStatus, ListSource[]>();
  const uncounted: JobStatus[] = [];
  for (const status of query.statuses ?? jobStatuses) {
    const lists = countsOf(new Set([status]));
    if (lists) byStatus.set(status, lists);
    else uncounted.push(status);
  }
  return { all: countsOf(query.statuses), byStatus, uncounted };
}

/** The requests that the counts of all statuses need; null: the vendor doesn't count them all. One status may be the rest of the others. */
export function requestsForStatuses({ all, byStatus, uncounted }: VendorCounts): number | null {
  if (uncounted.length > 1 || (uncounted.length === 1 && !all)) return null;
  const ofRest = uncounted.length === 1 ? (all ?? []) : [];
  return byStatus.values().reduce((sum, lists) => sum + lists.length, ofRest.length);
}

/** The vendor's count of all jobs of these lists. Null: a response doesn't contain it. */
export async function readCount(lists: readonly ListSource[], { system, call }: CountQuery): Promise<Result<number | null>> {
  const counts = await mapConcurrently(lists, system.concurrency, (list) => readListCount(list, call));
  let sum: number | null = 0;
  for (const count of counts) {
    if (!count.ok) return count;
    sum = sum === null || count.value === null ? null : sum + count.value;
  }
  return succeed(sum);
}

/** The vendor's counts of the jobs of each counted status. Null: a response doesn't contain one. */
export async function readStatusCounts(
  byStatus: VendorCounts['byStatus'],
  counted: CountQuery,
): Promise<Result<Map<JobStatus, number> | null>> {
  const counts = new Map<JobStatus, number>();
  const reads = await mapConcurrently([...byStatus], counted.system.concurrency, async ([status, lists]) => ({
    status,
    read: await readCount(lists, counted),
  }));
  for (const { status, read } of reads) {
    if (!read.ok) return read;
    if (read.value === null) return succeed(null);
    counts.set(status, read.value);
  }
  return succeed(counts);
}

/**
 * As `readStatusCounts`, for all statuses of the query. Of the status that the vendor doesn't count, there are no jobs if the others add up to
 * all jobs. Null also if they don't: there may be such jobs, or a job changed its status between two requests.
 */
export async function readAllStatusCounts(
  { all, byStatus, uncounted: [rest] }: VendorCounts,
  counted: CountQuery,
): Promise<Result<Map<JobStatus, number> | null>> {
  const counts = await readStatusCounts(byStatus, counted);
  if (rest === undefined || all === null || !counts.ok || counts.value === null) return counts;
  const sum = await readCount(all, counted);
  if (!sum.ok) return sum;
  const known = counts.value.values().reduce((total, count) => total + count, 0);
  return succeed(known === sum.value ? counts.value.set(rest, 0) : null);
}

/** One request per part, for one row. */
async function readListCount(list: ListSource, call: CallContext): Promise<Result<number | null>> {
  let sum = 0;
  let part: string | null = null;
  for (let parts = 0; parts < maxParts; parts += 1) {
    const page = await list.readPage({ part, row: 0 }, 1, call);
    if (!page.ok) return fail(asReadProblem(page.problem));
    const { total, nextPart } = page.value;
    if (total === null || !Number.isSafeInteger(total) || total < 0) return succeed(null);
    sum += total;
    // If rows aren't numbered, the total is that of the whole list.
    if (nextPart === null || !list.numbered) return succeed(sum);
    part = nextPart;
  }
  return succeed(null);
}

import { toQuery } from '../jobs/filter.ts';
import type { JobStatus } from '../jobs/job.ts';
import type { Problem, ProblemCode, Result } from '../jobs/problem.ts';
import { listOnlyCodes, scanOrderOf } from '../listing/walk-rows.ts';
import { listsOf } from '../reading/lists-of.ts';
import { type Cell, type CountedFact, toExactCell } from './cell.ts';
import { countByScan, type ScanEnd, type ScanOptions } from './count-by-scan.ts';
import {
  type CountQuery,
  findVendorCounts,
  readAllStatusCounts,
  readCount,
  readStatusCounts,
  requestsForStatuses,
  type VendorCounts,
} from './count-by-vendor.ts';
import type { SystemCount } from './system-count.ts';
import type { Tally } from './tally.ts';

type Counted = Pick<SystemCount, 'cells' | 'precision' | 'problem'>;

export interface CountOptions extends Omit<CountQuery, 'query'> {
  by: ReadonlySet<CountedFact>;
  /** Shows how far counting has come, if it is interrupted. */
  tally: Tally;
}

/**
 * Counts the matching jobs of one system: by the vendor's own counts if the vendor has them and they need fewer requests than reading all
 * matching jobs, otherwise by reading the jobs.
 */
export async function countSystem(options: CountOptions): Promise<Counted> {
  const { system, filter, by, call } = options;
  const query = toQuery(system, filter, scanOrderOf(filter));
  if (!query) return { cells: [], precision: 'EXACT', problem: null };
  const counted: CountQuery = { system, filter, query, call };
  const isByStatus = by.size === 1 && by.has('status');
  if (by.size > 0 && !isByStatus) return scanned(options, await countByScan({ ...options, query }));
  // If the lists are unknown, the scan reports why.
  const vendor = (await listsOf(system, query).findLists?.(call)) ? null : findVendorCounts(counted);
  return isByStatus ? countStatuses({ ...options, query }, vendor) : countAll({ ...options, query }, vendor?.all ?? null);
}

/** The number of all matching jobs. */
async function countAll(options: ScanOptions, lists: VendorCounts['all']): Promise<Counted> {
  const own = lists && (await readCount(lists, options));
  if (own?.ok && own.value !== null) return exactly([toExactCell(own.value)]);
  return failedAsWhole(own, options) ?? scanned(options, await countByScan(options));
}

async function countStatuses(options: ScanOptions, vendor: VendorCounts | null): Promise<Counted> {
  const requests = vendor && requestsForStatuses(vendor);
  if (!vendor || requests === null) return refine(options, vendor, await countByScan(options));
  // A scan needs at least a request per list.
  const isCheapest = requests <= (vendor.all?.length ?? 0);
  const end = isCheapest ? 'ABANDONED' : await countByScan({ ...options, maxRequestsLeft: requests });
  if (end !== 'ABANDONED') return refine(options, vendor, end);
  const own = await readAllStatusCounts(vendor, options);
  if (own.ok && own.value) return exactly(Array.from(own.value, ([status, count]) => toExactCell(count, { status })));
  return failedAsWhole(own, options) ?? refine(options, vendor, await countByScan(options));
}

/** The result of a scan by status. If the scan was cut off, the vendor's own counts replace those of the scan, as far as there are any. */
async function refine(options: ScanOptions, vendor: VendorCounts | null, end: ScanEnd): Promise<Counted> {
  const result = scanned(options, end);
  if (!vendor || result.problem?.code !== 'SCAN_LIMIT_REACHED') return result;
  const own = await readStatusCounts(vendor.byStatus, options);
  const counts = own.ok && own.value ? own.value : new Map<JobStatus, number>();
  const others = result.cells.filter(({ status }) => status !== null && !counts.has(status));
  return { ...result, cells: [...others, ...Array.from(counts, ([status, count]) => toExactCell(count, { status }))] };
}

function scanned({ tally }: Pick<ScanOptions, 'tally'>, end: ScanEnd): Counted {
  return interrupted(tally, end === 'ABANDONED' ? null : end);
}

/** Problems with which jobs were read, if any match or not. */
const partialCodes: ReadonlySet<ProblemCode> = new Set(['SCAN_LIMIT_REACHED', 'INCOMPLETE_LIST']);

/** What was counted until the problem; null: everything was counted. */
export function interrupted(tally: Tally, problem: Problem | null): Counted {
  const cells = tally.cells(problem === null);
  if (problem === null) return { cells, precision: 'EXACT', problem };
  return { cells, precision: cells.length > 0 || partialCodes.has(problem.code) ? 'AT_LEAST' : 'UNKNOWN', problem };
}

/** The result if the system failed, so that a scan would fail, too; else null. */
function failedAsWhole(read: Result<unknown> | null, { tally }: ScanOptions): Counted | null {
  return !read || read.ok || listOnlyCodes.has(read.problem.code) ? null : interrupted(tally, read.problem);
}

function exactly(cells: readonly Cell[]): Counted {
  return { cells, precision: 'EXACT', problem: null };
}

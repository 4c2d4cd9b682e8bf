import type { Call, JobQuery, ListPage, ListSource, ReadResult } from '../../jobs/adapter.ts';
import { createProblem, fail, type Outcome, succeed } from '../../jobs/problem.ts';
import type { Calls, ListRequest } from './calls.ts';
import { toJobFields, toVendorStatuses } from './map.ts';

/** Kylin sets no limit; each row costs it a parsed job definition. */
const largestPage = 500;
/** A row number times its page size must stay a 32-bit integer. */
const lastRow = 1_000_000_000;

/** Types that every Kylin 5 knows: it refuses a list that names an unknown one. */
const filterableTypes: ReadonlySet<string> = new Set([
  'INDEX_BUILD',
  'INC_BUILD',
  'INDEX_REFRESH',
  'INDEX_MERGE',
  'SUB_PARTITION_BUILD',
  'SUB_PARTITION_REFRESH',
  'SNAPSHOT_BUILD',
  'SNAPSHOT_REFRESH',
  'TABLE_SAMPLING',
]);

/** What is known of the server, or of a gateway before it. */
export interface PageLimit {
  /** The most rows that it returns at once. */
  rows: number;
}

export function createPageLimit(): PageLimit {
  return { rows: largestPage };
}

/** The one list, over all projects; none where no job of Kylin's can match. */
export function createListSources(calls: Calls, query: JobQuery, limit: PageLimit): ListSource[] {
  const statuses = query.statuses && toVendorStatuses(query.statuses);
  if (statuses?.length === 0) return [];
  const types = query.types?.every((type) => filterableTypes.has(type)) ? query.types : null;
  const isUnfiltered = (condition: unknown): boolean => condition === null;
  const exact =
    (statuses !== null || query.statuses === null) &&
    (types !== null || query.types === null) &&
    [query.owners, query.scopes, query.text, query.createdFrom, query.createdTo].every(isUnfiltered);
  const byCreation = query.order?.field === 'CREATED_AT';
  const filters = { statuses, types, sortBy: byCreation ? 'create_time' : 'id', descending: query.order?.direction === 'DESC' } as const;
  return [
    {
      name: 'jobs',
      // Kylin sorts by one column. Ids are unique; times of creation are not, and early 5.0 cuts them to whole seconds.
      order: byCreation ? { by: 'QUERY', precisionMs: 1_000 } : { by: 'FIXED' },
      exact,
      numbered: true,
      readPage: ({ row }, count, call) => readPage(calls, filters, limit, Math.min(row, lastRow), count, call),
    },
  ];
}

/** Reads a page that Kylin, which counts in pages of one size, may have to begin a few rows earlier and end a few rows later. */
async function readPage(
  calls: Calls,
  filters: Pick<ListRequest, 'statuses' | 'types' | 'sortBy' | 'descending'>,
  limit: PageLimit,
  row: number,
  count: number,
  call: Call,
): Promise<Outcome<ListPage>> {
  const { pageNumber, pageSize } = findPage(row, Math.max(1, count), limit.rows);
  const reply = await calls.listJobs({ ...filters, pageNumber, pageSize }, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  // The answer tells the page and its size as they were applied.
  const { value: rows, total_size: total, offset, limit: applied } = reply.value;
  const appliedSize = applied && applied > 0 ? applied : pageSize;
  if (appliedSize < pageSize) limit.rows = Math.min(limit.rows, appliedSize);
  return succeed({
    rows: rows.map(toJobFields),
    firstRow: (offset ?? pageNumber) * appliedSize,
    limit: appliedSize,
    total: total ?? null,
    nextPart: null,
    frontier: null,
  });
}

/** The smallest of Kylin's pages that holds these rows: at most about twice as many. If they are too many for one page, the page that begins them. */
function findPage(row: number, count: number, largest: number): { pageNumber: number; pageSize: number } {
  const end = row + Math.min(count, largest);
  let pageSize = end - row;
  while (pageSize < largest && Math.floor(row / pageSize) !== Math.floor((end - 1) / pageSize)) pageSize += 1;
  return { pageNumber: Math.floor(row / pageSize), pageSize };
}

/** One job, found by its id. */
export async function getJob(systemId: string, calls: Calls, vendorId: string, call: Call): Promise<ReadResult> {
  const reply = await calls.findJob(vendorId, call);
  if (reply.kind !== 'value') return { kind: 'problem', problem: reply.problem };
  const rows = reply.value.value;
  const job = rows.find(({ id }) => id === vendorId);
  if (job) return { kind: 'job', job: toJobFields(job) };
  // Rows without the id are of a model, table or project with that name: then the ids were not searched.
  if (rows.every(({ id }) => id.includes(vendorId))) return { kind: 'absent' };
  const message = `${systemId} can't tell whether it has this job: it takes the id for the name of a model, table or project.`;
  return { kind: 'problem', problem: createProblem('BAD_VENDOR_ANSWER', message) };
}

import type { Call, JobQuery, ListSource, ReadResult } from '../../jobs/adapter.ts';
import type { JobFields } from '../../jobs/job.ts';
import { createProblem, fail, succeed } from '../../jobs/problem.ts';
import type { Calls } from './calls.ts';
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

/** The one list, over all projects; none where no job of Kylin's can match. */
export function createListSources(calls: Calls, query: JobQuery): ListSource[] {
  const statuses = query.statuses && toVendorStatuses(query.statuses);
  if (statuses?.length === 0) return [];
  const types = query.types?.every((type) => filterableTypes.has(type)) ? query.types : null;
  const isUnfiltered = (condition: unknown): boolean => condition === null;
  return [
    {
      name: 'jobs',
      ordered: query.order.field === 'CREATED_AT',
      exact:
        (statuses !== null || query.statuses === null) &&
        (types !== null || query.types === null) &&
        [query.owners, query.text, query.createdFrom, query.createdTo].every(isUnfiltered),
      readPage: (at, size, call) => readPage(calls, { query, statuses, types }, toRow(at), size, call),
    },
  ];
}

interface Pushed {
  query: JobQuery;
  statuses: readonly string[] | null;
  types: readonly string[] | null;
}

/** Positions are row numbers, so that they hold for pages of any size; Kylin itself counts in pages. */
async function readPage(
  calls: Calls,
  { query, statuses, types }: Pushed,
  row: number,
  size: number,
  call: Call,
): ReturnType<ListSource['readPage']> {
  const ordered = query.order.field === 'CREATED_AT';
  // A list that must be read to its end anyway starts with the newest, and takes the fewest requests.
  const descending = !ordered || query.order.direction === 'DESC';
  const pageSize = ordered ? Math.max(1, Math.min(size, largestPage)) : largestPage;
  const pageNumber = Math.floor(row / pageSize);
  const reply = await calls.listJobs({ statuses, types, descending, pageNumber, pageSize }, call);
  if (reply.kind !== 'value') return fail(reply.problem);

  const { value: rows, total_size: totalCount } = reply.value;
  const firstRow = pageNumber * pageSize;
  const nextRow = firstRow + rows.length;
  const jobs = rows.slice(row - firstRow).map(toJobFields);
  const endOfList = Math.max(0, (totalCount ?? 0) - pageSize);
  // So many jobs were deleted that the list ends before this row: those that were to come here have moved forward.
  if (jobs.length === 0 && endOfList < row) return readPage(calls, { query, statuses, types }, endOfList, size, call);
  const hasMore = rows.length >= pageSize && nextRow < (totalCount ?? lastRow) && !isBeyond(jobs.at(-1), descending, query);
  return succeed({
    jobs,
    next: hasMore ? String(nextRow) : null,
    previous: row > 0 ? String(Math.max(0, row - pageSize)) : null,
    totalCount: totalCount ?? null,
  });
}

/** Whether all rows after this one were created outside the time asked for, which Kylin can't filter by. */
function isBeyond(last: JobFields | undefined, descending: boolean, { createdFrom, createdTo }: JobQuery): boolean {
  const createdAt = last?.createdAt;
  if (!createdAt) return false;
  return descending ? createdFrom !== null && createdAt < createdFrom : createdTo !== null && createdAt > createdTo;
}

/** Positions come from cursors, which callers hold: one that can't be ours starts at the beginning. */
function toRow(at: string | null): number {
  const row = Number(at);
  return Number.isInteger(row) && row >= 0 && row <= lastRow ? row : 0;
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

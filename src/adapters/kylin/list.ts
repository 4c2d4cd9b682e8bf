import type { Call, JobQuery, ListSource } from '../../jobs/adapter.ts';
import type { JobFields } from '../../jobs/job.ts';
import { fail, succeed } from '../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toListRow, toVendorStatuses } from './map.ts';
import { jobOf } from './read.ts';

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
  const exact =
    (statuses !== null || query.statuses === null) &&
    (types !== null || query.types === null) &&
    [query.owners, query.text, query.createdFrom, query.createdTo].every(isUnfiltered);
  return [
    {
      name: 'jobs',
      ordered: query.order.field === 'CREATED_AT',
      exact,
      readPage: (at, size, call) => readPage(calls, { query, statuses, types, exact }, toPosition(at), size, call),
    },
  ];
}

interface Pushed {
  query: JobQuery;
  statuses: readonly string[] | null;
  types: readonly string[] | null;
  /** They are all conditions of the query. */
  exact: boolean;
}

/** A row number, so that it holds for pages of any size. */
interface Position {
  row: number;
  /** The row before it when the position was handed out: where that has moved to, the following rows have too. Null: not known. */
  lastId: string | null;
}

/** Reads a page that Kylin, which counts in pages of one size, may have to begin a few rows earlier and end a few rows later. */
async function readPage(
  calls: Calls,
  pushed: Pushed,
  { row, lastId }: Position,
  size: number,
  call: Call,
): ReturnType<ListSource['readPage']> {
  const { query, statuses, types, exact } = pushed;
  const ordered = query.order.field === 'CREATED_AT';
  // A list that must be read to its end anyway starts with the newest, and takes the fewest requests.
  const descending = !ordered || query.order.direction === 'DESC';
  // Where the core picks the matches, the pages grow on the way to them.
  const wanted = ordered ? Math.max(1, Math.min(exact ? size : Math.max(size, row), largestPage)) : largestPage;
  const { pageNumber, pageSize } = findPage(ordered && lastId !== null ? row - 1 : row, row + wanted);
  const reply = await calls.listJobs({ project: null, statuses, types, descending, pageNumber, pageSize }, call);
  if (reply.kind !== 'value') return fail(reply.problem);

  const { total_size: totalCount } = reply.value;
  const rows = reply.value.value.map((row, index) => jobOf(toListRow(row, { systemId: 'kylin', index })));
  const firstRow = pageNumber * pageSize;
  // What follows the last row that was handed out follows it still, wherever that row is now.
  const lastIndex = lastId === null ? -1 : rows.findIndex((row) => row?.vendorId === lastId);
  const start = lastIndex < 0 ? row - firstRow : lastIndex + 1;
  const taken = rows.slice(start, start + wanted);
  const endOfList = Math.max(0, (totalCount ?? 0) - pageSize);
  // So many jobs were deleted that the list ends before this row: those that were to come here have moved forward.
  if (lastIndex < 0 && taken.length === 0 && endOfList < row) {
    return readPage(calls, pushed, { row: endOfList, lastId: null }, size, call);
  }
  const jobs = taken.filter((row) => row !== null);
  const isLeft = start + wanted < rows.length;
  const nextRow = firstRow + (isLeft ? start + wanted : Math.max(rows.length, pageSize));
  // A page that is short ends the list only where the count says so too: Kylin may have left out a row.
  const isMore = isLeft || nextRow < (totalCount ?? (rows.length < pageSize ? 0 : lastRow));
  const last = jobs.at(-1) ?? rows.findLast((row) => row !== null);
  return succeed({
    jobs,
    next: last && isMore && !isBeyond(jobs.at(-1), descending, query) ? `${nextRow}:${last.vendorId}` : null,
    previous: lastIndex < 0 && row > 0 ? String(Math.max(0, row - pageSize)) : null,
    totalCount: totalCount ?? null,
  });
}

/** The smallest of Kylin's pages that holds these rows (`end` is not among them): at most about twice as many. */
function findPage(start: number, end: number): { pageNumber: number; pageSize: number } {
  let pageSize = end - start;
  while (Math.floor(start / pageSize) !== Math.floor((end - 1) / pageSize)) pageSize += 1;
  return { pageNumber: Math.floor(start / pageSize), pageSize };
}

/** Whether all rows after this one were created outside the time asked for, which Kylin can't filter by. */
function isBeyond(last: JobFields | undefined, descending: boolean, { createdFrom, createdTo }: JobQuery): boolean {
  const createdAt = last?.createdAt;
  if (!createdAt) return false;
  return descending ? createdFrom !== null && createdAt < createdFrom : createdTo !== null && createdAt > createdTo;
}

/** Positions come from cursors, which callers hold: one that can't be ours starts at the beginning. */
function toPosition(at: string | null): Position {
  const [, digits, lastId] = /^(\d{1,10})(?::(.+))?$/s.exec(at ?? '') ?? [];
  const row = Number(digits ?? 0);
  return row > 0 && row <= lastRow ? { row, lastId: lastId ?? null } : { row: 0, lastId: null };
}

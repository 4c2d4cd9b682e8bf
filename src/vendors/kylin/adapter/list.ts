import type { CallContext, JobQuery, ListPage, ListSource } from '../../../jobs/adapter.ts';
import { createFailedList } from '../../../jobs/failed-list.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { ListRequest } from './calls.ts';
import { projectUnknownCode } from './errors.ts';
import { toListRow, toVendorStatuses } from './map.ts';
import type { Selection } from './project-discovery.ts';
import { describeLeftOut, jobOf, type Reads } from './read.ts';

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

/** With more projects than this in a filter, the list of all projects takes fewer requests. */
const maxScopes = 10;

/** The list of all projects. */
const globalList = 'jobs';

/** The most rows that the server, or a gateway in front of it, returns at once. What a response shows of it is kept for 10 minutes. */
export interface PageLimit {
  rows(): number;
  learn(rows: number): void;
}

const keptLimitMs = 10 * 60_000;

export function createPageLimit(nowMs: () => number = Date.now): PageLimit {
  let learned = { rows: largestPage, atMs: 0 };
  const rows = (): number => (nowMs() - learned.atMs < keptLimitMs ? learned.rows : largestPage);
  return {
    rows,
    learn(shown) {
      if (shown < rows()) learned = { rows: shown, atMs: nowMs() };
    },
  };
}

/** What one reading of a list has shown of a gateway that returns fewer rows than the answer says. */
interface Received {
  maxRows: number;
  isCapped: boolean;
}

/** One list over all projects, or one of each if they are asked one by one or the query names few; none if no job of Kylin's can match. */
export function createListSources(reads: Reads, query: JobQuery, limit: PageLimit, selection: Selection | null): ListSource[] {
  const statuses = query.statuses && toVendorStatuses(query.statuses);
  if (statuses?.length === 0) return [];
  const types = query.types?.every((type) => filterableTypes.has(type)) ? query.types : null;
  const isUnfiltered = (condition: unknown): boolean => condition === null;
  const exact =
    (statuses !== null || query.statuses === null) &&
    (types !== null || query.types === null) &&
    [query.owners, query.text, query.createdFrom, query.createdTo].every(isUnfiltered);
  const byCreation = query.order?.field === 'CREATED_AT';
  const filters = { statuses, types, sortBy: byCreation ? 'create_time' : 'id', descending: query.order?.direction === 'DESC' } as const;

  const lists = chooseProjects(query.scopes, selection, reads.projects.mayNameAny()).map((project): ListSource => {
    const received = { maxRows: 0, isCapped: false };
    return {
      name: project === null ? globalList : `project:${project}`,
      ...(project !== null && { partOf: globalList }),
      // Kylin sorts by one column. Ids are unique; times of creation are not, and early 5.0 cuts them to whole seconds.
      order: byCreation ? { by: 'QUERY', precisionMs: 1_000 } : { by: 'FIXED' },
      // Rows show the project in its own spelling.
      exact: exact && (query.scopes === null || (project !== null && query.scopes.includes(project))),
      numbered: true,
      readPage: ({ row }, count, call) => readPage(reads, { ...filters, project }, limit, received, Math.min(row, lastRow), count, call),
    };
  });
  const isCut = selection !== null && selection.leftOut > 0 && query.scopes === null;
  return isCut ? [...lists, createFailedList('projects left out', describeLeftOut(reads.systemId, selection))] : lists;
}

/** The projects to list one by one; null stands for all of them in one list. */
function chooseProjects(scopes: readonly string[] | null, selection: Selection | null, mayNameAny: boolean): readonly (string | null)[] {
  if (scopes === null) return selection?.names ?? [null];
  // Kylin finds a project in any spelling.
  const wanted = new Map(scopes.map((scope) => [scope.toLowerCase(), scope]));
  if (selection?.leftOut === 0) return selection.names.filter((name) => wanted.has(name.toLowerCase()));
  return selection || (mayNameAny && wanted.size <= maxScopes) ? [...wanted.values()] : [null];
}

/** Reads a page that Kylin, which counts in pages of one size, may have to begin a few rows earlier and end a few rows later. */
async function readPage(
  { systemId, calls, projects }: Reads,
  filters: Pick<ListRequest, 'project' | 'statuses' | 'types' | 'sortBy' | 'descending'>,
  limit: PageLimit,
  received: Received,
  row: number,
  count: number,
  call: CallContext,
): Promise<Result<ListPage>> {
  const { project } = filters;
  const { pageNumber, pageSize } = findPage(
    row,
    Math.max(1, count),
    received.isCapped ? Math.min(limit.rows(), received.maxRows) : limit.rows(),
  );
  const reply = await calls.listJobs({ ...filters, pageNumber, pageSize }, call);
  projects.learn(project, reply);
  if (reply.kind !== 'value') {
    const isUnknown = reply.kind === 'rejected' && reply.vendorCode === projectUnknownCode;
    // No project of the name that a filter asks for: no job matches.
    return isUnknown && !projects.selected() ? succeed(emptyPage(row)) : fail(reply.problem);
  }
  // The answer tells the page and its size as they were applied.
  const { value: rows, total_size: total, offset, limit: applied } = reply.value;
  const appliedSize = applied && applied > 0 ? applied : pageSize;
  if (appliedSize < pageSize) limit.learn(appliedSize);
  const firstRow = (offset ?? pageNumber) * appliedSize;
  received.maxRows = Math.max(received.maxRows, rows.length);
  received.isCapped ||= rows.length > 0 && rows.length < Math.min(appliedSize, (total ?? 0) - firstRow);
  const listed = rows.map((fields, index) => toListRow(fields, { systemId, project, index }));
  if (project !== null)
    for (const { vendorId } of listed.flatMap((listedRow) => jobOf(listedRow) ?? [])) projects.recordHome(vendorId, project);
  return succeed({
    rows: listed,
    firstRow,
    limit: appliedSize,
    total: total ?? null,
    nextPart: null,
    frontier: null,
  });
}

function emptyPage(firstRow: number): ListPage {
  return { rows: [], firstRow, limit: 1, total: 0, nextPart: null, frontier: null };
}

/**
 * Of Kylin's pages, which begin at a multiple of their size, the one that holds the most of these rows, counted from the first of them; of
 * equals the smallest, which has at most about twice as many rows. A page of the largest size alone would never begin near the end of another one.
 */
function findPage(row: number, count: number, largest: number): { pageNumber: number; pageSize: number } {
  let best = { pageNumber: row, pageSize: 1 };
  let bestEnd = row + 1;
  for (let pageSize = 2; pageSize <= largest && bestEnd < row + count; pageSize += 1) {
    const pageNumber = Math.floor(row / pageSize);
    const end = Math.min(row + count, (pageNumber + 1) * pageSize);
    if (end > bestEnd) {
      best = { pageNumber, pageSize };
      bestEnd = end;
    }
  }
  return best;
}

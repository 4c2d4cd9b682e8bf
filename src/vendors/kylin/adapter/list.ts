import type { CallContext, JobQuery, ListPage, ListSource } from '../../../jobs/adapter.ts';
import { createFailedList } from '../../../jobs/failed-list.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { ListRequest } from './calls.ts';
import { projectUnknownCode } from './errors.ts';
import { toListRow, toVendorStatuses } from './map.ts';
import type { Selection } from './project-discovery.ts';
import { describeLeftOut, jobOf, type Reads } from './read.ts';

/** Kylin sets no limit, but parses a job definition for each row. */
const maxPageRows = 500;
/** Kylin computes row numbers as 32-bit integers. */
const lastRow = 1_000_000_000;

/** The types of all Kylin 5 versions: Kylin rejects a list that names an unknown one. */
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

/** With more projects than this in a filter, the list of all projects needs fewer requests. */
const maxScopes = 10;

/** The list of all projects. */
const globalList = 'jobs';

/** The maximum number of rows that the server, or a gateway in front of it, returns at once. Kept for 10 minutes. */
export interface PageLimit {
  rows(): number;
  learn(rows: number): void;
}

const keptLimitMs = 10 * 60_000;

export function createPageLimit(nowMs: () => number = Date.now): PageLimit {
  let learned = { rows: maxPageRows, atMs: 0 };
  const rows = (): number => (nowMs() - learned.atMs < keptLimitMs ? learned.rows : maxPageRows);
  return {
    rows,
    learn(shown) {
      if (shown < rows()) learned = { rows: shown, atMs: nowMs() };
    },
  };
}

/** What the pages of one list have shown about a gateway that returns fewer rows than the response claims. */
interface Received {
  maxRows: number;
  isCapped: boolean;
}

/** One list of all projects, or one for each project if Kylin requires it or the query names few. None if no job of Kylin can match. */
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
      // Kylin sorts by one column. IDs are unique; times of creation are not, and early 5.0 truncates them to whole seconds.
      order: byCreation ? { by: 'QUERY', precisionMs: 1_000, everyJobHasTime: true } : { by: 'FIXED' },
      // Rows show the project in Kylin's spelling.
      exact: exact && (query.scopes === null || (project !== null && query.scopes.includes(project))),
      counts: true,
      numbered: true,
      readPage: ({ row }, count, call) => readPage(reads, { ...filters, project }, limit, received, Math.min(row, lastRow), count, call),
    };
  });
  const isCut = selection !== null && selection.leftOut > 0 && query.scopes === null;
  return isCut ? [...lists, createFailedList('projects left out', describeLeftOut(reads.systemId, selection))] : lists;
}

/** The projects to list one by one; null: one list of all projects. */
function chooseProjects(scopes: readonly string[] | null, selection: Selection | null, mayNameAny: boolean): readonly (string | null)[] {
  if (scopes === null) return selection?.names ?? [null];
  // Kylin ignores the case of a project's name.
  const wanted = new Map(scopes.map((scope) => [scope.toLowerCase(), scope]));
  if (selection?.leftOut === 0) return selection.names.filter((name) => wanted.has(name.toLowerCase()));
  return selection || (mayNameAny && wanted.size <= maxScopes) ? [...wanted.values()] : [null];
}

/** Reads a page. As Kylin counts in pages of one size, the response may begin before the row and end after the last one. */
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
    // No project has the name in the filter: no job matches.
    return isUnknown && !projects.selected() ? succeed(emptyPage(row)) : fail(reply.problem);
  }
  // The response shows the page and its size as Kylin applied them.
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
 * Finds the page with the most of these rows, counted from the first one. Kylin's pages begin at a multiple of their size. If several pages
 * have as many rows, the smallest one, which has at most about twice as many rows as needed.
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

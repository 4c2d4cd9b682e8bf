import type { Call, JobQuery, ListPage, ListSource } from '../../jobs/adapter.ts';
import type { JobStatus } from '../../jobs/job.ts';
import { createProblem, fail, type Outcome, type Problem, succeed } from '../../jobs/problem.ts';
import type { Calls, ListParameters } from './calls.ts';
import type { Failure } from './errors.ts';
import { filterableTypes } from './job-types.ts';
import { statuses, toListRow } from './map.ts';

/** AODocs documents no bound; its own default is 50. */
const largestPage = 100;
/** What the adapter contract allows. */
const longestPosition = 1_000;

interface Library {
  systemId: string;
  calls: Calls;
  libraryId: string;
}

/** AODocs lists the jobs of one library at a time. Null: the query wants only statuses that its jobs never have. */
export function createListSource(library: Library, query: JobQuery): ListSource | null {
  const wantedWords = toStatusWords(query.statuses);
  if (wantedWords?.length === 0) return null;
  const type = only(query.types);
  const user = only(query.owners);
  const isByEnd = query.order.field === 'FINISHED_AT';
  const filters = {
    status: only(wantedWords),
    type: type !== undefined && filterableTypes.has(type) ? type : undefined,
    // What the server makes of words that are no address is not documented.
    user: user?.includes('@') ? user : undefined,
    orderBy: query.order.direction === 'ASC' && !isByEnd ? 'started asc' : 'started desc',
  } as const;
  return {
    name: library.libraryId,
    // Ordered by `lastActivity`, a job that goes on while pages are read would jump over the reader.
    ordered: !isByEnd,
    exact: isExact(query, filters),
    readPage: (at, size, call) => readPage(library, filters, at, size, call),
  };
}

/** The cheapest request that needs the credentials: one row. Null: it was answered. */
export async function checkLibrary(library: Library, call: Call): Promise<Problem | null> {
  const reply = await library.calls.listJobs(library.libraryId, { pageSize: 1 }, call);
  return reply.kind === 'value' ? null : toProblem(reply, library);
}

async function readPage(
  library: Library,
  filters: Omit<ListParameters, 'pageSize' | 'pageToken'>,
  at: string | null,
  size: number,
  call: Call,
): Promise<Outcome<ListPage>> {
  const { pageSize, pageToken } = at === null ? { pageSize: toPageSize(size), pageToken: undefined } : readPosition(at);
  const reply = await library.calls.listJobs(library.libraryId, { ...filters, pageSize, pageToken }, call);
  if (reply.kind !== 'value') return fail(toProblem(reply, library));

  const { jobList, nextPageToken } = reply.value;
  const next = nextPageToken ? writePosition(pageSize, nextPageToken) : null;
  // The same page again would never end.
  if (next !== null && (next === at || next.length > longestPosition)) return fail(uselessToken(library));
  const { systemId, libraryId } = library;
  const rows = (jobList ?? []).map((row, index) => toListRow(row, { systemId, libraryId, index }));
  return succeed({ jobs: rows.flatMap((row) => ('problem' in row ? (row.job ?? []) : row)), next, previous: null, totalCount: null });
}

/** AODocs' words for the wanted statuses; null where jobs of any status or of unknown ones may match. */
function toStatusWords(wanted: ReadonlySet<JobStatus> | null): string[] | null {
  if (!wanted || wanted.has('UNKNOWN')) return null;
  return [...statuses].filter(([, status]) => wanted.has(status)).map(([word]) => word);
}

/** Each of AODocs' filters takes one value. */
function only(values: readonly string[] | null): string | undefined {
  return values !== null && new Set(values).size === 1 ? values[0] : undefined;
}

/** A filter by owner never is: whether AODocs heeds the letter case of addresses is not documented. */
function isExact(query: JobQuery, { status, type }: Pick<ListParameters, 'status' | 'type'>): boolean {
  if ((query.statuses && !status) || (query.types && !type)) return false;
  return [query.owners, query.text, query.createdFrom, query.createdTo].every((condition) => condition === null);
}

/** A token is good only with the parameters that it came from, the page size among them: a position holds both. */
function writePosition(pageSize: number, pageToken: string): string {
  return `${pageSize}:${pageToken}`;
}

function readPosition(position: string): { pageSize: number; pageToken: string } {
  const colon = position.indexOf(':');
  return { pageSize: toPageSize(Number(position.slice(0, colon))), pageToken: position.slice(colon + 1) };
}

function toPageSize(size: number): number {
  return size >= 1 ? Math.min(largestPage, Math.floor(size)) : largestPage;
}

function toProblem(failure: Failure, { systemId, libraryId }: Library): Problem {
  if (failure.kind !== 'absent') return failure.problem;
  return createProblem(
    'BAD_VENDOR_ANSWER',
    `${systemId} has no library "${libraryId}" (HTTP 404): correct libraries in its configuration.`,
  );
}

function uselessToken({ systemId, libraryId }: Library): Problem {
  return createProblem('BAD_VENDOR_ANSWER', `${systemId} gave no usable token for the next page of library "${libraryId}".`);
}

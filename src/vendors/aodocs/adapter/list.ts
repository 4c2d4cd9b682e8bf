import type { CallContext, JobQuery, ListPage, ListSource } from '../../../jobs/adapter.ts';
import type { JobStatus } from '../../../jobs/job.ts';
import { maxPartLength } from '../../../jobs/list-position.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls, ListParameters } from './calls.ts';
import type { Failure } from './errors.ts';
import { filterableTypes } from './job-types.ts';
import { statuses, toListRow } from './map.ts';

/** AODocs documents no maximum; its default is 50. */
const maxPageRows = 100;
/** AODocs doesn't document how precisely it compares times. */
const precisionMs = 1_000;

/** The configured libraries of one system. */
export interface Libraries {
  systemId: string;
  calls: Calls;
  libraries: readonly [string, ...string[]];
}

interface Library {
  systemId: string;
  calls: Calls;
  libraryId: string;
}

/** One list for each library that the query can match. None if AODocs' jobs never have the statuses of the query. */
export function createListSources({ systemId, calls, libraries }: Libraries, query: JobQuery): ListSource[] {
  const wantedWords = toStatusWords(query.statuses);
  if (wantedWords?.length === 0) return [];
  const asked = query.scopes ? libraries.filter((libraryId) => query.scopes?.includes(libraryId)) : libraries;
  return asked.map((libraryId) => createListSource({ systemId, calls, libraryId }, query, wantedWords));
}

function createListSource(library: Library, query: JobQuery, wantedWords: readonly string[] | null): ListSource {
  const type = only(query.types);
  const user = only(query.owners);
  // AODocs can't sort by the end. Sorted by `lastActivity`, a job that changes between two pages might be skipped.
  const isByStart = query.order !== null && query.order.field !== 'FINISHED_AT';
  const filters = {
    status: only(wantedWords),
    type: type !== undefined && filterableTypes.has(type) ? type : undefined,
    // AODocs doesn't document what it does with a text that is not an email address.
    user: user?.includes('@') ? user : undefined,
    orderBy: query.order?.direction === 'ASC' && isByStart ? 'started asc' : 'started desc',
  } as const;
  return {
    name: library.libraryId,
    order: isByStart ? { by: 'QUERY', precisionMs, everyJobHasTime: true } : { by: 'FIXED' },
    exact: isExact(query, filters),
    numbered: false,
    readPage: ({ part }, count, call) => readPage(library, filters, part, count, call),
  };
}

async function readPage(
  library: Library,
  filters: Omit<ListParameters, 'pageSize' | 'pageToken'>,
  part: string | null,
  count: number,
  call: CallContext,
): Promise<Result<ListPage>> {
  const { pageSize, pageToken } = part === null ? { pageSize: toPageSize(count), pageToken: undefined } : readPart(part);
  const reply = await library.calls.listJobs(library.libraryId, { ...filters, pageSize, pageToken }, call);
  if (reply.kind !== 'value') return fail(toListProblem(reply, library));

  const { jobList, nextPageToken } = reply.value;
  const nextPart = nextPageToken ? writePart(pageSize, nextPageToken) : null;
  // Reading the same page again would never end.
  if (nextPart !== null && (nextPart === part || nextPart.length > maxPartLength)) return fail(unusableToken(library));
  const { systemId, libraryId } = library;
  const rows = (jobList ?? []).map((row, index) => toListRow(row, { systemId, libraryId, index }));
  return succeed({ rows, firstRow: 0, limit: null, total: null, nextPart, frontier: null });
}

/** AODocs' words for the wanted statuses; null if jobs of any or unknown status may match. */
function toStatusWords(wanted: ReadonlySet<JobStatus> | null): string[] | null {
  if (!wanted || wanted.has('UNKNOWN')) return null;
  return [...statuses].filter(([, status]) => wanted.has(status)).map(([word]) => word);
}

/** Each of AODocs' filters accepts one value. */
function only(values: readonly string[] | null): string | undefined {
  return values !== null && new Set(values).size === 1 ? values[0] : undefined;
}

/** A filter by owner is never exact: AODocs doesn't document whether it ignores the case of addresses. */
function isExact(query: JobQuery, { status, type }: Pick<ListParameters, 'status' | 'type'>): boolean {
  if ((query.statuses && !status) || (query.types && !type)) return false;
  return [query.owners, query.text, query.createdFrom, query.createdTo].every((condition) => condition === null);
}

/** A token is valid only with the parameters that it came from, including the page size, so a part has both. */
function writePart(pageSize: number, pageToken: string): string {
  return `${pageSize}:${pageToken}`;
}

function readPart(part: string): { pageSize: number; pageToken: string } {
  const colon = part.indexOf(':');
  return { pageSize: toPageSize(Number(part.slice(0, colon))), pageToken: part.slice(colon + 1) };
}

function toPageSize(size: number): number {
  return size >= 1 ? Math.min(maxPageRows, Math.floor(size)) : maxPageRows;
}

/** Why Jobyard was unable to list a library's jobs. */
export function toListProblem(failure: Failure, { systemId, libraryId }: Library): Problem {
  if (failure.kind !== 'notFound') return failure.problem;
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} has no library "${libraryId}" (HTTP 404). Correct "libraries" in the configuration.`,
  );
}

function unusableToken({ systemId, libraryId }: Library): Problem {
  return createProblem('INVALID_VENDOR_RESPONSE', `${systemId} returned no usable token for the next page of library "${libraryId}".`);
}

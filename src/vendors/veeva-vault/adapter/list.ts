import {
  type CallContext,
  isOddRow,
  type JobQuery,
  type ListedJob,
  type ListPage,
  type ListPosition,
  type ListSource,
  type OddRow,
} from '../../../jobs/adapter.ts';
import type { JobStatus, LeftOutFact } from '../../../jobs/job.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toResult } from './envelope.ts';
import { firstWindow, nextWindow, parseWindow, type TimeWindow, windowName } from './list-windows.ts';
import { toListRow } from './map.ts';
import { type QueryParts, readTypes } from './read-by-queries.ts';
import type { ReadMode } from './read-mode.ts';
import { jobListSchema } from './wire.ts';

/** One of Vault's two lists. */
interface VaultList {
  name: 'monitors' | 'histories';
  /** The statuses of its jobs. */
  statuses: readonly JobStatus[];
  /** The values of the parameter `status` that mean exactly one status. Values are in lowercase. */
  filters: Partial<Record<JobStatus, string>>;
  /** Which bounds on `created_date` can be bounds on the date that this list compares. */
  dateFilters: { createdFrom: boolean; createdTo: boolean };
}

/** Unfinished jobs. Vault compares its dates with the job's creation. */
const monitors: VaultList = {
  name: 'monitors',
  statuses: ['SCHEDULED', 'QUEUED', 'RUNNING', 'CANCELLING', 'UNKNOWN'],
  // Not QUEUED: `queued` leaves out the jobs that are QUEUEING.
  filters: { SCHEDULED: 'scheduled', RUNNING: 'running' },
  dateFilters: { createdFrom: true, createdTo: true },
};

/** Ended jobs. Vault compares its dates with some date of the job, never earlier than the creation. */
const histories: VaultList = {
  name: 'histories',
  statuses: ['CANCELLED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'],
  // Not FAILED: Vault has several words for it, and the parameter accepts one.
  filters: { CANCELLED: 'cancelled', SUCCEEDED: 'success' },
  dateFilters: { createdFrom: true, createdTo: false },
};

/** Vault's maximum. */
const maxPageRows = 200;
/** Dates of scheduled jobs are in the Vault's time zone despite their `Z`; no zone differs more from UTC. */
const zoneDoubtMs = 14 * 3_600_000;
/** The facts that queries show and REST's lists don't. */
const leftOut: readonly LeftOutFact[] = ['type', 'waitSeconds'];

export interface ListParts extends QueryParts {
  systemId: string;
  calls: Calls;
  mode: ReadMode;
  nowMs?: () => number;
}

/**
 * One list of two parts: monitors, then histories, so that a job that ends between them is read at least once; its later row is the current
 * one. The reference only guarantees that pages go by row numbers. For newest-first, many histories are read in windows of time (see
 * list-windows.ts). The lists have no types: for a query by type they are queried page by page.
 */
export function createListSources(parts: ListParts, query: JobQuery): ListSource[] {
  const { systemId, mode } = parts;
  const [first, ...others] = [monitors, histories].filter((list) => wantedStatuses(list, query).length > 0);
  if (!first) return [];
  const asked = [first, ...others] as const;
  const readPage =
    query.types && !mode.usesQueries()
      ? async () => succeed(pageWithout(typesUnknown(systemId)))
      : (at: ListPosition, count: number, call: CallContext) => readListPage(parts, asked, query, at, count, call);
  return [{ name: 'jobs', order: { by: 'FIXED' }, exact: isExact(asked, query), counts: true, numbered: true, readPage }];
}

async function readListPage(
  parts: ListParts,
  asked: readonly [VaultList, ...VaultList[]],
  query: JobQuery,
  { part, row }: ListPosition,
  count: number,
  call: CallContext,
): Promise<Result<ListPage>> {
  const { systemId, calls, mode, readDate } = parts;
  const window = asked.includes(histories) ? parseWindow(part) : null;
  const list = window ? histories : (asked.find(({ name }) => name === part) ?? asked[0]);
  const answer = await calls.retrievePage(toPath(list, query, window, row, count), call);
  const read = toResult(systemId, answer, jobListSchema);
  if (!read.ok) return read;
  const { jobs, responseDetails } = read.value;
  const rows = jobs.map((one) => toListRow(systemId, one, readDate, mode.usesQueries() ? leftOut : []));
  const total = responseDetails?.total ?? null;
  const windows = windowsFor(query, list, parts);
  // The first response of the histories, or of a window, shows whether (smaller) windows need fewer requests. Then its rows don't count.
  const smaller = windows && row === 0 ? firstWindow(window, rows, total, windows) : null;
  if (smaller) return succeed({ ...emptyPage, nextPart: windowName(smaller) });

  const typed = query.types ? await addTypes(parts, rows, call) : succeed(rows);
  if (!typed.ok) return typed;
  const following = window && windows ? nextWindow(window, total, windows) : null;
  return succeed({
    rows: typed.value,
    firstRow: responseDetails?.offset ?? row,
    limit: responseDetails?.limit ?? maxPageRows,
    total,
    nextPart: following ? windowName(following) : (asked[asked.indexOf(list) + 1]?.name ?? null),
    frontier: following?.toMs ? new Date(following.toMs + zoneDoubtMs) : null,
  });
}

const emptyPage: ListPage = { rows: [], firstRow: 0, limit: null, total: null, nextPart: null, frontier: null };

function pageWithout(problem: Problem): ListPage {
  return { ...emptyPage, rows: [{ job: null, problem }] };
}

/** The limits of windows; null if the query is not read in windows. */
function windowsFor({ order, createdFrom }: JobQuery, list: VaultList, { nowMs = Date.now }: ListParts) {
  if (list !== histories || order?.field !== 'CREATED_AT' || order.direction !== 'DESC') return null;
  return { nowMs: nowMs(), earliestMs: createdFrom ? createdFrom.getTime() - zoneDoubtMs : null };
}

/** The rows with their types. A job whose type is unknown may match the query. */
async function addTypes(
  parts: ListParts,
  rows: readonly (ListedJob | OddRow)[],
  call: CallContext,
): Promise<Result<(ListedJob | OddRow)[]>> {
  const shown = rows.flatMap((row) => (isOddRow(row) ? (row.job ?? []) : row));
  const types = await readTypes(
    parts,
    shown.map(({ vendorId }) => vendorId),
    call,
  );
  if (!types.ok) return fail(types.problem);
  const addType = (job: ListedJob): ListedJob => {
    const type = types.value.get(job.vendorId) ?? null;
    return { ...job, toFields: () => ({ ...job.toFields(), type }) };
  };
  return succeed(
    rows.map((row) => {
      if (isOddRow(row)) return { ...row, job: row.job && addType(row.job) };
      return types.value.has(row.vendorId) ? addType(row) : { job: row, problem: typesUnknown(parts.systemId) };
    }),
  );
}

function typesUnknown(systemId: string): Problem {
  const message = `${systemId} doesn't show the types of some jobs, because it rejects queries or the setting reads turns them off, so matching jobs may be missing. Filter by another condition, or exclude the system.`;
  return createProblem('INCOMPLETE_LIST', message);
}

function wantedStatuses(list: VaultList, { statuses }: JobQuery): readonly JobStatus[] {
  return statuses ? list.statuses.filter((status) => statuses.has(status)) : list.statuses;
}

/** The value of the parameter `status`; undefined if no single value means the wanted statuses. */
function statusFilter(list: VaultList, query: JobQuery): string | undefined {
  const [status, ...others] = wantedStatuses(list, query);
  return status && others.length === 0 ? list.filters[status] : undefined;
}

function isExact(asked: readonly VaultList[], query: JobQuery): boolean {
  const { types, owners, text, createdFrom, createdTo } = query;
  if ([types, owners, text, createdFrom, createdTo].some((condition) => condition !== null)) return false;
  return asked.every((list) => wantedStatuses(list, query).length === list.statuses.length || statusFilter(list, query) !== undefined);
}

function toPath(list: VaultList, query: JobQuery, window: TimeWindow | null, row: number, count: number): string {
  const parameters = new URLSearchParams({ limit: String(Math.min(count, maxPageRows)) });
  if (row > 0) parameters.set('offset', String(row));
  const status = statusFilter(list, query);
  if (status !== undefined) parameters.set('status', status);
  const { createdFrom, createdTo } = query;
  const bounds = [createdFrom && list.dateFilters.createdFrom ? createdFrom.getTime() - zoneDoubtMs : null, window?.fromMs ?? null];
  const from = bounds.reduce((latest, bound) => (latest === null || (bound !== null && bound > latest) ? bound : latest), null);
  const to = createdTo && list.dateFilters.createdTo ? createdTo.getTime() + zoneDoubtMs : (window?.toMs ?? null);
  setDate(parameters, 'start_date', from);
  setDate(parameters, 'end_date', to);
  return `${list.name}?${parameters}`;
}

const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

/** Writes whole seconds and `Z`, the only form that Vault accepts. Leaves out a date that has no such form: it limits nothing. */
function setDate(parameters: URLSearchParams, name: string, atMs: number | null): void {
  if (atMs === null || atMs < earliestMs || atMs > latestMs) return;
  parameters.set(name, `${new Date(atMs).toISOString().slice(0, 19)}Z`);
}

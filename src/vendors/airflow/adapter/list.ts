import type { CallContext, JobQuery, ListPage, ListSource } from '../../../jobs/adapter.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls, ListRequest, Reply } from './calls.ts';
import { runTypes, toDate, toListRow, toVendorStates } from './map.ts';
import type { RunList } from './wire.ts';

/** Servers reduce a larger number, unless they are configured otherwise. */
const maxPageRows = 100;
/** Airflow's database computes row numbers as 64-bit integers; this is enough. */
const lastRow = 1_000_000_000;
/** How often a page that came in another order is read again. */
const maxRepeats = 2;

/** The parts that reads of one system need. */
export interface Reads {
  systemId: string;
  calls: Calls;
  /** The address of the web interface, for links. */
  webUrl: string;
}

type Filters = Omit<ListRequest, 'offset' | 'limit'>;

/** One list of all runs that the account can see. None if no run can match. */
export function createListSources(reads: Reads, query: JobQuery): ListSource[] {
  const states = query.statuses && toVendorStates(query.statuses);
  const created = toRange(query.createdFrom, query.createdTo);
  const ended = toRange(query.finishedFrom ?? null, query.finishedTo ?? null);
  if (states?.words.length === 0 || query.scopes?.length === 0 || created === null || ended === null) return [];
  // The list of some DAGs has no filter by type.
  const types = query.scopes === null && query.types?.every((type) => runTypes.has(type)) ? query.types : null;
  const byCreation = query.order?.field === 'CREATED_AT';
  const filters: Filters = {
    dagIds: query.scopes,
    states: states?.words ?? null,
    types,
    runAfterFrom: created.from,
    runAfterTo: created.to,
    endFrom: ended.from,
    endTo: ended.to,
    sortBy: byCreation ? 'run_after' : 'id',
    descending: query.order?.direction === 'DESC',
  };
  const exact =
    (query.statuses === null || states?.exact === true) &&
    (query.types === null || types !== null) &&
    query.owners === null &&
    query.text === null;
  return [
    {
      name: 'runs',
      // Airflow sorts equal times by ID, which also sorts runs in the order in which they were created.
      order: byCreation ? { by: 'QUERY', precisionMs: 0, everyJobHasTime: true } : { by: 'FIXED' },
      exact,
      counts: true,
      numbered: true,
      readPage: ({ row }, count, call) => readPage(reads, filters, Math.min(row, lastRow), Math.min(Math.max(1, count), maxPageRows), call),
    },
  ];
}

/** Python's dates. */
const firstYear = Date.parse('0001-01-01T00:00:00Z');
const lastYear = Date.parse('9999-12-31T23:59:59.999Z');

/** Null: no run is in this range. */
function toRange(from: Date | null, to: Date | null): { from: string | null; to: string | null } | null {
  if ((from && from.getTime() > lastYear) || (to && to.getTime() < firstYear)) return null;
  return {
    from: from && from.getTime() >= firstYear ? from.toISOString() : null,
    // Airflow's times have microseconds, of which Jobyard shows milliseconds.
    to: to && to.getTime() <= lastYear ? to.toISOString().replace('Z', '999Z') : null,
  };
}

async function readPage(reads: Reads, filters: Filters, offset: number, limit: number, call: CallContext): Promise<Result<ListPage>> {
  const reply = await readInOrder(reads.calls, { ...filters, offset, limit }, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  const { dag_runs: runs, total_entries: total } = reply.value;
  const wasReduced = runs.length > 0 && runs.length < Math.min(limit, (total ?? 0) - offset);
  return succeed({
    rows: runs.map((row, index) => toListRow(row, { systemId: reads.systemId, webUrl: reads.webUrl, index })),
    firstRow: offset,
    // A server with a lower maximum doesn't show it.
    limit: wasReduced ? runs.length : limit,
    total: total ?? null,
    nextPart: null,
    frontier: null,
  });
}

/** Older servers share the order between concurrent requests, so that a page can come in the order of another one. */
async function readInOrder(calls: Calls, request: ListRequest, call: CallContext): Promise<Reply<RunList>> {
  let reply = await calls.listRuns(request, call);
  for (let repeats = 0; repeats < maxRepeats && reply.kind === 'value' && !isInOrder(reply.value.dag_runs, request); repeats += 1) {
    reply = await calls.listRuns(request, call);
  }
  return reply;
}

function isInOrder(rows: readonly unknown[], { sortBy, descending }: ListRequest): boolean {
  if (sortBy !== 'run_after') return true;
  const times = rows.flatMap((row) => (hasRunAfter(row) ? (toDate(row.run_after)?.getTime() ?? []) : []));
  return times.every(
    (time, index) => index === 0 || (descending ? time <= (times[index - 1] ?? time) : time >= (times[index - 1] ?? time)),
  );
}

function hasRunAfter(row: unknown): row is { run_after: unknown } {
  return typeof row === 'object' && row !== null && 'run_after' in row;
}

import type { Call, JobQuery, ListPage, ListSource } from '../../jobs/adapter.ts';
import type { JobStatus } from '../../jobs/job.ts';
import { createProblem, fail, type Outcome, type Problem, succeed } from '../../jobs/problem.ts';
import type { VaultCalls } from './calls.ts';
import type { ReadDate } from './dates.ts';
import { toOutcome } from './envelope.ts';
import { toListRow } from './odd-rows.ts';
import { jobListSchema } from './wire.ts';

/** One of Vault's two lists. */
interface VaultList {
  name: 'monitors' | 'histories';
  /** What its jobs can be. */
  statuses: readonly JobStatus[];
  /** Statuses that one value of the parameter `status` means, no more and no less. Values are in lower case. */
  filters: Partial<Record<JobStatus, string>>;
  /** Bounds on `created_date` that can be given as bounds on the date that this list compares. */
  dateFilters: { createdFrom: boolean; createdTo: boolean };
}

/** Jobs that have not ended. Its dates are compared with the job's creation. */
const monitors: VaultList = {
  name: 'monitors',
  statuses: ['SCHEDULED', 'QUEUED', 'RUNNING', 'CANCELLING', 'UNKNOWN'],
  // Not QUEUED: `queued` leaves out the jobs that are QUEUEING.
  filters: { SCHEDULED: 'scheduled', RUNNING: 'running' },
  dateFilters: { createdFrom: true, createdTo: true },
};

/** Jobs that have ended. Its dates are compared with some date of theirs, never earlier than the creation. */
const histories: VaultList = {
  name: 'histories',
  statuses: ['CANCELLED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'],
  // Not FAILED: it is several of Vault's words, and the parameter takes one.
  filters: { CANCELLED: 'cancelled', SUCCEEDED: 'success' },
  dateFilters: { createdFrom: true, createdTo: false },
};

/** The most rows that Vault gives at once. */
const pageSize = 200;
/** Dates of scheduled jobs are in the Vault's time zone in spite of their `Z`; no zone is further from UTC than this. */
const zoneDoubtMs = 24 * 3_600_000;
const longestPosition = 1_000;

/**
 * One list: the pages of monitors, then those of histories, so that a job which ends meanwhile is seen at least once; its later row
 * is the true one. Unordered, as the reference promises no order. None for a query by type: Vault's REST lists have no types.
 */
export function createListSources(systemId: string, calls: VaultCalls, query: JobQuery, readDate: ReadDate): ListSource[] {
  const asked = query.types ? [] : [monitors, histories].filter((list) => wantedStatuses(list, query).length > 0);
  const [first] = asked;
  if (!first) return [];

  // What the page before counted.
  let totalBefore: number | null = null;
  const readPage = async (at: string | null, call: Call): Promise<Outcome<ListPage>> => {
    const position = at === null ? firstPosition(first, query) : calls.toPosition(at);
    const index = asked.findIndex(({ name }) => position?.startsWith(`${name}?`));
    if (position === null || index < 0) return fail(foreignLink(systemId));
    const page = toOutcome(systemId, await calls.retrievePage(position, call), jobListSchema);
    if (!page.ok) return page;

    const { jobs, responseDetails } = page.value;
    const link = responseDetails?.next_page;
    const following = asked[index + 1];
    let next = following ? firstPosition(following, query) : null;
    if (link) {
      next = calls.toPosition(link);
      const leadsOn = next?.startsWith(`${asked[index]?.name}?`) && next !== position && next.length <= longestPosition;
      if (!leadsOn) return fail(foreignLink(systemId));
    }
    const total = responseDetails?.total ?? null;
    const start = startOf(position);
    const missed = start > 0 && totalBefore !== null && total !== null ? totalBefore - total : 0;
    // Jobs that left the list meanwhile moved those behind them forward, past this page's start: back by as many.
    if (missed > 0) next = startAt(position, Math.max(0, start - missed));
    totalBefore = total;
    const totalCount = asked.length === 1 ? total : null;
    // No `previous`: an unordered list is read from its start each time.
    return succeed({
      jobs: jobs.map((row) => toListRow(systemId, row, readDate)).flatMap((row) => ('problem' in row ? (row.job ?? []) : row)),
      next,
      previous: null,
      totalCount,
    });
  };

  return [{ name: 'jobs', ordered: false, exact: isExact(asked, query), readPage: (at, _size, call) => readPage(at, call) }];
}

function wantedStatuses(list: VaultList, { statuses }: JobQuery): readonly JobStatus[] {
  return statuses ? list.statuses.filter((status) => statuses.has(status)) : list.statuses;
}

/** The value of the parameter `status`; undefined where no single one means what is wanted. */
function statusFilter(list: VaultList, query: JobQuery): string | undefined {
  const [status, ...others] = wantedStatuses(list, query);
  return status && others.length === 0 ? list.filters[status] : undefined;
}

function isExact(asked: readonly VaultList[], query: JobQuery): boolean {
  const { owners, text, createdFrom, createdTo } = query;
  if ([owners, text, createdFrom, createdTo].some((condition) => condition !== null)) return false;
  return asked.every((list) => wantedStatuses(list, query).length === list.statuses.length || statusFilter(list, query) !== undefined);
}

function firstPosition(list: VaultList, query: JobQuery): string {
  const parameters = new URLSearchParams({ limit: String(pageSize) });
  const status = statusFilter(list, query);
  if (status !== undefined) parameters.set('status', status);
  const { createdFrom, createdTo } = query;
  const from = createdFrom && list.dateFilters.createdFrom ? toParameter(createdFrom.getTime() - zoneDoubtMs) : null;
  if (from !== null) parameters.set('start_date', from);
  const to = createdTo && list.dateFilters.createdTo ? toParameter(createdTo.getTime() + zoneDoubtMs) : null;
  if (to !== null) parameters.set('end_date', to);
  return `${list.name}?${parameters}`;
}

/** The row that a position starts at: Vault pages by row number. */
function startOf(position: string): number {
  return Number(new URLSearchParams(position.slice(position.indexOf('?'))).get('offset') ?? 0);
}

function startAt(position: string, row: number): string {
  const [list, query] = position.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('offset', String(row));
  return `${list}?${parameters}`;
}

const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

/** Whole seconds and `Z`, the only form that Vault takes. Null for a date that it can't write, and that bounds nothing. */
function toParameter(atMs: number): string | null {
  return atMs >= earliestMs && atMs <= latestMs ? `${new Date(atMs).toISOString().slice(0, 19)}Z` : null;
}

function foreignLink(systemId: string): Problem {
  const message = `${systemId} named a next page that is none of this list's, or the position is from other settings; it was not asked for.`;
  return createProblem('BAD_VENDOR_ANSWER', message);
}

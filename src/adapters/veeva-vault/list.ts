import type { Call, JobQuery, ListPage, ListPosition, ListSource } from '../../jobs/adapter.ts';
import type { JobStatus } from '../../jobs/job.ts';
import { type Outcome, succeed } from '../../jobs/problem.ts';
import type { VaultCalls } from './calls.ts';
import { toOutcome } from './envelope.ts';
import { fromRow } from './map.ts';
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
const largestPage = 200;
/** Dates of scheduled jobs are in the Vault's time zone in spite of their `Z`; no zone is further from UTC than this. */
const zoneDoubtMs = 24 * 3_600_000;

/**
 * One list of two parts: monitors, then histories, so that a job which ends meanwhile is seen at least once; its later row is the true one.
 * The reference promises no order but that pages go by row numbers. None for a query by type: Vault's REST lists have no types.
 */
export function createListSources(systemId: string, calls: VaultCalls, query: JobQuery): ListSource[] {
  const asked = query.types ? [] : [monitors, histories].filter((list) => wantedStatuses(list, query).length > 0);
  const [first] = asked;
  if (!first) return [];

  const readPage = async ({ part, row }: ListPosition, count: number, call: Call): Promise<Outcome<ListPage>> => {
    const list = asked.find(({ name }) => name === part) ?? first;
    const page = toOutcome(systemId, await calls.retrievePage(toPath(list, query, row, count), call), jobListSchema);
    if (!page.ok) return page;
    const { jobs, responseDetails } = page.value;
    return succeed({
      rows: jobs.map(fromRow),
      firstRow: responseDetails?.offset ?? row,
      limit: responseDetails?.limit ?? largestPage,
      total: responseDetails?.total ?? null,
      nextPart: asked[asked.indexOf(list) + 1]?.name ?? null,
      frontier: null,
    });
  };

  return [{ name: 'jobs', order: { by: 'FIXED' }, exact: isExact(asked, query), numbered: true, readPage }];
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

function toPath(list: VaultList, query: JobQuery, row: number, count: number): string {
  const parameters = new URLSearchParams({ limit: String(Math.min(count, largestPage)) });
  if (row > 0) parameters.set('offset', String(row));
  const status = statusFilter(list, query);
  if (status !== undefined) parameters.set('status', status);
  const { createdFrom, createdTo } = query;
  const from = createdFrom && list.dateFilters.createdFrom ? toParameter(createdFrom.getTime() - zoneDoubtMs) : null;
  if (from !== null) parameters.set('start_date', from);
  const to = createdTo && list.dateFilters.createdTo ? toParameter(createdTo.getTime() + zoneDoubtMs) : null;
  if (to !== null) parameters.set('end_date', to);
  return `${list.name}?${parameters}`;
}

const earliestMs = Date.UTC(1970, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

/** Whole seconds and `Z`, the only form that Vault takes. Null for a date that it can't write, and that bounds nothing. */
function toParameter(atMs: number): string | null {
  return atMs >= earliestMs && atMs <= latestMs ? `${new Date(atMs).toISOString().slice(0, 19)}Z` : null;
}

import { type Envelope, failure, success } from './envelope.ts';
import type { VaultJob } from './job.ts';
import type { VaultJobs } from './jobs.ts';
import { historyRow, monitorRow, tasksOf } from './render.ts';
import type { VaultSwitches } from './switches.ts';

interface ListRequest {
  /** `/api/{version}/…`, as the page links repeat it. */
  path: string;
  query: URLSearchParams;
  /** Year times 10 plus the release: v25.2 is 252. */
  version: number;
  /** Scheme and host, for page links that are full URLs. */
  origin: string;
}

const monitorFilters = ['scheduled', 'queued', 'running'];
const historyFilters = ['success', 'errors_encountered', 'failed_to_run', 'missed_schedule', 'cancelled'];
/** Filter values of v25.2 and later. */
const laterHistoryFilters = ['timeout', 'completed_due_to_inactivity'];
const maxPage = 200;
const defaultPage = 50;

/** Retrieve Job Monitors: jobs that have not ended; dates are compared with the instance's creation. */
export function listMonitors(jobs: VaultJobs, request: ListRequest, switches: VaultSwitches): Envelope {
  const filter = readFilter(request.query, monitorFilters, switches);
  if ('rejection' in filter) return filter.rejection;
  const { status, inRange } = filter;
  const statuses = status === 'QUEUED' && switches.queuedFilterListsQueueing ? ['QUEUED', 'QUEUEING'] : [status];
  const found = jobs.unfinished().filter((job) => (!status || statuses.includes(job.status)) && inRange(job.createdAtMs));
  const ordered = switches.monitorsOrder === 'newest_first' ? found.toReversed() : found;
  return jobsPage(ordered, request, switches, (job) => monitorRow(job, switches));
}

/** Retrieve Job Histories: jobs that have ended, newest first. */
export function listHistories(jobs: VaultJobs, request: ListRequest, switches: VaultSwitches): Envelope {
  const allowed = request.version >= 252 ? [...historyFilters, ...laterHistoryFilters] : historyFilters;
  const filter = readFilter(request.query, allowed, switches);
  if ('rejection' in filter) return filter.rejection;
  const { status, inRange } = filter;
  const found = jobs.ended().filter((job) => (!status || job.status === status) && inRange(comparedDate(job, switches)));
  const ordered = found.toReversed();
  if (switches.historiesOrder === 'run_end_date') ordered.sort((one, other) => (other.endedAtMs ?? 0) - (one.endedAtMs ?? 0));
  return jobsPage(ordered, request, switches, (job) => historyRow(job, switches));
}

/** Retrieve SDK Job Tasks; a job that is none has none. */
export function listTasks(job: VaultJob, nowMs: number, request: ListRequest, switches: VaultSwitches): Envelope {
  const page = cutPage(tasksOf(job, nowMs), request, switches);
  if ('rejection' in page) return page.rejection;
  const tasks = page.rows.map(({ id, status }) => ({ id, [switches.taskStatusKey]: status }));
  return success({ url: page.url, responseDetails: page.details, job_id: job.id, tasks });
}

function jobsPage(jobs: VaultJob[], request: ListRequest, switches: VaultSwitches, toRow: (job: VaultJob) => object): Envelope {
  const page = cutPage(jobs, request, switches);
  if ('rejection' in page) return page.rejection;
  return success({ responseMessage: 'OK', url: page.url, responseDetails: page.details, jobs: page.rows.map(toRow) });
}

function comparedDate(job: VaultJob, switches: VaultSwitches): number {
  if (switches.historiesDateField === 'created_date') return job.createdAtMs;
  return (switches.historiesDateField === 'run_end_date' ? job.endedAtMs : job.startedAtMs) ?? job.plannedStartMs;
}

type Filter = { status: string | undefined; inRange(atMs: number): boolean };

function readFilter(query: URLSearchParams, allowed: readonly string[], switches: VaultSwitches): Filter | { rejection: Envelope } {
  const wanted = query.get('status');
  const status = switches.statusFilterCase === 'insensitive' ? wanted?.toLowerCase() : wanted;
  if (typeof status === 'string' && !allowed.includes(status)) return reject('status', wanted);
  const fromMs = readDate(query.get('start_date'), switches);
  if (fromMs === undefined) return reject('start_date', query.get('start_date'));
  const toMs = readDate(query.get('end_date'), switches);
  if (toMs === undefined) return reject('end_date', query.get('end_date'));
  const inclusive = switches.dateBoundsInclusive;
  return {
    status: status?.toUpperCase(),
    inRange(atMs) {
      // Rows show whole seconds, so that is what a caller compares with.
      const secondMs = Math.floor(atMs / 1_000) * 1_000;
      if (fromMs !== null && (inclusive ? secondMs < fromMs : secondMs <= fromMs)) return false;
      return toMs === null || (inclusive ? secondMs <= toMs : secondMs < toMs);
    },
  };
}

/** Epoch milliseconds; null if none is given, undefined if the date is not in an accepted form. */
function readDate(text: string | null, switches: VaultSwitches): number | null | undefined {
  if (text === null) return null;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) {
    const atMs = Date.parse(text);
    // Compared, because Date.parse accepts the 31st of any month.
    return Number.isNaN(atMs) || new Date(atMs).toISOString() !== text.replace('Z', '.000Z') ? undefined : atMs;
  }
  if (switches.dateForms === 'documented') return undefined;
  const withoutZone = text.replace(/\[[^\]]*\]$/, '');
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(withoutZone);
  const atMs = isIso ? Date.parse(withoutZone) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

interface Page<Row> {
  url: string;
  details: Record<string, unknown>;
  rows: Row[];
}

function cutPage<Row>(all: Row[], request: ListRequest, switches: VaultSwitches): Page<Row> | { rejection: Envelope } {
  const { query, path } = request;
  const wantedLimit = readInteger(query.get('limit') ?? String(defaultPage));
  const limit =
    wantedLimit !== undefined && switches.limitOutOfRange === 'clamp' ? Math.min(Math.max(wantedLimit, 1), maxPage) : wantedLimit;
  if (limit === undefined || limit < 1 || limit > maxPage) return reject('limit', query.get('limit'));
  const offset = readInteger(query.get('offset') ?? '0');
  if (offset === undefined || offset < 0) return reject('offset', query.get('offset'));

  const link = (toOffset: number): string => {
    const kept = ['start_date', 'end_date', 'status'].flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    return `${path}?${[...kept, `limit=${limit}`, `offset=${toOffset}`].join('&')}`;
  };
  const pageLink = (toOffset: number): string => (switches.pageLinks === 'url' ? request.origin : '') + link(toOffset);
  return {
    url: link(offset),
    details: {
      total: all.length,
      limit,
      offset,
      ...(offset > 0 && { previous_page: pageLink(Math.max(0, offset - limit)) }),
      ...(offset + limit < all.length && { next_page: pageLink(offset + limit) }),
    },
    rows: all.slice(offset, offset + limit),
  };
}

function readInteger(text: string): number | undefined {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function reject(parameter: string, value: string | null): { rejection: Envelope } {
  return { rejection: failure('INVALID_DATA', `Invalid value [${value}] specified for parameter [${parameter}]`) };
}

import { checkOperation } from './access.ts';
import { type Account, hasPermission } from './accounts.ts';
import { actionsAllowedIn, type InternalState, type Job } from './job.ts';
import { isJobType, listedJobTypes } from './job-types.ts';
import { createParameterReader } from './parameters.ts';
import { accessDenied, jobStatusUnknown, jobTypeUnknown, parameterInvalid, type Rejection, unexpected } from './rejections.ts';
import { jobRow } from './render.ts';
import { createSearch } from './search.ts';
import { compareKeys, createSortKey, createTieKey, type SortKey, sortByLiveDuration } from './sort.ts';
import type { KylinState } from './state.ts';
import { toStates } from './states.ts';
import { lastModifiedOf } from './steps.ts';
import type { KylinSwitches } from './switches.ts';

/** `GET /jobs`: the parameters are bound and checked in Kylin's order (JobController, JobInfoService, JobFilterUtil). */
export function listJobs(
  state: KylinState,
  account: Account,
  query: URLSearchParams,
  nowMs: number,
  switches: KylinSwitches,
): { data: unknown } | Rejection {
  const parameters = readParameters(query, switches);
  if ('errorCode' in parameters) return parameters;
  const rejection = checkParameters(state, account, parameters, switches);
  if (rejection) return rejection;
  const criteria = toCriteria(parameters, nowMs, switches);
  if ('errorCode' in criteria) return criteria;

  const { pageOffset, pageSize, sortBy, descending } = parameters;
  const matches = selectJobs(state, account, parameters, criteria, nowMs, switches);
  matches.sort((a, b) => compareKeys(a.key, b.key) * (descending ? -1 : 1) || a.tie - b.tie);
  const page = cutPage(matches, pageOffset, pageSize).map(({ job }) => job);
  sortByLiveDuration(page, sortBy, descending, nowMs);
  const value = page.map((job) => jobRow(job, nowMs, switches));
  const total = matches.length;
  return {
    data:
      switches.listShape === 'documented'
        ? { value, offset: pageOffset, limit: pageSize, total_size: total }
        : { value, total_size: total, offset: pageOffset, limit: pageSize },
  };
}

interface ListParameters {
  statuses: readonly string[];
  types: readonly string[];
  timeFilter: number;
  subject: string | undefined;
  key: string | undefined;
  exact: boolean;
  project: string | undefined;
  pageOffset: number;
  pageSize: number;
  sortBy: string;
  descending: boolean;
}

function readParameters(query: URLSearchParams, switches: KylinSwitches): ListParameters | Rejection {
  const read = createParameterReader(query, switches);
  const jobNames = read.list('job_names');
  const parameters: ListParameters = {
    statuses: read.list('statuses'),
    timeFilter: read.requiredInteger('time_filter'),
    subject: read.text('subject')?.trim() || undefined,
    key: read.text('key') || undefined,
    exact: read.boolean('exact', false),
    project: read.text('project'),
    pageOffset: read.integer('page_offset', 0),
    pageSize: capPageSize(read.integer('page_size', 10), switches),
    sortBy: read.text('sort_by') || 'last_modified',
    descending: read.boolean('reverse', true),
    types: [...jobNames, ...read.list('type')],
  };
  return read.rejection() ?? parameters;
}

/** The checks before Kylin translates the parameters. */
function checkParameters(
  state: KylinState,
  account: Account,
  { statuses, types, project }: ListParameters,
  switches: KylinSwitches,
): Rejection | undefined {
  if (statuses.some((status) => !actionsAllowedIn(status))) return jobStatusUnknown();
  if (types.some((type) => !isJobType(type))) return jobTypeUnknown();
  return project ? checkOperation(state.projects, account, project) : checkGlobalList(account, switches);
}

interface Criteria {
  /** The earliest last change; 0: any. */
  sinceMs: number;
  sortKey: SortKey;
  /** Empty: all. */
  states: ReadonlySet<InternalState>;
}

function toCriteria({ timeFilter, sortBy, statuses }: ListParameters, nowMs: number, switches: KylinSwitches): Criteria | Rejection {
  const sinceMs = earliest(timeFilter, nowMs);
  if (sinceMs === undefined) {
    return unexpected(`Can not find the JobTimeFilterEnum by code: ${timeFilter}`, 'java.lang.NullPointerException');
  }
  const sortKey = createSortKey(sortBy, switches);
  if (!sortKey) return parameterInvalid(500, `The selected sort filter "${sortBy}" is invalid. Please select again.`);
  const states = toStates(statuses);
  return 'errorCode' in states ? states : { sinceMs, sortKey, states };
}

interface Match {
  job: Readonly<Job>;
  key: number | string;
  tie: number;
}

function selectJobs(
  state: KylinState,
  account: Account,
  parameters: ListParameters,
  { sinceMs, sortKey, states }: Criteria,
  nowMs: number,
  switches: KylinSwitches,
): Match[] {
  const { types, key, subject, exact, pageOffset, pageSize } = parameters;
  const project = parameters.project && (state.projects.find(parameters.project)?.name ?? parameters.project);
  const wantedTypes = types.length > 0 ? new Set(types) : listedJobTypes;
  const isPermitted = createProjectFilter(account, switches);
  const search = createSearch(state, account, { key, subject, exact, project }, switches);
  const tieKey = createTieKey(pageOffset, pageSize, switches);
  const matches: Match[] = [];
  for (const job of search.candidates) {
    if (project !== undefined && job.project !== project) continue;
    if (project === undefined && !isPermitted(job.project)) continue;
    if (!wantedTypes.has(job.type)) continue;
    if (states.size > 0 && !states.has(job.state)) continue;
    if (!search.matches(job)) continue;
    if (sinceMs > 0 && lastModifiedOf(job, nowMs) < sinceMs) continue;
    matches.push({ job, key: sortKey(job, nowMs), tie: tieKey(job) });
  }
  return matches;
}

/** `page_offset` is the number of a page. A negative size or product turns paging off; the product is a 32-bit integer. */
function cutPage<T>(rows: T[], pageOffset: number, pageSize: number): T[] {
  const from = Math.imul(pageOffset, pageSize);
  return from >= 0 && pageSize >= 0 ? rows.slice(from, from + pageSize) : rows;
}

/** A gateway that caps pages also turns "paging off" into a page. */
function capPageSize(pageSize: number, { pageCap }: KylinSwitches): number {
  return pageCap > 0 && (pageSize < 0 || pageSize > pageCap) ? pageCap : pageSize;
}

function checkGlobalList(account: Account, { globalList }: KylinSwitches): Rejection | undefined {
  return globalList === 'rejected' && !account.admin ? accessDenied() : undefined;
}

/** The earliest last change that matches a time filter; undefined: Kylin has no such filter. */
function earliest(timeFilter: number, nowMs: number): number | undefined {
  const date = new Date(nowMs);
  switch (timeFilter) {
    case 0:
      return date.setUTCDate(date.getUTCDate() - 1);
    case 1:
      return date.setUTCDate(date.getUTCDate() - 7);
    case 2:
      return date.setUTCMonth(date.getUTCMonth() - 1);
    case 3:
      return date.setUTCFullYear(date.getUTCFullYear() - 1);
    case 4:
      return 0;
    default:
      return undefined;
  }
}

function createProjectFilter(account: Account, switches: KylinSwitches): (project: string) => boolean {
  return switches.globalList === 'open' ? () => true : (project) => hasPermission(account, project, 'OPERATION');
}

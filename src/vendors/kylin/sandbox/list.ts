import { refuseOperation } from './access.ts';
import { type Account, hasPermission } from './accounts.ts';
import { actionsAllowedIn, durationOf, type InternalState, type Job, statesOf, waitTimeOf } from './job.ts';
import { isJobType, listedJobTypes } from './job-types.ts';
import { createParameterReader } from './parameters.ts';
import { accessDenied, jobStatusUnknown, jobTypeUnknown, parameterInvalid, type Refusal, unexpected } from './refusals.ts';
import { jobRow } from './render.ts';
import type { KylinState } from './state.ts';
import { lastModifiedOf } from './steps.ts';
import type { KylinSwitches } from './switches.ts';

/** `GET /jobs`: the parameters are bound and checked in Kylin's order (JobController, JobInfoService, JobFilterUtil). */
export function listJobs(
  state: KylinState,
  account: Account,
  query: URLSearchParams,
  nowMs: number,
  switches: KylinSwitches,
): { data: unknown } | Refusal {
  const read = createParameterReader(query, switches);
  const statuses = read.list('statuses');
  const jobNames = read.list('job_names');
  const timeFilter = read.requiredInteger('time_filter');
  const subject = read.text('subject')?.trim() || undefined;
  const key = read.text('key') || undefined;
  const exact = read.boolean('exact', false);
  const projectName = read.text('project');
  const pageOffset = read.integer('page_offset', 0);
  const pageSize = capPageSize(read.integer('page_size', 10), switches);
  const sortBy = read.text('sort_by') || 'last_modified';
  const descending = read.boolean('reverse', true);
  const types = [...jobNames, ...read.list('type')];

  const bound = read.refusal();
  if (bound) return bound;
  if (statuses.some((status) => !actionsAllowedIn(status))) return jobStatusUnknown();
  if (types.some((type) => !isJobType(type))) return jobTypeUnknown();
  const forbidden = projectName ? refuseOperation(state.projects, account, projectName) : refuseGlobalList(account, switches);
  if (forbidden) return forbidden;
  const since = earliest(timeFilter, nowMs);
  if (since === undefined) return unexpected(`Can not find the JobTimeFilterEnum by code: ${timeFilter}`, 'java.lang.NullPointerException');
  const sortKey = createSortKey(sortBy, switches);
  if (!sortKey) return parameterInvalid(500, `The selected sort filter "${sortBy}" is invalid. Please select again.`);
  const states = new Set<InternalState>();
  for (const status of statuses) {
    const translated = statesOf(status);
    if (!translated) return unexpected(`Can not map ${status} to ExecutableState`);
    for (const translatedState of translated) states.add(translatedState);
  }

  const project = projectName && (state.projects.find(projectName)?.name ?? projectName);
  const wantedTypes = types.length > 0 ? new Set(types) : listedJobTypes;
  const isPermitted = createProjectFilter(account, switches);
  const search = createSearch(state, account, { key, subject, exact, project }, switches);
  const tieKey = createTieKey(pageOffset, pageSize, switches);
  const matches: { job: Readonly<Job>; key: number | string; tie: number }[] = [];
  for (const job of search.candidates) {
    if (project !== undefined && job.project !== project) continue;
    if (project === undefined && !isPermitted(job.project)) continue;
    if (!wantedTypes.has(job.type)) continue;
    if (states.size > 0 && !states.has(job.state)) continue;
    if (!search.matches(job)) continue;
    if (since > 0 && lastModifiedOf(job, nowMs) < since) continue;
    matches.push({ job, key: sortKey(job, nowMs), tie: tieKey(job) });
  }
  matches.sort((a, b) => compare(a.key, b.key) * (descending ? -1 : 1) || a.tie - b.tie);

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

/** `page_offset` is the number of a page. A negative size or product turns paging off; the product is a 32-bit integer. */
function cutPage<T>(rows: T[], pageOffset: number, pageSize: number): T[] {
  const from = Math.imul(pageOffset, pageSize);
  return from >= 0 && pageSize >= 0 ? rows.slice(from, from + pageSize) : rows;
}

/** A gateway that caps pages also turns "paging off" into a page. */
function capPageSize(pageSize: number, { pageCap }: KylinSwitches): number {
  return pageCap > 0 && (pageSize < 0 || pageSize > pageCap) ? pageCap : pageSize;
}

function refuseGlobalList(account: Account, { globalList }: KylinSwitches): Refusal | undefined {
  return globalList === 'refused' && !account.admin ? accessDenied() : undefined;
}

type SortKey = (job: Readonly<Job>, nowMs: number) => number | string;

/** Undefined: Kylin can't sort by this. */
function createSortKey(sortBy: string, { timeOrder }: KylinSwitches): SortKey | undefined {
  const sortKey = sortKeys.get(sortBy);
  const isCoarse = timeOrder === 'seconds' && (sortBy === 'create_time' || sortBy === 'last_modified');
  return sortKey && isCoarse ? (job, nowMs) => Math.floor(Number(sortKey(job, nowMs)) / 1000) : sortKey;
}

/** Where rows with equal sort keys stand among each other: the database may choose another order for each page. */
function createTieKey(pageOffset: number, pageSize: number, { ties }: KylinSwitches): (job: Readonly<Job>) => number {
  if (ties === 'stable') return () => 0;
  const salt = Math.imul(pageOffset + 1, 0x9e3779b1) ^ Math.imul(pageSize + 1, 0x85ebca6b);
  return ({ row }) => {
    const mixed = Math.imul(row ^ salt, 0xc2b2ae35);
    return Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f) >>> 0;
  };
}

const sortKeys = new Map<string, SortKey>([
  ['last_modified', lastModifiedOf],
  ['create_time', (job) => job.createTime],
  ['project', (job) => job.project],
  ['job_name', (job) => job.type],
  // The column that Kylin sorts by holds the model's id, not its name.
  ['target_subject', (job) => job.model],
  ['job_status', (job) => job.state],
  ['id', (job) => job.id],
  ['duration', storedDuration],
  ['total_duration', storedDuration],
]);

/** The database holds a running job's duration as of its last change. */
function storedDuration(job: Readonly<Job>, nowMs: number): number {
  return durationOf(job, job.state === 'RUNNING' ? lastModifiedOf(job, nowMs) : nowMs);
}

/** The rows of one page are put in order once more, by the durations of this moment. */
function sortByLiveDuration(page: Readonly<Job>[], sortBy: string, descending: boolean, nowMs: number): void {
  if (sortBy !== 'duration' && sortBy !== 'total_duration') return;
  const live = (job: Readonly<Job>): number => durationOf(job, nowMs) + (sortBy === 'total_duration' ? waitTimeOf(job, nowMs) : 0);
  page.sort((a, b) => (live(a) - live(b)) * (descending ? -1 : 1));
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The earliest last change that a time filter lets pass; undefined: there is no such filter. */
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

interface Search {
  candidates: Iterable<Readonly<Job>>;
  matches(job: Readonly<Job>): boolean;
}

/**
 * `key` and `subject`. `key` is looked for in the names of models, tables and projects, ignoring case;
 * if it is in any, the jobs on what has these names are meant. Only if it is in none, it is part of an id.
 */
function createSearch(
  state: KylinState,
  account: Account,
  wanted: { key: string | undefined; subject: string | undefined; exact: boolean; project: string | undefined },
  switches: KylinSwitches,
): Search {
  const { key, subject, exact, project } = wanted;
  const all = state.jobs();
  if (key === undefined) return { candidates: all, matches: (job) => subject === undefined || job.subject === subject };
  const lowerKey = key.toLowerCase();
  if (switches.keySearch === 'subjectOrId') {
    return {
      candidates: all,
      matches: (job) =>
        (subject === undefined || job.subject === subject) &&
        (job.subject.toLowerCase().includes(lowerKey) || job.id.toLowerCase().includes(lowerKey)),
    };
  }
  const isNamed = (name: string): boolean => (exact ? name.toLowerCase() === lowerKey : name.toLowerCase().includes(lowerKey));
  const subjects = new Set<string>();
  for (const candidate of state.projects.all()) {
    if (!hasPermission(account, candidate.name, 'READ')) continue;
    if (isNamed(candidate.name)) subjects.add(candidate.name);
    if (project && project !== candidate.name) continue;
    for (const name of candidate.subjects) if (isNamed(name)) subjects.add(name);
  }
  if (subjects.size > 0) {
    if (subject !== undefined) subjects.add(subject);
    return { candidates: all, matches: (job) => subjects.has(job.subject) };
  }
  const named = state.getJob(key);
  return {
    // No other id can hold a whole id: spares a walk through all jobs.
    candidates: named ? [named] : all,
    matches: (job) => job.id.includes(key) && (subject === undefined || job.subject === subject),
  };
}

// The jobs of one caller's operation: batches IDs, checks permissions, and reads each job once.

import { type ActionOptions, createActionLoader } from '../actions/action-loader.ts';
import type { JobResult } from '../actions/action-result.ts';
import type { ActionAudit, JobActionRecord, MutationDenial } from '../actions/audit.ts';
import { onFirstUse } from '../concurrency/on-first-use.ts';
import type { Turns } from '../concurrency/turns.ts';
import type { CountedFact } from '../counting/cell.ts';
import { createSharedCounts, type SharedCounts } from '../counting/shared-counts.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { createUnreadJob } from '../jobs/create-job.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { SystemHealth } from '../jobs/health.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { formatJobId, type JobId } from '../jobs/job-id.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied } from '../jobs/permissions.ts';
import { fail, type Result } from '../jobs/problem.ts';
import type { JobSystem } from '../jobs/system.ts';
import { type CursorKeys, createCursorKeys } from '../listing/cursor-keys.ts';
import type { JobPage } from '../listing/list-jobs.ts';
import type { ListOptions } from '../listing/list-options.ts';
import { type CountedSystem, createJobCounts } from './job-counts.ts';
import { createJobDetails, type JobDetails } from './job-details.ts';
import { createJobLogs, type JobLogs } from './job-logs.ts';
import { createJobLookups, type JobLookup, type JobLookups, type LoadedJob } from './job-lookups.ts';
import { createJobPages, type JobPages } from './job-pages.ts';
import { createJobLocator, type JobLocator, type LocatedJob, type ReadableJob } from './locate-job.ts';
import type { ReadsOfCopies } from './reads-of-copies.ts';
import type { ServedSystem } from './served-system.ts';

/** The jobs of one caller's operation. Reads and actions of one tick are sent together. */
export interface JobService extends JobDetails, JobLogs {
  /** The systems whose jobs this caller can read, in the order of the configuration. */
  readableSystems: readonly ServedSystem[];
  /** The systems that this caller can query (`systems:read`). */
  visibleSystems: readonly ServedSystem[];
  /** Any configured system, for jobs that were already read. */
  findSystem(id: string): ServedSystem | null;
  permissions: Permissions;
  /** Parses an ID and finds its system. The problem names the invalid part. */
  locate(id: string): Result<LocatedJob>;
  /** As `locate`, but a job that the caller can't read is a problem, too. */
  locateReadable(id: string): ReadableJob;
  /** Never rejects because of a vendor's failure or an invalid ID. */
  loadJob(id: string): Promise<JobLookup>;
  /** As `loadJob`; one result per ID, in order. */
  loadJobs(ids: readonly string[]): Promise<LoadedJob[]>;
  /** As `loadJob`, but a job that can't be read becomes a placeholder of status UNKNOWN with the problem. */
  loadReference(id: JobId): Promise<Job>;
  /** Null: the cursor doesn't belong to this listing. */
  listJobs(options: ListOptions): Promise<JobPage | null>;
  /** The matching jobs of each selected system, counted by these facts and perhaps by more. */
  countJobs(filter: JobFilter, by: ReadonlySet<CountedFact>): Promise<readonly CountedSystem[]>;
  /** One result per ID, in order. A repeated ID is sent once. */
  performAction(action: JobAction, ids: readonly string[], options: ActionOptions): Promise<JobResult[]>;
  /** Records in the audit log a mutation that is rejected before it gets here. */
  recordDenial(denial: MutationDenial): void;
  checkHealth(system: ServedSystem): Promise<SystemHealth>;
}

export interface JobServiceOptions {
  systems: readonly ServedSystem[];
  /** The caller that vendor requests count toward; see CallContext. */
  caller: string;
  /** Who requests the actions; see CallContext. Default: `caller`. */
  requestedBy?: string;
  permissions: Permissions;
  audit: ActionAudit;
  /** Aborted when the result is no longer needed, and at the operation's deadline. */
  readSignal: AbortSignal;
  /** Aborted only at the operation's deadline: a caller that disconnects doesn't interrupt an action. */
  actSignal: AbortSignal;
  /** Aborted when no action may be sent any more: the time until `actSignal` is for reading the outcomes. Default: `actSignal`. */
  sendSignal?: AbortSignal;
  /** The caller's own credential for this system, if the system is configured to pass it through. Default: null for each system. */
  credentialFor?: (systemId: string) => string | null;
  /** The turns for pages, of which a document may have hundreds. Default: all start at once. */
  turns?: Turns;
  /** Called for each vendor request. */
  onRequest?: () => void;
  /** Called with the results of an action on the jobs of one system, when all are known. */
  onResults?: (systemId: string, action: JobAction, jobs: readonly JobActionRecord[]) => void;
  /** Default: keys of this process only. */
  cursorKeys?: CursorKeys;
  /** Details of copies that many operations share, read once for all of them. Default: read once per operation. */
  ofCopies?: ReadsOfCopies;
  /** Counts that many operations share. Default: shared within this operation only. */
  counts?: SharedCounts;
}

/** An operation uses few of its parts, so each is created when it is first used. */
export function createJobService(options: JobServiceOptions): JobService {
  const { systems, permissions, audit, readSignal } = options;
  const systemById = onFirstUse(() => new Map(systems.map((system) => [system.id, system])));
  const findSystem = (id: string): ServedSystem | null => systemById().get(id) ?? null;
  const readCallTo = (system: JobSystem): CallContext => createCall(options, system, readSignal);
  const locator = createJobLocator(findSystem, permissions);
  const lookups = onFirstUse(() => createJobLookups(locator, readCallTo));
  const readableSystems = systems.filter(({ id }) => permissions.mayRead(id));
  const pages = onFirstUse(() => createJobPages(readableSystems, readCallTo, options));
  const counts = onFirstUse(() => createJobCounts(readableSystems, readCallTo, options.counts ?? createSharedCounts()));
  const actions = onFirstUse(() => createActions(options, locator, lookups, pages));
  const details = onFirstUse(() => createJobDetails({ findSystem, callTo: readCallTo, ofCopies: options.ofCopies ?? null }));
  const logs = onFirstUse(() => createJobLogs(findSystem, readCallTo, options.cursorKeys ?? createCursorKeys()));
  // With a caller's own credential, each check is a request: an operation checks once.
  const healths = onFirstUse(() => new Map<ServedSystem, Promise<SystemHealth>>());
  return {
    readableSystems,
    visibleSystems: systems.filter(({ id }) => permissions.maySeeSystem(id)),
    permissions,
    findSystem,
    ...locator,
    loadJob: (id) => lookups().load(id),
    loadJobs: (ids) => lookups().loadAll(ids),
    async loadReference({ systemId, vendorId }) {
      const lookup = await lookups().load(formatJobId({ systemId, vendorId }));
      return lookup.kind === 'job' ? lookup.job : createUnreadJob(systemId, vendorId, lookup.problem, new Date());
    },
    listJobs: (listOptions) => pages().load(listOptions),
    countJobs: (filter, by) => counts().load(filter, by),
    performAction: (action, ids, actOptions) => actions().load({ action, ids, ...actOptions }),
    recordDenial: audit.recordDenial,
    loadProgress: (job) => details().loadProgress(job),
    loadFailure: (job) => details().loadFailure(job),
    loadOutputs: (job) => details().loadOutputs(job),
    loadLog: (job, logOptions) => logs().loadLog(job, logOptions),
    loadSteps: onlyReadable(permissions, (job) => details().loadSteps(job)),
    loadLeftOut: onlyReadable(permissions, (job) => details().loadLeftOut(job)),
    checkHealth(system) {
      const health = healths().get(system) ?? system.health.check(readCallTo(system));
      healths().set(system, health);
      return health;
    },
  };
}

function createCall({ caller, credentialFor, onRequest }: JobServiceOptions, { id }: JobSystem, signal: AbortSignal): CallContext {
  return { caller, signal, credential: credentialFor?.(id) ?? null, ...(onRequest && { onRoundTrip: onRequest }) };
}

/** Performs actions. Each makes earlier reads of its jobs, and the pages, obsolete. */
function createActions(
  options: JobServiceOptions,
  { locate }: JobLocator,
  lookups: () => JobLookups,
  pages: () => JobPages,
): ReturnType<typeof createActionLoader> {
  const { permissions, audit, caller, requestedBy = caller, actSignal, sendSignal = actSignal, onResults = () => {} } = options;
  return createActionLoader({
    locate,
    permissions,
    audit,
    callTo: (system) => createCall(options, system, actSignal),
    requestedBy,
    sendSignal,
    onPerformed(id, job) {
      pages().forget();
      lookups().replace(id, job);
    },
    onResults,
  });
}

/** Denies details to a caller that can perform actions but not read jobs. */
function onlyReadable<Value>(permissions: Permissions, load: (job: Job) => Promise<Result<Value>>): (job: Job) => Promise<Result<Value>> {
  return async (job) => (permissions.mayRead(job.systemId) ? load(job) : fail(accessDenied('jobs:read', job.systemId)));
}

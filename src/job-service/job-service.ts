// The door to jobs for one caller's operation: what it may read, list and act on, each looked up once.

import { type ActionOptions, createActionLoader } from '../actions/action-loader.ts';
import type { ActionResult } from '../actions/action-result.ts';
import type { ActionAudit, JobActionRecord, MutationDenial } from '../actions/audit.ts';
import type { Turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { createUnreadJob } from '../jobs/create-job.ts';
import type { SystemHealth } from '../jobs/health.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { formatJobId, type JobId } from '../jobs/job-id.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied } from '../jobs/permissions.ts';
import { fail, type Result } from '../jobs/problem.ts';
import type { JobSystem } from '../jobs/system.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import type { JobPage } from '../listing/list-jobs.ts';
import type { ListOptions } from '../listing/list-options.ts';
import { createJobDetails, type JobDetails } from './job-details.ts';
import { createJobLookups, type JobLookup, type JobLookups } from './job-lookups.ts';
import { createJobPages, type JobPages } from './job-pages.ts';
import { createJobLocator, type JobLocator, type LocatedJob, type ReadableJob } from './locate-job.ts';
import type { ReadsOfCopies } from './reads-of-copies.ts';
import type { ServedSystem } from './served-system.ts';

/** Everything one caller's operation can do with jobs. Reads and actions of one tick go to the vendors together. */
export interface JobService extends JobDetails {
  /** The systems whose jobs this caller may read, in the order of the configuration. */
  readableSystems: readonly ServedSystem[];
  /** The systems this caller may look at themselves. */
  visibleSystems: readonly ServedSystem[];
  /** Any configured system, for jobs already in hand. */
  findSystem(id: string): ServedSystem | null;
  permissions: Permissions;
  /** Takes an id apart and finds its system; the problem says which part is wrong. */
  locate(id: string): Result<LocatedJob>;
  /** The same for a job that is to be read: what the caller may not read is a problem, too. */
  locateReadable(id: string): ReadableJob;
  /** Never rejects for what a vendor or an id is like. */
  loadJob(id: string): Promise<JobLookup>;
  /** As loadJob: one result per id, in order. */
  loadJobs(ids: readonly string[]): Promise<JobLookup[]>;
  /** As loadJob; a job that can't be read is stood in for by one of status UNKNOWN with the problem. */
  loadReference(id: JobId): Promise<Job>;
  /** Null: the cursor does not belong to this listing. */
  listJobs(options: ListOptions): Promise<JobPage | null>;
  /** One result per id, in order. An id that is repeated is acted on once. */
  performAction(action: JobAction, ids: readonly string[], options: ActionOptions): Promise<ActionResult[]>;
  /** For the audit: a mutation that is turned away before it comes here. */
  noteRefusal(refusal: MutationDenial): void;
  checkHealth(system: ServedSystem): Promise<SystemHealth>;
}

export interface JobServiceOptions {
  systems: readonly ServedSystem[];
  /** Whom its vendor requests count for; see Call. */
  caller: string;
  permissions: Permissions;
  audit: ActionAudit;
  /** Aborted when the answer is no longer wanted, and at the operation's deadline. */
  readSignal: AbortSignal;
  /** Aborted only at the operation's deadline: a caller that goes away leaves no action half-way. */
  actSignal: AbortSignal;
  /** Aborted when no action may be sent any more: the time until `actSignal` is for reading what came of the actions. Default: `actSignal`. */
  sendSignal?: AbortSignal;
  /** The caller's own credential for this system, where the system passes it through. */
  credentialFor?: (systemId: string) => string | null;
  /** For pages, of which a document may have hundreds. Default: all begin at once. */
  turns?: Turns;
  /** Told of each vendor request. */
  onRequest?: () => void;
  /** Told of what came of an action on the jobs of one system, when it is settled: one result for each job. */
  onResults?: (systemId: string, action: JobAction, jobs: readonly JobActionRecord[]) => void;
  /** Default: those of this process alone. */
  cursorKeys?: CursorKeys;
  /** What is read beyond a copy that is handed to many operations: read once for all. Default: once for this operation. */
  ofCopies?: ReadsOfCopies;
}

export function createJobService(options: JobServiceOptions): JobService {
  const { systems, permissions, audit, readSignal } = options;
  const systemById = new Map(systems.map((system) => [system.id, system]));
  const readCallTo = (system: JobSystem): CallContext => createCall(options, system, readSignal);
  const locator = createJobLocator(systemById, permissions);
  const lookups = createJobLookups(locator, readCallTo);
  const readableSystems = systems.filter(({ id }) => permissions.mayRead(id));
  const pages = createJobPages(readableSystems, readCallTo, options);
  const actions = createActions(options, locator, lookups, pages);
  const details = createJobDetails({ systemById, callTo: readCallTo, ofCopies: options.ofCopies ?? null });
  // With a caller's own credential each check is a request, however often the operation asks.
  const healths = new Map<ServedSystem, Promise<SystemHealth>>();
  return {
    readableSystems,
    visibleSystems: systems.filter(({ id }) => permissions.maySeeSystem(id)),
    permissions,
    findSystem: (id) => systemById.get(id) ?? null,
    ...locator,
    loadJob: lookups.load,
    loadJobs: lookups.loadAll,
    async loadReference({ systemId, vendorId }) {
      const lookup = await lookups.load(formatJobId({ systemId, vendorId }));
      return lookup.kind === 'job' ? lookup.job : createUnreadJob(systemId, vendorId, lookup.problem, new Date());
    },
    listJobs: pages.load,
    performAction: (action, ids, actOptions) => actions.load({ action, ids, ...actOptions }),
    noteRefusal: audit.recordDenial,
    ...details,
    loadSteps: onlyReadable(permissions, details.loadSteps),
    loadLeftOut: onlyReadable(permissions, details.loadLeftOut),
    checkHealth(system) {
      const health = healths.get(system) ?? system.health.check(readCallTo(system));
      healths.set(system, health);
      return health;
    },
  };
}

function createCall({ caller, credentialFor, onRequest }: JobServiceOptions, { id }: JobSystem, signal: AbortSignal): CallContext {
  return { caller, signal, credential: credentialFor?.(id) ?? null, ...(onRequest && { onRequest }) };
}

/** The acting part. What was read before an action, and the pages, hold no more when it is settled. */
function createActions(
  options: JobServiceOptions,
  { locate }: JobLocator,
  lookups: JobLookups,
  pages: JobPages,
): ReturnType<typeof createActionLoader> {
  const { permissions, audit, actSignal, sendSignal = actSignal, onResults = () => {} } = options;
  return createActionLoader({
    locate,
    permissions,
    audit,
    callTo: (system) => createCall(options, system, actSignal),
    sendSignal,
    onPerformed(id, job) {
      pages.forget();
      lookups.replace(id, job);
    },
    onResults,
  });
}

/** A caller who may only act gets a stand-in of the job, and no way round it. */
function onlyReadable<Value>(permissions: Permissions, load: (job: Job) => Promise<Result<Value>>): (job: Job) => Promise<Result<Value>> {
  return async (job) => (permissions.mayRead(job.systemId) ? load(job) : fail(accessDenied('jobs:read', job.systemId)));
}

import DataLoader from 'dataloader';
import { type ActionOptions, createActionLoader } from '../actions/action-loader.ts';
import { type ActionResult, jobNotFound } from '../actions/action-outcome.ts';
import type { ActionAudit, MutationDenial, SettledJob } from '../actions/audit.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { Turns } from '../concurrency/turns.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { createUnreadJob } from '../jobs/create-job.ts';
import type { SystemHealth } from '../jobs/health.ts';
import { type Job, type JobAction, type JobFailure, type JobProgress, type JobStep, jobActions } from '../jobs/job.ts';
import { formatJobId, type JobId, parseJobId } from '../jobs/job-id.ts';
import type { Permissions } from '../jobs/permissions.ts';
import { accessDenied, asReadProblem, createProblem, type Problem, type Result, succeed } from '../jobs/problem.ts';
import { toBoundedText } from '../jobs/storable-text.ts';
import type { JobSystem } from '../jobs/system.ts';
import { toFailure, toProgress, toStep } from '../jobs/vendor-facts.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import { type JobPage, type ListOptions, listJobs } from '../listing/list-jobs.ts';
import type { JobRead } from '../reading/reader.ts';
import type { ServedSystem } from './served-system.ts';

/** A job that was asked for by id: the job, or why there is none to show. */
export type JobLookup =
  | { kind: 'job'; job: Job }
  | { kind: 'notFound'; problem: Problem }
  /** The job's system is known, but the job could not be read. */
  | { kind: 'problem'; problem: Problem; system: ServedSystem };

/** Everything one caller's operation can do with jobs. Reads and actions of one tick go to the vendors together. */
export interface JobService {
  /** The systems whose jobs this caller may read, in the order of the configuration. */
  readableSystems: readonly ServedSystem[];
  /** The systems this caller may look at themselves. */
  visibleSystems: readonly ServedSystem[];
  /** Any configured system, for jobs already in hand. */
  findSystem(id: string): ServedSystem | null;
  permissions: Permissions;
  /** Takes an id apart and finds its system; the problem says which part is wrong. */
  locate(id: string): Result<{ system: ServedSystem; vendorId: string }>;
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
  /** The copy with the facts that it leaves out (`leftOut`), as far as the vendor tells them. */
  loadLeftOut(job: Job): Promise<Result<Job>>;
  loadSteps(job: Job): Promise<Result<JobStep[] | null>>;
  loadProgress(job: Job): Promise<Result<JobProgress | null>>;
  /** Null for a job that is not FAILED, or whose vendor doesn't explain the failure. `message` is one line of at most 300 characters. */
  loadFailure(job: Job): Promise<Result<JobFailure | null>>;
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
  onResults?: (systemId: string, action: JobAction, jobs: readonly SettledJob[]) => void;
  /** Default: those of this process alone. */
  cursorKeys?: CursorKeys;
  /** What is read beyond a copy that is handed to many operations: read once for all. Default: once for this operation. */
  ofCopies?: ReadsOfCopies;
}

/** Kept by the very copy: another copy of the same job may show more. Failures are not kept. */
export interface ReadsOfCopies {
  steps: CopyCache<JobStep[] | null>;
  progress: CopyCache<JobProgress | null>;
  failures: CopyCache<JobFailure | null>;
  leftOut: CopyCache<Job>;
}

type CopyCache<Value> = DataLoader.CacheMap<Job, Promise<Result<Value>>>;

/** For all operations that are handed the same copies. Ends with the copies. */
export function createReadsOfCopies(): ReadsOfCopies {
  return { steps: createCopyCache(), progress: createCopyCache(), failures: createCopyCache(), leftOut: createCopyCache() };
}

function createCopyCache<Value>(): CopyCache<Value> {
  const known = new WeakMap<Job, Promise<Result<Value>>>();
  return { get: (job) => known.get(job), set: (job, value) => known.set(job, value), delete: (job) => known.delete(job), clear() {} };
}

export function createJobService(options: JobServiceOptions): JobService {
  const { systems, permissions, audit, onRequest } = options;
  const systemById = new Map(systems.map((system) => [system.id, system]));
  const callTo = (system: JobSystem, signal: AbortSignal): CallContext => ({
    caller: options.caller,
    signal,
    credential: options.credentialFor?.(system.id) ?? null,
    ...(onRequest && { onRequest }),
  });
  // To those who may do nothing with its jobs a system does not exist.
  const isKnown = ({ id }: ServedSystem): boolean => permissions.mayRead(id) || jobActions.some((action) => permissions.mayAct(id, action));

  const locate = (id: string): Result<{ system: ServedSystem; vendorId: string }> => {
    const parsed = parseJobId(id);
    if (!parsed) {
      return { ok: false, problem: createProblem('INVALID_ID', `"${id.slice(0, 100)}" is not a job id; expected systemId:vendorId.`) };
    }
    const system = systemById.get(parsed.systemId);
    if (!system || !isKnown(system)) {
      return { ok: false, problem: createProblem('SYSTEM_NOT_FOUND', `There is no system "${parsed.systemId}".`) };
    }
    const refusal = system.adapter.checkVendorId(parsed.vendorId);
    if (refusal !== null) return { ok: false, problem: createProblem('INVALID_ID', refusal) };
    return { ok: true, value: { system, vendorId: parsed.vendorId } };
  };

  // Copies that show what came of an action: nothing newer need be read.
  const settled = new Map<string, Job>();
  // By lists of ids: a promise for each of some hundred ids costs as much as making the jobs.
  const lists = new DataLoader<readonly string[], Lookups>(
    async (asked) => {
      const lookups: Lookups = new Map();
      const wanted = new Map<ServedSystem, string[]>();
      for (const id of new Set(asked.flat())) {
        const copy = settled.get(id);
        if (copy) {
          lookups.set(id, { kind: 'job', job: copy });
          continue;
        }
        const located = locate(id);
        if (!located.ok) {
          lookups.set(id, { kind: 'notFound', problem: located.problem });
          continue;
        }
        const { system, vendorId } = located.value;
        if (permissions.mayRead(system.id)) append(wanted, system, vendorId);
        else lookups.set(id, { kind: 'problem', problem: accessDenied('read jobs', system.id), system });
      }
      await Promise.all(
        Array.from(wanted, async ([system, vendorIds]) => {
          const reads = await system.reader.read(vendorIds, callTo(system, options.readSignal));
          vendorIds.forEach((vendorId, index) => {
            lookups.set(formatJobId({ systemId: system.id, vendorId }), toLookup(reads[index] as JobRead, system));
          });
        }),
      );
      return asked.map(() => lookups);
    },
    { cache: false },
  );
  // What each job was looked up with, so that one operation looks it up once.
  const known = new Map<string, Promise<Lookups>>();
  const startLookups = (ids: readonly string[]): void => {
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return;
    const lookups = lists.load(missing);
    for (const id of missing) known.set(id, lookups);
  };
  const loadJob = async (id: string): Promise<JobLookup> => {
    startLookups([id]);
    return (await (known.get(id) as Promise<Lookups>)).get(id) as JobLookup;
  };
  const loadJobs = async (ids: readonly string[]): Promise<JobLookup[]> => {
    startLookups(ids);
    const together = ids.map((id) => known.get(id) as Promise<Lookups>);
    const settledLookups = new Map(await Promise.all(Array.from(new Set(together), async (lookups) => [lookups, await lookups] as const)));
    return ids.map((id, index) => settledLookups.get(together[index] as Promise<Lookups>)?.get(id) as JobLookup);
  };

  const pages = new Map<string, Promise<JobPage | null>>();
  const actions = createActionLoader({
    locate,
    permissions,
    audit,
    callTo: (system) => callTo(system, options.actSignal),
    sendSignal: options.sendSignal ?? options.actSignal,
    // What was read of the job before no longer holds; what was read after does.
    onSettled(id, job) {
      pages.clear();
      known.delete(id);
      if (job) settled.set(id, job);
      else settled.delete(id);
    },
    onResults: options.onResults ?? (() => {}),
  });

  const readTogether = <Value>(
    kept: CopyCache<Value> | undefined,
    read: (system: ServedSystem, jobs: readonly Job[], call: CallContext) => Promise<Result<Value>[]>,
  ): DataLoader<Job, Result<Value>> =>
    new DataLoader<Job, Result<Value>>(async (wanted) => {
      const outcomes = new Map<Job, Result<Value>>();
      await Promise.all(
        Array.from(
          Map.groupBy(wanted, (job) => job.systemId),
          async ([systemId, ofSystem]) => {
            const system = systemById.get(systemId) as ServedSystem;
            const results = await read(system, ofSystem, callTo(system, options.readSignal));
            ofSystem.forEach((job, index) => {
              outcomes.set(job, results[index] as Result<Value>);
            });
          },
        ),
      );
      for (const [job, { ok }] of outcomes) if (!ok) kept?.delete(job);
      return wanted.map((job) => outcomes.get(job) as Result<Value>);
    }, kept && { cacheMap: kept });
  const readEach = <Value>(
    kept: CopyCache<Value> | undefined,
    read: (system: ServedSystem, job: Job, call: CallContext) => Promise<Result<Value>>,
  ): DataLoader<Job, Result<Value>> =>
    readTogether(kept, (system, jobs, call) => mapConcurrently(jobs, system.concurrency, (job) => read(system, job, call)));
  const none = { ok: true, value: null } as const;
  const { ofCopies } = options;
  const steps = readTogether<JobStep[] | null>(ofCopies?.steps, async ({ adapter, concurrency }, jobs, call) => {
    const reads = adapter.getStepsOfJobs
      ? await adapter.getStepsOfJobs(jobs, call)
      : await mapConcurrently(jobs, concurrency, async (job) => (await adapter.getSteps?.(job, call)) ?? none);
    return reads.map((read) => (read.ok ? succeed(read.value?.map(toStep) ?? null) : read));
  });
  const leftOut = readTogether<Job>(ofCopies?.leftOut, ({ reader }, jobs, call) => reader.readLeftOut(jobs, call));
  const progress = readEach<JobProgress | null>(ofCopies?.progress, async ({ adapter }, job, call) => {
    const read = (await adapter.getProgress?.(job, call)) ?? none;
    return read.ok ? succeed(toProgress(read.value)) : read;
  });
  const failures = readEach<JobFailure | null>(ofCopies?.failures, async ({ adapter: { getFailure } }, job, call) => {
    if (getFailure !== 'fromSteps') {
      const failure = (await getFailure?.(job, call)) ?? none;
      return failure.ok ? succeed(failure.value && toFailure(failure.value)) : failure;
    }
    const read = await steps.load(job);
    return read.ok ? succeed(findFailure(read.value ?? [])) : read;
  });

  const readPage = async (listOptions: ListOptions): Promise<JobPage | null> => {
    const turn = options.turns?.take(options.caller);
    if (turn) await turn;
    const page = await listJobs(readableSystems, listOptions, (system) => callTo(system, options.readSignal), options.cursorKeys);
    // To show its rows takes longer than to begin.
    const turnToShow = options.turns?.take(options.caller);
    if (turnToShow) await turnToShow;
    return page;
  };

  // With a caller's own credential each check is a request, however often the operation asks.
  const healths = new Map<ServedSystem, Promise<SystemHealth>>();
  const readableSystems = systems.filter(({ id }) => permissions.mayRead(id));
  return {
    readableSystems,
    visibleSystems: systems.filter(({ id }) => permissions.maySeeSystem(id)),
    permissions,
    findSystem: (id) => systemById.get(id) ?? null,
    locate,
    loadJob,
    loadJobs,
    async loadReference({ systemId, vendorId }) {
      const lookup = await loadJob(formatJobId({ systemId, vendorId }));
      return lookup.kind === 'job' ? lookup.job : createUnreadJob(systemId, vendorId, lookup.problem, new Date());
    },
    listJobs(listOptions) {
      // Fields that ask for the same show the same page.
      const key = JSON.stringify(listOptions);
      const page = pages.get(key) ?? readPage(listOptions);
      pages.set(key, page);
      return page;
    },
    performAction: (action, ids, actOptions) => actions.load({ action, ids, ...actOptions }),
    noteRefusal: audit.recordDenial,
    async loadSteps(job) {
      // A caller who may only act gets a stand-in of the job, and no way round it.
      return permissions.mayRead(job.systemId) ? steps.load(job) : { ok: false, problem: accessDenied('read jobs', job.systemId) };
    },
    async loadLeftOut(job) {
      return permissions.mayRead(job.systemId) ? leftOut.load(job) : { ok: false, problem: accessDenied('read jobs', job.systemId) };
    },
    async loadProgress(job) {
      return job.progress === undefined ? progress.load(job) : { ok: true, value: job.progress };
    },
    async loadFailure(job) {
      if (job.status !== 'FAILED') return none;
      const read = await failures.load(job);
      const message = onOneLine(read.ok ? read.value?.message : null);
      return read.ok ? succeed(message !== null && read.value ? { ...read.value, message } : null) : read;
    },
    checkHealth(system) {
      const health = healths.get(system) ?? system.health.check(callTo(system, options.readSignal));
      healths.set(system, health);
      return health;
    },
  };
}

type Lookups = Map<string, JobLookup>;

/** The failure that the last failed step explains, or the last of its parts that explains one; null if none does. */
function findFailure(steps: readonly JobStep[]): JobFailure | null {
  const failed = findExplained(steps);
  if (!failed) return null;
  const step = findExplained(failed.substeps) ?? failed;
  return { message: step.message, code: step.failureCode, advice: step.advice, step };
}

/** A step that has not failed may have a message, too: a warning. Only if no failed step has one is it taken for the reason. */
function findExplained(steps: readonly JobStep[]): (JobStep & { message: string }) | undefined {
  const explained = steps.filter(explainsFailure);
  return explained.findLast(({ status }) => status === 'FAILED') ?? explained.at(-1);
}

function explainsFailure(step: JobStep): step is JobStep & { message: string } {
  return step.message !== null;
}

const maxLine = 300;

function onOneLine(message: string | null | undefined): string | null {
  const line = message?.replace(/\s+/g, ' ').trim() ?? '';
  return line === '' ? null : toBoundedText(line, maxLine);
}

export function toLookup(read: JobRead, system: ServedSystem): JobLookup {
  if (read.kind === 'notFound') return { kind: 'notFound', problem: jobNotFound(system.id) };
  return read.kind === 'problem' ? { kind: 'problem', problem: asReadProblem(read.problem), system } : read;
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

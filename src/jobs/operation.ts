import DataLoader from 'dataloader';
import type { Call } from './adapter.ts';
import { mapConcurrently } from './concurrency.ts';
import type { Job, JobAction, JobProgress, JobStep } from './job.ts';
import { createUnreadJob } from './job.ts';
import { formatJobId, type JobId, parseJobId } from './job-id.ts';
import { type JobPage, type ListOptions, listJobs } from './list/list-jobs.ts';
import { performAction } from './perform-action.ts';
import { createProblem, type Outcome, type Problem } from './problem.ts';
import type { JobRead } from './reader.ts';
import { type ActionResult, jobNotFound } from './settle-action.ts';
import type { JobSystem } from './system.ts';

/** A job that was asked for by id: the job, or why there is none to show. */
export type JobLookup =
  | { kind: 'job'; job: Job }
  | { kind: 'notFound'; problem: Problem }
  /** The job's system is known, but the job could not be read. */
  | { kind: 'problem'; problem: Problem; system: JobSystem };

/** Everything one caller's operation can do with jobs. Reads and actions of one tick go to the vendors together. */
export interface JobOperation {
  /** The systems this caller may see, in the order of the configuration. */
  systems: readonly JobSystem[];
  findSystem(id: string): JobSystem | null;
  /** Never rejects for what a vendor or an id is like. */
  loadJob(id: string): Promise<JobLookup>;
  /** As loadJob; a job that can't be read is stood in for by one of status UNKNOWN with the problem. */
  loadReference(id: JobId): Promise<Job>;
  /** Null: the cursor does not belong to this listing. */
  listJobs(options: ListOptions, systems?: readonly JobSystem[]): Promise<JobPage | null>;
  /** One result per id, in order. An id that is repeated is acted on once. */
  act(action: JobAction, ids: readonly string[], options: { dryRun: boolean }): Promise<ActionResult[]>;
  loadSteps(job: Job): Promise<Outcome<JobStep[] | null>>;
  loadProgress(job: Job): Promise<Outcome<JobProgress | null>>;
}

export interface JobOperationOptions {
  systems: readonly JobSystem[];
  /** Aborted when the answer is no longer wanted, and at the operation's deadline. */
  readSignal: AbortSignal;
  /** Aborted only at the operation's deadline: a caller that goes away leaves no action half-way. */
  actSignal: AbortSignal;
  /** The caller's own credential for this system, where the system passes it through. */
  credentialFor?: (systemId: string) => string | null;
}

interface ActionKey {
  action: JobAction;
  id: string;
  dryRun: boolean;
}

export function createJobOperation(options: JobOperationOptions): JobOperation {
  const { systems, readSignal, actSignal } = options;
  const systemById = new Map(systems.map((system) => [system.id, system]));
  const callTo = (system: JobSystem, signal: AbortSignal): Call => ({ signal, credential: options.credentialFor?.(system.id) ?? null });

  /** Takes an id apart and finds its system; the problem says which part is wrong. */
  const locate = (id: string): Outcome<{ system: JobSystem; vendorId: string }> => {
    const parsed = parseJobId(id);
    if (!parsed) {
      return { ok: false, problem: createProblem('INVALID_ID', `"${id.slice(0, 100)}" is not a job id; expected systemId:vendorId.`) };
    }
    const system = systemById.get(parsed.systemId);
    if (!system) {
      return { ok: false, problem: createProblem('SYSTEM_NOT_FOUND', `There is no system "${parsed.systemId}".`) };
    }
    const refusal = system.adapter.refuseVendorId(parsed.vendorId);
    if (refusal !== null) return { ok: false, problem: createProblem('INVALID_ID', refusal) };
    return { ok: true, value: { system, vendorId: parsed.vendorId } };
  };

  const toLookup = (read: JobRead, system: JobSystem): JobLookup => {
    if (read.kind === 'absent') return { kind: 'notFound', problem: jobNotFound(system.id) };
    return read.kind === 'problem' ? { ...read, system } : read;
  };

  const jobs = new DataLoader<string, JobLookup>(async (ids) => {
    const lookups = new Map<string, JobLookup>();
    const wanted = new Map<JobSystem, string[]>();
    for (const id of ids) {
      const located = locate(id);
      if (located.ok) append(wanted, located.value.system, located.value.vendorId);
      else lookups.set(id, { kind: 'notFound', problem: located.problem });
    }
    await Promise.all(
      Array.from(wanted, async ([system, vendorIds]) => {
        const reads = await system.reader.read(vendorIds, callTo(system, readSignal));
        vendorIds.forEach((vendorId, index) => {
          lookups.set(formatJobId({ systemId: system.id, vendorId }), toLookup(reads[index] as JobRead, system));
        });
      }),
    );
    return ids.map((id) => lookups.get(id) as JobLookup);
  });

  const actions = new DataLoader<ActionKey, ActionResult>(
    async (keys) => {
      const results = new Map<string, ActionResult>();
      const keyOf = ({ action, id, dryRun }: ActionKey): string => `${action} ${dryRun} ${id}`;
      const batches = new Map<string, { system: JobSystem; action: JobAction; dryRun: boolean; vendorIds: Set<string> }>();
      for (const key of keys) {
        const located = locate(key.id);
        if (!located.ok) {
          results.set(keyOf(key), { kind: 'notFound', problem: located.problem });
          continue;
        }
        const { system, vendorId } = located.value;
        const batchKey = `${key.action} ${key.dryRun} ${system.id}`;
        const batch = batches.get(batchKey) ?? { system, action: key.action, dryRun: key.dryRun, vendorIds: new Set() };
        batches.set(batchKey, batch);
        batch.vendorIds.add(vendorId);
      }
      await Promise.all(
        Array.from(batches.values(), async ({ system, action, dryRun, vendorIds }) => {
          const settled = await performAction(system, action, [...vendorIds], { dryRun }, callTo(system, actSignal));
          for (const [vendorId, result] of settled) {
            const id = formatJobId({ systemId: system.id, vendorId });
            results.set(keyOf({ action, id, dryRun }), result);
            // What was read of the job before no longer holds; what was read after does.
            jobs.clear(id);
            const job = 'job' in result ? result.job : null;
            if (job) jobs.prime(id, { kind: 'job', job });
          }
        }),
      );
      return keys.map((key) => results.get(keyOf(key)) as ActionResult);
    },
    { cache: false },
  );

  const readEach = <Value>(read: (system: JobSystem, job: Job, call: Call) => Promise<Outcome<Value>>) =>
    new DataLoader<Job, Outcome<Value>>(async (wanted) => {
      const outcomes = new Map<Job, Outcome<Value>>();
      await Promise.all(
        Array.from(
          Map.groupBy(wanted, (job) => job.systemId),
          ([systemId, ofSystem]) => {
            const system = systemById.get(systemId) as JobSystem;
            return mapConcurrently(ofSystem, system.concurrency, async (job) => {
              outcomes.set(job, await read(system, job, callTo(system, readSignal)));
            });
          },
        ),
      );
      return wanted.map((job) => outcomes.get(job) as Outcome<Value>);
    });
  const none = { ok: true, value: null } as const;
  const steps = readEach<JobStep[] | null>(async ({ adapter }, job, call) => adapter.getSteps?.(job, call) ?? none);
  const progress = readEach<JobProgress | null>(async ({ adapter }, job, call) => adapter.getProgress?.(job, call) ?? none);

  return {
    systems,
    findSystem: (id) => systemById.get(id) ?? null,
    loadJob: (id) => jobs.load(id),
    async loadReference({ systemId, vendorId }) {
      const lookup = await jobs.load(formatJobId({ systemId, vendorId }));
      return lookup.kind === 'job' ? lookup.job : createUnreadJob(systemId, vendorId, lookup.problem, new Date());
    },
    listJobs: (listOptions, among = systems) => listJobs(among, listOptions, (system) => callTo(system, readSignal)),
    act: (action, ids, { dryRun }) => Promise.all(ids.map((id) => actions.load({ action, id, dryRun }))),
    loadSteps: (job) => steps.load(job),
    async loadProgress(job) {
      return job.progress === undefined ? progress.load(job) : { ok: true, value: job.progress };
    },
  };
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

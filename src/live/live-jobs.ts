import type { Clock } from '../concurrency/clock.ts';
import { type JobLookup, toLookup } from '../job-service/job-lookups.ts';
import type { JobService } from '../job-service/job-service.ts';
import { createUnreadJob } from '../jobs/create-job.ts';
import type { Job } from '../jobs/job.ts';
import { createProblem, type Problem, type Result, succeed } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import { idOf, type JobWatcher, type Observation, type WatchTarget } from './watcher.ts';

/** Subscriptions and waits of one caller's operation. */
export interface LiveJobs {
  /**
   * Counts jobs as watched until the returned function is called. A problem: the caller watches the maximum number, over all its connections.
   */
  reserve(count: number): Result<() => void>;
  /**
   * The current state of each job, then its changes; ends when all jobs have ended. A problem: an invalid ID, or more jobs than the caller may
   * watch. The jobs count until `return`.
   */
  subscribe(
    ids: readonly string[],
  ): { kind: 'jobs'; jobs: AsyncIterableIterator<Observation, undefined, undefined> } | { kind: 'problem'; problem: Problem };
  /**
   * Waits until each job is in a wanted state or doesn't exist, but at most `forMs`, until the operation's deadline, or until the caller
   * disconnects. Returns the state of each job then, by ID. The jobs must have been reserved.
   */
  wait(ids: readonly string[], isWanted: (job: Job) => boolean, forMs: number): Promise<Map<string, JobLookup>>;
}

export interface LiveJobsOptions {
  watcher: JobWatcher;
  clock: Clock;
  jobs: JobService;
  /** The caller that vendor requests count toward; see CallContext. */
  caller: string;
  credentialFor(systemId: string): string | null;
  /** Aborted when the caller no longer waits for the response. */
  readSignal: AbortSignal;
  /** The operation's deadline, by the clock. */
  deadlineAtMs: number;
  callerName: string;
  maxWatchedJobs: number;
  /** See Shares. */
  watchJobs(count: number): (() => void) | null;
}

export function createLiveJobs(options: LiveJobsOptions): LiveJobs {
  const { watcher } = options;

  const reserve = (count: number): Result<() => void> => {
    const release = options.watchJobs(count);
    if (release) return succeed(release);
    const { callerName, maxWatchedJobs } = options;
    const message = `${callerName} can't watch ${count} more jobs: the maximum is ${maxWatchedJobs} jobs in subscriptions and waits, over all its connections. End a subscription, or retry in ${retryAfterSeconds} seconds.`;
    return { ok: false, problem: createProblem('RATE_LIMITED', message, retryAfterSeconds) };
  };

  return {
    reserve,

    subscribe(ids) {
      const targets: WatchTarget[] = [];
      const denied: Observation[] = [];
      for (const id of ids) {
        const found = findTarget(id, options);
        if (found.kind === 'notFound') return { kind: 'problem', problem: found.problem };
        if (found.kind === 'target') targets.push(found.target);
        else denied.push({ ...found.located, read: { kind: 'problem', problem: found.problem } });
      }
      const reserved = reserve(ids.length);
      if (!reserved.ok) return { kind: 'problem', problem: reserved.problem };
      return { kind: 'jobs', jobs: releaseAtReturn(watcher.watch(targets, { known: denied }), reserved.value) };
    },

    async wait(ids, isWanted, forMs) {
      const lookups = new Map<string, JobLookup>();
      const targets: WatchTarget[] = [];
      for (const id of ids) {
        const found = findTarget(id, options);
        if (found.kind === 'target') targets.push(found.target);
        else if (found.kind === 'notFound') lookups.set(id, found);
        else lookups.set(id, { kind: 'problem', problem: found.problem, system: found.located.system });
      }
      for (const [id, lookup] of await waitForTargets(targets, isWanted, forMs, options)) lookups.set(id, lookup);
      return lookups;
    },
  };
}

type Located = Pick<WatchTarget, 'system' | 'vendorId'>;

type FoundTarget =
  | { kind: 'target'; target: WatchTarget }
  | { kind: 'notFound'; problem: Problem }
  | { kind: 'denied'; located: Located; problem: Problem };

/** The job of an ID, if the caller can read it. */
function findTarget(id: string, { jobs, caller, credentialFor }: LiveJobsOptions): FoundTarget {
  const located = jobs.locateReadable(id);
  if (located.kind === 'notFound') return located;
  const { system, vendorId } = located;
  if (located.kind === 'readable') return { kind: 'target', target: { system, vendorId, caller, credential: credentialFor(system.id) } };
  return { kind: 'denied', located: { system, vendorId }, problem: located.problem };
}

/** The state of each job when all are in a wanted state, or the time has passed. */
async function waitForTargets(
  targets: readonly WatchTarget[],
  isWanted: (job: Job) => boolean,
  forMs: number,
  { watcher, clock, deadlineAtMs, readSignal }: LiveJobsOptions,
): Promise<Map<string, JobLookup>> {
  const isOver = (read: JobRead): boolean => read.kind === 'notFound' || (read.kind === 'job' && isWanted(read.job));
  const watched = watcher.watch(targets, { isOver });
  const lookups = new Map<string, JobLookup>();
  const unread = new Map(targets.map((target) => [idOf(target), target]));

  let isTimeUp = false;
  const cancels = [
    clock.at(clock.nowMs() + forMs, () => {
      isTimeUp = true;
      // Each job is read at least once, however short the wait is.
      if (unread.size === 0) watched.finish();
    }),
    clock.at(deadlineAtMs, watched.finish),
  ];
  readSignal.addEventListener('abort', watched.finish, { once: true });
  if (readSignal.aborted) watched.finish();
  for await (const { system, vendorId, read } of watched) {
    const id = idOf({ system, vendorId });
    lookups.set(id, toLookup(read, system));
    unread.delete(id);
    if (isTimeUp && unread.size === 0) break;
  }
  readSignal.removeEventListener('abort', watched.finish);
  for (const cancel of cancels) cancel();

  for (const [id, { system }] of unread) {
    const message = `${system.id} didn't respond before the wait ended. Retry, or wait longer.`;
    lookups.set(id, { kind: 'problem', problem: createProblem('TIMED_OUT', message), system });
  }
  return lookups;
}

/** By then, one of the caller's subscriptions or waits may have ended. */
const retryAfterSeconds = 5;

/** Calls `release` when the iterator ends, or when its reader stops early. */
export function releaseAtReturn<Value>(
  values: AsyncIterableIterator<Value>,
  release: () => void,
): AsyncIterableIterator<Value, undefined, undefined> {
  const done = { done: true, value: undefined } as const;
  return {
    async next() {
      const result = await values.next();
      if (!result.done) return result;
      release();
      return done;
    },
    async return() {
      release();
      await values.return?.();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The observed job, or a placeholder of status UNKNOWN with the problem, and with the name of an earlier copy if the job is gone. */
export function toJob({ system, vendorId, read }: Observation): Job {
  const lookup = toLookup(read, system);
  if (lookup.kind === 'job') return lookup.job;
  const placeholder = createUnreadJob(system.id, vendorId, lookup.problem, new Date());
  const known = read.kind === 'notFound' ? read.known : undefined;
  return known ? { ...placeholder, name: known.name, type: known.type } : placeholder;
}

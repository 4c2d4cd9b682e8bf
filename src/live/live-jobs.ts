import type { Clock } from '../concurrency/clock.ts';
import { type JobLookup, toLookup } from '../job-service/job-lookups.ts';
import type { JobService } from '../job-service/job-service.ts';
import { createUnreadJob } from '../jobs/create-job.ts';
import type { Job } from '../jobs/job.ts';
import { createProblem, type Problem, type Result, succeed } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import { idOf, type JobWatcher, type Observation, type WatchTarget } from './watcher.ts';

/** What one caller's operation can follow and wait for. */
export interface LiveJobs {
  /**
   * Counts so many jobs as followed until the function it gives back is called. A problem: the caller follows as many as allowed, over all
   * its connections.
   */
  reserve(count: number): Result<() => void>;
  /**
   * Each job as it stands, then its changes; ends when all are over. A problem: an id of the list that can't be a job's, or more jobs than
   * the caller may follow. They count until `return`.
   */
  subscribe(
    ids: readonly string[],
  ): { kind: 'jobs'; jobs: AsyncIterableIterator<Observation, undefined, undefined> } | { kind: 'problem'; problem: Problem };
  /**
   * Waits until all jobs are as wanted or can't come to be, and at most so long; ends earlier where the operation's own time is up
   * or nobody waits for the answer any more. How each job then stands, by id. The jobs must have been reserved.
   */
  wait(ids: readonly string[], isAsWanted: (job: Job) => boolean, forMs: number): Promise<Map<string, JobLookup>>;
}

export interface LiveJobsOptions {
  watcher: JobWatcher;
  clock: Clock;
  jobs: JobService;
  /** Whom its vendor requests count for; see Call. */
  caller: string;
  credentialFor(systemId: string): string | null;
  /** Aborted when nobody waits for the answer any more. */
  readSignal: AbortSignal;
  /** When the operation's answer must be there, by the clock. */
  deadlineAtMs: number;
  callerName: string;
  maxFollowedJobs: number;
  /** See Shares. */
  followJobs(count: number): (() => void) | null;
}

export function createLiveJobs(options: LiveJobsOptions): LiveJobs {
  const { watcher } = options;

  const reserve = (count: number): Result<() => void> => {
    const release = options.followJobs(count);
    if (release) return succeed(release);
    const { callerName, maxFollowedJobs } = options;
    const message = `${callerName} can't follow ${count} more: it may follow and wait for ${maxFollowedJobs} jobs at a time, over all its connections. End a subscription, or retry in ${retryAfterSeconds} seconds.`;
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

    async wait(ids, isAsWanted, forMs) {
      const lookups = new Map<string, JobLookup>();
      const targets: WatchTarget[] = [];
      for (const id of ids) {
        const found = findTarget(id, options);
        if (found.kind === 'target') targets.push(found.target);
        else if (found.kind === 'notFound') lookups.set(id, found);
        else lookups.set(id, { kind: 'problem', problem: found.problem, system: found.located.system });
      }
      for (const [id, lookup] of await waitForTargets(targets, isAsWanted, forMs, options)) lookups.set(id, lookup);
      return lookups;
    },
  };
}

type Located = Pick<WatchTarget, 'system' | 'vendorId'>;

type FoundTarget =
  | { kind: 'target'; target: WatchTarget }
  | { kind: 'notFound'; problem: Problem }
  | { kind: 'denied'; located: Located; problem: Problem };

/** The job of an id, if the caller may read it. */
function findTarget(id: string, { jobs, caller, credentialFor }: LiveJobsOptions): FoundTarget {
  const located = jobs.locateReadable(id);
  if (located.kind === 'notFound') return located;
  const { system, vendorId } = located;
  if (located.kind === 'readable') return { kind: 'target', target: { system, vendorId, caller, credential: credentialFor(system.id) } };
  return { kind: 'denied', located: { system, vendorId }, problem: located.problem };
}

/** How each job stands when all are as wanted, or the time is up. */
async function waitForTargets(
  targets: readonly WatchTarget[],
  isAsWanted: (job: Job) => boolean,
  forMs: number,
  { watcher, clock, deadlineAtMs, readSignal }: LiveJobsOptions,
): Promise<Map<string, JobLookup>> {
  const isOver = (read: JobRead): boolean => read.kind === 'notFound' || (read.kind === 'job' && isAsWanted(read.job));
  const followed = watcher.watch(targets, { isOver });
  const lookups = new Map<string, JobLookup>();
  const unseen = new Map(targets.map((target) => [idOf(target), target]));

  let isTimeUp = false;
  const callOffs = [
    clock.at(clock.nowMs() + forMs, () => {
      isTimeUp = true;
      // Each job is looked at once, however short the wait.
      if (unseen.size === 0) followed.finish();
    }),
    clock.at(deadlineAtMs, followed.finish),
  ];
  readSignal.addEventListener('abort', followed.finish, { once: true });
  if (readSignal.aborted) followed.finish();
  for await (const { system, vendorId, read } of followed) {
    const id = idOf({ system, vendorId });
    lookups.set(id, toLookup(read, system));
    unseen.delete(id);
    if (isTimeUp && unseen.size === 0) break;
  }
  readSignal.removeEventListener('abort', followed.finish);
  for (const callOff of callOffs) callOff();

  for (const [id, { system }] of unseen) {
    const message = `${system.id} had not answered when the time to wait was up.`;
    lookups.set(id, { kind: 'problem', problem: createProblem('TIMED_OUT', message), system });
  }
  return lookups;
}

/** In how many seconds one of the caller's own subscriptions or waits may have ended. */
const retryAfterSeconds = 5;

/** Until all has been taken, or the reader goes away. */
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

/** The job that was seen; a stand-in of status UNKNOWN with the problem where there is none to show. */
export function toJob({ system, vendorId, read }: Observation): Job {
  const lookup = toLookup(read, system);
  return lookup.kind === 'job' ? lookup.job : createUnreadJob(system.id, vendorId, lookup.problem, new Date());
}

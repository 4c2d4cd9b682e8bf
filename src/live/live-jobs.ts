import { createUnreadJob, type Job } from '../jobs/job.ts';
import { type JobLookup, type JobOperation, toLookup } from '../jobs/operation.ts';
import { accessDenied, createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../jobs/reader.ts';
import type { Clock } from './clock.ts';
import type { NewestByKey } from './newest-by-key.ts';
import { idOf, type JobWatcher, type Observation, type WatchTarget } from './watcher.ts';

/** What one caller's operation can follow and wait for. */
export interface LiveJobs {
  /** Each job as it stands, then its changes; ends when all are over. A problem: an id of the list that can't be a job's. */
  follow(ids: readonly string[]): { kind: 'jobs'; jobs: NewestByKey<Observation> } | { kind: 'problem'; problem: Problem };
  /**
   * Waits until all jobs are as wanted or can't come to be, and at most so long; ends earlier where the operation's own time is up
   * or nobody waits for the answer any more. How each job then stands, by id.
   */
  wait(ids: readonly string[], isAsWanted: (job: Job) => boolean, forMs: number): Promise<Map<string, JobLookup>>;
}

export interface LiveJobsOptions {
  watcher: JobWatcher;
  clock: Clock;
  jobs: JobOperation;
  /** Whom its vendor requests count for; see Call. */
  caller: string;
  credentialFor(systemId: string): string | null;
  /** Aborted when nobody waits for the answer any more. */
  readSignal: AbortSignal;
  /** When the operation's answer must be there, by the clock. */
  deadlineAtMs: number;
}

export function createLiveJobs(options: LiveJobsOptions): LiveJobs {
  const { watcher, clock, jobs } = options;
  const targetOf = ({ system, vendorId }: Pick<WatchTarget, 'system' | 'vendorId'>): WatchTarget => ({
    system,
    vendorId,
    caller: options.caller,
    credential: options.credentialFor(system.id),
  });

  return {
    follow(ids) {
      const targets: WatchTarget[] = [];
      const denied: Observation[] = [];
      for (const id of ids) {
        const located = jobs.locate(id);
        if (!located.ok) return { kind: 'problem', problem: located.problem };
        const { system } = located.value;
        if (jobs.permissions.mayRead(system.id)) targets.push(targetOf(located.value));
        else denied.push({ ...located.value, read: { kind: 'problem', problem: accessDenied('read jobs', system.id) } });
      }
      return { kind: 'jobs', jobs: watcher.watch(targets, { known: denied }) };
    },

    async wait(ids, isAsWanted, forMs) {
      const lookups = new Map<string, JobLookup>();
      const targets: WatchTarget[] = [];
      for (const id of ids) {
        const located = jobs.locate(id);
        if (!located.ok) {
          lookups.set(id, { kind: 'notFound', problem: located.problem });
          continue;
        }
        const { system } = located.value;
        if (jobs.permissions.mayRead(system.id)) targets.push(targetOf(located.value));
        else lookups.set(id, { kind: 'problem', problem: accessDenied('read jobs', system.id), system });
      }
      const isOver = (read: JobRead): boolean => read.kind === 'absent' || (read.kind === 'job' && isAsWanted(read.job));
      const followed = watcher.watch(targets, { isOver });
      const unseen = new Set(targets.map(idOf));

      let isTimeUp = false;
      const callOffs = [
        clock.at(clock.nowMs() + forMs, () => {
          isTimeUp = true;
          // Each job is looked at once, however short the wait.
          if (unseen.size === 0) followed.finish();
        }),
        clock.at(options.deadlineAtMs, followed.finish),
      ];
      const { readSignal } = options;
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

      for (const target of targets) {
        const { system } = target;
        const message = `${system.id} had not answered when the time to wait was up.`;
        if (unseen.has(idOf(target))) lookups.set(idOf(target), { kind: 'problem', problem: createProblem('TIMED_OUT', message), system });
      }
      return lookups;
    },
  };
}

/** The job that was seen; a stand-in of status UNKNOWN with the problem where there is none to show. */
export function toJob({ system, vendorId, read }: Observation): Job {
  const lookup = toLookup(read, system);
  return lookup.kind === 'job' ? lookup.job : createUnreadJob(system.id, vendorId, lookup.problem, new Date());
}

import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { completeJob, type JobFields } from './complete-job.ts';
import { isCancellable, neverRuns, type VaultJob } from './job.ts';
import { createLifeCycle } from './life-cycle.ts';
import { createShelves } from './shelves.ts';
import type { VaultSwitches } from './switches.ts';

/** The jobs of a Vault. `addJob`, `addJobs`, `changeJob`, and `removeJob` work behind the API's back. */
export interface VaultJobs {
  /** Adds a job and returns its ID. Default: requested by the integration user, QUEUED now, runs after 10 s for 60 s, ends with SUCCESS. */
  addJob(fields?: JobFields): number;
  addJobs(count: number, fields?: JobFields): number[];
  job(id: number): Readonly<VaultJob> | undefined;
  /** Changes fields. A new `status` has the same effects as a change by itself. */
  changeJob(id: number, fields: JobFields): void;
  removeJob(id: number): void;
  /** Jobs that have not ended, by ID. */
  unfinished(): readonly VaultJob[];
  /** Jobs that have ended, by ID. */
  ended(): readonly VaultJob[];
  /** Cancel Job. False if its status does not allow it. */
  cancel(id: number, userId: number): boolean;
  /** Start Job. False if it is not SCHEDULED. */
  startNow(id: number, userId: number): boolean;
}

export function createJobs(parts: { timeline: Timeline; random: Random; switches: VaultSwitches }): VaultJobs {
  const { timeline, random, switches } = parts;
  const shelves = createShelves(switches);
  const lifeCycle = createLifeCycle({ timeline, switches, shelves, addNext: addJob });
  let lastId = random.integer(240_000, 280_000);

  function addJob(fields: JobFields = {}): number {
    lastId += random.integer(1, 7);
    const job = completeJob(lastId, fields, timeline.now());
    shelves.place(job);
    lifeCycle.arrange(job);
    return job.id;
  }

  return {
    addJob,
    addJobs: (count, fields) => Array.from({ length: count }, () => addJob(fields)),
    job: shelves.find,
    changeJob(id, { status, ...fields }) {
      const job = shelves.find(id);
      if (!job) throw new RangeError(`The Vault has no job ${id}`);
      Object.assign(job, fields);
      if (status !== undefined) lifeCycle.enter(job, status);
      else lifeCycle.arrange(job);
    },
    removeJob: shelves.remove,
    unfinished: shelves.unfinished,
    ended: shelves.ended,
    cancel(id, userId) {
      const job = shelves.find(id);
      if (!job || !isCancellable(job, switches)) return false;
      lifeCycle.enter(job, 'CANCELLING', userId);
      return true;
    },
    startNow(id, userId) {
      const job = shelves.find(id);
      if (job?.status !== 'SCHEDULED') return false;
      job.plannedStartMs = timeline.now();
      // It runs now, even if it would not have run at its planned time.
      if (neverRuns(job.outcome)) job.outcome = 'SUCCESS';
      lifeCycle.enter(job, 'QUEUEING', userId);
      return true;
    },
  };
}

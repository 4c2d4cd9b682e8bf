import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { completeJob, type JobFields } from './complete-job.ts';
import { isCancellable, neverRuns, type VaultJob } from './job.ts';
import { createLifeCycle } from './life-cycle.ts';
import { createShelves } from './shelves.ts';
import type { VaultSwitches } from './switches.ts';

/** The jobs of a Vault and what happens to them. `addJob`, `addJobs`, `changeJob`, `removeJob` act behind the API's back. */
export interface VaultJobs {
  /** Adds a job (default: asked for by the integration user, QUEUED now, runs after 10 s for 60 s, ends with SUCCESS); its id. */
  addJob(fields?: JobFields): number;
  addJobs(count: number, fields?: JobFields): number[];
  job(id: number): Readonly<VaultJob> | undefined;
  /** Changes fields; a `status` among them is entered as if it came by itself. */
  changeJob(id: number, fields: JobFields): void;
  removeJob(id: number): void;
  /** Jobs that have not ended, by id. */
  unfinished(): readonly VaultJob[];
  /** Jobs that have ended, by id. */
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
      // It runs now, whatever would have happened at its planned time.
      if (neverRuns(job.outcome)) job.outcome = 'SUCCESS';
      lifeCycle.enter(job, 'QUEUEING', userId);
      return true;
    },
  };
}

import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { completeJob } from './complete-job.ts';
import type { Job, JobChange, JobEvent, JobFields } from './job.ts';
import { type Criterion, createOrders } from './orders.ts';

export interface Jobs {
  /** Adds a job that does not change by itself. Defaults: an IMPORT of 100 tasks in progress, started now. */
  add(fields?: Partial<JobFields>): string;
  get(jobId: string): Job | undefined;
  /** All of them, in the order in which they were added. */
  all(): readonly Job[];
  /** Changes a job behind the API's back. Does nothing if the job is missing. */
  change(jobId: string, change: JobChange): void;
  addEvent(jobId: string, event: Omit<JobEvent, 'atMs'>): void;
  remove(jobId: string): void;
  /** A library's jobs in ascending order; equal times are ordered by ID. Not to be changed or kept. */
  sorted(libraryId: string, criterion: Criterion): readonly Job[];
  /** Every type that has been seen, to filter by. */
  types(): readonly string[];
}

/** Upper and lowercase letters and digits, as in the samples of the manual. */
export function createId(random: Random): string {
  const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return random.pick(['R', 'S']) + random.text(random.integer(17, 18), alphanumeric);
}

export interface JobsParts {
  timeline: Timeline;
  random: Random;
  knownTypes: readonly string[];
  /** Of a job that is added without them. */
  defaults: Pick<JobFields, 'libraryId' | 'requestor'>;
}

export function createJobs({ timeline, random, knownTypes, defaults }: JobsParts): Jobs {
  const jobs = new Map<string, Job>();
  const types = new Set(knownTypes);
  const orders = createOrders();

  return {
    add(fields = {}) {
      const jobId = fields.jobId ?? createId(random);
      if (jobs.has(jobId)) throw new RangeError(`A job with the ID ${jobId} already exists`);
      const job = completeJob(jobId, fields, defaults, timeline.now());
      jobs.set(jobId, job);
      types.add(job.type);
      orders.add(job);
      return jobId;
    },
    get: (jobId) => jobs.get(jobId),
    all: () => [...jobs.values()],
    change(jobId, change) {
      const job = jobs.get(jobId);
      if (!job) return;
      Object.assign(job, change);
      types.add(job.type);
      if (change.startedAtMs !== undefined) orders.unsort(job, 'started');
      if (change.lastActivityAtMs !== undefined) orders.unsort(job, 'lastActivity');
    },
    addEvent(jobId, event) {
      jobs.get(jobId)?.events.push({ atMs: timeline.now(), ...event });
    },
    remove(jobId) {
      const job = jobs.get(jobId);
      if (!job) return;
      jobs.delete(jobId);
      orders.remove(job);
    },
    sorted: orders.sorted,
    types: () => [...types],
  };
}

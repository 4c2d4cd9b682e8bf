import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';

export const statuses = ['IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;

export interface JobEvent {
  atMs: number;
  severity: 'INFO' | 'WARN' | 'ERROR';
  message: string;
}

/** What can be said of a job when it is added. */
export interface JobFields {
  jobId: string;
  /** Null: a job of the whole domain, which no library lists. */
  libraryId: string | null;
  /** One of the vendor's types or any other word. */
  type: string;
  /** One of `statuses` or any other word, which the simulator then leaves alone. */
  status: string;
  /** The e-mail address of the person who started it. */
  requestor: string;
  startedAtMs: number;
  lastActivityAtMs: number;
  remainingTasks: number;
  succeededTasks: number;
  failedTasks: number;
  taskRetries: number;
  events: readonly JobEvent[];
  /** Properties of the wire that answers leave out for this job, such as `remainingTasks`. */
  absent: readonly string[];
  /** Properties of the wire that answers hold as given here, null included, instead of as documented: `{ type: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
}

export type JobChange = Partial<Omit<JobFields, 'jobId' | 'libraryId' | 'events'>>;

/** A job as the system has it. */
export interface Job extends Omit<JobFields, 'events'> {
  events: JobEvent[];
}

export type Criterion = 'started' | 'lastActivity';

export interface Jobs {
  /** Adds a job that stands still until it is changed. Fields left out: an IMPORT in progress of 100 tasks, started now. */
  add(fields?: Partial<JobFields>): string;
  get(jobId: string): Job | undefined;
  /** All of them, in the order in which they were added. */
  all(): readonly Job[];
  /** Changes a job behind the API's back. Does nothing where the job is gone. */
  change(jobId: string, change: JobChange): void;
  addEvent(jobId: string, event: Omit<JobEvent, 'atMs'>): void;
  remove(jobId: string): void;
  /** A library's jobs in ascending order; equal times are ordered by id. Not to be changed or kept. */
  sorted(libraryId: string, criterion: Criterion): readonly Job[];
  /** Every type that has been seen, to filter by. */
  types(): readonly string[];
}

export function timeOf(job: Job, criterion: Criterion): number {
  return criterion === 'started' ? job.startedAtMs : job.lastActivityAtMs;
}

/** The order of a list: by time, and by id where the times are equal. */
export function compareJobs(a: readonly [atMs: number, jobId: string], b: readonly [atMs: number, jobId: string]): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

/** Upper and lower case letters and digits, as in the samples of the manual. */
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
  // Sorted when asked for: a list that is nearly in order costs little to sort again.
  const orders = new Map<string, Record<Criterion, { jobs: Job[]; sorted: boolean }>>();

  const ordersOf = (libraryId: string) => {
    const found = orders.get(libraryId) ?? { started: { jobs: [], sorted: true }, lastActivity: { jobs: [], sorted: true } };
    orders.set(libraryId, found);
    return found;
  };
  const unsort = (job: Job, ...criteria: Criterion[]) => {
    if (job.libraryId === null) return;
    for (const criterion of criteria) ordersOf(job.libraryId)[criterion].sorted = false;
  };

  return {
    add(fields = {}) {
      const jobId = fields.jobId ?? createId(random);
      if (jobs.has(jobId)) throw new RangeError(`There is a job ${jobId} already`);
      const running = (fields.status ?? 'IN_PROGRESS') === 'IN_PROGRESS';
      const startedAtMs = fields.startedAtMs ?? timeline.now();
      const job: Job = {
        ...defaults,
        type: 'IMPORT',
        status: 'IN_PROGRESS',
        startedAtMs,
        lastActivityAtMs: startedAtMs,
        remainingTasks: running ? 100 : 0,
        succeededTasks: running ? 0 : 100,
        failedTasks: 0,
        taskRetries: 0,
        absent: [],
        odd: {},
        ...fields,
        jobId,
        events: [...(fields.events ?? [])],
      };
      jobs.set(jobId, job);
      types.add(job.type);
      if (job.libraryId !== null) {
        const { started, lastActivity } = ordersOf(job.libraryId);
        started.jobs.push(job);
        lastActivity.jobs.push(job);
      }
      unsort(job, 'started', 'lastActivity');
      return jobId;
    },
    get: (jobId) => jobs.get(jobId),
    all: () => [...jobs.values()],
    change(jobId, change) {
      const job = jobs.get(jobId);
      if (!job) return;
      Object.assign(job, change);
      types.add(job.type);
      if (change.startedAtMs !== undefined) unsort(job, 'started');
      if (change.lastActivityAtMs !== undefined) unsort(job, 'lastActivity');
    },
    addEvent(jobId, event) {
      jobs.get(jobId)?.events.push({ atMs: timeline.now(), ...event });
    },
    remove(jobId) {
      const job = jobs.get(jobId);
      if (!job) return;
      jobs.delete(jobId);
      if (job.libraryId === null) return;
      for (const order of Object.values(ordersOf(job.libraryId))) order.jobs.splice(order.jobs.indexOf(job), 1);
    },
    sorted(libraryId, criterion) {
      const order = ordersOf(libraryId)[criterion];
      if (!order.sorted) {
        order.jobs.sort((a, b) => compareJobs([timeOf(a, criterion), a.jobId], [timeOf(b, criterion), b.jobId]));
        order.sorted = true;
      }
      return order.jobs;
    },
    types: () => [...types],
  };
}

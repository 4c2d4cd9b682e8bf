import type { Timeline } from '../../../sandbox-kit/clock.ts';
import { createRandom } from '../../../sandbox-kit/random.ts';
import { type Account, defaultAccounts } from './accounts.ts';
import { completeJob, type JobInput } from './complete-job.ts';
import type { KineticaJob } from './job.ts';
import { createJobs } from './jobs.ts';
import { createLifeCycle } from './life-cycle.ts';
import type { KineticaSwitches } from './switches.ts';

export interface KineticaState {
  /** The users who can log in. Can be changed. */
  readonly accounts: Account[];
  /** All jobs, in the order they were added; also ended synchronous jobs, which the API no longer shows. */
  jobs(): Iterable<Readonly<KineticaJob>>;
  /** The job as it truly is. */
  job(id: string): Readonly<KineticaJob> | undefined;
  /** The last job with this tag. */
  jobOfTag(tag: string): Readonly<KineticaJob> | undefined;
  /** Default: an asynchronous RUNNING job that never ends. Returns its ID. Throws if the ID is taken. */
  addJob(input?: JobInput): string;
  /** Changes a job behind the API's back. A new status also sets `running`, unless that is given. Throws if there is no such job. */
  changeJob(id: string, change: Partial<Omit<KineticaJob, 'id' | 'kind' | 'tag'>>): void;
  removeJob(id: string): void;
  /** Asks a job to stop, as /admin/alter/jobs does. False if it can't be canceled now. */
  cancelJob(id: string): boolean;
  /** Removes the oldest ended jobs beyond this number. */
  dropEndedJobs(keptCount: number): void;
}

interface StateParts {
  timeline: Timeline;
  switches: KineticaSwitches;
  seed: number;
}

export function createState({ timeline, switches, seed }: StateParts): KineticaState {
  const jobs = createJobs();
  const lifeCycle = createLifeCycle({ timeline, switches });
  const tagRandom = createRandom(seed + (switches.cluster === 'backup' ? 1_000_004 : 1_000_003));
  const nextId = createIds(switches, seed);

  function nextFreeId(): string {
    let id = nextId();
    while (jobs.get(id)) id = nextId();
    return id;
  }

  return {
    accounts: defaultAccounts(),
    jobs: jobs.all,
    job: jobs.get,
    jobOfTag: jobs.getByTag,
    addJob(input = {}) {
      const job = completeJob(input.id ?? nextFreeId(), input, tagRandom.uuid, timeline.now());
      jobs.add(job);
      lifeCycle.arrange(job, input);
      return job.id;
    },
    changeJob(id, change) {
      const job = jobs.get(id);
      if (!job) throw new RangeError(`No job ${id}`);
      const running = change.status === undefined ? job.running : change.status === 'WAITING' || change.status === 'RUNNING';
      Object.assign(job, { running }, change);
      if (change.endsAtMs !== undefined) lifeCycle.arrangeEnd(job);
    },
    removeJob: jobs.remove,
    cancelJob(id) {
      const job = jobs.get(id);
      return job !== undefined && lifeCycle.cancel(job);
    },
    dropEndedJobs: jobs.dropEnded,
  };
}

/** IDs as a cluster assigns them. They depend only on the seed, so that both clusters of a pair use the same ones. */
function createIds({ idBase, version }: KineticaSwitches, seed: number): () => string {
  const random = createRandom(seed + 2_000_003);
  const huge = idBase === 'huge' && version !== '6.2';
  let next = huge ? 9007199254740993n : BigInt(970_000 + random.integer(0, 4999));
  return () => {
    const id = next;
    // Most IDs belong to requests too short to be seen. Huge ones are consecutive, so that a rounded ID names a neighbor.
    next += huge ? 1n : BigInt(random.integer(1, 9));
    return String(id);
  };
}

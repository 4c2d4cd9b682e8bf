import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { completeJob } from './complete-job.ts';
import { createHooks, type Hooks } from './hooks.ts';
import { canMove, type InternalState, type Job, moveJob } from './job.ts';
import { createLifeCycle } from './life-cycle.ts';
import { createProjects, type Projects } from './projects.ts';

export interface KylinState extends Hooks {
  projects: Projects;
  accounts: Accounts;
  /** Adds a row to the job table and returns its ID. Fields that are left out suit the state; the default state is READY. */
  addJob(fields?: Partial<Omit<Job, 'row'>>): string;
  /** The job as it truly is, for reading. */
  getJob(id: string): Readonly<Job> | undefined;
  /** All jobs in the order of the job table. */
  jobs(): Iterable<Readonly<Job>>;
  jobCount(): number;
  /** Changes a job behind the API's back, without any of Kylin's checks. A new state sets its timestamps. Throws if the job is missing. */
  changeJob(id: string, fields: Partial<Omit<Job, 'id' | 'row'>>): void;
  /** Changes a job's state as the server does. False if Kylin has no such transition. */
  moveJob(id: string, to: InternalState): boolean;
  /** RESTART: back to READY, with all times reset. False if Kylin has no such transition. */
  restartJob(id: string): boolean;
  removeJob(id: string): void;
}

/** The jobs of one Kylin, and a scheduler that runs them. */
export function createState(timeline: Timeline, random: Random): KylinState {
  const jobs = new Map<string, Job>();
  const lifeCycle = createLifeCycle(timeline);
  let rowCount = 0;

  const projects = createProjects(random);
  return {
    projects,
    accounts: createAccounts(random, timeline.now()),
    ...createHooks(),
    addJob(fields = {}) {
      const job = completeJob(fields, timeline.now(), rowCount, random);
      rowCount += 1;
      jobs.set(job.id, job);
      if (!projects.has(job.project)) projects.add(job.project);
      if (job.target !== 'deleted') projects.addSubject(job.project, job.subject);
      lifeCycle.arrange(job);
      return job.id;
    },
    getJob: (id) => jobs.get(id),
    jobs: () => jobs.values(),
    jobCount: () => jobs.size,
    changeJob(id, { state, ...fields }) {
      const job = jobs.get(id);
      if (!job) throw new RangeError(`No job ${id}`);
      if (state) moveJob(job, state, timeline.now());
      Object.assign(job, fields);
      lifeCycle.arrange(job);
    },
    moveJob(id, to) {
      const job = jobs.get(id);
      if (!job || !canMove(job.state, to)) return false;
      lifeCycle.move(job, to);
      return true;
    },
    restartJob(id) {
      const job = jobs.get(id);
      if (!job || !canMove(job.state, 'READY')) return false;
      moveJob(job, 'READY', timeline.now());
      Object.assign(job, { createTime: timeline.now(), startTime: 0, endTime: 0, runningSince: 0, ranMs: 0, mishap: null });
      lifeCycle.arrange(job);
      return true;
    },
    removeJob(id) {
      const job = jobs.get(id);
      if (!job) return;
      jobs.delete(id);
      lifeCycle.remove(job);
    },
  };
}

import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { canMove, type InternalState, isWaiting, type Job, type JobAction, moveJob } from './job.ts';
import { createProjects, type Projects } from './projects.ts';

/** Lets a test act in the middle of PUT /jobs/status. */
export interface RaceHooks {
  /** After every check has passed, before the jobs to change are selected. */
  afterChecks?: (ids: readonly string[], action: JobAction) => void;
  /** Before each single job is changed. */
  beforeUpdate?: (id: string, action: JobAction) => void;
}

export interface KylinState {
  projects: Projects;
  accounts: Accounts;
  readonly hooks: RaceHooks;
  /** Adds a row to the job table and returns its id. What is not given is filled in to suit the state; the default state is READY. */
  addJob(fields?: Partial<Omit<Job, 'row'>>): string;
  /** The job as it truly is, for reading. */
  getJob(id: string): Readonly<Job> | undefined;
  /** All jobs in the order of the job table. */
  jobs(): Iterable<Readonly<Job>>;
  jobCount(): number;
  /** Changes a job behind the API's back, without any of Kylin's checks; a new state gets its time stamps. */
  changeJob(id: string, fields: Partial<Omit<Job, 'id' | 'row'>>): void;
  /** As `changeJob` to a state, but as the server does it: false where Kylin knows no such transition. */
  moveJob(id: string, to: InternalState): boolean;
  /** RESTART: back to READY with all times set anew. False where Kylin knows no such transition. */
  restartJob(id: string): boolean;
  removeJob(id: string): void;
  /** The next `times` requests that reach a controller end with HTTP 500 without an error code; `applied`: having done their work. */
  failUnexpectedly(options?: { times?: number; applied?: boolean }): void;
  /** The failure that befalls this request, used up by asking. */
  nextFailure(): { applied: boolean } | undefined;
}

const tickMs = 10_000;
/** How many jobs one tick takes up, and how many run at the same time. */
const pollBatch = 20;
const runningLimit = 20;
const defaultRunMs = 300_000;
/** As many digits as a signed 64-bit integer can have: the end of a full build's data range. */
export const endOfTime = '9223372036854775807';

/** The jobs of one Kylin, kept alive by a scheduler that looks for waiting jobs every ten seconds. */
export function createState(timeline: Timeline, random: Random): KylinState {
  const jobs = new Map<string, Job>();
  const waitingJobs = new Set<Job>();
  const runningJobs = new Set<Job>();
  const startedAtMs = timeline.now();
  let rows = 0;
  let tickIsPlanned = false;
  let failures: { applied: boolean }[] = [];

  function planTick(): void {
    if (tickIsPlanned) return;
    tickIsPlanned = true;
    const ticks = Math.floor((timeline.now() - startedAtMs) / tickMs) + 1;
    timeline.at(startedAtMs + ticks * tickMs, () => {
      tickIsPlanned = false;
      takeUpWaitingJobs();
      if (waitingJobs.size > 0) planTick();
    });
  }

  /** READY becomes PENDING, and PENDING runs where there is room. */
  function takeUpWaitingJobs(): void {
    const queue = [...waitingJobs].sort((a, b) => a.createTime - b.createTime || a.row - b.row);
    for (const job of queue.filter(({ state }) => state === 'READY').slice(0, pollBatch)) move(job, 'PENDING');
    const room = Math.min(pollBatch, runningLimit - runningJobs.size);
    if (room <= 0) return;
    for (const job of queue.filter(({ state }) => state === 'PENDING').slice(0, room)) move(job, 'RUNNING');
  }

  function move(job: Job, to: InternalState): void {
    moveJob(job, to, timeline.now());
    follow(job);
  }

  /** What a job's state sets in motion: waiting jobs wait for a tick, running jobs end. */
  function follow(job: Job): void {
    waitingJobs.delete(job);
    runningJobs.delete(job);
    if (isWaiting(job.state)) {
      waitingJobs.add(job);
      if (job.state === 'READY') job.node = null;
      planTick();
    }
    if (job.state === 'RUNNING') {
      runningJobs.add(job);
      job.node ??= job.row % 2 === 0 ? 'node1' : 'node2';
      planEnd(job);
    }
  }

  function planEnd(job: Job): void {
    const endsAtMs = endOf(job);
    timeline.at(endsAtMs, () => {
      // Paused, discarded, restarted or changed in the meantime: another end is planned, or none.
      if (job.state !== 'RUNNING' || endOf(job) !== endsAtMs || !jobs.has(job.id)) return;
      const end = job.mishap?.state ?? 'SUCCEED';
      job.mishap = null;
      move(job, end);
    });
  }

  const projects = createProjects(random);
  return {
    projects,
    accounts: createAccounts(random, startedAtMs),
    hooks: {},
    addJob(fields = {}) {
      const job = completeJob(fields, timeline.now(), rows, random);
      rows += 1;
      jobs.set(job.id, job);
      if (!projects.has(job.project)) projects.add(job.project);
      if (job.target !== 'deleted') projects.addSubject(job.project, job.subject);
      follow(job);
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
      follow(job);
    },
    moveJob(id, to) {
      const job = jobs.get(id);
      if (!job || !canMove(job.state, to)) return false;
      move(job, to);
      return true;
    },
    restartJob(id) {
      const job = jobs.get(id);
      if (!job || !canMove(job.state, 'READY')) return false;
      moveJob(job, 'READY', timeline.now());
      Object.assign(job, { createTime: timeline.now(), startTime: 0, endTime: 0, runningSince: 0, ranMs: 0, mishap: null });
      follow(job);
      return true;
    },
    removeJob(id) {
      const job = jobs.get(id);
      if (!job) return;
      jobs.delete(id);
      waitingJobs.delete(job);
      runningJobs.delete(job);
    },
    failUnexpectedly({ times = 1, applied = false } = {}) {
      failures = failures.concat(Array.from({ length: times }, () => ({ applied })));
    },
    nextFailure: () => failures.shift(),
  };
}

/** When a running job ends if nothing comes between. */
function endOf(job: Job): number {
  return job.runningSince + Math.max(1, (job.mishap?.afterMs ?? job.runMs) - job.ranMs);
}

function completeJob(fields: Partial<Job>, nowMs: number, row: number, random: Random): Job {
  const state = fields.state ?? 'READY';
  const runMs = fields.runMs ?? defaultRunMs;
  const hasStarted = !isWaiting(state);
  const hasEnded = hasStarted && state !== 'RUNNING';
  const ranMs = fields.ranMs ?? (state === 'SUCCEED' ? runMs : hasEnded ? Math.floor(runMs / 2) : 0);
  const startTime = fields.startTime ?? (hasStarted ? nowMs - ranMs : 0);
  const endTime = fields.endTime ?? (hasEnded ? startTime + ranMs : 0);
  const createTime = fields.createTime ?? (startTime || nowMs);
  return {
    id: random.uuid(),
    project: 'retail',
    type: 'INC_BUILD',
    submitter: 'ADMIN',
    subject: 'sales_daily',
    model: '9a4c7d52-7f5e-4c40-a6ce-0b1f1d2e3c4b',
    target: 'present',
    segments: [],
    segmentStatus: null,
    dataRangeStart: '0',
    dataRangeEnd: endOfTime,
    snapshotDataRange: null,
    tag: null,
    discardSafety: true,
    schedulerMode: 'CHAIN',
    indexCount: 12,
    runningSince: state === 'RUNNING' ? startTime + ranMs : 0,
    lastModified: endTime || startTime || createTime,
    mishap: null,
    node: null,
    odd: {},
    ...fields,
    row,
    state,
    runMs,
    ranMs,
    createTime,
    startTime,
    endTime,
  };
}

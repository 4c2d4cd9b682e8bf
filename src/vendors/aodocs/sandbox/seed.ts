import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import type { Access } from './access.ts';
import { cancelledEvent, endedEvent, failedTaskEvent, retryEvent, startedEvent } from './events.ts';
import type { JobEvent, JobFields } from './job.ts';
import { everydayTypes, jobTypes, profileOf } from './job-types.ts';
import { createId, type Jobs } from './jobs.ts';
import type { Course, LifeCycle } from './life-cycle.ts';
import type { Role } from './person.ts';
import { addSpecialJobs } from './special-jobs.ts';
import type { AodocsSwitches } from './switches.ts';

export interface SeedParts {
  /** The source of chance of one job, by its number: what happens to one job leaves the others as they are. */
  randomOf(ordinal: number): Random;
  /** How many jobs there are at the start. */
  count: number;
  jobs: Jobs;
  access: Access;
  lifeCycle: LifeCycle;
  timeline: Timeline;
  switches: AodocsSwitches;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const librariesWithJobs = 5;

/** The libraries (the last one never has a job) and the people; the first is the account that Jobyard is given. */
export function seedAccess(access: Access, random: Random): void {
  for (let library = 0; library <= librariesWithJobs; library += 1) access.addLibrary(createId(random));
  const rolesIn = (role: Role, from: number, to: number) =>
    Object.fromEntries(access.libraries.slice(from, to).map((libraryId) => [libraryId, role]));
  const add = (name: string, roles: Record<string, Role>, domainAdministrator = false) =>
    access.addPerson({ email: `${name}@${access.domain}`, roles, domainAdministrator });
  add('svc-jobyard', {}, true);
  add('dana.ruiz', rolesIn('ADMIN', 0, 3));
  add('noah.keller', rolesIn('WRITER', 0, 2));
  add('priya.raman', { ...rolesIn('ADMIN', 2, 4), ...rolesIn('READER', 0, 2) });
  add('tomasz.wolny', rolesIn('WRITER', 1, 5));
  add('amelie.fournier', rolesIn('ADMIN', 4, 6));
  add('kenji.sato', rolesIn('READER', 0, 5));
}

/** Adds the jobs of the last ten days, with every published type if `count` allows it. Returns their IDs. */
export function seedJobs(parts: SeedParts): string[] {
  const { count, randomOf } = parts;
  const ownJobs = addSpecialJobs(parts, count, randomOf(-1));
  const usual = count - ownJobs.length;
  for (let ordinal = 0; ordinal < usual; ordinal += 1) {
    const random = randomOf(ordinal);
    const type = jobTypes[ordinal] ?? random.pick(everydayTypes);
    ownJobs.push(addPastJob(parts, type, ordinal, random));
  }
  return ownJobs;
}

const pastStatuses = [
  'COMPLETED',
  'IN_PROGRESS',
  'COMPLETED',
  'FAILED',
  'COMPLETED',
  'CANCELLED',
  'COMPLETED',
  'COMPLETED',
  'FAILED',
  'COMPLETED',
];

function addPastJob(parts: SeedParts, type: string, ordinal: number, random: Random): string {
  const status = pastStatuses[ordinal % pastStatuses.length] ?? 'COMPLETED';
  if (status === 'IN_PROGRESS') return addRunningJob(parts, type, random.integer(5, 80) / 100, random);
  return addEndedJob(parts, type, status, random);
}

/** A running job that has done this share of its tasks (0: it has just started). */
export function addRunningJob({ jobs, lifeCycle, timeline, ...parts }: SeedParts, type: string, doneShare: number, random: Random): string {
  const tasks = random.integer(...profileOf(type).tasks);
  const course = planCourse(tasks, random);
  const done = Math.floor(tasks * doneShare);
  const failed = Math.floor(done * course.failureRate);
  const nowMs = timeline.now();
  const startedAtMs = nowMs - Math.ceil(done / course.tasksPerStep) * course.stepMs;
  const lastActivityAtMs = Math.max(startedAtMs, nowMs - random.integer(0, course.stepMs));
  const job = {
    ...describe(parts, type, random),
    status: 'IN_PROGRESS',
    startedAtMs,
    lastActivityAtMs,
    remainingTasks: tasks - done,
    succeededTasks: done - failed,
    failedTasks: failed,
    taskRetries: 2 * failed,
  };
  const jobId = jobs.add({ ...job, events: historyOf(job, tasks, random) });
  lifeCycle.run(jobId, course, random.integer(1, course.stepMs));
  return jobId;
}

function addEndedJob({ jobs, timeline, ...parts }: SeedParts, type: string, status: string, random: Random): string {
  const tasks = random.integer(...profileOf(type).tasks);
  const { stepMs, tasksPerStep } = planCourse(tasks, random);
  const remaining = status === 'COMPLETED' ? 0 : Math.floor((tasks * random.integer(status === 'FAILED' ? 0 : 20, 90)) / 100);
  const done = tasks - remaining;
  const maxFailed = random.chance(0.3) ? Math.ceil(done * 0.05) : 0;
  const failed = Math.min(done, status === 'FAILED' ? Math.max(1, maxFailed) : maxFailed);
  const durationMs = Math.max(1, Math.ceil(done / tasksPerStep)) * stepMs - random.integer(0, stepMs - 1);
  const startedAtMs = timeline.now() - random.integer(durationMs, 10 * dayMs);
  const job = {
    ...describe(parts, type, random),
    status,
    startedAtMs,
    lastActivityAtMs: startedAtMs + durationMs,
    remainingTasks: remaining,
    succeededTasks: done - failed,
    failedTasks: failed,
    taskRetries: failed + random.integer(0, Math.ceil(done / 100)),
  };
  return jobs.add({ ...job, events: historyOf(job, tasks, random) });
}

function describe({ access }: Pick<SeedParts, 'access'>, type: string, random: Random) {
  return {
    jobId: createId(random),
    libraryId: random.pick(access.libraries.slice(0, librariesWithJobs)),
    type,
    requestor: random.pick(access.people.slice(1)).email,
  };
}

/** Large jobs run for minutes, small ones for seconds. */
function planCourse(tasks: number, random: Random): Course {
  const steps = Math.min(tasks, random.integer(20, 80));
  return {
    random,
    stepMs: random.integer(3_000, 9_000),
    tasksPerStep: Math.max(1, Math.round(tasks / steps)),
    failureRate: random.chance(0.3) ? random.integer(1, 4) / 100 : 0.001,
    growthRate: tasks > 10 ? 0.08 : 0,
    fails: random.chance(0.12),
  };
}

/** What the job has logged until its last activity. */
function historyOf(job: Omit<JobFields, 'jobId' | 'libraryId' | 'events' | 'absent' | 'odd'>, tasks: number, random: Random): JobEvent[] {
  const { startedAtMs, lastActivityAtMs, status, failedTasks, taskRetries, remainingTasks, requestor, type } = job;
  const setbacks = [
    ...Array.from({ length: Math.min(20, failedTasks) }, () => failedTaskEvent(type, random)),
    ...Array.from({ length: Math.min(10, Math.max(0, taskRetries - failedTasks)) }, () => retryEvent(type, random)),
  ].map((event) => ({ atMs: random.integer(startedAtMs, lastActivityAtMs), ...event }));
  setbacks.sort((a, b) => a.atMs - b.atMs);
  const history: JobEvent[] = [{ atMs: startedAtMs, ...startedEvent(job, tasks) }, ...setbacks];
  if (status === 'CANCELLED') history.push({ atMs: lastActivityAtMs, ...cancelledEvent(remainingTasks, requestor) });
  else if (status !== 'IN_PROGRESS') history.push({ atMs: lastActivityAtMs, ...endedEvent(job, random) });
  return history;
}

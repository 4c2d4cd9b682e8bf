import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { cancelledEvent, endedEvent, failedTaskEvent, growthEvent, retryEvent } from './events.ts';
import type { Job, JobChange } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { AodocsSwitches } from './switches.ts';

/** Time from an accepted cancel to its next visible effect. */
const tickMs = 5_000;

/** A job with more events logs no more of its tasks: one that never ends must not fill the memory. */
const maxEventsOfTasks = 500;

/** How a job progresses. */
export interface Course {
  /** The job's own source of chance: what callers do to other jobs does not change its course. */
  random: Random;
  /** Time between two changes. */
  stepMs: number;
  tasksPerStep: number;
  /** Of a task. */
  failureRate: number;
  /** Of finding more tasks at a step. */
  growthRate: number;
  /** Ends FAILED, before its last task. */
  fails: boolean;
}

export interface LifeCycle {
  /** Lets the job's tasks run, step by step, until it has ended. The first step is due after `firstStepMs`. */
  run(jobId: string, course: Course, firstStepMs: number): void;
  /** Performs an accepted cancel of a job in progress: now, a tick later unless it has ended, or never (`cancelAnswer`). */
  cancel(job: Job, by: string): void;
}

export function createLifeCycle(parts: { jobs: Jobs; timeline: Timeline; switches: AodocsSwitches }): LifeCycle {
  const { jobs, timeline, switches } = parts;

  const step = (jobId: string, course: Course) => {
    const job = jobs.get(jobId);
    if (job?.status !== 'IN_PROGRESS') return;
    takeStep(jobs, job, course, timeline.now());
    if (job.status === 'IN_PROGRESS') timeline.at(timeline.now() + course.stepMs, () => step(jobId, course));
  };

  const cancelNow = (job: Job, by: string) => {
    if (job.status !== 'IN_PROGRESS') return;
    const running = switches.runningTasksFinish ? Math.min(job.remainingTasks, 3) : 0;
    jobs.change(job.jobId, { status: 'CANCELLED', lastActivityAtMs: timeline.now() });
    jobs.addEvent(job.jobId, cancelledEvent(job.remainingTasks - running, by));
    for (let task = 1; task <= running; task += 1) {
      timeline.at(timeline.now() + task * tickMs, () => finishTaskAfterCancel(jobs, job, timeline.now()));
    }
  };

  return {
    run: (jobId, course, firstStepMs) => timeline.at(timeline.now() + firstStepMs, () => step(jobId, course)),
    cancel(job, by) {
      if (switches.cancelAnswer === 'cancelled') cancelNow(job, by);
      if (switches.cancelAnswer === 'lazy') timeline.at(timeline.now() + tickMs, () => cancelNow(job, by));
    },
  };
}

function finishTaskAfterCancel(jobs: Jobs, job: Job, nowMs: number): void {
  if (job.status !== 'CANCELLED') return;
  jobs.change(job.jobId, {
    lastActivityAtMs: nowMs,
    remainingTasks: job.remainingTasks - 1,
    succeededTasks: job.succeededTasks + 1,
  });
}

/** Counts of tasks: what one step does. */
interface Step {
  done: number;
  /** Of the tasks that are done. */
  failed: number;
  retries: number;
  /** Tasks that the job found. */
  grown: number;
}

function takeStep(jobs: Jobs, job: Job, course: Course, nowMs: number): void {
  const { random } = course;
  const step = drawStep(job, course);
  if (job.events.length < maxEventsOfTasks) {
    if (step.retries > step.failed) jobs.addEvent(job.jobId, retryEvent(job.type, random));
    if (step.failed > 0) jobs.addEvent(job.jobId, failedTaskEvent(job.type, random));
    if (step.grown > 0) jobs.addEvent(job.jobId, growthEvent(job.type, step.grown));
  }
  jobs.change(job.jobId, { lastActivityAtMs: nowMs, ...afterStep(job, step, course) });
  if (job.status !== 'IN_PROGRESS') jobs.addEvent(job.jobId, endedEvent(job, random));
}

function drawStep(job: Job, { random, tasksPerStep, failureRate, growthRate }: Course): Step {
  const done = Math.min(job.remainingTasks, random.integer(1, Math.max(1, 2 * tasksPerStep - 1)));
  let failed = 0;
  let retries = 0;
  for (let task = 0; task < done; task += 1) {
    if (!random.chance(failureRate * 2)) continue;
    // Every failing task is retried first, and half of the retries succeed.
    retries += 1;
    if (random.chance(0.5)) failed += 1;
  }
  const grown = random.chance(growthRate) ? random.integer(1, 2 * tasksPerStep) : 0;
  return { done, failed, retries, grown };
}

/** The counters after a step, and the status if the job ends with it. */
function afterStep(job: Job, { done, failed, retries, grown }: Step, { tasksPerStep, fails }: Course): JobChange {
  const counts = {
    remainingTasks: job.remainingTasks - done + grown,
    succeededTasks: job.succeededTasks + done - failed,
    failedTasks: job.failedTasks + failed,
    taskRetries: job.taskRetries + retries,
  };
  if (fails && counts.remainingTasks <= 2 * tasksPerStep) {
    // The task that fails the job is a remaining one or, if none remains, the last one.
    const last = counts.remainingTasks > 0 ? 'remainingTasks' : 'succeededTasks';
    const moved = Math.min(1, counts[last]);
    return { ...counts, status: 'FAILED', [last]: counts[last] - moved, failedTasks: counts.failedTasks + moved };
  }
  return counts.remainingTasks === 0 ? { ...counts, status: 'COMPLETED' } : counts;
}

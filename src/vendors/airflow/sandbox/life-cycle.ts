import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Dag, isEnded, isUnfinished, type Run, type RunState, type Task, type TaskState } from './job.ts';

/** What happens to runs over time, and what callers make of them. */
export interface LifeCycle {
  /** Schedules what follows from a run's state. */
  arrange(run: Run): void;
  /** PATCH `failed`: stops the run, whatever its state is, except for its teardown tasks. */
  fail(run: Run): void;
  /** PATCH `success`: every task has succeeded, also those that never ran. */
  succeed(run: Run): void;
  /** PATCH `queued`: only the run is changed, so it ends again at once. */
  queue(run: Run): void;
  /** Clear: runs these tasks again. */
  clear(run: Run, tasks: readonly Task[]): void;
}

/** The interval at which the scheduler checks the runs. */
const tickMs = 1_000;
const retryDelayMs = 1_000;
/** A worker learns at its next heartbeat that its task was stopped. */
const heartbeatMs = 5_000;
/** From SIGTERM to SIGKILL. */
const killMs = 5_000;

interface Parts {
  timeline: Timeline;
  random: Random;
  dagOf(run: Run): Dag;
}

export function createLifeCycle(parts: Parts): LifeCycle {
  const { timeline } = parts;
  const change = (run: Run, make: () => void): void => {
    make();
    run.updatedMs = timeline.now();
    arrange(parts, run);
  };
  return {
    arrange: (run) => arrange(parts, run),
    fail: (run) => change(run, () => failRun(parts, run)),
    succeed: (run) =>
      change(run, () => {
        for (const task of run.tasks) if (task.state !== 'success') stopTask(parts, task, 'success');
        endRun(run, 'success', timeline.now());
      }),
    queue: (run) => change(run, () => requeue(run, timeline.now())),
    clear: (run, tasks) => change(run, () => clearTasks(parts, run, tasks)),
  };
}

function arrange(parts: Parts, run: Run): void {
  const { timeline, dagOf } = parts;
  if (run.isFrozen) return;
  if (run.state === 'running') proceed(parts, run);
  if (run.state !== 'queued') return;
  const { queuedMs } = run;
  timeline.at(Math.max(run.runAfterMs, timeline.now()) + tickMs, () => {
    // Changed in the meantime, and arranged again.
    if (run.state !== 'queued' || run.queuedMs !== queuedMs || dagOf(run).isPaused || dagOf(run).isStale) return;
    run.state = 'running';
    run.startMs = timeline.now();
    run.updatedMs = timeline.now();
    proceed(parts, run);
  });
}

/** Starts what can start now, and ends the run if nothing is left. Tasks run one after another, the instances of one task together. */
function proceed(parts: Parts, run: Run): void {
  const { timeline } = parts;
  let isBroken = false;
  for (const group of Map.groupBy(run.tasks, ({ plan }) => plan.taskId).values()) {
    const open = group.filter(isUnfinished);
    if (open.length > 0) {
      const canRun = !isBroken || group.some(({ plan }) => plan.isTeardown);
      const waiting = open.filter(({ state }) => state === null);
      for (const task of waiting) beginTask(parts, run, task, canRun);
      if (group.some(isUnfinished)) {
        resume(parts, run, group);
        return;
      }
    }
    isBroken ||= group.some(({ state }) => state === 'failed' || state === 'upstream_failed');
  }
  const hasFailed = run.tasks.some(({ plan, state }) => !plan.isTeardown && (state === 'failed' || state === 'upstream_failed'));
  endRun(run, hasFailed ? 'failed' : 'success', timeline.now());
  run.updatedMs = timeline.now();
}

/** Schedules the ends of tasks that were running from the start, as those of a prepared run. */
function resume(parts: Parts, run: Run, group: readonly Task[]): void {
  for (const task of group) {
    if (task.state === 'running' || task.state === 'deferred') scheduleEnd(parts, run, task);
    if (task.state === 'restarting' || task.state === 'up_for_retry') scheduleTry(parts, run, task);
  }
}

function beginTask(parts: Parts, run: Run, task: Task, canRun: boolean): void {
  const nowMs = parts.timeline.now();
  if (!canRun || task.plan.isSkipped) {
    task.state = canRun ? 'skipped' : 'upstream_failed';
    task.startMs = nowMs;
    task.endMs = nowMs;
    return;
  }
  startTry(parts, run, task);
}

function startTry(parts: Parts, run: Run, task: Task): void {
  task.uuid = parts.random.uuid();
  task.state = task.plan.isDeferred ? 'deferred' : 'running';
  task.tryNumber += 1;
  task.startMs = parts.timeline.now();
  task.endMs = null;
  task.processEndsMs = null;
  scheduleEnd(parts, run, task);
}

function scheduleEnd(parts: Parts, run: Run, task: Task): void {
  const { timeline } = parts;
  const { startMs, uuid } = task;
  timeline.at((startMs ?? timeline.now()) + task.plan.runMs, () => {
    if (task.uuid !== uuid || task.startMs !== startMs || (task.state !== 'running' && task.state !== 'deferred') || run.isFrozen) return;
    const fails = task.failuresLeft > 0;
    if (fails) task.failuresLeft -= 1;
    const isRepeated = fails && task.tryNumber <= task.maxTries;
    task.state = isRepeated ? 'up_for_retry' : fails ? 'failed' : 'success';
    task.endMs = timeline.now();
    if (isRepeated) scheduleTry(parts, run, task);
    else if (run.state === 'running') proceed(parts, run);
  });
}

function scheduleTry(parts: Parts, run: Run, task: Task): void {
  const { uuid, state } = task;
  parts.timeline.at(parts.timeline.now() + retryDelayMs, () => {
    if (task.uuid === uuid && task.state === state && !run.isFrozen) startTry(parts, run, task);
  });
}

/** Airflow's set_dag_run_state_to_failed. */
function failRun(parts: Parts, run: Run): void {
  const stopped: ReadonlySet<TaskState> = new Set<TaskState>(['running', 'deferred', 'up_for_reschedule']);
  const killed = new Set(run.tasks.filter(({ plan, state }) => !plan.isTeardown && stopped.has(state)).map(({ plan }) => plan.taskId));
  for (const task of run.tasks) {
    if (task.plan.isTeardown) continue;
    // With a running instance of a mapped task, also those of its instances that had succeeded.
    if (killed.has(task.plan.taskId)) stopTask(parts, task, 'failed');
    else if (isUnfinished(task)) stopTask(parts, task, 'skipped');
  }
  if (run.tasks.some((task) => task.plan.isTeardown && isUnfinished(task))) return;
  endRun(run, 'failed', parts.timeline.now());
}

function stopTask({ timeline }: Parts, task: Task, state: TaskState): void {
  const nowMs = timeline.now();
  if (task.state === 'running') task.processEndsMs = nowMs + heartbeatMs + (task.plan.ignoresStop ? killMs : 0);
  task.state = state;
  task.startMs ??= nowMs;
  task.endMs = nowMs;
}

/** The end of a run that had ended stays. */
function endRun(run: Run, state: RunState, nowMs: number): void {
  if (!isEnded(run.state)) run.endMs = nowMs;
  run.startMs ??= nowMs;
  run.state = state;
}

function requeue(run: Run, nowMs: number): void {
  Object.assign(run, { state: 'queued', startMs: null, endMs: null });
  moveQueued(run, nowMs);
}

/** Later than before, also with a stopped clock: no two times of a real database are equal. */
function moveQueued(run: Run, nowMs: number): void {
  run.queuedMs = Math.max(nowMs, (run.queuedMs ?? 0) + 1);
}

/** Airflow's clear_task_instances. A run that had not ended keeps its state, but is queued again, too. */
function clearTasks(parts: Parts, run: Run, tasks: readonly Task[]): void {
  const nowMs = parts.timeline.now();
  if (tasks.length === 0) return;
  for (const task of tasks) {
    task.maxTries = task.tryNumber + task.plan.retries;
    if (task.state === 'running') {
      task.state = 'restarting';
      continue;
    }
    Object.assign(task, { state: null, startMs: null, endMs: null, uuid: parts.random.uuid() });
  }
  if (isEnded(run.state)) requeue(run, nowMs);
  else moveQueued(run, nowMs);
}

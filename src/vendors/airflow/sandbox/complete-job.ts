import type { Random } from '../../../sandbox-kit/random.ts';
import { type Dag, isEnded, type Run, type Task, type TaskPlan, type TaskState } from './job.ts';

/** The fields of a task that most tasks share. */
export function planTask(fields: Partial<TaskPlan> & Pick<TaskPlan, 'taskId'>): TaskPlan {
  return {
    operator: 'PythonOperator',
    runMs: 120_000,
    mapped: 0,
    isTeardown: false,
    retries: 0,
    failures: 0,
    isDeferred: false,
    ignoresStop: false,
    isSkipped: false,
    ...fields,
  };
}

/** The tasks of a new run. */
function createTasks(dag: Dag, random: Random): Task[] {
  return dag.tasks.flatMap((plan) =>
    Array.from(
      { length: Math.max(1, plan.mapped) },
      (_, index): Task => ({
        uuid: random.uuid(),
        plan,
        mapIndex: plan.mapped > 0 ? index : -1,
        state: null,
        tryNumber: 0,
        maxTries: plan.retries,
        failuresLeft: plan.failures,
        startMs: null,
        endMs: null,
        processEndsMs: null,
      }),
    ),
  );
}

/** Fills in the fields that were left out, to suit the run's state. The default state is queued. */
export function completeJob(fields: Partial<Run>, dag: Dag, nowMs: number, row: number, random: Random): Run {
  const { state = 'queued' } = fields;
  const runMs = dag.tasks.reduce((sum, task) => sum + task.runMs, 0);
  const ranMs = state === 'failed' ? Math.floor(runMs / 2) : runMs;
  const startMs = fields.startMs ?? (state === 'queued' ? null : state === 'running' ? nowMs : nowMs - ranMs);
  const endMs = fields.endMs ?? (isEnded(state) && startMs !== null ? Math.min(nowMs, startMs + ranMs) : null);
  const runAfterMs = fields.runAfterMs ?? startMs ?? nowMs;
  const type = fields.type ?? 'manual';
  const micros = random.integer(0, 999);
  const run: Run = {
    dagId: dag.dagId,
    runId: `${type}__${toTime(runAfterMs, micros)}`,
    logicalMs: runAfterMs,
    queuedMs: startMs ?? nowMs,
    updatedMs: endMs ?? startMs ?? nowMs,
    triggeredBy: type === 'manual' ? 'rest_api' : type === 'scheduled' ? 'timetable' : type === 'backfill' ? 'backfill' : 'asset',
    user: type === 'manual' ? 'admin' : null,
    conf: {},
    note: null,
    tasks: createTasks(dag, random),
    micros,
    isFrozen: false,
    odd: {},
    ...fields,
    row,
    state,
    type,
    runAfterMs,
    startMs,
    endMs,
  };
  if (!fields.tasks) settleTasks(run, nowMs, random);
  return run;
}

/** Airflow's text of a time: UTC, with microseconds. */
export function toTime(ms: number, micros: number): string {
  return new Date(ms).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

/** Gives the tasks of a run the states that lead to the run's state. A running run has begun its first task. */
function settleTasks(run: Run, nowMs: number, random: Random): void {
  if (run.state === 'queued' || run.startMs === null) return;
  const work = run.tasks.filter(({ plan }) => !plan.isTeardown);
  const failing = run.state === 'failed' ? random.pick(work) : null;
  let atMs = run.startMs;
  let isBroken = false;
  for (const task of run.tasks) {
    const isFirst = task === run.tasks[0];
    const state = endOf(task, run, isBroken, task === failing, isFirst);
    if (state === null) continue;
    isBroken ||= state === 'failed';
    setEnd(task, state, atMs, run.endMs ?? nowMs);
    atMs = task.endMs ?? atMs;
  }
}

function endOf({ plan }: Task, run: Run, isBroken: boolean, isFailing: boolean, isFirst: boolean): TaskState {
  if (run.state === 'running') return isFirst ? (plan.isDeferred ? 'deferred' : 'running') : null;
  if (isFailing) return 'failed';
  if (isBroken && !plan.isTeardown) return 'upstream_failed';
  return plan.isSkipped ? 'skipped' : 'success';
}

function setEnd(task: Task, state: TaskState, atMs: number, lastMs: number): void {
  task.state = state;
  if (state === 'upstream_failed' || state === 'skipped') {
    task.endMs = atMs;
    return;
  }
  task.startMs = Math.min(atMs, lastMs);
  task.tryNumber = state === 'failed' ? task.maxTries + 1 : 1;
  if (state === 'success' || state === 'failed') task.endMs = Math.min(lastMs, task.startMs + task.plan.runMs);
}

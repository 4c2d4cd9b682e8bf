import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job } from '../../../jobs/job.ts';
import { type LogPart, type LogRequest, type LogSupport, takeLines } from '../../../jobs/job-log.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { toLine, withoutSources } from './log-entry.ts';
import { readTasks, splitStepId, toStartMs, toStepId } from './steps.ts';
import type { Task } from './wire.ts';

/**
 * Logs of tasks: of a step, all tries one after another; of a run, the last try of each task, in the order in which the tasks started. Part: which
 * try, and Airflow's token within its log.
 */
export function createLogs(reads: Reads): LogSupport {
  // The tasks are read once for a page that has lines of several tasks.
  const tasksOfCalls = new WeakMap<CallContext, ReturnType<typeof readTasks>>();
  const tasksOf = (job: Job, call: CallContext): ReturnType<typeof readTasks> => {
    const tasks = tasksOfCalls.get(call) ?? readTasks(reads, job, null, call);
    tasksOfCalls.set(call, tasks);
    return tasks;
  };
  return {
    ofJobs: true,
    ofSteps: true,
    hasSeverities: true,
    getPart: (job, request, call) =>
      request.stepId === null
        ? getPartOfRun(reads, tasksOf(job, call), job, request, call)
        : getPartOfStep(reads, job, request.stepId, request, call),
  };
}

/** A try of a task, and Airflow's token: null at the start of its log. */
interface Place {
  tryNumber: number;
  token: string | null;
}

/** The same in the log of a run. `startMs` and `stepId` are the task's place among the others, which a later try changes. */
interface PlaceInRun extends Place {
  startMs: number;
  stepId: string;
}

async function getPartOfStep(
  reads: Reads,
  job: Job,
  stepId: string,
  request: LogRequest,
  call: CallContext,
): Promise<Result<LogPart | null>> {
  const reply = await reads.calls.getTask(splitVendorId(job.vendorId), splitStepId(stepId), call);
  // A run that was cleared may no longer have the task.
  if (reply.kind === 'rejected' && reply.isAbsent) return succeed(null);
  if (reply.kind !== 'value') return fail(reply.problem);
  const task = reply.value;
  const lastTry = task.try_number ?? 0;
  if (lastTry < 1) return succeed(null);
  const place = fromStepPart(request.at.part);
  return readTry(reads, job, { task, place, request }, call, (next) => {
    if (next !== 'end') return toStepPart(next);
    return place.tryNumber < lastTry ? toStepPart({ tryNumber: place.tryNumber + 1, token: null }) : null;
  });
}

async function getPartOfRun(
  reads: Reads,
  reading: ReturnType<typeof readTasks>,
  job: Job,
  request: LogRequest,
  call: CallContext,
): Promise<Result<LogPart | null>> {
  const tasks = await reading;
  if (!tasks.ok) return tasks;
  const places = tasks.value
    .filter((task) => (task.try_number ?? 0) >= 1 && task.start_date)
    .map(toPlaceInRun)
    .sort(comparePlaces);
  const wanted = fromRunPart(request.at.part);
  const place = wanted ?? places[0];
  if (!place) return succeed({ lines: [], next: request.at, hasMore: false, omission: null });
  const task = tasks.value.find((known) => toStepId(known) === place.stepId);
  const following = places.find((other) => comparePlaces(other, place) > 0);
  const isRunning = task !== undefined && !hasEnded(task) && task.try_number === place.tryNumber;
  const at = { part: toRunPart(place), row: request.at.row };
  const goOn = (): LogPart => ({
    lines: [],
    next: following ? { part: toRunPart(following), row: 0 } : at,
    hasMore: following !== undefined,
    omission: null,
  });
  if (!task) return succeed(goOn());
  return readTry(reads, job, { task, place, request: { ...request, at } }, call, (next) => {
    if (next !== 'end') return toRunPart({ ...place, ...next });
    // The lines of tasks that started later follow after its end.
    return isRunning || !following ? null : toRunPart(following);
  });
}

interface TryRequest {
  task: Task;
  place: Place;
  request: LogRequest;
}

/** Lines of one try. `toNextPart`: of this log, or the part after its end. */
async function readTry(
  { calls }: Reads,
  { vendorId }: Job,
  { task, place: { tryNumber, token }, request }: TryRequest,
  call: CallContext,
  toNextPart: (next: Place | 'end') => string | null,
): Promise<Result<LogPart | null>> {
  const taskTry = { taskId: task.task_id, mapIndex: task.map_index ?? -1, tryNumber };
  const reply = await calls.getLog(splitVendorId(vendorId), taskTry, token, call);
  if (reply.kind === 'rejected' && reply.isAbsent) {
    const omission = `Airflow no longer has the log of try ${tryNumber} of ${task.task_id}.`;
    return succeed(takeLines([], request, () => null, { nextPart: toNextPart('end'), omission }));
  }
  if (reply.kind !== 'value') return fail(reply.problem);
  const rows = withoutSources(reply.value.content);
  const { continuation_token: next } = reply.value;
  const stepId = toStepId(task);
  // Of a running task, Airflow returns a token even if there is nothing more now.
  const hasToken = next !== null && next !== undefined && next !== '';
  const nextPart = hasToken ? (rows.length > 0 && next !== token ? toNextPart({ tryNumber, token: next }) : null) : toNextPart('end');
  return succeed(takeLines(rows, request, (row) => toLine(row, stepId), { nextPart }));
}

/** A state in which a try writes no more. */
function hasEnded({ state }: Task): boolean {
  return state !== 'running' && state !== 'deferred' && state !== 'restarting';
}

function toPlaceInRun(task: Task): PlaceInRun {
  return { startMs: toStartMs(task), stepId: toStepId(task), tryNumber: task.try_number ?? 1, token: null };
}

function comparePlaces(a: PlaceInRun, b: PlaceInRun): number {
  return a.startMs - b.startMs || (a.stepId < b.stepId ? -1 : Number(a.stepId > b.stepId));
}

function toStepPart({ tryNumber, token }: Place): string {
  return token === null ? String(tryNumber) : `${tryNumber}:${token}`;
}

function fromStepPart(part: string | null): Place {
  const [, tryNumber = '1', token = null] = /^(\d+)(?::(.*))?$/s.exec(part ?? '') ?? [];
  return { tryNumber: Number(tryNumber), token };
}

function toRunPart({ startMs, stepId, ...place }: PlaceInRun): string {
  return `${startMs}/${stepId}/${toStepPart(place)}`;
}

/** Null: the start of the log. */
function fromRunPart(part: string | null): PlaceInRun | null {
  const [, startMs, stepId, place] = /^(\d+)\/(.*)\/(\d+(?::[^/]*)?)$/s.exec(part ?? '') ?? [];
  if (stepId === undefined || place === undefined) return null;
  return { startMs: Number(startMs), stepId, ...fromStepPart(place) };
}

import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobStatus, JobStep } from '../../../jobs/job.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { TaskRequest } from './calls.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { secondsBetween, toDate, toFinish, toRunUrl } from './map.ts';
import { type Task, taskSchema } from './wire.ts';

const pageRows = 100;
/** A mapped task can have thousands of instances. */
const maxTasks = 2_000;

const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['scheduled', 'QUEUED'],
  ['queued', 'QUEUED'],
  ['up_for_retry', 'QUEUED'],
  ['up_for_reschedule', 'QUEUED'],
  ['running', 'RUNNING'],
  // Stopped, to run again.
  ['restarting', 'RUNNING'],
  // Waits for an event outside of a worker.
  ['deferred', 'RUNNING'],
  // Waits for a person.
  ['awaiting_input', 'PAUSED'],
  ['success', 'SUCCEEDED'],
  ['failed', 'FAILED'],
  // These never ran.
  ['skipped', 'CANCELLED'],
  ['upstream_failed', 'CANCELLED'],
  ['removed', 'CANCELLED'],
]);

/** The tasks of one run, in the order in which they started; those that have not started are last. */
export async function getSteps(reads: Reads, job: Job, call: CallContext): Promise<Result<JobStep[] | null>> {
  const tasks = await readTasks(reads, job, null, call);
  return tasks.ok ? succeed(tasks.value.map((task) => toStep(task, job, reads.webUrl))) : tasks;
}

/** The readable tasks of a run in these states (null: in any), at most 2,000. */
export async function readTasks(
  { calls }: Reads,
  { vendorId }: Job,
  states: TaskRequest['states'],
  call: CallContext,
): Promise<Result<Task[]>> {
  const rows: unknown[] = [];
  for (;;) {
    const page = await calls.listTasks(splitVendorId(vendorId), { states, offset: rows.length, limit: pageRows }, call);
    if (page.kind !== 'value') return fail(page.problem);
    const { task_instances: more, total_entries: total } = page.value;
    rows.push(...more);
    // A server may send fewer rows at a time than requested.
    if (more.length === 0 || rows.length >= Math.min(total ?? 0, maxTasks)) break;
  }
  const tasks = new Map(rows.flatMap((row) => taskSchema.safeParse(row).data ?? []).map((task) => [toStepId(task), task]));
  return succeed([...tasks.values()].sort((a, b) => toStartMs(a) - toStartMs(b)));
}

export function toStartMs({ start_date }: Task): number {
  return toDate(start_date)?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function isMapped({ map_index }: Pick<Task, 'map_index'>): boolean {
  return typeof map_index === 'number' && map_index >= 0;
}

/** Airflow's own ID of a task changes with every try. */
export function toStepId(task: Pick<Task, 'task_id' | 'map_index'>): string {
  return isMapped(task) ? `${task.task_id}/${task.map_index}` : task.task_id;
}

/** The names of the task that `toStepId` made an ID of. No task's own name contains a slash. */
export function splitStepId(stepId: string): { taskId: string; mapIndex: number } {
  const [, taskId = stepId, mapIndex = '-1'] = /^([^/]*)\/(\d+)$/.exec(stepId) ?? [];
  return { taskId, mapIndex: Number(mapIndex) };
}

export function toStep(task: Task, { vendorId }: Pick<Job, 'vendorId'>, webUrl: string): JobStep {
  const status = task.state === null || task.state === undefined ? 'SCHEDULED' : (statuses.get(task.state) ?? 'UNKNOWN');
  const startedAt = toDate(task.start_date);
  const name = task.task_display_name || task.task_id;
  const page = `${toRunUrl(webUrl, vendorId)}/tasks/${encodeURIComponent(task.task_id)}`;
  return {
    id: toStepId(task),
    name: isMapped(task) ? `${name} [${task.map_index}]` : name,
    status,
    vendorStatus: task.state ?? null,
    startedAt,
    finishedAt: toFinish(status, task.end_date),
    durationSeconds: startedAt === null ? null : (task.duration ?? null),
    waitSeconds: secondsBetween(toDate(task.queued_when), startedAt),
    message: null,
    failureCode: null,
    advice: null,
    substeps: [],
    links: [{ title: 'Airflow', url: isMapped(task) ? `${page}/mapped/${task.map_index}` : page }],
  };
}

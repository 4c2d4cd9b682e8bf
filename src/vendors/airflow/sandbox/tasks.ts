import { badRequest, type Rejection } from './errors.ts';
import type { Dag, Run, Task } from './job.ts';
import { createParameterReader } from './parameters.ts';
import { taskRow } from './render.ts';
import type { RouteParts } from './route-parts.ts';
import { isAtLeast } from './switches.ts';

/** GET …/taskInstances. */
export function listTasks(
  { switches }: RouteParts,
  run: Readonly<Run>,
  dag: Readonly<Dag>,
  query: URLSearchParams,
): { body: unknown } | Rejection {
  const read = createParameterReader(query);
  const states = read.list('state');
  const offset = read.count('offset', 0);
  const limit = read.count('limit', 50);
  const rejection = read.rejection();
  if (rejection) return rejection;
  const applied = isAtLeast(switches, '3.2.1') ? Math.min(limit, switches.maximumPageLimit) : limit;
  const matches = run.tasks.filter(({ state }) => states.length === 0 || states.includes(state ?? 'none'));
  const rows = matches.slice(offset, offset + applied).map((task) => taskRow(task, run, dag));
  return { body: { task_instances: rows, total_entries: matches.length } };
}

/** The instance of a task, or why there is none. */
export function findTask(run: Readonly<Run>, taskId: string, mapIndex: number): Task | Rejection {
  const task = run.tasks.find(({ plan, mapIndex: index }) => plan.taskId === taskId && index === mapIndex);
  if (task) return task;
  const detail = `The Task Instance with dag_id: \`${run.dagId}\`, run_id: \`${run.runId}\`, task_id: \`${taskId}\` and map_index: \`${mapIndex}\` was not found`;
  return { status: 404, body: { detail } };
}

/** GET …/taskInstances/{task}/logs/{try}: as JSON, or as one entry per line. */
export function readLog(
  parts: RouteParts,
  run: Readonly<Run>,
  task: Task,
  tryNumber: number,
  query: URLSearchParams,
): { body: unknown } | Rejection {
  const { switches } = parts;
  const exists = tryNumber >= 1 && tryNumber <= Math.max(1, task.tryNumber) && switches.logs !== 'gone';
  if (!exists) return { status: 404, body: { detail: 'TaskInstance not found' } };
  if (switches.logs === 'unreachable') {
    const event = `Could not read served logs: HTTPConnectionPool(host='worker-1', port=8793): Max retries exceeded`;
    return { body: { content: [{ event }], continuation_token: null } };
  }
  const token = query.get('token');
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8') || 'x');
  if (!Number.isInteger(start)) return badRequest('Bad Signature. Please use only the tokens provided by the API.');
  const entries = logOf(run, task, tryNumber, switches);
  if (switches.logs === 'endless') {
    const event = { ...entries.at(-1), event: `row ${start}` };
    return { body: { content: [event], continuation_token: Buffer.from(String(start + 1)).toString('base64url') } };
  }
  const end = start + switches.logPageRows;
  const next = end < entries.length ? Buffer.from(String(end)).toString('base64url') : null;
  return { body: { content: entries.slice(start, end), continuation_token: next } };
}

/** A log as the supervisor of a task writes it. The reason of a failure is in its last entries. */
function logOf(run: Readonly<Run>, task: Task, tryNumber: number, { logRows }: RouteParts['switches']): Record<string, unknown>[] {
  const timestamp = new Date(task.startMs ?? run.runAfterMs).toISOString();
  const rows = Array.from({ length: logRows }, (_, index) => ({
    event: `${task.plan.taskId}: row ${index + 1}`,
    timestamp,
    level: index % 5 === 4 ? 'warning' : 'info',
    logger: 'task.stdout',
  }));
  const entries: Record<string, unknown>[] = [
    {
      event: '::group::Log message source details',
      sources: [`dag_id=${run.dagId}/run_id=${run.runId}/task_id=${task.plan.taskId}/attempt=${tryNumber}.log`],
    },
    { event: '::endgroup::' },
    { event: 'DAG bundles loaded: dags-folder', timestamp, level: 'info', logger: 'airflow.dag_processing.bundles.manager' },
    { event: '::group::Pre Execute', timestamp, level: 'info', logger: 'task' },
    { event: '::endgroup::', timestamp, level: 'info', logger: 'task' },
    { event: `Started ${task.plan.taskId}`, timestamp, level: 'info', logger: 'task.stdout' },
    ...rows,
  ];
  const failed = task.state === 'failed' || tryNumber < task.tryNumber;
  if (failed && task.processEndsMs === null) {
    const frames = [{ filename: `/opt/airflow/dags/${run.dagId}.py`, lineno: 31, name: task.plan.taskId }];
    const error = (exc_value: string): Record<string, unknown> => ({
      event: 'Task failed with exception',
      timestamp,
      level: 'error',
      logger: 'task',
      error_detail: [
        {
          exc_type: 'AirflowException',
          exc_value,
          exc_notes: [],
          syntax_error: null,
          is_cause: false,
          frames,
          is_group: false,
          exceptions: [],
        },
      ],
    });
    entries.push(error(`${task.plan.taskId} of ${run.dagId}: the target rejected the data`));
  }
  if (task.processEndsMs !== null) {
    entries.push({
      event: "Server indicated the task shouldn't be running anymore. Terminating process",
      level: 'error',
      logger: 'task',
      timestamp,
    });
  }
  return entries;
}

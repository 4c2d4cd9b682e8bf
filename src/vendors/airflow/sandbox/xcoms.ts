import type { Rejection } from './errors.ts';
import type { Run, Task } from './job.ts';
import { createParameterReader } from './parameters.ts';
import type { RouteParts } from './route-parts.ts';
import { isAtLeast } from './switches.ts';

/** GET …/taskInstances/~/xcomEntries: keys without values. A task that has succeeded has one XCom, its return value. */
export function listXcoms({ switches }: RouteParts, run: Readonly<Run>, query: URLSearchParams): { body: unknown } | Rejection {
  const read = createParameterReader(query);
  const offset = read.count('offset', 0);
  const limit = read.count('limit', 50);
  const rejection = read.rejection();
  if (rejection) return rejection;
  const applied = isAtLeast(switches, '3.2.1') ? Math.min(limit, switches.maximumPageLimit) : limit;
  const rows = run.tasks.filter(hasXcom).map((task) => row(run, task));
  return { body: { xcom_entries: rows.slice(offset, offset + applied), total_entries: rows.length } };
}

interface XcomName {
  taskId: string;
  mapIndex: number;
  key: string;
}

/** GET …/taskInstances/{task}/xcomEntries/{key}: the value as the text of its JSON. */
export function readXcom(run: Readonly<Run>, { taskId, mapIndex, key }: XcomName): { body: unknown } | Rejection {
  const task = run.tasks.find(({ plan, mapIndex: index }) => plan.taskId === taskId && index === mapIndex);
  if (!task || !hasXcom(task) || key !== 'return_value') {
    return { status: 404, body: { detail: `XCom entry with key: \`${key}\` not found` } };
  }
  const value = JSON.stringify({ rows: 1_000 + task.mapIndex, table: run.dagId });
  return { body: { ...row(run, task), value } };
}

function hasXcom({ state }: Task): boolean {
  return state === 'success';
}

function row(run: Readonly<Run>, { plan, mapIndex, endMs }: Task): Record<string, unknown> {
  return {
    key: 'return_value',
    timestamp: new Date(endMs ?? run.runAfterMs).toISOString(),
    logical_date: run.logicalMs === null ? null : new Date(run.logicalMs).toISOString(),
    map_index: mapIndex,
    task_id: plan.taskId,
    dag_id: run.dagId,
    run_id: run.runId,
    dag_display_name: run.dagId,
    task_display_name: plan.taskId,
    run_after: new Date(run.runAfterMs).toISOString(),
  };
}

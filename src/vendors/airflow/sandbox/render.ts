import { toTime } from './complete-job.ts';
import type { Dag, Run, Task } from './job.ts';
import { type AirflowSwitches, isAtLeast } from './switches.ts';

/** A run as Airflow shows it. Times have microseconds, so that none fits a JavaScript date. */
export function runRow(run: Run, dag: Dag, switches: AirflowSwitches): Record<string, unknown> {
  const time = (ms: number | null): string | null => (ms === null ? null : toTime(ms, run.micros));
  const duration = run.startMs === null || run.endMs === null ? null : (run.endMs - run.startMs) / 1000;
  return {
    dag_run_id: run.runId,
    dag_id: run.dagId,
    logical_date: time(run.logicalMs),
    queued_at: time(run.queuedMs),
    start_date: time(run.startMs),
    end_date: time(run.endMs),
    ...(isAtLeast(switches, '3.1') && { duration, dag_display_name: dag.displayName, triggering_user_name: run.user }),
    data_interval_start: time(run.logicalMs),
    data_interval_end: time(run.logicalMs),
    run_after: time(run.runAfterMs),
    last_scheduling_decision: null,
    run_type: run.type,
    state: run.state,
    triggered_by: run.triggeredBy,
    conf: run.conf,
    note: run.note,
    dag_versions: [{ version_number: 1, dag_id: run.dagId, bundle_name: 'dags-folder', bundle_version: null }],
    bundle_version: null,
    ...(isAtLeast(switches, '3.2.1') && { partition_key: null }),
    ...(isAtLeast(switches, '3.3') && { partition_date: null }),
    ...run.odd,
  };
}

/** A task of a run. */
export function taskRow(task: Task, run: Run, dag: Dag): Record<string, unknown> {
  const time = (ms: number | null): string | null => (ms === null ? null : toTime(ms, run.micros));
  return {
    id: task.uuid,
    task_id: task.plan.taskId,
    dag_id: run.dagId,
    dag_run_id: run.runId,
    map_index: task.mapIndex,
    logical_date: time(run.logicalMs),
    run_after: time(run.runAfterMs),
    start_date: time(task.startMs),
    end_date: time(task.endMs),
    duration: task.startMs === null || task.endMs === null ? null : (task.endMs - task.startMs) / 1000,
    state: task.state,
    try_number: task.tryNumber,
    max_tries: task.maxTries,
    task_display_name: task.plan.taskId,
    dag_display_name: dag.displayName,
    hostname: task.startMs === null ? '' : 'worker-1',
    unixname: 'airflow',
    pool: 'default_pool',
    pool_slots: 1,
    queue: 'default',
    priority_weight: 1,
    queued_when: time(task.startMs),
    operator: task.plan.operator,
    note: null,
    rendered_fields: {},
    rendered_map_index: null,
  };
}

export function dagRow(dag: Dag): Record<string, unknown> {
  return {
    dag_id: dag.dagId,
    dag_display_name: dag.displayName,
    is_paused: dag.isPaused,
    is_stale: dag.isStale,
    owners: dag.owners,
    tags: dag.tags.map((name) => ({ name, dag_id: dag.dagId })),
    has_import_errors: false,
  };
}

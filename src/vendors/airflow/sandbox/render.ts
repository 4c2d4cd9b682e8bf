import { createHash } from 'node:crypto';
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
    dag_versions: [versionRow(dag)],
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
    scheduled_when: time(task.startMs),
    operator: task.plan.operator,
    operator_name: task.plan.operator,
    executor: null,
    executor_config: '{}',
    pid: null,
    note: null,
    rendered_fields: {},
    rendered_map_index: null,
    trigger: null,
    triggerer_job: null,
    dag_version: versionRow(dag),
  };
}

/** A DAG, with all fields that Airflow's own client requires. */
export function dagRow(dag: Dag): Record<string, unknown> {
  const relativePath = `${dag.dagId}.py`;
  return {
    dag_id: dag.dagId,
    dag_display_name: dag.displayName,
    is_paused: dag.isPaused,
    is_stale: dag.isStale,
    owners: dag.owners,
    tags: dag.tags.map((name) => ({ name, dag_id: dag.dagId, dag_display_name: dag.displayName })),
    has_import_errors: dag.hasImportErrors,
    description: null,
    fileloc: `/opt/airflow/dags/${relativePath}`,
    relative_fileloc: relativePath,
    file_token: Buffer.from(relativePath).toString('base64url'),
    bundle_name: bundleName,
    bundle_version: null,
    timetable_summary: null,
    timetable_description: 'Never, external triggers only',
    timetable_partitioned: false,
    timetable_periodic: false,
    max_active_runs: 16,
    max_active_tasks: 16,
    max_consecutive_failed_dag_runs: 0,
    has_task_concurrency_limits: false,
    is_backfillable: false,
  };
}

const bundleName = 'dags-folder';

/** The version of a DAG that a run or a task belongs to. The sandbox's DAGs never change. */
function versionRow({ dagId, displayName }: Dag): Record<string, unknown> {
  return {
    id: toUuid(dagId),
    version_number: 1,
    dag_id: dagId,
    dag_display_name: displayName,
    bundle_name: bundleName,
    bundle_version: null,
    bundle_url: null,
    created_at: '2026-01-01T00:00:00Z',
  };
}

/** The same for the same text. */
function toUuid(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  return [digits.slice(0, 8), digits.slice(8, 12), `7${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}

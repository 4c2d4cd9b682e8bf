import { checkOperation } from './access.ts';
import type { Account } from './accounts.ts';
import { durationOf, type InternalState, type Job, publicStatusOf } from './job.ts';
import { jsonFloat } from './numbers.ts';
import { createParameterReader } from './parameters.ts';
import { jobUnknown, type Rejection, unexpected } from './rejections.ts';
import type { KylinState } from './state.ts';
import { finishedIndexes, indexStage, stepRatioOf, stepsOf, type Unit, unitsOf } from './steps.ts';
import type { KylinSwitches } from './switches.ts';

type Answer = { data: unknown } | Rejection;

/** `GET /jobs/{id}/detail`: the job's steps. Kylin accepts any project with the Operation permission if the job exists. */
export function jobDetail(
  state: KylinState,
  account: Account,
  id: string,
  query: URLSearchParams,
  nowMs: number,
  switches: KylinSwitches,
): Answer {
  const rejection = checkProject(state, account, query, switches);
  if (rejection) return rejection;
  const job = state.getJob(id);
  if (!job) return jobUnknown(id);
  const units = unitsOf(job);
  return {
    data: stepsOf(job.type).map((step, index) =>
      stepRow(
        job,
        step.name,
        index,
        units.filter((unit) => unit.step === index),
        nowMs,
      ),
    ),
  };
}

/** `GET /jobs/{id}/steps/{step}/output`: the log of one step. */
export function stepOutput(
  state: KylinState,
  account: Account,
  ids: { job: string; step: string },
  query: URLSearchParams,
  nowMs: number,
  switches: KylinSwitches,
): Answer {
  const rejection = checkProject(state, account, query, switches);
  if (rejection) return rejection;
  const job = state.getJob(ids.job);
  if (!job) return jobUnknown(ids.job);
  const units = unitsOf(job).filter(({ step }) => stepId(job, step) === ids.step);
  const stated = units.map((unit) => ({ name: unit.name, state: unitState(job, unit, nowMs) }));
  if (units.length === 0) return unexpected(`there is no related output for job :${ids.step}`, 'java.lang.IllegalArgumentException');
  const hasRun = stated.some(({ state }) => state !== 'READY' && state !== 'PENDING');
  const lines = [
    ...Array.from({ length: hasRun ? switches.stepLogLines : 0 }, (_, index) => `INFO  [${job.id}] line ${index + 1}`),
    ...stated.map(({ name, state }) => `INFO  [${job.id}] ${name}: ${state}`),
    ...(stated.some(({ state }) => state === 'ERROR') ? failureOf(job).stack.split('\n') : []),
  ];
  return { data: { jobId: ids.job, stepId: ids.step, cmd_output: outputOf(lines, switches) } };
}

/** As Kylin reads it from the file of a Spark application. */
function outputOf(lines: readonly string[], { stepLogs }: KylinSwitches): string {
  if (stepLogs === 'missing') return 'job output not found, please check kylin.log';
  if (stepLogs === 'whole' || lines.length <= 200) return lines.join('\n');
  return [...lines.slice(0, 100), '='.repeat(64), ...lines.slice(-100)].join('\n');
}

function checkProject(state: KylinState, account: Account, query: URLSearchParams, switches: KylinSwitches): Rejection | undefined {
  const read = createParameterReader(query, switches);
  const project = read.requiredText('project');
  return read.rejection() ?? checkOperation(state.projects, account, project);
}

function stepId(job: Readonly<Job>, step: number, stage?: number): string {
  const parts = [step, ...(stage === undefined ? [] : [stage])];
  return [job.id, ...parts.map((part) => String(part).padStart(2, '0'))].join('_');
}

/** The state of one part of a job. */
function unitState(job: Readonly<Job>, unit: Unit, nowMs: number): InternalState {
  const ran = durationOf(job, nowMs);
  if (job.state === 'SUCCEED' || (ran > 0 && unit.toMs <= ran)) return 'SUCCEED';
  if (job.state === 'READY') return 'READY';
  if (job.state === 'PENDING' || unit.fromMs > ran) return 'PENDING';
  return job.state;
}

function stepRow(job: Readonly<Job>, name: string, step: number, units: readonly Unit[], nowMs: number): unknown {
  const states = units.map((unit) => unitState(job, unit, nowMs));
  const current = states.find((state) => state !== 'SUCCEED') ?? 'SUCCEED';
  const failedUnit = units.find((unit) => unit.stage !== null && unitState(job, unit, nowMs) === 'ERROR');
  const isUnderway = job.state === 'RUNNING' && current === 'PENDING' && states.includes('SUCCEED');
  const stages = units.filter((unit) => unit.stage !== null);
  const subStages = stages.map((unit) => stageRow(job, unit, nowMs));
  return {
    ...timedRow(job, stepId(job, step), name, step, isUnderway ? 'RUNNING' : current, units, nowMs),
    ...(failedUnit?.stage != null && { failed_step_name: failedUnit.name, failed_step_id: stepId(job, step, failedUnit.stage) }),
    sub_stages: stages.length > 0 ? subStages : null,
    segment_sub_stages:
      stages.length > 0 && job.segments.length > 0
        ? Object.fromEntries(job.segments.map((segment) => [segment, segmentRow(job, segment, subStages, units, nowMs)]))
        : null,
  };
}

function stageRow(job: Readonly<Job>, unit: Unit, nowMs: number): unknown {
  const id = stepId(job, unit.step, unit.stage ?? 0);
  return {
    ...timedRow(job, id, unit.name, unit.stage ?? 0, unitState(job, unit, nowMs), [unit], nowMs),
    ...noFailure,
    sub_stages: null,
    segment_sub_stages: null,
  };
}

function segmentRow(job: Readonly<Job>, segment: string, stage: unknown[], units: readonly Unit[], nowMs: number): unknown {
  const times = timesOf(job, units, nowMs);
  return {
    duration: times.durationMs,
    wait_time: 0,
    step_ratio: jsonFloat(stepRatioOf(job, nowMs)),
    name: `[${job.dataRangeStart}, ${job.dataRangeEnd}]`,
    start_time: null,
    end_time: null,
    exec_start_time: times.start,
    exec_end_time: times.end,
    stage,
    info: { segment_id: segment },
  };
}

/** Kylin describes the failure of a stage only in its step. */
const noFailure = {
  failed_msg: null,
  failed_step_name: null,
  failed_step_id: null,
  failed_segment_id: null,
  failed_stack: null,
  failed_reason: null,
  failed_code: null,
  failed_resolve: null,
};

/** The fields of steps and stages alike (Kylin ExecutableStepResponse). */
function timedRow(
  job: Readonly<Job>,
  id: string,
  name: string,
  sequence: number,
  state: InternalState,
  units: readonly Unit[],
  nowMs: number,
): Record<string, unknown> {
  const times = timesOf(job, units, nowMs);
  const indexes = units.find((unit) => unit.name === indexStage);
  const started = times.start > 0;
  return {
    id,
    name,
    sequence_id: sequence,
    step_status: job.state === 'DISCARDED' ? 'DISCARDED' : publicStatusOf(state),
    scheduler_state: state,
    exec_start_time: times.start,
    exec_end_time: times.end,
    create_time: job.createTime,
    duration: times.durationMs,
    wait_time: sequence === 0 && started ? Math.max(0, times.start - job.createTime) : 0,
    index_count: indexes ? job.indexCount : 0,
    success_index_count: indexes ? finishedIndexes(job, indexes, nowMs) : 0,
    cmd_type: 'SHELL_CMD_HADOOP',
    exec_cmd: null,
    info: started ? infoOf(job) : {},
    previous_step: null,
    next_steps: [],
    ...noFailure,
    ...(state === 'ERROR' && failureFields(job, id, name)),
  };
}

/** The start and end of these parts. Parts of earlier runs have times as if the job had run without a break. */
function timesOf(job: Readonly<Job>, units: readonly Unit[], nowMs: number): { start: number; end: number; durationMs: number } {
  const ran = durationOf(job, nowMs);
  const fromMs = units[0]?.fromMs ?? 0;
  const toMs = units.at(-1)?.toMs ?? 0;
  if (job.startTime === 0 || ran <= fromMs) return { start: 0, end: 0, durationMs: 0 };
  const at = (ms: number): number => (ms >= job.ranMs && job.state === 'RUNNING' ? job.runningSince + ms - job.ranMs : job.startTime + ms);
  const hasEnded = ran >= toMs;
  return { start: at(fromMs), end: hasEnded ? at(toMs) : 0, durationMs: Math.min(ran, toMs) - fromMs };
}

function infoOf(job: Readonly<Job>): Record<string, string> {
  const application = applicationOf(job);
  return {
    node_info: `${job.node ?? 'node1'}:7070`,
    yarn_application_id: application,
    yarn_application_tracking_url: `http://yarn.example:8088/proxy/${application}/`,
    ...(job.state !== 'RUNNING' && {
      spark_history_application_tracking_url: `http://spark-history.example:18080/history/${application}/`,
    }),
  };
}

function applicationOf(job: Readonly<Job>): string {
  return `application_1735689600000_${String(job.row + 1).padStart(4, '0')}`;
}

const failures = [
  'org.apache.spark.SparkException: Job aborted due to stage failure: Task 17 in stage 4.0 failed 4 times',
  'java.lang.OutOfMemoryError: GC overhead limit exceeded',
  'org.apache.hadoop.security.AccessControlException: Permission denied: user=kylin, access=WRITE, inode="/kylin/working_dir"',
  'java.io.FileNotFoundException: File does not exist: hdfs://nameservice1/warehouse/retail.db/orders/dt=2025-11-03',
] as const;

function failureFields(job: Readonly<Job>, id: string, name: string): Record<keyof typeof noFailure, string | null> {
  const { reason, stack } = failureOf(job);
  return {
    failed_msg: reason,
    failed_step_name: name,
    failed_step_id: id,
    failed_segment_id: job.segments[0] ?? null,
    failed_stack: stack,
    failed_reason: reason,
    failed_code: 'KE-030001000(Unknown Error):',
    failed_resolve: 'Please check the logs of the Spark application.',
  };
}

function failureOf(job: Readonly<Job>): { reason: string; stack: string } {
  const reason = failures[job.row % failures.length] ?? failures[0];
  return { reason, stack: `${reason}\n\tat org.apache.kylin.engine.spark.job.SegmentBuildJob.doExecute(SegmentBuildJob.java:112)` };
}

import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobDataRange, JobFields, JobStatus, LeftOutFact } from '../../../jobs/job.ts';
import { toInstant } from '../../../jobs/vendor-facts.ts';
import {
  createOddRow,
  createRowWithoutId,
  type FieldRule,
  findBrokenRule,
  optionalNumber,
  optionalText,
  requiredText,
} from '../../../transport/odd-row.ts';
import { isNumber, isText, textOrNull } from '../../../transport/optional-field.ts';
import { toShownValue } from '../../../transport/shown-value.ts';
import { isCanceledThroughJobyard, type NotedRun } from './cancellation-note.ts';
import { parseVendorId } from './job-id.ts';
import type { RunRow } from './wire.ts';

/** The common status of each state of a run, unless its note says that Jobyard canceled it. */
const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['queued', 'QUEUED'],
  ['running', 'RUNNING'],
  ['success', 'SUCCEEDED'],
  ['failed', 'FAILED'],
]);

/** The common status of each state of a canceled run. With a teardown task, it runs on until that has ended. */
const canceledStatuses: ReadonlyMap<string, JobStatus> = new Map([
  ['queued', 'CANCELLING'],
  ['running', 'CANCELLING'],
  ['failed', 'CANCELLED'],
]);

/** Airflow's words for these statuses, and whether only jobs in these statuses have them. Null: no list of words covers the statuses. */
export function toVendorStates(wanted: ReadonlySet<JobStatus>): { words: string[]; exact: boolean } | null {
  if (wanted.has('UNKNOWN')) return null;
  const meanings = Array.from(statuses, ([word, status]) => ({ word, all: [status, canceledStatuses.get(word) ?? status] }));
  const chosen = meanings.filter(({ all }) => all.some((status) => wanted.has(status)));
  return { words: chosen.map(({ word }) => word), exact: chosen.every(({ all }) => all.every((status) => wanted.has(status))) };
}

/** Its types of runs. A list rejects an unknown one. */
export const runTypes: ReadonlySet<string> = new Set(['backfill', 'scheduled', 'manual', 'asset_triggered']);

/** The state of a run as the actions need it. */
export interface RunState extends NotedRun {
  status: JobStatus;
}

export function toRunState(run: RunRow): RunState {
  const noted = { note: textOrNull(run.note), queuedAt: textOrNull(run.queued_at) };
  const word = textOrNull(run.state) ?? '';
  const canceled = isCanceledThroughJobyard(noted) ? canceledStatuses.get(word) : undefined;
  return { ...noted, status: canceled ?? statuses.get(word) ?? 'UNKNOWN' };
}

const timeRule: FieldRule = {
  name: 'run_after',
  expected: 'a time',
  isOfKind: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
  optional: false,
};
/** The fields that callers filter and sort by. */
const rowRules = [
  requiredText('state'),
  optionalText('dag_display_name'),
  optionalText('run_type'),
  optionalText('triggering_user_name'),
  timeRule,
  optionalNumber('duration'),
];

/** The place of a row. */
interface RowPlace {
  systemId: string;
  /** The address of the web interface. */
  webUrl: string;
  /** Counted from 0 within the response. */
  index: number;
}

/** The job of a row, as far as it is readable. */
export function toListRow(row: unknown, { systemId, webUrl, index }: RowPlace): ListedJob | OddRow {
  const run: RunRow = isObject(row) ? row : {};
  const vendorId = toVendorId(run);
  if (vendorId === null) return createRowWithoutId(systemId, 'dag_run_id', index, run.dag_run_id);
  const job: ListedJob = {
    vendorId,
    createdAtMs: toDate(run.run_after)?.getTime() ?? null,
    toFields: () => toJobFields(run, vendorId, webUrl),
  };
  const broken = findBrokenRule(run, rowRules);
  return broken ? createOddRow(systemId, broken, run[broken.name], job) : job;
}

function isObject(value: unknown): value is RunRow {
  return typeof value === 'object' && value !== null;
}

/** `dag_id/dag_run_id`; null if they aren't usable. */
function toVendorId({ dag_id: dagId, dag_run_id: runId }: RunRow): string | null {
  if (!isText(dagId) || !isText(runId) || dagId.includes('/')) return null;
  const vendorId = `${dagId}/${runId}`;
  return parseVendorId(vendorId) ? vendorId : null;
}

const leftOut: readonly LeftOutFact[] = ['tags'];

export function toJobFields(run: RunRow, vendorId: string, webUrl: string): JobFields {
  const { status } = toRunState(run);
  const dagId = textOrNull(run.dag_id);
  const startedAt = toDate(run.start_date);
  return {
    vendorId,
    name: textOrNull(run.dag_display_name) || dagId,
    type: textOrNull(run.run_type) || null,
    status,
    vendorStatus: textOrNull(run.state),
    owner: textOrNull(run.triggering_user_name) || null,
    // Airflow has no time of creation. This time never changes, and no run is without it.
    createdAt: toDate(run.run_after),
    startedAt,
    finishedAt: toFinish(status, run.end_date),
    scheduledFor: toDate(run.run_after),
    durationSeconds: startedAt !== null && isNumber(run.duration) ? run.duration : null,
    progress: undefined,
    scope: dagId,
    waitSeconds: secondsBetween(toDate(run.queued_at), startedAt),
    dataRange: () => toDataRange(run),
    // Those of its DAG, which costs another request.
    tags: null,
    leftOut,
    links: () => [{ title: 'Airflow', url: toRunUrl(webUrl, vendorId) }],
    raw: () => toRaw(run, vendorId, webUrl),
  };
}

/** A run that was cleared has no end until it ends again. */
export function toFinish(status: JobStatus, time: unknown): Date | null {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED' ? toDate(time) : null;
}

/** Airflow's times have a zone, and up to six decimals. */
export function toDate(time: unknown): Date | null {
  return isText(time) ? toInstant(new Date(time)) : null;
}

/** 0 if the second comes before the first: the clocks of several servers differ. */
export function secondsBetween(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

function toDataRange(run: RunRow): JobDataRange | null {
  const from = toDate(run.data_interval_start);
  const to = toDate(run.data_interval_end);
  return (from === null && to === null) || (from !== null && to !== null && from > to) ? null : { from, to };
}

const rawFields = [
  'dag_id',
  'dag_run_id',
  'dag_display_name',
  'state',
  'run_type',
  'logical_date',
  'run_after',
  'queued_at',
  'start_date',
  'end_date',
  'duration',
  'data_interval_start',
  'data_interval_end',
  'last_scheduling_decision',
  'triggered_by',
  'triggering_user_name',
  'note',
  'bundle_version',
  'partition_key',
  'partition_date',
];

/** `conf` is whatever a caller gave to the run, and may contain secrets. */
function toRaw(run: RunRow, vendorId: string, webUrl: string): Record<string, unknown> {
  const shown = Object.fromEntries(rawFields.flatMap((name) => (run[name] === undefined ? [] : [[name, run[name]]])));
  return { ...shown, conf: toShownValue(run.conf), url: toRunUrl(webUrl, vendorId) };
}

/** The page of a run in Airflow's web interface. */
export function toRunUrl(webUrl: string, vendorId: string): string {
  const [dagId = '', runId = ''] = vendorId.split('/').map(encodeURIComponent);
  return `${webUrl.replace(/\/$/, '')}/dags/${dagId}/runs/${runId}`;
}

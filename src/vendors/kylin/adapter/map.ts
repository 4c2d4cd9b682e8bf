import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobDataRange, JobFields, JobStatus } from '../../../jobs/job.ts';
import { toInstant } from '../../../jobs/vendor-facts.ts';
import {
  createOddRow,
  createRowWithoutId,
  findBrokenRule,
  optionalNumber,
  optionalText,
  requiredText,
} from '../../../transport/odd-row.ts';
import { isNumber, isText, textOrNull } from '../../../transport/optional-field.ts';
import { toShownValue } from '../../../transport/shown-value.ts';
import { jobSchema, type KylinRow } from './wire.ts';

/** The common status of each status of a job. The other values of Kylin's JobStatusEnum are for steps or streaming jobs. */
export const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['PENDING', 'QUEUED'],
  ['RUNNING', 'RUNNING'],
  ['STOPPED', 'PAUSED'],
  // Ended, although Kylin can resume it.
  ['ERROR', 'FAILED'],
  ['FINISHED', 'SUCCEEDED'],
  ['DISCARDED', 'CANCELLED'],
]);

export function toStatus(word: string | null | undefined): JobStatus {
  return statuses.get(word ?? '') ?? 'UNKNOWN';
}

/** Kylin's words for these statuses; none for a status that no Kylin job has. Null: no list of words covers them. */
export function toVendorStatuses(wanted: ReadonlySet<JobStatus>): string[] | null {
  if (wanted.has('UNKNOWN')) return null;
  return [...statuses].filter(([, status]) => wanted.has(status)).map(([word]) => word);
}

/** The fields that callers filter and sort by. */
const rowRules = [
  requiredText('job_status'),
  optionalText('job_name'),
  optionalText('target_subject'),
  optionalText('submitter'),
  optionalNumber('create_time'),
];

/** The place of a row. */
export interface RowPlace {
  systemId: string;
  /** The project of the list; null: all projects. */
  project: string | null;
  /** Counted from 0 within the response. */
  index: number;
}

/** The job of a row, as far as it is readable. */
export function toListRow(row: unknown, { systemId, project, index }: RowPlace): ListedJob | OddRow {
  const fields = isObject(row) ? row : {};
  const id = toVendorId(fields.id);
  if (id === null) return createRowWithoutId(systemId, 'id', index, fields.id);
  const job: ListedJob = {
    vendorId: id,
    createdAtMs: toDate(fields.create_time)?.getTime() ?? null,
    toFields() {
      const shown = toJobFields(fields, id);
      // Some servers leave out the project in a list of one project.
      shown.scope ??= project;
      return shown;
    },
  };
  const broken = findBrokenRule(fields, rowRules);
  return broken ? createOddRow(systemId, broken, fields[broken.name], job) : job;
}

function isObject(value: unknown): value is KylinRow {
  return typeof value === 'object' && value !== null;
}

/** A job's ID as text; null if the value is not an ID. */
export function toVendorId(id: unknown): string | null {
  if (typeof id === 'string') return id || null;
  return Number.isSafeInteger(id) ? String(id) : null;
}

export function toJobFields(job: KylinRow, vendorId: string): JobFields {
  const vendorStatus = textOrNull(job.job_status);
  const status = toStatus(vendorStatus);
  const startedAt = toDate(job.exec_start_time);
  return {
    vendorId,
    name: textOrNull(job.target_subject) || null,
    type: textOrNull(job.job_name) || null,
    status,
    vendorStatus,
    owner: textOrNull(job.submitter) || null,
    createdAt: toDate(job.create_time),
    startedAt,
    finishedAt: toFinish(status, job.exec_end_time),
    // Jobs without a change have 0.
    updatedAt: toDate(job.last_modified),
    // Only the time that it ran, without pauses.
    durationSeconds: startedAt === null ? null : toSeconds(job.duration),
    progress: isNumber(job.step_ratio)
      ? { fraction: Math.min(1, Math.max(0, job.step_ratio)), succeededTasks: null, failedTasks: null, remainingTasks: null }
      : null,
    // Kylin rejects an empty name in later requests, but not a missing one.
    scope: textOrNull(job.project) || null,
    waitSeconds: toSeconds(job.wait_time),
    // Any JSON that the submitter attached.
    tags: isText(job.tag) && job.tag !== '' ? [job.tag] : null,
    dataRange: () => toDataRange(job.data_range_start, job.data_range_end),
    raw() {
      const known = jobSchema.parse(job);
      return { ...known, tag: toShownValue(known.tag) };
    },
  };
}

export function toSeconds(ms: unknown): number | null {
  return isNumber(ms) ? ms / 1000 : null;
}

/** Null if Kylin returns none, or an unreadable one. */
function toDataRange(start: unknown, end: unknown): JobDataRange | null {
  const from = toBound(start);
  const to = toBound(end);
  return from === undefined || to === undefined ? null : { from, to };
}

/** Null: open, as 0 and the largest 64-bit integer are. Undefined: no number. */
function toBound(ms: unknown): Date | null | undefined {
  if (!isNumber(ms) && !(isText(ms) && /^-?\d{1,19}$/.test(ms))) return undefined;
  const value = Number(ms);
  return value === 0 ? null : toInstant(new Date(value));
}

/** Kylin also sets the end time when a job is stopped, and resets it when the job resumes. */
export function toFinish(status: JobStatus, ms: unknown): Date | null {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED' ? toDate(ms) : null;
}

export function toDate(ms: unknown): Date | null {
  return isNumber(ms) && ms > 0 ? toInstant(new Date(ms)) : null;
}

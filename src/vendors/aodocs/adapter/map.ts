import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobFailure, JobFields, JobProgress, JobStatus } from '../../../jobs/job.ts';
import {
  createOddRow,
  createRowWithoutId,
  findBrokenRule,
  optionalInteger,
  optionalText,
  requiredText,
} from '../../../transport/odd-row.ts';
import { isNumberOrText, textOrNull } from '../../../transport/optional-field.ts';
import { isCount, jobSchema, toJobId, type WireJobEvent } from './wire.ts';

type JobError = Pick<WireJobEvent, 'message' | 'timestamp'>;

/** All statuses of AODocs. None means that a job is still stopping. */
export const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['IN_PROGRESS', 'RUNNING'],
  ['COMPLETED', 'SUCCEEDED'],
  ['FAILED', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
]);

/**
 * The latest error of the pages; null if there is none. No field of an event distinguishes the job's own error from that of a task,
 * but the job's error is the last one: when the job failed, no task was running.
 */
export function toFailure(events: readonly (JobError | null)[], isWhole: boolean): JobFailure | null {
  let latest: JobError | null = null;
  for (const event of events) {
    if (event?.message && (!latest || timeOf(event) >= timeOf(latest))) latest = event;
  }
  if (!latest?.message) return null;
  const note = isWhole ? '' : ` (The latest of the first ${events.length} errors; AODocs logged more.)`;
  return { message: `${latest.message}${note}`, code: null, advice: null, step: null };
}

function timeOf({ timestamp }: JobError): number {
  return Number(timestamp) || 0;
}

const rowRules = [
  requiredText('status'),
  optionalText('type'),
  optionalText('requestor'),
  optionalText('libraryId'),
  optionalInteger('startedAt'),
];

/** The place of a row. */
export interface RowPlace {
  systemId: string;
  /** The library of the list. */
  libraryId: string;
  /** Counted from 0 within the page. */
  index: number;
}

/** The job of a row, as far as it is readable. */
export function toListRow(row: unknown, { systemId, libraryId, index }: RowPlace): ListedJob | OddRow {
  if (!isObject(row)) return createRowWithoutId(systemId, 'jobId', index, row);
  const jobId = toJobId(row.jobId);
  if (jobId === null) return createRowWithoutId(systemId, 'jobId', index, row.jobId);
  const job: ListedJob = {
    vendorId: jobId,
    createdAtMs: toDate(row.startedAt)?.getTime() ?? null,
    toFields() {
      const shown = toJobFields(row, jobId);
      // All jobs in a library's list belong to the library.
      shown.scope ??= libraryId;
      return shown;
    },
  };
  const broken = findBrokenRule(row, rowRules);
  return broken ? createOddRow(systemId, broken, row[broken.name], job) : job;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** From an `ApiJob` with unchecked fields: a value of the wrong type counts as null. */
export function toJobFields(row: Readonly<Record<string, unknown>>, jobId: string): JobFields {
  const vendorStatus = textOrNull(row.status);
  const status = statuses.get(vendorStatus ?? '') ?? 'UNKNOWN';
  const startedAt = toDate(row.startedAt);
  return {
    vendorId: jobId,
    name: null,
    type: textOrNull(row.type) || null,
    status,
    vendorStatus,
    owner: textOrNull(row.requestor) || null,
    // AODocs has no time of creation: it starts a job as soon as it is requested.
    createdAt: startedAt,
    startedAt,
    // The closest value that AODocs returns. Tasks that were running at a cancel can make it later.
    finishedAt: status === 'RUNNING' || status === 'UNKNOWN' ? null : toDate(row.lastActivityAt),
    updatedAt: toDate(row.lastActivityAt),
    durationSeconds: null,
    progress: toProgress(row, status),
    scope: textOrNull(row.libraryId) || null,
    waitSeconds: null,
    dataRange: null,
    // The schema has only the documented fields, none of which contains a secret.
    raw: () => jobSchema.parse(row),
  };
}

/** Counts a retried task once. Can decrease: a job can find more tasks. Null if no counter is known. */
function toProgress(row: Readonly<Record<string, unknown>>, status: JobStatus): JobProgress | null {
  const succeeded = countOrNull(row.succeededTasks);
  const failed = countOrNull(row.failedTasks);
  const remaining = countOrNull(row.remainingTasks);
  const fraction = status === 'SUCCEEDED' ? 1 : toFraction(succeeded, failed, remaining);
  if (fraction === null && succeeded === null && failed === null && remaining === null) return null;
  return { fraction, succeededTasks: succeeded, failedTasks: failed, remainingTasks: remaining };
}

function countOrNull(value: unknown): number | null {
  return isCount(value) ? value : null;
}

function toFraction(succeeded: number | null, failed: number | null, remaining: number | null): number | null {
  if (succeeded === null || failed === null || remaining === null) return null;
  const done = succeeded + failed;
  return done + remaining === 0 ? null : done / (done + remaining);
}

/** 9999-12-31T23:59:59.999Z: later dates have no RFC 3339 form. */
const latestMs = 253_402_300_799_999;

/** From epoch milliseconds as text or number; null if the value is no such time. */
export function toDate(value: unknown): Date | null {
  const ms = isNumberOrText(value) ? Number(value) : Number.NaN;
  return Number.isInteger(ms) && ms > 0 && ms <= latestMs ? new Date(ms) : null;
}

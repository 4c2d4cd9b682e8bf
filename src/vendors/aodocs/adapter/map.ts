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

/** All statuses of AODocs. There is none for a job that is still stopping. */
export const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['IN_PROGRESS', 'RUNNING'],
  ['COMPLETED', 'SUCCEEDED'],
  ['FAILED', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
]);

/**
 * The latest of the pages' errors; null without any. No field of an event tells the job's own error from one of its tasks,
 * but the job's comes last: when it failed, no task ran any more.
 */
export function toFailure(events: readonly (WireJobEvent | null)[], isWhole: boolean): JobFailure | null {
  let latest: WireJobEvent | null = null;
  for (const event of events) {
    if (event?.message && (!latest || timeOf(event) >= timeOf(latest))) latest = event;
  }
  if (!latest?.message) return null;
  const note = isWhole ? '' : ` (The latest of the first ${events.length} errors; AODocs logged more.)`;
  return { message: `${latest.message}${note}`, code: null, advice: null, step: null };
}

function timeOf({ timestamp }: WireJobEvent): number {
  return Number(timestamp) || 0;
}

const rowRules = [
  requiredText('status'),
  optionalText('type'),
  optionalText('requestor'),
  optionalText('libraryId'),
  optionalInteger('startedAt'),
];

/** Where a row of a list stands. */
export interface RowPlace {
  systemId: string;
  /** The library whose list it is. */
  libraryId: string;
  /** Counts from 0 within its page. */
  index: number;
}

/** One row of a library's list, as it came. */
export function toListRow(row: unknown, { systemId, libraryId, index }: RowPlace): ListedJob | OddRow {
  if (!isObject(row)) return createRowWithoutId(systemId, 'jobId', index, row);
  const jobId = toJobId(row.jobId);
  if (jobId === null) return createRowWithoutId(systemId, 'jobId', index, row.jobId);
  const job: ListedJob = {
    vendorId: jobId,
    createdAtMs: toDate(row.startedAt)?.getTime() ?? null,
    toFields() {
      const shown = toJobFields(row, jobId);
      // What is in a library's list is in that library.
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

/** From an `ApiJob` whose fields may hold anything: what is of another kind counts as null. */
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
    // There is no time of creation: AODocs starts a job when it is asked for.
    createdAt: startedAt,
    startedAt,
    // The nearest that AODocs tells. Tasks that were running at a cancel move it on a little.
    finishedAt: status === 'RUNNING' || status === 'UNKNOWN' ? null : toDate(row.lastActivityAt),
    durationSeconds: null,
    progress: toProgress(row, status),
    scope: textOrNull(row.libraryId) || null,
    waitSeconds: null,
    dataRange: null,
    // The schema lets through only the documented fields, and none of them holds a secret.
    raw: () => jobSchema.parse(row),
  };
}

/** Tasks that were retried are counted once. May go down: a job can find more tasks. Null where no counter is known. */
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

/** From epoch milliseconds as text or number; null for what is no such time. */
export function toDate(value: unknown): Date | null {
  const ms = isNumberOrText(value) ? Number(value) : Number.NaN;
  return Number.isInteger(ms) && ms > 0 && ms <= latestMs ? new Date(ms) : null;
}

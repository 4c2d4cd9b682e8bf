import type { JobFields } from '../../../jobs/job.ts';
import { isNumberOrText, textOrNull } from '../../../transport/optional-field.ts';
import type { ReadDate } from './dates.ts';
import { toVaultId } from './job-id.ts';
import { hasRun, redact, secondsBetween, toRestStatus, toStatus } from './map.ts';
import type { VaultFields } from './wire.ts';

/**
 * The VQL targets about jobs: `job_instance__sys` has the unfinished jobs, `job_history__sys` the ended ones. Neither contains the
 * creation time, and the history contains no owner. VQL's dates are UTC.
 */
const instanceFields = ['id', 'job_type__sys', 'job_title__sys', 'status__sys', 'created_by__sys', 'queue_date__sys', 'run_date__sys'];
const historyFields = ['id', 'job_type__sys', 'job_title__sys', 'status__sys', 'queue_date__sys', 'start_date__sys', 'finish_date__sys'];
const taskFields = ['task_id__sys', 'job_history__sys', 'status__sys', 'queue_date__sys', 'start_date__sys', 'finish_date__sys'];

export function selectInstances(vendorIds: readonly string[]): string {
  return `SELECT ${instanceFields.join(', ')} FROM job_instance__sys WHERE id CONTAINS (${toList(vendorIds)})`;
}

export function selectHistories(vendorIds: readonly string[]): string {
  return `SELECT ${historyFields.join(', ')} FROM job_history__sys WHERE id CONTAINS (${toList(vendorIds)})`;
}

export function selectTasks(vendorIds: readonly string[]): string {
  return `SELECT ${taskFields.join(', ')} FROM job_task_history__sys WHERE job_history__sys CONTAINS (${toList(vendorIds)})`;
}

function toList(vendorIds: readonly string[]): string {
  return vendorIds.map((id) => `'${id}'`).join(', ');
}

/**
 * A row of `job_instance__sys`; null if it lacks fields of a job in its status, or has a status that REST doesn't have: REST may show more.
 * `now`: when it was read.
 */
export function fromInstance(row: VaultFields, readDate: ReadDate, now: Date): JobFields | null {
  const vendorId = toVaultId(row.id);
  const vendorStatus = toRestStatus(row.status__sys);
  if (vendorId === null || vendorStatus === null) return null;
  const status = toStatus(vendorStatus);
  const runAt = readDate(row.run_date__sys, false);
  if (status === 'RUNNING' && !runAt) return null;
  // If the job is CANCELLING, the date may be the planned start.
  const startedAt = status === 'RUNNING' ? runAt : null;
  const waitsUntil = status === 'QUEUED' ? now : startedAt;
  const owner = row.created_by__sys;
  return {
    ...commonFields(vendorId, vendorStatus, row),
    owner: isNumberOrText(owner) ? String(owner) : null,
    startedAt,
    finishedAt: null,
    scheduledFor: status === 'SCHEDULED' || status === 'QUEUED' ? runAt : null,
    waitSeconds: secondsBetween(readDate(row.queue_date__sys, false), waitsUntil),
    leftOut: isNumberOrText(owner) ? ['createdAt'] : ['createdAt', 'owner'],
  };
}

/** A row of `job_history__sys`; null as in `fromInstance`. */
export function fromHistory(row: VaultFields, readDate: ReadDate): JobFields | null {
  const vendorId = toVaultId(row.id);
  const vendorStatus = toRestStatus(row.status__sys);
  if (vendorId === null || vendorStatus === null) return null;
  const finishedAt = readDate(row.finish_date__sys, false);
  const start = readDate(row.start_date__sys, false);
  // A job that was canceled before it ran has no start.
  if (!finishedAt || (!start && hasRun(vendorStatus) && vendorStatus !== 'CANCELLED')) return null;
  const startedAt = hasRun(vendorStatus) && start && start <= finishedAt ? start : null;
  return {
    ...commonFields(vendorId, vendorStatus, row),
    owner: null,
    startedAt,
    finishedAt,
    waitSeconds: secondsBetween(readDate(row.queue_date__sys, false), startedAt),
    leftOut: ['createdAt', 'owner'],
  };
}

function commonFields(vendorId: string, vendorStatus: string, row: VaultFields) {
  return {
    vendorId,
    name: textOrNull(row.job_title__sys) || null,
    type: textOrNull(row.job_type__sys) || null,
    status: toStatus(vendorStatus),
    vendorStatus,
    createdAt: null,
    durationSeconds: null,
    progress: null,
    scope: null,
    dataRange: null,
    raw: () => redact(row),
  };
}

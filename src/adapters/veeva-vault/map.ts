import type { JobFields, JobStatus, JobStep } from '../../jobs/job.ts';
import { isNumberOrText, isText, textOrNull } from '../optional-field.ts';
import type { VaultJobRow, VaultJobStatus, VaultTask } from './wire.ts';

/**
 * Vault's words for a job's status, from Retrieve Job Status, Histories, Monitors and Cancel Job of the Vault API Reference.
 * There is no COMPLETED. FAILURE is documented nowhere; VAPIL waits for it as a bad end.
 */
const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['SCHEDULED', 'SCHEDULED'],
  ['QUEUEING', 'QUEUED'],
  ['QUEUED', 'QUEUED'],
  ['RUNNING', 'RUNNING'],
  ['CANCELLING', 'CANCELLING'],
  ['CANCELLED', 'CANCELLED'],
  ['SUCCESS', 'SUCCEEDED'],
  ['ERRORS_ENCOUNTERED', 'FAILED'],
  ['FAILED_TO_RUN', 'FAILED'],
  ['TIMEOUT', 'FAILED'],
  ['MISSED_SCHEDULE', 'FAILED'],
  ['COMPLETED_DUE_TO_INACTIVITY', 'FAILED'],
  ['FAILURE', 'FAILED'],
]);

/** Where `run_start_date` can be the plan only. */
const neverStarted: ReadonlySet<string> = new Set(['SCHEDULED', 'QUEUEING', 'QUEUED', 'MISSED_SCHEDULE', 'FAILED_TO_RUN']);

/** False for a job that has ended, or waits, without ever having run. */
export function hasRun(vendorStatus: string | null): boolean {
  return vendorStatus !== null && !neverStarted.has(vendorStatus);
}

export function toJobStatus(vendorStatus: string): JobStatus {
  return statuses.get(vendorStatus) ?? 'UNKNOWN';
}

/** A row of monitors or histories. */
export function fromRow(row: VaultJobRow): JobFields {
  return toFields(String(row.job_id), row);
}

/** The `data` of Retrieve Job Status. It has no title: the job's name is known from the lists only. */
export function fromStatus(data: VaultJobStatus): JobFields {
  return toFields(String(data.id), data);
}

function toFields(vendorId: string, wire: VaultJobRow | VaultJobStatus): JobFields {
  const finishedAt = toDate(wire.run_end_date);
  return {
    vendorId,
    name: textOrNull(wire.title),
    type: null,
    status: toJobStatus(wire.status),
    vendorStatus: wire.status,
    owner: isNumberOrText(wire.created_by) ? String(wire.created_by) : null,
    createdAt: toDate(wire.created_date),
    startedAt: toStartedAt(wire, finishedAt),
    finishedAt,
    durationSeconds: null,
    progress: null,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => redact(wire),
  };
}

/** Until a job runs, `run_start_date` is its planned start, and so it stays when the job is cancelled before. */
function toStartedAt(wire: VaultJobRow | VaultJobStatus, finishedAt: Date | null): Date | null {
  if (!hasRun(wire.status) || toJobStatus(wire.status) === 'UNKNOWN') return null;
  const start = toDate(wire.run_start_date);
  // modified_date: when the job entered CANCELLING. A start after that did not happen.
  const latest = finishedAt ?? (wire.status === 'CANCELLING' ? toDate(wire.modified_date) : null);
  return start && latest && start > latest ? null : start;
}

/** A task of an SDK job: Vault gives it an id and a status, nothing else. */
export function toStep(task: VaultTask): JobStep {
  const vendorStatus = task.state ?? task.status ?? null;
  const id = String(task.id);
  return {
    id,
    name: id,
    status: vendorStatus === null ? 'UNKNOWN' : toJobStatus(vendorStatus),
    vendorStatus,
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    waitSeconds: null,
    message: null,
    failureCode: null,
    advice: null,
    substeps: [],
    links: [],
  };
}

/** Taken as UTC, as its `Z` says; of scheduled jobs the reference says that it is the Vault's time zone in spite of the `Z`. */
function toDate(text: unknown): Date | null {
  if (!isText(text) || text === '') return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

const secretName = /session_?id|password|passwd|secret|token|authorization|credential|api_?key/i;
/** Nothing that Vault documents goes deeper than a list of links. */
const deepest = 8;

/** A copy without what a field's name gives away as a secret. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, secretName.test(name) ? '[removed]' : redact(field, depth + 1)]),
  );
}

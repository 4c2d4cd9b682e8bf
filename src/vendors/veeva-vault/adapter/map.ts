import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobFields, JobStatus, JobStep, LeftOutFact } from '../../../jobs/job.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { isNumberOrText, isText, textOrNull } from '../../../transport/optional-field.ts';
import type { ReadDate } from './dates.ts';
import { toVaultId } from './job-id.ts';
import { isFields, type VaultFields } from './wire.ts';

/**
 * Vault's words for a job's status, from Retrieve Job Status, Histories, Monitors and Cancel Job of the Vault API Reference.
 * There is no COMPLETED. FAILURE is not documented; VAPIL treats it as a failed job.
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

/** Statuses in which `run_start_date` is only planned. */
const neverStarted: ReadonlySet<string> = new Set(['SCHEDULED', 'QUEUEING', 'QUEUED', 'MISSED_SCHEDULE', 'FAILED_TO_RUN']);

/** False for a job that waits, or has ended without running. */
export function hasRun(vendorStatus: string | null): boolean {
  return vendorStatus !== null && !neverStarted.has(vendorStatus);
}

export function toStatus(vendorStatus: string | null): JobStatus {
  return (vendorStatus !== null && statuses.get(vendorStatus)) || 'UNKNOWN';
}

/**
 * REST's word for a status in VQL. The form of `status__sys` is not documented, so lowercase, a suffix such as `__sys`, and a list of one
 * are accepted too. Null if REST doesn't have the status.
 */
export function toRestStatus(literal: unknown): string | null {
  const [value, ...others] = Array.isArray(literal) ? literal : [literal];
  if (typeof value !== 'string' || others.length > 0) return null;
  const word = value.toUpperCase().replace(/__(SYS|V|C)$/, '');
  return statuses.has(word) ? word : null;
}

/** A job as Retrieve Job Status (`id`; no title), monitors and histories (`job_id`) return it. A value of the wrong type counts as null. */
export function fromRest(vendorId: string, wire: VaultFields, readDate: ReadDate): JobFields {
  const vendorStatus = textOrNull(wire.status);
  const isScheduled = isOfSchedule(wire, vendorStatus);
  const finishedAt = readDate(wire.run_end_date, isScheduled);
  return {
    vendorId,
    name: textOrNull(wire.title),
    type: null,
    status: toStatus(vendorStatus),
    vendorStatus,
    owner: isNumberOrText(wire.created_by) ? String(wire.created_by) : null,
    createdAt: readCreatedAt(wire, readDate),
    startedAt: toStartedAt(wire, vendorStatus, finishedAt, readDate),
    finishedAt,
    scheduledFor: hasRun(vendorStatus) || vendorStatus === null ? null : readDate(wire.run_start_date, isScheduled),
    updatedAt: readDate(wire.modified_date, isScheduled),
    durationSeconds: null,
    progress: null,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => redact(wire),
  };
}

/** When a job that `fromRest` takes was created. */
export function readCreatedAt(wire: VaultFields, readDate: ReadDate): Date | null {
  return readDate(wire.created_date, isOfSchedule(wire, textOrNull(wire.status)));
}

/** Until a job runs, `run_start_date` is its planned start. It remains so if the job is canceled before. */
function toStartedAt(wire: VaultFields, vendorStatus: string | null, finishedAt: Date | null, readDate: ReadDate): Date | null {
  if (!hasRun(vendorStatus) || toStatus(vendorStatus) === 'UNKNOWN') return null;
  const isScheduled = isOfSchedule(wire, vendorStatus);
  const start = readDate(wire.run_start_date, isScheduled);
  // modified_date: when the job entered CANCELLING. A start after that did not happen.
  const latest = finishedAt ?? (vendorStatus === 'CANCELLING' ? readDate(wire.modified_date, isScheduled) : null);
  return start && latest && start > latest ? null : start;
}

/** The owner of Vault's own recurring jobs. */
const systemUser = '1';

/** Whether this is an instance of a scheduled job, as far as a row shows it: it waits for its time, missed it, or belongs to Vault. */
function isOfSchedule(wire: VaultFields, vendorStatus: string | null): boolean {
  return vendorStatus === 'SCHEDULED' || vendorStatus === 'MISSED_SCHEDULE' || String(wire.created_by) === systemUser;
}

/**
 * The job of a row of monitors or histories, as far as it is readable.
 * `leftOut`: the facts that another way of reading shows.
 */
export function toListRow(systemId: string, row: unknown, readDate: ReadDate, leftOut: readonly LeftOutFact[] = []): ListedJob | OddRow {
  if (!isFields(row)) return { job: null, problem: oddRow(systemId, 'a row', 'an object', row) };
  const vendorId = toVaultId(row.job_id);
  if (vendorId === null) return { job: null, problem: oddRow(systemId, 'job_id of a row', 'a whole number', row.job_id) };
  const job: ListedJob = {
    vendorId,
    createdAtMs: readCreatedAt(row, readDate)?.getTime() ?? null,
    toFields: () => ({ ...fromRest(vendorId, row, readDate), ...(leftOut.length > 0 && { leftOut }) }),
  };
  const problem = findOddity(systemId, vendorId, row, job);
  return problem === null ? job : { job, problem };
}

function findOddity(systemId: string, vendorId: string, row: VaultFields, job: ListedJob): Problem | null {
  const { status, title, created_by: owner, created_date: created } = row;
  const odd = (field: string, expected: string, value: unknown): Problem =>
    oddRow(systemId, `${field} of job ${vendorId}`, expected, value);
  if (!isText(status)) return odd('status', 'text', status);
  if (title != null && !isText(title)) return odd('title', 'text', title);
  if (owner != null && !isNumberOrText(owner)) return odd('created_by', 'a user id', owner);
  if (created != null && job.createdAtMs === null) return odd('created_date', 'a date', created);
  return null;
}

const maxQuote = 80;

function oddRow(systemId: string, what: string, expected: string, value: unknown): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} returned an invalid row: ${what} is ${describe(value)}, expected ${expected}.`,
  );
}

/** Describes a value for people: short, and without the content of objects and lists. */
export function describe(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (isText(value)) return `the text "${value.slice(0, maxQuote)}${value.length > maxQuote ? '…' : ''}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}

/** A task of an SDK job: REST gives an ID and a status (`state` in the reference, `status` in VAPIL), VQL its times too. */
export function toStep(
  id: string,
  vendorStatus: string | null,
  times: { queuedAt: Date | null; startedAt: Date | null; finishedAt: Date | null },
): JobStep {
  const { queuedAt, startedAt, finishedAt } = times;
  return {
    id,
    name: id,
    status: toStatus(vendorStatus),
    vendorStatus,
    startedAt,
    finishedAt,
    durationSeconds: null,
    waitSeconds: secondsBetween(queuedAt, startedAt),
    message: null,
    failureCode: null,
    advice: null,
    substeps: [],
    links: [],
  };
}

/** Null if either is unknown, or they are in the wrong order. */
export function secondsBetween(from: Date | null, to: Date | null): number | null {
  return from && to && to >= from ? (to.getTime() - from.getTime()) / 1000 : null;
}

const secretName = /session_?id|password|passwd|secret|token|authorization|credential|api_?key/i;
/** More than any documented field needs. */
const maxDepth = 8;

/** A copy without the values of fields whose names suggest a secret. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, secretName.test(name) ? '[removed]' : redact(field, depth + 1)]),
  );
}

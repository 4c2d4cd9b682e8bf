import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { JobFailure, JobFields, JobProgress, JobStatus } from '../../../jobs/job.ts';
import { createOddRow, createRowWithoutId, isBroken, optionalInteger, optionalText, requiredText } from '../../../transport/odd-row.ts';
import { isNumber, textOrNull } from '../../../transport/optional-field.ts';
import { type GetJob, isWireId, type ShowJobs } from './wire.ts';

/**
 * The common status of each word. /get/job documents RUNNING, DONE, ERROR and CANCELLED; the words of /admin/show/jobs are
 * not published, so the others are assumptions.
 */
const statuses: ReadonlyMap<string, JobStatus> = new Map([
  ['RUNNING', 'RUNNING'],
  ['EXECUTING', 'RUNNING'],
  ['STARTED', 'RUNNING'],
  ['IN PROGRESS', 'RUNNING'],
  ['PENDING', 'QUEUED'],
  ['QUEUED', 'QUEUED'],
  ['WAITING', 'QUEUED'],
  ['BLOCKED', 'QUEUED'],
  ['PAUSED', 'PAUSED'],
  ['DONE', 'SUCCEEDED'],
  ['COMPLETE', 'SUCCEEDED'],
  ['COMPLETED', 'SUCCEEDED'],
  ['FINISHED', 'SUCCEEDED'],
  ['ERROR', 'FAILED'],
  ['FAILED', 'FAILED'],
  ['CANCELLING', 'CANCELLING'],
  ['CANCELLED', 'CANCELLED'],
  ['CANCELED', 'CANCELLED'],
  ['KILLED', 'CANCELLED'],
]);

/** UNKNOWN for a word that is not in the table. */
export function toStatus(word: string | null): JobStatus {
  return (word !== null && statuses.get(word.trim().toUpperCase())) || 'UNKNOWN';
}

/** A list contains the request that lists jobs, once for each client that polls. */
const listingEndpoint = '/admin/show/jobs';

/** One job of /admin/show/jobs, in the vendor's names. */
export interface JobRow {
  job_id: string;
  status: string | null;
  endpoint_name: string | null;
  time_received: number | null;
  auth_id: string | null;
  source_ip: string | null;
  query_text: string | null;
  user_data: string | null;
  flags: string | null;
}

const unknownRow: Omit<JobRow, 'job_id'> = {
  status: null,
  endpoint_name: null,
  time_received: null,
  auth_id: null,
  source_ip: null,
  query_text: null,
  user_data: null,
  flags: null,
};

const rowRules = [
  requiredText('status'),
  optionalText('endpoint_name'),
  optionalText('auth_id'),
  optionalText('user_data'),
  optionalInteger('time_received'),
];

/** The jobs of a list, without the requests that list jobs. `wanted`: only these IDs, and rows with unreadable IDs. */
export function toListRows(systemId: string, list: ShowJobs, wanted: ReadonlySet<string> | null): (ListedJob | OddRow)[] {
  const rows: (ListedJob | OddRow)[] = [];
  list.job_id.forEach((number, index) => {
    if (list.endpoint_name?.[index] === listingEndpoint) return;
    if (!isWireId(number)) rows.push(createRowWithoutId(systemId, 'job_id', index, number));
    else if (wanted === null || wanted.has(String(number))) rows.push(toListRow(systemId, list, index, String(number)));
  });
  return rows;
}

function toListRow(systemId: string, list: ShowJobs, index: number, id: string): ListedJob | OddRow {
  const row = toRow(list, index, id);
  const job: ListedJob = { vendorId: id, createdAtMs: toInstantMs(row.time_received), toFields: () => toJobFields(row) };
  const columns: Readonly<Record<string, readonly unknown[] | null | undefined>> = list;
  for (const rule of rowRules) {
    const value = columns[rule.name]?.[index];
    if (isBroken(rule, value)) return createOddRow(systemId, rule, value, job);
  }
  return job;
}

/** A copy of one row: a job must not keep the arrays of the whole list in memory. */
function toRow(list: ShowJobs, index: number, id: string): JobRow {
  const timeReceived = list.time_received?.[index];
  return {
    job_id: id,
    status: textOrNull(list.status[index]),
    endpoint_name: textOrNull(list.endpoint_name?.[index]),
    time_received: isNumber(timeReceived) ? timeReceived : null,
    auth_id: textOrNull(list.auth_id?.[index]),
    source_ip: textOrNull(list.source_ip?.[index]),
    query_text: textOrNull(list.query_text?.[index]),
    user_data: textOrNull(list.user_data?.[index]),
    flags: textOrNull(list.flags?.[index]),
  };
}

export function toJobFields(row: JobRow): JobFields {
  const status = toStatus(row.status);
  return {
    vendorId: row.job_id,
    name: row.user_data || null,
    type: row.endpoint_name || null,
    status,
    vendorStatus: row.status,
    owner: row.auth_id || null,
    createdAt: toDate(row.time_received),
    startedAt: null,
    finishedAt: null,
    durationSeconds: null,
    // The list doesn't show which jobs are asynchronous and so have progress: /get/job does.
    progress: status === 'SUCCEEDED' ? wholeProgress : undefined,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => ({ ...row, query_text: row.query_text && withoutLiterals(row.query_text) }),
  };
}

/** 9999-12-31T23:59:59.999Z: later dates have no RFC 3339 form. */
const latestMs = 253_402_300_799_999;

/** Epoch milliseconds; null if the value is no such time. */
function toInstantMs(value: unknown): number | null {
  return isNumber(value) && value > 0 && value <= latestMs ? Math.trunc(value) : null;
}

function toDate(value: unknown): Date | null {
  const ms = toInstantMs(value);
  return ms === null ? null : new Date(ms);
}

const wholeProgress: JobProgress = { fraction: 1, succeededTasks: null, failedTasks: null, remainingTasks: null };

/** A job that the caller named by its tag. /get/job shows fewer fields than a list, which shows no tags. */
export function toTaggedJob(vendorId: string, answer: GetJob): JobFields {
  const { endpoint = null, job_status: vendorStatus = null, running = null } = answer;
  const status = toStatus(vendorStatus);
  const fields = toJobFields({ ...unknownRow, job_id: vendorId, status: vendorStatus, endpoint_name: endpoint });
  return {
    ...fields,
    // The status is CANCELLED from the moment the cancellation is requested.
    status: status === 'CANCELLED' && running ? 'CANCELLING' : status,
    progress: toProgress(answer),
    raw: () => ({ endpoint, job_status: vendorStatus, running, progress: answer.progress ?? null }),
  };
}

/** Null if Kinetica has no progress for the job. */
export function toProgress(answer: Pick<GetJob, 'job_status' | 'progress'>): JobProgress | null {
  if (toStatus(answer.job_status ?? null) === 'SUCCEEDED') return wholeProgress;
  if (answer.progress === null || answer.progress === undefined) return null;
  return { ...wholeProgress, fraction: Math.min(1, Math.max(0, answer.progress / 100)) };
}

const secretWord = /passw|secret|token|credential|identi|key/i;

/** The message may quote the statement that failed. If that could contain a secret, the literals are removed. */
export function toFailure({ status_map: statusMap }: Pick<GetJob, 'status_map'>): JobFailure | null {
  const message = statusMap?.error_message || null;
  if (message === null) return null;
  return { message: secretWord.test(message) ? withoutLiterals(message) : message, code: null, advice: null, step: null };
}

/** In this order: a quote inside a comment or a quoted name opens no literal. A literal that is not closed ends with the text. */
const sqlToken = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"[^"]*(?:"|$)|'[^']*(?:'|$)|\b[0-9][\w.]*/g;
const plainName = /^"[\w $.-]*"$/;
/** Quoting that SQL dialects end in different places. */
const ambiguousQuoting = /\\['"]|\$\w*\$/;
const maxSql = 10_000;

/** At most 10,000 characters of SQL, with literals as `?` and without comments: these can contain passwords, keys, and personal data. */
export function withoutLiterals(sql: string): string {
  const start = sql.slice(0, maxSql);
  if (ambiguousQuoting.test(start)) return "(not shown: its literals can't be identified)";
  const shown = start.replace(sqlToken, (token) => {
    if (token.startsWith('--') || token.startsWith('/*')) return '';
    return plainName.test(token) ? token : '?';
  });
  return start.length < sql.length ? `${shown}…` : shown;
}

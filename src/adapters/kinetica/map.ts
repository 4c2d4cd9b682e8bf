import type { JobFailure, JobFields, JobProgress, JobStatus } from '../../jobs/job.ts';
import type { GetJob, ShowJobs } from './wire.ts';

/**
 * The common status of each word. /get/job documents RUNNING, DONE, ERROR and CANCELLED; the words of /admin/show/jobs are
 * published nowhere, so the others are there out of tolerance.
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

/** The listing shows up in its own answer, once for everybody who polls. */
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

/** The jobs of a listing, without the listing calls themselves. `wanted`: only these ids. */
export function toJobs(list: ShowJobs, wanted: ReadonlySet<string> | null): JobFields[] {
  const jobs: JobFields[] = [];
  list.job_id.forEach((number, index) => {
    const id = String(number);
    if (wanted?.has(id) === false || list.endpoint_name?.[index] === listingEndpoint) return;
    // A row of its own: the job's copy must not keep the arrays of the whole list alive.
    jobs.push(
      toJobFields({
        job_id: id,
        status: list.status[index] ?? null,
        endpoint_name: toText(list.endpoint_name?.[index]),
        time_received: toNumber(list.time_received?.[index]),
        auth_id: toText(list.auth_id?.[index]),
        source_ip: toText(list.source_ip?.[index]),
        query_text: toText(list.query_text?.[index]),
        user_data: toText(list.user_data?.[index]),
        flags: toText(list.flags?.[index]),
      }),
    );
  });
  return jobs;
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
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
    // The list does not tell which jobs are asynchronous and so have a measure: asking for one does.
    progress: status === 'SUCCEEDED' ? wholeProgress : undefined,
    scope: null,
    waitSeconds: null,
    dataRange: null,
    raw: () => ({ ...row, query_text: row.query_text && withoutLiterals(row.query_text) }),
  };
}

/** 9999-12-31T23:59:59.999Z: later dates have no RFC 3339 form. */
const latestMs = 253_402_300_799_999;

/** From epoch milliseconds. */
function toDate(ms: number | null): Date | null {
  return ms !== null && ms > 0 && ms <= latestMs ? new Date(ms) : null;
}

const wholeProgress: JobProgress = { fraction: 1, succeededTasks: null, failedTasks: null, remainingTasks: null };

/** Null without a measure. */
export function toProgress(answer: GetJob): JobProgress | null {
  if (toStatus(answer.job_status ?? null) === 'SUCCEEDED') return wholeProgress;
  if (answer.progress === null || answer.progress === undefined) return null;
  return { ...wholeProgress, fraction: Math.min(1, Math.max(0, answer.progress / 100)) };
}

const secretWord = /passw|secret|token|credential|identi|key/i;

/** A message may quote the statement that failed; where that could hold a secret, its literals are not shown. */
export function toFailure({ status_map: statusMap }: GetJob): JobFailure | null {
  const message = statusMap?.error_message || null;
  if (message === null) return null;
  return { message: secretWord.test(message) ? withoutLiterals(message) : message, code: null, advice: null, step: null };
}

/** In this order: a quote inside a comment or a quoted name opens no literal. What is not closed reaches to the end. */
const sqlToken = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"[^"]*(?:"|$)|'[^']*(?:'|$)|\b[0-9][\w.]*/g;
const plainName = /^"[\w $.-]*"$/;
/** Quoting whose end SQL dialects see in different places. */
const ambiguousQuoting = /\\['"]|\$\w*\$/;
const longestSql = 10_000;

/** SQL, at most 10,000 characters of it, with every literal as `?` and without comments: they hold passwords, keys and people's data. */
export function withoutLiterals(sql: string): string {
  const start = sql.slice(0, longestSql);
  if (ambiguousQuoting.test(start)) return '(not shown: its literals cannot be told apart)';
  const shown = start.replace(sqlToken, (token) => {
    if (token.startsWith('--') || token.startsWith('/*')) return '';
    return plainName.test(token) ? token : '?';
  });
  return start.length < sql.length ? `${shown}…` : shown;
}

import { toBoundedText } from './storable-text.ts';

/** Why something failed, for programs. The schema's `ProblemCode` has the same values. */
export type ProblemCode =
  | 'INVALID_ID'
  | 'SYSTEM_NOT_FOUND'
  | 'JOB_NOT_FOUND'
  | 'ACTION_NOT_SUPPORTED'
  | 'WRONG_STATUS'
  | 'NOT_ELIGIBLE'
  | 'ACCESS_DENIED'
  | 'VENDOR_AUTHENTICATION_FAILED'
  | 'SYSTEM_UNAVAILABLE'
  | 'TIMED_OUT'
  | 'RATE_LIMITED'
  | 'INVALID_VENDOR_RESPONSE'
  | 'VENDOR_REJECTED'
  | 'OUTCOME_UNKNOWN'
  | 'NOT_ATTEMPTED'
  | 'SCAN_LIMIT_REACHED'
  | 'INCOMPLETE_LIST'
  | 'INCOMPLETE_LOG'
  | 'IDEMPOTENCY_CONFLICT'
  | 'STORE_UNAVAILABLE'
  | 'CHANGED_SINCE_PREVIEW'
  | 'TOO_MANY_JOBS'
  | 'NO_JOBS_MATCHED'
  | 'INCOMPLETE_SELECTION'
  | 'PREVIEW_NOT_FOUND'
  | 'BULK_OPERATION_NOT_FOUND';

/** A failure, as data. `message` is for people: what happened, why, and what to do. */
export interface Problem {
  code: ProblemCode;
  message: string;
  /** Whether retrying the unchanged request can succeed. */
  retryable: boolean;
  /** When to retry, if the vendor or Jobyard can determine it; else null. */
  retryAfterSeconds: number | null;
  /** The scope that the caller lacks: `jobs:cancel@vault`. Default: the problem is not a missing scope. */
  missingScope?: string;
}

const retryableCodes: ReadonlySet<ProblemCode> = new Set([
  'SYSTEM_UNAVAILABLE',
  'TIMED_OUT',
  'RATE_LIMITED',
  'NOT_ATTEMPTED',
  'STORE_UNAVAILABLE',
]);

/** The maximum length of a message, which may quote the vendor. */
const maxMessage = 2_000;
/** GraphQL's Int has 32 bits. */
const maxSeconds = 2 ** 31 - 1;

/** A problem with the usual `retryable` of its code. Makes the message storable: a quote of the vendor may contain NUL or half a surrogate pair. */
export function createProblem(code: ProblemCode, message: string, retryAfterSeconds: number | null = null): Problem {
  return {
    code,
    message: toBoundedText(message, maxMessage),
    retryable: retryableCodes.has(code),
    retryAfterSeconds: retryAfterSeconds === null ? null : Math.min(retryAfterSeconds, maxSeconds),
  };
}

/** Whether a page has all rows that the system could return, given its problem, if any. */
export function isListed(problem: Problem | null): boolean {
  return problem === null || problem.code === 'INCOMPLETE_LIST';
}

/** The problem of a read, for callers that only read: if the request was not sent in time, there was no response in time. */
export function asReadProblem(problem: Problem): Problem {
  return problem.code === 'NOT_ATTEMPTED' ? { ...problem, code: 'TIMED_OUT' } : problem;
}

/** A value, or why there is none. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(problem: Problem): { ok: false; problem: Problem } {
  return { ok: false, problem };
}

export function jobNotFound(systemId: string): Problem {
  return createProblem('JOB_NOT_FOUND', `${systemId} has no such job.`);
}

/** Also for a system that the caller has no access to: its existence is not disclosed. */
export function systemNotFound(systemId: string): Problem {
  return createProblem('SYSTEM_NOT_FOUND', `System "${systemId}" not found, or access denied.`);
}

/** The deadline of the operation passed before the system responded. */
export function noResponseInTime(systemId: string): Problem {
  return createProblem('TIMED_OUT', `${systemId} didn't respond before the deadline. Retry, or raise deadlineMs.`);
}

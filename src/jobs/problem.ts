import { toBoundedText } from './storable-text.ts';

/** What can go wrong, for programs. The schema's `ProblemCode` holds the same words. */
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
  | 'IDEMPOTENCY_CONFLICT'
  | 'STORE_UNAVAILABLE'
  | 'CHANGED_SINCE_PREVIEW'
  | 'TOO_MANY_JOBS'
  | 'NO_JOBS_MATCHED'
  | 'INCOMPLETE_SELECTION'
  | 'PREVIEW_NOT_FOUND'
  | 'BULK_OPERATION_NOT_FOUND';

/** Something that went wrong, as data. `message` is for people: what happened, and what to do where that is known. */
export interface Problem {
  code: ProblemCode;
  message: string;
  /** Whether the same request may succeed later without anybody changing anything. */
  retryable: boolean;
  /** Where the vendor or Jobyard knows when. */
  retryAfterSeconds: number | null;
}

const retryableCodes: ReadonlySet<ProblemCode> = new Set([
  'SYSTEM_UNAVAILABLE',
  'TIMED_OUT',
  'RATE_LIMITED',
  'NOT_ATTEMPTED',
  'STORE_UNAVAILABLE',
]);

/** Most characters of a message: vendors' words stand in it. */
const maxMessage = 2_000;
/** GraphQL's Int has 32 bits. */
const maxSeconds = 2 ** 31 - 1;

/** A problem with the usual `retryable` of its code. A vendor's words may hold what no database takes, or be cut within a character. */
export function createProblem(code: ProblemCode, message: string, retryAfterSeconds: number | null = null): Problem {
  return {
    code,
    message: toBoundedText(message, maxMessage),
    retryable: retryableCodes.has(code),
    retryAfterSeconds: retryAfterSeconds === null ? null : Math.min(retryAfterSeconds, maxSeconds),
  };
}

/** Whether a listing that met this problem, or none, has all rows that the system could show. */
export function isListed(problem: Problem | null): boolean {
  return problem === null || problem.code === 'INCOMPLETE_LIST';
}

/** A problem met by a read, for those who asked for nothing else: that it was not sent in time means no answer in time. */
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

/** The deadline of the operation passed before the system responded. */
export function noResponseInTime(systemId: string): Problem {
  return createProblem('TIMED_OUT', `${systemId} didn't respond before the deadline. Retry, or raise deadlineMs.`);
}

export function accessDenied(what: string, systemId: string): Problem {
  return createProblem('ACCESS_DENIED', `You are not allowed to ${what} on ${systemId}.`);
}

import { isDeepStrictEqual } from 'node:util';
import type { Job, JobStatus } from '../jobs/job.ts';
import type { SuccessOutcome } from '../jobs/outcome.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';

/**
 * The result of an action on one job. `job`: a copy that shows the result, if one was read.
 * Several jobs may share one object.
 */
export type ActionResult =
  | SuccessResult
  | { outcome: 'JOB_NOT_FOUND'; problem: Problem }
  | NotAllowedResult
  | { outcome: 'ACCESS_DENIED'; problem: Problem }
  | { outcome: 'SYSTEM_UNAVAILABLE'; problem: Problem }
  | { outcome: 'VENDOR_REJECTED'; problem: Problem; vendorCode: string | null; job: Job | null }
  | UnknownResult
  | { outcome: 'NOT_ATTEMPTED'; problem: Problem };

/**
 * `doubt`, for dry runs only: why the system may still reject the action; null if it accepts it. `createdJobId`: the ID of the job that the
 * action created; absent if it created none.
 */
export interface SuccessResult {
  outcome: SuccessOutcome;
  job: Job | null;
  doubt?: string | null;
  createdJobId?: string;
}

export interface NotAllowedResult {
  outcome: 'ACTION_NOT_ALLOWED';
  problem: Problem;
  job: Job | null;
  /** The status that rules out the action (WRONG_STATUS); null: something else does, or the caller can't read the job. */
  status: JobStatus | null;
}

export interface UnknownResult {
  outcome: 'OUTCOME_UNKNOWN';
  problem: Problem;
  attemptedAt: Date;
  safeToRetry: boolean;
  job: Job | null;
  /** The ID that the job has that the action creates; null: unknown. Absent if the action creates none. */
  createdJobId?: string | null;
}

/** The result for one job. */
export interface JobResult<Result = ActionResult> {
  jobId: string;
  result: Result;
}

export type FailureResult = Exclude<ActionResult, SuccessResult>;

/** `job`: the copy that doesn't allow the action; null: none was read. */
export function notAllowed(problem: Problem, job: Job | null): NotAllowedResult {
  return { outcome: 'ACTION_NOT_ALLOWED', problem, job, status: problem.code === 'WRONG_STATUS' ? (job?.status ?? null) : null };
}

export function isFailure(result: ActionResult): result is FailureResult {
  return 'problem' in result;
}

/** The result of a job that isn't sent again after a rejected batch. The batch did reach the vendor, so NOT_ATTEMPTED would not be true of the job. */
export function notSentAgain({ message, retryAfterSeconds }: Problem): ActionResult {
  const text = `Rejected as part of a batch, which changed nothing, and not retried alone: ${message}`;
  return { outcome: 'SYSTEM_UNAVAILABLE', problem: createProblem('SYSTEM_UNAVAILABLE', text, retryAfterSeconds) };
}

/** Computes a value once for results that are the same object. */
export function oncePerResult<Value>(toValue: (result: ActionResult) => Value): (result: ActionResult) => Value {
  const values = new Map<ActionResult, Value>();
  return (result) => {
    const known = values.get(result);
    if (known !== undefined) return known;
    const value = toValue(result);
    values.set(result, value);
    return value;
  };
}

/** The result as it is stored, without its copy: the job is read again if it is selected. */
export function withoutCopy(result: ActionResult): ActionResult {
  return 'job' in result && result.job !== null ? { ...result, job: null } : result;
}

/** `value`: results that Jobyard stored as JSON, where dates are text. */
export function reviveResults(value: unknown): ActionResult[] {
  if (!Array.isArray(value)) throw new Error('The stored results are not a list');
  return value.map(reviveResult);
}

/** `value`: a result that Jobyard stored as JSON, where dates are text. */
export function reviveResult(value: unknown): ActionResult {
  // Only Jobyard writes these rows, from a value of this type.
  const result = value as ActionResult;
  if (result.outcome === 'OUTCOME_UNKNOWN') return { ...result, attemptedAt: new Date(result.attemptedAt) };
  // Earlier versions stored no status.
  return result.outcome === 'ACTION_NOT_ALLOWED' ? { ...result, status: result.status ?? null } : result;
}

/**
 * Returns the same object for equal results of different jobs, so that 2,000 of them use the memory of one. A result with a copy of its job
 * is returned unchanged.
 */
export function shareResults(): (result: ActionResult) => ActionResult {
  const lastByOutcome = new Map<ActionResult['outcome'], ActionResult>();
  return (result) => {
    if ('job' in result && result.job !== null) return result;
    const last = lastByOutcome.get(result.outcome);
    if (last && isSameResult(last, result)) return last;
    lastByOutcome.set(result.outcome, result);
    return result;
  };
}

/** Compares two results with the same outcome and without copies. */
function isSameResult(a: ActionResult, b: ActionResult): boolean {
  if (!isFailure(a) || !isFailure(b)) return !isFailure(a) && !isFailure(b) && a.doubt === b.doubt && a.createdJobId === b.createdJobId;
  return isSameProblem(a.problem, b.problem) && isDeepStrictEqual(detailsOf(a), detailsOf(b));
}

function isSameProblem(a: Problem, b: Problem): boolean {
  return (
    a === b || (a.code === b.code && a.message === b.message && a.retryable === b.retryable && a.retryAfterSeconds === b.retryAfterSeconds)
  );
}

/** The details of a failure beyond its problem. */
function detailsOf(result: FailureResult): readonly unknown[] {
  if (result.outcome === 'VENDOR_REJECTED') return [result.vendorCode];
  if (result.outcome === 'ACTION_NOT_ALLOWED') return [result.status];
  return result.outcome === 'OUTCOME_UNKNOWN' ? [result.attemptedAt.getTime(), result.safeToRetry, result.createdJobId] : [];
}

import type { ActionResponse, ActionSupport, JobSystemAdapter } from '../jobs/adapter.ts';
import { createJob, createUnreadJob } from '../jobs/create-job.ts';
import { checkEligibility, doubtAction } from '../jobs/eligibility.ts';
import { isTerminal, type Job, type JobAction } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { toName } from '../jobs/vendor-facts.ts';
import type { JobRead } from '../reading/reader.ts';

/** What came of an action on one job: the truth as far as it can be known. */
export type ActionResult =
  /** `job`: a copy that shows it, where one was read. `doubt`, of a DRY_RUN only: why the system may still reject the action. */
  | { kind: 'succeeded'; how: SuccessKind; job: Job | null; doubt?: string | null }
  | { kind: 'notFound'; problem: Problem }
  | { kind: 'notAllowed'; problem: Problem; job: Job | null }
  | { kind: 'denied'; problem: Problem }
  /** Certainly nothing was changed. */
  | { kind: 'unavailable'; problem: Problem }
  | { kind: 'rejected'; problem: Problem; vendorCode: string | null; job: Job | null }
  | { kind: 'unknown'; problem: Problem; attemptedAt: Date; safeToRetry: boolean; job: Job | null }
  | { kind: 'notAttempted'; problem: Problem };

/**
 * DONE: the system's state shows it. PENDING: accepted, not yet to be seen. ALREADY: it was so before, nothing was changed.
 * GONE: accepted, and the system no longer lists the job. DRY_RUN: every check passed, nothing was sent.
 */
export type SuccessKind = 'DONE' | 'PENDING' | 'ALREADY' | 'GONE' | 'DRY_RUN';

/** What is known of one job's action when it is settled. */
export interface Evidence {
  systemId: string;
  adapter: JobSystemAdapter;
  action: JobAction;
  /** The copy read before it was sent, where one was. */
  before: Job | null;
  answer: ActionResponse;
  /** The job read again after the answer, where that was needed. */
  after: JobRead | null;
  attemptedAt: Date;
}

/** The answer's own copy of the job or the state that acceptance proves, before anything is read again. */
export function copyFromAnswer(evidence: Pick<Evidence, 'systemId' | 'before' | 'answer'>, support: ActionSupport): Job | null {
  const { answer, before, systemId } = evidence;
  if (answer.kind !== 'accepted') return null;
  if (answer.job) return createJob(systemId, answer.job, new Date());
  return support.acceptedState && before ? { ...before, ...support.acceptedState } : null;
}

/** Whether the answer leaves something open that only reading the job again can tell. */
export function needsReread(evidence: Pick<Evidence, 'systemId' | 'adapter' | 'action' | 'before' | 'answer'>): boolean {
  const { answer, adapter, action, before } = evidence;
  const support = adapter.actions[action];
  switch (answer.kind) {
    case 'accepted': {
      if (support.acceptedState) return false;
      const copy = copyFromAnswer(evidence, support);
      return copy === null || !hasTakenEffect(support, action, before, copy);
    }
    case 'rejected':
      return answer.problem.code === 'VENDOR_REJECTED';
    case 'batchRejected':
    case 'inconclusive':
      return true;
    case 'notFound':
    case 'notSent':
      return false;
  }
}

/** Decides from all evidence. Pure. */
export function settleAction(evidence: Evidence): ActionResult {
  const { answer, after } = evidence;
  switch (answer.kind) {
    case 'notFound':
      return { kind: 'notFound', problem: jobNotFound(evidence.systemId) };
    case 'notSent':
      return failedBeforeSending(answer.problem);
    case 'accepted':
      return settleAccepted(evidence);
    case 'rejected':
    case 'batchRejected':
      return settleRefused(evidence, answer.problem, answer.vendorCode);
    case 'inconclusive': {
      if (after?.kind === 'job') {
        const settled = settleByState(evidence, after.job);
        if (settled) return settled;
      }
      // Never seen before and not there now: there was nothing that the lost request could have changed.
      if (after?.kind === 'notFound' && !evidence.before) return { kind: 'notFound', problem: jobNotFound(evidence.systemId) };
      return outcomeUnknown(evidence, `${answer.problem.message} Reading the job again did not settle it.`);
    }
  }
}

/** Before anything is sent: what a job's state alone decides. Null: send it. */
export function settleBeforehand(adapter: JobSystemAdapter, action: JobAction, job: Job): ActionResult | null {
  if (action === 'CANCEL' && job.status === 'CANCELLED') return { kind: 'succeeded', how: 'ALREADY', job };
  if (action === 'CANCEL' && job.status === 'CANCELLING') return { kind: 'succeeded', how: 'PENDING', job };
  const refusal = checkEligibility(adapter, action, job);
  return refusal && { kind: 'notAllowed', problem: refusal, job };
}

/** A problem met before anything was sent, as the result that is true of it. */
export function failedBeforeSending(problem: Problem): ActionResult {
  if (problem.code === 'ACCESS_DENIED') return { kind: 'denied', problem };
  if (problem.code === 'NOT_ATTEMPTED') return { kind: 'notAttempted', problem };
  return { kind: 'unavailable', problem };
}

export function jobNotFound(systemId: string): Problem {
  return createProblem('JOB_NOT_FOUND', `${systemId} has no such job.`);
}

function settleAccepted(evidence: Evidence): ActionResult {
  const { adapter, action, after, before, systemId } = evidence;
  const support = adapter.actions[action];
  if (!after) {
    const job = copyFromAnswer(evidence, support);
    const pending = job ? job.status === 'CANCELLING' : support.acceptedState?.status === 'CANCELLING';
    return { kind: 'succeeded', how: pending ? 'PENDING' : 'DONE', job };
  }
  if (after.kind === 'problem') {
    return outcomeUnknown(evidence, `${systemId} accepted it, but what became of it could not be read: ${after.problem.message}`);
  }
  if (after.kind === 'notFound') {
    return action === 'CANCEL'
      ? { kind: 'succeeded', how: 'GONE', job: before && createUnreadJob(systemId, before.vendorId, jobNotFound(systemId), new Date()) }
      : outcomeUnknown(evidence, `${systemId} accepted it and no longer lists the job.`);
  }
  const settled = settleByState(evidence, after.job);
  if (settled) return settled;
  if (support.unchangedOutcome === 'PENDING') return { kind: 'succeeded', how: 'PENDING', job: after.job };
  // Resumed, say, and stopped by somebody else since.
  if (before && before.status !== after.job.status) {
    const message = `${systemId} accepted it, and the job has gone from ${before.status} to ${after.job.status}, which does not show whether it was carried out.`;
    return outcomeUnknown(evidence, message);
  }
  const message = `${systemId} accepted it, yet the job is still ${after.job.status}: nothing was changed${before ? '' : ' as far as can be seen'}.`;
  return { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', message), vendorCode: null, job: after.job };
}

function settleRefused(evidence: Evidence, problem: Problem, vendorCode: string | null): ActionResult {
  const { adapter, action, after, before, systemId } = evidence;
  const together = evidence.answer.kind === 'batchRejected';
  if (after?.kind === 'notFound') return { kind: 'notFound', problem: jobNotFound(systemId) };
  if (after?.kind === 'job') {
    // Carried out in part before the whole was refused.
    if (together && hasTakenEffect(adapter.actions[action], action, before, after.job)) {
      return { kind: 'succeeded', how: after.job.status === 'CANCELLING' ? 'PENDING' : 'DONE', job: after.job };
    }
    const settled = settleBeforehand(adapter, action, after.job);
    if (settled) return settled;
  } else if (together) {
    return outcomeUnknown(evidence, `${problem.message} Whether it was carried out in part could not be read.`);
  }
  const job = after?.kind === 'job' ? after.job : before;
  if (problem.code === 'ACCESS_DENIED') return { kind: 'denied', problem };
  if (problem.code === 'NOT_ELIGIBLE') return { kind: 'notAllowed', problem, job };
  // The vendor rejected this job by itself, in a status in which it accepts some jobs only: this one isn't among them.
  if (job && !together && !problem.retryable && doubtAction(adapter, action, job) !== null) {
    return { kind: 'notAllowed', problem: createProblem('NOT_ELIGIBLE', problem.message), job };
  }
  return { kind: 'rejected', problem, vendorCode: toName(vendorCode), job };
}

/** What the job's state after the request proves; null where it proves nothing. */
function settleByState(evidence: Evidence, after: Job): ActionResult | null {
  const { adapter, action, before, systemId } = evidence;
  const support = adapter.actions[action];
  if (hasTakenEffect(support, action, before, after)) {
    return { kind: 'succeeded', how: after.status === 'CANCELLING' ? 'PENDING' : 'DONE', job: after };
  }
  // From a status that the vendor accepts (a FAILED job of Kylin's), a lost request may still come.
  const isTooLate = isTerminal(after.status) && !support.allowedStatuses.includes(after.status);
  if (isTooLate && (action === 'CANCEL' || action === 'PAUSE')) {
    const message = `The job ended as ${after.status} before ${systemId} could ${action.toLowerCase()} it.`;
    return { kind: 'notAllowed', problem: createProblem('WRONG_STATUS', message), job: after };
  }
  return null;
}

/** Whether a later copy shows what the action leads to. */
export function hasTakenEffect(support: ActionSupport, action: JobAction, before: Job | null, after: Job): boolean {
  return support.tookEffect ? support.tookEffect(before, after) : effects[action](before, after);
}

/** What each action leads to, for vendors that don't say it more precisely. */
const effects: Record<JobAction, (before: Job | null, after: Job) => boolean> = {
  CANCEL: (_before, after) => after.status === 'CANCELLED' || after.status === 'CANCELLING',
  PAUSE: (_before, after) => after.status === 'PAUSED',
  RESUME: (_before, after) => after.status === 'QUEUED' || after.status === 'RUNNING' || after.status === 'SUCCEEDED',
  RESTART: (before, after) => isLater(after.createdAt, before?.createdAt) || isLater(after.startedAt, before?.startedAt),
  START: (_before, after) => after.status !== 'SCHEDULED' && after.status !== 'UNKNOWN',
};

function isLater(after: Date | null, before: Date | null | undefined): boolean {
  return after !== null && before !== null && before !== undefined && after.getTime() > before.getTime();
}

function outcomeUnknown(evidence: Evidence, message: string): ActionResult {
  const { adapter, action, after, attemptedAt } = evidence;
  return {
    kind: 'unknown',
    problem: createProblem('OUTCOME_UNKNOWN', message),
    attemptedAt,
    safeToRetry: adapter.actions[action].safeToRetry,
    job: after?.kind === 'job' ? after.job : null,
  };
}

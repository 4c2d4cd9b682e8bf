import type { ActionResponse, ActionSupport, JobSystemAdapter, PriorState } from '../jobs/adapter.ts';
import { isSafeForCallers, valueFor } from '../jobs/by-state.ts';
import { createGoneJob, createJob } from '../jobs/create-job.ts';
import { explainDoubt } from '../jobs/eligibility.ts';
import { actionNouns, isTerminal, type Job, type JobAction } from '../jobs/job.ts';
import { formatJobId } from '../jobs/job-id.ts';
import { isUnresolved } from '../jobs/outcome.ts';
import { createProblem, jobNotFound, type Problem } from '../jobs/problem.ts';
import { toName } from '../jobs/vendor-facts.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type ActionResult, notAllowed, type UnknownResult } from './action-result.ts';
import { precheckAction, toUnsentResult } from './precheck.ts';

/** An attempt to perform an action on one job, just now or earlier. */
export interface Attempt {
  systemId: string;
  adapter: JobSystemAdapter;
  action: JobAction;
  /** The job before the attempt: a copy, or only its state. Null: nothing is known, not even whether the job existed. */
  before: Job | PriorState | null;
  response: ActionResponse | EarlierVerdict;
  attemptedAt: Date;
  /** When an accepted action whose effect the job doesn't show becomes overdue. Null: never; it was sent just now. */
  overdueAt: Date | null;
}

/** The earlier verdict on an attempt whose response is not stored. */
export type EarlierVerdict =
  /** ACCEPTED or JOB_GONE. */
  | { kind: 'acceptedBefore' }
  /** CONFIRMED, or a final JOB_GONE. A run that started after `confirmedAt`, by the store's clock, can't disprove it. */
  | { kind: 'confirmedBefore'; confirmedAt: Date };

/**
 * One read of the job after the attempt; for an action that creates a job, of the created one. Null: the job was not read, because the response
 * is conclusive, or the created job is unknown.
 */
export type Observation = JobRead | null;

export interface Verdict {
  result: ActionResult;
  /** Whether no later observation can change it. */
  isFinal: boolean;
  /** Whether the vendor rejected a batch as a whole, and this job may not be the reason. */
  isOfBatch: boolean;
}

/**
 * Decides the outcome of an attempt. Pure. The only place that does: at once, while a caller waits, when Jobyard tracks the action, and when
 * a bulk operation recovers an item that another process started.
 */
export function decide(attempt: Attempt, observation: Observation, now: Date): Verdict {
  const { response, systemId, adapter, action } = attempt;
  if (adapter.actions[action].creates && isOpenResponse(response)) return decideCreation(attempt, response, observation, now);
  switch (response.kind) {
    case 'notFound':
      return final({ outcome: 'JOB_NOT_FOUND', problem: jobNotFound(systemId) });
    case 'notSent':
      return final(toUnsentResult(response.problem));
    case 'accepted':
    case 'acceptedBefore':
      return decideAccepted(attempt, response, observation, now);
    case 'confirmedBefore':
      return decideConfirmed(attempt, response.confirmedAt, observation);
    case 'rejected':
    case 'batchRejected':
      return decideRejected(attempt, response, observation);
    case 'inconclusive':
      return decideLost(attempt, response.problem, observation, now);
  }
}

/**
 * A read as an observation of an attempt. Null if the read failed or shows the job before `time`: it proves nothing.
 * A stale copy counts for the time at which it was read.
 */
export function observeAfter(read: JobRead | undefined, time: Date): JobRead | null {
  if (!read || read.kind === 'problem') return null;
  return read.kind === 'job' && read.job.observedAt <= time ? null : read;
}

/** Whether the response is inconclusive, so that the job must be read. */
export function needsObservation({ systemId, adapter, action, before, response }: NewAttempt, now: Date): boolean {
  const support = adapter.actions[action];
  switch (response.kind) {
    case 'accepted': {
      if (support.creates) return true;
      if (valueFor(support.acceptedState, before)) return false;
      const copy = copyFromResponse(systemId, response, before, support, now);
      return copy === null || !hasTakenEffect(support, action, before, copy);
    }
    case 'rejected':
      return response.problem.code === 'VENDOR_REJECTED';
    case 'batchRejected':
    case 'inconclusive':
      return true;
    case 'notFound':
    case 'notSent':
      return false;
  }
}

export type NewAttempt = Pick<Attempt, 'systemId' | 'adapter' | 'action' | 'before'> & { response: ActionResponse };

/** The response's own copy of the job, or the state that acceptance proves. */
function copyFromResponse(
  systemId: string,
  response: Extract<ActionResponse, { kind: 'accepted' }>,
  before: Job | PriorState | null,
  support: ActionSupport,
  now: Date,
): Job | null {
  if (response.job) return createJob(systemId, response.job, now);
  const copy = toCopy(before);
  const acceptedState = valueFor(support.acceptedState, before);
  return acceptedState && copy ? { ...copy, ...acceptedState } : null;
}

/** Whether a later copy shows what the action leads to. */
function hasTakenEffect(support: ActionSupport, action: JobAction, before: PriorState | null, after: Job): boolean {
  return support.tookEffect ? support.tookEffect(before, after) : effects[action](before, after);
}

/** Whether a copy shows each action's effect, unless the adapter decides it (`tookEffect`). */
const effects: Record<JobAction, (before: PriorState | null, after: Job) => boolean> = {
  CANCEL: (_before, after) => after.status === 'CANCELLED' || after.status === 'CANCELLING',
  PAUSE: (_before, after) => after.status === 'PAUSED',
  RESUME: (_before, after) => after.status === 'QUEUED' || after.status === 'RUNNING' || after.status === 'SUCCEEDED',
  RESTART: (before, after) => isLater(after.createdAt, before?.createdAt) || isLater(after.startedAt, before?.startedAt),
  START: (_before, after) => after.status !== 'SCHEDULED' && after.status !== 'UNKNOWN',
};

/** Actions whose effect no job shows on its own. */
const neverSpontaneous: ReadonlySet<JobAction> = new Set(['CANCEL', 'PAUSE']);

function decideAccepted(
  attempt: Attempt,
  response: Extract<Attempt['response'], { kind: 'accepted' | 'acceptedBefore' }>,
  observation: Observation,
  now: Date,
): Verdict {
  const { adapter, action, before, systemId } = attempt;
  const support = adapter.actions[action];
  const name = actionNouns[action];
  const isKnownAnyway = response.kind === 'acceptedBefore' && observation?.kind === 'problem';
  if (!observation || isKnownAnyway) {
    if (response.kind === 'acceptedBefore') return open({ outcome: 'ACCEPTED', job: null });
    const job = copyFromResponse(systemId, response, before, support, now);
    const isUnderWay = (job ? job.status : valueFor(support.acceptedState, before)?.status) === 'CANCELLING';
    return isUnderWay ? open({ outcome: 'ACCEPTED', job }) : final({ outcome: 'CONFIRMED', job });
  }
  switch (observation.kind) {
    case 'problem':
      return unknown(attempt, `${systemId} accepted the ${name}, but the job couldn't be read: ${observation.problem.message}`);
    case 'notFound': {
      // The vendor's list can lag.
      const isFinal = isOverdue(attempt, now);
      if (action !== 'CANCEL') return unknown(attempt, `${systemId} accepted the ${name} and no longer lists the job.`, null, isFinal);
      const copy = toCopy(before);
      const job = copy && createGoneJob(copy, jobNotFound(systemId), now);
      return { ...open({ outcome: 'JOB_GONE', job }), isFinal };
    }
    case 'job':
      return decideAcceptedByState(attempt, response.kind === 'acceptedBefore', observation.job);
  }
}

/** Decides an accepted action by a later copy of the job. */
function decideAcceptedByState(attempt: Attempt, wasUnderWay: boolean, after: Job): Verdict {
  const { adapter, action, before, systemId } = attempt;
  const support = adapter.actions[action];
  const accepted = `${systemId} accepted the ${actionNouns[action]}`;
  const shown = decideByEffect(attempt, after) ?? decideByEnd(attempt, after, `${accepted}, but the job ended as ${after.status}`);
  if (shown) return shown;
  const isPatient = wasUnderWay || valueFor(support.unchangedOutcome, before) === 'ACCEPTED';
  if (isPatient && (after.status === 'UNKNOWN' || !isOverdue(attempt, after.observedAt))) return open({ outcome: 'ACCEPTED', job: after });
  // For example, resumed, and then paused by another caller. A status that can't be mapped proves nothing.
  if (after.status === 'UNKNOWN' || (before && before.status !== after.status)) {
    const change = before ? `changed from ${before.status} to ${after.status}` : `is ${after.status}`;
    return unknown(attempt, `${accepted}. The job ${change}, which doesn't show whether the action was performed.`, after);
  }
  const problem = createProblem('VENDOR_REJECTED', `${accepted}, but the job is still ${after.status}.`);
  return open({ outcome: 'VENDOR_REJECTED', problem, vendorCode: null, job: after });
}

/** The effect was observed earlier. Only another end of the same run disproves it. */
function decideConfirmed(attempt: Attempt, confirmedAt: Date, observation: Observation): Verdict {
  const { action, before, systemId, adapter } = attempt;
  if (observation?.kind !== 'job') return open({ outcome: 'CONFIRMED', job: null });
  const { job } = observation;
  // Some vendors show a canceled job as a failed one.
  const showsEffect = hasTakenEffect(adapter.actions[action], action, before, job);
  const isOtherRun = [job.createdAt, job.startedAt].some((at) => at !== null && at > confirmedAt);
  const isOtherEnd = action === 'CANCEL' && isTerminal(job.status) && job.status !== 'CANCELLED';
  if (job.stale || isOtherRun || showsEffect || !isOtherEnd) return open({ outcome: 'CONFIRMED', job });
  const message = `${systemId} showed the effect of the ${actionNouns[action]}, but the job ended as ${job.status}.`;
  return final(notAllowed(createProblem('WRONG_STATUS', message), job));
}

function decideRejected(
  attempt: Attempt,
  response: Extract<ActionResponse, { kind: 'rejected' | 'batchRejected' }>,
  observation: Observation,
): Verdict {
  const { adapter, action, before, systemId } = attempt;
  const { problem, vendorCode } = response;
  const isBatch = response.kind === 'batchRejected';
  const after = observation?.kind === 'job' ? observation.job : null;
  if (observation?.kind === 'notFound') return final({ outcome: 'JOB_NOT_FOUND', problem: jobNotFound(systemId) });
  if (after) {
    // The vendor may have performed part of the batch before it rejected the rest.
    const shown = isBatch ? decideByEffect(attempt, after) : null;
    if (shown) return shown;
    const decided = precheckAction(adapter, action, after);
    if (decided) return toVerdict(decided);
  } else if (isBatch)
    return unknown(attempt, `${problem.message} The job couldn't be read to check whether part of the batch was performed.`);
  const isOfBatch = isBatch && after !== null;
  const job = after ?? toCopy(before);
  if (problem.code === 'ACCESS_DENIED') return { ...final({ outcome: 'ACCESS_DENIED', problem }), isOfBatch };
  if (problem.code === 'NOT_ELIGIBLE') return { ...final(notAllowed(problem, job)), isOfBatch };
  // The vendor accepts the action for some jobs in this status only, and this job is not one of them.
  if (job && !isBatch && !problem.retryable && explainDoubt(adapter, action, job) !== null) {
    return final(notAllowed(createProblem('NOT_ELIGIBLE', problem.message), job));
  }
  return { ...final({ outcome: 'VENDOR_REJECTED', problem, vendorCode: toName(vendorCode), job }), isOfBatch };
}

/**
 * The request may have reached the vendor, but its response was lost. If the job shows the effect, the action succeeded. If it shows none,
 * that proves nothing, unless the job had ended.
 */
function decideLost(attempt: Attempt, { message }: Problem, observation: Observation, now: Date): Verdict {
  const { adapter, action, before, systemId } = attempt;
  if (!observation) return unknown(attempt, message);
  switch (observation.kind) {
    case 'problem':
      return unknown(attempt, `${message} The job couldn't be read: ${observation.problem.message}`);
    case 'notFound':
      // The action may have been performed, and the job removed since, also if nothing is known of the job before.
      return unknown(
        attempt,
        `${message} ${systemId} ${before ? 'no longer lists' : "doesn't list"} the job.`,
        null,
        isOverdue(attempt, now),
      );
    case 'job': {
      const { job } = observation;
      const decided = decideRuledOut(attempt, job);
      if (decided) return decided;
      const shown =
        decideByEffect(attempt, job) ??
        decideByEnd(attempt, job, `The job ended as ${job.status} before ${systemId} could ${action.toLowerCase()} it`);
      return shown ?? unknown(attempt, `${message} Reading the job again was inconclusive.`, job);
    }
  }

  /** The earlier status ruled the action out, so a change that jobs make on their own (starting, ending) is not its effect. */
  function decideRuledOut({ before: prior }: Attempt, job: Job): Verdict | null {
    const { allowedStatuses } = adapter.actions[action];
    if (!prior || prior.status === 'UNKNOWN' || allowedStatuses.includes(prior.status)) return null;
    const isSpontaneous = prior.status === job.status || !neverSpontaneous.has(action);
    const result = isSpontaneous ? precheckAction(adapter, action, job) : null;
    return result && toVerdict(result);
  }
}

type OpenResponse = Extract<Attempt['response'], { kind: 'accepted' | 'acceptedBefore' | 'inconclusive' }>;

function isOpenResponse(response: Attempt['response']): response is OpenResponse {
  return response.kind === 'accepted' || response.kind === 'acceptedBefore' || response.kind === 'inconclusive';
}

/** The job whose read decides the action: the created one, the named one, or none. */
export function observedId(
  { adapter, action }: Pick<Attempt, 'adapter' | 'action'>,
  vendorId: string,
  response: ActionResponse,
): string | null {
  if (!adapter.actions[action].creates || !isOpenResponse(response)) return vendorId;
  return createdIdOf(response);
}

function createdIdOf(response: OpenResponse): string | null {
  return response.kind === 'acceptedBefore' ? null : (response.createdVendorId ?? null);
}

/** An action that creates a job took effect if that job exists. If it doesn't, the request may still be on its way. */
function decideCreation(attempt: Attempt, response: OpenResponse, observation: Observation, now: Date): Verdict {
  const { systemId, action, before } = attempt;
  // The action leaves the named job unchanged.
  const job = response.kind === 'accepted' && response.job ? createJob(systemId, response.job, now) : toCopy(before);
  const created = createdIdOf(response);
  const createdJobId = created === null ? null : formatJobId({ systemId, vendorId: created });
  const unknownBecause = (why: string): Verdict => {
    const happened = response.kind === 'inconclusive' ? response.problem.message : `${systemId} accepted the ${actionNouns[action]}.`;
    const verdict = unknown(attempt, `${happened} ${why}`, job);
    return { ...verdict, result: { ...verdict.result, createdJobId } };
  };
  if (createdJobId === null) return unknownBecause("Jobyard doesn't know which job it created, if any.");
  if (observation?.kind === 'job') return final({ outcome: 'CONFIRMED', job, createdJobId });
  if (observation?.kind === 'notFound') return unknownBecause(`${createdJobId}, the job that it creates, doesn't exist so far.`);
  const why = observation ? `: ${observation.problem.message}` : '.';
  return unknownBecause(`${createdJobId}, the job that it creates, couldn't be read${why}`);
}

/** The verdict if the job shows the action's effect; null: it doesn't. */
function decideByEffect({ adapter, action, before }: Attempt, after: Job): Verdict | null {
  if (!hasTakenEffect(adapter.actions[action], action, before, after)) return null;
  const isUnderWay = action === 'CANCEL' && after.status === 'CANCELLING';
  return isUnderWay ? open({ outcome: 'ACCEPTED', job: after }) : final({ outcome: 'CONFIRMED', job: after });
}

/** The verdict if the job ended without the action's effect; null: it has not ended. */
function decideByEnd(attempt: Attempt, after: Job, message: string): Verdict | null {
  const { adapter, action } = attempt;
  if (!isTerminal(after.status)) return null;
  // If the vendor allows the action in this terminal status (Kylin's FAILED), it may still take effect.
  if (adapter.actions[action].allowedStatuses.includes(after.status) && !isOverdue(attempt, after.observedAt)) return null;
  if (neverSpontaneous.has(action)) {
    return final(notAllowed(createProblem('WRONG_STATUS', `${message}.`), after));
  }
  // A resumed job may also end like this.
  return unknown(attempt, `${message}, which doesn't show whether the action was performed.`, after, true);
}

/** Whether an accepted action has taken longer than it may by this time. */
export function isOverdue({ overdueAt }: Pick<Attempt, 'overdueAt'>, time: Date): boolean {
  return overdueAt !== null && time > overdueAt;
}

function isLater(after: Date | null, before: Date | null | undefined): boolean {
  return after !== null && before !== null && before !== undefined && after.getTime() > before.getTime();
}

function toCopy(before: Job | PriorState | null): Job | null {
  return before && 'vendorId' in before ? before : null;
}

function unknown(
  { adapter, action, before, attemptedAt }: Attempt,
  message: string,
  job: Job | null = null,
  isFinal = false,
): Verdict & { result: UnknownResult } {
  const safeToRetry = isSafeForCallers(adapter.actions[action], before);
  const problem = createProblem('OUTCOME_UNKNOWN', message);
  return { result: { outcome: 'OUTCOME_UNKNOWN', problem, attemptedAt, safeToRetry, job }, isFinal, isOfBatch: false };
}

/** The verdict of a precheck. */
function toVerdict(result: ActionResult): Verdict {
  return isUnresolved(result.outcome) ? open(result) : final(result);
}

function final(result: ActionResult): Verdict {
  return { result, isFinal: true, isOfBatch: false };
}

function open(result: ActionResult): Verdict {
  return { result, isFinal: false, isOfBatch: false };
}

import { isFailure } from '../actions/action-result.ts';
import { type Attempt, decide, isOverdue, observeAfter, type Verdict } from '../actions/decide.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import type { Job, JobAction, JobStatus } from '../jobs/job.ts';
import { type FollowUpOutcome, isSuccess, type Outcome, outcomeProjections, type UnresolvedOutcome } from '../jobs/outcome.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';

/** An action that was unresolved when it was recorded. */
export interface UnresolvedAction {
  action: JobAction;
  outcome: UnresolvedOutcome;
  /** By this process's clock. */
  sentAt: Date;
}

/** The event that resolves or contradicts an action. */
export interface FollowUp {
  outcome: FollowUpOutcome;
  job: Job | null;
  problem: Problem | null;
  /** Whether no later read can change the outcome. */
  isFinal: boolean;
}

export interface FollowUpContext {
  systemId: string;
  adapter: JobSystemAdapter;
  now: Date;
}

const lost: Attempt['response'] = { kind: 'inconclusive', problem: createProblem('OUTCOME_UNKNOWN', 'No response was received.') };

/**
 * Determines the follow-up of an unresolved action from a later read of its job. Null: the action stays unresolved. Pure.
 * `overdueAfterMs`: how long an accepted action may take after it was sent.
 */
export function determineFollowUp(
  { action, outcome, sentAt }: UnresolvedAction,
  read: JobRead,
  { systemId, adapter, now, overdueAfterMs }: FollowUpContext & { overdueAfterMs: number },
): FollowUp | null {
  const observation = observeAfter(read, sentAt);
  if (!observation) return null;
  const response = outcome === 'OUTCOME_UNKNOWN' ? lost : ({ kind: 'acceptedBefore' } as const);
  const overdueAt = overdueTimeOf(sentAt, overdueAfterMs);
  return toFollowUp(
    outcome,
    decide({ systemId, adapter, action, before: null, response, attemptedAt: sentAt, overdueAt }, observation, now),
  );
}

/** Whether an unresolved cancel was accepted longer ago than it may take. `job`: a copy of the job, which may show that; null: none. Pure. */
export function isOverdueNow(
  { outcome, sentAt }: UnresolvedAction,
  job: Job | null,
  { now, overdueAfterMs }: { now: Date; overdueAfterMs: number },
): boolean {
  const wasAccepted = outcome === 'ACCEPTED' || job?.status === 'CANCELLING';
  return wasAccepted && isOverdue({ overdueAt: overdueTimeOf(sentAt, overdueAfterMs) }, now);
}

function overdueTimeOf(sentAt: Date, overdueAfterMs: number): Date {
  return new Date(sentAt.getTime() + overdueAfterMs);
}

/** A cancel whose job was observed to be canceled, or is no longer listed. */
export interface ConfirmedAction {
  systemId: string;
  sentAt: Date;
  /** When the confirmation was recorded; null: the cancel is not confirmed, or the job was restarted through Jobyard since. */
  confirmedAt: {
    /** By this process's clock, like the time of an observation. */
    local: Date;
    /** By the store's clock, which all replicas share. This process's clock may differ from the vendor's by minutes. */
    ofStore: Date;
  } | null;
}

/** Determines whether a later copy of the job contradicts its confirmed cancel; null: it doesn't. Pure. */
export function contradictConfirmed(
  { systemId, sentAt, confirmedAt }: ConfirmedAction,
  job: Job,
  { adapter, now }: Omit<FollowUpContext, 'systemId'>,
): FollowUp | null {
  const observation = confirmedAt && observeAfter({ kind: 'job', job }, confirmedAt.local);
  if (!observation) return null;
  const response = { kind: 'confirmedBefore', confirmedAt: confirmedAt.ofStore } as const;
  const attempt: Attempt = { systemId, adapter, action: 'CANCEL', before: null, response, attemptedAt: sentAt, overdueAt: null };
  return toFollowUp('CONFIRMED', decide(attempt, observation, now));
}

/** The follow-up of a verdict; null: it adds nothing to the recorded outcome. CONTRADICTED: a success was recorded, and the verdict is a failure. */
function toFollowUp(recorded: Outcome, { result, isFinal }: Verdict): FollowUp | null {
  const isContradicted = isSuccess(recorded) && outcomeProjections[result.outcome].class === 'FAILED';
  if (!isFinal && !isContradicted) return null;
  return {
    outcome: isContradicted ? 'CONTRADICTED' : result.outcome,
    job: 'job' in result ? result.job : null,
    problem: isFailure(result) ? result.problem : null,
    isFinal,
  };
}

/** The status that contradicts the action; null: none does. */
export function contradictedBy(outcome: FollowUpOutcome, jobStatus: JobStatus | null): JobStatus | null {
  return outcome === 'CONTRADICTED' ? jobStatus : null;
}

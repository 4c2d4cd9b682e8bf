import { isFailure } from '../actions/action-result.ts';
import { type Attempt, decide, observeAfter, type Verdict } from '../actions/decide.ts';
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

/** What became of it. */
export interface FollowUp {
  outcome: FollowUpOutcome;
  job: Job | null;
  problem: Problem | null;
  /** Whether nothing more can come of it. */
  isFinal: boolean;
}

export interface FollowUpContext {
  systemId: string;
  adapter: JobSystemAdapter;
  now: Date;
}

const lost: Attempt['response'] = { kind: 'inconclusive', problem: createProblem('OUTCOME_UNKNOWN', 'No response was received.') };

/**
 * What a later read of the job adds to an unresolved action; null: nothing, it stays unresolved. Pure.
 * `overdueAfterMs`: how long after it was sent an accepted action may take.
 */
export function determineFollowUp(
  { action, outcome, sentAt }: UnresolvedAction,
  read: JobRead,
  { systemId, adapter, now, overdueAfterMs }: FollowUpContext & { overdueAfterMs: number },
): FollowUp | null {
  const observation = observeAfter(read, sentAt);
  if (!observation) return null;
  const response = outcome === 'OUTCOME_UNKNOWN' ? lost : ({ kind: 'acceptedBefore' } as const);
  const overdueAt = new Date(sentAt.getTime() + overdueAfterMs);
  return toFollowUp(
    outcome,
    decide({ systemId, adapter, action, before: null, response, attemptedAt: sentAt, overdueAt }, observation, now),
  );
}

/** A cancel whose job was seen cancelled, or gone. */
export interface ConfirmedAction {
  systemId: string;
  sentAt: Date;
  /** When that was recorded; null: the cancel is not confirmed, or the job was restarted through Jobyard since. */
  confirmedAt: {
    /** By this process's clock, as is the time of an observation. */
    local: Date;
    /** By the store's clock, which replicas agree on: this process's may differ from the vendor's by minutes. */
    ofStore: Date;
  } | null;
}

/** What a later copy of the job adds to a cancel that was confirmed; null: nothing. Pure. */
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

/** What a verdict adds to the outcome that was recorded. CONTRADICTED is that, no verdict: a success was recorded, and it was none. */
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

/** The status in which the job went against an accepted action; null where it did not. */
export function contradictedBy(outcome: FollowUpOutcome, jobStatus: JobStatus | null): JobStatus | null {
  return outcome === 'CONTRADICTED' ? jobStatus : null;
}

import { hasTakenEffect, jobNotFound } from '../actions/action-outcome.ts';
import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { isTerminal, type Job, type JobAction, type JobStatus } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/reader.ts';
import type { JobEventOutcome } from './job-event.ts';

export const openOutcomes = ['PENDING', 'GONE', 'UNKNOWN'] as const;

/** An action whose outcome was open when it was answered. */
export interface UnresolvedAction {
  action: JobAction;
  /** PENDING, GONE: the vendor had accepted it. UNKNOWN: nobody knows whether it had. */
  outcome: (typeof openOutcomes)[number];
  /** By this process's clock. */
  sentAt: Date;
}

/** What became of it. */
export interface FollowUp {
  settledAs: JobEventOutcome;
  job: Job | null;
  problem: Problem | null;
  /** Whether nothing more can come of it. */
  isFinal: boolean;
}

/**
 * What a later look at the job proves of an open action; null where it is still open. Pure.
 * `overdueAfterMs`: how long after it was sent an accepted action may take.
 */
export function determineFollowUp(
  open: UnresolvedAction,
  read: JobRead,
  { systemId, adapter, nowMs, overdueAfterMs }: { systemId: string; adapter: JobSystemAdapter; nowMs: number; overdueAfterMs: number },
): FollowUp | null {
  const isOverdueAt = (timeMs: number): boolean => timeMs - open.sentAt.getTime() > overdueAfterMs;
  if (read.kind === 'problem') return null;
  if (read.kind === 'notFound') {
    // A list can lag behind.
    if (!isOverdueAt(nowMs)) return null;
    if (open.outcome === 'UNKNOWN') return { settledAs: 'NOT_FOUND', job: null, problem: jobNotFound(systemId), isFinal: true };
    return { settledAs: 'GONE', job: null, problem: null, isFinal: true };
  }
  const { job } = read;
  const { action } = open;
  // A copy that stands in for a newer one is true of its time.
  if (job.observedAt <= open.sentAt) return null;
  const isOverdue = isOverdueAt(job.observedAt.getTime());
  const support = adapter.actions[action];
  if (hasTakenEffect(support, action, null, job)) {
    return job.status === 'CANCELLING' ? null : { settledAs: 'DONE', job, problem: null, isFinal: true };
  }
  const name = action.toLowerCase();
  if (open.outcome === 'UNKNOWN') {
    // From a status that the vendor accepts (a FAILED job of Kylin's), a lost request may still come.
    if (!isTerminal(job.status) || (support.allowedStatuses.includes(job.status) && !isOverdue)) return null;
    const problem = createProblem('WRONG_STATUS', `The job ended as ${job.status}: the ${name} had no effect.`);
    return { settledAs: 'NOT_ALLOWED', job, problem, isFinal: true };
  }
  if (isTerminal(job.status))
    return contradiction(job, `The job ended as ${job.status} although ${systemId} had accepted the ${name}.`, true);
  if (!isOverdue || job.status === 'UNKNOWN') return null;
  return contradiction(job, `The job is still ${job.status} although ${systemId} accepted the ${name} long ago.`, false);
}

/** A cancel whose job was seen cancelled, or gone. */
export interface ConfirmedAction {
  systemId: string;
  /** When that was recorded; null: the cancel is not confirmed, or the job was restarted through Jobyard since. */
  confirmedAt: {
    /** By this process's clock, as is the time of an observation. */
    local: Date;
    /** By the store's clock, which replicas agree on: this process's may differ from the vendor's by minutes. */
    ofStore: Date;
  } | null;
}

/** What a later look at the job proves of a cancel that was confirmed; null: nothing new. Pure. */
export function contradictConfirmed({ systemId, confirmedAt }: ConfirmedAction, job: Job): FollowUp | null {
  if (confirmedAt === null || job.stale || job.observedAt <= confirmedAt.local) return null;
  if (!isTerminal(job.status) || job.status === 'CANCELLED') return null;
  // Restarted outside Jobyard: another run, for which no cancel was sent.
  if ([job.createdAt, job.startedAt].some((at) => at !== null && at > confirmedAt.ofStore)) return null;
  return contradiction(job, `The job ended as ${job.status} although ${systemId} had shown that the cancel took effect.`, true);
}

function contradiction(job: Job, message: string, isFinal: boolean): FollowUp {
  return { settledAs: 'CONTRADICTED', job, problem: createProblem('WRONG_STATUS', message), isFinal };
}

/** The status in which the job went against an accepted action; null where it did not. */
export function contradictedBy(settledAs: JobEventOutcome, jobStatus: JobStatus | null): JobStatus | null {
  return settledAs === 'CONTRADICTED' ? jobStatus : null;
}

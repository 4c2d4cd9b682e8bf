import { type ActionResult, failedBeforeSending, jobNotFound, settleAction, settleBeforehand } from '../actions/action-outcome.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { Job, JobAction, JobStatus } from '../jobs/job.ts';
import { createProblem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/reader.ts';

/** An item as it was found: tried before, perhaps by a process that is no more. */
export interface AttemptedItem {
  /** Set: it may have been sent, and nobody heard what came of it. */
  begunAt: Date | null;
  /** The job's status when it was selected; null: not known. */
  selectedStatus: JobStatus | null;
}

export type Decision =
  /** Settled by what was read. */
  | { kind: 'settled'; result: ActionResult }
  /** Sending it can do no harm. */
  | { kind: 'send' }
  /** It could not be read; `result` is what is true where nobody reads it later either. */
  | { kind: 'unread'; result: ActionResult };

/** No job gets there by itself. */
const onlyWhenAsked: ReadonlySet<JobAction> = new Set(['CANCEL', 'PAUSE']);

/** What reading a job again decides about an item that was tried before. Pure. */
export function decideRetry(system: ServedSystem, action: JobAction, { begunAt, selectedStatus }: AttemptedItem, read: JobRead): Decision {
  const { adapter, id: systemId } = system;
  if (begunAt === null) {
    if (read.kind === 'notFound') return { kind: 'settled', result: { kind: 'notFound', problem: jobNotFound(systemId) } };
    if (read.kind === 'problem') return { kind: 'unread', result: failedBeforeSending(read.problem) };
    const result = settleBeforehand(adapter, action, read.job);
    return result ? { kind: 'settled', result } : { kind: 'send' };
  }
  const { safeToRetry } = adapter.actions[action];
  const unknown = (why: string): ActionResult => ({
    kind: 'unknown',
    problem: createProblem('OUTCOME_UNKNOWN', `It may have been sent to ${systemId}, and no answer was heard; ${why}`),
    attemptedAt: begunAt,
    safeToRetry,
    job: read.kind === 'job' ? read.job : null,
  });
  if (read.kind === 'problem') return { kind: 'unread', result: unknown(`the job could not be read: ${read.problem.message}`) };
  // It was there when it was selected: that it is gone may be what was asked for, or not.
  if (read.kind === 'notFound') return { kind: 'settled', result: unknown('the system no longer lists the job.') };
  const { allowedStatuses } = adapter.actions[action];
  if (selectedStatus !== null && selectedStatus !== 'UNKNOWN' && !allowedStatuses.includes(selectedStatus)) {
    // It would not have been sent as the job was then: what jobs do by themselves (run, end) shows no effect of it.
    const isOwnDoing = selectedStatus === read.job.status || !onlyWhenAsked.has(action);
    const result = isOwnDoing ? settleBeforehand(adapter, action, read.job) : null;
    if (result) return { kind: 'settled', result };
  }
  const before: Job | null = selectedStatus && { ...read.job, status: selectedStatus, createdAt: null, startedAt: null, finishedAt: null };
  const answer = { kind: 'inconclusive', problem: createProblem('OUTCOME_UNKNOWN', 'No answer was heard.') } as const;
  const settled = settleAction({ systemId, adapter, action, before, answer, after: read, attemptedAt: begunAt });
  if (settled.kind !== 'unknown') return { kind: 'settled', result: settled };
  return safeToRetry ? { kind: 'send' } : { kind: 'settled', result: unknown('reading the job again did not settle it.') };
}

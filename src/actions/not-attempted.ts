import { isSafeForCallers } from '../jobs/by-state.ts';
import { actionNouns, type JobAction } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { ActionResult } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';

/** Why a request isn't sent. */
export type Obstacle = { kind: 'deadline' } | { kind: 'auditUnavailable' } | { kind: 'earlierFailure'; problem: Problem };

export const deadlinePassed: Obstacle = { kind: 'deadline' };

export function notAttempted(systemId: string, obstacle: Obstacle): Problem {
  const retryAfterSeconds = obstacle.kind === 'earlierFailure' ? obstacle.problem.retryAfterSeconds : null;
  return createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${describeObstacle(obstacle)}`, retryAfterSeconds);
}

function describeObstacle(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'deadline':
      return 'the deadline passed. Retry, or raise deadlineMs.';
    case 'auditUnavailable':
      return "the audit log can't be written.";
    case 'earlierFailure':
      return `an earlier request failed. ${obstacle.problem.message}`;
  }
}

/** The result, at the end of an operation, of a job without one. `sentAt`: when a request for the action was sent; null: none was. */
export function describeUnfinished({ id, adapter }: ActionableSystem, action: JobAction, sentAt: Date | null): ActionResult {
  if (sentAt === null) return { outcome: 'NOT_ATTEMPTED', problem: notAttempted(id, deadlinePassed) };
  const message = `The deadline passed before the outcome of the ${actionNouns[action]} on ${id} was known. Read the job before you retry.`;
  const problem = createProblem('OUTCOME_UNKNOWN', message);
  const support = adapter.actions[action];
  const unknown = { problem, attemptedAt: sentAt, safeToRetry: isSafeForCallers(support, null), job: null };
  return { outcome: 'OUTCOME_UNKNOWN', ...unknown, ...(support.creates && { createdJobId: null }) };
}

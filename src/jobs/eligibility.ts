import type { JobSystemAdapter } from './adapter.ts';
import { type Job, type JobAction, type JobFields, jobActions } from './job.ts';
import { createProblem, type Problem } from './problem.ts';

/**
 * AVAILABLE: the system accepts the action in the job's status. MAYBE: it accepts it for some jobs in that status, and no read shows
 * for which. UNAVAILABLE: it would be rejected, so Jobyard doesn't send it.
 */
export type Availability = 'AVAILABLE' | 'MAYBE' | 'UNAVAILABLE';

/** Whether a job allows an action now. */
export interface ActionAvailability {
  action: JobAction;
  availability: Availability;
  /** False only if UNAVAILABLE: a mutation sends the others. */
  available: boolean;
  /** Why it isn't AVAILABLE; null if it is. */
  reason: string | null;
}

/** Why this copy of a job doesn't allow an action, or null if it does. Decides mutations, dry runs, `Job.actions`, and the `availableAction` filter. */
export function checkEligibility(adapter: JobSystemAdapter, action: JobAction, job: JobFields & Pick<Job, 'systemId'>): Problem | null {
  const support = adapter.actions[action];
  if (support.support === 'UNSUPPORTED') return actionNotSupported(action, job.systemId);
  if (!support.allowedStatuses.includes(job.status)) {
    const article = job.status === 'UNKNOWN' ? 'an' : 'a';
    const message = `Can't ${action.toLowerCase()} ${article} ${job.status} job. ${nameOf(action)} requires ${either.format(support.allowedStatuses)}.`;
    return createProblem('WRONG_STATUS', message);
  }
  const reason = adapter.checkEligibility?.(action, job) ?? null;
  return reason === null ? null : createProblem('NOT_ELIGIBLE', reason);
}

/** Why only sending the action shows whether this job allows it, or null if the system accepts it. For jobs that `checkEligibility` allows. */
export function explainDoubt(adapter: JobSystemAdapter, action: JobAction, { status }: Pick<JobFields, 'status'>): string | null {
  const { uncertain } = adapter.actions[action];
  return uncertain?.statuses.includes(status) ? uncertain.reason : null;
}

/** Whether this copy of the job allows the action. */
export function checkAvailability(adapter: JobSystemAdapter, action: JobAction, job: Job): ActionAvailability {
  const problem = checkEligibility(adapter, action, job);
  if (problem) return { action, availability: 'UNAVAILABLE', available: false, reason: problem.message };
  return toAvailability(action, explainDoubt(adapter, action, job));
}

/** The availability of an action that isn't ruled out. */
export function toAvailability(action: JobAction, doubt: string | null): ActionAvailability {
  return { action, availability: doubt === null ? 'AVAILABLE' : 'MAYBE', available: true, reason: doubt };
}

/** All actions and whether each is available on this copy of the job. */
export function listAvailability(adapter: JobSystemAdapter, job: Job): ActionAvailability[] {
  return jobActions.map((action) => checkAvailability(adapter, action, job));
}

export function actionNotSupported(action: JobAction, systemId: string): Problem {
  return createProblem('ACTION_NOT_SUPPORTED', `${systemId} doesn't support ${action.toLowerCase()}.`);
}

const either = new Intl.ListFormat('en', { type: 'disjunction' });

function nameOf(action: JobAction): string {
  return `${action[0]}${action.slice(1).toLowerCase()}`;
}

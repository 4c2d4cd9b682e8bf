import type { JobSystemAdapter } from './adapter.ts';
import { type Job, type JobAction, type JobFields, jobActions } from './job.ts';
import { createProblem, type Problem } from './problem.ts';

/** Whether an action can be taken on a job now. */
export interface ActionAvailability {
  action: JobAction;
  available: boolean;
  /** Why not; null where it is available. */
  reason: string | null;
}

/** Why an action can't be taken on a job as it stands, or null. Decides mutations, dry runs, `Job.actions` and the `actionable` filter. */
export function refuseAction(adapter: JobSystemAdapter, action: JobAction, job: JobFields & Pick<Job, 'systemId'>): Problem | null {
  const support = adapter.actions[action];
  if (support.support === 'UNSUPPORTED') return actionNotSupported(action, job.systemId);
  if (!support.fromStatuses.includes(job.status)) {
    return createProblem(
      'WRONG_STATUS',
      `${nameOf(action)} is possible from ${support.fromStatuses.join(', ')}; the job is ${job.status}.`,
    );
  }
  const reason = adapter.refuseAction?.(action, job) ?? null;
  return reason === null ? null : createProblem('NOT_ELIGIBLE', reason);
}

/** All actions and whether each is available on this copy of the job. */
export function listAvailability(adapter: JobSystemAdapter, job: Job): ActionAvailability[] {
  return jobActions.map((action) => {
    const refusal = refuseAction(adapter, action, job);
    return { action, available: refusal === null, reason: refusal?.message ?? null };
  });
}

export function actionNotSupported(action: JobAction, systemId: string): Problem {
  return createProblem('ACTION_NOT_SUPPORTED', `${nameOf(action)} is not offered by ${systemId}.`);
}

function nameOf(action: JobAction): string {
  return `${action[0]}${action.slice(1).toLowerCase()}`;
}

import type { JobSystemAdapter } from '../jobs/adapter.ts';
import { checkEligibility } from '../jobs/eligibility.ts';
import type { Job, JobAction } from '../jobs/job.ts';
import { jobNotFound, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type ActionResult, notAllowed } from './action-result.ts';

/** The result if the job's status or type alone decides it, before anything is sent. Null: send the action. Pure. */
export function precheckAction(adapter: JobSystemAdapter, action: JobAction, job: Job): ActionResult | null {
  if (action === 'CANCEL' && job.status === 'CANCELLED') return { outcome: 'ALREADY_DONE', job };
  if (action === 'CANCEL' && job.status === 'CANCELLING') return { outcome: 'ACCEPTED', job };
  const problem = checkEligibility(adapter, action, job);
  return problem && notAllowed(problem, job);
}

/** As `precheckAction`, for a read of the job, which may have failed. Pure. */
export function precheckRead(systemId: string, adapter: JobSystemAdapter, action: JobAction, read: JobRead): ActionResult | null {
  if (read.kind === 'notFound') return { outcome: 'JOB_NOT_FOUND', problem: jobNotFound(systemId) };
  return read.kind === 'problem' ? toUnsentResult(read.problem) : precheckAction(adapter, action, read.job);
}

/** The result of an action that was certainly not performed because of this problem. */
export function toUnsentResult(problem: Problem): ActionResult {
  if (problem.code === 'ACCESS_DENIED') return { outcome: 'ACCESS_DENIED', problem };
  if (problem.code === 'NOT_ATTEMPTED') return { outcome: 'NOT_ATTEMPTED', problem };
  return { outcome: 'SYSTEM_UNAVAILABLE', problem };
}

import { type ActionResult, reviveResult } from '../actions/action-result.ts';

/** The result as it is stored, without its copy of the job: the job is read again if it is selected. */
export function toStoredResult(result: ActionResult): object {
  if (!('job' in result)) return result;
  const { job: _job, ...rest } = result;
  return rest;
}

export function fromStoredResult(value: unknown): ActionResult {
  const result = reviveResult(value);
  switch (result.outcome) {
    case 'JOB_NOT_FOUND':
    case 'ACCESS_DENIED':
    case 'SYSTEM_UNAVAILABLE':
    case 'NOT_ATTEMPTED':
      return result;
    default:
      return { ...result, job: null };
  }
}

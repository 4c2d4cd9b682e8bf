import { type ActionResult, reviveResult } from '../actions/action-result.ts';

/** A result as it is kept: without the copy of the job, which is read anew where it is asked for. */
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

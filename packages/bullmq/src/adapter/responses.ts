import { type ActionResponse, createProblem } from 'jobyard/adapter';
import { describeError, provesNoEffect } from './errors.ts';

/** What the error of a command for an action means if nothing else is known. */
export function toErrorResponse(systemId: string, error: Error): ActionResponse {
  return provesNoEffect(error) ? toUnsentResponse(systemId, error) : { kind: 'inconclusive', problem: describeError(systemId, error) };
}

/** An error of a command that changes nothing, or that Redis rejected before it changed anything. */
export function toUnsentResponse(systemId: string, error: Error): ActionResponse {
  const problem = describeError(systemId, error);
  return problem.code === 'ACCESS_DENIED' ? { kind: 'rejected', problem, vendorCode: 'NOPERM' } : { kind: 'notSent', problem };
}

/** A script that ended with an error, and the job right after it is as before. */
export function toUnchangedResponse(systemId: string, error: Error): ActionResponse {
  if (provesNoEffect(error)) return toUnsentResponse(systemId, error);
  const isDenied = /can't run this command|NOPERM|No permissions/i.test(error.message);
  const problem = describeError(systemId, error);
  return {
    kind: 'rejected',
    vendorCode: 'script error',
    problem: isDenied ? createProblem('ACCESS_DENIED', problem.message) : problem,
  };
}

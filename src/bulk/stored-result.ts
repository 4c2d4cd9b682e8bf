import type { ActionResult } from '../actions/action-outcome.ts';
import type { BulkOutcome } from './operation.ts';

/** A result as it is kept: without the copy of the job, which is read anew where it is asked for. */
export function toStoredResult(result: ActionResult): object {
  if (!('job' in result)) return result;
  const { job: _job, ...rest } = result;
  return rest;
}

export function fromStoredResult(value: unknown): ActionResult {
  const result = value as ActionResult;
  switch (result.kind) {
    case 'unknown':
      return { ...result, attemptedAt: new Date(result.attemptedAt), job: null };
    case 'succeeded':
    case 'notAllowed':
    case 'rejected':
      return { ...result, job: null };
    default:
      return result;
  }
}

export function toItemStatus(result: ActionResult): Exclude<BulkOutcome, 'PENDING'> {
  if (result.kind === 'succeeded') return 'SUCCEEDED';
  return result.kind === 'unknown' ? 'UNKNOWN' : 'FAILED';
}

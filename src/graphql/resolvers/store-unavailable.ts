import { createProblem, type Problem } from '../../jobs/problem.ts';
import { StoreUnavailableError } from '../../store/store.ts';
import { toError } from './job.ts';

/** The error of a field that needs Jobyard's own store while that can't be reached. Any other error is thrown on. */
export async function orStoreError<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    throw toError(storeProblem(error));
  });
}

/** STORE_UNAVAILABLE; any other error is thrown on. */
export function storeProblem(error: unknown): Problem {
  if (error instanceof StoreUnavailableError) return createProblem('STORE_UNAVAILABLE', error.message);
  throw error;
}

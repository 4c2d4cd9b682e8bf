import { createProblem, type Problem } from '../../jobs/problem.ts';
import { StoreUnavailableError } from '../../store/store.ts';
import { toError } from './field-error.ts';

/** Converts a StoreUnavailableError to the error of a field. Throws any other error. */
export async function orStoreError<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    throw toError(storeProblem(error));
  });
}

/** STORE_UNAVAILABLE; throws any other error. */
export function storeProblem(error: unknown): Problem {
  if (error instanceof StoreUnavailableError) return createProblem('STORE_UNAVAILABLE', error.message);
  throw error;
}

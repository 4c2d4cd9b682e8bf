import type { JobOperation } from '../jobs/operation.ts';

/** What every resolver gets: the operation of one caller. */
export interface Context {
  jobs: JobOperation;
}

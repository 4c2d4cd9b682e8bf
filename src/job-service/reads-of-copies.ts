import type DataLoader from 'dataloader';
import type { Job, JobFailure, JobProgress, JobStep } from '../jobs/job.ts';
import type { Result } from '../jobs/problem.ts';

/** Kept by the very copy: another copy of the same job may show more. Failures are not kept. */
export interface ReadsOfCopies {
  steps: CopyCache<JobStep[] | null>;
  progress: CopyCache<JobProgress | null>;
  failures: CopyCache<JobFailure | null>;
  leftOut: CopyCache<Job>;
}

export type CopyCache<Value> = DataLoader.CacheMap<Job, Promise<Result<Value>>>;

/** For all operations that are handed the same copies. Ends with the copies. */
export function createReadsOfCopies(): ReadsOfCopies {
  return { steps: createCopyCache(), progress: createCopyCache(), failures: createCopyCache(), leftOut: createCopyCache() };
}

function createCopyCache<Value>(): CopyCache<Value> {
  const known = new WeakMap<Job, Promise<Result<Value>>>();
  return { get: (job) => known.get(job), set: (job, value) => known.set(job, value), delete: (job) => known.delete(job), clear() {} };
}

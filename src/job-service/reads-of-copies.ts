import type DataLoader from 'dataloader';
import type { Job, JobFailure, JobProgress, JobStep } from '../jobs/job.ts';
import type { Result } from '../jobs/problem.ts';

/** Details cached per copy, because another copy of the same job may be newer. Problems are not cached. */
export interface ReadsOfCopies {
  steps: CopyCache<JobStep[] | null>;
  progress: CopyCache<JobProgress | null>;
  failures: CopyCache<JobFailure | null>;
  leftOut: CopyCache<Job>;
}

export type CopyCache<Value> = DataLoader.CacheMap<Job, Promise<Result<Value>>>;

/** A cache for operations that share copies. Entries are dropped with their copies. */
export function createReadsOfCopies(): ReadsOfCopies {
  return { steps: createCopyCache(), progress: createCopyCache(), failures: createCopyCache(), leftOut: createCopyCache() };
}

function createCopyCache<Value>(): CopyCache<Value> {
  const known = new WeakMap<Job, Promise<Result<Value>>>();
  return { get: (job) => known.get(job), set: (job, value) => known.set(job, value), delete: (job) => known.delete(job), clear() {} };
}

import type { JobSystemAdapter } from '../../src/jobs/adapter.ts';

/** An adapter of a vendor that has reads by id. */
export type ReadableAdapter = JobSystemAdapter & Required<Pick<JobSystemAdapter, 'getJobs'>>;

export function readable(adapter: JobSystemAdapter): ReadableAdapter {
  const { getJobs } = adapter;
  if (!getJobs) throw new Error('The adapter has no reads by id');
  // Not a copy: `reads` of some adapters changes.
  return Object.assign(adapter, { getJobs });
}

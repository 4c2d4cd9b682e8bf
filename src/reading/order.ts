import type { JobOrder, ListedJob } from '../jobs/adapter.ts';

/** The time that a job is sorted by, in epoch milliseconds; null if the job has no such time. */
export type SortKey = number | null;

export function sortKeyOf(job: ListedJob, { field }: Pick<JobOrder, 'field'>): SortKey {
  if (field === 'CREATED_AT') return job.createdAtMs;
  const { startedAt, finishedAt } = job.toFields();
  return (field === 'STARTED_AT' ? startedAt : finishedAt)?.getTime() ?? null;
}

/** Negative if `a` comes first. Nulls come last in both directions. */
export function compareKeys(a: SortKey, b: SortKey, direction: JobOrder['direction']): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return direction === 'ASC' ? a - b : b - a;
}

/** A key as a number that grows along the order. A job without a key comes after every rank. */
export function toRank(key: number, direction: JobOrder['direction']): number {
  return direction === 'ASC' ? key : -key;
}

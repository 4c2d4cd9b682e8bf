import type { JobSystemAdapter, ListSource } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';

/** Whether the vendor's own filter alone decides which rows of the list match. */
export function filtersExactly({ checkEligibility }: JobSystemAdapter, { exact }: ListSource, filter: JobFilter): boolean {
  // Adapters don't declare whether their vendor filters by the end, and it can't filter by whether a kind of job allows an action.
  const isOnlyOurs = Boolean(filter.finishedFrom ?? filter.finishedTo) || Boolean(filter.availableAction && checkEligibility);
  return exact && !isOnlyOurs;
}

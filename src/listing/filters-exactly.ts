import type { JobSystemAdapter, ListSource } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';

/** Whether the vendor's own filter alone decides which rows of the list match. */
export function filtersExactly({ checkEligibility }: JobSystemAdapter, { exact }: ListSource, { availableAction }: JobFilter): boolean {
  // Vendors can't filter by whether a kind of job allows an action.
  return exact && !(availableAction && checkEligibility);
}

import type { JobOrder, ListedJob } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { type SortKey, toRank } from '../reading/order.ts';

/** A matching job and its position: rows are ordered by rank, and by ID if their ranks are equal. */
export interface Row {
  listed: ListedJob;
  /** Creates the job. Called only for rows of the page, which are the first of all systems' rows. */
  toJob: (listed: ListedJob) => Job;
  key: SortKey;
  /** Grows along the order; infinite for a row without a key. */
  rank: number;
  part: string | null;
}

/** Before every row. */
export const firstRank = Number.NEGATIVE_INFINITY;
/** The rank of rows without a key, which come last wherever the vendor lists them. */
export const lastRank = Number.POSITIVE_INFINITY;

export function toRowRank(key: SortKey, order: JobOrder): number {
  return key === null ? lastRank : toRank(key, order.direction);
}

/** The key of a rank; null for an infinite rank. */
export function toKey(rank: number, { direction }: JobOrder): SortKey {
  return Number.isFinite(rank) ? (direction === 'ASC' ? rank : -rank) : null;
}

export function isBefore(rank: number, id: string, otherRank: number, otherId: string): boolean {
  return rank < otherRank || (rank === otherRank && id < otherId);
}

export function compareRows(a: Row, b: Row): number {
  // Not by subtraction: both may be infinite.
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  const id = a.listed.vendorId;
  const otherId = b.listed.vendorId;
  return id === otherId ? 0 : id < otherId ? -1 : 1;
}

import type { JobOrder, ListedJob } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { type SortKey, toRank } from '../reading/order.ts';

/** A matching job and where it stands: rows follow each other by rank, and those of equal rank by their IDs. */
export interface Row {
  listed: ListedJob;
  /** Makes the job of it, if it comes to that: a page shows only the first of all systems' rows. */
  toJob: (listed: ListedJob) => Job;
  key: SortKey;
  /** Grows along the order; infinite without a key. */
  rank: number;
  part: string | null;
}

/** Before every row. */
export const firstRank = Number.NEGATIVE_INFINITY;
/** Of rows without a key: they come last, wherever the vendor lists them. */
export const lastRank = Number.POSITIVE_INFINITY;

export function toRowRank(key: SortKey, order: JobOrder): number {
  return key === null ? lastRank : toRank(key, order.direction);
}

/** The key of a rank; null for those that no key has. */
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

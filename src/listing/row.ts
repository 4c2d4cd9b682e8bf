import type { ListedJob } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import type { SortKey, SortOrder } from '../reading/order.ts';

/** The order of a listing, and whether its rows are read from the last one to the first one. */
export interface ReadOrder extends SortOrder {
  isBackward: boolean;
}

/** The place of a key in the order in which rows are read. Grows along it. */
export type Rank = number | { text: string; descends: boolean };

/** A place between rows: those with a lesser key, or with the same key and a lesser ID, come before it. ID null: all rows with the key do. */
export interface Bound {
  key: SortKey;
  id: string | null;
}

/** After every row. */
export const afterAllRows: Bound = { key: null, id: null };

/** A matching job and its position: rows are ordered by rank, and by ID if their ranks are equal. */
export interface Row {
  listed: ListedJob;
  /** Creates the job. Called only for rows of the page, which are the first of all systems' rows. */
  toJob: (listed: ListedJob) => Job;
  key: SortKey;
  /** Infinite for a row without a key. */
  rank: Rank;
  part: string | null;
}

/** Before every row. */
export const firstRank = Number.NEGATIVE_INFINITY;
/** After every row. Rows without a key, which come last wherever the vendor lists them, have it. */
export const lastRank = Number.POSITIVE_INFINITY;

/** Rows without a key come last, so they are the first ones if rows are read backward. */
export function toRowRank(key: SortKey, { direction, isBackward }: ReadOrder): Rank {
  if (key === null) return isBackward ? firstRank : lastRank;
  const descends = (direction === 'DESC') !== isBackward;
  if (typeof key === 'string') return { text: key, descends };
  return descends ? -key : key;
}

/** The key of a rank; null for an infinite rank. */
export function toKey(rank: number, { direction, isBackward }: ReadOrder): SortKey {
  if (!Number.isFinite(rank)) return null;
  return (direction === 'DESC') !== isBackward ? -rank : rank;
}

export function compareRanks(a: Rank, b: Rank): number {
  if (typeof a === 'object' && typeof b === 'object') return a.text === b.text ? 0 : a.text < b.text !== a.descends ? -1 : 1;
  // A number is infinite if the other rank is a text. Not by subtraction: both may be infinite.
  const left = typeof a === 'object' ? 0 : a;
  const right = typeof b === 'object' ? 0 : b;
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Compares rows, and bounds whose ID is null, in the order in which they are read. */
export function comparePlaces(a: { rank: Rank; id: string | null }, b: { rank: Rank; id: string | null }, isBackward: boolean): number {
  return compareRanks(a.rank, b.rank) || (isBackward ? compareIds(b.id, a.id) : compareIds(a.id, b.id));
}

function compareIds(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return a !== null && (b === null || a < b) ? -1 : 1;
}

export function compareRows(a: Row, b: Row, isBackward: boolean): number {
  return comparePlaces({ rank: a.rank, id: a.listed.vendorId }, { rank: b.rank, id: b.listed.vendorId }, isBackward);
}

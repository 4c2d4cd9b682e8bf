import type { SortKey } from '../reading/order.ts';

/**
 * The state at the start of a listing, for orders by a time that a job gets when it starts, ends, or changes. A job that gets its time during
 * the listing stays among the jobs without one: its new time would place it on an earlier page.
 */
export interface AsOf {
  /** The latest time that any job had. */
  key: number;
  /**
   * The jobs with a time so close to `key` that a job that gets its time later may have the same. Absent: there are too many for a cursor, and
   * every job with such a time counts as one of them.
   */
  ids?: readonly string[] | undefined;
}

/** Vendors' times have a precision of one second. */
const sameTimeMs = 1_000;
/** Each row's cursor contains them. */
export const maxAsOfIds = 200;

/** The sort key of a job in a listing that started with `asOf`. */
export function effectiveKey(key: SortKey, vendorId: string, asOf: AsOf | undefined): SortKey {
  // Only times appear.
  if (typeof key !== 'number' || asOf === undefined || key <= asOf.key - sameTimeMs) return key;
  return key <= asOf.key && (asOf.ids?.includes(vendorId) ?? true) ? key : null;
}

export function toAsOf(rows: readonly { key: SortKey; listed: { vendorId: string } }[]): AsOf {
  const times = rows.flatMap((row) => (typeof row.key === 'number' ? { key: row.key, listed: row.listed } : []));
  const key = times.reduce((latest, row) => Math.max(latest, row.key), Number.MIN_SAFE_INTEGER);
  const close = times.filter((row) => row.key > key - sameTimeMs);
  return { key, ...(close.length <= maxAsOfIds && { ids: close.map(({ listed }) => listed.vendorId) }) };
}

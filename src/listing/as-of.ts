import type { SortKey } from '../reading/order.ts';

/**
 * What a walk began with, for orders by a time that a job gets when it starts or ends. A job that gets its time during the walk keeps its
 * place among those without one: by its new time it would belong to pages that were handed out before.
 */
export interface AsOf {
  /** The latest time that any job had. */
  key: number;
  /**
   * The jobs whose time was so close to it that a job which gets one later may have the same. Absent: they are too many for a cursor, and
   * whoever gets such a time later is taken for one of them.
   */
  ids?: readonly string[] | undefined;
}

/** Vendors tell times of a whole second. */
const sameTimeMs = 1_000;
/** Each row's cursor holds them. */
export const maxAsOfIds = 200;

/** The key that counts in a walk that began as told. */
export function effectiveKey(key: SortKey, vendorId: string, asOf: AsOf | undefined): SortKey {
  if (key === null || asOf === undefined || key <= asOf.key - sameTimeMs) return key;
  return key <= asOf.key && (asOf.ids?.includes(vendorId) ?? true) ? key : null;
}

export function toAsOf(rows: readonly { key: SortKey; listed: { vendorId: string } }[]): AsOf {
  const key = rows.reduce((latest, row) => Math.max(latest, row.key ?? latest), Number.MIN_SAFE_INTEGER);
  const close = rows.filter((row) => row.key !== null && row.key > key - sameTimeMs);
  return { key, ...(close.length <= maxAsOfIds && { ids: close.map(({ listed }) => listed.vendorId) }) };
}

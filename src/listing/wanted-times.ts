import type { SystemQuery } from '../jobs/filter.ts';
import type { PageRequest } from './list-options.ts';
import { toSystemRef } from './list-ref.ts';

/**
 * The query of a page before a cursor, limited to jobs that were created on the wanted side of the cursor's row: a vendor that filters by time
 * then starts near the row, and not at the other end of its list.
 */
export function boundByCursor(systemId: string, query: SystemQuery, { order, from }: PageRequest): SystemQuery {
  if (!order.isBackward || order.field !== 'CREATED_AT' || !from) return query;
  const { row, positions } = from.cursor;
  const prefix = toSystemRef(systemId);
  const times: number[] = [];
  for (const [ref, position] of Object.entries(positions)) {
    if (!ref.startsWith(prefix)) continue;
    const key = position.isEnd ? (row?.key ?? null) : position.next?.key;
    // No row of the list is wanted.
    if (key === undefined) continue;
    // All its rows may be.
    if (typeof key !== 'number') return query;
    times.push(key);
  }
  if (times.length === 0) return query;
  const isNewestFirst = order.direction === 'DESC';
  const bound = new Date(isNewestFirst ? Math.min(...times) : Math.max(...times));
  if (isNewestFirst) return query.createdFrom && query.createdFrom > bound ? query : { ...query, createdFrom: bound };
  return query.createdTo && query.createdTo < bound ? query : { ...query, createdTo: bound };
}

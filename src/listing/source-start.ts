import { type ListSource, startOfList } from '../jobs/adapter.ts';
import type { Cursor, CursorRow, SourcePosition } from './cursor-payload.ts';
import type { PageRequest } from './list-options.ts';
import { type ListRef, toListRef, toSystemRef } from './list-ref.ts';
import { afterAllRows, type Bound, comparePlaces, toRowRank } from './row.ts';

/** Where a page starts to read a list. */
export interface SourceStart {
  /** `next`: read forward, the wanted rows start with it; read backward, they come before it. Absent: all rows are wanted. */
  from: SourcePosition;
  /** The position if no row is taken. */
  untouched: SourcePosition;
  /** Whether the cursor's page was read in the other direction, so that the place in the list is unknown. */
  isTurned: boolean;
  /** About how many rows of a numbered list are wanted, if its place is unknown. Null: unknown. */
  rowsWanted: number | null;
}

/** Where a page starts to read one of a system's lists. Null: the list has no rows for the page. */
export function findStart(systemId: string, source: ListSource, { order, from }: PageRequest): SourceStart | null {
  if (!from) {
    const start: SourcePosition = { at: startOfList };
    return { from: start, untouched: order.isBackward ? { ...start, isEnd: true } : start, isTurned: false, rowsWanted: null };
  }
  const { cursor } = from;
  const { ref, position, isPart } = findPosition(systemId, source, cursor);
  if (!position) return order.isBackward ? null : startAt({ at: startOfList });
  if (!order.isBackward && position.isEnd) return null;
  const next = order.isBackward ? boundBefore(ref, position, cursor.row, order) : position.next;
  // No row of the list was returned, so none comes before.
  if (order.isBackward && !next && !position.isEnd) return null;
  const { at, isEnd, ...rest } = position;
  const isTurned = next !== undefined && cursor.isBackward !== order.isBackward;
  const start: SourcePosition = { ...rest, at: isTurned || isPart ? startOfList : at, ...(next && { next }) };
  const canJump = isTurned && !isPart && !isEnd && source.numbered && at.part === null && hasTimes(source);
  return {
    from: start,
    untouched: next ? start : { ...start, ...(isEnd && { isEnd }) },
    isTurned,
    rowsWanted: canJump ? at.row : null,
  };
}

export function startAt(position: SourcePosition): SourceStart {
  return { from: position, untouched: position, isTurned: false, rowsWanted: null };
}

/** Rows without the time, which come last, may be anywhere in other lists. */
function hasTimes({ order }: ListSource): boolean {
  return order.by === 'QUERY' && order.everyJobHasTime === true;
}

/** The list's own position in the cursor, or that of the list that contains it. */
function findPosition(systemId: string, { name, partOf }: ListSource, { positions }: Cursor) {
  const ref = toListRef(systemId, name);
  const own = positions[ref];
  if (own) return { ref, position: own, isPart: false };
  if (partOf === undefined) return { ref, position: findFailed(systemId, positions), isPart: false };
  const whole = toListRef(systemId, partOf);
  return { ref: whole, position: positions[whole] ?? findFailed(systemId, positions), isPart: true };
}

/** The position of lists that couldn't be found out when the listing started from its end: all their rows are wanted. */
function findFailed(systemId: string, positions: Cursor['positions']): SourcePosition | undefined {
  const prefix = toSystemRef(systemId);
  return Object.entries(positions).flatMap(([ref, position]) => (ref.startsWith(prefix) && isAfterAll(position) ? position : []))[0];
}

/** Whether a list failed when the listing started from its end, so that none of its rows were returned. */
export function isAfterAll({ next }: SourcePosition): boolean {
  return next?.key === afterAllRows.key && next.id === afterAllRows.id;
}

/** The bound of the rows that come before the cursor's row. Undefined: the list has ended, or none of its rows were returned. */
function boundBefore(ref: ListRef, position: SourcePosition, row: CursorRow | null, order: PageRequest['order']): Bound | undefined {
  const own = row?.list === ref ? { key: row.key, id: row.id } : undefined;
  // Jobs that were created after the list had ended may come after the row.
  if (position.isEnd) return own ?? (row ? { key: row.key, id: null } : undefined);
  const { next } = position;
  return next && own && isEarlier(own, next, order) ? own : next;
}

function isEarlier(a: Bound, b: Bound, order: PageRequest['order']): boolean {
  const forward = { ...order, isBackward: false };
  return comparePlaces({ rank: toRowRank(a.key, forward), id: a.id }, { rank: toRowRank(b.key, forward), id: b.id }, false) < 0;
}

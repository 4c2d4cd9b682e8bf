import { type ListPosition, startOfList } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { SortKey } from '../reading/order.ts';
import { maxAsOfIds, toAsOf } from './as-of.ts';
import type { SourcePosition } from './cursor-payload.ts';
import {
  afterAllRows,
  type Bound,
  comparePlaces,
  compareRanks,
  firstRank,
  lastRank,
  type Rank,
  type Row,
  toKey,
  toRowRank,
} from './row.ts';
import type { SourceState } from './source-state.ts';

/** Where later pages continue after the first `count` taken rows. */
export function positionAfter(state: SourceState, count: number): SourcePosition {
  return state.options.order.isBackward ? positionBefore(state, count) : positionBehind(state, count);
}

/** Of rows that were read forward. */
function positionBehind(state: SourceState, count: number): SourcePosition {
  const { rows, options } = state;
  const left = rows.leftAfter(count);
  if (left.length === 0 && state.isComplete && !state.problem) return { at: startOfList, isEnd: true, ...withAsOf(state) };
  const next = nextAfter(state, count, left);
  if (!next) return options.start.from;
  const hasKeyless = next.key !== null && (state.keyless || left.some(({ key }) => key === null));
  return { at: startBefore(state, next, left), next, ...(hasKeyless && { keyless: true }), ...withAsOf(state) };
}

/** Of rows that were read backward: the rows from the last one that was taken on come after it. */
function positionBefore(state: SourceState, count: number): SourcePosition {
  const { rows, options } = state;
  const left = rows.leftAfter(count);
  const last = rows.taken()[count - 1];
  const next = boundOfRead(state, last, left) ?? (last && { key: last.key, id: last.listed.vendorId });
  const { untouched } = options.start;
  if (!next) return state.problem && untouched.isEnd ? { at: startOfList, next: afterAllRows } : { ...untouched, ...withAsOf(state) };
  return { at: startBefore(state, next, left), next, ...withAsOf(state) };
}

function withAsOf(state: SourceState): Pick<SourcePosition, 'asOf'> {
  const { rows, keyMayAppear, options } = state;
  // Of later pages, the earlier rows are unknown.
  if (keyMayAppear && !options.start.from.next) state.asOf ??= toAsOf([...rows.taken(), ...rows.untaken()]);
  return state.asOf ? { asOf: state.asOf } : {};
}

/** A bound after every unread row of a list that is read backward, if all rows that were read were taken or don't match; else null. */
function boundOfRead(
  { walk, isComplete, isFixed, nextRank, options }: SourceState,
  last: Row | undefined,
  left: readonly Row[],
): Bound | null {
  const rank = walk.coveredRank();
  if (isComplete || isFixed || left.length > 0 || compareRanks(rank, last?.rank ?? nextRank) <= 0) return null;
  return { key: toKey(rank, options.order), id: null };
}

/** See SourceReader. Of a numbered list, the bound shows where reading starts. */
export function canMoveTo({ isFixed, nextRank, options: { source, order, start } }: SourceState, bound: Bound): boolean {
  if (!isFixed && source.numbered) return false;
  const { next } = start.from;
  // Other pages returned the rows on the other side of it.
  return (
    !next || comparePlaces({ rank: nextRank, id: next.id }, { rank: toRowRank(bound.key, order), id: bound.id }, order.isBackward) <= 0
  );
}

/** Whether a later page starts at another position than this one. */
export function makesProgress(state: SourceState): boolean {
  const position = positionAfter(state, state.rows.taken().length);
  const { at } = state.options.start.from;
  return !position.isEnd && (position.at.part !== at.part || position.at.row !== at.row);
}

/** The problem if too many jobs have the latest time for a cursor, so that a job that gets its time now may be missing later; else null. */
export function tooManyAtOnce(state: SourceState): Problem | null {
  const { source, system, start } = state.options;
  if (!state.keyMayAppear || start.from.asOf) return null;
  const position = positionAfter(state, state.rows.taken().length);
  if (!position.asOf || position.asOf.ids) return null;
  return createProblem(
    'INCOMPLETE_LIST',
    `More than ${maxAsOfIds} jobs in the list ${source.name} of ${system.id} have the latest time: a job that gets its time now may be missing from later pages. Order by CREATED_AT.`,
  );
}

interface RankedBound {
  rank: Rank;
  key: SortKey;
  id: string;
}

/** The first row that may come next. */
function nextAfter(state: SourceState, count: number, left: readonly Row[]): Bound | undefined {
  const { next } = state.options.start.from;
  const last = state.rows.taken()[count - 1];
  let least = boundOfUnread(state, last, left);
  for (const { rank, key, listed } of left) {
    const row = { rank, key, id: listed.vendorId };
    if (!least || comparePlaces(row, least, false) < 0) least = row;
  }
  if (!least || least.rank === firstRank) return next;
  if (next && comparePlaces(least, { rank: state.nextRank, id: next.id }, false) < 0) return next;
  return { key: least.key, id: isFirstOfKey(least, last, next) ? '' : least.id };
}

/** Whether no row with the same key was returned, so that an ID isn't needed: cursors are shorter without it. */
function isFirstOfKey({ rank, key }: RankedBound, last: Row | undefined, next: Bound | undefined): boolean {
  return (!last || compareRanks(last.rank, rank) < 0) && (!next || next.key !== key || next.id === '');
}

/** A bound before every unread row; null: no rows are left. */
function boundOfUnread(state: SourceState, last: Row | undefined, left: readonly Row[]): RankedBound | null {
  if (!state.isComplete) {
    const rank = state.inLastPhase ? lastRank : state.walk.coveredRank();
    return { rank, key: toKey(rank, state.options.order), id: '' };
  }
  // The next greater ID.
  return last && left.length === 0 ? { rank: last.rank, key: last.key, id: `${last.listed.vendorId}\0` } : null;
}

/** Where to start, so that this row and all that may follow it are read. */
function startBefore(state: SourceState, next: Bound, left: readonly Row[]): ListPosition {
  const { source, order, start } = state.options;
  if (next.key === null) return startOfList;
  // Parts that were read have no new rows, unless rows are numbered and can move between parts.
  if (state.isFixed || !source.numbered) return { part: firstPartLeft(state, left), row: 0 };
  const precisionMs = source.order.by === 'QUERY' ? source.order.precisionMs : 0;
  const rank = toRowRank(next.key, order);
  const before = state.passed.findLast((row) => compareRanks(row.rank, typeof rank === 'number' ? rank - precisionMs : rank) < 0);
  return before ? { part: before.part, row: before.row } : start.from.at;
}

/** The first part that has remaining rows with a key. Rows without one are read again at the end. */
function firstPartLeft({ parts, walk }: SourceState, left: readonly Row[]): string | null {
  const partsLeft = new Set<string | null>();
  for (const { key, part } of left) if (key !== null) partsLeft.add(part);
  const first = parts.find((part) => partsLeft.has(part));
  return first === undefined ? walk.position().part : first;
}

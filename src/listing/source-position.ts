import { type ListPosition, startOfList } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { SortKey } from '../reading/order.ts';
import { maxAsOfIds, toAsOf } from './as-of.ts';
import type { SourcePosition } from './cursor.ts';
import { firstRank, isBefore, lastRank, type Row, toKey, toRowRank } from './row.ts';
import type { SourceState } from './source-state.ts';

type NextRow = NonNullable<SourcePosition['next']>;

/** Where a later page goes on behind the first `count` rows that were taken. */
export function positionAfter(state: SourceState, count: number): SourcePosition | 'end' {
  const { rows, options } = state;
  const left = rows.leftAfter(count);
  if (left.length === 0 && state.isComplete && !state.problem) return 'end';
  const next = nextAfter(state, count, left);
  if (!next) return options.from;
  if (state.keyMayCome) state.asOf ??= toAsOf([...rows.taken(), ...rows.untaken()]);
  const { asOf } = state;
  const hasKeyless = next.key !== null && (state.keyless || left.some(({ key }) => key === null));
  return { at: startBefore(state, next, left), next, ...(hasKeyless && { keyless: true }), ...(asOf && { asOf }) };
}

/** Whether a later page begins elsewhere than this one did. */
export function goesOn(state: SourceState): boolean {
  const position = positionAfter(state, state.rows.taken().length);
  const { at } = state.options.from;
  return position !== 'end' && (position.at.part !== at.part || position.at.row !== at.row);
}

/** That jobs of the latest time are too many for a cursor, so that one which gets its time now may be missing later; null: they aren't. */
export function tooManyAtOnce(state: SourceState): Problem | null {
  const { source, system, from } = state.options;
  if (!state.keyMayCome || from.asOf) return null;
  const position = positionAfter(state, state.rows.taken().length);
  if (position === 'end' || !position.asOf || position.asOf.ids) return null;
  return createProblem(
    'INCOMPLETE_LIST',
    `More than ${maxAsOfIds} jobs of ${source.name} in ${system.id} have the latest time: a job that gets its time now may be missing from the next pages. Order by CREATED_AT.`,
  );
}

interface Bound {
  rank: number;
  key: SortKey;
  id: string;
}

/** The least row that may come next. */
function nextAfter(state: SourceState, count: number, left: readonly Row[]): NextRow | undefined {
  const { next } = state.options.from;
  let least = boundOfUnread(state, count, left);
  for (const { rank, key, listed } of left) {
    const id = listed.vendorId;
    if (!least || isBefore(rank, id, least.rank, least.id)) least = { rank, key, id };
  }
  if (!least || least.rank === firstRank) return next;
  return next && isBefore(least.rank, least.id, state.nextRank, next.id) ? next : { key: least.key, id: least.id };
}

/** Before every row that was not read; null: none is left. */
function boundOfUnread(state: SourceState, count: number, left: readonly Row[]): Bound | null {
  if (!state.isComplete) {
    const rank = state.inLastPhase ? lastRank : state.walk.coveredRank();
    return { rank, key: toKey(rank, state.options.query.order), id: '' };
  }
  const last = state.rows.taken()[count - 1];
  // The least text that is greater.
  return last && left.length === 0 ? { rank: last.rank, key: last.key, id: `${last.listed.vendorId}\0` } : null;
}

/** Where to begin, so that this row and all that may follow it are read. */
function startBefore(state: SourceState, next: NextRow, left: readonly Row[]): ListPosition {
  const { source, query, from } = state.options;
  if (next.key === null) return startOfList;
  // Parts that were read bring nothing new, unless rows have numbers and pass from one to the other.
  if (state.isFixed || !source.numbered) return { part: firstPartLeft(state, left), row: 0 };
  const precisionMs = source.order.by === 'QUERY' ? source.order.precisionMs : 0;
  const rank = toRowRank(next.key, query.order);
  const before = state.passed.findLast((row) => row.rank < rank - precisionMs);
  return before ? { part: before.part, row: before.row } : from.at;
}

/** The first part of which rows with a key are left: those without one are read again in the end. */
function firstPartLeft({ parts, walk }: SourceState, left: readonly Row[]): string | null {
  const partsLeft = new Set<string | null>();
  for (const { key, part } of left) if (key !== null) partsLeft.add(part);
  const first = parts.find((part) => partsLeft.has(part));
  return first === undefined ? walk.position().part : first;
}

import { type ListPosition, startOfList } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { SortKey } from '../reading/order.ts';
import { maxAsOfIds, toAsOf } from './as-of.ts';
import type { SourcePosition } from './cursor.ts';
import { firstRank, isBefore, lastRank, type Row, toKey, toRowRank } from './row.ts';
import type { SourceState } from './source-state.ts';

type NextRow = NonNullable<SourcePosition['next']>;

/** Where a later page continues after the first `count` taken rows. */
export function positionAfter(state: SourceState, count: number): SourcePosition | 'end' {
  const { rows, options } = state;
  const left = rows.leftAfter(count);
  if (left.length === 0 && state.isComplete && !state.problem) return 'end';
  const next = nextAfter(state, count, left);
  if (!next) return options.from;
  if (state.keyMayAppear) state.asOf ??= toAsOf([...rows.taken(), ...rows.untaken()]);
  const { asOf } = state;
  const hasKeyless = next.key !== null && (state.keyless || left.some(({ key }) => key === null));
  return { at: startBefore(state, next, left), next, ...(hasKeyless && { keyless: true }), ...(asOf && { asOf }) };
}

/** Whether a later page starts at another position than this one. */
export function makesProgress(state: SourceState): boolean {
  const position = positionAfter(state, state.rows.taken().length);
  const { at } = state.options.from;
  return position !== 'end' && (position.at.part !== at.part || position.at.row !== at.row);
}

/** The problem if too many jobs have the latest time for a cursor, so that a job that gets its time now may be missing later; else null. */
export function tooManyAtOnce(state: SourceState): Problem | null {
  const { source, system, from } = state.options;
  if (!state.keyMayAppear || from.asOf) return null;
  const position = positionAfter(state, state.rows.taken().length);
  if (position === 'end' || !position.asOf || position.asOf.ids) return null;
  return createProblem(
    'INCOMPLETE_LIST',
    `More than ${maxAsOfIds} jobs in the list ${source.name} of ${system.id} have the latest time: a job that gets its time now may be missing from later pages. Order by CREATED_AT.`,
  );
}

interface Bound {
  rank: number;
  key: SortKey;
  id: string;
}

/** The first row that may come next. */
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

/** A bound before every unread row; null: no rows are left. */
function boundOfUnread(state: SourceState, count: number, left: readonly Row[]): Bound | null {
  if (!state.isComplete) {
    const rank = state.inLastPhase ? lastRank : state.walk.coveredRank();
    return { rank, key: toKey(rank, state.options.query.order), id: '' };
  }
  const last = state.rows.taken()[count - 1];
  // The next greater ID.
  return last && left.length === 0 ? { rank: last.rank, key: last.key, id: `${last.listed.vendorId}\0` } : null;
}

/** Where to start, so that this row and all that may follow it are read. */
function startBefore(state: SourceState, next: NextRow, left: readonly Row[]): ListPosition {
  const { source, query, from } = state.options;
  if (next.key === null) return startOfList;
  // Parts that were read have no new rows, unless rows are numbered and can move between parts.
  if (state.isFixed || !source.numbered) return { part: firstPartLeft(state, left), row: 0 };
  const precisionMs = source.order.by === 'QUERY' ? source.order.precisionMs : 0;
  const rank = toRowRank(next.key, query.order);
  const before = state.passed.findLast((row) => row.rank < rank - precisionMs);
  return before ? { part: before.part, row: before.row } : from.at;
}

/** The first part that has remaining rows with a key. Rows without one are read again at the end. */
function firstPartLeft({ parts, walk }: SourceState, left: readonly Row[]): string | null {
  const partsLeft = new Set<string | null>();
  for (const { key, part } of left) if (key !== null) partsLeft.add(part);
  const first = parts.find((part) => partsLeft.has(part));
  return first === undefined ? walk.position().part : first;
}

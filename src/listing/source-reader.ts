import type { Job } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { SourcePosition } from './cursor-payload.ts';
import type { KnownRows } from './known-rows.ts';
import { type ListRef, toListRef } from './list-ref.ts';
import type { ListableSystem } from './listable-system.ts';
import { afterAllRows, type Bound, compareRanks, type Row } from './row.ts';
import { canMoveTo, makesProgress, positionAfter, tooManyAtOnce } from './source-position.ts';
import { fillSource, type SourceOptions, type SourceState, startSource } from './source-state.ts';

/** Reads the matching rows of one vendor list from a position, in the query's order, and by ID if they are equal. */
export interface SourceReader {
  readonly system: ListableSystem;
  /** The name of the list. */
  readonly source: string;
  /** Identifies the list in cursors. */
  readonly ref: ListRef;
  /** Ensures that `head` is known. Sends a vendor request if no row can be taken. */
  fill(): Promise<void>;
  /** The next row; undefined if no rows are left or the list failed. */
  head(): Row | undefined;
  /** Takes the next row and returns its job. */
  take(): Job;
  /** Whether unread rows may be left. */
  hasMore(): boolean;
  /** Whether unread rows are certainly left, as far as known without another read. */
  hasMoreForCertain(): boolean;
  /** The list's position after the first `taken` rows of this reader. */
  positionAfter(taken: number): SourcePosition;
  /** Whether a position of this page can have another bound that comes before its own: no row in between was returned, and no row is read twice. */
  canMoveTo(bound: Bound): boolean;
  /** Why the list could not be read far enough, or lacks rows. Its position is kept. */
  problem(): Problem | null;
  /** What a later page can do about the problem: retry, continue after the rows that were read, or nothing. */
  remedy(): 'RETRY' | 'CONTINUE' | null;
  /** The number of all matches in the list; null if unknown. */
  totalCount(): number | null;
  /** The rows that the next page would have to read again; null: none. */
  knownRest(): KnownRows | null;
}

/** What a page needs of a list's reader when its rows have been taken. */
export type ReaderState = Pick<
  SourceReader,
  'system' | 'source' | 'ref' | 'canMoveTo' | 'head' | 'hasMore' | 'problem' | 'totalCount' | 'positionAfter'
>;

/** The state of a reader that takes no more rows, without the rows that it has read, of which there may be thousands. */
export function freezeReader({ system, source, ref, canMoveTo, ...reader }: SourceReader, taken: number): ReaderState {
  const positions = Array.from({ length: taken + 1 }, (_, count) => reader.positionAfter(count));
  const hasMore = reader.head() !== undefined || reader.hasMore();
  const problem = reader.problem();
  const totalCount = reader.totalCount();
  // The first page of a list has no earlier rows.
  const isMovable = canMoveTo(afterAllRows);
  return {
    system,
    source,
    ref,
    canMoveTo: () => isMovable,
    head: () => undefined,
    hasMore: () => hasMore,
    problem: () => problem,
    totalCount: () => totalCount,
    // There is one for each count up to `taken`.
    positionAfter: (count) => positions[Math.min(count, taken)] as SourcePosition,
  };
}

export function createSourceReader(options: SourceOptions): SourceReader {
  const { system, source } = options;
  const state = startSource(options);
  const { rows } = state;
  return {
    system,
    source: source.name,
    ref: toListRef(system.id, source.name),
    fill: () => fillSource(state),
    head: rows.head,
    take() {
      const row = rows.take();
      return row.toJob(row.listed);
    },
    hasMore: () => !state.problem && !state.isComplete,
    hasMoreForCertain() {
      if (state.problem || state.isComplete) return false;
      if (rows.isWaiting()) return true;
      const hasPassed = !state.mayOnlyPass || compareRanks(state.walk.coveredRank(), state.nextRank) > 0;
      return state.exact && hasPassed && state.walk.hasMoreForCertain();
    },
    positionAfter: (taken) => positionAfter(state, taken),
    canMoveTo: (bound) => problemOf(state) === null && canMoveTo(state, bound),
    problem: () => problemOf(state),
    remedy() {
      if (state.problem === null || state.isComplete) return null;
      if (state.problem.code !== 'SCAN_LIMIT_REACHED') return 'RETRY';
      return makesProgress(state) ? 'CONTINUE' : null;
    },
    totalCount: () => totalOf(state),
    knownRest: () => knownRestOf(state),
  };
}

function totalOf({ isFixed, exact, counted, walk, options }: SourceState): number | null {
  // The vendor's query may have the bound of the wanted rows.
  if (options.order.isBackward) return null;
  return isFixed ? counted : exact ? (walk.total() ?? counted) : null;
}

function problemOf(state: SourceState): Problem | null {
  return state.problem ?? state.walk.gap() ?? tooManyAtOnce(state) ?? strayRow(state);
}

/** The problem if a row that comes last was found when rows before it had been taken. */
function strayRow({ strayId, options: { system, order } }: SourceState): Problem | null {
  if (strayId === null) return null;
  const message = `${system.id} returned job ${strayId} without the time of ${order.field}: it is missing from this page. Read the list with first.`;
  return createProblem('INCOMPLETE_LIST', message);
}

function knownRestOf(state: SourceState): KnownRows | null {
  const { isComplete, isFixed, walk, options } = state;
  const rows = state.rows.untaken();
  if (rows.length === 0 || (state.problem && !isComplete)) return null;
  // If rows are numbered, the next page starts right before the next row anyway.
  if (!isComplete && options.source.numbered) return null;
  const isCheap = options.source.numbered && !isFixed && !state.inLastPhase && rows.every(({ key }) => key !== null);
  if (isComplete && isCheap) return null;
  const resume = isComplete ? null : { position: walk.position(), rank: walk.coveredRank() };
  return { rows, parts: state.parts, resume, totalCount: isFixed ? state.counted : walk.total(), problem: problemOf(state) };
}

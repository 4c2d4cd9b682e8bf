import type { Job } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import type { SourcePosition } from './cursor.ts';
import type { KnownRows } from './known-rows.ts';
import type { ListableSystem } from './listable-system.ts';
import type { Row } from './row.ts';
import { goesOn, positionAfter, tooManyAtOnce } from './source-position.ts';
import { fillSource, type SourceOptions, type SourceState, startSource } from './source-state.ts';

/** One vendor list as a stream of matching rows in the order asked, equal ones by their ids, from a position on. */
export interface SourceReader {
  readonly system: ListableSystem;
  /** The name of its list. */
  readonly source: string;
  /** "system/source": its place in cursors. */
  readonly name: string;
  /** Makes sure that `head` is known; a vendor request where the rows at hand are used up. */
  fill(): Promise<void>;
  /** The next row; undefined where nothing is left or the list failed. */
  head(): Row | undefined;
  /** The job of the next row, which then is the one after it. */
  take(): Job;
  /** Whether rows may be left that are not at hand. */
  hasMore(): boolean;
  /** Whether rows are certainly left that are not at hand, as far as that is known without reading on. */
  hasMoreForCertain(): boolean;
  /** Its position after the first `taken` rows of this stream. */
  positionAfter(taken: number): SourcePosition | 'end';
  /** Why the list could not be read to where it was needed, or lacks rows. Its position is kept. */
  problem(): Problem | null;
  /** What a later page can do about the problem: ask again, go on behind the rows that were looked at, or nothing. */
  remedy(): 'ASK_AGAIN' | 'GO_ON' | null;
  /** All matches of the list, where they are counted. */
  totalCount(): number | null;
  /** The rows that a next page would have to read again, if it is the next one. Null: none. */
  knownRest(): KnownRows | null;
}

export function createSourceReader(options: SourceOptions): SourceReader {
  const { system, source } = options;
  const state = startSource(options);
  const { rows } = state;
  return {
    system,
    source: source.name,
    name: `${system.id}/${source.name}`,
    fill: () => fillSource(state),
    head: rows.head,
    take() {
      const row = rows.take();
      return row.toJob(row.listed);
    },
    hasMore: () => !state.problem && !state.isComplete,
    hasMoreForCertain() {
      if (state.problem || state.isComplete) return false;
      return rows.isWaiting() || (state.exact && state.walk.hasMoreForCertain());
    },
    positionAfter: (taken) => positionAfter(state, taken),
    problem: () => problemOf(state),
    remedy() {
      if (state.problem === null || state.isComplete) return null;
      if (state.problem.code !== 'SCAN_LIMIT_REACHED') return 'ASK_AGAIN';
      return goesOn(state) ? 'GO_ON' : null;
    },
    totalCount: () => (state.isFixed ? state.counted : state.exact ? (state.walk.total() ?? state.counted) : null),
    knownRest: () => knownRestOf(state),
  };
}

function problemOf(state: SourceState): Problem | null {
  return state.problem ?? state.walk.gap() ?? tooManyAtOnce(state);
}

function knownRestOf(state: SourceState): KnownRows | null {
  const { isComplete, isFixed, walk, options } = state;
  const rows = state.rows.untaken();
  if (rows.length === 0 || (state.problem && !isComplete)) return null;
  // Where rows have numbers, reading begins right before the next row anyway.
  if (!isComplete && options.source.numbered) return null;
  const isCheap = options.source.numbered && !isFixed && !state.inLastPhase && rows.every(({ key }) => key !== null);
  if (isComplete && isCheap) return null;
  const resume = isComplete ? null : { position: walk.position(), rank: walk.coveredRank() };
  return { rows, parts: state.parts, resume, totalCount: isFixed ? state.counted : walk.total(), problem: problemOf(state) };
}

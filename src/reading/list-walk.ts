import type { ListPosition } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { takePage, type WalkedPage } from './take-page.ts';
import { readWhole } from './walk-requests.ts';
import { type ListWalkOptions, startWalk } from './walk-state.ts';

/**
 * Reads a list response by response and proves on the way that no row is left out: each response must overlap with what was read before.
 * It reads back if rows moved forward meanwhile, steps by what the vendor handed out, and compares that with the vendor's own total.
 */
export interface ListWalk {
  /** Reads on. Null at the end, and if reading failed (then `problem` says why). */
  next(): Promise<WalkedPage | null>;
  hasEnded(): boolean;
  /** Whether rows certainly follow, without reading on. */
  hasMoreForCertain(): boolean;
  /** Where the next response starts, but for the rows that overlap. */
  position(): ListPosition;
  /** Every row whose rank (see order.ts) is less has been read, or comes before the position that the walk began at. */
  coveredRank(): number;
  /** Why reading failed: the walk goes no further. */
  problem(): Problem | null;
  /** Why rows are missing from what was read, or may be. */
  gap(): Problem | null;
  /** Whether the order of the query is why rows may be missing: in another order they could be read. */
  orderFailed(): boolean;
  /** Rows of all responses, repeated ones included. */
  rowsRead(): number;
  /** The vendor's count of the whole list; null if it doesn't count it. */
  total(): number | null;
}

export function createListWalk(options: ListWalkOptions): ListWalk {
  const walk = startWalk(options);
  const { numbered } = options.source;
  return {
    async next() {
      if (walk.hasEnded || walk.problem) return null;
      const page = await readWhole(walk, options);
      return page && takePage(walk, page);
    },
    hasEnded: () => walk.hasEnded,
    hasMoreForCertain() {
      if (walk.hasEnded || walk.problem) return false;
      return numbered ? (walk.progress.total ?? 0) > walk.progress.end : walk.part !== null;
    },
    position: () => ({ part: walk.part, row: numbered ? walk.progress.resumeRow : 0 }),
    coveredRank: () => walk.coveredRank,
    problem: () => walk.problem,
    gap: () => walk.gap,
    orderFailed: () => walk.orderFailed,
    rowsRead: () => walk.rowsRead,
    total: () => walk.total,
  };
}

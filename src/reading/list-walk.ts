import type { ListPosition } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import { takePage, type WalkedPage } from './take-page.ts';
import { readWhole } from './walk-requests.ts';
import { type ListWalkOptions, startWalk } from './walk-state.ts';

/**
 * Reads a list response by response, and proves that no row is skipped: each response must overlap with the rows that were read before.
 * It reads back if rows may have moved forward, advances by the rows that the vendor returned, and compares them with the vendor's total.
 */
export interface ListWalk {
  /** Reads the next page. Null at the end, and if reading failed (see `problem`). */
  next(): Promise<WalkedPage | null>;
  hasEnded(): boolean;
  /** Whether more rows certainly exist, as far as known without another read. */
  hasMoreForCertain(): boolean;
  /** Where the next response starts, without the rows that overlap. */
  position(): ListPosition;
  /** All rows with a lesser rank (see order.ts) were read, or come before the position where the walk started. */
  coveredRank(): number;
  /** Why reading failed; the walk has stopped. Null: it didn't fail. */
  problem(): Problem | null;
  /** Why rows are or may be missing; null: none are. */
  gap(): Problem | null;
  /** Whether rows may be missing because of the query's order, so that another order would return them. */
  orderFailed(): boolean;
  /** The number of rows in all responses, including repeated ones. */
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

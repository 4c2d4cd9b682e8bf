import { LRUCache } from 'lru-cache';
import type { ListPosition } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import type { Row } from './row.ts';

/** Rows of a list that were read and not returned. */
export interface KnownRows {
  rows: readonly Row[];
  /** Where the list continues, and the rank up to which it was read; null: no other rows are left. */
  resume: { position: ListPosition; rank: number } | null;
  /** The parts of the list, in the order in which they were read. */
  parts: readonly (string | null)[];
  totalCount: number | null;
  problem: Problem | null;
}

/**
 * Rows that a page had to read but didn't return. A request with the page's cursor within 30 seconds uses them instead of reading the list again.
 * Only an optimization: without them, the list is read again.
 */
export interface KnownRowsStore {
  /** Keeps at most 10,000 rows; the oldest are dropped first. */
  keep(cursor: string, source: string, rows: KnownRows): void;
  /** Returns and removes the rows for this cursor; null if there are none. */
  take(cursor: string, source: string): KnownRows | null;
}

const keptMs = 30_000;
const maxRows = 10_000;

export function createKnownRowsStore(nowMs: () => number = () => performance.now()): KnownRowsStore {
  const kept = new LRUCache<string, KnownRows>({
    maxSize: maxRows,
    sizeCalculation: ({ rows }) => rows.length,
    ttl: keptMs,
    // Rows contain parts of vendor responses: they are dropped when they expire, not when the next ones are added.
    ttlAutopurge: true,
    ttlResolution: 0,
    perf: { now: nowMs },
  });
  const keyOf = (cursor: string, source: string): string => `${source} ${cursor}`;
  return {
    keep(cursor, source, rows) {
      kept.set(keyOf(cursor, source), rows);
    },
    take(cursor, source) {
      const key = keyOf(cursor, source);
      const rows = kept.get(key) ?? null;
      kept.delete(key);
      return rows;
    },
  };
}

import { LRUCache } from 'lru-cache';
import type { ListPosition } from '../jobs/adapter.ts';
import type { Problem } from '../jobs/problem.ts';
import type { Row } from './row.ts';

/** Rows of a list that were read and not handed out. */
export interface KnownRows {
  rows: readonly Row[];
  /** Where the list goes on, and the rank that it has been read to; null: nothing else is left. */
  resume: { position: ListPosition; rank: number } | null;
  /** The parts of the list in the order in which they were read. */
  parts: readonly (string | null)[];
  totalCount: number | null;
  problem: Problem | null;
}

/**
 * What pages left over of the rows that they had to read: whoever goes on with the cursor of such a page within 30 seconds gets the next rows
 * of the same reading, without reading them again. Only a saving: without it, the list is read again.
 */
export interface KnownRowsStore {
  /** At most 10,000 rows; the oldest go first. */
  keep(cursor: string, source: string, rows: KnownRows): void;
  /** What was kept for this cursor, once; null if nothing is. */
  take(cursor: string, source: string): KnownRows | null;
}

const keptMs = 30_000;
const maxRows = 10_000;

export function createKnownRowsStore(nowMs: () => number = () => performance.now()): KnownRowsStore {
  const kept = new LRUCache<string, KnownRows>({
    maxSize: maxRows,
    sizeCalculation: ({ rows }) => rows.length,
    ttl: keptMs,
    // Rows hold what the vendor sent: they go when their time is over, not when the next ones come.
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

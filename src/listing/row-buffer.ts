import { compareRanks, compareRows, lastRank, type Rank, type Row } from './row.ts';

/** The matching rows of one list that were read: rows that were taken, rows that can be taken, and rows that unread rows may precede. */
export interface RowBuffer {
  /** The next row; undefined: none can be taken now. */
  head(): Row | undefined;
  /** Takes the next row. Throws if there is none. */
  take(): Row;
  /** Whether a row of the job can be taken or was taken. */
  isReleased(vendorId: string): boolean;
  /** Adds a row of a job that was not released. Replaces an earlier row of the job. */
  add(row: Row): void;
  /** Removes the job's row, because a later row of the job doesn't match. */
  remove(vendorId: string): void;
  /** Releases rows with a lesser rank: no unread row can precede them. */
  releaseBefore(rank: Rank): void;
  releaseAll(): void;
  /** Whether some rows can't be taken yet. */
  isWaiting(): boolean;
  taken(): readonly Row[];
  /** All rows that were not taken. */
  untaken(): Row[];
  /** Rows after the first `count`. Of those that were not taken, only the ones that a position depends on, because a page may need hundreds of positions. */
  leftAfter(count: number): Row[];
}

export interface RowBufferOptions {
  /** Remaining rows of an earlier page. */
  known: readonly Row[];
  isBackward: boolean;
}

export function createRowBuffer({ known, isBackward }: RowBufferOptions): RowBuffer {
  const taken: Row[] = [];
  const releasedIds = new Set<string>();
  let ready: readonly Row[] = [];
  let readyFrom = 0;
  const waiting = new Map(known.map((row) => [row.listed.vendorId, row]));
  /** The first rows of each part that were not taken; null: not computed. */
  let leaders: readonly Row[] | null = null;

  const head = (): Row | undefined => ready[readyFrom];
  const untaken = (): Row[] => [...ready.slice(readyFrom), ...waiting.values()];
  const releaseUpTo = (rank: Rank, isInclusive: boolean): void => {
    leaders = null;
    const released = ready.slice(readyFrom);
    for (const [id, row] of waiting) {
      if (!isInclusive && compareRanks(row.rank, rank) >= 0) continue;
      released.push(row);
      waiting.delete(id);
      releasedIds.add(id);
    }
    ready = released.sort((a, b) => compareRows(a, b, isBackward));
    readyFrom = 0;
  };

  return {
    head,
    take() {
      const row = head();
      if (!row) throw new Error('No row can be taken');
      taken.push(row);
      readyFrom += 1;
      leaders = null;
      return row;
    },
    isReleased: (vendorId) => releasedIds.has(vendorId),
    add(row) {
      waiting.set(row.listed.vendorId, row);
      leaders = null;
    },
    remove(vendorId) {
      if (waiting.delete(vendorId)) leaders = null;
    },
    releaseBefore: (rank) => releaseUpTo(rank, false),
    releaseAll: () => releaseUpTo(lastRank, true),
    isWaiting: () => waiting.size > 0,
    taken: () => taken,
    untaken,
    leftAfter(count) {
      leaders ??= firstOfEachPart(untaken(), isBackward);
      return [...taken.slice(count), ...leaders];
    },
  };
}

/** The first row of each part with a key, and the first one without. */
function firstOfEachPart(rows: readonly Row[], isBackward: boolean): Row[] {
  const keyed = new Map<string | null, Row>();
  const keyless = new Map<string | null, Row>();
  for (const row of rows) {
    const firsts = row.key === null ? keyless : keyed;
    const first = firsts.get(row.part);
    if (!first || compareRows(row, first, isBackward) < 0) firsts.set(row.part, row);
  }
  return [...keyed.values(), ...keyless.values()];
}

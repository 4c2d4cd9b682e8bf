import type { ListPage } from '../jobs/adapter.ts';

/** What a walk has read of one part of a list, or of all parts if rows aren't numbered. */
export interface PartProgress {
  /** The row after the last one that was read. */
  end: number;
  /** Where the next response starts: at a row that proves that none was skipped. */
  resumeRow: number;
  /** The last rows that were read, which the next response may have to overlap. */
  tail: TailRow[];
  seen: Set<string>;
  oddRows: number;
  firstRow: number;
  /** Undefined: no response yet. */
  total: number | null | undefined;
  totalChanged: boolean;
  /** A response had fewer rows than its own total and limit allow. */
  fellShort: boolean;
  readTwice: boolean;
  /** Overlaps are no longer possible: the rest is read without proof. */
  unproven: boolean;
  /** The vendor leaves out rows that it counts. */
  leavesOut: boolean;
  /** The proof depends on rows that never change places, which the total can confirm. */
  reliesOnIds: boolean;
  responses: number;
  /** How many more responses may have no new row. */
  emptyResponsesLeft: number;
}

interface TailRow {
  row: number;
  /** Null: the row never changes places with another one. */
  rank: number | null;
}

/** After this many responses without a new row, the vendor ignores the requested position. */
const maxEmptyResponses = 20;

export function startPart(row: number, reliesOnIds: boolean): PartProgress {
  return {
    end: row,
    resumeRow: row,
    tail: [],
    seen: new Set(),
    oddRows: 0,
    firstRow: row,
    total: undefined,
    totalChanged: false,
    fellShort: false,
    readTwice: false,
    unproven: false,
    leavesOut: false,
    reliesOnIds,
    responses: 0,
    emptyResponsesLeft: maxEmptyResponses,
  };
}

/** Starts the part again at its first row. Rows that were seen stay seen, so as many responses as before may have no new row. */
export function startPartAgain({ seen, responses }: PartProgress): PartProgress {
  return { ...startPart(0, true), seen, readTwice: true, emptyResponsesLeft: responses + maxEmptyResponses };
}

/** Sets where the next response must start, to prove that no row is skipped: at a row that comes before `provenRank`. */
export function chooseResumeRow(progress: PartProgress, provenRank: number): void {
  const { tail } = progress;
  if (progress.unproven) {
    progress.resumeRow = progress.end;
    return;
  }
  const index = tail.findLastIndex(({ rank }) => rank === null || rank < provenRank);
  progress.resumeRow = tail[index]?.row ?? 0;
  progress.reliesOnIds ||= tail[index]?.rank === null;
  if (index > 0) progress.tail = tail.slice(index);
}

/** Records the facts about the part in a response, except its rows. */
export function notePage(progress: PartProgress, { firstRow, rows, limit, total }: ListPage): void {
  progress.totalChanged ||= progress.total !== undefined && progress.total !== total;
  progress.total = total;
  progress.firstRow = Math.min(progress.firstRow, firstRow);
  progress.end = firstRow + (progress.leavesOut && limit !== null ? limit : rows.length);
}

export function noteResponse(progress: PartProgress, isNew: boolean, hasRows: boolean): void {
  progress.responses += 1;
  if (isNew) progress.emptyResponsesLeft = Math.max(progress.emptyResponsesLeft, maxEmptyResponses);
  else if (hasRows) progress.emptyResponsesLeft -= 1;
}

/**
 * Compares the rows that were read of a part with the vendor's count, after the last response. `readAgain`: fewer rows were read.
 * `leftOut`: fewer rows were read, and reading again doesn't help.
 */
export function judgeTotal(progress: PartProgress, page: ListPage): 'complete' | 'readAgain' | 'leftOut' {
  const { total, seen, oddRows, firstRow, fellShort, reliesOnIds, totalChanged, readTwice, unproven } = progress;
  if (typeof total !== 'number') return 'complete';
  const missing = total - firstRow - seen.size - oddRows;
  // A total that changed counts other jobs, too.
  const isSuspect = fellShort ? missing > 0 || unproven || totalChanged || fallsShort(page) : missing > 0 && reliesOnIds && !totalChanged;
  if (!isSuspect) return 'complete';
  return readTwice || fellShort ? 'leftOut' : 'readAgain';
}

/** Whether a response has fewer rows than its own limit and total allow. */
export function fallsShort({ rows, firstRow, limit, total }: ListPage): boolean {
  return limit !== null && total !== null && rows.length < Math.min(limit, total - firstRow);
}

/** A full response never ends a part, because the total may be wrong. */
export function isEndOfPart({ rows, firstRow, limit, total }: ListPage): boolean {
  if (limit === null || rows.length === 0) return true;
  return rows.length < limit && firstRow + rows.length >= (total ?? 0);
}

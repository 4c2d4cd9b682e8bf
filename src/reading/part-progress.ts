import type { ListPage } from '../jobs/adapter.ts';

/** What a walk has read of one part of a list, or of all parts if rows aren't numbered. */
export interface PartProgress {
  /** The row after the last one that was read. */
  end: number;
  /** Where the next response starts: at a row that shows that none was passed over. */
  resumeRow: number;
  /** Rows at the end of what was read that the next response may have to overlap with. */
  tail: TailRow[];
  seen: Set<string>;
  oddRows: number;
  firstRow: number;
  /** Undefined: no response yet. */
  total: number | null | undefined;
  totalChanged: boolean;
  /** A response had fewer rows than its own total and limit promise. */
  fellShort: boolean;
  readTwice: boolean;
  /** No overlap is possible any more: the rest is read without proof. */
  unproven: boolean;
  /** The vendor leaves out rows that it counts. */
  leavesOut: boolean;
  /** The proof rests on rows that never change places, which the total can confirm. */
  leansOnIds: boolean;
  responses: number;
  /** How many responses more may bring no row that is new. */
  patience: number;
}

interface TailRow {
  row: number;
  /** Null: the row never changes places with another one. */
  rank: number | null;
}

/** After so many responses without a new row, the vendor is repeating itself: it ignores the position that it is asked for. */
const patience = 20;

export function startPart(row: number, leansOnIds: boolean): PartProgress {
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
    leansOnIds,
    responses: 0,
    patience,
  };
}

/** From the first row once more: what was seen stays seen, and as many responses may bring nothing new. */
export function startPartAgain({ seen, responses }: PartProgress): PartProgress {
  return { ...startPart(0, true), seen, readTwice: true, patience: responses + patience };
}

/** Chooses where the next response must begin, so that it shows that none is passed over: at a row that stands before `provenRank`. */
export function chooseResumeRow(progress: PartProgress, provenRank: number): void {
  const { tail } = progress;
  if (progress.unproven) {
    progress.resumeRow = progress.end;
    return;
  }
  const index = tail.findLastIndex(({ rank }) => rank === null || rank < provenRank);
  progress.resumeRow = tail[index]?.row ?? 0;
  progress.leansOnIds ||= tail[index]?.rank === null;
  if (index > 0) progress.tail = tail.slice(index);
}

/** Takes in what a response says of the part beside its rows. */
export function notePage(progress: PartProgress, { firstRow, rows, limit, total }: ListPage): void {
  progress.totalChanged ||= progress.total !== undefined && progress.total !== total;
  progress.total = total;
  progress.firstRow = Math.min(progress.firstRow, firstRow);
  progress.end = firstRow + (progress.leavesOut && limit !== null ? limit : rows.length);
}

export function notePatience(progress: PartProgress, isNew: boolean, hasRows: boolean): void {
  progress.responses += 1;
  if (isNew) progress.patience = Math.max(progress.patience, patience);
  else if (hasRows) progress.patience -= 1;
}

/**
 * Compares what was read of a part with the vendor's count, at the last response. `readAgain`: fewer rows were read than it counts.
 * `leftOut`: and reading again doesn't help.
 */
export function judgeTotal(progress: PartProgress, page: ListPage): 'complete' | 'readAgain' | 'leftOut' {
  const { total, seen, oddRows, firstRow, fellShort, leansOnIds, totalChanged, readTwice, unproven } = progress;
  if (typeof total !== 'number') return 'complete';
  const missing = total - firstRow - seen.size - oddRows;
  // A total that changed meanwhile counts other jobs too.
  const isSuspect = fellShort ? missing > 0 || unproven || totalChanged || fallsShort(page) : missing > 0 && leansOnIds && !totalChanged;
  if (!isSuspect) return 'complete';
  return readTwice || fellShort ? 'leftOut' : 'readAgain';
}

/** Whether a response holds fewer rows than its own limit and total promise. */
export function fallsShort({ rows, firstRow, limit, total }: ListPage): boolean {
  return limit !== null && total !== null && rows.length < Math.min(limit, total - firstRow);
}

/** A full response never ends a part, whatever the total says: it may be wrong. */
export function isEndOfPart({ rows, firstRow, limit, total }: ListPage): boolean {
  if (limit === null || rows.length === 0) return true;
  return rows.length < limit && firstRow + rows.length >= (total ?? 0);
}

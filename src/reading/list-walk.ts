import {
  type CallContext,
  isOddRow,
  type JobQuery,
  type ListedJob,
  type ListPage,
  type ListPosition,
  type ListSource,
  type OddRow,
} from '../jobs/adapter.ts';
import { isUsableVendorId } from '../jobs/job-id.ts';
import { asReadProblem, createProblem, type Problem } from '../jobs/problem.ts';
import { createGapMessages } from './gap-messages.ts';
import { sortKeyOf, toRank } from './order.ts';

/** What one response added to a walk. */
export interface WalkedPage {
  /** The rows that can be shown. Rows of earlier responses may be among them. */
  jobs: ListedJob[];
  part: string | null;
  /** The number within the part, for each of `jobs`; empty if the rows of the list aren't numbered. */
  rowNumbers: number[];
}

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

export interface ListWalkOptions {
  systemId: string;
  source: ListSource;
  query: JobQuery;
  call: CallContext;
  /** Where to read from, and the rank before which nothing is wanted; default: the whole list. */
  from?: { position: ListPosition; rank: number };
  /** Rows to ask for in a response, beside those that overlap. */
  pageSize: number;
  /** True: responses grow on the way, as few of their rows are wanted. */
  grows: boolean;
}

/** What was read of one part. */
interface PartProgress {
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

export function createListWalk({ systemId, source, query, call, from, pageSize, grows }: ListWalkOptions): ListWalk {
  const { order, numbered } = source;
  const byQuery = order.by === 'QUERY' && query.order !== null;
  const precisionMs = order.by === 'QUERY' ? order.precisionMs : 0;
  let part = from?.position.part ?? null;
  let progress = startPart(from?.position.row ?? 0, !numbered);
  let covered = from?.rank ?? Number.NEGATIVE_INFINITY;
  let ended = false;
  const describeGap = createGapMessages(systemId, source.name);
  let rowsRead = 0;
  let problem: Problem | null = null;
  let gap: Problem | null = null;
  let orderFailed = false;
  const isWhole = part === null;
  let total: number | null = null;
  // Learned from a vendor that returns fewer rows than it says.
  let maxCount = Number.POSITIVE_INFINITY;

  const rankOf = (job: ListedJob): number | null => {
    const key = query.order && sortKeyOf(job, query.order);
    return key === null || !query.order ? null : toRank(key, query.order.direction);
  };

  const read = async (row: number, count: number): Promise<ListPage | null> => {
    const page = await source.readPage({ part, row }, Math.min(count, maxCount), call);
    if (!page.ok) {
      problem = asReadProblem(page.problem);
      return null;
    }
    rowsRead += page.value.rows.length;
    return page.value;
  };

  /** Whether no row that is still wanted can stand before this response. */
  const isContiguous = ({ firstRow, rows }: ListPage): boolean => {
    if (!numbered || firstRow === 0 || progress.unproven) return true;
    const first = rows.map(toJob).find((job) => job !== null);
    if (!first) return false;
    const rank = byQuery ? rankOf(first) : null;
    return rank === null ? progress.seen.has(first.vendorId) : rank < covered - precisionMs;
  };

  /** Reads the next response, and further back as long as rows may have moved to before it. */
  const readContiguous = async (): Promise<ListPage | null> => {
    const wanted = grows ? Math.max(pageSize, rowsRead) : pageSize;
    const count = Math.max(0, progress.end - progress.resumeRow) + wanted;
    let row = progress.resumeRow;
    let page = await read(row, count);
    for (let back = Math.min(count, maxCount); page && !isContiguous(page); back *= 2) {
      if (row === 0) return failForGood(page);
      row = Math.max(0, Math.min(row, page.firstRow) - back);
      page = await read(row, count + back);
    }
    return page;
  };

  /** The first reason is told. */
  const noteGap = (message: string): void => {
    gap ??= createProblem('INCOMPLETE_LIST', message);
  };

  const noteOrderFailed = (message: string): void => {
    orderFailed = true;
    noteGap(message);
  };

  const failForGood = ({ firstRow }: ListPage): null => {
    problem = createProblem('INVALID_VENDOR_RESPONSE', describeGap.otherRows(firstRow));
    return null;
  };

  /** A response that is short of its own total is read again once, as far as it came. */
  const readWhole = async (): Promise<ListPage | null> => {
    const page = await readContiguous();
    if (!page || !fallsShort(page)) return page;
    progress.fellShort = true;
    // Either the vendor returns no more at once, or it leaves out rows: then it is short also of these.
    const again = await read(page.firstRow, page.rows.length || (page.limit ?? pageSize));
    if (!again) return null;
    progress.totalChanged ||= again.total !== page.total;
    if (fallsShort(again)) noteLeftOut(again);
    else if (page.rows.length > 0) maxCount = Math.min(maxCount, page.rows.length);
    return again.rows.length >= page.rows.length && isContiguous(again) ? again : page;
  };

  const takeRows = (page: ListPage): WalkedPage => {
    const walked: WalkedPage = { jobs: [], part, rowNumbers: [] };
    const ids = new Set<string>();
    let farthest = Number.NEGATIVE_INFINITY;
    progress.tail = progress.tail.filter(({ row }) => row < page.firstRow);
    page.rows.forEach((row, index) => {
      const job = toJob(row);
      if (isOddRow(row)) noteOddRow(row);
      if (job === null) return;
      if (!isUsableVendorId(systemId, job.vendorId)) {
        noteOddRow({ job: null, problem: createProblem('INVALID_VENDOR_RESPONSE', describeGap.unusableId(job.vendorId)) });
        return;
      }
      progress.seen.add(job.vendorId);
      walked.jobs.push(job);
      if (numbered && ids.size === ids.add(job.vendorId).size) noteGap(describeGap.repeatedJob(job.vendorId));
      const rank = byQuery ? rankOf(job) : null;
      if (rank !== null && rank < farthest - precisionMs) noteOrderFailed(describeGap.disorder());
      if (rank !== null) farthest = Math.max(farthest, rank);
      if (!numbered) return;
      walked.rowNumbers.push(page.firstRow + index);
      progress.tail.push({ row: page.firstRow + index, rank });
    });
    if (byQuery) covered = Math.max(covered, farthest - precisionMs);
    return walked;
  };

  const noteOddRow = ({ job, problem: odd }: OddRow): void => {
    if (job === null) progress.oddRows += 1;
    noteGap(odd.message);
  };

  /** Where the next response must begin, so that it shows that none is passed over. */
  const chooseResumeRow = (): void => {
    const { tail } = progress;
    if (progress.unproven) {
      progress.resumeRow = progress.end;
      return;
    }
    const index = tail.findLastIndex(({ rank }) => rank === null || rank < covered - precisionMs);
    progress.resumeRow = tail[index]?.row ?? 0;
    progress.leansOnIds ||= tail[index]?.rank === null;
    if (index > 0) progress.tail = tail.slice(index);
  };

  /** The next response would be the same again. */
  const goOnUnproven = (page: ListPage): void => {
    const isOfOneTime = byQuery && progress.resumeRow <= page.firstRow;
    progress.unproven = true;
    chooseResumeRow();
    if (fallsShort(page)) return;
    if (!isOfOneTime && (page.total ?? 0) > progress.end) noteGap(describeGap.leftOut(page.total));
    if (isOfOneTime) noteOrderFailed(describeGap.oneTime());
    else noteGap(describeGap.smallResponses());
  };

  /** Whether the list is to be read again, as fewer jobs were read than the vendor counts. */
  const checkTotal = (page: ListPage): boolean => {
    const { seen, oddRows, firstRow, fellShort, leansOnIds, totalChanged, readTwice, unproven } = progress;
    if (typeof progress.total !== 'number') return false;
    const missing = progress.total - firstRow - seen.size - oddRows;
    // A total that changed meanwhile counts other jobs too.
    const isSuspect = fellShort ? missing > 0 || unproven || totalChanged || fallsShort(page) : missing > 0 && leansOnIds && !totalChanged;
    if (!isSuspect) return false;
    if (!readTwice && !fellShort) return true;
    noteGap(describeGap.leftOut(progress.total));
    return false;
  };

  /** Its rows keep their numbers then, and no overlap proves anything. */
  const noteLeftOut = ({ total: counted }: ListPage): void => {
    noteGap(describeGap.leftOut(counted));
    progress.leavesOut = true;
    progress.unproven = true;
  };

  const end = (): void => {
    ended = true;
    covered = Number.POSITIVE_INFINITY;
  };

  const giveUp = (): void => {
    noteGap(describeGap.repetition());
    end();
  };

  const endPart = (page: ListPage): void => {
    const { nextPart, frontier } = page;
    // The count of a list whose rows aren't numbered is of all its parts.
    if ((numbered || (nextPart === null && isWhole)) && checkTotal(page)) {
      if (!numbered) part = null;
      const { seen, responses } = progress;
      progress = { ...startPart(0, true), seen, readTwice: true, patience: responses + patience };
      return;
    }
    if (nextPart === null) {
      end();
      return;
    }
    if (frontier && query.order) covered = Math.max(covered, toRank(frontier.getTime(), query.order.direction));
    part = nextPart;
    if (numbered) progress = startPart(0, false);
  };

  const takePage = (page: ListPage): WalkedPage => {
    const { end: lastEnd, resumeRow: lastResumeRow } = progress;
    const known = progress.seen.size;
    const walked = takeRows(page);
    progress.totalChanged ||= progress.total !== undefined && progress.total !== page.total;
    progress.total = page.total;
    progress.firstRow = Math.min(progress.firstRow, page.firstRow);
    if (!numbered || (isWhole && part === null && page.nextPart === null)) total = page.total;
    const { leavesOut } = progress;
    progress.end = page.firstRow + (leavesOut && page.limit !== null ? page.limit : page.rows.length);
    chooseResumeRow();
    const isNew = progress.seen.size > known;
    progress.responses += 1;
    if (isNew) progress.patience = Math.max(progress.patience, patience);
    else if (page.rows.length > 0) progress.patience -= 1;
    const isStuck = !isNew && progress.end <= lastEnd && progress.resumeRow <= lastResumeRow;
    if (!numbered || isEndOfPart(page) || (leavesOut && progress.end >= (page.total ?? 0))) endPart(page);
    else if (isStuck) goOnUnproven(page);
    if (!ended && progress.patience <= 0) giveUp();
    if (isBeyondDates(query, covered)) end();
    return walked;
  };

  return {
    async next() {
      if (ended || problem) return null;
      const page = await readWhole();
      return page && takePage(page);
    },
    hasEnded: () => ended,
    hasMoreForCertain: () => !ended && !problem && (numbered ? (progress.total ?? 0) > progress.end : part !== null),
    position: () => ({ part, row: numbered ? progress.resumeRow : 0 }),
    coveredRank: () => covered,
    problem: () => problem,
    gap: () => gap,
    orderFailed: () => orderFailed,
    rowsRead: () => rowsRead,
    total: () => total,
  };
}

/** After so many responses without a new row, the vendor is repeating itself: it ignores the position that it is asked for. */
const patience = 20;

function startPart(row: number, leansOnIds: boolean): PartProgress {
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

function toJob(row: ListedJob | OddRow): ListedJob | null {
  return isOddRow(row) ? row.job : row;
}

/** Whether a response holds fewer rows than its own limit and total promise. */
function fallsShort({ rows, firstRow, limit, total }: ListPage): boolean {
  return limit !== null && total !== null && rows.length < Math.min(limit, total - firstRow);
}

/** A full response never ends a part, whatever the total says: it may be wrong. */
function isEndOfPart({ rows, firstRow, limit, total }: ListPage): boolean {
  if (limit === null || rows.length === 0) return true;
  return rows.length < limit && firstRow + rows.length >= (total ?? 0);
}

/** Whether, by creation, the list has come to where no job can meet the dates any more. */
function isBeyondDates({ order, createdFrom, createdTo }: JobQuery, coveredRank: number): boolean {
  if (order?.field !== 'CREATED_AT') return false;
  const bound = order.direction === 'DESC' ? createdFrom : createdTo;
  return bound !== null && coveredRank > toRank(bound.getTime(), order.direction);
}

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
import { createProblem, type Problem } from '../jobs/problem.ts';
import { gapMessages } from './gap-messages.ts';
import { sortKeyOf, toRank } from './order.ts';
import { type PartProgress, startPart } from './part-progress.ts';

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

/** How far a walk has come and what it knows of its list. Changed by `takePage` and by the requests in walk-requests.ts alone. */
export interface WalkState {
  readonly systemId: string;
  readonly source: ListSource;
  readonly query: JobQuery;
  /** Whether rows follow each other by the time that the query orders by. */
  readonly byQuery: boolean;
  readonly precisionMs: number;
  /** Whether it began at the list's first part. */
  readonly isWhole: boolean;
  part: string | null;
  progress: PartProgress;
  /** See ListWalk.coveredRank. */
  coveredRank: number;
  hasEnded: boolean;
  rowsRead: number;
  problem: Problem | null;
  gap: Problem | null;
  orderFailed: boolean;
  total: number | null;
  /** The most rows to ask for. Learned from a vendor that returns fewer rows than it says. */
  maxCount: number;
}

export function startWalk({ systemId, source, query, from }: ListWalkOptions): WalkState {
  const { order, numbered } = source;
  const part = from?.position.part ?? null;
  return {
    systemId,
    source,
    query,
    byQuery: order.by === 'QUERY' && query.order !== null,
    precisionMs: order.by === 'QUERY' ? order.precisionMs : 0,
    isWhole: part === null,
    part,
    progress: startPart(from?.position.row ?? 0, !numbered),
    coveredRank: from?.rank ?? Number.NEGATIVE_INFINITY,
    hasEnded: false,
    rowsRead: 0,
    problem: null,
    gap: null,
    orderFailed: false,
    total: null,
    maxCount: Number.POSITIVE_INFINITY,
  };
}

export function endWalk(walk: WalkState): void {
  walk.hasEnded = true;
  walk.coveredRank = Number.POSITIVE_INFINITY;
}

/** The first reason is told. */
export function noteGap(walk: WalkState, message: string): void {
  walk.gap ??= createProblem('INCOMPLETE_LIST', message);
}

export function noteOrderFailed(walk: WalkState, message: string): void {
  walk.orderFailed = true;
  noteGap(walk, message);
}

/** The vendor leaves out rows that it counts: they keep their numbers then, and no overlap proves anything. */
export function noteLeftOut(walk: WalkState, { total: counted }: ListPage): void {
  noteGap(walk, gapMessages.leftOut(walk, counted));
  walk.progress.leavesOut = true;
  walk.progress.unproven = true;
}

/** Where a row stands in the order that the list follows; null: it has no such time, or the list follows another order. */
export function rankOf({ byQuery, query: { order } }: WalkState, job: ListedJob): number | null {
  if (!byQuery || !order) return null;
  const key = sortKeyOf(job, order);
  return key === null ? null : toRank(key, order.direction);
}

/** Whether no row that is still wanted can stand before this response. */
export function isContiguous(walk: WalkState, { firstRow, rows }: ListPage): boolean {
  const { progress } = walk;
  if (!walk.source.numbered || firstRow === 0 || progress.unproven) return true;
  const first = findFirstJob(rows);
  if (!first) return false;
  const rank = rankOf(walk, first);
  return rank === null ? progress.seen.has(first.vendorId) : rank < walk.coveredRank - walk.precisionMs;
}

function findFirstJob(rows: ListPage['rows']): ListedJob | null {
  for (const row of rows) {
    const job = toJob(row);
    if (job) return job;
  }
  return null;
}

export function toJob(row: ListedJob | OddRow): ListedJob | null {
  return isOddRow(row) ? row.job : row;
}

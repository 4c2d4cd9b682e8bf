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
import { timeOf, toRank } from './order.ts';
import { type PartProgress, startPart } from './part-progress.ts';

export interface ListWalkOptions {
  systemId: string;
  source: ListSource;
  query: JobQuery;
  call: CallContext;
  /** Where to start, and the rank before which no row is needed. Default: the whole list. */
  from?: { position: ListPosition; rank: number };
  /** Rows to request per response, in addition to those that overlap. */
  pageSize: number;
  /** True: responses grow, because few of their rows are needed. */
  grows: boolean;
}

/** The progress of a walk, and the facts it has found about its list. Only `takePage` and walk-requests.ts change it. */
export interface WalkState {
  readonly systemId: string;
  readonly source: ListSource;
  readonly query: JobQuery;
  /** Whether rows are ordered by the query's time. */
  readonly byQuery: boolean;
  readonly precisionMs: number;
  /** Whether the walk started at the list's first part. */
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
  /** The maximum number of rows to request. Reduced for a vendor that returns fewer rows than its limit. */
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

/** Keeps the first reason. */
export function noteGap(walk: WalkState, message: string): void {
  walk.gap ??= createProblem('INCOMPLETE_LIST', message);
}

export function noteOrderFailed(walk: WalkState, message: string): void {
  walk.orderFailed = true;
  noteGap(walk, message);
}

/** The vendor leaves out rows that it counts. They keep their numbers, so overlaps prove nothing. */
export function noteLeftOut(walk: WalkState, { total: counted }: ListPage): void {
  noteGap(walk, gapMessages.leftOut(walk, counted));
  walk.progress.leavesOut = true;
  walk.progress.unproven = true;
}

/** The position of a row in the list's order; null: it has no such time, or the list has another order. */
export function rankOf({ byQuery, query: { order } }: WalkState, job: ListedJob): number | null {
  if (!byQuery || !order) return null;
  const timeMs = timeOf(job, order);
  return timeMs === null ? null : toRank(timeMs, order.direction);
}

/** Whether no unread row that is still needed can come before this response. */
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

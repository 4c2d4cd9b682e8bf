import { isOddRow, type JobQuery, type ListedJob, type ListPage, type OddRow } from '../jobs/adapter.ts';
import { isUsableVendorId } from '../jobs/job-id.ts';
import { createProblem } from '../jobs/problem.ts';
import { gapMessages } from './gap-messages.ts';
import { toRank } from './order.ts';
import {
  chooseResumeRow,
  fallsShort,
  isEndOfPart,
  judgeTotal,
  notePage,
  noteResponse,
  startPart,
  startPartAgain,
} from './part-progress.ts';
import { endWalk, noteGap, noteOrderFailed, rankOf, toJob, type WalkState } from './walk-state.ts';

/** The rows of one response. */
export interface WalkedPage {
  /** The rows that can be shown, perhaps including rows of earlier responses. */
  jobs: ListedJob[];
  part: string | null;
  /** The same rows, each with its number within the part; empty if the rows of the list aren't numbered. */
  numberedRows: { job: ListedJob; row: number }[];
}

/** Adds a response to the walk: its rows, what it proves, and where the walk continues. No I/O. */
export function takePage(walk: WalkState, page: ListPage): WalkedPage {
  const { progress, source } = walk;
  const { end: lastEnd, resumeRow: lastResumeRow, leavesOut } = progress;
  const known = progress.seen.size;
  const walked = takeRows(walk, page);
  notePage(progress, page);
  if (!source.numbered || (walk.isWhole && walk.part === null && page.nextPart === null)) walk.total = page.total;
  chooseResumeRow(progress, walk.coveredRank - walk.precisionMs);
  const isNew = progress.seen.size > known;
  noteResponse(progress, isNew, page.rows.length > 0);
  const isStuck = !isNew && progress.end <= lastEnd && progress.resumeRow <= lastResumeRow;
  if (!source.numbered || isEndOfPart(page) || (leavesOut && progress.end >= (page.total ?? 0))) endPart(walk, page);
  else if (isStuck) continueUnproven(walk, page);
  if (!walk.hasEnded && walk.progress.emptyResponsesLeft <= 0) giveUp(walk);
  if (isBeyondDates(walk.query, walk.coveredRank)) endWalk(walk);
  return walked;
}

function takeRows(walk: WalkState, page: ListPage): WalkedPage {
  const { progress, byQuery, precisionMs } = walk;
  const { numbered } = walk.source;
  const walked: WalkedPage = { jobs: [], part: walk.part, numberedRows: [] };
  const ids = new Set<string>();
  let farthest = Number.NEGATIVE_INFINITY;
  progress.tail = progress.tail.filter(({ row }) => row < page.firstRow);
  for (const [index, row] of page.rows.entries()) {
    const job = takeRow(walk, row);
    if (job === null) continue;
    progress.seen.add(job.vendorId);
    walked.jobs.push(job);
    if (numbered && ids.size === ids.add(job.vendorId).size) noteGap(walk, gapMessages.repeatedJob(walk, job.vendorId));
    const rank = rankOf(walk, job);
    if (rank !== null && rank < farthest - precisionMs) noteOrderFailed(walk, gapMessages.disorder(walk));
    if (rank !== null) farthest = Math.max(farthest, rank);
    if (!numbered) continue;
    walked.numberedRows.push({ job, row: page.firstRow + index });
    progress.tail.push({ row: page.firstRow + index, rank });
  }
  if (byQuery) walk.coveredRank = Math.max(walk.coveredRank, farthest - precisionMs);
  return walked;
}

/** The job of a row; null if the row can't be shown. */
function takeRow(walk: WalkState, row: ListedJob | OddRow): ListedJob | null {
  const job = toJob(row);
  if (isOddRow(row)) noteOddRow(walk, row);
  if (job === null || isUsableVendorId(walk.systemId, job.vendorId)) return job;
  noteOddRow(walk, { job: null, problem: createProblem('INVALID_VENDOR_RESPONSE', gapMessages.unusableId(walk, job.vendorId)) });
  return null;
}

function noteOddRow(walk: WalkState, { job, problem }: OddRow): void {
  if (job === null) walk.progress.oddRows += 1;
  noteGap(walk, problem.message);
}

function endPart(walk: WalkState, page: ListPage): void {
  const { nextPart, frontier } = page;
  const { numbered } = walk.source;
  // If rows aren't numbered, the total counts all parts of the list.
  const verdict = numbered || (nextPart === null && walk.isWhole) ? judgeTotal(walk.progress, page) : 'complete';
  if (verdict === 'readAgain') {
    if (!numbered) walk.part = null;
    walk.progress = startPartAgain(walk.progress);
    return;
  }
  if (verdict === 'leftOut') noteGap(walk, gapMessages.leftOut(walk, walk.progress.total ?? null));
  if (nextPart === null) {
    endWalk(walk);
    return;
  }
  const { order } = walk.query;
  if (frontier && order) walk.coveredRank = Math.max(walk.coveredRank, toRank(frontier.getTime(), order.direction));
  walk.part = nextPart;
  if (numbered) walk.progress = startPart(0, false);
}

/** Continues without proof: the next response would be the same again. */
function continueUnproven(walk: WalkState, page: ListPage): void {
  const { progress } = walk;
  const isOfOneTime = walk.byQuery && progress.resumeRow <= page.firstRow;
  progress.unproven = true;
  chooseResumeRow(progress, walk.coveredRank - walk.precisionMs);
  if (fallsShort(page)) return;
  if (!isOfOneTime && (page.total ?? 0) > progress.end) noteGap(walk, gapMessages.leftOut(walk, page.total));
  if (isOfOneTime) noteOrderFailed(walk, gapMessages.oneTime(walk));
  else noteGap(walk, gapMessages.smallResponses(walk));
}

function giveUp(walk: WalkState): void {
  noteGap(walk, gapMessages.repetition(walk));
  endWalk(walk);
}

/** Whether a list ordered by creation has passed all jobs that the filter's dates can match. */
function isBeyondDates({ order, createdFrom, createdTo }: JobQuery, coveredRank: number): boolean {
  if (order?.field !== 'CREATED_AT') return false;
  const bound = order.direction === 'DESC' ? createdFrom : createdTo;
  return bound !== null && coveredRank > toRank(bound.getTime(), order.direction);
}

import { createHash } from 'node:crypto';
import { type CallContext, type ListPosition, startOfList } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import type { LogPart, LogRequest, LogSeverity } from '../jobs/job-log.ts';
import { maxPartLength } from '../jobs/list-position.ts';
import { type ShownLogLine, toShownLine } from '../jobs/log-text.ts';
import { asReadProblem, createProblem, fail, type Problem, type Result, succeed } from '../jobs/problem.ts';
import type { CursorKeys } from '../listing/cursor-keys.ts';
import { openListPosition, signListPosition } from '../listing/list-position-cursor.ts';
import type { ServedSystem } from './served-system.ts';

/** A page of a log. */
export interface LogOptions {
  /** The step. Null: the log of the job. */
  stepId: string | null;
  /** The maximum number of lines. */
  first: number;
  /** Null: from the first line. */
  after: string | null;
  /** Null: all lines. */
  minSeverity: LogSeverity | null;
}

/** Lines of a log, and why some are missing. */
export interface LogPage {
  lines: readonly ShownLogLine[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  problem: Problem | null;
  /** The cursor after this line. */
  cursorAt(index: number): string;
  /** The cursor after all examined lines; where later lines start if there are no more now. */
  endCursor(): string;
}

export interface JobLogs {
  /** Null: there is no such log. 'badCursor': `after` doesn't belong to this log, or to another `minSeverity`. */
  loadLog(job: Job, options: LogOptions): Promise<LogPage | 'badCursor' | null>;
}

/** The maximum number of reads for one page: a log may have few lines that are severe enough. */
const maxReads = 10;
/** The maximum length of all messages of a page, in UTF-16 units. */
const maxPageLength = 1_000_000;

/** What was read for a page so far. */
interface Progress {
  /** `end`: the position after the line. */
  lines: { shown: ShownLogLine; end: ListPosition }[];
  /** The length of all messages. */
  length: number;
  isFull: boolean;
  next: ListPosition;
  hasMore: boolean;
  problem: Problem | null;
}

export function createJobLogs(
  findSystem: (id: string) => ServedSystem | null,
  callTo: (system: ServedSystem) => CallContext,
  keys: CursorKeys,
): JobLogs {
  return {
    async loadLog(job, options) {
      const system = findSystem(job.systemId);
      const logs = system?.adapter.logs;
      if (!system || !logs || !(options.stepId === null ? logs.ofJobs : logs.ofSteps)) return null;
      const binding = toBinding(job, options);
      const at = options.after === null ? startOfList : openListPosition(options.after, binding, keys.all());
      if (at === null) return 'badCursor';
      const toCursor = (position: ListPosition): string => signListPosition(position, binding, firstOf(keys));
      // A job that couldn't be read is a placeholder, from which no vendor request can be made.
      if (job.problem && !job.stale) return toPage({ ...emptyAt(at), problem: job.problem }, options, toCursor);
      const read = await readLines(system, job, { ...options, at }, callTo(system));
      return read && toPage(read, options, toCursor);
    },
  };
}

function firstOf(keys: CursorKeys) {
  const [key] = keys.all();
  if (!key) throw new Error('No key for cursors');
  return key;
}

/** A cursor with the position in another log, or among other lines of this one, is invalid. */
function toBinding({ id }: Job, { stepId, minSeverity }: LogOptions): string {
  return createHash('sha256')
    .update(JSON.stringify(['log', id, stepId, minSeverity]))
    .digest('base64url');
}

function emptyAt(at: ListPosition): Progress {
  return { lines: [], length: 0, isFull: false, next: at, hasMore: false, problem: null };
}

function toPage({ lines, next, hasMore, problem }: Progress, { after }: LogOptions, toCursor: (position: ListPosition) => string): LogPage {
  return {
    lines: lines.map(({ shown }) => shown),
    hasNextPage: hasMore,
    hasPreviousPage: after !== null,
    problem,
    cursorAt: (index) => toCursor(lines[index]?.end ?? next),
    endCursor: () => toCursor(next),
  };
}

/** Reads until the page is full, the log ends, or a read fails. Null: there is no log. */
async function readLines(
  system: ServedSystem,
  job: Job,
  { first, at, stepId, minSeverity }: LogOptions & { at: ListPosition },
  call: CallContext,
): Promise<Progress | null> {
  const progress: Progress = { ...emptyAt(at), hasMore: true };
  for (let reads = 0; reads < maxReads && progress.hasMore && !progress.isFull; reads += 1) {
    const request: LogRequest = { stepId, at: progress.next, count: first - progress.lines.length, minSeverity };
    const part = await readPart(system, job, request, call);
    if (!part.ok) {
      // What was read stays; a retry starts where the failed read did.
      progress.problem = asReadProblem(part.problem);
      break;
    }
    if (part.value === null) return reads === 0 ? null : { ...progress, hasMore: false };
    addLines(system.id, progress, request, part.value);
  }
  return progress;
}

async function readPart(system: ServedSystem, job: Job, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>> {
  const part = (await system.adapter.logs?.getPart(job, request, call)) ?? succeed(null);
  const obstacle = part.ok && part.value?.hasMore ? findObstacle(part.value.next, request.at) : null;
  return obstacle === null ? part : fail(createProblem('INVALID_VENDOR_RESPONSE', `${system.id} returned ${obstacle}`));
}

/** Why reading can't continue at this position, or null. A part that doesn't advance would be read forever. */
function findObstacle(next: ListPosition, at: ListPosition): string | null {
  const length = next.part?.length ?? 0;
  if (length > maxPartLength)
    return `a page token of ${length.toLocaleString('en')} characters; the maximum is ${maxPartLength.toLocaleString('en')}.`;
  return next.part === at.part && next.row <= at.row ? 'the same part of the log again. Retry later.' : null;
}

/** A page ends earlier if its messages are too long together, or if the adapter returned too many lines. */
function addLines(systemId: string, progress: Progress, { at, count }: LogRequest, part: LogPart): void {
  if (part.omission !== null) progress.problem = createProblem('INCOMPLETE_LOG', `${systemId}: ${part.omission}`);
  for (const [index, line] of part.lines.entries()) {
    const shown = toShownLine(line);
    const length = progress.length + shown.message.length;
    if (index === count || (length > maxPageLength && progress.lines.length > 0)) {
      progress.isFull = true;
      progress.next = progress.lines.at(-1)?.end ?? at;
      return;
    }
    progress.length = length;
    progress.lines.push({ shown, end: { part: at.part, row: line.nextRow } });
  }
  progress.isFull = part.lines.length === count;
  progress.next = part.next;
  progress.hasMore = part.hasMore;
}

// What an adapter reads of a vendor's logs.

import type { CallContext } from './call-context.ts';
import type { Job } from './job.ts';
import type { ListPosition } from './list-position.ts';
import type { Result } from './problem.ts';

/** From the least to the most severe. */
export const logSeverities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogSeverity = (typeof logSeverities)[number];

/** Which logs a system has, and how they are read. */
export interface LogSupport {
  /** Whether jobs have logs. */
  readonly ofJobs: boolean;
  /** Whether steps have logs of their own. */
  readonly ofSteps: boolean;
  /** Whether lines have a severity. False: `minSeverity` leaves out no line. */
  readonly hasSeverities: boolean;
  /**
   * Reads lines of one log, in about one vendor request. The core calls again for more, and bounds texts and pages. Null: this job or step has
   * no log, or none yet.
   */
  getPart(job: Job, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>>;
}

/** Which lines are wanted. */
export interface LogRequest {
  /** The `JobStep.id` of the step. Null: the log of the job. */
  stepId: string | null;
  /** Where reading starts: `startOfList`, or a position that the adapter returned for the same log and `minSeverity`. */
  at: ListPosition;
  /** The maximum number of lines, at least 1. */
  count: number;
  /** Leaves out less severe lines, but none without a severity. Null: all lines. */
  minSeverity: LogSeverity | null;
}

/** Lines of a log, from the requested position on, in the vendor's order. `takeLines` creates it from the rows of a response. */
export interface LogPart {
  lines: readonly LineOfPart[];
  /** Where reading continues, after all rows that were examined. */
  next: ListPosition;
  /** False: these were the last lines for now. Lines that are written later start at `next`. */
  hasMore: boolean;
  /** Which lines the vendor leaves out or has deleted, as a sentence for callers. Null: none that the adapter can know of. */
  omission: string | null;
}

/** A line of a log. */
export interface LogLine {
  /** Null if the vendor doesn't report it. */
  loggedAt: Date | null;
  severity: LogSeverity | null;
  /** May have several lines, such as a stack trace. The core removes control sequences of terminals. */
  message: string;
  /** What wrote the line, such as a logger. Null if the vendor doesn't report it. */
  source: string | null;
  /** The `JobStep.id` of the step that wrote the line. Null: unknown, or the job has no steps. */
  stepId: string | null;
}

/** `nextRow`: the number of the row that follows, within the requested part. */
export type LineOfPart = LogLine & { nextRow: number };

const shorterLog =
  'The log has fewer lines than before: lines were deleted, or the job runs again. Omit `after` to read the log from its start.';

/**
 * The wanted lines of a response with all rows of a part. `toLine`: null for a row that is no line. `nextPart`: the part that follows; null if this
 * is the last one.
 */
export function takeLines<Row>(
  rows: readonly Row[],
  { at, count, minSeverity }: LogRequest,
  toLine: (row: Row) => LogLine | null,
  { nextPart = null, omission = null }: { nextPart?: string | null; omission?: string | null } = {},
): LogPart {
  if (at.row > rows.length) return { lines: [], next: at, hasMore: false, omission: shorterLog };
  const lines: LineOfPart[] = [];
  let row = at.row;
  for (const wanted of rows.slice(at.row)) {
    if (lines.length === count) break;
    row += 1;
    const line = toLine(wanted);
    if (line && isSevere(line.severity, minSeverity)) lines.push({ ...line, nextRow: row });
  }
  const isEnd = row === rows.length;
  const next = isEnd && nextPart !== null ? { part: nextPart, row: 0 } : { part: at.part, row };
  return { lines, next, hasMore: !isEnd || nextPart !== null, omission };
}

function isSevere(severity: LogSeverity | null, min: LogSeverity | null): boolean {
  return severity === null || min === null || logSeverities.indexOf(severity) >= logSeverities.indexOf(min);
}

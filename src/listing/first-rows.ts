import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { entryOf } from '../jobs/pair-results.ts';
import { isListed, type Problem } from '../jobs/problem.ts';
import { compareKeys, keyOf, type SortOrder } from '../reading/order.ts';
import { toCursorBinding } from './cursor.ts';
import type { CursorKeys } from './cursor-keys.ts';
import type { JobPage } from './list-jobs.ts';
import type { ListableSystem } from './listable-system.ts';
import { anyLeft, mergeRows } from './merge-rows.ts';
import { openInTurn } from './open-sources.ts';
import { createPageCursors } from './page-cursors.ts';
import { freezeReader, type ReaderState } from './source-reader.ts';
import { describeSystem, type SystemPage } from './system-page.ts';

/** The first matching jobs of one system, in order. They serve any number of pages, with those of other systems. */
export interface FirstRows {
  system: ListableSystem;
  rows: readonly FirstRow[];
  readers: readonly ReaderState[];
  /** Whether the system has more matching jobs. */
  hasMore: boolean;
}

interface FirstRow {
  job: Job;
  /** The reader of the job. */
  origin: ReaderState;
}

export interface FirstOptions {
  filter: JobFilter;
  order: SortOrder;
  /** The maximum number of rows. */
  first: number;
}

export async function readFirstRows(system: ListableSystem, options: FirstOptions, call: CallContext): Promise<FirstRows> {
  const { filter, order, first } = options;
  const readers = await openInTurn(system, { filter, order: { ...order, isBackward: false }, count: first, from: null }, call);
  const merged = await mergeRows(readers, first, false);
  const hasMore = await anyLeft(readers);
  // They are kept as long as the list has subscribers.
  const states = new Map(readers.map((reader) => [reader, freezeReader(reader, merged.filter(({ origin }) => origin === reader).length)]));
  const rows = merged.map(({ job, origin }) => ({ job, origin: entryOf(states, origin) }));
  return { system, rows, readers: [...states.values()], hasMore };
}

export function jobsOf({ rows }: FirstRows): Job[] {
  return rows.map(({ job }) => job);
}

/** The first page of these systems. Its cursors lead to the next page of the caller whose filter this is. */
export function toFirstPage(parts: readonly FirstRows[], { filter, order, first }: FirstOptions, keys: CursorKeys): JobPage {
  const { merged, hasRest } = mergeParts(parts, order, first);
  const readers = parts.flatMap((part) => part.readers);
  const rows = merged.map(({ job, origin }) => ({ origin, place: { key: keyOf(job, order), id: job.vendorId } }));
  const binding = toCursorBinding(filter, order);
  const cursors = createPageCursors({ from: null, isBackward: false, binding, keys, readers, rows, onEnd() {} });
  const complete = readers.every((reader) => reader.problem() === null);
  return {
    filter,
    jobs: merged.map(({ job }) => job),
    hasNextPage: hasRest || parts.some(({ hasMore }) => hasMore) || (!complete && rows.length > 0),
    hasPreviousPage: false,
    cursorAt: cursors.at,
    startCursor: () => (rows.length > 0 ? cursors.at(0) : null),
    endCursor: () => (rows.length > 0 ? cursors.ofEnd() : null),
    complete,
    systems: parts.map((part) => describePart(part, merged)),
  };
}

/** The state of one system on a page with rows from these readers. */
function describePart({ system, readers, rows }: FirstRows, ofPage: readonly FirstRow[]): SystemPage {
  const described = describeSystem(system, readers, ofPage, {});
  const isCut = described.status === 'END_REACHED' && described.returnedCount < rows.length;
  return isCut ? { ...described, status: 'OK' } : described;
}

/** Whether a job comes after another one in this order, or at the same time. */
export function isBehind(job: Job, other: Job, order: SortOrder): boolean {
  return compareKeys(keyOf(job, order), keyOf(other, order), order.direction) >= 0;
}

/**
 * The rows, with the earlier ones of lists that failed now: a list that can't be read doesn't lose its jobs. Problems that only leave out some
 * rows change nothing.
 */
export function keepRowsOfFailedLists(before: FirstRows, now: FirstRows, { order, first }: FirstOptions): FirstRows {
  const failed = now.readers.filter((reader) => !isReadable(reader.problem()));
  const known = new Set(before.readers.map(({ source }) => source));
  // Its name may stand for all lists of the system.
  const ofAll = failed.find(({ source }) => !known.has(source));
  const shown = new Set(jobsOf(now).map(({ id }) => id));
  const kept = before.rows.flatMap(({ job, origin: { source } }) => {
    const origin = failed.find((reader) => reader.source === source) ?? ofAll;
    return origin && !shown.has(job.id) ? [{ job, origin }] : [];
  });
  if (kept.length === 0) return now;
  const rows = [...kept, ...now.rows]
    .sort((a, b) => compareKeys(keyOf(a.job, order), keyOf(b.job, order), order.direction))
    .slice(0, first);
  return { ...now, rows };
}

function isReadable(problem: Problem | null): boolean {
  return isListed(problem) || problem?.code === 'SCAN_LIMIT_REACHED';
}

/** The first rows of all parts in order; of equal ones, those of the earlier part. `hasRest`: whether a part has more rows. */
function mergeParts(parts: readonly FirstRows[], order: SortOrder, count: number): { merged: FirstRow[]; hasRest: boolean } {
  const queues = parts.map(({ rows }) => ({ rows, taken: 0 }));
  const merged: FirstRow[] = [];
  while (merged.length < count) {
    let best: { queue: (typeof queues)[number]; row: FirstRow } | null = null;
    for (const queue of queues) {
      const row = queue.rows[queue.taken];
      if (row && (!best || compareKeys(keyOf(row.job, order), keyOf(best.row.job, order), order.direction) < 0)) best = { queue, row };
    }
    if (!best) break;
    merged.push(best.row);
    best.queue.taken += 1;
  }
  return { merged, hasRest: queues.some(({ rows, taken }) => rows.length > taken) };
}

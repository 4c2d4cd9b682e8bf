import type { CallContext } from '../jobs/adapter.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
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
  jobs: readonly Job[];
  /** The reader of each job. */
  origins: readonly ReaderState[];
  readers: readonly ReaderState[];
  /** Whether the system has more matching jobs. */
  hasMore: boolean;
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
  const { jobs, origins } = await mergeRows(readers, first, false);
  const hasMore = await anyLeft(readers);
  // They are kept as long as the list is followed.
  const states = new Map(readers.map((reader) => [reader, freezeReader(reader, origins.filter((origin) => origin === reader).length)]));
  return { system, jobs, origins: origins.map((origin) => states.get(origin) as ReaderState), readers: [...states.values()], hasMore };
}

/** The first page of these systems. Its cursors lead to the next page of the caller whose filter this is. */
export function toFirstPage(parts: readonly FirstRows[], { filter, order, first }: FirstOptions, keys: CursorKeys): JobPage {
  const { jobs, origins, taken } = mergeParts(parts, order, first);
  const readers = parts.flatMap((part) => part.readers);
  const places = jobs.map((job) => ({ key: keyOf(job, order), id: job.vendorId }));
  const binding = toCursorBinding(filter, order);
  const cursors = createPageCursors({ from: null, isBackward: false, binding, keys, readers, origins, places, onEnd() {} });
  const complete = readers.every((reader) => reader.problem() === null);
  return {
    filter,
    jobs,
    hasNextPage: parts.some((part, index) => part.hasMore || part.jobs.length > (taken[index] ?? 0)) || (!complete && jobs.length > 0),
    hasPreviousPage: false,
    cursorAt: cursors.at,
    startCursor: () => (jobs.length > 0 ? cursors.at(0) : null),
    endCursor: () => (jobs.length > 0 ? cursors.ofEnd() : null),
    complete,
    systems: parts.map((part) => describePart(part, origins)),
  };
}

/** The state of one system on a page with rows from these readers. */
export function describePart({ system, readers, jobs }: FirstRows, origins: readonly ReaderState[]): SystemPage {
  const described = describeSystem(system, readers, origins, {});
  const isCut = described.status === 'END_REACHED' && described.returnedCount < jobs.length;
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
  const shown = new Set(now.jobs.map(({ id }) => id));
  const kept = before.jobs.flatMap((job, index) => {
    const { source } = before.origins[index] as ReaderState;
    const origin = failed.find((reader) => reader.source === source) ?? ofAll;
    return origin && !shown.has(job.id) ? [{ job, origin }] : [];
  });
  if (kept.length === 0) return now;
  const rows = [...kept, ...now.jobs.map((job, index) => ({ job, origin: now.origins[index] as ReaderState }))]
    .sort((a, b) => compareKeys(keyOf(a.job, order), keyOf(b.job, order), order.direction))
    .slice(0, first);
  return { ...now, jobs: rows.map(({ job }) => job), origins: rows.map(({ origin }) => origin) };
}

function isReadable(problem: Problem | null): boolean {
  return isListed(problem) || problem?.code === 'SCAN_LIMIT_REACHED';
}

/** The first rows of all parts in order; of equal ones, those of the earlier part. `taken`: how many of each part. */
function mergeParts(parts: readonly FirstRows[], order: SortOrder, count: number) {
  const taken = parts.map(() => 0);
  const jobs: Job[] = [];
  const origins: ReaderState[] = [];
  while (jobs.length < count) {
    let best: { index: number; job: Job } | null = null;
    for (const [index, part] of parts.entries()) {
      const job = part.jobs[taken[index] ?? 0];
      if (job && (!best || compareKeys(keyOf(job, order), keyOf(best.job, order), order.direction) < 0)) best = { index, job };
    }
    if (!best) break;
    const { index, job } = best;
    jobs.push(job);
    origins.push(parts[index]?.origins[taken[index] ?? 0] as ReaderState);
    taken[index] = (taken[index] ?? 0) + 1;
  }
  return { jobs, origins, taken };
}

// Merges all systems' lists into one page: order, filters, cursors, and what is missing.

import { createPlaces, type Places } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { decodeCursor, toCursorBinding } from './cursor.ts';
import { type CursorKeys, createCursorKeys } from './cursor-keys.ts';
import type { ListOptions, PageRequest } from './list-options.ts';
import type { ListableSystem } from './listable-system.ts';
import { anyLeft, mergeRows } from './merge-rows.ts';
import { openInTurn } from './open-sources.ts';
import { createPageCursors, keepRest, type PageCursors } from './page-cursors.ts';
import type { SourceReader } from './source-reader.ts';
import { describeSystem, type SystemPage } from './system-page.ts';

/** One page of the jobs of all requested systems. */
export interface JobPage {
  filter: JobFilter;
  jobs: Job[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** The cursor of the row at this index. Computed on demand: most pages need only one. */
  cursorAt(index: number): string;
  /** Before it, the previous page ends; null if no row was returned. */
  startCursor(): string | null;
  /** After it, the next page starts; null if no row was returned. */
  endCursor(): string | null;
  /** False if rows of a requested system are or may be missing. */
  complete: boolean;
  systems: SystemPage[];
}

/** The default. */
const keysOfProcess = createCursorKeys();

/**
 * Merges the lists of all systems into one page. Null: the cursor is not one of this listing.
 * A list that fails keeps its position in the cursor, so that the next page reads it again.
 */
export async function listJobs(
  systems: readonly ListableSystem[],
  options: ListOptions,
  callTo: (system: ListableSystem) => CallContext,
  keys: CursorKeys = keysOfProcess,
): Promise<JobPage | null> {
  const request = toRequest(options, keys);
  if (!request) return null;
  const { filter, order, count, from } = request;
  const { isBackward } = order;
  const selected = selectSystems(systems, filter);
  const opened = await Promise.all(selected.map((system) => openInTurn(system, request, callTo(system))));
  const readers = opened.flat();
  const merged = await mergeRows(readers, count, isBackward);
  const rowsLeft = await anyLeft(readers);
  const rows = isBackward ? merged.toReversed() : merged;
  const cursors = createPageCursors({
    from: from?.cursor ?? null,
    isBackward,
    binding: toCursorBinding(filter, order),
    keys,
    readers,
    rows,
    onEnd: (cursor) => keepRest(cursor, { readers, isBackward }, callTo),
  });
  return {
    filter,
    jobs: rows.map(({ job }) => job),
    ...describeRange(request, { readers, rowsLeft, count: rows.length, cursors }),
    cursorAt: cursors.at,
    complete: readers.every((reader) => reader.problem() === null),
    systems: selected.map((system) => describeSystem(system, readers, rows, from?.cursor.positions ?? {})),
  };
}

/** Null: the cursor is not one of this listing. */
function toRequest(options: ListOptions, keys: CursorKeys): PageRequest | null {
  const { filter, order } = options;
  const isBackward = 'last' in options;
  const [count, text] = isBackward ? [options.last, options.before] : [options.first, options.after];
  const request = { filter, order: { ...order, isBackward }, count };
  if (text === null) return { ...request, from: null };
  const cursor = decodeCursor(text, toCursorBinding(filter, order), keys.all());
  return cursor && { ...request, from: { text, cursor } };
}

interface ReadRows {
  readers: readonly SourceReader[];
  rowsLeft: boolean;
  /** The number of rows on the page. */
  count: number;
  cursors: PageCursors;
}

/** Whether rows come before and after the page, and its cursors. */
function describeRange(
  { order: { isBackward }, from }: PageRequest,
  { readers, rowsLeft, count, cursors }: ReadRows,
): Pick<JobPage, 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor'> {
  const remedies = readers.map((reader) => reader.remedy());
  const canContinue = remedies.includes('CONTINUE');
  // The rows of a failed system are on the next page, as long as pages make progress.
  const hasMore = rowsLeft || canContinue || (remedies.includes('RETRY') && count > 0);
  // The row of the cursor is on the other side.
  const hasRowBehind = from !== null && from.cursor.row !== null;
  const edge = (): string | null => (count > 0 || canContinue ? cursors.ofEnd() : (from?.text ?? null));
  if (isBackward) {
    const endCursor = (): string | null => (count > 0 ? cursors.at(count - 1) : null);
    return { hasPreviousPage: hasMore, hasNextPage: hasRowBehind, startCursor: edge, endCursor };
  }
  const startCursor = (): string | null => (count > 0 ? cursors.at(0) : null);
  return { hasNextPage: hasMore, hasPreviousPage: hasRowBehind, startCursor, endCursor: edge };
}

/**
 * Places for the pages of one caller that are being read from one system: enough to use all of the system's places. Each page keeps its
 * rows in memory.
 */
export function createPagePlaces(concurrency: number): Places {
  return createPlaces({ perCaller: 4 * concurrency });
}

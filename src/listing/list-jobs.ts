// Merges all systems' lists into one page: order, filters, cursors, and what is missing.

import { createPlaces, type Places } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { type JobFilter, selectSystems } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { decodeCursor, toCursorBinding } from './cursor.ts';
import { type CursorKeys, createCursorKeys } from './cursor-keys.ts';
import type { ListOptions } from './list-options.ts';
import type { ListableSystem } from './listable-system.ts';
import { anyLeft, mergeRows } from './merge-rows.ts';
import { openInTurn } from './open-sources.ts';
import { createPageCursors, keepRest } from './page-cursors.ts';
import { describeSystem, type SystemPage } from './system-page.ts';

/** One page of the jobs of all requested systems. */
export interface JobPage {
  filter: JobFilter;
  jobs: Job[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** The cursor of the row at this index. Computed on demand: most pages need only the last one. */
  cursorAt(index: number): string;
  /** Where the next page starts; null only if no row was ever returned. */
  endCursor(): string | null;
  /** False if rows of a requested system are or may be missing. */
  complete: boolean;
  systems: SystemPage[];
}

/** The default. */
const keysOfProcess = createCursorKeys();

/**
 * Merges the lists of all systems into one page. Null: `after` is not a cursor of this listing.
 * A list that fails keeps its position in the cursor, so that the next page reads it again.
 */
export async function listJobs(
  systems: readonly ListableSystem[],
  options: ListOptions,
  callTo: (system: ListableSystem) => CallContext,
  keys: CursorKeys = keysOfProcess,
): Promise<JobPage | null> {
  const { filter, order, first, after } = options;
  const binding = toCursorBinding(filter, order);
  const positions = after === null ? {} : decodeCursor(after, binding, keys.all());
  if (!positions) return null;

  const selected = selectSystems(systems, filter);
  const opened = await Promise.all(selected.map((system) => openInTurn(system, options, positions, callTo(system))));
  const readers = opened.flat();
  const { jobs, origins } = await mergeRows(readers, order, first);
  const rowsLeft = await anyLeft(readers);
  const remedies = readers.map((reader) => reader.remedy());
  const canContinue = remedies.includes('CONTINUE');
  const cursors = createPageCursors({
    positions,
    binding,
    keys,
    readers,
    origins,
    onLast: (cursor) => keepRest(cursor, readers, callTo),
  });
  return {
    filter,
    jobs,
    // The rows of a failed system are on the next page, as long as pages make progress.
    hasNextPage: rowsLeft || canContinue || (remedies.includes('RETRY') && jobs.length > 0),
    hasPreviousPage: after !== null,
    cursorAt: cursors.at,
    endCursor: () => (jobs.length > 0 || canContinue ? cursors.ofLast() : after),
    complete: readers.every((reader) => reader.problem() === null),
    systems: selected.map((system) => describeSystem(system, readers, origins, positions)),
  };
}

/**
 * Places for the pages of one caller that are being read from one system: enough to use all of the system's places. Each page keeps its
 * rows in memory.
 */
export function createPagePlaces(concurrency: number): Places {
  return createPlaces({ perCaller: 4 * concurrency });
}

// Making one page of all systems' lists: order, filters, cursors, and what is missing.

import { createPlaces, type Places } from '../concurrency/places.ts';
import type { CallContext } from '../jobs/adapter.ts';
import { selectSystems } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { decodeCursor, toCursorBinding } from './cursor.ts';
import { type CursorKeys, createCursorKeys } from './cursor-keys.ts';
import type { ListOptions } from './list-options.ts';
import type { ListableSystem } from './listable-system.ts';
import { anyLeft, mergeRows } from './merge-rows.ts';
import { openInTurn } from './open-sources.ts';
import { createPageCursors } from './page-cursors.ts';
import { describeSystem, type SystemPage } from './system-page.ts';

/** One page over all systems asked for. */
export interface JobPage {
  jobs: Job[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** The cursor of the row at this index. Computed when asked for: most pages need only the last one. */
  cursorAt(index: number): string;
  /** Where the next page starts; null only where no row was ever handed out. */
  endCursor(): string | null;
  /** False where a system that was asked is missing, or shows less than it has. */
  complete: boolean;
  systems: SystemPage[];
}

/** Where none are given. */
const keysOfProcess = createCursorKeys();

/**
 * Merges the lists of all systems into one page. Null: `after` is no cursor of this listing.
 * A list that fails keeps its position in the cursor, so that the next page asks it again.
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

  const asked = selectSystems(systems, filter);
  const opened = await Promise.all(asked.map((system) => openInTurn(system, options, positions, callTo(system))));
  const readers = opened.flat();
  const { jobs, origins } = await mergeRows(readers, order, first);
  const rowsLeft = await anyLeft(readers);
  const remedies = readers.map((reader) => reader.remedy());
  const goesOn = remedies.includes('GO_ON');
  const cursors = createPageCursors({ positions, binding, keys, readers, origins, callTo });
  return {
    jobs,
    // Rows that a failed system still has come with the next page, as long as paging gets anywhere.
    hasNextPage: rowsLeft || goesOn || (remedies.includes('ASK_AGAIN') && jobs.length > 0),
    hasPreviousPage: after !== null,
    cursorAt: cursors.at,
    endCursor: () => (jobs.length > 0 || goesOn ? cursors.ofLast() : after),
    complete: readers.every((reader) => reader.problem() === null),
    systems: asked.map((system) => describeSystem(system, readers, origins, positions)),
  };
}

/** For pages of one caller that begin to be read from one system: as many as keep all its places busy, as each holds what it has read. */
export function createPagePlaces(concurrency: number): Places {
  return createPlaces({ perCaller: 4 * concurrency });
}

import type { Job } from '../jobs/job.ts';
import { type Bound, compareRanks } from './row.ts';
import type { SourceReader } from './source-reader.ts';

/** The first rows of all lists, in the order in which they are read. */
export interface MergedRows {
  jobs: Job[];
  /** The reader of each job, from which its cursor can be computed later. */
  origins: SourceReader[];
  places: RowPlace[];
}

/** The place of a row in its list. */
export interface RowPlace extends Bound {
  id: string;
}

/**
 * Takes the next rows of all lists, at most `count`. Reads more of a list only if its next row is needed to determine the order. `isBackward`:
 * whether the lists are read from their last row to their first one.
 */
export async function mergeRows(readers: readonly SourceReader[], count: number, isBackward: boolean): Promise<MergedRows> {
  const merged: MergedRows = { jobs: [], origins: [], places: [] };
  // Of equal rows, those of an earlier list come first.
  const inOrder = isBackward ? readers.toReversed() : readers;
  let exhausted: SourceReader | undefined;
  while (merged.jobs.length < count) {
    await exhausted?.fill();
    const reader = firstOf(inOrder);
    const row = reader?.head();
    if (!reader || !row) break;
    merged.places.push({ key: row.key, id: row.listed.vendorId });
    merged.jobs.push(reader.take());
    merged.origins.push(reader);
    exhausted = !reader.head() && reader.hasMore() ? reader : undefined;
  }
  return merged;
}

/** The reader whose next row comes first; of equal rows the earlier reader, so that pages are deterministic. */
function firstOf(readers: readonly SourceReader[]): SourceReader | undefined {
  let best: SourceReader | undefined;
  for (const reader of readers) {
    const row = reader.head();
    const bestRow = best?.head();
    if (row && (!bestRow || compareRanks(row.rank, bestRow.rank) < 0)) best = reader;
  }
  return best;
}

/** Whether the next page has rows. Reads more only if the known rows and the vendor's own filter don't decide it. */
export async function anyLeft(readers: readonly SourceReader[]): Promise<boolean> {
  if (readers.some((reader) => reader.head() !== undefined || reader.hasMoreForCertain())) return true;
  for (const reader of readers) {
    if (reader.hasMore()) await reader.fill();
    if (reader.head()) return true;
  }
  return false;
}

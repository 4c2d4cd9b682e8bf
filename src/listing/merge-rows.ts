import type { Job } from '../jobs/job.ts';
import { type Bound, compareRanks } from './row.ts';
import type { SourceReader } from './source-reader.ts';

/** A row of a page. */
export interface MergedRow {
  job: Job;
  /** The reader of the job, from which its cursor can be computed later. */
  origin: SourceReader;
  place: RowPlace;
}

/** The place of a row in its list. */
export interface RowPlace extends Bound {
  id: string;
}

/**
 * Takes the next rows of all lists, at most `count`, in the order in which they are read. Reads more of a list only if its next row is needed to determine the order. `isBackward`:
 * whether the lists are read from their last row to their first one.
 */
export async function mergeRows(readers: readonly SourceReader[], count: number, isBackward: boolean): Promise<MergedRow[]> {
  const merged: MergedRow[] = [];
  // Of equal rows, those of an earlier list come first.
  const inOrder = isBackward ? readers.toReversed() : readers;
  let exhausted: SourceReader | undefined;
  while (merged.length < count) {
    await exhausted?.fill();
    const reader = firstOf(inOrder);
    const row = reader?.head();
    if (!reader || !row) break;
    merged.push({ job: reader.take(), origin: reader, place: { key: row.key, id: row.listed.vendorId } });
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

import type { JobOrder } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { compareKeys } from '../reading/order.ts';
import type { SourceReader } from './source-reader.ts';

/** The first rows of all lists, in order. */
export interface MergedRows {
  jobs: Job[];
  /** The reader of each job, from which its cursor can be computed later. */
  origins: SourceReader[];
}

/** Takes the next rows of all lists, at most `count`. Reads more of a list only if its next row is needed to determine the order. */
export async function mergeRows(readers: readonly SourceReader[], order: JobOrder, count: number): Promise<MergedRows> {
  const jobs: Job[] = [];
  const origins: SourceReader[] = [];
  let exhausted: SourceReader | undefined;
  while (jobs.length < count) {
    await exhausted?.fill();
    const reader = firstOf(readers, order);
    if (!reader) break;
    jobs.push(reader.take());
    origins.push(reader);
    exhausted = !reader.head() && reader.hasMore() ? reader : undefined;
  }
  return { jobs, origins };
}

/** The reader whose next row comes first; of equal rows the earlier reader, so that pages are deterministic. */
function firstOf(readers: readonly SourceReader[], order: JobOrder): SourceReader | undefined {
  let best: SourceReader | undefined;
  for (const reader of readers) {
    const row = reader.head();
    const bestRow = best?.head();
    if (row && (!bestRow || compareKeys(row.key, bestRow.key, order.direction) < 0)) best = reader;
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

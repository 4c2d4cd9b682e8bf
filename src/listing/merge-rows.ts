import type { JobOrder } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { compareKeys } from '../reading/order.ts';
import type { SourceReader } from './source-reader.ts';

/** The first rows of all lists, in order. */
export interface MergedRows {
  jobs: Job[];
  /** The reader that each job came from: with it any row's cursor can be told later. */
  origins: SourceReader[];
}

/** Takes the next rows of all lists, at most `count`. A list is read on only when its next row is needed to tell what comes next. */
export async function mergeRows(readers: readonly SourceReader[], order: JobOrder, count: number): Promise<MergedRows> {
  const jobs: Job[] = [];
  const origins: SourceReader[] = [];
  let dry: SourceReader | undefined;
  while (jobs.length < count) {
    await dry?.fill();
    const reader = firstOf(readers, order);
    if (!reader) break;
    jobs.push(reader.take());
    origins.push(reader);
    dry = !reader.head() && reader.hasMore() ? reader : undefined;
  }
  return { jobs, origins };
}

/** The reader whose next row comes first; of equals the earlier reader, so that every run gives the same page. */
function firstOf(readers: readonly SourceReader[], order: JobOrder): SourceReader | undefined {
  let best: SourceReader | undefined;
  for (const reader of readers) {
    const row = reader.head();
    const bestRow = best?.head();
    if (row && (!bestRow || compareKeys(row.key, bestRow.key, order.direction) < 0)) best = reader;
  }
  return best;
}

/** Whether a further page has rows. Reads on only where the rows at hand and the vendor's own filter can't tell. */
export async function anyLeft(readers: readonly SourceReader[]): Promise<boolean> {
  if (readers.some((reader) => reader.head() !== undefined || reader.hasMoreForCertain())) return true;
  for (const reader of readers) {
    if (reader.hasMore()) await reader.fill();
    if (reader.head()) return true;
  }
  return false;
}

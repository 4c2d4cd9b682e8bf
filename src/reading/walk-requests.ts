import type { ListPage } from '../jobs/adapter.ts';
import { asReadProblem, createProblem } from '../jobs/problem.ts';
import { gapMessages } from './gap-messages.ts';
import { fallsShort } from './part-progress.ts';
import { isContiguous, type ListWalkOptions, noteLeftOut, type WalkState } from './walk-state.ts';

/** Reads the next response of a walk, which overlaps the rows that were read before. Null: see `walk.problem`. */
export async function readWhole(walk: WalkState, options: ListWalkOptions): Promise<ListPage | null> {
  const page = await readContiguous(walk, options);
  if (!page || !fallsShort(page)) return page;
  return readShortPageAgain(walk, page, options);
}

/** Reads the next response, and reads back while rows may have moved in front of it. */
async function readContiguous(walk: WalkState, options: ListWalkOptions): Promise<ListPage | null> {
  const { progress } = walk;
  const { pageSize, grows } = options;
  const wanted = grows ? Math.max(pageSize, walk.rowsRead) : pageSize;
  const count = Math.max(0, progress.end - progress.resumeRow) + wanted;
  let row = progress.resumeRow;
  let page = await read(walk, row, count, options);
  for (let back = Math.min(count, walk.maxCount); page && !isContiguous(walk, page); back *= 2) {
    if (row === 0) {
      walk.problem = createProblem('INVALID_VENDOR_RESPONSE', gapMessages.otherRows(walk, page.firstRow));
      return null;
    }
    row = Math.max(0, Math.min(row, page.firstRow) - back);
    page = await read(walk, row, count + back, options);
  }
  return page;
}

/** If a response has fewer rows than its total implies, reads it once more, requesting as many rows as it had. */
async function readShortPageAgain(walk: WalkState, page: ListPage, options: ListWalkOptions): Promise<ListPage | null> {
  const { progress } = walk;
  progress.fellShort = true;
  // Either the vendor returns no more rows at once, or it leaves out rows: then this response is short, too.
  const again = await read(walk, page.firstRow, page.rows.length || (page.limit ?? options.pageSize), options);
  if (!again) return null;
  progress.totalChanged ||= again.total !== page.total;
  if (fallsShort(again)) noteLeftOut(walk, again);
  else if (page.rows.length > 0) walk.maxCount = Math.min(walk.maxCount, page.rows.length);
  return again.rows.length >= page.rows.length && isContiguous(walk, again) ? again : page;
}

async function read(walk: WalkState, row: number, count: number, { source, call }: ListWalkOptions): Promise<ListPage | null> {
  const page = await source.readPage({ part: walk.part, row }, Math.min(count, walk.maxCount), call);
  if (!page.ok) {
    walk.problem = asReadProblem(page.problem);
    return null;
  }
  walk.rowsRead += page.value.rows.length;
  return page.value;
}

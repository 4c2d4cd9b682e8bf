import { allJobs, type CallContext, type JobSystemAdapter, type ListedJob } from '../jobs/adapter.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { createListWalk } from './list-walk.ts';
import { queueLists } from './open-lists.ts';

/** Jobs that were searched for in a system's lists. */
export interface FoundInLists {
  found: Map<string, ListedJob>;
  /** Why a job that was not found may still exist; null: all lists were read completely. */
  obstacle: Problem | null;
}

const pageSize = 500;

/** Reads all lists of a system until the jobs are found, but at most `maxRows` rows. */
export async function findInLists(
  { systemId, adapter, maxRows }: { systemId: string; adapter: JobSystemAdapter; maxRows: number },
  vendorIds: readonly string[],
  call: CallContext,
): Promise<FoundInLists> {
  const wanted = new Set(vendorIds);
  const found = new Map<string, ListedJob>();
  let obstacle: Problem | null = null;
  let rowsLeft = maxRows;
  const queue = await queueLists(adapter, allJobs, call);
  for (let source = queue.next(); source && found.size < wanted.size; source = queue.next()) {
    const walk = createListWalk({ systemId, source, query: allJobs, call, pageSize, grows: false });
    while (found.size < wanted.size && rowsLeft > walk.rowsRead()) {
      const page = await walk.next();
      if (!page) break;
      for (const row of page.jobs) if (wanted.has(row.vendorId)) found.set(row.vendorId, row);
    }
    rowsLeft -= walk.rowsRead();
    if (walk.problem() && (await queue.replace(source))) continue;
    obstacle ??= walk.problem() ?? walk.gap() ?? (walk.hasEnded() ? null : tooManyRows(systemId, maxRows));
  }
  return { found, obstacle: found.size < wanted.size ? obstacle : null };
}

function tooManyRows(systemId: string, maxRows: number): Problem {
  const message = `${systemId} can't read jobs by ID, and the first ${maxRows} rows of its lists don't contain this job. Raise scanLimit.`;
  return createProblem('SCAN_LIMIT_REACHED', message);
}

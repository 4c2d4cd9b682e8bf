import type { CallContext } from '../jobs/adapter.ts';
import { createMatcher, type JobFilter, toQuery } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { fail, type Problem, type Result, succeed } from '../jobs/problem.ts';
import { listsOf } from '../reading/lists-of.ts';
import { queueLists } from '../reading/open-lists.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import { listOnlyCodes, scanOrderOf, walkRows } from './walk-rows.ts';

/**
 * All matching jobs of one system, in parts. Only one page is in memory at a time. A job that is listed twice may be returned twice.
 * Ends with the first problem, if any: jobs are then missing. If one list is denied or unreadable, the jobs of the other lists are still
 * returned. If the system fails, nothing more is read.
 */
export async function* iterateJobs(system: ReadableSystem, filter: JobFilter, call: CallContext): AsyncGenerator<Result<Job[]>, void> {
  const query = toQuery(system, filter, scanOrderOf(filter));
  if (!query) return;
  const matches = createMatcher(system, filter, query);
  const queue = await queueLists(listsOf(system, query), query, call);
  let failure: Problem | null = null;
  for (let source = queue.next(); source; source = queue.next()) {
    for await (const rows of walkRows(source, { system, query, call })) {
      if (rows.ok) yield succeed(system.reader.takeFromList(rows.value, call).filter(matches));
      else if (listOnlyCodes.has(rows.problem.code)) failure ??= (await queue.replace(source)) ? null : rows.problem;
      else return yield rows;
    }
  }
  if (failure) yield fail(failure);
}

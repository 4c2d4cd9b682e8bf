import type { CallContext, ListedJob, ListSource, OddRow } from '../jobs/adapter.ts';
import type { SystemQuery } from '../jobs/filter.ts';
import { fail, type Problem, succeed } from '../jobs/problem.ts';
import type { Lists } from './open-lists.ts';
import type { ReadableSystem } from './readable-system.ts';
import { toRow } from './row-of-copy.ts';

/** The lists that answer a query: the adapter's, or, for a query by ID, one list of the jobs with these IDs. */
export function listsOf(system: ReadableSystem, { vendorIds }: Pick<SystemQuery, 'vendorIds'>): Lists {
  return vendorIds === null ? system.adapter : { listJobs: () => [createListOfIds(system, vendorIds)] };
}

/** A list of the jobs with these IDs, in one response. An ID without a job has no row; a job that can't be read is an odd row. */
function createListOfIds({ reader }: ReadableSystem, vendorIds: readonly string[]): ListSource {
  return {
    name: 'ids',
    order: { by: 'FIXED' },
    exact: false,
    numbered: false,
    async readPage(_at, _count, call: CallContext) {
      const rows: (ListedJob | OddRow)[] = [];
      let problem: Problem | null = null;
      for (const read of await reader.read(vendorIds, call)) {
        if (read.kind === 'job') rows.push(toRow(read.job));
        else if (read.kind === 'problem') {
          rows.push({ job: null, problem: read.problem });
          problem ??= read.problem;
        }
      }
      // The problem of all jobs is the system's.
      if (problem && !rows.some((row) => 'copy' in row)) return fail(problem);
      return succeed({ rows, firstRow: 0, limit: null, total: null, nextPart: null, frontier: null });
    },
  };
}

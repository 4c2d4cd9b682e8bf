import type { ListSource } from '../../../jobs/adapter.ts';
import { fail, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toListRows } from './map.ts';

/** The only list: the whole cluster in one unsorted response. Kinetica has no filters, order, paging, or count. */
export function createListSources({ systemId, calls }: { systemId: string; calls: Calls }): ListSource[] {
  const jobs: ListSource = {
    name: 'jobs',
    order: { by: 'FIXED' },
    exact: false,
    numbered: false,
    async readPage(_at, _count, call) {
      const reply = await calls.showJobs(call);
      if (reply.kind !== 'value') return fail(reply.problem);
      return succeed({
        rows: toListRows(systemId, reply.value, null),
        firstRow: 0,
        limit: null,
        total: null,
        nextPart: null,
        frontier: null,
      });
    },
  };
  return [jobs];
}

import type { Call, ListSource, ReadResult } from '../../jobs/adapter.ts';
import { fail, succeed } from '../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toJobs } from './map.ts';

/** The one list: the whole cluster in one unsorted answer. The vendor knows no filter, no order, no paging and no count. */
export function createListSource(calls: Calls): ListSource {
  return {
    name: 'jobs',
    order: { by: 'FIXED' },
    exact: false,
    numbered: false,
    async readPage(_at, _count, call) {
      const reply = await calls.showJobs(call);
      if (reply.kind !== 'value') return fail(reply.problem);
      return succeed({ rows: toJobs(reply.value, null), firstRow: 0, limit: null, total: null, nextPart: null, frontier: null });
    },
  };
}

/** Any number of jobs, picked from one listing: nothing else shows a job that runs synchronously. */
export async function getJobs(calls: Calls, vendorIds: readonly string[], call: Call): Promise<ReadResult[]> {
  const reply = await calls.showJobs(call);
  if (reply.kind !== 'value') return vendorIds.map(() => ({ kind: 'problem', problem: reply.problem }));
  const jobs = new Map(toJobs(reply.value, new Set(vendorIds)).map((job) => [job.vendorId, job]));
  return vendorIds.map((id) => {
    const job = jobs.get(id);
    return job ? { kind: 'job', job } : { kind: 'absent' };
  });
}

import type { Call, ReadResult } from '../../jobs/adapter.ts';
import type { JobFields } from '../../jobs/job.ts';
import { createProblem } from '../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toListRows } from './map.ts';

/** Any number of jobs, picked from one list: nothing else shows a job that runs synchronously. */
export async function getJobs(systemId: string, calls: Calls, vendorIds: readonly string[], call: Call): Promise<ReadResult[]> {
  const reply = await calls.showJobs(call);
  if (reply.kind !== 'value') return vendorIds.map(() => ({ kind: 'problem', problem: reply.problem }));
  const jobs = new Map<string, JobFields>();
  // A job that seems to be missing may be the one whose id can't be read.
  let missing: ReadResult = { kind: 'absent' };
  for (const row of toListRows(systemId, reply.value, new Set(vendorIds))) {
    const job = 'problem' in row ? row.job : row;
    if (job) jobs.set(job.vendorId, job);
    else missing = { kind: 'problem', problem: createProblem('BAD_VENDOR_ANSWER', unreadableIds(systemId)) };
  }
  return vendorIds.map((id) => {
    const job = jobs.get(id);
    return job ? { kind: 'job', job } : missing;
  });
}

function unreadableIds(systemId: string): string {
  return `${systemId} doesn't list this job by a readable ID, but it lists jobs with IDs that are no integers: whether this job exists is not known.`;
}

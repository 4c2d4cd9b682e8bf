import { type CallContext, isOddRow, type ListedJob, type ReadResult } from '../../../jobs/adapter.ts';
import { createProblem } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { splitVendorId } from './job-id.ts';
import { toListRows, toTaggedJob } from './map.ts';

/** Reads all untagged jobs with one request, and each tagged job with its own request. */
export async function getJobs(
  { systemId, calls }: { systemId: string; calls: Calls },
  vendorIds: readonly string[],
  call: CallContext,
): Promise<ReadResult[]> {
  const untagged = vendorIds.filter((vendorId) => splitVendorId(vendorId).tag === null);
  const listed = untagged.length > 0 ? findListed(systemId, calls, untagged, call) : null;
  return Promise.all(
    vendorIds.map(async (vendorId) => {
      const { tag } = splitVendorId(vendorId);
      return tag === null && listed ? (await listed)(vendorId) : getTaggedJob(calls, vendorId, call);
    }),
  );
}

/** Finds the jobs in one list: no other endpoint shows a synchronous job. */
async function findListed(
  systemId: string,
  calls: Calls,
  vendorIds: readonly string[],
  call: CallContext,
): Promise<(vendorId: string) => ReadResult> {
  const reply = await calls.showJobs(call);
  if (reply.kind !== 'value') return () => ({ kind: 'problem', problem: reply.problem });
  const jobs = new Map<string, ListedJob>();
  // A job that seems to be missing may be the one with an unreadable ID.
  let missing: ReadResult = { kind: 'notFound' };
  for (const row of toListRows(systemId, reply.value, new Set(vendorIds))) {
    const job = isOddRow(row) ? row.job : row;
    if (job) jobs.set(job.vendorId, job);
    else missing = { kind: 'problem', problem: createProblem('INVALID_VENDOR_RESPONSE', unreadableIds(systemId)) };
  }
  return (vendorId) => {
    const job = jobs.get(vendorId);
    return job ? { kind: 'job', job: job.toFields() } : missing;
  };
}

function unreadableIds(systemId: string): string {
  return `${systemId} doesn't list this job, but lists jobs with unreadable IDs, so this job may exist.`;
}

async function getTaggedJob(calls: Calls, vendorId: string, call: CallContext): Promise<ReadResult> {
  const reply = await calls.getJob(splitVendorId(vendorId), call);
  if (reply.kind === 'value') return { kind: 'job', job: toTaggedJob(vendorId, reply.value) };
  return reply.kind === 'rejected' && reply.isJobNotFound ? { kind: 'notFound' } : { kind: 'problem', problem: reply.problem };
}

import type { CallContext, ReadResult } from '../../../jobs/adapter.ts';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** Reads each job with its own request: AODocs has none for several jobs. */
export function getJobs({ calls }: { calls: Calls }, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  return Promise.all(vendorIds.map((vendorId) => getJob(calls, vendorId, call)));
}

async function getJob(calls: Calls, vendorId: string, call: CallContext): Promise<ReadResult> {
  const reply = await calls.getJob(vendorId, call);
  switch (reply.kind) {
    case 'value':
      return { kind: 'job', job: toJobFields(reply.value, vendorId) };
    case 'notFound':
      return reply;
    case 'rejected':
    case 'failed':
      return { kind: 'problem', problem: reply.problem };
  }
}

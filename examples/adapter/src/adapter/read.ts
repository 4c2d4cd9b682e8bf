import type { CallContext, ReadResult } from 'jobyard/adapter';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** Reads each run with its own request. */
export function getJobs(calls: Calls, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  return Promise.all(vendorIds.map((vendorId) => getJob(calls, vendorId, call)));
}

async function getJob(calls: Calls, vendorId: string, call: CallContext): Promise<ReadResult> {
  const reply = await calls.getRun(vendorId, call);
  if (reply.kind !== 'value') return { kind: 'problem', problem: reply.problem };
  return reply.value ? { kind: 'job', job: toJobFields(reply.value) } : { kind: 'notFound' };
}

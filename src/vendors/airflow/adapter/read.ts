import { type CallContext, isOddRow, type ReadResult } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import type { Reply } from './calls.ts';
import { splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { toListRow } from './map.ts';
import type { RunRow } from './wire.ts';

/** Reads each run by its DAG and its own ID. */
export function getJobs(reads: Reads, vendorIds: readonly string[], call: CallContext): Promise<ReadResult[]> {
  return Promise.all(
    vendorIds.map(async (vendorId) => toReadResult(reads, vendorId, await reads.calls.getRun(splitVendorId(vendorId), call))),
  );
}

export function toReadResult({ systemId, webUrl }: Omit<Reads, 'calls'>, vendorId: string, reply: Reply<RunRow>): ReadResult {
  if (reply.kind !== 'value') {
    return reply.kind === 'rejected' && reply.isRunAbsent ? { kind: 'notFound' } : { kind: 'problem', problem: reply.problem };
  }
  const row = toListRow(reply.value, { systemId, webUrl, index: 0 });
  const job = isOddRow(row) ? row.job : row;
  if (job?.vendorId === vendorId) return { kind: 'job', job: job.toFields() };
  return { kind: 'problem', problem: isOddRow(row) ? row.problem : describeOtherRun(systemId) };
}

export function describeOtherRun(systemId: string): Problem {
  return createProblem('INVALID_VENDOR_RESPONSE', `${systemId} returned another run than the requested one.`);
}

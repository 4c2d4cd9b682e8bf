import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobProgress } from '../../../jobs/job.ts';
import { type Result, succeed } from '../../../jobs/problem.ts';
import { toResult } from '../../../transport/reply.ts';
import { type Calls, isNotKept } from './calls.ts';
import { splitVendorId } from './job-id.ts';
import { toProgress } from './map.ts';

/** The progress of an asynchronous job. Null: Kinetica has no progress for the job, or no longer has the job. */
export async function getProgress({ calls }: { calls: Calls }, { vendorId }: Job, call: CallContext): Promise<Result<JobProgress | null>> {
  const reply = await calls.getJob(splitVendorId(vendorId), call);
  if (reply.kind === 'value') return succeed(toProgress(reply.value));
  return isNotKept(reply) ? succeed(null) : toResult(reply);
}

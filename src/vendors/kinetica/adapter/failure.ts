import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobFailure } from '../../../jobs/job.ts';
import { type Result, succeed } from '../../../jobs/problem.ts';
import { toResult } from '../../../transport/reply.ts';
import { type Calls, isNotKept } from './calls.ts';
import { splitVendorId } from './job-id.ts';
import { toFailure } from './map.ts';

/** Why an asynchronous job failed. Null: the cluster gives no reason, or no longer has the job. */
export async function getFailure({ calls }: { calls: Calls }, { vendorId }: Job, call: CallContext): Promise<Result<JobFailure | null>> {
  const reply = await calls.getJob(splitVendorId(vendorId), call);
  if (reply.kind === 'value') return succeed(toFailure(reply.value));
  return isNotKept(reply) ? succeed(null) : toResult(reply);
}

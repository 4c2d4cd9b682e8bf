import type { ActionResponse, ActionSupport, CallContext } from '../../../jobs/adapter.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** POST /job/v1/{jobId}/cancel names one job, wants an administrator of its library, and answers with the job. */
export const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['RUNNING'],
  maxBatchSize: 1,
  asynchronous: false,
  safeToRetry: true,
  requestSize: 1,
  readBeforeAction: false,
  // The answer's own copy of the job tells; what it means that it is not CANCELLED yet is not documented.
  acceptedState: null,
  unchangedOutcome: 'PENDING',
};

/** A job that has ended is refused (412 is likely, but not documented): then it has to be read again to see why. */
export async function cancelJob(calls: Calls, jobId: string, call: CallContext): Promise<ActionResponse> {
  const reply = await calls.cancelJob(jobId, call);
  switch (reply.kind) {
    case 'value':
      return { kind: 'accepted', job: toJobFields(reply.value, jobId) };
    case 'failed':
      return toUncertain(reply);
    case 'notFound':
    case 'rejected':
      return reply;
  }
}

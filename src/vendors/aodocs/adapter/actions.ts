import { type ActionResponse, type ActionSupport, type ActionTarget, type CallContext, unsupportedAction } from '../../../jobs/adapter.ts';
import type { JobAction } from '../../../jobs/job.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** POST /job/v1/{jobId}/cancel names one job, wants an administrator of its library, and answers with the job. */
const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['RUNNING'],
  maxBatchSize: 1,
  asynchronous: false,
  safeToRetry: true,
  requestSize: 1,
  readBeforeAction: false,
  // The answer's own copy of the job tells; what it means that it is not CANCELLED yet is not documented.
  acceptedState: null,
  unchangedOutcome: 'ACCEPTED',
};

export const actionSupport: Readonly<Record<JobAction, ActionSupport>> = {
  CANCEL: cancelSupport,
  PAUSE: unsupportedAction,
  RESUME: unsupportedAction,
  RESTART: unsupportedAction,
  START: unsupportedAction,
};

/** Cancels each job by a request of its own. */
export function performAction({ calls }: { calls: Calls }, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]> {
  return Promise.all(targets.map(({ vendorId }) => cancelJob(calls, vendorId, call)));
}

/** A job that has ended is refused (412 is likely, but not documented): then it has to be read again to see why. */
async function cancelJob(calls: Calls, jobId: string, call: CallContext): Promise<ActionResponse> {
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

import { type ActionResponse, type ActionSupport, type ActionTarget, type CallContext, unsupportedAction } from '../../../jobs/adapter.ts';
import type { JobAction } from '../../../jobs/job.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** POST /job/v1/{jobId}/cancel cancels one job, requires an administrator of its library, and returns the job. */
const cancelSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['RUNNING'],
  maxBatchSize: 1,
  asynchronous: false,
  safeToRetry: true,
  requestSize: 1,
  readBeforeAction: false,
  // The job in the response shows the state. AODocs doesn't document what it means if that is not CANCELLED.
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

/** Cancels each job with its own request. */
export function performAction({ calls }: { calls: Calls }, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]> {
  return Promise.all(targets.map(({ vendorId }) => cancelJob(calls, vendorId, call)));
}

/** AODocs rejects the cancel of an ended job (probably with 412, which is not documented). The core then reads the job to find out why. */
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

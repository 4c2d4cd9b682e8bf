import {
  type ActionResponse,
  type ActionSupport,
  type ActionTarget,
  type CallContext,
  type JobAction,
  toUncertain,
  unsupportedAction,
} from 'jobyard/adapter';
import type { Calls } from './calls.ts';
import { toJobFields } from './map.ts';

/** POST /v1/runs/{id}/stop. A waiting run is stopped at once; a running one stops later. */
const stopSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['QUEUED', 'RUNNING'],
  maxBatchSize: 1,
  asynchronous: (before) => before?.status !== 'QUEUED',
  // Nightrun rejects the second stop.
  safeToRetry: true,
  requestSize: 1,
  readBeforeAction: false,
  // The response contains the run.
  acceptedState: null,
  unchangedOutcome: 'VENDOR_REJECTED',
};

export const actionSupport: Readonly<Record<JobAction, ActionSupport>> = {
  CANCEL: stopSupport,
  PAUSE: unsupportedAction,
  RESUME: unsupportedAction,
  RESTART: unsupportedAction,
  START: unsupportedAction,
};

export function performAction(calls: Calls, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]> {
  return Promise.all(targets.map(({ vendorId }) => stopRun(calls, vendorId, call)));
}

async function stopRun(calls: Calls, vendorId: string, call: CallContext): Promise<ActionResponse> {
  const reply = await calls.stopRun(vendorId, call);
  switch (reply.kind) {
    case 'value':
      return reply.value ? { kind: 'accepted', job: toJobFields(reply.value) } : { kind: 'notFound' };
    case 'rejected':
      return reply;
    case 'failed':
      // Never a failure if Nightrun may have performed it: the core then reads the run.
      return toUncertain(reply);
  }
}

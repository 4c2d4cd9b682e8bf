import { type ActionResponse, type ActionSupport, type ActionTarget, type CallContext, unsupportedAction } from '../../../jobs/adapter.ts';
import type { JobAction } from '../../../jobs/job.ts';
import { pairResults } from '../../../jobs/pair-results.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { mayBeCarriedOut } from '../../../transport/failures.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls } from './calls.ts';
import type { CancellingJobs } from './cancelling-jobs.ts';
import { isProcessed, type VaultReply } from './envelope.ts';
import { describeError, describeUnread, isServerError } from './errors.ts';
import { hasRun } from './map.ts';
import { type Rejection, toRejection } from './rejection.ts';
import { hasCancelJob, mayRepeatStart } from './settings.ts';
import { type CancelItem, cancelSchema, startSchema } from './wire.ts';

/** Cancel Job: responds job by job. Success means that the cancellation started and "will not fail". */
const cancelSupport: ActionSupport = {
  support: 'NATIVE_BATCH',
  allowedStatuses: ['SCHEDULED', 'QUEUED', 'RUNNING'],
  // Cancel Job guarantees it for SCHEDULED only.
  uncertain: {
    statuses: ['QUEUED', 'RUNNING'],
    reason: 'Vault can cancel QUEUED and RUNNING jobs of some types only, and no read shows which. Cancel the job to find out.',
  },
  maxBatchSize: 500,
  asynchronous: true,
  safeToRetry: true,
  requestSize: 500,
  readBeforeAction: false,
  acceptedState: { status: 'CANCELLING', vendorStatus: 'CANCELLING' },
  unchangedOutcome: 'ACCEPTED',
};

/** Start Job: a scheduled job runs now instead of its next planned run. Before 26.2, a repeated request could use up two runs. */
const startSupport: ActionSupport = {
  support: 'ONE_BY_ONE',
  allowedStatuses: ['SCHEDULED'],
  maxBatchSize: 1,
  asynchronous: true,
  safeToRetry: false,
  requestSize: 1,
  readBeforeAction: true,
  acceptedState: null,
  unchangedOutcome: 'ACCEPTED',
  // A job that was canceled, or failed without running, shows no start: after a lost response that proves nothing.
  tookEffect: (_before, { status, vendorStatus }) =>
    status === 'QUEUED' || status === 'RUNNING' || status === 'SUCCEEDED' || (status === 'FAILED' && hasRun(vendorStatus)),
};

/** The actions of this version of the API. */
export function createActionSupport(version: string): Readonly<Record<JobAction, ActionSupport>> {
  return {
    CANCEL: hasCancelJob(version) ? cancelSupport : unsupportedAction,
    START: mayRepeatStart(version) ? { ...startSupport, safeToRetry: true } : startSupport,
    PAUSE: unsupportedAction,
    RESUME: unsupportedAction,
    RESTART: unsupportedAction,
  };
}

interface ActionParts {
  systemId: string;
  calls: Calls;
  cancelling: Pick<CancellingJobs, 'record'>;
}

/** Cancels the jobs in one request, or starts each with its own request. Without jobs, sends nothing. */
export async function performAction(
  { systemId, calls, cancelling }: ActionParts,
  action: JobAction,
  targets: readonly ActionTarget[],
  call: CallContext,
): Promise<ActionResponse[]> {
  if (targets.length === 0) return [];
  if (action !== 'CANCEL') return Promise.all(targets.map(({ vendorId }) => startJob(systemId, calls, vendorId, call)));
  const answers = await cancelJobs(systemId, calls, targets, call);
  cancelling.record(pairResults(targets, answers).flatMap(([{ vendorId }, { kind }]) => (kind === 'accepted' ? [vendorId] : [])));
  return answers;
}

async function cancelJobs(systemId: string, calls: Calls, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]> {
  const answer = await calls.cancelJobs(
    targets.map(({ vendorId }) => vendorId),
    call,
  );
  // An outer FAILURE has items too if all of them were rejected.
  const items = 'body' in answer ? cancelSchema.safeParse(answer.body).data?.data : undefined;
  // By position: a rejected item does not name its job. So a list of another length proves nothing about any job.
  if (items?.length === targets.length) {
    const pairs = pairResults(targets, items);
    // Nor does a rejection in a list that has the cancellation of one job at the position of another.
    const isInOrder = pairs.every(([{ vendorId }, item]) => (item?.data?.id ?? vendorId).toString() === vendorId);
    return pairs.map(([{ vendorId }, item]) => toItemResponse(systemId, vendorId, item, isInOrder));
  }
  const whole = toWholeResponse(systemId, answer);
  if (whole.kind !== 'rejected' || targets.length === 1 || whole.problem.code === 'ACCESS_DENIED') return targets.map(() => whole);
  return targets.map(() => ({ ...whole, kind: 'batchRejected' }));
}

async function startJob(systemId: string, calls: Calls, vendorId: string, call: CallContext): Promise<ActionResponse> {
  const answer = await calls.startJob(vendorId, call);
  if (answer.kind !== 'processed') return toWholeResponse(systemId, answer);
  const startedId = startSchema.safeParse(answer.body).data?.job_id;
  if (startedId == null || String(startedId) === vendorId) return { kind: 'accepted', job: null };
  return { kind: 'inconclusive', problem: otherJob(systemId, vendorId, startedId) };
}

function toItemResponse(systemId: string, vendorId: string, item: CancelItem | undefined, isInOrder: boolean): ActionResponse {
  if (item && isProcessed(item)) {
    const id = item.data?.id;
    if (id != null && String(id) === vendorId) return { kind: 'accepted', job: null };
    return { kind: 'inconclusive', problem: otherJob(systemId, vendorId, id) };
  }
  const rejection = item && isInOrder ? toRejection(item) : null;
  if (rejection) return toRejectedResponse(systemId, rejection);
  const message = `${systemId} did not return whether it cancels job ${vendorId}. Read the job before you retry.`;
  return { kind: 'inconclusive', problem: createProblem('INVALID_VENDOR_RESPONSE', message) };
}

/** What a reply without items means for each job of the request. */
function toWholeResponse(systemId: string, answer: VaultReply): ActionResponse {
  switch (answer.kind) {
    case 'lost':
      return toUncertain(answer);
    case 'rejected':
      return toRejectedResponse(systemId, answer.rejection);
    case 'processed':
      return { kind: 'inconclusive', problem: describeUnread(systemId, answer.wire) };
    case 'unreadable': {
      const problem = describeUnread(systemId, answer.wire);
      if (problem.code === 'ACCESS_DENIED') return { kind: 'rejected', problem, vendorCode: null };
      return toUncertain({ problem, mayHaveArrived: mayBeCarriedOut(answer.wire.status) });
    }
  }
}

function toRejectedResponse(systemId: string, rejection: Rejection): ActionResponse {
  const problem = describeError(systemId, rejection);
  if (isServerError(rejection)) return { kind: 'inconclusive', problem };
  if (problem.code === 'VENDOR_REJECTED' || problem.code === 'ACCESS_DENIED') {
    return { kind: 'rejected', problem, vendorCode: rejection.type };
  }
  return { kind: 'notSent', problem };
}

function otherJob(systemId: string, vendorId: string, answeredId: number | string | null | undefined): Problem {
  const message = `${systemId} returned ${answeredId == null ? 'no job' : `job ${answeredId}`} instead of job ${vendorId}.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

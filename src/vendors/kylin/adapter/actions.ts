import {
  type ActionResponse,
  type ActionSupport,
  type ActionTarget,
  type CallContext,
  type PriorState,
  unsupportedAction,
} from '../../../jobs/adapter.ts';
import type { Job, JobAction, JobStatus } from '../../../jobs/job.ts';
import { createProblem } from '../../../jobs/problem.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Calls, Reply, UpdateRequest } from './calls.ts';
import { jobUnknownCode } from './errors.ts';

const words: ReadonlyMap<JobAction, UpdateRequest['action']> = new Map([
  ['CANCEL', 'DISCARD'],
  ['PAUSE', 'PAUSE'],
  ['RESUME', 'RESUME'],
  ['RESTART', 'RESTART'],
]);

/** What all actions of PUT /jobs/status have in common. */
const updateSupport = {
  support: 'NATIVE_BATCH',
  maxBatchSize: null,
  asynchronous: false,
  requestSize: 100,
  readBeforeAction: true,
  // A success does not prove that any job was changed.
  acceptedState: null,
  unchangedOutcome: 'VENDOR_REJECTED',
  // In a request for one project, Kylin silently leaves out jobs of other projects.
  batchKey: (job: Job) => job.scope ?? '',
} as const;

/** The statuses in which Kylin allows each action (JobStatusEnum), and the effect that proves it. */
export const actionSupport: Readonly<Record<JobAction, ActionSupport>> = {
  CANCEL: { ...updateSupport, allowedStatuses: ['QUEUED', 'RUNNING', 'PAUSED', 'FAILED'], safeToRetry: true },
  PAUSE: { ...updateSupport, allowedStatuses: ['QUEUED', 'RUNNING'], safeToRetry: true },
  RESUME: { ...updateSupport, allowedStatuses: ['PAUSED', 'FAILED'], safeToRetry: true, tookEffect: hasResumed },
  // A second restart discards the work of the first.
  RESTART: { ...updateSupport, allowedStatuses: ['RUNNING', 'PAUSED', 'FAILED'], safeToRetry: false, tookEffect: hasRestarted },
  START: unsupportedAction,
};

const resumedStatuses: ReadonlySet<JobStatus> = new Set(['QUEUED', 'RUNNING', 'SUCCEEDED']);

/** Also true if the job resumed and then failed. */
function hasResumed(before: PriorState | null, after: Job): boolean {
  if (resumedStatuses.has(after.status)) return true;
  if (after.status !== 'FAILED' || !before) return false;
  return before.status === 'PAUSED' || isLater(after.finishedAt, before.finishedAt);
}

/** A restart resets the time of creation. */
function hasRestarted(before: PriorState | null, after: Job): boolean {
  return isLater(after.createdAt, before?.createdAt);
}

function isLater(after: Date | null, before: Date | null | undefined): boolean {
  return after !== null && before !== null && before !== undefined && after > before;
}

/** Performs the action in one request. Without jobs, sends nothing: Kylin would change all jobs of the project. */
export async function performAction(
  { systemId, calls }: { systemId: string; calls: Calls },
  action: JobAction,
  targets: readonly ActionTarget[],
  call: CallContext,
): Promise<ActionResponse[]> {
  const [first, ...others] = targets;
  if (!first) return [];
  const word = words.get(action);
  if (!word) {
    const problem = createProblem('NOT_ATTEMPTED', `${systemId} doesn't support this action.`);
    return targets.map(() => ({ kind: 'notSent', problem }));
  }
  const project = first.job?.scope ?? null;
  const isShared = others.every(({ job }) => (job?.scope ?? null) === project);
  const reply = await calls.updateJobs(
    { action: word, project: isShared ? project : null, jobIds: [first.vendorId, ...others.map(({ vendorId }) => vendorId)] },
    call,
  );
  return targets.map(() => toResponse(reply, targets.length));
}

function toResponse(reply: Reply<unknown>, jobCount: number): ActionResponse {
  switch (reply.kind) {
    case 'value':
      return { kind: 'accepted', job: null };
    case 'rejected': {
      const { problem, vendorCode, certain } = reply;
      // Of several jobs Kylin names only the first that it can't change. A missing permission applies to all jobs of the project.
      if (jobCount > 1 && problem.code !== 'ACCESS_DENIED') return { kind: 'batchRejected', problem, vendorCode };
      if (!certain) return { kind: 'inconclusive', problem };
      return vendorCode === jobUnknownCode ? { kind: 'notFound' } : { kind: 'rejected', problem, vendorCode };
    }
    case 'failed':
      return toUncertain(reply);
  }
}

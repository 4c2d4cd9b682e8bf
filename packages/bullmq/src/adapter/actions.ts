import {
  type ActionResponse,
  type ActionSupport,
  type ActionTarget,
  type CallContext,
  createProblem,
  type Job,
  type JobAction,
  type JobFields,
  type JobStatus,
  type PriorState,
  toUncertain,
  unsupportedAction,
} from 'jobyard/adapter';
import type { Actor } from './actor.ts';
import type { Reply } from './calls.ts';
import { cancelActive, topicFor } from './cancel-active.ts';
import { splitVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import type { BullmqScript, Link, ScriptParameters } from './link.ts';
import { toJobFields } from './map.ts';
import { readAfter } from './read.ts';
import type { StoredRead } from './read-jobs.ts';
import { removeWaiting } from './remove-waiting.ts';
import { toErrorResponse, toUnchangedResponse } from './responses.ts';
import type { BullmqSettings } from './settings.ts';

const waitingStatuses: readonly JobStatus[] = ['QUEUED', 'PAUSED', 'SCHEDULED'];

export function createActionSupport({ cancelTopic, restartCompleted }: BullmqSettings): Readonly<Record<JobAction, ActionSupport>> {
  const oneByOne = { support: 'ONE_BY_ONE', maxBatchSize: 1, requestSize: 1, readBeforeAction: true } as const;
  const isActive = (before: PriorState | null): boolean => before?.status === 'RUNNING';
  return {
    CANCEL: {
      ...oneByOne,
      allowedStatuses: cancelTopic === undefined ? waitingStatuses : [...waitingStatuses, 'RUNNING'],
      // A waiting job is removed at once. A worker may ignore that it should stop.
      asynchronous: (before) => cancelTopic !== undefined && (before === null || isActive(before)),
      safeToRetry: true,
      // The guarded removal proves that the job hadn't begun. There is nothing left to read.
      acceptedState: (before) => (before && !isActive(before) ? { status: 'CANCELLED', vendorStatus: 'removed' } : null),
      unchangedOutcome: (before) => (isActive(before) ? 'ACCEPTED' : 'VENDOR_REJECTED'),
    },
    RESTART: {
      ...oneByOne,
      allowedStatuses: restartCompleted ? ['FAILED', 'CANCELLED', 'SUCCEEDED'] : ['FAILED', 'CANCELLED'],
      asynchronous: false,
      safeToRetry: false,
      acceptedState: null,
      unchangedOutcome: 'VENDOR_REJECTED',
      tookEffect: wasRestarted,
    },
    START: {
      ...oneByOne,
      allowedStatuses: ['SCHEDULED'],
      asynchronous: false,
      // A job that isn't delayed any more is rejected.
      safeToRetry: true,
      acceptedState: null,
      unchangedOutcome: 'VENDOR_REJECTED',
    },
    PAUSE: unsupportedAction,
    RESUME: unsupportedAction,
  };
}

const endedStatuses: readonly JobStatus[] = ['FAILED', 'CANCELLED', 'SUCCEEDED'];

/** A retry deletes the time of the end, and the next attempt may have ended already. */
function wasRestarted(before: PriorState | null, after: Job): boolean {
  if (after.status === 'UNKNOWN') return false;
  if (!endedStatuses.includes(after.status)) return true;
  return before?.finishedAt != null && after.finishedAt !== null && after.finishedAt > before.finishedAt;
}

/** Why this job never allows the action, as a sentence, or null. */
export function checkEligibility(settings: BullmqSettings, action: JobAction, job: JobFields): string | null {
  const { queue, id } = splitVendorId(job.vendorId);
  // Runs of a scheduler that have begun are jobs like others.
  const isNextRun = id.startsWith('repeat:') && job.status === 'SCHEDULED' && job.startedAt === null;
  if (action === 'START' && isNextRun && !settings.startScheduledRuns) {
    return 'This is the next run of a scheduler. Starting it now would skip its planned time (startScheduledRuns).';
  }
  if (action !== 'CANCEL') return null;
  if (isNextRun) return 'This is the next run of a scheduler. Remove the scheduler instead.';
  if (job.vendorStatus === 'waiting-children') return 'It waits for its children in a flow, which would run on without it.';
  if (job.status === 'RUNNING' && topicFor(settings, queue) === null) return "Its queue's name can't be part of cancelTopic.";
  return null;
}

export function performAction(
  actor: Actor,
  action: JobAction,
  targets: readonly ActionTarget[],
  call: CallContext,
): Promise<ActionResponse[]> {
  return Promise.all(
    targets.map((target) => {
      switch (action) {
        case 'CANCEL':
          return target.job?.status === 'RUNNING' ? cancelActive(actor, target, call) : removeWaiting(actor, target, call);
        case 'RESTART':
          return restart(actor, target, call);
        default:
          return start(actor, target, call);
      }
    }),
  );
}

/** The jobs' next attempt, which is one more if all were used. */
function restart(actor: Actor, { vendorId, job }: ActionTarget, call: CallContext): Promise<ActionResponse> {
  const { queue, id } = splitVendorId(vendorId);
  const keyOf = createKeyOf(actor.prefix, queue);
  const state = job?.status === 'SUCCEEDED' ? 'completed' : 'failed';
  const keys = [keyOf(id), keyOf('events'), keyOf(state), ...['wait', 'meta', 'active', 'marker', 'prioritized', 'pc'].map(keyOf)];
  const values = [id, isLastInFirstOut(job) ? 'RPUSH' : 'LPUSH', state === 'failed' ? 'failedReason' : 'returnvalue', state, '0', '0'];
  return perform(actor, { vendorId, script: 'reprocessJob', parameters: [...keys, ...values], state }, call);
}

/** Whether the job's producer wants it to run next, before those that wait longer. */
function isLastInFirstOut(job: Job | null): boolean {
  const raw = job?.raw();
  return typeof raw === 'object' && raw !== null && 'lifo' in raw && raw.lifo === true;
}

/** Runs a delayed job now. */
function start(actor: Actor, { vendorId }: ActionTarget, call: CallContext): Promise<ActionResponse> {
  const { queue, id } = splitVendorId(vendorId);
  const keyOf = createKeyOf(actor.prefix, queue);
  const keys = ['delayed', 'wait', 'paused', 'meta', 'prioritized', 'active', 'pc', 'events', 'marker'].map(keyOf);
  return perform(actor, { vendorId, script: 'promote', parameters: [...keys, keyOf(''), id], state: 'delayed' }, call);
}

interface ScriptCall {
  vendorId: string;
  script: BullmqScript;
  parameters: ScriptParameters;
  /** The state that the script requires. */
  state: string;
}

/** What the script returned or how it failed, and the job right after it. */
interface Performed {
  ended: { code: number } | { error: Error };
  after: StoredRead | null;
}

async function perform(actor: Actor, scriptCall: ScriptCall, call: CallContext): Promise<ActionResponse> {
  const reply = await actor.send(
    'action',
    actor.slot,
    async (link, start) => (start() ? performAndRead(actor, link, scriptCall) : null),
    call,
  );
  return toResponse(actor, reply, scriptCall);
}

/** Writes the script and the read at once: nothing can come between that this connection doesn't see. */
async function performAndRead(actor: Actor, link: Link, { vendorId, script, parameters }: ScriptCall): Promise<Performed> {
  const running = link.runScript(script, parameters);
  const reading = readAfter(actor, link, vendorId);
  const ended = await running.then(
    (code) => ({ code: Number(code) }),
    (error: Error) => {
      if (error.name !== 'ReplyError') throw error;
      return { error };
    },
  );
  return { ended, after: await reading };
}

function toResponse(actor: Actor, reply: Reply<Performed>, { vendorId, state }: ScriptCall): ActionResponse {
  const { systemId, canceledReasons } = actor;
  if (reply.kind === 'failed') return toUncertain(reply);
  if (reply.kind === 'error') return toErrorResponse(systemId, reply.error);
  const { ended, after } = reply.value;
  if ('error' in ended) {
    const isUnchanged = after?.kind === 'job' && after.job.state === state;
    return isUnchanged ? toUnchangedResponse(systemId, ended.error) : toErrorResponse(systemId, ended.error);
  }
  if (ended.code >= 0) return { kind: 'accepted', job: after?.kind === 'job' ? toJobFields(after.job, canceledReasons) : null };
  // BullMQ doesn't tell a missing job from one in another state.
  if (ended.code === -1 || after?.kind === 'notFound') return { kind: 'notFound' };
  const problem = createProblem('VENDOR_REJECTED', `${systemId} rejected the request: ${vendorId} isn't ${state}.`);
  return { kind: 'rejected', problem, vendorCode: String(ended.code) };
}

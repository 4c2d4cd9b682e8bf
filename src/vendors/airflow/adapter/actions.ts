import {
  type ActionResponse,
  type ActionSupport,
  type ActionTarget,
  type CallContext,
  type PriorState,
  unsupportedAction,
} from '../../../jobs/adapter.ts';
import { isTerminal, type Job, type JobAction, type JobStatus } from '../../../jobs/job.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Reply } from './calls.ts';
import { addCancellation, hasRoomForCancellation } from './cancellation-note.ts';
import { type RunId, splitVendorId } from './job-id.ts';
import type { Reads } from './list.ts';
import { type RunState, toRunState } from './map.ts';
import type { Requester } from './note-line.ts';
import { describeOtherRun, toReadResult } from './read.ts';
import { startAgain, toStartNote } from './start-again.ts';
import { type RunRow, runSchema, type TaskList } from './wire.ts';

/** The parts that actions need. */
export interface Actions extends Reads {
  cancellationNotes: boolean;
}

const activeStatuses: readonly JobStatus[] = ['QUEUED', 'RUNNING'];
const endedStatuses: readonly JobStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/** What all actions have in common. */
const oneByOne = { support: 'ONE_BY_ONE', maxBatchSize: 1, requestSize: 1, acceptedState: null } as const;

/** What runs again is queued, and runs later. */
const runsAgain = {
  ...oneByOne,
  asynchronous: false,
  // A second one stops what the first one started.
  safeToRetry: false,
  // A later copy shows only by comparison whether the run runs again.
  readBeforeAction: true,
  unchangedOutcome: 'VENDOR_REJECTED',
  tookEffect: hasRunAgain,
} as const;

/** How each action works. Airflow itself accepts each in any state, so the adapter reads the run right before it sends one. */
export function createActionSupport(cancellationNotes: boolean): Record<JobAction, ActionSupport> {
  return {
    CANCEL: {
      ...oneByOne,
      allowedStatuses: activeStatuses,
      // A run with a teardown task ends when that has ended.
      asynchronous: true,
      safeToRetry: true,
      readBeforeAction: false,
      unchangedOutcome: 'ACCEPTED',
      tookEffect: (before, after) => isCanceled(before, after, cancellationNotes),
    },
    RESTART: { ...runsAgain, allowedStatuses: endedStatuses },
    RESUME: {
      ...runsAgain,
      allowedStatuses: ['FAILED'],
      uncertain: {
        statuses: ['FAILED'],
        reason: 'Airflow runs only failed tasks again, so a run without failed tasks, or with skipped ones, can only be restarted.',
      },
    },
    START: {
      ...oneByOne,
      allowedStatuses: endedStatuses,
      asynchronous: false,
      // The ID of the new run belongs to the action.
      safeToRetry: true,
      creates: true,
      readBeforeAction: false,
      unchangedOutcome: 'VENDOR_REJECTED',
    },
    // A pause of a DAG is not about one run.
    PAUSE: unsupportedAction,
  };
}

/** Without a line in its note, nothing distinguishes a run that Jobyard canceled from one that failed. */
function isCanceled(before: PriorState | null, after: Job, cancellationNotes: boolean): boolean {
  if (after.status === 'CANCELLED' || after.status === 'CANCELLING') return true;
  if (after.status !== 'FAILED' || (before && isTerminal(before.status))) return false;
  const run = runSchema.safeParse(after.raw()).data;
  return !cancellationNotes || run === undefined || !hasRoomForCancellation(toRunState(run));
}

/** A run that had ended is queued or running, or has started later than before. */
function hasRunAgain(before: PriorState | null, after: Job): boolean {
  if (!before) return false;
  if (isTerminal(before.status) && activeStatuses.includes(after.status)) return true;
  return after.startedAt !== null && before.startedAt !== null && after.startedAt > before.startedAt;
}

export function performAction(
  actions: Actions,
  action: JobAction,
  targets: readonly ActionTarget[],
  call: CallContext,
): Promise<ActionResponse[]> {
  return Promise.all(targets.map(({ vendorId }) => performOn(actions, action, vendorId, call)));
}

async function performOn(actions: Actions, action: JobAction, vendorId: string, call: CallContext): Promise<ActionResponse> {
  const { calls, systemId } = actions;
  const id = splitVendorId(vendorId);
  if (action === 'START') return startRun(actions, id, call);
  // Before an action, not after one: but an action waits for it.
  const read = await calls.getRun(id, { ...call, resolvesAction: true });
  if (read.kind !== 'value') return toUnsent(read);
  const run = toRunState(read.value);
  switch (action) {
    case 'CANCEL': {
      if (!activeStatuses.includes(run.status)) return reject(systemId, action, run.status);
      const note = actions.cancellationNotes ? addCancellation(run, toRequester(call)) : null;
      return toResponse(actions, vendorId, await calls.failRun(id, note, call));
    }
    case 'RESTART':
      if (!endedStatuses.includes(run.status)) return reject(systemId, action, run.status);
      return toResponse(actions, vendorId, await calls.clearRun(id, 'all', call));
    case 'RESUME': {
      if (run.status !== 'FAILED') return reject(systemId, action, run.status);
      const obstacle = await findObstacleToResume(actions, id, call);
      return obstacle ?? toResponse(actions, vendorId, await calls.clearRun(id, 'failed', call));
    }
    case 'PAUSE':
      return { kind: 'notSent', problem: createProblem('NOT_ATTEMPTED', `${systemId} doesn't support this action.`) };
  }
}

async function startRun(actions: Actions, id: RunId, call: CallContext): Promise<ActionResponse> {
  const read = await actions.calls.getRunWithConf(id, { ...call, resolvesAction: true });
  if (read.kind !== 'value') return toUnsent(read);
  const { status } = toRunState(read.value.run);
  if (!endedStatuses.includes(status)) return reject(actions.systemId, 'START', status);
  return startAgain(actions, id, read.value, actions.cancellationNotes ? toStartNote(id, toRequester(call)) : null, call);
}

function toRequester({ requestedBy, reason }: CallContext): Requester {
  return { caller: requestedBy ?? null, reason: reason ?? null };
}

/** The states of tasks that a clear of failed tasks runs again. */
const failedStates = ['failed', 'upstream_failed'];

/** Why running the failed tasks again would not resume the run; null: it would. */
async function findObstacleToResume({ calls, systemId }: Actions, id: RunId, call: CallContext): Promise<ActionResponse | null> {
  const why = (words: string): ActionResponse =>
    rejectWith(createProblem('VENDOR_REJECTED', `${systemId} can't resume the run: ${words} Restart it instead.`));
  const [failed, skipped] = await Promise.all(
    [failedStates, ['skipped']].map((states) => calls.listTasks(id, { states, offset: 0, limit: 1 }, { ...call, resolvesAction: true })),
  );
  for (const reply of [failed, skipped]) {
    if (reply && reply.kind !== 'value') return toUnsent(reply);
  }
  if (hasNone(failed)) return why('it has no failed task.');
  return hasNone(skipped) ? null : why('some of its tasks were skipped, and would not run.');
}

/** For an action that was not sent because of a read. A permission that is missing for one DAG affects no run of another. */
function toUnsent(read: Exclude<Reply<unknown>, { kind: 'value' }>): ActionResponse {
  if (read.kind === 'rejected' && read.isRunAbsent) return { kind: 'notFound' };
  return read.problem.code === 'ACCESS_DENIED' ? rejectWith(read.problem) : { kind: 'notSent', problem: read.problem };
}

function hasNone(reply: Reply<TaskList> | undefined): boolean {
  return reply?.kind === 'value' && reply.value.task_instances.length === 0;
}

function toResponse(actions: Actions, vendorId: string, reply: Reply<RunRow>): ActionResponse {
  switch (reply.kind) {
    case 'value': {
      const read = toReadResult(actions, vendorId, reply);
      if (read.kind === 'job') return { kind: 'accepted', job: read.job };
      // A response that is not about this run doesn't show that the run was changed.
      return { kind: 'inconclusive', problem: read.kind === 'problem' ? read.problem : describeOtherRun(actions.systemId) };
    }
    case 'rejected':
      if (reply.isRunAbsent) return { kind: 'notFound' };
      return rejectWith(reply.problem);
    case 'failed':
      return toUncertain(reply);
  }
}

/** Airflow would accept it, and change what has happened. The core reads the run, and explains it. */
function reject(systemId: string, action: JobAction, status: RunState['status']): ActionResponse {
  return rejectWith(
    createProblem('VENDOR_REJECTED', `${systemId}: the run is ${status}, so Jobyard did not send the ${action.toLowerCase()}.`),
  );
}

function rejectWith(problem: Problem): ActionResponse {
  return { kind: 'rejected', problem, vendorCode: null };
}

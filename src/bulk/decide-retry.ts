import type { ActionResult } from '../actions/action-result.ts';
import { decide } from '../actions/decide.ts';
import { precheckAction, precheckRead } from '../actions/precheck.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { PriorState } from '../jobs/adapter.ts';
import { valueFor } from '../jobs/by-state.ts';
import { actionNouns, type Job, type JobAction, type JobStatus } from '../jobs/job.ts';
import { createProblem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';

/** An item with an earlier attempt, perhaps by a process that has ended. */
export interface AttemptedItem {
  /** When the item was begun: it may have been sent, and the response is unknown. Null: it certainly had no effect. */
  begunAt: Date | null;
  /** The job's status when it was selected; null: unknown. */
  selectedStatus: JobStatus | null;
}

export type Decision =
  /** The read decides the result. */
  | { kind: 'decided'; result: ActionResult }
  /** Send the action: it can do no harm. */
  | { kind: 'send' }
  /** The job couldn't be read. `result`: the final result if no later read succeeds. */
  | { kind: 'unread'; result: ActionResult };

/** Decides what to do with an item with an earlier attempt, from a read of its job. Pure. */
export function decideRetry(system: ServedSystem, action: JobAction, item: AttemptedItem, read: JobRead): Decision {
  const result =
    item.begunAt === null
      ? precheckRead(system.id, system.adapter, action, read)
      : decideBegun(system, action, item.begunAt, item.selectedStatus, read);
  if (result === null) return { kind: 'send' };
  if (read.kind === 'problem') return { kind: 'unread', result };
  const isWorthSending = result.outcome === 'OUTCOME_UNKNOWN' && read.kind === 'job' && isSafeToSend(system, action, item, read.job);
  return isWorthSending ? { kind: 'send' } : { kind: 'decided', result };
}

/** Whether a second send can do no harm, and its result would be true of the first one, too. */
function isSafeToSend({ adapter }: ServedSystem, action: JobAction, { selectedStatus }: AttemptedItem, job: Job): boolean {
  const { safeToRetry, creates } = adapter.actions[action];
  // A rejection because of the job's present status would hide the job that the first attempt created.
  if (creates && precheckAction(adapter, action, job)) return false;
  return valueFor(safeToRetry, toPrior(selectedStatus));
}

function toPrior(selectedStatus: JobStatus | null): PriorState {
  return { status: selectedStatus ?? 'UNKNOWN', createdAt: null, startedAt: null, finishedAt: null };
}

/** Decides the result of an item that may have been sent, from a read of its job. The job existed when it was selected. Pure. */
export function decideBegun(
  { adapter, id: systemId }: ServedSystem,
  action: JobAction,
  attemptedAt: Date,
  selectedStatus: JobStatus | null,
  read: JobRead,
): ActionResult {
  const before = toPrior(selectedStatus);
  const message = `The ${actionNouns[action]} may have been sent to ${systemId}, and no response was received.`;
  const response = { kind: 'inconclusive', problem: createProblem('OUTCOME_UNKNOWN', message) } as const;
  return decide({ systemId, adapter, action, before, response, attemptedAt, overdueAt: null }, read, new Date()).result;
}

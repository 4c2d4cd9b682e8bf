import type { ActionResult } from '../actions/action-result.ts';
import { decide } from '../actions/decide.ts';
import { precheckRead } from '../actions/precheck.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { PriorState } from '../jobs/adapter.ts';
import type { JobAction, JobStatus } from '../jobs/job.ts';
import { createProblem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';

/** An item as it was found: tried before, perhaps by a process that is no more. */
export interface AttemptedItem {
  /** Set: it may have been sent, and no response is known. */
  begunAt: Date | null;
  /** The job's status when it was selected; null: not known. */
  selectedStatus: JobStatus | null;
}

export type Decision =
  /** Decided by what was read. */
  | { kind: 'decided'; result: ActionResult }
  /** Sending it can do no harm. */
  | { kind: 'send' }
  /** It could not be read; `result` is the outcome if no later read succeeds either. */
  | { kind: 'unread'; result: ActionResult };

/** What to do with an item that was tried before, now that its job was read again. Pure. */
export function decideRetry(system: ServedSystem, action: JobAction, item: AttemptedItem, read: JobRead): Decision {
  const result =
    item.begunAt === null
      ? precheckRead(system.id, system.adapter, action, read)
      : decideBegun(system, action, item.begunAt, item.selectedStatus, read);
  if (result === null) return { kind: 'send' };
  if (read.kind === 'problem') return { kind: 'unread', result };
  const isWorthSending = result.outcome === 'OUTCOME_UNKNOWN' && read.kind === 'job' && result.safeToRetry;
  return isWorthSending ? { kind: 'send' } : { kind: 'decided', result };
}

/** What came of an item that may have been sent, as far as its job shows it now. It was in the system's list when it was selected. Pure. */
export function decideBegun(
  { adapter, id: systemId }: ServedSystem,
  action: JobAction,
  attemptedAt: Date,
  selectedStatus: JobStatus | null,
  read: JobRead,
): ActionResult {
  const before: PriorState = { status: selectedStatus ?? 'UNKNOWN', createdAt: null, startedAt: null, finishedAt: null };
  const message = `The ${action.toLowerCase()} may have been sent to ${systemId}, and no response was received.`;
  const response = { kind: 'inconclusive', problem: createProblem('OUTCOME_UNKNOWN', message) } as const;
  return decide({ systemId, adapter, action, before, response, attemptedAt, overdueAt: null }, read, new Date()).result;
}

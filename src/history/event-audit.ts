import { type ActionResult, type JobResult, oncePerResult } from '../actions/action-result.ts';
import type { ActionAudit, ActionIntent } from '../actions/audit.ts';
import { toStoredName } from '../jobs/stored-name.ts';
import type { Actor } from './audit-log.ts';
import { type EventBatch, type NewJobEvent, toEventResult } from './job-event.ts';

/** The part of an action's events that is the same for all its jobs. */
export function describeBatch(
  actor: Actor,
  { actionId, systemId, action, reason }: Pick<ActionIntent, 'actionId' | 'systemId' | 'action' | 'reason'>,
  recordedAt: Date,
): EventBatch {
  return {
    kind: 'ACTION',
    recordedAt,
    actionId,
    systemId,
    caller: actor.caller,
    action,
    reason,
    requestId: actor.requestId,
    operationName: actor.operation,
    bulkOperationId: actor.bulkOperationId ?? null,
  };
}

/** One event per job. */
export function toNewEvents(
  batch: EventBatch,
  jobs: readonly (JobResult & { sentAt: Date | null; jobName?: string | null })[],
): NewJobEvent[] {
  const toResult = oncePerResult(toEventResult);
  return jobs.map(({ jobId, jobName, sentAt, result }) => ({
    batch,
    jobId,
    jobName: jobName ?? nameIn(result),
    createdJobId: 'createdJobId' in result ? result.createdJobId : undefined,
    sentAt,
    result: toResult(result),
  }));
}

/** The name of the copy that shows the result. */
function nameIn(result: ActionResult): string | null {
  return 'job' in result && result.job ? toStoredName(result.job) : null;
}

/** Creates one event per job when its outcome is known. Dry runs, and mutations that were denied as a whole, have none. */
export function createEventAudit(actor: Actor, write: (events: readonly NewJobEvent[]) => void): ActionAudit {
  const intents = new Map<string, ActionIntent>();
  return {
    recordIntent(intent) {
      if (!intent.dryRun) intents.set(intent.actionId, intent);
    },
    // The records of the outcomes have the time.
    recordSent() {},
    recordOutcomes(actionId, jobs) {
      const intent = intents.get(actionId);
      if (!intent) return;
      intents.delete(actionId);
      write(toNewEvents(describeBatch(actor, intent, new Date()), jobs));
    },
    // A denied mutation may name thousands of IDs that don't exist. The audit log has it.
    recordDenial() {},
  };
}

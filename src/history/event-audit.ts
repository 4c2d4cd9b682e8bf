import type { ActionAudit, ActionIntent } from '../actions/audit.ts';
import type { Actor } from './audit-log.ts';
import { describeResult, type EventBatch, type NewJobEvent } from './job-event.ts';

/** The part of an action's events that is the same for all of its jobs. */
export function describeBatch(
  actor: Actor,
  { batchId, systemId, action, reason }: Pick<ActionIntent, 'batchId' | 'systemId' | 'action' | 'reason'>,
  recordedAt: Date,
): EventBatch {
  return {
    kind: 'ACTION',
    recordedAt,
    batchId,
    systemId,
    caller: actor.caller,
    action,
    reason,
    requestId: actor.requestId,
    operationName: actor.operation,
    bulkOperationId: actor.bulkOperationId ?? null,
  };
}

/** Makes one event per job and action when the outcome is known. Dry runs, and what was refused before anything was looked at, leave none. */
export function createEventAudit(actor: Actor, write: (events: readonly NewJobEvent[]) => void): ActionAudit {
  const intents = new Map<string, ActionIntent>();
  return {
    intend(intent) {
      if (!intent.dryRun) intents.set(intent.batchId, intent);
    },
    // The time comes with the outcome.
    send() {},
    settle(batchId, jobs) {
      const intent = intents.get(batchId);
      if (!intent) return;
      intents.delete(batchId);
      const batch = describeBatch(actor, intent, new Date());
      write(jobs.map(({ jobId, sentAt, result }) => ({ batch, jobId, sentAt, outcome: describeResult(result) })));
    },
    // What was turned away whole may name anything, by the thousand. The audit's lines have it.
    refuse() {},
  };
}

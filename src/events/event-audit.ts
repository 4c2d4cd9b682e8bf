import type { Actor } from '../audit/audit-log.ts';
import type { ActionAudit, ActionIntent } from '../jobs/audit.ts';
import { describeResult, type NewJobEvent } from './job-event.ts';

interface OpenBatch {
  intent: ActionIntent;
  /** By job id. */
  sentAt: Map<string, Date>;
}

/** What the events of one batch have in common. */
export function describeBatch(
  actor: Actor,
  { batchId, systemId, action, reason }: Pick<ActionIntent, 'batchId' | 'systemId' | 'action' | 'reason'>,
  recordedAt: Date,
): Omit<NewJobEvent, 'jobId' | 'sentAt' | keyof ReturnType<typeof describeResult>> {
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
  const batches = new Map<string, OpenBatch>();
  return {
    intend(intent) {
      if (!intent.dryRun) batches.set(intent.batchId, { intent, sentAt: new Map() });
    },
    send(batchId, jobIds) {
      const sentAt = new Date();
      for (const jobId of jobIds) batches.get(batchId)?.sentAt.set(jobId, sentAt);
    },
    settle(batchId, results, sent) {
      const batch = batches.get(batchId);
      if (!batch) return;
      batches.delete(batchId);
      const recordedAt = new Date();
      const ofBatch = describeBatch(actor, batch.intent, recordedAt);
      write(
        Array.from(results, ([jobId, result]) => ({
          ...ofBatch,
          jobId,
          sentAt: sent.has(jobId) ? (batch.sentAt.get(jobId) ?? recordedAt) : null,
          ...describeResult(result),
        })),
      );
    },
    // What was turned away whole may name anything, by the thousand. The audit's lines have it.
    refuse() {},
  };
}

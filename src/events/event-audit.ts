import type { Actor } from '../audit/audit-log.ts';
import type { ActionAudit, ActionIntent } from '../jobs/audit.ts';
import type { ActionResult } from '../jobs/settle-action.ts';
import { describeResult, type NewJobEvent } from './job-event.ts';

interface OpenBatch {
  intent: ActionIntent;
  /** By job id. */
  sentAt: Map<string, Date>;
}

/** Makes one event per job and action when the outcome is known. Dry runs, and what was refused before anything was looked at, leave none. */
export function createEventAudit(actor: Actor, write: (events: readonly NewJobEvent[]) => void): ActionAudit {
  const batches = new Map<string, OpenBatch>();
  const toEvents = (
    { batchId, systemId, action, reason }: Pick<ActionIntent, 'batchId' | 'systemId' | 'action' | 'reason'>,
    results: ReadonlyMap<string, ActionResult>,
    recordedAt: Date,
    sentAtOf: (jobId: string) => Date | null,
  ): NewJobEvent[] => {
    const ofBatch = {
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
    } as const;
    return Array.from(results, ([jobId, result]) => ({ ...ofBatch, jobId, sentAt: sentAtOf(jobId), ...describeResult(result) }));
  };
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
      write(toEvents(batch.intent, results, recordedAt, (jobId) => (sent.has(jobId) ? (batch.sentAt.get(jobId) ?? recordedAt) : null)));
    },
    find(found) {
      write(toEvents(found, found.results, new Date(), (jobId) => found.begunAt.get(jobId) ?? null));
    },
    // It is about no job. The operation has its own list of them.
    control() {},
    // What was turned away whole may name anything, by the thousand. The audit's lines have it.
    refuse() {},
  };
}

import { randomUUID } from 'node:crypto';
import type { JobResult } from '../actions/action-result.ts';
import type { ActionAudit } from '../actions/audit.ts';
import type { Actor } from '../history/audit-log.ts';
import { describeBatch, toNewEvents } from '../history/event-audit.ts';
import type { NewJobEvent } from '../history/job-event.ts';
import type { JobAction } from '../jobs/job.ts';

/** Records the actions that an operation performs on behalf of one caller: audit log entries at once, events with their items. */
export interface BulkRecord {
  actor: Actor;
  /** Writes audit log entries and gathers events. */
  audit: ActionAudit;
  /** The gathered events, to be stored in the transaction that writes the items. */
  events: readonly NewJobEvent[];
  /** Writes audit log entries only. */
  lines: ActionAudit;
}

/** The result of an item that this process didn't send: from a read of its job, or certain without one. */
export interface RecoveredResult extends JobResult {
  /** When the item was begun, perhaps by another process; null: it was certainly never sent. */
  sentAt: Date | null;
}

/** Writes the audit log entries of recovered results, and returns their events. */
export function recordRecovered(
  found: readonly RecoveredResult[],
  { systemId, action, reason }: { systemId: string; action: JobAction; reason: string },
  { actor, lines }: Pick<BulkRecord, 'actor' | 'lines'>,
): NewJobEvent[] {
  if (found.length === 0) return [];
  const actionId = randomUUID();
  const jobIds = found.map(({ jobId }) => jobId);
  try {
    lines.recordIntent({ actionId, systemId, action, jobIds, dryRun: false, reason });
  } catch {
    // Nothing is sent, so nothing has to be prevented. The log has the entry.
  }
  lines.recordOutcomes(
    actionId,
    found.map((each) => ({ ...each, sharedWith: null })),
  );
  return toNewEvents(describeBatch(actor, { actionId, systemId, action, reason }, new Date()), found);
}

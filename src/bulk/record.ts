import { randomUUID } from 'node:crypto';
import { type ActionResult, mapResults } from '../actions/action-result.ts';
import type { ActionAudit } from '../actions/audit.ts';
import type { Actor } from '../history/audit-log.ts';
import { describeBatch } from '../history/event-audit.ts';
import { type EventResult, type NewJobEvent, toEventResult } from '../history/job-event.ts';
import type { JobAction } from '../jobs/job.ts';

/** Keeps what is done for an operation in one caller's name: lines at once, events with the items that they are about. */
export interface BulkRecord {
  actor: Actor;
  /** Writes lines, and gathers events. */
  audit: ActionAudit;
  /** What was gathered, to be stored in the transaction that writes the items. */
  events: readonly NewJobEvent[];
  /** Writes lines only. */
  lines: ActionAudit;
}

/** The outcome of an item that this process did not send: found by looking at its job, or certain without that. */
export interface RecoveredResult {
  jobId: string;
  result: ActionResult;
  /** When it was begun, perhaps by another process; null: it was certainly never sent. */
  sentAt: Date | null;
}

/** Writes the lines of what was found, and gives its events. */
export function recordFound(
  found: readonly RecoveredResult[],
  { systemId, action, reason }: { systemId: string; action: JobAction; reason: string },
  { actor, lines }: Pick<BulkRecord, 'actor' | 'lines'>,
): NewJobEvent[] {
  if (found.length === 0) return [];
  const actionId = randomUUID();
  const jobIds = found.map(({ jobId }) => jobId);
  try {
    lines.recordIntent({ actionId: actionId, systemId, action, jobIds, dryRun: false, reason });
  } catch {
    // Nothing is sent for it, so nothing need be kept from being done. The log has the line.
  }
  lines.recordOutcomes(
    actionId,
    found.map((each) => ({ ...each, sharedWith: null })),
  );
  const batch = describeBatch(actor, { actionId: actionId, systemId, action, reason }, new Date());
  const described = mapResults(
    found.map(({ result }) => result),
    toEventResult,
  );
  return found.map(({ jobId, sentAt }, index) => ({ batch, jobId, sentAt, result: described[index] as EventResult }));
}

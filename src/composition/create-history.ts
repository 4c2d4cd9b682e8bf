import { type ActionAudit, combineAudits } from '../actions/audit.ts';
import type { BulkRecord } from '../bulk/record.ts';
import { type Actor, type AuditLog, createAuditLog } from '../history/audit-log.ts';
import { openAuditOutput } from '../history/audit-output.ts';
import { type JobEvents, startJobEvents } from '../history/job-events.ts';
import type { ReadableSystem } from '../reading/readable-system.ts';
import type { Foundation } from './foundation.ts';

/** The audit log, the stored events, and the recording of actions in both. */
export interface History {
  auditLog: AuditLog;
  events: JobEvents;
  /** Records a caller's operation. */
  auditOf(actor: Actor): ActionAudit;
  /** Records a bulk operation in the name of `caller`. Its events are stored with its items. */
  recordOf(operationId: string, caller: string): BulkRecord;
  closeAudit(): void;
}

export function createHistory({ config, metrics, logger, passthrough }: Foundation, systems: readonly ReadableSystem[]): History {
  const { audit, store } = config;
  const output = config.auditOutput ?? openAuditOutput(audit.file);
  const auditLog = createAuditLog({ output, onFailure: metrics.observeAuditFailure, logger });
  const events = startJobEvents({ store, systems, canTrack: (id) => !passthrough.has(id), ...audit, logger });
  metrics.showEvents(events.counts);
  return {
    auditLog,
    events,
    auditOf: (actor) => combineAudits(auditLog(actor), events.audit(actor)),
    recordOf(operationId, caller) {
      const actor: Actor = { caller, requestId: operationId, operation: null, bulkOperationId: operationId };
      const gathered = events.gather(actor);
      const lines = auditLog(actor);
      return { actor, lines, audit: combineAudits(lines, gathered.audit), events: gathered.events };
    },
    closeAudit: () => output.close(),
  };
}

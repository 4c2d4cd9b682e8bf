import type { JobAction } from '../jobs/job.ts';
import type { ActionResult } from './action-result.ts';

/** The audit log can't be written, so nothing was done. The message is for the caller. */
export class AuditUnavailableError extends Error {
  override readonly name = 'AuditUnavailableError';

  constructor() {
    super("Nothing was done: the audit log can't be written. Retry later.");
  }
}

/** Keeps who did what to which jobs, before and after it happens. What it is told it has kept when it returns. */
export interface ActionAudit {
  /** Before anything else happens. Throws AuditUnavailableError if it can't be kept: then nothing is done. */
  recordIntent(intent: ActionIntent): void;
  /** When a vendor request that names these jobs is put on a connection. Throws where it can't be kept: then it is not sent. */
  recordSent(actionId: string, jobIds: readonly string[]): void;
  /** When all is known that can be. Never throws: what is done is done. */
  recordOutcomes(actionId: string, jobs: readonly JobActionRecord[]): void;
  /** A mutation that was turned away whole, before anything was looked at. Never throws: nothing was done. */
  recordDenial(refusal: MutationDenial): void;
}

/** What came of an action on one job. */
export interface JobActionRecord {
  jobId: string;
  result: ActionResult;
  /** When a request that names the job was put on a connection, the last one where there were two; null: none was. */
  sentAt: Date | null;
  /** The batch whose action on the same job, in progress at the time, this one joined; null: none. What was sent, that batch sent. */
  sharedWith: string | null;
}

export interface MutationDenial {
  /** The field's name in the schema, e.g. `cancelJobs`. */
  mutation: string;
  /** Perhaps not all of them. */
  jobIds: readonly string[];
  /** How many it named. */
  jobCount: number;
  reason: string | null;
  /** What the caller was told. */
  message: string;
}

export interface ActionIntent {
  /** The same in all entries of one batch. */
  actionId: string;
  systemId: string;
  action: JobAction;
  jobIds: readonly string[];
  dryRun: boolean;
  reason: string | null;
}

/** Both are told everything, the first one first: what it refuses does not happen, and the second never hears of it. */
export function combineAudits(first: ActionAudit, second: ActionAudit): ActionAudit {
  return {
    recordIntent(intent) {
      first.recordIntent(intent);
      second.recordIntent(intent);
    },
    recordSent(actionId, jobIds) {
      first.recordSent(actionId, jobIds);
      second.recordSent(actionId, jobIds);
    },
    recordOutcomes(actionId, jobs) {
      first.recordOutcomes(actionId, jobs);
      second.recordOutcomes(actionId, jobs);
    },
    recordDenial(refusal) {
      first.recordDenial(refusal);
      second.recordDenial(refusal);
    },
  };
}

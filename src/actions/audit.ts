import type { JobAction } from '../jobs/job.ts';
import type { JobResult } from './action-result.ts';

/** The audit log can't be written, so nothing was done. The message is for the caller. */
export class AuditUnavailableError extends Error {
  override readonly name = 'AuditUnavailableError';

  constructor() {
    super("Nothing was done: the audit log can't be written. Retry later.");
  }
}

/** Records which caller performs which actions on which jobs, before and after they are sent. Each method has stored its record when it returns. */
export interface ActionAudit {
  /** Called before anything else. Throws AuditUnavailableError if the intent can't be recorded: then nothing is done. */
  recordIntent(intent: ActionIntent): void;
  /** Called when a vendor request for these jobs gets its connection. If it throws, the request is not sent. */
  recordSent(actionId: string, jobIds: readonly string[]): void;
  /** Called when the outcomes are determined. Never throws: the actions can't be undone. */
  recordOutcomes(actionId: string, jobs: readonly JobActionRecord[]): void;
  /** Called for a mutation that was rejected as a whole, before its jobs were resolved. Never throws: nothing was done. */
  recordDenial(denial: MutationDenial): void;
}

/** The result of an action on one job, and how it was sent. */
export interface JobActionRecord extends JobResult {
  /** When the last request for the job was sent; null: none was. */
  sentAt: Date | null;
  /** The `actionId` of the action in progress that this one joined, whose request was sent for both; null: none. */
  sharedWith: string | null;
  /** For events. Default: unknown. */
  jobName?: string | null;
}

export interface MutationDenial {
  /** The field's name in the schema, e.g. `cancelJobs`. */
  mutation: string;
  /** The mutation's job IDs, or the first of them. */
  jobIds: readonly string[];
  /** The number of all its job IDs. */
  jobCount: number;
  reason: string | null;
  /** The error message that the caller got. */
  message: string;
}

export interface ActionIntent {
  /** Identifies one request for an action on one system's jobs, in all of its entries. */
  actionId: string;
  systemId: string;
  action: JobAction;
  jobIds: readonly string[];
  dryRun: boolean;
  reason: string | null;
}

/** Calls both, in order. If the first one throws, the second is not called, and nothing is sent. */
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
    recordDenial(denial) {
      first.recordDenial(denial);
      second.recordDenial(denial);
    },
  };
}

import type { JobAction } from './job.ts';
import type { ActionResult } from './settle-action.ts';

/** Keeps who did what to which jobs, before and after it happens. What it is told it has kept when it returns. */
export interface ActionAudit {
  /** Before anything else happens. Throws where it can't be kept: then nothing is done. */
  intend(intent: ActionIntent): void;
  /** Right before a vendor request that names these jobs. Throws where it can't be kept: then it is not sent. */
  send(batchId: string, jobIds: readonly string[]): void;
  /** When all is known that can be. Never throws: what is done is done. */
  settle(batchId: string, results: ReadonlyMap<string, ActionResult>): void;
}

export interface ActionIntent {
  /** The same in all entries of one batch. */
  batchId: string;
  systemId: string;
  action: JobAction;
  jobIds: readonly string[];
  dryRun: boolean;
  reason: string | null;
}

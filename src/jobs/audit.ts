import type { JobAction } from './job.ts';
import type { ActionResult } from './settle-action.ts';

/** Keeps who did what to which jobs, before and after it happens. What it is told it has kept when it returns. */
export interface ActionAudit {
  /** Before anything else happens. Throws where it can't be kept: then nothing is done. */
  intend(intent: ActionIntent): void;
  /** When a vendor request that names these jobs is put on a connection. Throws where it can't be kept: then it is not sent. */
  send(batchId: string, jobIds: readonly string[]): void;
  /** When all is known that can be. `sent`: the jobs that were named to the vendor. Never throws: what is done is done. */
  settle(batchId: string, results: ReadonlyMap<string, ActionResult>, sent: ReadonlySet<string>): void;
  /** What reading the jobs again told of actions whose end nobody had heard. Never throws: it is so. */
  find(found: FoundOutcomes): void;
  /** Somebody changes how a bulk operation goes on. Throws where it can't be kept: then it is not changed. */
  control(change: BulkControlChange): void;
  /** A mutation that was turned away whole, before anything was looked at. Never throws: nothing was done. */
  refuse(refusal: MutationRefusal): void;
}

export interface MutationRefusal {
  /** The field's name in the schema, e.g. `cancelJobs`. */
  mutation: string;
  jobIds: readonly string[];
  reason: string | null;
  /** What the caller was told. */
  message: string;
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

export interface FoundOutcomes {
  batchId: string;
  systemId: string;
  action: JobAction;
  reason: string | null;
  results: ReadonlyMap<string, ActionResult>;
  /** From when on each may have been sent; the jobs that are not in it certainly were not. */
  begunAt: ReadonlyMap<string, Date>;
}

export interface BulkControlChange {
  bulkOperationId: string;
  control: 'suspend' | 'resume' | 'cancel' | 'retryFailed';
}

/** Both are told everything, the first one first: what it refuses does not happen, and the second never hears of it. */
export function combineAudits(first: ActionAudit, second: ActionAudit): ActionAudit {
  return {
    intend(intent) {
      first.intend(intent);
      second.intend(intent);
    },
    send(batchId, jobIds) {
      first.send(batchId, jobIds);
      second.send(batchId, jobIds);
    },
    settle(batchId, results, sent) {
      first.settle(batchId, results, sent);
      second.settle(batchId, results, sent);
    },
    find(found) {
      first.find(found);
      second.find(found);
    },
    control(change) {
      first.control(change);
      second.control(change);
    },
    refuse(refusal) {
      first.refuse(refusal);
      second.refuse(refusal);
    },
  };
}

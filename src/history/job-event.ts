import { type ActionResult, isFailure } from '../actions/action-result.ts';
import type { JobAction, JobStatus } from '../jobs/job.ts';
import { type FollowUpOutcome, outcomeProjections } from '../jobs/outcome.ts';
import type { ProblemCode } from '../jobs/problem.ts';

export const jobEventKinds = ['ACTION', 'FOLLOW_UP'] as const;
export type JobEventKind = (typeof jobEventKinds)[number];

/** What the events of one batch have in common. */
export interface EventBatch {
  kind: JobEventKind;
  recordedAt: Date;
  actionId: string;
  systemId: string;
  /** `key:NAME`, `jwt:SUBJECT` or `anonymous`. */
  caller: string;
  action: JobAction;
  reason: string | null;
  requestId: string | null;
  operationName: string | null;
  bulkOperationId: string | null;
}

/** What came of it for a job. */
export interface EventResult {
  /** CONTRADICTED of a FOLLOW_UP only. */
  outcome: FollowUpOutcome;
  /** How the job stood afterwards, in the common word and the vendor's, where that was read. */
  jobStatus: JobStatus | null;
  vendorStatus: string | null;
  vendorCode: string | null;
  code: ProblemCode | null;
  message: string | null;
}

/** Something that was done to a job, or found out about it later, before it is stored. */
export interface NewJobEvent {
  batch: EventBatch;
  jobId: string;
  /** When a request that names the job went out; null: none did. */
  sentAt: Date | null;
  result: EventResult;
}

export interface JobEvent extends EventBatch, EventResult {
  /** Later events have greater ids. */
  id: string;
  jobId: string;
  /** Whether a request that names the job went out. */
  sent: boolean;
}

/** What came of an action, as an event says it. Throws for a dry run, which did nothing that could be kept. */
export function toEventResult(result: ActionResult): EventResult {
  const { outcome } = result;
  if (!outcomeProjections[outcome].hasEvent) throw new Error(`${outcome} has no event`);
  const job = 'job' in result ? result.job : null;
  const { code, message } = isFailure(result) ? result.problem : { code: null, message: null };
  return {
    outcome,
    jobStatus: job?.status ?? null,
    vendorStatus: job?.vendorStatus ?? null,
    vendorCode: result.outcome === 'VENDOR_REJECTED' ? result.vendorCode : null,
    code,
    message,
  };
}

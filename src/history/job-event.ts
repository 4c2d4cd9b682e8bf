import { type ActionResult, isFailure } from '../actions/action-result.ts';
import type { JobAction, JobStatus } from '../jobs/job.ts';
import { type FollowUpOutcome, outcomeProjections } from '../jobs/outcome.ts';
import type { ProblemCode } from '../jobs/problem.ts';

export const jobEventKinds = ['ACTION', 'FOLLOW_UP'] as const;
export type JobEventKind = (typeof jobEventKinds)[number];

/** What the events of one action on one system's jobs have in common. */
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

/** The result for one job. */
export interface EventResult {
  /** CONTRADICTED only for a FOLLOW_UP. */
  outcome: FollowUpOutcome;
  /** The job's status afterwards, and the vendor's word for it; null if the job was not read. */
  jobStatus: JobStatus | null;
  vendorStatus: string | null;
  vendorCode: string | null;
  code: ProblemCode | null;
  message: string | null;
}

/** An action on a job, or its follow-up, before it is stored. */
export interface NewJobEvent {
  batch: EventBatch;
  jobId: string;
  /** See toStoredName. Null: unknown. */
  jobName: string | null;
  /** The job that the action created, or may have created; null: unknown. Undefined: the action creates none. */
  createdJobId: string | null | undefined;
  /** When a request for the job was sent; null: none was. */
  sentAt: Date | null;
  result: EventResult;
}

export interface JobEvent extends EventBatch, EventResult {
  /** Later events have greater IDs. */
  id: string;
  jobId: string;
  jobName: string | null;
  /** The job that the action created, or may have created; null: none, or unknown. */
  createdJobId: string | null;
  /** Whether a request for the job was sent. */
  sent: boolean;
}

/** The result of an action as its event stores it. Throws for a dry run, which has no event. */
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

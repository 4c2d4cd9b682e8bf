import type { ActionResult } from '../actions/action-outcome.ts';
import type { JobAction, JobStatus } from '../jobs/job.ts';
import type { ProblemCode } from '../jobs/problem.ts';

export const jobEventKinds = ['ACTION', 'SETTLED'] as const;
export type JobEventKind = (typeof jobEventKinds)[number];

/** The schema's `JobEventOutcome` holds the same words, and says what they mean. */
export const jobEventOutcomes = [
  'DONE',
  'PENDING',
  'ALREADY',
  'GONE',
  'NOT_FOUND',
  'NOT_ALLOWED',
  'DENIED',
  'UNAVAILABLE',
  'REJECTED',
  'UNKNOWN',
  'NOT_ATTEMPTED',
  'CONTRADICTED',
] as const;
export type JobEventOutcome = (typeof jobEventOutcomes)[number];

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
export interface EventOutcome {
  /** How the job stood afterwards, in the common word and the vendor's, where that was read. */
  jobStatus: JobStatus | null;
  vendorStatus: string | null;
  vendorCode: string | null;
  settledAs: JobEventOutcome;
  code: ProblemCode | null;
  message: string | null;
}

/** Something that was done to a job, or found out about it later, before it is stored. */
export interface NewJobEvent {
  batch: EventBatch;
  jobId: string;
  /** When a request that names the job went out; null: none did. */
  sentAt: Date | null;
  outcome: EventOutcome;
}

export interface JobEvent extends EventBatch, EventOutcome {
  /** Later events have greater ids. */
  id: string;
  jobId: string;
  /** Whether a request that names the job went out. */
  sent: boolean;
}

const outcomes: Record<Exclude<ActionResult['kind'], 'succeeded'>, JobEventOutcome> = {
  notFound: 'NOT_FOUND',
  notAllowed: 'NOT_ALLOWED',
  denied: 'DENIED',
  unavailable: 'UNAVAILABLE',
  rejected: 'REJECTED',
  unknown: 'UNKNOWN',
  notAttempted: 'NOT_ATTEMPTED',
};

/** What came of an action, as an event says it. Throws for a dry run, which did nothing that could be kept. */
export function toEventOutcome(result: ActionResult): EventOutcome {
  const job = 'job' in result ? result.job : null;
  const jobStatus = job?.status ?? null;
  const vendorStatus = job?.vendorStatus ?? null;
  if (result.kind === 'succeeded') {
    if (result.how === 'DRY_RUN') throw new Error('A dry run has no event');
    return { jobStatus, vendorStatus, vendorCode: null, settledAs: result.how, code: null, message: null };
  }
  const { code, message } = result.problem;
  const vendorCode = result.kind === 'rejected' ? result.vendorCode : null;
  return { jobStatus, vendorStatus, vendorCode, settledAs: outcomes[result.kind], code, message };
}

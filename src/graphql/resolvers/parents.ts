import type { BulkItem, BulkOperation } from '../../bulk/operation.ts';
import type { Bucket, Count } from '../../counting/count-buckets.ts';
import type { Cancellation } from '../../history/cancellation.ts';
import type { CancellationFilter } from '../../history/cancellation-list.ts';
import type { CountedSystem } from '../../job-service/job-counts.ts';
import type { LogPage } from '../../job-service/job-logs.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import type { ActionAvailability } from '../../jobs/eligibility.ts';
import type { SystemHealth } from '../../jobs/health.ts';
import type { Job, JobAction, JobFailure, JobStep } from '../../jobs/job.ts';
import type { JobId } from '../../jobs/job-id.ts';
import type { ShownLogLine } from '../../jobs/log-text.ts';
import type { SuccessOutcome } from '../../jobs/outcome.ts';
import type { JobListEvent } from '../../live/list-events.ts';

// The parent types of resolvers that no other room declares. codegen.ts refers to them, so this file must not import generated code.

/** A job that was read, or a reference that is read when a field beyond its ID is selected. */
export type JobParent = Job | (JobId & { id: string });

/** A step, with its job, which its log is read of. */
export type JobStepParent = JobStep & { job: Job };

export type JobFailureParent = Omit<JobFailure, 'step'> & { step: JobStepParent | null };

export type JobLogParent = LogPage & { systemId: string };

/** A success of any action, for `CancelSuccess` and `JobActionSuccess`. */
export interface SuccessParent {
  jobId: string;
  /** A copy that shows the effect, if one was read. */
  job: Job | null;
  /** Null: the action created none. */
  createdJobId: string | null;
  action: JobAction;
  outcome: SuccessOutcome;
  /** The result of a dry run; otherwise null. */
  availability: ActionAvailability | null;
}

export type HealthParent = SystemHealth & { system: ServedSystem };

export type BulkItemParent = BulkItem & { action: BulkOperation['action'] };

/** A page of a list. */
export interface Connection<Node> {
  edges: { node: Node; cursor: string }[];
  nodes: Node[];
  pageInfo: PageInfoParent;
}

/** Cursors are signed only if they are selected. By functions, not by getters: see createRequestContext. */
export interface PageInfoParent {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor(): string | null;
  endCursor(): string | null;
}

/** As PageInfoParent. */
interface EdgeParent<Node> {
  node: Node;
  cursor(): string;
}

export type JobEdgeParent = EdgeParent<Job>;

export type JobLogEdgeParent = EdgeParent<ShownLogLine>;

export type CancellationPage = Connection<Cancellation> & { filter: CancellationFilter };

/** The counts of all selected systems, and the largest buckets. */
export interface JobCountsParent {
  counts: readonly CountedSystem[];
  buckets: BucketParent[];
  bucketCount: number;
  observedAt: Date;
}

export type BucketParent = Bucket<ServedSystem>;

export type CountParent = Count<{ id: string }> & { observedAt: Date };

export type ListEventParent<Kind extends JobListEvent['kind']> = Extract<JobListEvent, { kind: Kind }>;

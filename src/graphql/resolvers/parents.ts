import type { BulkItem, BulkOperation } from '../../bulk/operation.ts';
import type { ServedSystem } from '../../job-service/served-system.ts';
import type { ActionAvailability } from '../../jobs/eligibility.ts';
import type { SystemHealth } from '../../jobs/health.ts';
import type { Job, JobAction } from '../../jobs/job.ts';
import type { JobId } from '../../jobs/job-id.ts';
import type { SuccessOutcome } from '../../jobs/outcome.ts';

// The parents that resolvers of the schema's types get, where no room has the type already. codegen.ts names them, so nothing here may
// import generated code.

/** A job that was read, or a reference that is read when a field beyond its id is selected. */
export type JobParent = Job | (JobId & { id: string });

/** A success of any action, as `CancelSuccess` and `JobActionSuccess` show it. */
export interface SuccessParent {
  jobId: string;
  /** A copy that shows it, where one was read. */
  job: Job | null;
  action: JobAction;
  outcome: SuccessOutcome;
  /** What a dry run found out; else null. */
  availability: ActionAvailability | null;
}

export type HealthParent = SystemHealth & { system: ServedSystem };

export type BulkItemParent = BulkItem & { action: BulkOperation['action'] };

export interface OperationPage {
  operations: BulkOperation[];
  hasNextPage: boolean;
  after: string | null;
}

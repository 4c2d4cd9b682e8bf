import type { ActionResult } from '../../actions/action-outcome.ts';
import type { ActOnceResult } from '../../idempotency/perform-idempotently.ts';
import type { JobService } from '../../job-service/job-service.ts';
import { toAvailability } from '../../jobs/eligibility.ts';
import type { JobAction } from '../../jobs/job.ts';
import { splitJobId } from '../../jobs/job-id.ts';
import type { ActionSummary, JobActionAvailability } from '../generated/resolvers.ts';
import type { JobParent } from './job.ts';

type Failure = Exclude<ActionResult, { kind: 'succeeded' }>;

/** The union member that a failed action stands for; the same for all actions. */
export function toFailure(result: Failure, action: JobAction, jobId: string, jobs: JobService) {
  const problem = { jobId, ...result.problem };
  switch (result.kind) {
    case 'notFound':
      return { __typename: 'JobNotFound' as const, ...problem };
    case 'notAllowed':
      return { __typename: 'ActionNotAllowed' as const, ...problem, action, job: result.job ?? referenceTo(jobId) };
    case 'denied':
      return { __typename: 'AccessDenied' as const, ...problem };
    case 'unavailable': {
      const system = jobs.findSystem(referenceTo(jobId).systemId);
      if (!system) throw new Error(`Result for ${jobId}, which is of no known system`);
      return { __typename: 'SystemUnavailable' as const, ...problem, system };
    }
    case 'rejected':
      return { __typename: 'VendorRejected' as const, ...problem, vendorCode: result.vendorCode, job: result.job ?? referenceTo(jobId) };
    case 'unknown': {
      const { attemptedAt, safeToRetry } = result;
      return { __typename: 'OutcomeUnknown' as const, ...problem, job: result.job ?? referenceTo(jobId), attemptedAt, safeToRetry };
    }
    case 'notAttempted':
      return { __typename: 'NotAttempted' as const, ...problem };
  }
}

/** What a dry run found out; null if the action was sent, or there was nothing to send. */
export function availabilityOf(
  { how, doubt }: Extract<ActionResult, { kind: 'succeeded' }>,
  action: JobAction,
): JobActionAvailability | null {
  return how === 'DRY_RUN' ? toAvailability(action, doubt ?? null) : null;
}

/** The union member of a job whose request came with a key that belongs to something else. */
export function toConflict({ problem }: Extract<ActOnceResult, { kind: 'conflict' }>, jobId: string) {
  return { __typename: 'IdempotencyConflict' as const, jobId, ...problem };
}

/** A reference to a job whose id is known to be well-formed. */
export function referenceTo(jobId: string): Exclude<JobParent, { status: unknown }> {
  return { id: jobId, ...splitJobId(jobId) };
}

export function summarize(results: readonly ActOnceResult[]): ActionSummary {
  const succeeded = results.filter((result) => result.kind === 'succeeded').length;
  const unknown = results.filter((result) => result.kind === 'unknown').length;
  return { requested: results.length, succeeded, unknown, failed: results.length - succeeded - unknown };
}

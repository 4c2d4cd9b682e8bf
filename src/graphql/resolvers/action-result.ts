import { type ActionResult, type FailureResult, isFailure, type JobResult } from '../../actions/action-result.ts';
import type { IdempotentActionResult } from '../../idempotency/perform-idempotently.ts';
import type { JobService } from '../../job-service/job-service.ts';
import { toAvailability } from '../../jobs/eligibility.ts';
import type { JobAction } from '../../jobs/job.ts';
import { splitJobId } from '../../jobs/job-id.ts';
import { type OutcomeClass, outcomeProjections } from '../../jobs/outcome.ts';
import type { ActionSummary, CancelSuccessResolvers, JobActionSuccessResolvers } from '../generated/resolvers.ts';
import { toShownJobId } from './bad-user-input.ts';
import type { Context } from './context.ts';
import type { JobParent, SuccessParent } from './parents.ts';

/** Resolved only if it is selected: of 2,000 jobs, few are. */
const job = ({ job: copy, jobId }: SuccessParent): JobParent => copy ?? referenceTo(jobId);

export const cancelSuccessResolvers = { job } satisfies CancelSuccessResolvers<Context>;

export const actionSuccessResolvers = {
  job,
  createdJob: ({ createdJobId }: SuccessParent): JobParent | null => (createdJobId === null ? null : referenceTo(createdJobId)),
} satisfies JobActionSuccessResolvers<Context>;

const successMembers = {
  CANCEL: 'CancelSuccess',
  PAUSE: 'JobActionSuccess',
  RESUME: 'JobActionSuccess',
  RESTART: 'JobActionSuccess',
  START: 'JobActionSuccess',
} as const satisfies Record<JobAction, string>;

/** The union member of a result, the same for mutations and bulk items. */
export function toResultMember<Action extends JobAction>(result: ActionResult, action: Action, jobId: string, jobs: JobService) {
  if (isFailure(result)) return toFailureMember(result, action, jobId, jobs);
  const { outcome, doubt, job: copy, createdJobId = null } = result;
  const availability = outcome === 'DRY_RUN_PASSED' ? toAvailability(action, doubt ?? null) : null;
  return { __typename: successMembers[action], jobId, job: copy, createdJobId, action, outcome, availability };
}

function toFailureMember(result: FailureResult, action: JobAction, jobId: string, jobs: JobService) {
  const problem = { jobId, ...result.problem };
  switch (result.outcome) {
    case 'JOB_NOT_FOUND':
    case 'ACCESS_DENIED':
    case 'NOT_ATTEMPTED':
      return { __typename: outcomeProjections[result.outcome].member, ...problem };
    case 'ACTION_NOT_ALLOWED':
      return {
        __typename: outcomeProjections[result.outcome].member,
        ...problem,
        action,
        status: result.status,
        job: result.job ?? referenceTo(jobId),
      };
    case 'SYSTEM_UNAVAILABLE': {
      const system = jobs.findSystem(referenceTo(jobId).systemId);
      if (!system) throw new Error(`The system of ${jobId} is unknown`);
      return { __typename: outcomeProjections[result.outcome].member, ...problem, system };
    }
    case 'VENDOR_REJECTED': {
      const { vendorCode, job: copy } = result;
      return { __typename: outcomeProjections[result.outcome].member, ...problem, vendorCode, job: copy ?? referenceTo(jobId) };
    }
    case 'OUTCOME_UNKNOWN': {
      const { attemptedAt, safeToRetry, job: copy } = result;
      return {
        __typename: outcomeProjections[result.outcome].member,
        ...problem,
        attemptedAt,
        safeToRetry,
        job: copy ?? referenceTo(jobId),
      };
    }
  }
}

/** The payload of a mutation: one result per ID in request order, and their counts. */
export function toActionPayload<Action extends JobAction>(
  results: readonly JobResult<IdempotentActionResult>[],
  action: Action,
  jobs: JobService,
) {
  return {
    results: results.map(({ jobId: requestedId, result }) => {
      const jobId = toShownJobId(requestedId);
      return result.outcome === 'IDEMPOTENCY_CONFLICT'
        ? { __typename: 'IdempotencyConflict' as const, jobId, ...result.problem }
        : toResultMember(result, action, jobId, jobs);
    }),
    summary: summarize(results),
  };
}

/** A reference to a job whose ID is known to be well-formed. */
export function referenceTo(jobId: string): Exclude<JobParent, { status: unknown }> {
  return { id: jobId, ...splitJobId(jobId) };
}

function summarize(results: readonly JobResult<IdempotentActionResult>[]): ActionSummary {
  const counts: Record<OutcomeClass, number> = { SUCCEEDED: 0, FAILED: 0, UNKNOWN: 0 };
  for (const {
    result: { outcome },
  } of results)
    counts[outcome === 'IDEMPOTENCY_CONFLICT' ? 'FAILED' : outcomeProjections[outcome].class] += 1;
  return { requested: results.length, succeeded: counts.SUCCEEDED, unknown: counts.UNKNOWN, failed: counts.FAILED };
}

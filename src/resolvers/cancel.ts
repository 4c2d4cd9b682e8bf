import type { CancelOutcome, CancelSuccessResolvers, MutationResolvers } from '../generated/resolvers.ts';
import { actOnce } from '../idempotency/act-once.ts';
import type { Job } from '../jobs/job.ts';
import type { SuccessKind } from '../jobs/settle-action.ts';
import { referenceTo, summarise, toConflict, toFailure } from './action-result.ts';
import { checkIdempotencyKey, checkIds } from './bad-user-input.ts';
import type { Context } from './context.ts';

export const mostActions = 2000;

export const cancelJobs: NonNullable<MutationResolvers<Context>['cancelJobs']> = async (_parent, { input }, { jobs, once }) => {
  checkIds(input.ids, mostActions, 'input.ids');
  const { ids, dryRun, reason = null } = input;
  const key = checkIdempotencyKey(input.idempotencyKey);
  const results = await actOnce(jobs, once, key, { action: 'CANCEL', ids, dryRun, reason });
  return {
    results: results.map((result, index) => {
      const jobId = input.ids[index] as string;
      if (result.kind === 'conflict') return toConflict(result, jobId);
      if (result.kind !== 'succeeded') return toFailure(result, 'CANCEL', jobId, jobs);
      return { __typename: 'CancelSuccess' as const, jobId, job: result.job, outcome: outcomes[result.how] };
    }),
    summary: summarise(results),
  };
};

export interface CancelSuccessParent {
  __typename: 'CancelSuccess';
  jobId: string;
  /** A copy that shows it, where one was read. */
  job: Job | null;
  outcome: CancelOutcome;
}

export const cancelSuccessResolvers: CancelSuccessResolvers<Context> = {
  // Not before it is selected: of 2,000 jobs few are.
  job: ({ job, jobId }) => job ?? referenceTo(jobId),
};

export const outcomes: Record<SuccessKind, CancelOutcome> = {
  DONE: 'CANCELLED',
  PENDING: 'CANCELLING',
  ALREADY: 'ALREADY_CANCELLED',
  GONE: 'GONE',
  DRY_RUN: 'WOULD_CANCEL',
};

import { performIdempotently } from '../../idempotency/perform-idempotently.ts';
import type { JobAction } from '../../jobs/job.ts';
import type { MutationPauseJobsArgs, MutationResolvers } from '../generated/resolvers.ts';
import { availabilityOf, referenceTo, summarize, toConflict, toFailure } from './action-result.ts';
import { toShownJobId } from './bad-user-input.ts';
import type { Context } from './context.ts';

export const actionMutations = {
  pauseJobs: actOn('PAUSE'),
  resumeJobs: actOn('RESUME'),
  restartJobs: actOn('RESTART'),
  startJobs: actOn('START'),
} satisfies MutationResolvers<Context>;

/** Their input has been checked with all others of the operation (server/action-limits.ts). */
function actOn(action: JobAction) {
  return async (_parent: unknown, { input }: MutationPauseJobsArgs, { jobs, once }: Context) => {
    const { ids, dryRun, reason = null } = input;
    const results = await performIdempotently(jobs, once, input.idempotencyKey ?? null, { action, ids, dryRun, reason });
    return {
      results: results.map((result, index) => {
        const jobId = toShownJobId(input.ids[index] as string);
        if (result.kind === 'conflict') return toConflict(result, jobId);
        if (result.kind !== 'succeeded') return toFailure(result, action, jobId, jobs);
        const job = result.job ?? referenceTo(jobId);
        const availability = availabilityOf(result, action);
        return { __typename: 'JobActionSuccess' as const, jobId, job, action, dryRun: input.dryRun, availability };
      }),
      summary: summarize(results),
    };
  };
}

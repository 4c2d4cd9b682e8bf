import type { MutationPauseJobsArgs, MutationResolvers } from '../generated/resolvers.ts';
import { actOnce } from '../idempotency/act-once.ts';
import type { JobAction } from '../jobs/job.ts';
import { referenceTo, summarise, toConflict, toFailure } from './action-result.ts';
import { checkIdempotencyKey, checkIds } from './bad-user-input.ts';
import { mostActions } from './cancel.ts';
import type { Context } from './context.ts';

export const actionMutations = {
  pauseJobs: actOn('PAUSE'),
  resumeJobs: actOn('RESUME'),
  restartJobs: actOn('RESTART'),
  startJobs: actOn('START'),
} satisfies MutationResolvers<Context>;

function actOn(action: JobAction) {
  return async (_parent: unknown, { input }: MutationPauseJobsArgs, { jobs, once }: Context) => {
    checkIds(input.ids, mostActions, 'input.ids');
    const { ids, dryRun, reason = null } = input;
    const results = await actOnce(jobs, once, checkIdempotencyKey(input.idempotencyKey), { action, ids, dryRun, reason });
    return {
      results: results.map((result, index) => {
        const jobId = input.ids[index] as string;
        if (result.kind === 'conflict') return toConflict(result, jobId);
        if (result.kind !== 'succeeded') return toFailure(result, action, jobId, jobs);
        return { __typename: 'JobActionSuccess' as const, jobId, job: result.job ?? referenceTo(jobId), action, dryRun: input.dryRun };
      }),
      summary: summarise(results),
    };
  };
}

import type { MutationPauseJobsArgs, MutationResolvers } from '../generated/resolvers.ts';
import type { JobAction } from '../jobs/job.ts';
import { referenceTo, summarise, toFailure } from './action-result.ts';
import { checkIds } from './bad-user-input.ts';
import { mostActions } from './cancel.ts';
import type { Context } from './context.ts';

export const actionMutations = {
  pauseJobs: actOn('PAUSE'),
  resumeJobs: actOn('RESUME'),
  restartJobs: actOn('RESTART'),
  startJobs: actOn('START'),
} satisfies MutationResolvers<Context>;

function actOn(action: JobAction) {
  return async (_parent: unknown, { input }: MutationPauseJobsArgs, { jobs }: Context) => {
    checkIds(input.ids, mostActions, 'input.ids');
    const results = await jobs.act(action, input.ids, { dryRun: input.dryRun, reason: input.reason ?? null });
    return {
      results: results.map((result, index) => {
        const jobId = input.ids[index] as string;
        if (result.kind !== 'succeeded') return toFailure(result, action, jobId, jobs);
        return { __typename: 'JobActionSuccess' as const, jobId, job: result.job ?? referenceTo(jobId), action, dryRun: input.dryRun };
      }),
      summary: summarise(results),
    };
  };
}

import { performIdempotently } from '../../idempotency/perform-idempotently.ts';
import type { JobAction } from '../../jobs/job.ts';
import type { MutationPauseJobsArgs, MutationResolvers } from '../generated/resolvers.ts';
import { toActionPayload } from './action-result.ts';
import type { Context } from './context.ts';

export const actionMutations = {
  pauseJobs: performOn('PAUSE'),
  resumeJobs: performOn('RESUME'),
  restartJobs: performOn('RESTART'),
  startJobs: performOn('START'),
} satisfies MutationResolvers<Context>;

/** Their inputs have been checked together with all others of the operation (graphql/action-limits.ts). */
function performOn(action: Exclude<JobAction, 'CANCEL'>) {
  return async (_parent: unknown, { input }: MutationPauseJobsArgs, { jobs, once }: Context) => {
    const { ids, dryRun, reason = null } = input;
    const results = await performIdempotently(jobs, once, input.idempotencyKey ?? null, { action, ids, dryRun, reason });
    return toActionPayload(results, action, jobs);
  };
}

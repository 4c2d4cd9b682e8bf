import type { JobResult } from '../../actions/action-result.ts';
import { type IdempotentActionResult, performIdempotently } from '../../idempotency/perform-idempotently.ts';
import { resolveAccepted } from '../../live/resolve-accepted.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { toActionPayload } from './action-result.ts';
import type { Context } from './context.ts';
import { checkSeconds, reserve } from './live.ts';

/** Its input has been checked together with all others of the operation (graphql/action-limits.ts). */
export const cancelJobs: NonNullable<MutationResolvers<Context>['cancelJobs']> = async (_parent, { input }, context) => {
  checkSeconds(input.waitSeconds, 'input.waitSeconds');
  const { ids, dryRun, reason = null, waitSeconds } = input;
  const { jobs, once, live } = context;
  const request = { action: 'CANCEL', ids, dryRun, reason } as const;
  const key = input.idempotencyKey ?? null;
  if (waitSeconds === 0) return toActionPayload(await performIdempotently(jobs, once, key, request), 'CANCEL', jobs);
  // Before anything is sent: after a later rejection, the caller wouldn't get the results.
  const release = reserve(live(), ids.length);
  const results = await performIdempotently(jobs, once, key, request)
    .then((decided) => waitForEnd(decided, context, waitSeconds * 1000))
    .finally(release);
  return toActionPayload(results, 'CANCEL', jobs);
};

/** The results after the stopping jobs have stopped, or the time has passed. */
async function waitForEnd(
  results: readonly JobResult<IdempotentActionResult>[],
  { live, jobs }: Context,
  forMs: number,
): Promise<readonly JobResult<IdempotentActionResult>[]> {
  const accepted = new Map<string, Date>();
  for (const { jobId, result } of results) if (result.outcome === 'ACCEPTED') accepted.set(jobId, result.job?.observedAt ?? new Date(0));
  if (accepted.size === 0) return results;
  const resolved = await resolveAccepted(accepted, { live: live(), findSystem: jobs.findSystem, action: 'CANCEL', forMs });
  return results.map(({ jobId, result }) => ({ jobId, result: resolved.get(jobId) ?? result }));
}

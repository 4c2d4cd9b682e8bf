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
  if (waitSeconds === 0) return toActionPayload(await performIdempotently(jobs, once, key, request), request, jobs);
  // Before anything is sent: after a later rejection, the caller wouldn't get the results.
  const release = reserve(live, ids.length);
  const results = await performIdempotently(jobs, once, key, request)
    .then((decided) => waitForEnd(ids, decided, context, waitSeconds * 1000))
    .finally(release);
  return toActionPayload(results, request, jobs);
};

/** The results after the stopping jobs have stopped, or the time has passed. */
async function waitForEnd(
  ids: readonly string[],
  results: readonly IdempotentActionResult[],
  { live, jobs }: Context,
  forMs: number,
): Promise<readonly IdempotentActionResult[]> {
  const accepted = new Map<string, Date>();
  for (const [index, result] of results.entries()) {
    if (result.outcome === 'ACCEPTED') accepted.set(ids[index] as string, result.job?.observedAt ?? new Date(0));
  }
  if (accepted.size === 0) return results;
  const resolved = await resolveAccepted(accepted, { live, findSystem: jobs.findSystem, action: 'CANCEL', forMs });
  return results.map((result, index) => resolved.get(ids[index] as string) ?? result);
}

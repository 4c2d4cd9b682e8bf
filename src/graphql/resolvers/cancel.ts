import type { ActionResult, SuccessKind } from '../../actions/action-outcome.ts';
import { type ActOnceResult, performIdempotently } from '../../idempotency/perform-idempotently.ts';
import { isTerminal, type Job } from '../../jobs/job.ts';
import { createProblem } from '../../jobs/problem.ts';
import type { LiveJobs } from '../../live/live-jobs.ts';
import type { CancelOutcome, CancelSuccessResolvers, MutationResolvers } from '../generated/resolvers.ts';
import { availabilityOf, referenceTo, summarize, toConflict, toFailure } from './action-result.ts';
import { toShownJobId } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { checkSeconds, reserve } from './live.ts';

/** Its input has been checked with all others of the operation (server/action-limits.ts). */
export const cancelJobs: NonNullable<MutationResolvers<Context>['cancelJobs']> = async (_parent, { input }, { jobs, once, live }) => {
  checkSeconds(input.waitSeconds, 'input.waitSeconds');
  const { ids, dryRun, reason = null, waitSeconds } = input;
  // Before anything is sent: refused later, the caller would not know what came of it.
  const release = waitSeconds > 0 ? reserve(live, ids.length) : () => {};
  const results = await performIdempotently(jobs, once, input.idempotencyKey ?? null, { action: 'CANCEL', ids, dryRun, reason })
    .then((settled) => (waitSeconds > 0 ? waitForEnd(ids, settled, live, waitSeconds * 1000) : settled))
    .finally(release);
  return {
    results: results.map((result, index) => {
      const jobId = toShownJobId(input.ids[index] as string);
      if (result.kind === 'conflict') return toConflict(result, jobId);
      if (result.kind !== 'succeeded') return toFailure(result, 'CANCEL', jobId, jobs);
      return {
        __typename: 'CancelSuccess' as const,
        jobId,
        job: result.job,
        outcome: toCancelOutcome(result),
        availability: availabilityOf(result, 'CANCEL'),
      };
    }),
    summary: summarize(results),
  };
};

export const cancelSuccessResolvers: CancelSuccessResolvers<Context> = {
  // Not before it is selected: of 2,000 jobs few are.
  job: ({ job, jobId }) => job ?? referenceTo(jobId),
};

export function toCancelOutcome({ how, doubt }: Extract<ActionResult, { kind: 'succeeded' }>): CancelOutcome {
  return how === 'DRY_RUN' && doubt != null ? 'MIGHT_CANCEL' : outcomes[how];
}

const outcomes: Record<SuccessKind, CancelOutcome> = {
  DONE: 'CANCELLED',
  PENDING: 'CANCELLING',
  ALREADY: 'ALREADY_CANCELLED',
  GONE: 'GONE',
  DRY_RUN: 'WOULD_CANCEL',
};

/** The results once the jobs that are still stopping have stopped, or the time is up. Of jobs that the caller may not read nothing more is told. */
async function waitForEnd(
  ids: readonly string[],
  results: readonly ActOnceResult[],
  live: LiveJobs,
  forMs: number,
): Promise<readonly ActOnceResult[]> {
  const pending = new Map<string, Job | null>();
  for (const [index, result] of results.entries()) {
    if (result.kind === 'succeeded' && result.how === 'PENDING') pending.set(ids[index] as string, result.job);
  }
  if (pending.size === 0) return results;
  // A copy from before may show another end: a FAILED job of Kylin's can be cancelled.
  const isNewer = (job: Job): boolean => job.observedAt > (pending.get(job.id)?.observedAt ?? new Date(0));
  const hasEnded = (job: Job): boolean => job.status === 'CANCELLED' || (isTerminal(job.status) && isNewer(job));
  const lookups = await live.wait([...pending.keys()], hasEnded, forMs);
  return results.map((result, index) => {
    const id = ids[index] as string;
    const lookup = pending.has(id) ? lookups.get(id) : undefined;
    if (lookup?.kind === 'notFound') return { kind: 'succeeded', how: 'GONE', job: null };
    if (lookup?.kind !== 'job') return result;
    const { job } = lookup;
    if (!hasEnded(job)) return { kind: 'succeeded', how: 'PENDING', job };
    if (job.status === 'CANCELLED') return { kind: 'succeeded', how: 'DONE', job };
    const message = `${job.systemId} accepted it, yet the job ended as ${job.status}.`;
    return { kind: 'notAllowed', problem: createProblem('WRONG_STATUS', message), job };
  });
}

import { GraphQLError } from 'graphql';
import { isTerminal, type JobStatus } from '../../jobs/job.ts';
import type { Problem } from '../../jobs/problem.ts';
import { type LiveJobs, toJob } from '../../live/live-jobs.ts';
import type { Observation } from '../../live/watcher.ts';
import type { QueryResolvers, SubscriptionResolvers } from '../generated/resolvers.ts';
import { assertIds, badUserInput, toShownJobId } from './bad-user-input.ts';
import type { Context } from './context.ts';
import { toJobResult } from './job.ts';

const maxWatched = 500;
const maxSeconds = 25;

export const jobsChanged: NonNullable<SubscriptionResolvers<Context>['jobsChanged']> = {
  subscribe(_parent, { ids }, { live }) {
    assertIds(ids, maxWatched, 'ids');
    const subscription = live().subscribe(ids);
    if (subscription.kind === 'problem') {
      const { problem } = subscription;
      throw problem.code === 'RATE_LIMITED' ? rateLimited(problem) : badUserInput(`ids: ${problem.message}`);
    }
    return subscription.jobs;
  },
  resolve: (observation: Observation) => toJob(observation),
};

export const waitForJobs: NonNullable<QueryResolvers<Context>['waitForJobs']> = async (
  _parent,
  { ids, until, timeoutSeconds },
  { live },
) => {
  assertIds(ids, maxWatched, 'ids');
  checkSeconds(timeoutSeconds, 'timeoutSeconds');
  if (until?.length === 0) throw badUserInput('until: expected at least one status, got none.');
  const wanted = until && new Set(until);
  const isReached = ({ status }: { status: JobStatus }): boolean => (wanted ? wanted.has(status) : isTerminal(status));
  const release = reserve(live(), ids.length);
  const lookups = await live()
    .wait(ids, isReached, timeoutSeconds * 1000)
    .finally(release);
  return ids.map((jobId) => {
    const lookup = lookups.get(jobId);
    if (!lookup) throw new Error(`No lookup for ${jobId}`);
    return { jobId: toShownJobId(jobId), reached: lookup.kind === 'job' && isReached(lookup.job), result: toJobResult(lookup, jobId) };
  });
};

/** Counts jobs as subscribed until the returned function is called. Throws RATE_LIMITED if the caller has reached its limit. */
export function reserve(live: LiveJobs, count: number): () => void {
  const reserved = live.reserve(count);
  if (!reserved.ok) throw rateLimited(reserved.problem);
  return reserved.value;
}

export function rateLimited({ code, message, retryAfterSeconds }: Problem): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryAfterSeconds } });
}

/** Throws unless a caller may wait this long. */
export function checkSeconds(seconds: number, argument: string): void {
  if (!(seconds >= 0 && seconds <= maxSeconds)) throw badUserInput(`${argument}: expected 0 to ${maxSeconds} seconds, got ${seconds}.`);
}

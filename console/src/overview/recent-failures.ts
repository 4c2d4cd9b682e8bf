import type { FailedJobFragment, RecentFailuresQuery } from '../api/generated/graphql.ts';

export interface RecentFailures {
  /** Newest first, by the time that is shown. */
  jobs: readonly FailedJobFragment[];
  /** False: jobs may be missing. */
  isComplete: boolean;
}

/** The time that is shown: when the job ended, or else when it was created, as some systems report no ends. */
export function timeOf({ finishedAt, createdAt }: Pick<FailedJobFragment, 'finishedAt' | 'createdAt'>): string | null {
  return finishedAt ?? createdAt;
}

/**
 * Merges the newest `max` jobs by end with the newest `max` by creation. The result is the newest by `timeOf`: a job without an end that the second
 * list lacks is older than all jobs of that list.
 */
export function mergeFailures({ byEnd, byCreation }: RecentFailuresQuery, max: number): RecentFailures {
  const jobs = new Map([...byCreation.nodes, ...byEnd.nodes].map((job) => [job.id, job]));
  const timeMs = (job: FailedJobFragment): number => Date.parse(timeOf(job) ?? new Date(0).toISOString());
  return {
    jobs: [...jobs.values()].toSorted((one, other) => timeMs(other) - timeMs(one)).slice(0, max),
    isComplete: byEnd.complete && byCreation.complete,
  };
}

import type { CountPrecision, JobStatus, ListCountsQuery } from '../api/generated/graphql.ts';
import { formatCount } from '../time/format.ts';
import type { JobsView } from './address.ts';

export type Bucket = ListCountsQuery['jobCounts']['buckets'][number];

/** A number of jobs, and how far it can be trusted. */
export interface Count {
  count: number;
  precision: CountPrecision;
}

/** The sum of buckets: exact only if each of them is, unknown only if all are. */
export function sumBuckets(buckets: readonly Pick<Bucket, 'count' | 'precision'>[]): Count {
  const count = buckets.reduce((sum, bucket) => sum + (bucket.count ?? 0), 0);
  const isExact = buckets.every(({ precision }) => precision === 'EXACT');
  const isUnknown = buckets.length > 0 && buckets.every(({ precision }) => precision === 'UNKNOWN');
  return { count, precision: isExact ? 'EXACT' : isUnknown ? 'UNKNOWN' : 'AT_LEAST' };
}

/** Whether a system's jobs could not be counted. The statuses that it can't have are 0 even then. */
export function isNotCounted(buckets: readonly Pick<Bucket, 'count' | 'precision'>[]): boolean {
  return buckets.some(({ precision }) => precision === 'UNKNOWN') && buckets.every(({ count }) => (count ?? 0) === 0);
}

/** `1,284`; `846+`: at least; `?`: unknown. */
export function showCount({ count, precision }: Count): string {
  switch (precision) {
    case 'EXACT':
      return formatCount(count);
    case 'AT_LEAST':
      return `${formatCount(count)}+`;
    case 'UNKNOWN':
      return '?';
    default:
      return precision satisfies never;
  }
}

/** Says why a number isn't exact. Null if it is. */
export function whyInexact(buckets: readonly Pick<Bucket, 'problem'>[]): string | null {
  return buckets.find(({ problem }) => problem !== null)?.problem?.message ?? null;
}

/** How many jobs match the view, including its statuses. */
export function countView(buckets: readonly Bucket[], { statuses }: Pick<JobsView, 'statuses'>): Count {
  return sumBuckets(ofStatuses(buckets, statuses));
}

/** The buckets of these statuses; of all if there are none. */
export function ofStatuses(buckets: readonly Bucket[], statuses: readonly JobStatus[]): readonly Bucket[] {
  return statuses.length === 0 ? buckets : buckets.filter(({ status }) => status !== null && statuses.includes(status));
}

import { LRUCache } from 'lru-cache';
import { atMost } from '../../../concurrency/at-most.ts';
import { isTerminal, type JobFields } from '../../../jobs/job.ts';

/**
 * The jobs that Jobyard has canceled. Veeva doesn't document whether queries show that a job is CANCELLING: until a query has shown it,
 * Jobyard doesn't trust what queries show of these jobs.
 */
export interface CancellingJobs {
  /** These jobs are CANCELLING from now on, whatever queries show. */
  record(vendorIds: readonly string[]): void;
  /** Whether a query may show the job as it was before the cancellation. Learns from each copy. */
  isUnproven(copy: Pick<JobFields, 'vendorId' | 'status'>): boolean;
}

const keptCancels = 10_000;
const keptCancelsMs = 3_600_000;

export function createCancellingJobs(): CancellingJobs {
  const cancelling = new LRUCache<string, true>({ ...atMost(keptCancels), ttl: keptCancelsMs });
  let queriesShowCancelling = false;
  return {
    record(vendorIds) {
      if (!queriesShowCancelling) for (const id of vendorIds) cancelling.set(id, true);
    },
    isUnproven({ vendorId, status }) {
      if (status === 'CANCELLING') queriesShowCancelling = true;
      if (isTerminal(status)) cancelling.delete(vendorId);
      return !queriesShowCancelling && cancelling.has(vendorId) && status !== 'CANCELLING';
    },
  };
}

import type { ReadSupport } from '../../../jobs/adapter.ts';
import type { VaultSettings } from './settings.ts';

/** How jobs are read by id at the moment. */
export interface ReadMode {
  /** What the core goes by; its fields change when the mode does. */
  readonly support: ReadSupport;
  usesQueries(): boolean;
  /** Queries are not accepted, or show less than REST does: REST from now on, for good or for five minutes. Ignored with `reads: vql`. */
  avoidQueries(isLasting: boolean): void;
}

/** A permission may be granted meanwhile, and a Vault that failed may have recovered. */
const avoidedMs = 5 * 60_000;
/** Retrieve Job Status: one read per job in 10 seconds. The lists are not under that limit and give 200 jobs at once. */
const rest: ReadSupport = { maxBatchSize: 1, minIntervalMs: 10_000, scanFrom: 50 };
/** As many ids as a page has rows, in far less than the 50,000 characters a query may have. */
const queries: ReadSupport = { maxBatchSize: 1_000, minIntervalMs: 0, scanFrom: null };

export function createReadMode(reads: VaultSettings['reads'], nowMs: () => number = Date.now): ReadMode {
  let avoidedUntilMs = reads === 'rest' ? Number.POSITIVE_INFINITY : 0;
  const usesQueries = (): boolean => nowMs() >= avoidedUntilMs;
  const current = (): ReadSupport => (usesQueries() ? queries : rest);
  return {
    support: {
      get maxBatchSize() {
        return current().maxBatchSize;
      },
      get minIntervalMs() {
        return current().minIntervalMs;
      },
      get scanFrom() {
        return current().scanFrom;
      },
    },
    usesQueries,
    avoidQueries(isLasting) {
      if (reads === 'auto') avoidedUntilMs = isLasting ? Number.POSITIVE_INFINITY : nowMs() + avoidedMs;
    },
  };
}

import type { ReadSupport } from '../../../jobs/adapter.ts';
import type { VaultSettings } from './settings.ts';

/** How Jobyard currently reads jobs by ID. */
export interface ReadMode {
  /** What the core uses; its fields change when the mode does. */
  readonly support: ReadSupport;
  usesQueries(): boolean;
  /** Uses REST from now on, until restart or for five minutes: queries are rejected, or show less. Ignored with `reads: vql`. */
  avoidQueries(isLasting: boolean): void;
}

/** In this time an administrator may grant a permission, or a failed Vault may recover. */
const avoidedMs = 5 * 60_000;
/** Retrieve Job Status: one read per job in 10 seconds. The lists don't have that limit and return 200 jobs at once. */
const rest: ReadSupport = { maxBatchSize: 1, minIntervalMs: 10_000, scanFrom: 50 };
/** As many IDs as a page has rows, which needs far less than the 50,000 characters of a query. */
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

import type { Logger } from 'pino';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import { createRetryRounds } from './retry-rounds.ts';

/** One request's claim on a key. */
export interface Claim {
  keyHash: string;
  /** Random. */
  claimId: string;
}

/** Releases keys whose requests changed nothing. */
export interface ClaimRelease {
  /**
   * Releases exactly this claim, whether or not it was ever made: a statement whose response was lost may have run, or may run yet.
   * Resolves after the first attempt. If the store is unavailable, retries in the background.
   */
  release(claim: Claim): Promise<void>;
  /** Retries what is left once more. */
  close(): Promise<void>;
}

const backoff = { firstMs: 1_000, maxMs: 30_000 };
/** No statement runs for longer: the store gives one up after a minute. */
const maxStatementMs = 90_000;
const maxClaims = 100_000;

export function createClaimRelease(store: Pick<Store, 'query'>, logger: Logger): ClaimRelease {
  /** The key, and until when the claim may still arrive, by the ID of the claim. */
  const claims = new Map<string, { keyHash: string; latestArrivalMs: number }>();

  const round = async (): Promise<boolean> => {
    const given = Array.from(claims);
    const startedAtMs = performance.now();
    try {
      const released = await store.query<{ claim_id: string }>(
        `delete from jobyard.idempotency_key
        where (key_hash, claim_id) in (select * from unnest($1::text[], $2::uuid[])) returning claim_id`,
        [given.map(([, { keyHash }]) => keyHash), given.map(([claimId]) => claimId)],
      );
      for (const { claim_id } of released) claims.delete(claim_id);
      for (const [claimId, { latestArrivalMs }] of given) if (latestArrivalMs < startedAtMs) claims.delete(claimId);
      return true;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) logger.error({ err: error }, 'bug');
      return false;
    }
  };

  const rounds = createRetryRounds(backoff, () => claims.size > 0, round);

  return {
    async release({ keyHash, claimId }) {
      if (claims.size >= maxClaims) return;
      claims.set(claimId, { keyHash, latestArrivalMs: performance.now() + maxStatementMs });
      await rounds.run();
      rounds.retryLater();
    },
    async close() {
      rounds.stop();
      if (claims.size > 0) await rounds.run();
      claims.clear();
    },
  };
}

import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { type Store, StoreUnavailableError } from '../store/store.ts';

/** One request's hold on a key. */
export interface Claim {
  keyHash: string;
  /** Random. */
  claimId: string;
}

/** Sets keys free under which nothing was done. */
export interface ClaimRelease {
  /**
   * Takes back exactly this claim, whether or not it was ever made: a statement whose answer was lost may have been done, or be done
   * yet. Resolves after the first try; where the store can't be reached it is tried again in the background.
   */
  free(claim: Claim): Promise<void>;
  /** Tries once more what is left. */
  close(): Promise<void>;
}

const backoff = { firstMs: 1_000, maxMs: 30_000 };
/** No statement is at work for longer: the store gives one up after a minute. */
const maxStatementMs = 90_000;
const maxClaims = 100_000;

export function createClaimRelease(store: Pick<Store, 'query'>, logger: Logger): ClaimRelease {
  /** The key and until when the claim may still come, by the id of the claim. */
  const claims = new Map<string, { keyHash: string; mayComeUntilMs: number }>();
  let timer: NodeJS.Timeout | null = null;
  let retry = 1;

  const round = async (): Promise<void> => {
    const asked = Array.from(claims);
    const askedAtMs = performance.now();
    try {
      const freed = await store.query<{ claim_id: string }>(
        `delete from jobyard.idempotency_key
        where (key_hash, claim_id) in (select * from unnest($1::text[], $2::uuid[])) returning claim_id`,
        [asked.map(([, { keyHash }]) => keyHash), asked.map(([claimId]) => claimId)],
      );
      for (const { claim_id } of freed) claims.delete(claim_id);
      for (const [claimId, { mayComeUntilMs }] of asked) if (mayComeUntilMs < askedAtMs) claims.delete(claimId);
      retry = 1;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) logger.error({ err: error }, 'bug');
      retry += 1;
    }
  };

  const retryLater = (): void => {
    if (claims.size === 0) return;
    timer ??= setTimeout(
      async () => {
        timer = null;
        await round();
        retryLater();
      },
      backoffMs(retry, backoff),
    ).unref();
  };

  return {
    async free({ keyHash, claimId }) {
      if (claims.size >= maxClaims) return;
      claims.set(claimId, { keyHash, mayComeUntilMs: performance.now() + maxStatementMs });
      await round();
      retryLater();
    },
    async close() {
      if (timer) clearTimeout(timer);
      if (claims.size > 0) await round();
      claims.clear();
    },
  };
}

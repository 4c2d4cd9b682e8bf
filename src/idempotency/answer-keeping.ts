import type { Logger } from 'pino';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import type { Claim } from './claim-release.ts';
import { createRetryRounds } from './retry-rounds.ts';

/** Stores responses under the keys that they belong to. */
export interface AnswerKeeping {
  /** Resolves after the first attempt. If the store is unavailable, retries in the background for up to 10 minutes. */
  keep(claim: Claim, answer: string): Promise<void>;
  /** Retries what is left once more. */
  close(): Promise<void>;
}

interface WaitingAnswer extends Claim {
  answer: string;
  untilMs: number;
}

const backoff = { firstMs: 250, maxMs: 10_000 };
const keptForMs = 600_000;
/** Characters of all waiting answers. An answer beyond it isn't kept: a later request with its key gets a conflict, as if it was interrupted. */
const maxCharacters = 16_777_216;

export function createAnswerKeeping(store: Pick<Store, 'query'>, logger: Logger): AnswerKeeping {
  const waiting = new Set<WaitingAnswer>();
  let characters = 0;

  const forget = (each: WaitingAnswer): void => {
    if (waiting.delete(each)) characters -= each.answer.length;
  };

  const round = async (): Promise<boolean> => {
    for (const each of waiting) {
      try {
        const isStored = await storeAnswer(store, each);
        if (isStored || each.untilMs < performance.now()) forget(each);
        if (!isStored) return false;
      } catch (error) {
        logger.error({ err: error }, 'bug');
        forget(each);
      }
    }
    return true;
  };

  const rounds = createRetryRounds(backoff, () => waiting.size > 0, round);

  return {
    async keep(claim, answer) {
      if (await storeAnswer(store, { ...claim, answer })) return;
      if (characters + answer.length > maxCharacters) return;
      characters += answer.length;
      waiting.add({ ...claim, answer, untilMs: performance.now() + keptForMs });
      rounds.retryLater();
    },
    async close() {
      rounds.stop();
      await rounds.run();
      waiting.clear();
    },
  };
}

/** False: the store is unavailable. */
async function storeAnswer(store: Pick<Store, 'query'>, { keyHash, claimId, answer }: Claim & { answer: string }): Promise<boolean> {
  try {
    await store.query('update jobyard.idempotency_key set answer = $3 where key_hash = $1 and claim_id = $2', [keyHash, claimId, answer]);
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailableError) return false;
    throw error;
  }
}

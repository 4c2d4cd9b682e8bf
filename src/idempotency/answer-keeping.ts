import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import type { Claim } from './claim-release.ts';

/** Stores answers under the keys that they belong to. */
export interface AnswerKeeping {
  /** Resolves after the first try; where the store can't be reached it is tried again in the background, for up to 10 minutes. */
  keep(claim: Claim, answer: string): Promise<void>;
  /** Tries once more what is left. */
  close(): Promise<void>;
}

interface WaitingAnswer extends Claim {
  answer: string;
  untilMs: number;
}

const backoff = { firstMs: 250, maxMs: 10_000 };
const keptForMs = 600_000;
/** Beyond it an answer that can't be stored at once is not: its key says that the request was cut off. */
const maxCharacters = 16_777_216;

export function createAnswerKeeping(store: Pick<Store, 'query'>, logger: Logger): AnswerKeeping {
  const waiting = new Set<WaitingAnswer>();
  let characters = 0;
  let timer: NodeJS.Timeout | null = null;
  let retry = 1;

  /** False: the store can't be reached. */
  const write = async ({ keyHash, claimId, answer }: Claim & { answer: string }): Promise<boolean> => {
    try {
      await store.query('update jobyard.idempotency_key set answer = $3 where key_hash = $1 and claim_id = $2', [keyHash, claimId, answer]);
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailableError) return false;
      throw error;
    }
  };

  const forget = (each: WaitingAnswer): void => {
    if (waiting.delete(each)) characters -= each.answer.length;
  };

  const round = async (): Promise<void> => {
    for (const each of waiting) {
      try {
        const isStored = await write(each);
        if (isStored || each.untilMs < performance.now()) forget(each);
        if (isStored) continue;
        retry += 1;
        return;
      } catch (error) {
        logger.error({ err: error }, 'bug');
        forget(each);
      }
    }
    retry = 1;
  };

  const retryLater = (): void => {
    if (waiting.size === 0) return;
    timer ??= setTimeout(
      async () => {
        await round();
        timer = null;
        retryLater();
      },
      backoffMs(retry, backoff),
    ).unref();
  };

  return {
    async keep(claim, answer) {
      if (await write({ ...claim, answer })) return;
      if (characters + answer.length > maxCharacters) return;
      characters += answer.length;
      waiting.add({ ...claim, answer, untilMs: performance.now() + keptForMs });
      retryLater();
    },
    async close() {
      if (timer) clearTimeout(timer);
      await round();
      waiting.clear();
    },
  };
}

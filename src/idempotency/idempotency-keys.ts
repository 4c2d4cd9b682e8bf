import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { type Store, StoreUnavailableError } from '../store/store.ts';
import { createAnswerKeeping } from './answer-keeping.ts';
import { type Claim, createClaimRelease } from './claim-release.ts';

/** Lets a request be repeated without being carried out again. */
export interface IdempotencyKeys {
  /**
   * Carries out `work` unless the caller has used the key within 24 hours: then, for the same input, gives the answer of then, and waits
   * for it where it is not there yet. Where `work` throws an error that is meant for the caller, nothing was done and the key is free again;
   * after any other error it stays used. It is free again, too, after an answer of which `leavesFree` says so.
   */
  once<Answer>(
    request: OnceRequest,
    work: () => Promise<Answer>,
    leavesFree?: (answer: Answer) => boolean,
  ): Promise<IdempotentResult<Answer>>;
  close(): Promise<void>;
}

export interface OnceRequest {
  /** `key:NAME`, `jwt:SUBJECT` or `anonymous`. */
  caller: string;
  key: string;
  /** What is asked for, as JSON can hold it. The order of properties is no difference, that of lists is. */
  input: unknown;
  /** The longest that `work` can take. */
  timeoutMs: number;
  /** Until then the answer of an earlier request is waited for. */
  signal: AbortSignal;
}

export type IdempotentResult<Answer> =
  | { kind: 'done'; answer: Answer }
  /** As it came back from JSON: dates are text. */
  | { kind: 'stored'; answer: unknown }
  /** IDEMPOTENCY_CONFLICT: nothing was done. */
  | { kind: 'conflict'; problem: Problem }
  /** STORE_UNAVAILABLE: nothing was done, for it could have been done before. NOT_ATTEMPTED: the time was up, and the key is free. */
  | { kind: 'notDone'; problem: Problem };

interface KeyRow {
  input_hash: string;
  answer: string | null;
  is_overdue: boolean;
}

/** An answer is stored a little after the work has ended. */
const storingMs = 5_000;
const answerBackoff = { firstMs: 50, maxMs: 500 };

export function createIdempotencyKeys(store: Store, logger: Logger): IdempotencyKeys {
  const release = createClaimRelease(store, logger);
  const answers = createAnswerKeeping(store, logger);

  /** Takes a few old keys away, too. Whether the key is this request's now; else what is known of the earlier one. */
  const claim = async ({ keyHash, claimId }: Claim, inputHash: string, timeoutMs: number): Promise<'claimed' | KeyRow> => {
    for (;;) {
      const claimed = await store.query(
        `with old as (
          delete from jobyard.idempotency_key where key_hash in (
            select key_hash from jobyard.idempotency_key where created_at < now() - interval '24 hours' and key_hash <> $1
            limit 10 for update skip locked
          )
        )
        insert into jobyard.idempotency_key as known (key_hash, input_hash, answer_due_at, claim_id)
        values ($1, $2, now() + $3 * interval '1 millisecond', $4)
        on conflict (key_hash) do update
          set input_hash = excluded.input_hash, answer = null, answer_due_at = excluded.answer_due_at, created_at = excluded.created_at,
            claim_id = excluded.claim_id
          where known.created_at < now() - interval '24 hours'
        returning key_hash`,
        [keyHash, inputHash, timeoutMs + storingMs, claimId],
      );
      if (claimed.length > 0) return 'claimed';
      const [row] = await store.query<KeyRow>(
        'select input_hash, answer, answer is null and answer_due_at < now() as is_overdue from jobyard.idempotency_key where key_hash = $1',
        [keyHash],
      );
      // It may have been set free between the two.
      if (row) return row;
    }
  };

  /** Waits for the answer of an earlier request with the key; null where this one has the key now. `onWait`: an earlier request is in progress. */
  const findAnswer = async (
    own: Claim,
    inputHash: string,
    request: OnceRequest,
    onWait: () => void,
  ): Promise<IdempotentResult<never> | null> => {
    const { timeoutMs, signal } = request;
    for (let retry = 1; ; retry += 1) {
      const earlier = await claim(own, inputHash, timeoutMs);
      if (earlier === 'claimed') return null;
      if (earlier.input_hash !== inputHash) return conflict('The idempotency key was used before with another input. Use a new one.');
      if (earlier.answer !== null) return { kind: 'stored', answer: JSON.parse(earlier.answer) };
      if (earlier.is_overdue) {
        return conflict(
          'What the idempotency key was used for was cut off, and how far it came, if at all, is not kept. Look at the jobs, then use a new key.',
        );
      }
      if (signal.aborted) return notEndedYet();
      onWait();
      await delay(backoffMs(retry, answerBackoff), null, { signal }).catch(() => {});
    }
  };

  /** Ends the wait of later requests with this key: there will be no answer. */
  const markCutOff = async ({ keyHash, claimId }: Claim): Promise<void> => {
    await store
      .query('update jobyard.idempotency_key set answer_due_at = now() where key_hash = $1 and claim_id = $2', [keyHash, claimId])
      .catch(ignoreUnavailable);
  };

  /** That nothing was attempted must not be the answer to the next try: the key is set free, however long the store takes. */
  const timeIsUp = (own: Claim): IdempotentResult<never> => {
    void release.free(own);
    return { kind: 'notDone', problem: createProblem('NOT_ATTEMPTED', "Nothing was done: the operation's time was up.") };
  };

  return {
    async once(request, work, leavesFree = () => false) {
      const own: Claim = { keyHash: hash([request.caller, request.key]), claimId: randomUUID() };
      const inputHash = hash(request.input);
      const { signal } = request;
      try {
        let isWaiting = false;
        const finding = findAnswer(own, inputHash, request, () => {
          isWaiting = true;
        });
        const found = await Promise.race([finding, aborted(signal)]);
        if (found === 'aborted') return isWaiting ? notEndedYet() : timeIsUp(own);
        if (found) return found;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        // Whether the key was claimed is not known, so nothing is begun; and nothing is to say later that it was.
        void release.free(own);
        const message = "Nothing was done: Jobyard's own store, which tells whether it was done before, can't be reached now.";
        return { kind: 'notDone', problem: createProblem('STORE_UNAVAILABLE', message) };
      }
      if (signal.aborted) return timeIsUp(own);
      const answer = await work().catch(async (error: unknown) => {
        await (isForCaller(error) ? release.free(own) : markCutOff(own));
        throw error;
      });
      if (leavesFree(answer)) {
        await Promise.race([release.free(own), aborted(signal)]);
        return { kind: 'done', answer };
      }
      // If it can't be stored in time, what was done is done: the caller gets the answer all the same.
      await Promise.race([answers.keep(own, JSON.stringify(answer)), aborted(signal)]);
      return { kind: 'done', answer };
    },
    async close() {
      await Promise.all([release.close(), answers.close()]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function notEndedYet(): IdempotentResult<never> {
  return conflict('What the idempotency key was used for has not ended yet. Try again with the same key.', true);
}

/** GraphQL's way of marking an error whose message the caller is to see. */
function isForCaller(error: unknown): boolean {
  return error instanceof Error && 'extensions' in error;
}

/** Without its answer the key says later that the request was cut off. */
function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

function conflict(message: string, retryable = false): { kind: 'conflict'; problem: Problem } {
  return { kind: 'conflict', problem: { ...createProblem('IDEMPOTENCY_CONFLICT', message), retryable } };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortProperties)).digest('base64url');
}

function sortProperties(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

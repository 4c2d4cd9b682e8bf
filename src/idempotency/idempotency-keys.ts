// Performs each mutation that has an idempotency key once, and gives its stored answer to later requests with the same key.

import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AuditUnavailableError } from '../actions/audit.ts';
import { backoffMs } from '../concurrency/backoff.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import { ignoreUnavailable, type Store, StoreUnavailableError } from '../store/store.ts';
import { createAnswerKeeping } from './answer-keeping.ts';
import { type Claim, type ClaimRelease, createClaimRelease } from './claim-release.ts';
import { claimKey, type EarlierRequest, markInterrupted } from './key-claims.ts';

/** Makes requests safe to retry: each is performed once. */
export interface IdempotencyKeys {
  /**
   * Does `work` unless the caller has used the key within 24 hours. If so, and if the input is the same, gives the stored answer, and waits for
   * it while the earlier request is in progress. If `work` throws AuditUnavailableError, nothing was done and the key is released; after any
   * other error it stays used. The key is also released after an answer for which `releasesKey` is true.
   */
  once<Answer>(
    request: OnceRequest,
    work: () => Promise<Answer>,
    releasesKey?: (answer: Answer) => boolean,
  ): Promise<IdempotentResult<Answer>>;
  close(): Promise<void>;
}

export interface OnceRequest {
  /** `key:NAME`, `jwt:SUBJECT` or `anonymous`. */
  caller: string;
  key: string;
  /** The input of the request, a value that JSON can represent. Two inputs are the same if they differ only in the order of properties. */
  input: unknown;
  /** The maximum duration of `work`. */
  timeoutMs: number;
  /** Aborted when the request stops waiting for the answer of an earlier one. */
  signal: AbortSignal;
}

export type IdempotentResult<Answer> =
  | { kind: 'done'; answer: Answer }
  /** Parsed from JSON: dates are text. */
  | { kind: 'stored'; answer: unknown }
  /** IDEMPOTENCY_CONFLICT: nothing was done. */
  | { kind: 'conflict'; problem: Problem }
  /** Nothing was done. STORE_UNAVAILABLE: an earlier request may have done it. NOT_ATTEMPTED: the deadline passed, and the key is released. */
  | { kind: 'notDone'; problem: Problem };

/** An answer is stored shortly after the work has ended. */
const storingMs = 5_000;
const answerBackoff = { firstMs: 50, maxMs: 500 };

export function createIdempotencyKeys(store: Store, logger: Logger): IdempotencyKeys {
  const release = createClaimRelease(store, logger);
  const answers = createAnswerKeeping(store, logger);

  return {
    async once(request, work, releasesKey = () => false) {
      const own: Claim = { keyHash: hash([request.caller, request.key]), claimId: randomUUID() };
      const { signal } = request;
      const earlier = await claimOrFindAnswer(store, release, own, request);
      if (earlier) return earlier;
      const answer = await work().catch(async (error: unknown) => {
        // Unmarked, a later request with the key still gets the conflict of an interrupted one.
        await (error instanceof AuditUnavailableError ? release.release(own) : markInterrupted(store, own).catch(ignoreUnavailable));
        throw error;
      });
      // If the store doesn't respond before the deadline, the work is still done: the caller gets the answer.
      await Promise.race([releasesKey(answer) ? release.release(own) : answers.keep(own, JSON.stringify(answer)), aborted(signal)]);
      return { kind: 'done', answer };
    },
    async close() {
      await Promise.all([release.close(), answers.close()]);
    },
  };
}

/** Null: the key is this request's now. Else what the caller gets instead of the work. */
async function claimOrFindAnswer(
  store: Store,
  release: ClaimRelease,
  own: Claim,
  request: OnceRequest,
): Promise<IdempotentResult<never> | null> {
  const { signal } = request;
  try {
    let isWaiting = false;
    const finding = findAnswer(store, own, request, () => {
      isWaiting = true;
    });
    const found = await Promise.race([finding, aborted(signal)]);
    if (found !== 'aborted' && found) return found;
    if (found === 'aborted' && isWaiting) return inProgress();
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    // Whether the key was claimed is unknown, so no work begins; and a later request must not find a claim.
    void release.release(own);
    return { kind: 'notDone', problem: storeUnavailable() };
  }
  if (!signal.aborted) return null;
  // "Nothing was done" must not be the stored answer for a retry: the key is released, however long the store takes.
  void release.release(own);
  return { kind: 'notDone', problem: createProblem('NOT_ATTEMPTED', 'Nothing was done: the deadline passed. Retry with the same key.') };
}

/** Waits for the answer of an earlier request with the key; null: the key is this one's now. `onWait`: the earlier request is in progress. */
async function findAnswer(store: Store, own: Claim, request: OnceRequest, onWait: () => void): Promise<IdempotentResult<never> | null> {
  const { timeoutMs, signal } = request;
  const inputHash = hash(request.input);
  for (let retry = 1; ; retry += 1) {
    const earlier = await claimKey(store, own, inputHash, timeoutMs + storingMs);
    if (earlier === 'claimed') return null;
    const found = judgeEarlier(earlier, inputHash);
    if (found) return found;
    if (signal.aborted) return inProgress();
    onWait();
    await delay(backoffMs(retry, answerBackoff), null, { signal }).catch(() => {});
  }
}

/** Null: the earlier request is in progress. */
function judgeEarlier({ inputHash: earlierHash, answer, isOverdue }: EarlierRequest, inputHash: string): IdempotentResult<never> | null {
  if (earlierHash !== inputHash) return conflict('This idempotency key was used with a different input. Use a new key.');
  if (answer !== null) return { kind: 'stored', answer: JSON.parse(answer) };
  return isOverdue ? conflict('The request with this idempotency key was interrupted. Check the jobs, then use a new key.') : null;
}

function inProgress(): IdempotentResult<never> {
  return conflict('A request with this idempotency key is in progress. Retry with the same key.', true);
}

function conflict(message: string, retryable = false): { kind: 'conflict'; problem: Problem } {
  return { kind: 'conflict', problem: { ...createProblem('IDEMPOTENCY_CONFLICT', message), retryable } };
}

function storeUnavailable(): Problem {
  return createProblem(
    'STORE_UNAVAILABLE',
    "Nothing was done: Jobyard's store is unavailable, so it can't check whether the key was used before. Retry with the same key.",
  );
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortProperties)).digest('base64url');
}

function sortProperties(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

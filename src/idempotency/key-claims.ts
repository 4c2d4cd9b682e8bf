import type { Store } from '../store/store.ts';
import type { Claim } from './claim-release.ts';

/** The stored state of the earlier request with a key. */
export interface EarlierRequest {
  inputHash: string;
  /** As JSON; null if it isn't there (yet). */
  answer: string | null;
  /** The answer should have been there by now: the request was interrupted. */
  isOverdue: boolean;
}

/** Claims the key for a request, or returns the earlier request. Also deletes a few old keys. */
export async function claimKey(
  store: Pick<Store, 'query'>,
  { keyHash, claimId }: Claim,
  inputHash: string,
  answerDueInMs: number,
): Promise<'claimed' | EarlierRequest> {
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
      [keyHash, inputHash, answerDueInMs, claimId],
    );
    if (claimed.length > 0) return 'claimed';
    const [row] = await store.query<{ input_hash: string; answer: string | null; is_overdue: boolean }>(
      'select input_hash, answer, answer is null and answer_due_at < now() as is_overdue from jobyard.idempotency_key where key_hash = $1',
      [keyHash],
    );
    // The key may have been released between the two statements.
    if (row) return { inputHash: row.input_hash, answer: row.answer, isOverdue: row.is_overdue };
  }
}

/** Ends the wait of later requests with this key: there will be no answer. */
export async function markInterrupted(store: Pick<Store, 'query'>, { keyHash, claimId }: Claim): Promise<void> {
  await store.query('update jobyard.idempotency_key set answer_due_at = now() where key_hash = $1 and claim_id = $2', [keyHash, claimId]);
}

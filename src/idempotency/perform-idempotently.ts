import type { ActionOptions } from '../actions/action-loader.ts';
import type { ActionResult } from '../actions/action-outcome.ts';
import type { JobService } from '../job-service/job-service.ts';
import type { JobAction } from '../jobs/job.ts';
import type { Problem } from '../jobs/problem.ts';
import type { IdempotentResult } from './idempotency-keys.ts';

/** `conflict`: the idempotency key stands in the way. */
export type ActOnceResult = ActionResult | { kind: 'conflict'; problem: Problem };

/** `idempotency.once` for the caller of an operation, and for as long as the operation lasts. */
export type OnceForCaller = <Answer>(
  key: string,
  input: unknown,
  work: () => Promise<Answer>,
  leavesFree: (answer: Answer) => boolean,
) => Promise<IdempotentResult<Answer>>;

/** Acts on jobs, or gives what came of it when it was asked for before with the same key. One result per id, in order. */
export async function performIdempotently(
  jobs: JobService,
  once: OnceForCaller,
  key: string | null,
  { action, ids, ...options }: ActionOptions & { action: JobAction; ids: readonly string[] },
): Promise<ActOnceResult[]> {
  const act = (): Promise<ActionResult[]> => jobs.performAction(action, ids, options);
  if (key === null) return act();
  let results: ActionResult[] | undefined;
  const outcome = await once(
    key,
    { action, ids, ...options },
    async () => {
      const settled = await act();
      results = leavesKeyFree(settled) ? settled : settled.map(asFinal);
      return results.map(withoutCopy);
    },
    leavesKeyFree,
  );
  switch (outcome.kind) {
    case 'done':
      return results ?? outcome.answer;
    case 'stored':
      return (outcome.answer as ActionResult[]).map(revive);
    case 'conflict':
      return ids.map(() => outcome);
    case 'notDone':
      return ids.map(() => ({ kind: 'notAttempted', problem: outcome.problem }));
  }
}

/**
 * Whether the key is free after these results: the vendors certainly changed nothing for any of the jobs, and a repeat of the request may do
 * better for some, at once or when an operator has corrected the system. Otherwise Jobyard keeps the results and replays them.
 */
function leavesKeyFree(results: readonly ActionResult[]): boolean {
  return results.some(({ kind }) => kind === 'unavailable' || kind === 'notAttempted') && results.every(changedNothing);
}

function changedNothing(result: ActionResult): boolean {
  switch (result.kind) {
    case 'succeeded':
      return result.how === 'ALREADY' || result.how === 'DRY_RUN';
    case 'notFound':
    case 'notAllowed':
    case 'denied':
    case 'unavailable':
    case 'notAttempted':
      return true;
    // The vendor may have accepted it without an effect that can be seen.
    case 'rejected':
    case 'unknown':
      return false;
  }
}

/** A result as it is true of a key that is used up: the same request gets it again, whenever it comes. */
function asFinal(result: ActionResult): ActionResult {
  if (!('problem' in result) || !result.problem.retryable) return result;
  const message = `${result.problem.message} This result is kept for the idempotency key: to try the job again, use a new key.`;
  return { ...result, problem: { ...result.problem, message, retryable: false, retryAfterSeconds: null } };
}

/** What of a result holds true later, too: how the job stands is read again. */
function withoutCopy(result: ActionResult): ActionResult {
  return 'job' in result ? { ...result, job: null } : result;
}

/** From JSON. */
function revive(result: ActionResult): ActionResult {
  return result.kind === 'unknown' ? { ...result, attemptedAt: new Date(result.attemptedAt) } : result;
}

import type { ActionOptions } from '../actions/action-loader.ts';
import { type ActionResult, isFailure, mapResults, reviveResult, withoutCopy } from '../actions/action-result.ts';
import type { JobService } from '../job-service/job-service.ts';
import type { JobAction } from '../jobs/job.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import type { Problem } from '../jobs/problem.ts';
import type { IdempotentResult } from './idempotency-keys.ts';

/** A conflict is not an outcome of an action: the key belongs to another request, and nothing was sent. */
export type IdempotentActionResult = ActionResult | KeyConflict;

export interface KeyConflict {
  outcome: 'IDEMPOTENCY_CONFLICT';
  problem: Problem;
}

/** `IdempotencyKeys.once` for the caller of an operation, until the operation ends. */
export type OnceForCaller = <Answer>(
  key: string,
  input: unknown,
  work: () => Promise<Answer>,
  releasesKey: (answer: Answer) => boolean,
) => Promise<IdempotentResult<Answer>>;

/** Performs an action on jobs, or returns the results of an earlier request with the same key. One result per ID, in order. */
export async function performIdempotently(
  jobs: Pick<JobService, 'performAction'>,
  once: OnceForCaller,
  key: string | null,
  { action, ids, ...options }: ActionOptions & { action: JobAction; ids: readonly string[] },
): Promise<IdempotentActionResult[]> {
  const perform = (): Promise<ActionResult[]> => jobs.performAction(action, ids, options);
  if (key === null) return perform();
  let results: ActionResult[] | undefined;
  const outcome = await once(
    key,
    { action, ids, ...options },
    async () => {
      const performed = await perform();
      results = releasesKey(performed) ? performed : mapResults(performed, toFinalResult);
      return mapResults(results, withoutCopy);
    },
    releasesKey,
  );
  switch (outcome.kind) {
    case 'done':
      return results ?? outcome.answer;
    case 'stored':
      return (outcome.answer as unknown[]).map(reviveResult);
    case 'conflict': {
      const conflict: KeyConflict = { outcome: 'IDEMPOTENCY_CONFLICT', problem: outcome.problem };
      return ids.map(() => conflict);
    }
    case 'notDone': {
      const result: ActionResult = { outcome: 'NOT_ATTEMPTED', problem: outcome.problem };
      return ids.map(() => result);
    }
  }
}

/**
 * Whether these results release the key: the vendors certainly changed none of the jobs, and retrying the request may succeed for some.
 * Otherwise Jobyard stores the results and returns them for each retry.
 */
function releasesKey(results: readonly ActionResult[]): boolean {
  const projections = results.map(({ outcome }) => outcomeProjections[outcome]);
  return projections.some(({ isObstacle }) => isObstacle) && projections.every(({ changedNothing }) => changedNothing);
}

/** The result as it is stored for the key: a retry of the request returns it again. */
function toFinalResult(result: ActionResult): ActionResult {
  if (!isFailure(result) || !result.problem.retryable) return result;
  const message = `${result.problem.message} This result is stored for the idempotency key. To retry the job, use a new key.`;
  return { ...result, problem: { ...result.problem, message, retryable: false, retryAfterSeconds: null } };
}

import type { ActionOptions } from '../actions/action-loader.ts';
import { type ActionResult, isFailure, mapResults, reviveResult, withoutCopy } from '../actions/action-result.ts';
import type { JobService } from '../job-service/job-service.ts';
import type { JobAction } from '../jobs/job.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import type { Problem } from '../jobs/problem.ts';
import type { IdempotentResult } from './idempotency-keys.ts';

/** A conflict is no outcome of an action: the key belongs to another request, and nothing was looked at. */
export type IdempotentActionResult = ActionResult | KeyConflict;

export interface KeyConflict {
  outcome: 'IDEMPOTENCY_CONFLICT';
  problem: Problem;
}

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
): Promise<IdempotentActionResult[]> {
  const act = (): Promise<ActionResult[]> => jobs.performAction(action, ids, options);
  if (key === null) return act();
  let results: ActionResult[] | undefined;
  const outcome = await once(
    key,
    { action, ids, ...options },
    async () => {
      const settled = await act();
      results = leavesKeyFree(settled) ? settled : mapResults(settled, asFinal);
      return mapResults(results, withoutCopy);
    },
    leavesKeyFree,
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
 * Whether the key is free after these results: the vendors certainly changed nothing for any of the jobs, and a repeat of the request may do
 * better for some. Otherwise Jobyard keeps the results and replays them.
 */
function leavesKeyFree(results: readonly ActionResult[]): boolean {
  const projections = results.map(({ outcome }) => outcomeProjections[outcome]);
  return projections.some(({ isObstacle }) => isObstacle) && projections.every(({ changedNothing }) => changedNothing);
}

/** A result as it is true of a key that is used up: the same request gets it again, whenever it comes. */
function asFinal(result: ActionResult): ActionResult {
  if (!isFailure(result) || !result.problem.retryable) return result;
  const message = `${result.problem.message} This result is kept for the idempotency key: to try the job again, use a new key.`;
  return { ...result, problem: { ...result.problem, message, retryable: false, retryAfterSeconds: null } };
}

import type { ActionOptions } from '../actions/action-loader.ts';
import { type ActionResult, isFailure, type JobResult, oncePerResult, reviveResults, withoutCopy } from '../actions/action-result.ts';
import type { JobService } from '../job-service/job-service.ts';
import type { JobAction } from '../jobs/job.ts';
import { outcomeProjections } from '../jobs/outcome.ts';
import { pairResults } from '../jobs/pair-results.ts';
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
): Promise<JobResult<IdempotentActionResult>[]> {
  const perform = (): Promise<JobResult[]> => jobs.performAction(action, ids, options);
  if (key === null) return perform();
  // With the copies of jobs, which aren't stored.
  let performed: JobResult[] | undefined;
  const outcome = await once(
    key,
    { action, ids, ...options },
    async () => {
      performed = toFinalResults(await perform());
      // The key's request has the IDs.
      return performed.map(({ result }) => result).map(oncePerResult(withoutCopy));
    },
    releasesKey,
  );
  switch (outcome.kind) {
    case 'done':
      return performed ?? toJobResults(ids, outcome.answer);
    case 'stored':
      return toJobResults(ids, reviveResults(outcome.answer));
    case 'conflict': {
      const result: KeyConflict = { outcome: 'IDEMPOTENCY_CONFLICT', problem: outcome.problem };
      return ids.map((jobId) => ({ jobId, result }));
    }
    case 'notDone': {
      const result: ActionResult = { outcome: 'NOT_ATTEMPTED', problem: outcome.problem };
      return ids.map((jobId) => ({ jobId, result }));
    }
  }
}

function toJobResults(ids: readonly string[], results: readonly ActionResult[]): JobResult[] {
  return pairResults(ids, results).map(([jobId, result]) => ({ jobId, result }));
}

/**
 * Whether these results release the key: the vendors certainly changed none of the jobs, and retrying the request may succeed for some.
 * Otherwise Jobyard stores the results and returns them for each retry.
 */
function releasesKey(results: readonly ActionResult[]): boolean {
  const projections = results.map(({ outcome }) => outcomeProjections[outcome]);
  return projections.some(({ isObstacle }) => isObstacle) && projections.every(({ changedNothing }) => changedNothing);
}

/** The results as they are stored for the key, unless they release it. */
function toFinalResults(results: JobResult[]): JobResult[] {
  if (releasesKey(results.map(({ result }) => result))) return results;
  const toFinal = oncePerResult(toFinalResult);
  return results.map(({ jobId, result }) => ({ jobId, result: toFinal(result) }));
}

/** A retry of the request returns this result again. */
function toFinalResult(result: ActionResult): ActionResult {
  if (!isFailure(result) || !result.problem.retryable) return result;
  const message = `${result.problem.message} This result is stored for the idempotency key. To retry the job, use a new key.`;
  return { ...result, problem: { ...result.problem, message, retryable: false, retryAfterSeconds: null } };
}

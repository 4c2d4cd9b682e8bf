import type { ActOptions } from '../jobs/action-loader.ts';
import type { JobAction } from '../jobs/job.ts';
import type { JobOperation } from '../jobs/operation.ts';
import type { Problem } from '../jobs/problem.ts';
import type { ActionResult } from '../jobs/settle-action.ts';
import type { Once } from './idempotency-keys.ts';

/** `conflict`: the idempotency key stands in the way. */
export type ActOnceResult = ActionResult | { kind: 'conflict'; problem: Problem };

/** `idempotency.once` for the caller of an operation, and for as long as the operation lasts. */
export type OnceForCaller = <Answer>(key: string, input: unknown, work: () => Promise<Answer>) => Promise<Once<Answer>>;

/** Acts on jobs, or gives what came of it when it was asked for before with the same key. One result per id, in order. */
export async function actOnce(
  jobs: JobOperation,
  once: OnceForCaller,
  key: string | null,
  { action, ids, ...options }: ActOptions & { action: JobAction; ids: readonly string[] },
): Promise<ActOnceResult[]> {
  const act = (): Promise<ActionResult[]> => jobs.act(action, ids, options);
  if (key === null) return act();
  let results: ActionResult[] | undefined;
  const outcome = await once(key, { action, ids, ...options }, async () => {
    results = await act();
    return results.map(withoutCopy);
  });
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

/** What of a result holds true later, too: how the job stands is read again. */
function withoutCopy(result: ActionResult): ActionResult {
  return 'job' in result ? { ...result, job: null } : result;
}

/** From JSON. */
function revive(result: ActionResult): ActionResult {
  return result.kind === 'unknown' ? { ...result, attemptedAt: new Date(result.attemptedAt) } : result;
}

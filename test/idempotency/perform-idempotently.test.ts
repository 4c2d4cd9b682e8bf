import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../src/actions/action-result.ts';
import { type OnceForCaller, performIdempotently } from '../../src/idempotency/perform-idempotently.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import type { SuccessOutcome } from '../../src/jobs/outcome.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import { jobFields } from '../jobs/memory-adapter.ts';

const problem = (code: ProblemCode, retryable?: boolean) => {
  const made = createProblem(code, 'Why.', code === 'RATE_LIMITED' ? 7 : null);
  return retryable === undefined ? made : { ...made, retryable };
};
const unknown = {
  outcome: 'OUTCOME_UNKNOWN',
  problem: problem('OUTCOME_UNKNOWN'),
  attemptedAt: new Date(0),
  safeToRetry: true,
  job: null,
} as const;
const succeeded = (outcome: SuccessOutcome) => ({ outcome, job: null }) as const;

/** Performs an action with a key. Returns the caller's answer, and the answer that is stored for the key, or null. */
async function actWithKey(results: readonly ActionResult[]): Promise<{ answer: unknown; kept: unknown }> {
  let kept: unknown = null;
  const once: OnceForCaller = async (_key, _input, work, releasesKey) => {
    const answer = await work();
    if (!releasesKey(answer)) kept = answer;
    return { kind: 'done', answer };
  };
  const performed = results.map((result, index) => ({ jobId: `a:${index}`, result }));
  const ids = performed.map(({ jobId }) => jobId);
  const jobs = { performAction: async () => performed };
  const answers = await performIdempotently(jobs, once, 'key', { action: 'CANCEL', ids, dryRun: false, reason: null });
  expect(answers.map(({ jobId }) => jobId)).toEqual(ids);
  return { answer: answers.map(({ result }) => result), kept };
}

/** Results after which a retry can succeed, perhaps only after an operator has corrected the system. */
const worthRepeating: [string, ActionResult][] = [
  ['SystemUnavailable', { outcome: 'SYSTEM_UNAVAILABLE', problem: problem('SYSTEM_UNAVAILABLE') }],
  ['SystemUnavailable that timed out', { outcome: 'SYSTEM_UNAVAILABLE', problem: problem('TIMED_OUT') }],
  ['SystemUnavailable that is throttled', { outcome: 'SYSTEM_UNAVAILABLE', problem: problem('RATE_LIMITED') }],
  ['SystemUnavailable for its credentials', { outcome: 'SYSTEM_UNAVAILABLE', problem: problem('VENDOR_AUTHENTICATION_FAILED') }],
  ['NotAttempted', { outcome: 'NOT_ATTEMPTED', problem: problem('NOT_ATTEMPTED') }],
];
const rejected: ActionResult = { outcome: 'VENDOR_REJECTED', problem: problem('VENDOR_REJECTED', true), vendorCode: '409', job: null };

/** Results that don't prevent the release of the key, because nothing was changed. */
const harmless: ActionResult[] = [
  succeeded('ALREADY_DONE'),
  succeeded('DRY_RUN_PASSED'),
  { outcome: 'JOB_NOT_FOUND', problem: problem('JOB_NOT_FOUND') },
  { outcome: 'ACTION_NOT_ALLOWED', problem: problem('WRONG_STATUS'), job: null, status: null },
  { outcome: 'ACCESS_DENIED', problem: problem('ACCESS_DENIED') },
];
const changed: ActionResult[] = [
  succeeded('CONFIRMED'),
  succeeded('ACCEPTED'),
  succeeded('JOB_GONE'),
  unknown,
  { ...rejected, problem: problem('VENDOR_REJECTED') },
];

describe.each(worthRepeating)('%s', (_name, result) => {
  test('releases the key if the request changed nothing, and returns the result unchanged', async () => {
    const results = [...harmless, result];
    expect(await actWithKey(results)).toEqual({ answer: results, kept: null });
  });

  test.each(changed.map((other) => [other.outcome, other] as const))(
    'is stored beside %s, with the advice to use a new key',
    async (_kind, other) => {
      const { answer, kept } = await actWithKey([other, result]);
      expect(kept).toEqual(answer);
      const before = problemOf(result);
      const final = { ...before, retryable: false, retryAfterSeconds: null, message: expect.stringMatching(/^Why\. .*new key/) };
      expect(answer).toEqual([other, { ...result, problem: before.retryable ? final : before }]);
    },
  );
});

test('stores a rejection that the vendor marks as retryable, because the vendor may have started the action', async () => {
  const { answer, kept } = await actWithKey([rejected]);
  expect(kept).toEqual(answer);
  expect(answer).toMatchObject([{ outcome: 'VENDOR_REJECTED', vendorCode: '409', problem: { retryable: false } }]);
});

test.each([...harmless, ...changed].map((result) => [JSON.stringify(result), result] as const))(
  'stores %s unchanged if it is the only result',
  async (_text, result) => {
    expect(await actWithKey([result])).toEqual({ answer: [result], kept: [result] });
  },
);

test("returns the job with the first answer, and stores the result without the copy, which a later request doesn't get", async () => {
  const job = createJob('a', jobFields('0'), new Date(0));
  const { answer, kept } = await actWithKey([{ outcome: 'CONFIRMED', job }]);
  expect(answer).toEqual([{ outcome: 'CONFIRMED', job }]);
  expect(kept).toEqual([{ outcome: 'CONFIRMED', job: null }]);
});

function problemOf(result: ActionResult) {
  if (!('problem' in result)) throw new Error('It has none');
  return result.problem;
}

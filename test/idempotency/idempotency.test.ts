import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { AuditUnavailableError } from '../../src/actions/audit.ts';
import { createIdempotencyKeys, type IdempotencyKeys, type OnceRequest } from '../../src/idempotency/idempotency-keys.ts';
import type { Store } from '../../src/store/store.ts';
import { accessFor, as } from '../access/callers.ts';
import { addEndedJob, addJob, countActions, everyMember, failAction, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { severable } from '../history/parts.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

let store: Store;
let jobyard: WithSandboxes;
beforeAll(async () => {
  store = openEmptyStore();
  await store.query('select 1');
  const scopes = ['jobs:read', 'jobs:cancel', 'jobs:operate'];
  jobyard = await startWithSandboxes({ jobs: 5, store, deadlineMs: 4_000, access: accessFor({ one: scopes, other: scopes }) });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

const cancelMembers = `${everyMember} ... on CancelSuccess { job { status } }`;
const actionMembers = everyMember.replace(
  '... on CancelSuccess { jobId outcome }',
  '... on JobActionSuccess { jobId action outcome job { status } }',
);

/** Acts; the payload. */
async function act(input: object, { field = 'cancelJobs', caller = 'one' } = {}) {
  const type = field === 'cancelJobs' ? 'CancelJobsInput' : 'JobActionInput';
  const { data, errors } = await jobyard.query(
    `mutation ($input: ${type}!) {
      payload: ${field}(input: $input) {
        results { ${field === 'cancelJobs' ? cancelMembers : actionMembers} } summary { requested succeeded failed unknown }
      }
    }`,
    { input },
    as(caller),
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.payload;
}
const sent = () => systemNames.map((system) => countActions(jobyard, system));

let keys = 0;
const newKey = () => {
  keys += 1;
  return `key ${keys}`;
};

describe('the same key with the same input', () => {
  test('returns the stored results and sends nothing', async () => {
    const ids = [
      ...systemNames.map((system) => addJob(jobyard, system)),
      addEndedJob(jobyard, 'kylin'),
      unknownIds.aodocs,
      'no-id',
      'none:1',
    ];
    const input = { ids, reason: 'runaway', idempotencyKey: newKey() };
    const first = await act(input);
    expect(first.summary).toEqual({ requested: ids.length, succeeded: systemNames.length, failed: 4, unknown: 0 });
    const before = sent();
    const { idempotencyKey, reason } = input;
    expect(await act({ idempotencyKey, reason, ids })).toEqual(first);
    expect(sent()).toEqual(before);
  });

  test.each(['pauseJobs', 'resumeJobs', 'restartJobs', 'startJobs'])('also of %s', async (field) => {
    const id =
      field === 'startJobs'
        ? `veeva-vault:${jobyard.sandboxes['veeva-vault'].state.addJob({ status: 'SCHEDULED', frozen: true })}`
        : addJob(jobyard, 'kylin');
    const input = { ids: [id], idempotencyKey: newKey() };
    const first = await act(input, { field });
    const before = sent();
    expect(await act(input, { field })).toEqual(first);
    expect(sent()).toEqual(before);
  });

  test("returns the stored outcome, and the job's current state", async () => {
    const id = `kinetica:${jobyard.sandboxes.kinetica.state.addJob({ ignoresCancel: true })}`;
    const input = { ids: [id], idempotencyKey: newKey() };
    expect((await act(input)).results).toMatchObject([{ outcome: 'ACCEPTED', job: { status: 'RUNNING' } }]);
    jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'CANCELLED' });
    expect((await act(input)).results).toMatchObject([{ outcome: 'ACCEPTED', job: { status: 'CANCELLED' } }]);
  });

  test('returns a stored OutcomeUnknown and sends nothing, even if the outcome is known by now', async () => {
    const id = addJob(jobyard, 'aodocs');
    failAction(jobyard, 'aodocs', { kind: 'reset', applied: true });
    failReads(jobyard, 'aodocs', { kind: 'reset', applied: false });
    const input = { ids: [id], idempotencyKey: newKey() };
    const first = await act(input);
    expect(first.results).toMatchObject([{ __typename: 'OutcomeUnknown', safeToRetry: true }]);
    const before = sent();
    expect(await act(input)).toEqual(first);
    expect(sent()).toEqual(before);
  });

  test('waits for the first request while it is in progress', async () => {
    const id = addJob(jobyard, 'kinetica');
    failAction(jobyard, 'kinetica', { kind: 'slow', ms: 700 });
    const before = countActions(jobyard, 'kinetica');
    const input = { ids: [id], idempotencyKey: newKey() };
    const [first, ...others] = await Promise.all([act(input), act(input), act(input)]);
    expect(first.results).toMatchObject([{ __typename: 'CancelSuccess' }]);
    for (const other of others) expect(other).toEqual(first);
    expect(countActions(jobyard, 'kinetica')).toBe(before + 1);
  });

  test('is performed again after 24 hours', async () => {
    const input = { ids: [addJob(jobyard, 'kylin')], idempotencyKey: newKey() };
    expect((await act(input)).results).toMatchObject([{ outcome: 'CONFIRMED' }]);
    await store.query("update jobyard.idempotency_key set created_at = created_at - interval '23 hours 59 minutes'");
    expect((await act(input)).results).toMatchObject([{ outcome: 'CONFIRMED' }]);
    await store.query("update jobyard.idempotency_key set created_at = created_at - interval '1 minute'");
    expect((await act(input)).results).toMatchObject([{ outcome: 'ALREADY_DONE' }]);
  });
});

describe('after a system was unavailable', () => {
  const reset = { kind: 'reset', applied: false } as const;

  test('the key is released if the request changed nothing: a retry is performed when the system is available again', async () => {
    const input = { ids: [addJob(jobyard, 'kylin'), addEndedJob(jobyard, 'kinetica'), 'no-id'], idempotencyKey: newKey() };
    failReads(jobyard, 'kylin', reset);
    failAction(jobyard, 'kylin', reset, 'always');
    const down = await act(input);
    expect(down.results).toMatchObject([
      { __typename: 'SystemUnavailable', retryable: true },
      { __typename: 'ActionNotAllowed', retryable: false },
      { __typename: 'JobNotFound' },
    ]);
    expect((await act(input)).results[0]).toMatchObject({ __typename: 'SystemUnavailable', retryable: true });
    jobyard.sandboxes.kylin.faults.clear();
    // Until the system is tried again.
    await expect.poll(async () => (await act(input)).results[0], { timeout: 30_000 }).toMatchObject({ outcome: 'CONFIRMED' });
    const before = sent();
    expect((await act(input)).results[0]).toMatchObject({ outcome: 'CONFIRMED' });
    expect(sent()).toEqual(before);
  });

  test("the results show that a retry with the key can't succeed if another system performed the action", async () => {
    const input = { ids: [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')], idempotencyKey: newKey() };
    failReads(jobyard, 'kylin', reset);
    failAction(jobyard, 'kylin', reset, 'always');
    const first = await act(input);
    expect(first.results).toMatchObject([
      { outcome: 'CONFIRMED' },
      {
        __typename: 'SystemUnavailable',
        retryable: false,
        message: expect.stringMatching(/stored for the idempotency key.*use a new key/),
      },
    ]);
    jobyard.sandboxes.kylin.faults.clear();
    const before = sent();
    expect(await act(input)).toEqual(first);
    expect(sent()).toEqual(before);
    const again = async () => (await act({ ids: input.ids.slice(1), idempotencyKey: newKey() })).results;
    await expect.poll(again, { timeout: 30_000 }).toMatchObject([{ outcome: 'CONFIRMED' }]);
  });
});

describe('a conflict, with nothing sent, is', () => {
  test.each([
    ['other jobs', (id: string) => ({ ids: [id, addJob(jobyard, 'kylin')] })],
    ['another reason', (id: string) => ({ ids: [id], reason: 'other' })],
    ['a dry run', (id: string) => ({ ids: [id], dryRun: true })],
  ])('%s with the same key', async (_what, change) => {
    const id = addJob(jobyard, 'kylin');
    const idempotencyKey = newKey();
    await act({ ids: [id], idempotencyKey });
    const before = sent();
    const input = { ...change(id), idempotencyKey };
    const { results, summary } = await act(input);
    for (const [index, result] of results.entries()) {
      expect(result).toEqual({
        __typename: 'IdempotencyConflict',
        jobId: input.ids[index],
        code: 'IDEMPOTENCY_CONFLICT',
        message: 'This idempotency key was used with a different input. Use a new key.',
        retryable: false,
        retryAfterSeconds: null,
      });
    }
    expect(summary).toEqual({ requested: input.ids.length, succeeded: 0, failed: input.ids.length, unknown: 0 });
    expect(sent()).toEqual(before);
  });

  test('another action with the same key', async () => {
    const input = { ids: [addJob(jobyard, 'kylin')], idempotencyKey: newKey() };
    await act(input, { field: 'pauseJobs' });
    expect((await act(input)).results).toMatchObject([{ __typename: 'IdempotencyConflict' }]);
  });

  test('a key whose first request was interrupted', async () => {
    const input = { ids: [addJob(jobyard, 'kylin')], idempotencyKey: newKey() };
    await act(input);
    // As a process leaves it that is killed meanwhile, once its time is up.
    await store.query(
      "update jobyard.idempotency_key set answer = null, answer_due_at = now() - interval '1 second' where answer is not null",
    );
    const before = sent();
    expect((await act(input)).results).toMatchObject([
      { __typename: 'IdempotencyConflict', message: expect.stringMatching(/was interrupted/), retryable: false },
    ]);
    expect(sent()).toEqual(before);
  });

  test("a first request that doesn't end before the deadline", async () => {
    const input = { ids: [addJob(jobyard, 'kylin')], idempotencyKey: newKey() };
    await act(input);
    await store.query(
      "update jobyard.idempotency_key set answer = null, answer_due_at = now() + interval '1 minute' where answer is not null",
    );
    expect((await act(input)).results).toMatchObject([
      { __typename: 'IdempotencyConflict', message: expect.stringMatching(/is in progress/), retryable: true },
    ]);
  });
});

test('keys are scoped to the caller', async () => {
  const idempotencyKey = newKey();
  const id = addJob(jobyard, 'kylin');
  expect((await act({ ids: [id], idempotencyKey })).results).toMatchObject([{ outcome: 'CONFIRMED' }]);
  expect((await act({ ids: [id], idempotencyKey }, { caller: 'other' })).results).toMatchObject([{ outcome: 'ALREADY_DONE' }]);
});

test.each(['', 'x'.repeat(201)])('a key of %j is rejected', async (idempotencyKey) => {
  const message = `input.idempotencyKey: expected 1 to 200 characters, got ${idempotencyKey.length}.`;
  await expect(act({ ids: ['kylin:1'], idempotencyKey })).rejects.toThrow(message);
  await expect(act({ ids: ['kylin:1'], idempotencyKey }, { field: 'pauseJobs' })).rejects.toThrow(message);
});

test('a key may contain any characters except control characters', async () => {
  const input = { ids: [addJob(jobyard, 'kylin')], reason: '\n\u{1f600}', idempotencyKey: `'"\u{1f600}${'é'.repeat(190)}` };
  const first = await act(input);
  expect(await act(input)).toEqual(first);
});

describe('while the store is unavailable', () => {
  test('rejects a mutation with a key, and performs one without', async () => {
    const away = await startWithSandboxes({ jobs: 1 });
    const id = addJob(away, 'kinetica');
    const run = (input: object) =>
      away.query(`mutation ($input: CancelJobsInput!) { cancelJobs(input: $input) { results { ${everyMember} } } }`, { input });
    const { data } = await run({ ids: [id], idempotencyKey: 'a' });
    expect(data.cancelJobs.results).toMatchObject([{ __typename: 'NotAttempted', code: 'STORE_UNAVAILABLE', retryable: true }]);
    expect(countActions(away, 'kinetica')).toBe(0);
    expect((await run({ ids: [id] })).data.cancelJobs.results).toMatchObject([{ __typename: 'CancelSuccess' }]);
    await away.close();
  });
});

describe('once', () => {
  const startKeys = (over: Store = store) => {
    const keys = createIdempotencyKeys(over, pino({ level: 'silent' }));
    onTestFinished(keys.close);
    return keys;
  };

  test('does nothing and releases the key if the deadline has passed', async () => {
    const { once } = startKeys();
    const asked = request();
    let done = 0;
    const work = async (): Promise<number> => ++done;
    expect(await once({ ...asked, signal: AbortSignal.abort() }, work)).toMatchObject({
      kind: 'notDone',
      problem: { code: 'NOT_ATTEMPTED' },
    });
    expect(done).toBe(0);
    expect(await once(asked, work)).toEqual({ kind: 'done', answer: 1 });
  });

  const request = (): OnceRequest => ({
    caller: 'anonymous',
    key: newKey(),
    input: { a: 1, b: [1, 2] },
    timeoutMs: 1000,
    signal: AbortSignal.timeout(2000),
  });

  test("releases the key if the audit log can't be written, because nothing was done", async () => {
    const { once } = startKeys();
    const asked = request();
    const refusal = new AuditUnavailableError();
    await expect(once(asked, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await once(asked, async () => 1)).toEqual({ kind: 'done', answer: 1 });
  });

  test('releases the key after a response that allows it, also for waiting requests', async () => {
    const { once } = startKeys();
    const asked = request();
    let done = 0;
    const work = async (): Promise<number> => ++done;
    const isFirst = (answer: number) => answer === 1;
    const answers = await Promise.all([once(asked, work, isFirst), once(asked, work, isFirst)]);
    // Which of the two has the key first is the database's choice.
    expect(answers.toSorted((a, b) => Number('answer' in a && a.answer) - Number('answer' in b && b.answer))).toEqual([
      { kind: 'done', answer: 1 },
      { kind: 'done', answer: 2 },
    ]);
    expect(await once(asked, work, isFirst)).toEqual({ kind: 'stored', answer: 2 });
  });

  test('keeps the key after any other error, because the progress is unknown', async () => {
    const { once } = startKeys();
    const asked = request();
    await expect(once(asked, () => Promise.reject(Object.assign(new Error('bug'), { extensions: {} })))).rejects.toThrow('bug');
    expect(await once(asked, async () => 1)).toMatchObject({ kind: 'conflict' });
  });

  test('ignores the order of properties, but not of lists', async () => {
    const { once } = startKeys();
    const asked = request();
    await once(asked, async () => 1);
    expect(await once({ ...asked, input: { b: [1, 2], a: 1 } }, async () => 2)).toEqual({ kind: 'stored', answer: 1 });
    expect(await once({ ...asked, input: { a: 1, b: [2, 1] } }, async () => 2)).toMatchObject({ kind: 'conflict' });
  });

  describe("returns the answer even if it couldn't be stored at once, and stores it later", () => {
    const workOnCutStore = async (whenBack: (keys: IdempotencyKeys) => Promise<void> | void) => {
      const seen = severable(store);
      const keys = startKeys(seen.store);
      const asked = request();
      const work = async (): Promise<number> => {
        seen.way = 'cut';
        return 1;
      };
      expect(await keys.once(asked, work)).toEqual({ kind: 'done', answer: 1 });
      seen.way = 'open';
      await whenBack(keys);
      return startKeys().once({ ...asked, signal: AbortSignal.timeout(5_000) }, async () => 2);
    };

    test('when the store is available again', async () => {
      expect(await workOnCutStore(() => {})).toEqual({ kind: 'stored', answer: 1 });
    });

    test('when the process ends', async () => {
      expect(await workOnCutStore((keys) => keys.close())).toEqual({ kind: 'stored', answer: 1 });
    });
  });

  describe('does nothing if the response to its claim is lost, and', () => {
    test('the key is released when the store is available again', async () => {
      const seen = severable(store);
      const { once } = startKeys(seen.store);
      const asked = request();
      let done = 0;
      const work = async (): Promise<number> => ++done;
      seen.way = 'answers lost';
      expect(await once(asked, work)).toMatchObject({ kind: 'notDone', problem: { code: 'STORE_UNAVAILABLE' } });
      expect(done).toBe(0);
      seen.way = 'open';
      expect(await once({ ...asked, signal: AbortSignal.timeout(5_000) }, work)).toEqual({ kind: 'done', answer: 1 });
    });

    test('the key is also released if the claim is executed late', async () => {
      let late: (() => Promise<unknown>) | null = null;
      const query: Store['query'] = (text, values) => {
        if (late || !text.includes('insert')) return store.query(text, values);
        late = () => store.query(text, values);
        return createUnavailableStore().query(text);
      };
      const { once } = startKeys({ ...store, query });
      const asked = request();
      expect(await once(asked, async () => 1)).toMatchObject({ kind: 'notDone' });
      await (late as (() => Promise<unknown>) | null)?.();
      expect(await once({ ...asked, signal: AbortSignal.timeout(5_000) }, async () => 2)).toEqual({ kind: 'done', answer: 2 });
    });

    test("another request's claim of the same key is kept", async () => {
      const seen = severable(store);
      const mine = startKeys(seen.store);
      const theirs = startKeys();
      const asked = request();
      await theirs.once(asked, async () => 'theirs');
      seen.way = 'cut';
      expect(await mine.once(asked, async () => 'mine')).toMatchObject({ kind: 'notDone' });
      seen.way = 'open';
      await mine.close();
      expect(seen.statements.at(-1)).toContain('delete');
      expect(await theirs.once(asked, async () => 'again')).toEqual({ kind: 'stored', answer: 'theirs' });
    });
  });
});

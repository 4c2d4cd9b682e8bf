import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createIdempotencyKeys } from '../../src/idempotency/idempotency-keys.ts';
import { createAnsweringStore } from '../answering-store.ts';

const request = { caller: 'key:one', key: 'once', input: {}, timeoutMs: 25_000 };

/** A store that responds to the first statements only. */
function createKeys(answers: object[][]) {
  const statements: string[] = [];
  const store = createAnsweringStore((text) => {
    statements.push(text);
    const rows = answers.shift();
    return rows ? Promise.resolve(rows) : new Promise(() => {});
  });
  const keys = createIdempotencyKeys(store, pino({ level: 'silent' }));
  return { keys, statements };
}

test("doesn't wait past the deadline for a key whose store doesn't respond, and performs nothing", async () => {
  const { keys, statements } = createKeys([]);
  const deadline = new AbortController();
  let isDone = false;
  const outcome = keys.once({ ...request, signal: deadline.signal }, async () => {
    isDone = true;
  });
  deadline.abort();
  expect(await outcome).toMatchObject({ kind: 'notDone', problem: { code: 'NOT_ATTEMPTED' } });
  expect(isDone).toBe(false);
  // The claim may still succeed: then it is released.
  expect(statements[1]).toContain('delete from jobyard.idempotency_key');
});

test.each([
  ['stored', false],
  ['set free', true],
])('an answer is returned at the deadline although the key is not %s yet', async (_what, releasesKey) => {
  const { keys, statements } = createKeys([[{ key_hash: '' }]]);
  const deadline = new AbortController();
  const outcome = keys.once(
    { ...request, signal: deadline.signal },
    async () => 'done',
    () => releasesKey,
  );
  await expect.poll(() => statements.length).toBe(2);
  deadline.abort();
  expect(await outcome).toEqual({ kind: 'done', answer: 'done' });
});

import { expect, test } from 'vitest';
import { readGapMs } from '../../../src/vendors/veeva-vault/adapter/burst-limit.ts';
import { act, kinds, readResult, start } from './setup.ts';

const answer = (headers: Record<string, string>) => ({ status: 200, headers, text: '' });
const left = (remaining: number, limit = 2000) =>
  readGapMs(answer({ 'x-vaultapi-burstlimit': String(limit), 'x-vaultapi-burstlimitremaining': String(remaining) }));

test('spreads the last tenth over the five minutes, with at most 2 s between two reads', () => {
  expect([left(2000), left(201), left(200), left(0)]).toEqual([0, 0, 1500, 1500]);
  expect([left(101, 1000), left(99, 1000)]).toEqual([0, 2000]);
  expect(readGapMs(answer({}))).toBeNull();
  expect(readGapMs(answer({ 'x-vaultapi-burstlimit': 'x', 'x-vaultapi-burstlimitremaining': '1' }))).toBeNull();
});

test('slows down reads, not actions, while few calls are left, until the next window', async () => {
  const { sandbox, adapter } = await start({ burstLimit: 20, throttleDelayMs: 0 });
  const ids = sandbox.state.addJobs(24, { frozen: true });
  const arrivals: number[] = [];
  const { add } = sandbox.requests;
  sandbox.requests.add = (request) => {
    add(request);
    arrivals.push(performance.now());
  };
  const read = () => readResult(adapter, ids.shift() ?? 0);
  // The first 18 calls at full speed: then a tenth is left.
  for (let each = 0; each < 18; each += 1) expect(await read()).toMatchObject({ kind: 'job' });
  expect(performance.now() - (arrivals[0] ?? 0)).toBeLessThan(1_900);

  arrivals.length = 0;
  const askedAtMs = performance.now();
  const waiting = [read(), read(), read()];
  expect(kinds(await act(adapter, 'CANCEL', ids.at(-1) ?? 0))).toEqual(['accepted']);
  expect(performance.now() - askedAtMs).toBeLessThan(1_900);
  // One read more than can wait for a turn is rejected at once, with the time to retry.
  expect(await waiting[2]).toMatchObject({ kind: 'problem', problem: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 5 } });
  expect(performance.now() - askedAtMs).toBeLessThan(1_900);
  expect(await Promise.all(waiting.slice(0, 2))).toMatchObject([{ kind: 'job' }, { kind: 'job' }]);
  expect((arrivals[2] ?? 0) - (arrivals[1] ?? 0)).toBeGreaterThan(1_900);
  expect(arrivals).toHaveLength(3);

  sandbox.clock.advance(5 * 60_000);
  await read();
  const againAtMs = performance.now();
  await read();
  expect(performance.now() - againAtMs).toBeLessThan(1_900);
});

test("the headers of a login, which describe the login limit, don't slow down reads", async () => {
  const { sandbox, adapter } = await start({ loginLimit: 1 });
  const [one, other] = sandbox.state.addJobs(2, { frozen: true });
  const startedAtMs = performance.now();
  await readResult(adapter, one ?? 0);
  await readResult(adapter, other ?? 0);
  expect(performance.now() - startedAtMs).toBeLessThan(1_400);
});

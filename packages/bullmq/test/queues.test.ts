import { type CallContext, createProblem } from 'jobyard/adapter';
import { expect, test } from 'vitest';
import type { Reply } from '../src/adapter/calls.ts';
import { createConfiguredQueues, createDiscoveredQueues, type ScanKeys } from '../src/adapter/queues.ts';

const call: CallContext = { caller: 'test', signal: new AbortController().signal, credential: null };

/** Queues that are searched for in these replies, one for each round trip. */
function start(replies: Reply<{ next: string; keys: string[] }>[]) {
  const clock = { nowMs: 0 };
  let roundTrips = 0;
  const scan: ScanKeys = async () => {
    roundTrips += 1;
    return replies.shift() ?? expect.unreachable('No more round trips were expected');
  };
  const queues = createDiscoveredQueues({ systemId: 'queues', prefix: 'bull', scan, nowMs: () => clock.nowMs });
  return { clock, queues, roundTrips: () => roundTrips };
}

const page = (next: string, ...names: string[]): Reply<{ next: string; keys: string[] }> => ({
  kind: 'value',
  value: { next, keys: names.map((name) => `bull:${name}:meta`) },
});

test('reads all pages of keys, which may repeat and be empty, and keeps the queues for a minute', async () => {
  const { clock, queues, roundTrips } = start([page('7', 'video', 'mail'), page('9'), page('0', 'mail', 'mail:a:b')]);
  expect(queues.list(null)).toEqual([]);
  expect(await queues.find(call)).toBeNull();
  expect(queues.list(null)).toEqual(['mail', 'video']);
  clock.nowMs = 59_999;
  expect(await queues.find(call)).toBeNull();
  expect(roundTrips()).toBe(3);
});

test('finds new queues in the background', async () => {
  const { clock, queues } = start([page('0', 'mail'), page('0', 'mail', 'video')]);
  await queues.find(call);
  clock.nowMs = 60_000;
  expect(await queues.find(call)).toBeNull();
  await expect.poll(() => queues.list(null)).toEqual(['mail', 'video']);
});

test('keeps the known queues if the search fails, and has a problem if none are known', async () => {
  const problem = createProblem('SYSTEM_UNAVAILABLE', 'gone');
  const failed: Reply<never> = { kind: 'failed', problem, mayHaveArrived: true };
  const unknown = start([failed]);
  expect(await unknown.queues.find(call)).toEqual(problem);
  const known = start([page('0', 'mail'), failed]);
  await known.queues.find(call);
  known.clock.nowMs = 60_000;
  expect(await known.queues.find(call)).toBeNull();
  expect(known.queues.list(null)).toEqual(['mail']);
});

test('lists queues by name that are newer than the search, but no names that queues cannot have', () => {
  expect(start([]).queues.list(['new', 'a:b', ''])).toEqual(['new']);
  expect(createConfiguredQueues(['mail', 'video']).list(['video', 'new'])).toEqual(['video']);
});

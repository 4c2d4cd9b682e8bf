import { expect, test } from 'vitest';
import { createTimeSlices } from '../../src/server/time-slices.ts';

/** Turns of a process whose work takes what the test says; `begun` are the callers in the order in which they began. */
function start() {
  let workedMs = 0;
  const slices = createTimeSlices(() => workedMs);
  const begun: string[] = [];
  const begin = async (caller: string, takesMs: number): Promise<void> => {
    const turn = slices.take(caller);
    if (turn) await turn;
    begun.push(caller);
    workedMs += takesMs;
  };
  return { begin, begun };
}

const nextRound = () => new Promise<void>((resolve) => setImmediate(resolve));

test('work begins at once while there is little of it', () => {
  const { begin, begun } = start();
  for (let count = 0; count < 5; count += 1) void begin('ann', 1);
  expect(begun).toHaveLength(5);
});

test('much work of one caller lets input and output be looked after, and another caller begin', async () => {
  const { begin, begun } = start();
  for (let count = 0; count < 20; count += 1) void begin('ann', 6);
  // 10 ms of work, and what had begun by then.
  expect(begun).toEqual(['ann', 'ann']);
  void begin('bob', 1);
  await nextRound();
  expect(begun.length).toBeLessThan(6);
  await nextRound();
  expect(begun.indexOf('bob')).toBeLessThanOrEqual(3);
  for (let count = 0; count < 20; count += 1) await nextRound();
  expect(begun).toHaveLength(21);
});

test('callers take turns, one each, however much one has brought', async () => {
  const { begin, begun } = start();
  void begin('first', 100);
  for (let count = 0; count < 6; count += 1) void begin('ann', 100);
  for (let count = 0; count < 2; count += 1) void begin('bob', 100);
  void begin('cat', 100);
  for (let count = 0; count < 30; count += 1) await nextRound();
  expect(begun).toEqual(['first', 'ann', 'bob', 'cat', 'ann', 'bob', 'ann', 'ann', 'ann', 'ann']);
});

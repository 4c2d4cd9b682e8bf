import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReadThrottle, type ReadThrottle } from '../../src/transport/read-throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads that wait for turns, and when each had its own, in milliseconds from now on. */
function ask(pace: ReadThrottle, callers: readonly string[], signal = new AbortController().signal): Promise<string[]> {
  const startedAtMs = performance.now();
  return Promise.all(
    callers.map(async (caller) => {
      const turn = await pace.waitForTurn({ caller, purpose: 'read', signal });
      return `${caller} ${turn} ${Math.round(performance.now() - startedAtMs)}`;
    }),
  );
}

test('a caller with many reads takes no turns from another: those that its own reads delay too long are rejected immediately, the others run in time', async () => {
  const pace = createReadThrottle();
  expect(pace.isSlow()).toBe(false);
  pace.setGapMs(1_000);
  expect(pace.isSlow()).toBe(true);
  const asked = ask(pace, ['ann', 'ann', 'ann', 'ann', 'ann', 'ann', 'bob']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await asked).toEqual([
    'ann turn 1000',
    'ann turn 3000',
    'ann turn 4000',
    'ann tooMany 4500',
    'ann tooMany 0',
    'ann tooMany 0',
    'bob turn 2000',
  ]);
});

test('a read whose client disconnects leaves its turn to the next; all run when the limit is reset', async () => {
  const pace = createReadThrottle();
  pace.setGapMs(1_000);
  const stop = new AbortController();
  const gone = ask(pace, ['ann'], stop.signal);
  const left = ask(pace, ['ann', 'bob', 'bob']);
  stop.abort();
  expect(await gone).toEqual(['ann aborted 0']);
  await vi.advanceTimersByTimeAsync(1_500);
  pace.setGapMs(0);
  expect(await left).toEqual(['ann turn 1000', 'bob turn 1500', 'bob turn 1500']);
  expect(pace.isSlow()).toBe(false);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { relieveMemoryPressure } from '../src/memory-pressure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lookEveryMs = 100;

/** What is done about a process that has these sizes at its looks, one after the other: after how many milliseconds. */
function watch(sizesMiB: readonly number[], collectionMs = 10): string[] {
  const done: string[] = [];
  const left = [...sizesMiB];
  let nowMs = 0;
  let spentMs = 0;
  const note = (what: string): void => void done.push(`${nowMs} ms: ${what}`);
  const stop = relieveMemoryPressure({
    nowMs: () => nowMs + spentMs,
    rss: () => (left.shift() as number) * 1024 * 1024,
    setGrowthPercent: (percent) => note(`grow by ${percent} %`),
    collect() {
      note('collect');
      spentMs += collectionMs;
    },
  });
  for (const _size of sizesMiB) {
    nowMs += lookEveryMs;
    vi.advanceTimersByTime(lookEveryMs);
  }
  stop();
  vi.advanceTimersByTime(lookEveryMs);
  return done;
}

const sizes = (count: number, sizeMiB: number): number[] => Array.from({ length: count }, () => sizeMiB);

test('a small process is left alone', () => {
  expect(watch(sizes(100, 330))).toEqual([]);
});

test('a crowded one collects at once, and once a second', () => {
  expect(watch(sizes(23, 331))).toEqual(['100 ms: collect', '1100 ms: collect', '2100 ms: collect']);
});

test('collections take a twentieth of the time at most', () => {
  expect(watch(sizes(85, 331), 200)).toEqual(['100 ms: collect', '4100 ms: collect', '8100 ms: collect']);
});

test('an overcrowded one collects at once even if it has just done so, and V8 collects early until it is crowded no more', () => {
  expect(watch([331, 340, 381, 600, 350, 330, 331])).toEqual([
    '100 ms: collect',
    '300 ms: grow by 50 %',
    '300 ms: collect',
    '600 ms: grow by 0 %',
  ]);
});

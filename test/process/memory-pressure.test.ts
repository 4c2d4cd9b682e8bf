import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { relieveMemoryPressure } from '../../src/process/memory-pressure.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const measureEveryMs = 100;

/** Simulates a process with these sizes at successive checks and this much garbage between two; returns the actions and their times. */
function watch(sizesMiB: readonly number[], { collectionMs = 10, garbageMiB = 100 } = {}): string[] {
  const done: string[] = [];
  let nowMs = 0;
  let spentMs = 0;
  let sizeMiB = 0;
  let heapMiB = 0;
  const note = (what: string): void => void done.push(`${nowMs} ms: ${what}`);
  const stop = relieveMemoryPressure({
    nowMs: () => nowMs + spentMs,
    rss: () => sizeMiB * 1024 * 1024,
    heapUsed: () => heapMiB * 1024 * 1024,
    setGrowthPercent: (percent) => note(`grow by ${percent} %`),
    collect() {
      note('collect');
      spentMs += collectionMs;
      heapMiB = 0;
    },
  });
  for (const size of sizesMiB) {
    nowMs += measureEveryMs;
    sizeMiB = size;
    heapMiB += garbageMiB;
    vi.advanceTimersByTime(measureEveryMs);
  }
  stop();
  vi.advanceTimersByTime(measureEveryMs);
  return done;
}

const repeat = (count: number, ...sizesMiB: number[]): number[] => Array.from({ length: count }, () => sizesMiB).flat();

test('collects nothing in a small process', () => {
  expect(watch(repeat(100, 330))).toEqual([]);
});

test('collects immediately in a crowded process, then once per second', () => {
  expect(watch(repeat(23, 331))).toEqual(['100 ms: collect', '1100 ms: collect', '2100 ms: collect']);
});

test('spends at most 5% of the time on collections', () => {
  expect(watch(repeat(85, 331), { collectionMs: 200 })).toEqual(['100 ms: collect', '4100 ms: collect', '8100 ms: collect']);
});

test('collects nothing if there is little garbage', () => {
  expect(watch(repeat(100, 360), { garbageMiB: 1 })).toEqual([
    '1600 ms: collect',
    '3200 ms: collect',
    '4800 ms: collect',
    '6400 ms: collect',
    '8000 ms: collect',
    '9600 ms: collect',
  ]);
  expect(watch(repeat(100, 360), { garbageMiB: 0 })).toEqual([]);
});

test('collects immediately in an overcrowded process, and V8 collects early until the process is small enough', () => {
  expect(watch([331, 340, 381, 600, 350, 330, 331])).toEqual([
    '100 ms: collect',
    '300 ms: grow by 50 %',
    '300 ms: collect',
    '600 ms: grow by 0 %',
  ]);
});

test('collects at most twice per second if the size alternates', () => {
  const collections = watch(repeat(300, 320, 385), { collectionMs: 50 }).filter((what) => what.endsWith('collect'));
  expect(collections.length).toBeLessThanOrEqual(120);
  expect(collections.length).toBeGreaterThan(30);
});

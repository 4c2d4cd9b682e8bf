import { expect, test } from 'vitest';
import { createLastMinute } from '../../src/systems/last-minute.ts';

function start() {
  const time = { ms: 1_000_000 };
  return { time, window: createLastMinute<'a' | 'b'>(() => time.ms) };
}

test('counts by key, and forgets what is older than 60 seconds', () => {
  const { time, window } = start();
  window.count('a');
  time.ms += 30_000;
  window.count('a');
  window.count('b');
  expect(Object.fromEntries(window.counts())).toEqual({ a: 2, b: 1 });
  time.ms += 30_000;
  expect(Object.fromEntries(window.counts())).toEqual({ a: 1, b: 1 });
  time.ms += 30_000;
  expect(window.counts().size).toBe(0);
});

test('has the percentiles of the durations, null without any', () => {
  const { time, window } = start();
  expect(window.percentiles([0.5, 0.95])).toEqual([null, null]);
  for (let ms = 100; ms >= 1; ms -= 1) window.addDuration(ms);
  expect(window.percentiles([0, 0.5, 0.95, 1])).toEqual([1, 50, 95, 100]);
  expect(window.durationCount()).toBe(100);
  time.ms += 60_000;
  expect(window.durationCount()).toBe(0);
  expect(window.percentiles([0.5])).toEqual([null]);
});

test('counts more durations per second than it keeps', () => {
  const { window } = start();
  for (let each = 0; each < 1_000; each += 1) window.addDuration(5);
  expect(window.durationCount()).toBe(1_000);
  expect(window.percentiles([0.95])).toEqual([5]);
});

import { expect, test } from 'vitest';
import { backoffMs } from '../../src/concurrency/backoff.ts';

test('doubles the wait with each retry, up to the maximum', () => {
  const waits = [1, 2, 3, 4, 5, 2_000].map((retry) => backoffMs(retry, { firstMs: 250, maxMs: 1_500 }));
  expect(waits).toEqual([250, 500, 1_000, 1_500, 1_500, 1_500]);
});

test('has no maximum by default', () => {
  expect(backoffMs(11, { firstMs: 100 })).toBe(102_400);
});

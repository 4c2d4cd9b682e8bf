import { expect, test } from 'vitest';
import { createClockComparison, toLocalTime, toStoreTime } from '../../src/store/clocks.ts';

test.each([
  ['the same', 1_000_000, 0],
  ['the same, in a statement that took long', 1_009_000, 0],
  ['less than 2 seconds ahead', 1_011_500, 0],
  ['20 minutes ahead', 1_010_000 + 1_200_000, 1_200_000],
  ['20 minutes behind', 1_000_000 - 1_200_000, -1_200_000],
])('a clock that is %s', (_name, storeMs, aheadMs) => {
  const clocks = createClockComparison();
  clocks.note(1_000_000, new Date(storeMs), 1_010_000);
  expect(clocks.aheadMs()).toBe(aheadMs);
  const time = new Date(5_000_000);
  expect(toStoreTime(toLocalTime(time, aheadMs), aheadMs)).toEqual(time);
});

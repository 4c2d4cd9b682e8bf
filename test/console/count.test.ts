import { expect, test } from 'vitest';
import { showCount, sumBuckets } from '../../console/src/jobs/count.ts';

test.each([
  [
    [
      { count: 1_200, precision: 'EXACT' },
      { count: 84, precision: 'EXACT' },
    ],
    '1,284',
  ],
  [
    [
      { count: 800, precision: 'EXACT' },
      { count: 46, precision: 'AT_LEAST' },
    ],
    '846+',
  ],
  [
    [
      { count: 846, precision: 'EXACT' },
      { count: null, precision: 'UNKNOWN' },
    ],
    '846+',
  ],
  [[{ count: null, precision: 'UNKNOWN' }], '?'],
  [[{ count: 0, precision: 'EXACT' }], '0'],
  [[], '0'],
] as const)('%j is shown as %s', (buckets, text) => {
  expect(showCount(sumBuckets(buckets))).toBe(text);
});

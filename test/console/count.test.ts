import { expect, test } from 'vitest';
import { isNotCounted, showCount, sumBuckets } from '../../console/src/jobs/count.ts';

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

test('a system that could not be counted is told from one without jobs, whatever it can have none of', () => {
  const never = { count: 0, precision: 'EXACT' } as const;
  const unknown = { count: null, precision: 'UNKNOWN' } as const;
  expect(isNotCounted([never, unknown])).toBe(true);
  expect(isNotCounted([never])).toBe(false);
  expect(isNotCounted([unknown, { count: 3, precision: 'EXACT' }])).toBe(false);
});

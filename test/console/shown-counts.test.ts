import { describe, expect, test } from 'vitest';
import { countProcessed, toParts, toShownCounts } from '../../console/src/bulk/shown-counts.ts';

const counts = { selected: 20, pending: 0, succeeded: 8, failed: 10, unknown: 2 };
const ofSystem = { selected: 6, pending: 0, succeeded: 2, failed: 4, unknown: 0 };

describe('the counts of a bulk operation', () => {
  test('have unsent items apart from failed ones, and don’t count them as processed', () => {
    const shown = toShownCounts(counts, counts, 7);
    expect(shown).toMatchObject({ succeeded: 8, failed: 3, notSent: 7, unknown: 2, undecided: 0 });
    expect(countProcessed(shown)).toBe(13);
    const parts = toParts(shown).filter(({ count }) => count > 0);
    expect(parts.map(({ tone, count }) => `${tone} ${count}`)).toEqual(['succeeded 8', 'failed 3', 'unknown 2', 'not-sent 7']);
  });

  test('call no item failed while it isn’t known how many were sent', () => {
    const shown = toShownCounts(counts, counts, null);
    expect(shown).toMatchObject({ failed: 0, notSent: 0, undecided: 10 });
    expect(countProcessed(shown)).toBeNull();
    expect(toParts(shown).find(({ tone }) => tone === 'failed')?.count).toBe(0);
  });

  test.each([
    ['all were sent', 0, { failed: 4, notSent: 0, undecided: 0 }],
    ['none was sent', 10, { failed: 0, notSent: 4, undecided: 0 }],
    ['some were sent, perhaps to this system', 7, { failed: 0, notSent: 0, undecided: 4 }],
  ] as const)('of one system say only what is known: %s', (_, notSent, expected) => {
    expect(toShownCounts(ofSystem, counts, notSent)).toMatchObject(expected);
  });

  test('of the only system with failures are those of the operation', () => {
    expect(toShownCounts({ ...ofSystem, failed: 10 }, counts, 7)).toMatchObject({ failed: 3, notSent: 7, undecided: 0 });
  });
});

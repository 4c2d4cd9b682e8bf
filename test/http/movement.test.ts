import { describe, expect, test } from 'vitest';
import { isStalled, type Movement, move } from '../../src/http/movement.ts';

/** The movement after these bytes were seen, one count each second. */
function watch(counts: readonly number[]): Movement | null {
  return counts.reduce<Movement | null>((movement, bytes, second) => move(movement, 'request', bytes, second * 1_000), null);
}

describe('a connection', () => {
  test.each<[string, number[], number, boolean]>([
    ['that has moved within the time is not stalled', [0, 100, 100], 2_000, false],
    ['that has not moved for the time is', [0, 100, 100, 100], 3_000, true],
    ['that trickles is not before three times that', [0, 1, 2, 3, 4, 5], 5_000, false],
    ['that trickles is stalled then', [0, 1, 2, 3, 4, 5, 6], 6_000, true],
    ['that moves fast enough is not stalled', [0, 10_000, 10_001, 20_000, 20_001, 30_000, 30_001], 6_000, false],
  ])('%s', (_what, counts, nowMs, expected) => {
    expect(isStalled(watch(counts), nowMs, 2_000)).toBe(expected);
  });

  test("isn't stalled while nothing is being transferred", () => {
    expect(move(watch([0]), null, 0, 1_000)).toBeNull();
    expect(isStalled(null, 1_000_000, 2_000)).toBe(false);
  });

  test('starts a new measurement with another request', () => {
    const movement = move(watch([0, 1, 2, 3, 4, 5]), 'another', 5, 5_500);
    expect(isStalled(movement, 7_400, 2_000)).toBe(false);
    expect(isStalled(movement, 7_500, 2_000)).toBe(true);
  });
});

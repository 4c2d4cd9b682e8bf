import { describe, expect, test } from 'vitest';
import { firstSchedule, type ReadOutcome, scheduleAfterRead, scheduleSoon } from '../../src/live/read-schedule.ts';

const bounds = { nowMs: 100_000, minMs: 1_000 };
const unchanged: ReadOutcome = { changed: false, factor: 1, retryAfterMs: 0 };

describe('after a read', () => {
  test.each<[string, number, Partial<ReadOutcome>, number, number, number]>([
    ['a job that changed is read as often as allowed', 10_000, { changed: true }, 1_000, 1_000, 1_000],
    ['and as its vendor allows', 40_000, { changed: true }, 10_000, 10_000, 10_000],
    ['one that did not change waits longer', 2_000, {}, 1_000, 3_000, 3_000],
    ['up to 15 s', 14_000, {}, 1_000, 15_000, 15_000],
    ['or what its vendor allows', 60_000, {}, 60_000, 60_000, 60_000],
    ['for the next mark', 1_100, {}, 1_000, 1_650, 1_750],
    ['another replica has a turn of its own first', 2_000, { factor: 2 }, 1_000, 3_000, 6_000],
    ['the vendor has asked for a pause', 1_000, { changed: true, retryAfterMs: 7_100 }, 1_000, 1_000, 7_250],
  ])('%s', (_what, intervalMs, outcome, minMs, nextMs, waitMs) => {
    const before = { readAtMs: 0, intervalMs, dueAtMs: 0 };
    expect(scheduleAfterRead(before, { ...unchanged, ...outcome }, { ...bounds, minMs })).toEqual({
      readAtMs: 100_000,
      intervalMs: nextMs,
      dueAtMs: 100_000 + waitMs,
    });
  });
});

describe('a job that has probably changed', () => {
  test.each<[string, number, number, number]>([
    ['is read at once if it was read long ago', 0, 110_000, 100_000],
    ['is not read more often than its vendor allows', 99_800, 110_000, 100_800],
    ['is not read later than it was to be', 99_800, 100_100, 100_100],
  ])('%s', (_what, readAtMs, dueAtMs, nextMs) => {
    expect(scheduleSoon({ readAtMs, intervalMs: 9_000, dueAtMs }, bounds)).toEqual({ readAtMs, intervalMs: 1_000, dueAtMs: nextMs });
  });

  test('is read at once if it was never read', () => {
    const schedule = firstSchedule(250, bounds);
    expect(schedule.dueAtMs).toBe(100_250);
    expect(scheduleSoon(schedule, bounds).dueAtMs).toBe(100_000);
  });
});

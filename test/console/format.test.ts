import { expect, test } from 'vitest';
import { formatAge, formatDuration, formatTime } from '../../console/src/time/format.ts';

const nowMs = Date.parse('2026-11-29T14:32:07.000Z');

test.each([
  ['2026-11-29T14:32:07.000Z', '14:32:07'],
  ['2026-11-27T14:32:07.000Z', '27 Nov 14:32:07'],
  ['2025-11-29T14:32:07.000Z', '29 Nov 2025 14:32:07'],
])('the time %s is shown as %s', (at, text) => {
  expect(formatTime(Date.parse(at), 'utc', nowMs)).toBe(text);
});

test.each([
  [-5_000, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
])('the age of %d ms is shown as %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

test.each([
  [56.9, '56 s'],
  [117, '1 min 57 s'],
  [62, '1 min 02 s'],
  [22_320, '6 h 12 min'],
  [183_600, '2 d 3 h'],
])('the duration of %d s is shown as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

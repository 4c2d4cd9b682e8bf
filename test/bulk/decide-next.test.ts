import { describe, expect, test } from 'vitest';
import { decideFirst, decideNext, isThrottled } from '../../src/bulk/decide-next.ts';
import { createProblem } from '../../src/jobs/problem.ts';

const down = createProblem('SYSTEM_UNAVAILABLE', 'It is down.');
const busy = createProblem('RATE_LIMITED', 'It is busy.', 30);

describe('a try at a chunk', () => {
  test.each([
    ['RUNNING', false, { kind: 'send' }],
    [
      'RUNNING',
      true,
      { kind: 'resolve', why: 'each process that attempted this chunk ended before it finished. Check the logs of the replicas.' },
    ],
    ['CANCELLED', false, { kind: 'resolve', why: 'the bulk operation was canceled.' }],
    ['CANCELLED', true, { kind: 'resolve', why: 'the bulk operation was canceled.' }],
    ['SUSPENDED', false, { kind: 'complete' }],
    ['SUSPENDED', true, { kind: 'complete' }],
    ['SUCCEEDED', false, { kind: 'complete' }],
  ] as const)('of an operation that is %s begins (abandoned: %s) with %o', (status, isAbandoned, next) => {
    expect(decideFirst(status, { isAbandoned })).toEqual(next);
  });

  const usual = { isClosing: false, isTakenOver: false, isLast: false };
  test.each([
    ['nothing is in the way', null, true, {}, { kind: 'complete' }],
    ['nothing is in the way of the last try', null, false, { isLast: true }, { kind: 'complete' }],
    ['some got through', down, true, {}, { kind: 'putBack', afterSeconds: 1 }],
    ['some got through the last try', down, true, { isLast: true }, { kind: 'putBack', afterSeconds: 1 }],
    ['the system names a time', busy, false, {}, { kind: 'putBack', afterSeconds: 30 }],
    ['the system names a time at the last try', busy, false, { isLast: true }, { kind: 'putBack', afterSeconds: 30 }],
    ['nothing gets through', down, false, {}, { kind: 'retryLater', why: 'It is down.' }],
    ['nothing gets through the last try', down, false, { isLast: true }, { kind: 'resolve', why: 'It is down.' }],
    ['this process ends', down, false, { isClosing: true, isLast: true }, { kind: 'putBack', afterSeconds: 0 }],
    ['this process ends after all got through', null, true, { isClosing: true }, { kind: 'putBack', afterSeconds: 0 }],
    [
      'another replica has taken the chunk over',
      down,
      false,
      { isTakenOver: true, isLast: true },
      { kind: 'retryLater', why: 'Another replica has taken over the chunk.' },
    ],
  ] as const)('decides the next step if %s', (_when, obstacle, madeProgress, changes, next) => {
    expect(decideNext({ obstacle, madeProgress }, { ...usual, ...changes })).toEqual(next);
  });

  test.each([
    [0, 1],
    [1, 1],
    [3600, 3600],
    [86_400, 3600],
  ])('waits between a second and an hour: of %d s that the system names, %d', (named, afterSeconds) => {
    const obstacle = createProblem('RATE_LIMITED', 'It is busy.', named);
    expect(decideNext({ obstacle, madeProgress: false }, usual)).toEqual({ kind: 'putBack', afterSeconds });
  });
});

test('the other items wait, too, if the system names a time or limits requests', () => {
  expect(isThrottled(down)).toBe(false);
  expect(isThrottled(createProblem('RATE_LIMITED', 'It is busy.'))).toBe(true);
  expect(isThrottled(createProblem('SYSTEM_UNAVAILABLE', 'It is down.', 5))).toBe(true);
});

import { expect, test } from 'vitest';
import { createConfirmedCancels } from '../../src/history/confirmed-cancels.ts';

test('forgets the job that was remembered longest ago when there are too many', () => {
  const cancels = createConfirmedCancels(2);
  cancels.remember(['a', 'b']);
  // Its last cancel is now the newest.
  cancels.remember(['a']);
  cancels.remember(['c']);
  expect(['a', 'b', 'c'].filter(cancels.has)).toEqual(['a', 'c']);
});

test('is empty once all are forgotten', () => {
  const cancels = createConfirmedCancels(2);
  expect(cancels.isEmpty).toBe(true);
  cancels.remember(['a']);
  expect(cancels.isEmpty).toBe(false);
  cancels.forget('a');
  expect(cancels.isEmpty).toBe(true);
});

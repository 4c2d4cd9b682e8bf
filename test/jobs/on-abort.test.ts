import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { onAbort } from '../../src/jobs/on-abort.ts';

test('all who listen are told once, in their order, and Node keeps one listener for them', () => {
  const controller = new AbortController();
  const told: string[] = [];
  onAbort(controller.signal, () => told.push('first'));
  onAbort(controller.signal, () => told.push('second'));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort();
  controller.abort();
  expect(told).toEqual(['first', 'second']);
});

test('who stopped listening is not told, and a signal that nobody listens to is left alone', () => {
  const controller = new AbortController();
  const listener = vi.fn();
  const stop = onAbort(controller.signal, listener);
  onAbort(controller.signal, listener)();
  stop();
  stop();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  const other = vi.fn();
  onAbort(controller.signal, other);
  controller.abort();
  expect(listener).not.toHaveBeenCalled();
  expect(other).toHaveBeenCalledOnce();
});

test('being told, one can stop another from being told', () => {
  const controller = new AbortController();
  const last = vi.fn();
  onAbort(controller.signal, () => stopLast());
  const stopLast = onAbort(controller.signal, last);
  controller.abort();
  expect(last).not.toHaveBeenCalled();
});

test('a signal that is aborted already tells nobody', () => {
  const listener = vi.fn();
  onAbort(AbortSignal.abort(), listener)();
  expect(listener).not.toHaveBeenCalled();
});

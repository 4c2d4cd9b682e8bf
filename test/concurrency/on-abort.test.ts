import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { onAbort } from '../../src/concurrency/on-abort.ts';

test('calls all listeners once, in their order, with one listener of Node', () => {
  const controller = new AbortController();
  const calls: string[] = [];
  onAbort(controller.signal, () => calls.push('first'));
  onAbort(controller.signal, () => calls.push('second'));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort();
  controller.abort();
  expect(calls).toEqual(['first', 'second']);
});

test('does not call a listener that was removed, and removes its own from the signal with the last one', () => {
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

test('does not call a listener that another one removed', () => {
  const controller = new AbortController();
  const last = vi.fn();
  onAbort(controller.signal, () => stopLast());
  const stopLast = onAbort(controller.signal, last);
  controller.abort();
  expect(last).not.toHaveBeenCalled();
});

test('does not call the listener of a signal that is aborted already', () => {
  const listener = vi.fn();
  onAbort(AbortSignal.abort(), listener)();
  expect(listener).not.toHaveBeenCalled();
});

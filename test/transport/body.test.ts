import { expect, test } from 'vitest';
import { createBody } from '../../src/transport/body.ts';

test('copies a body of many small chunks, so that they keep no buffers', () => {
  const body = createBody(1_000_000, null);
  const source = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
  const expected = Buffer.from(source);
  for (let at = 0; at < source.length; at += 1) expect(body.add(source.subarray(at, at + 1))).toBe(true);
  // What was copied does not change with it.
  source.fill(0);
  expect(body.isLarge()).toBe(false);
  expect(body.take().equals(expected)).toBe(true);
});

test('limits a body of one or many chunks', () => {
  const ofOne = createBody(10, null);
  expect(ofOne.add(Buffer.alloc(11))).toBe(false);
  const ofMany = createBody(1_500, null);
  const added = Array.from({ length: 2_000 }, () => ofMany.add(Buffer.from('x')));
  expect(added.indexOf(false)).toBe(1_500);
  expect(ofMany.take().toString()).toBe('x'.repeat(1_500));
});

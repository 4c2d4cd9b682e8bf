import { expect, test } from 'vitest';
import { createCursorKeys } from '../../../src/jobs/list/cursor-keys.ts';

test('a process signs with a random key, and with the shared one once it has it; cursors of before stay good', () => {
  const keys = createCursorKeys();
  const [own] = keys.all();
  expect(own).toHaveLength(32);
  expect(createCursorKeys().all()).not.toEqual([own]);
  const shared = Buffer.alloc(32, 1);
  keys.adopt(shared);
  keys.adopt(shared);
  expect(keys.all()).toEqual([shared, own]);
});

test('a configured key is the same in every process, and no other is taken', () => {
  const keys = createCursorKeys('0123456789 0123456789 0123456789');
  keys.adopt(Buffer.alloc(32, 1));
  expect(keys.all()).toEqual(createCursorKeys('0123456789 0123456789 0123456789').all());
  expect(keys.all()).not.toEqual(createCursorKeys('0123456789 0123456789 012345678X').all());
});

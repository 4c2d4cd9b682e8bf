import { expect, test } from 'vitest';
import { type CursorKeys, createCursorKeys } from '../../src/listing/cursor-keys.ts';

test('a process signs with a random key, and with the shared one once it has it; cursors of before stay good', () => {
  const keys = createCursorKeys();
  const [own] = keys.all();
  expect(own?.symmetricKeySize).toBe(32);
  expect(own && createCursorKeys().all()[0]?.equals(own)).toBe(false);
  const shared = Buffer.alloc(32, 1);
  keys.adopt(shared);
  keys.adopt(shared);
  expect(keys.all().map((key) => key.export())).toEqual([shared, own?.export()]);
});

test('a configured key is the same in every process, and no other is adopted', () => {
  const keys = createCursorKeys('0123456789 0123456789 0123456789');
  keys.adopt(Buffer.alloc(32, 1));
  const bytesOf = ({ all }: CursorKeys): Buffer[] => all().map((key) => key.export());
  expect(bytesOf(keys)).toEqual(bytesOf(createCursorKeys('0123456789 0123456789 0123456789')));
  expect(bytesOf(keys)).not.toEqual(bytesOf(createCursorKeys('0123456789 0123456789 012345678X')));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPositionCursors, fromCursorText, toCursorText } from '../../src/listing/cursor-text.ts';

describe('the text of a cursor', () => {
  test('can contain any payload', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromCursorText(toCursorText(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([
    ['with padding', 'YWI='],
    ['of base64', 'a+/b'],
    ['with other characters', 'YW!I'],
    ['with bits that nothing reads', 'YWJ'],
  ])('is rejected in a spelling %s', (_name, text) => {
    expect(fromCursorText(text)).toBeNull();
  });
});

describe('the cursor of a position', () => {
  const items = createPositionCursors('bulk');

  test.each(['0', '7', '2147483648', '123456789012345678'])('gives back %s', (position) => {
    expect(items.decode(items.encode(position))).toBe(position);
  });

  test.each(['', '-1', '01', '1.5', '1 or true', '1234567890123456789'])('is rejected for "%s"', (position) => {
    expect(items.decode(items.encode(position))).toBeNull();
  });

  test('is rejected by lists of another kind', () => {
    expect(createPositionCursors('event').decode(items.encode('7'))).toBeNull();
  });
});

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { assert, describe, expect, test } from 'vitest';
import { type LargeJson, maxLargeValues, parsePieces } from '../../src/json/large-parse.ts';
import { parseJson } from '../../src/json/parse.ts';

function parse(text: string, pieceBytes?: number, maxValues?: number): LargeJson {
  const pieces = parsePieces(Buffer.from(text), pieceBytes, maxValues);
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}

/** Whatever the length of the pieces, the text means what it means at one go. */
function compare(text: string, pieceBytes: number): void {
  const parsed = parse(text, pieceBytes);
  const expected = parseJson(text);
  const wanted = expected === undefined ? { kind: 'notJson' } : { kind: 'value', value: expected };
  // Takes a tenth of the time of `toEqual`, without a diff.
  if (!isDeepStrictEqual(parsed, wanted)) expect(parsed).toEqual(wanted);
  // Also the order of names.
  if (parsed.kind === 'value') assert(JSON.stringify(parsed.value) === JSON.stringify(expected), `The names of ${text} are in order`);
}

describe('a text that is parsed in pieces', () => {
  test('is read as at one go', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 1, max: 40 }), fc.boolean(), (value, pieceBytes, isPretty) =>
        compare(JSON.stringify(value, null, isPretty ? 2 : 0), pieceBytes),
      ),
      { numRuns: 2_000 },
    );
  });

  test('is rejected like in one piece', () => {
    const words = ['[', ']', '{', '}', ',', ':', '"a"', '"b\\""', '"__proto__"', '1', '-', '0', '0.', '1e', 'null', ' ', '\n', '"', '\\'];
    const token = fc.constantFrom(...words, '\u00a0', '{"a":', '[1,2,', '"é→😀"', '12345678901234567890');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), fc.integer({ min: 1, max: 6 }), (tokens, pieceBytes) =>
        compare(tokens.join(''), pieceBytes),
      ),
      { numRuns: 8_000 },
    );
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.nat(),
        token,
        fc.nat(2),
        fc.integer({ min: 1, max: 20 }),
        (value, place, put, cut, pieceBytes) => {
          const text = JSON.stringify(value);
          const at = place % (text.length + 1);
          compare(text.slice(0, at) + put + text.slice(at + cut), pieceBytes);
        },
      ),
      { numRuns: 4_000 },
    );
  });

  test.each([
    ['long strings', `["${'x'.repeat(100)}","${'\\"'.repeat(100)}","${'\\\\'.repeat(50)}","a\\\\\\"${'y'.repeat(60)}"]`],
    ['white space', `${' '.repeat(50)}[${' '.repeat(50)}[1]${'\n'.repeat(50)},${'\t'.repeat(50)}{}${' '.repeat(50)}]${' '.repeat(50)}`],
    ['a container between scalars', `[1,{"a":[1,2,3,4,5,6,7,8,9]},2]`],
    ['the end after a comma', '[{"a":"a"},'],
    ['brackets of the wrong kind', '[[1,2,3,4,5,6,7,8}]'],
    ['two texts', '[1,2,3,4,5,6,7,8,9] [1,2,3,4,5,6,7,8,9]'],
    ['a text after a scalar', '1,[1,2,3,4,5,6,7,8,9]'],
    ['a name that comes twice', '{"a":1,"b":[1,2,3,4,5,6],"a":{"c":[1,2,3,4,5,6]}}'],
  ])('may have %s', (_what, text) => {
    for (const pieceBytes of [1, 2, 3, 5, 8, 13, 21, 1_000]) compare(text, pieceBytes);
  });

  test('may have 250 levels, and no more', () => {
    const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
    expect(parse(nested(250), 10)).toEqual({ kind: 'value', value: expect.anything() });
    expect(parse(nested(252), 10)).toEqual({ kind: 'tooDeep' });
    // Without reading the rest.
    expect(parsePieces(Buffer.from('['.repeat(1_000_000))).next()).toEqual({ done: true, value: { kind: 'tooDeep' } });
  });

  test.each([
    ['numbers', (count: number) => `[${'0,'.repeat(count - 2)}0]`],
    ['containers', (count: number) => `[${'{},'.repeat(Math.floor((count - 3) / 2))}[]]`],
    ['members', (count: number) => `{${'"a":0,'.repeat(count - 2)}"a":0}`],
  ])('may have so many values, and no more: %s', (_what, make) => {
    expect(parse(make(1_000), 50, 1_000)).toMatchObject({ kind: 'value' });
    expect(parse(make(1_002), 50, 1_000)).toEqual({ kind: 'tooManyValues' });
    expect(maxLargeValues).toBe(600_000);
  });

  test('counts nothing in strings', () => {
    expect(parse(JSON.stringify(['[{,'.repeat(1_000), '\\"[{,'.repeat(1_000)]), 50, 10)).toMatchObject({ kind: 'value' });
  });
});

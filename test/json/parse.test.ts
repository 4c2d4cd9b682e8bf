import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonInteger, parseExactly, parseJson } from '../../src/json/parse.ts';

describe('parsing', () => {
  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['1234567890123456', 1234567890123456],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['12345678901234567890.5', Number('12345678901234567890.5')],
    ['12345678901234567890e2', Number('12345678901234567890e2')],
    ['0.12345678901234567890', Number('0.1234567890123456789')],
    ['1e400', Number.POSITIVE_INFINITY],
    ['-0', -0],
  ])('%s is the same at any place, and text if a number cannot represent it', (text, expected) => {
    expect(parseJson(text)).toBe(expected);
    expect(parseJson(`[${text}]`)).toEqual([expected]);
    expect(parseJson(`[1,${text} , ${text}\n]`)).toEqual([1, expected, expected]);
    expect(parseJson(`{"id":${text}}`)).toEqual({ id: expected });
    expect(parseJson(`{ "id" : ${text} , "ids":[${text}], "a": { "b":\n${text}\n} }`)).toEqual({
      id: expected,
      ids: [expected],
      a: { b: expected },
    });
  });

  test.each([
    ['a string of digits', '"9223372036854775807"'],
    ['digits in a sentence', '"job 9223372036854775807 ended"'],
    ['JSON in a string', JSON.stringify('{"id": 9223372036854775807, "ids": [9223372036854775807]}')],
    ['JSON in JSON in a string', JSON.stringify(JSON.stringify({ text: '{"id": 9223372036854775807}' }))],
    ['a string that begins like the end of a member', '": 9223372036854775807, 1"'],
    ['a string that begins like that, as a key', '{": 9223372036854775807,": 1}'],
    ['a string that is nothing else', '[": 9223372036854775807}"]'],
    ['a string that ends with a backslash', '{"a\\\\": "9223372036854775807"}'],
  ])('%s stays as it is', (_what, text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('250 levels are read', () => {
    expect(parseJson(`${'['.repeat(250)}${']'.repeat(250)}`)).toEqual([expect.anything()]);
  });

  test('a long number after a key that ends with a backslash is kept', () => {
    expect(parseJson('{"a\\\\": 9223372036854775807}')).toEqual({ 'a\\': '9223372036854775807' });
  });

  test.each([
    '',
    ' ',
    '{',
    'undefined',
    '<html>',
    "{'id': 1}",
    '{"id": 01}',
    '{"id": 9223372036854775807',
    '{"id": 9223372036854775807,}',
    '9223372036854775807 9',
    '['.repeat(1_000_000),
    `${'['.repeat(251)}${']'.repeat(251)}`,
    `${'[{"a":'.repeat(126)}9223372036854775807${'}]'.repeat(126)}`,
  ])('%.100j is no JSON that is read: undefined', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  test('any JSON comes back, integers beyond 2^53 as their digits', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[":{}[\],\\ 0-9-]{0,40}$/),
      fc.constantFrom(': 9223372036854775807,', '9223372036854775807'),
    );
    const leaf = fc.oneof(
      text,
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(
          text.filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 5, noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (model, indent) => {
        const wire = JSON.stringify(model, (_key, part) => (typeof part === 'bigint' ? jsonInteger(String(part)) : part), indent);
        const expected = JSON.parse(
          JSON.stringify(model, (_key, part) => {
            if (typeof part !== 'bigint') return part;
            return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
          }),
        );
        expect(parseJson(wire)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('a long number is found at any place in the text', () => {
    for (let indent = 0; indent < 40; indent += 1) {
      const text = `${' '.repeat(indent)}[9007199254740993]`;
      expect(parseJson(text), text).toEqual(['9007199254740993']);
    }
  });

  test('a list of 10,000 long ids keeps each of them', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => String(9007199254740993n + BigInt(index)));
    const wire = `{"jobs":[${ids.map((id) => `{"id":${id},"text":"${'x'.repeat(100)}"}`).join(',')}]}`;
    expect(parseJson(wire)).toEqual({ jobs: ids.map((id) => expect.objectContaining({ id })) });
  });
});

describe('parsing exactly', () => {
  test.each(['{"a":1.0,"b":[12345678901234567890,-0.10,1E5],"c":{"d":"1.0","e":null,"f":true}}', '7', '"x"'])(
    '%s is written as it was',
    (text) => {
      expect(JSON.stringify(parseExactly(text))).toBe(text);
    },
  );
});

describe('writing', () => {
  test.each(['0', '9223372036854775807', '-9223372036854775808'])('%s is written bare', (digits) => {
    expect(JSON.stringify({ ids: [jsonInteger(digits)] })).toBe(`{"ids":[${digits}]}`);
  });

  test.each(['', '1.5', '1e3', ' 1', '1,2', '"1"', 'null', '1}', '٣'])('%j is rejected: only integers are accepted', (text) => {
    expect(() => jsonInteger(text)).toThrow(TypeError);
  });
});

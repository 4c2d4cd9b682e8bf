import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNestedTooDeep } from '../../src/json/nesting.ts';

describe('nesting', () => {
  const nested = (open: string, close: string, depth: number, inside = '') => open.repeat(depth) + inside + close.repeat(depth);
  const both = (json: string, maxDepth: number): boolean => {
    const ofText = isNestedTooDeep(json, maxDepth);
    expect(isNestedTooDeep(Buffer.from(json), maxDepth)).toBe(ofText);
    return ofText;
  };

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '[{"a":', '}]'],
    ['with white space', ' [ \n', ' ] '],
  ])('counts levels of %s', (_what, open, close) => {
    const levels = open.replace(/[^[{]/g, '').length;
    expect(both(nested(open, close, 100 / levels, '1'), 100)).toBe(false);
    expect(both(nested(open, close, 100 / levels + 1, '1'), 100)).toBe(true);
  });

  test('does not wait for the end of brackets that are not closed', () => {
    expect(both('['.repeat(1_000_000), 250)).toBe(true);
    expect(both('{"a":'.repeat(101), 100)).toBe(true);
  });

  test('counts levels, not brackets', () => {
    expect(both(`[${'[],{},'.repeat(1000)}0]`, 2)).toBe(false);
    expect(both(`[${'[],{},'.repeat(1000)}[{}]]`, 2)).toBe(true);
  });

  test.each([
    ['brackets in a string', `["${'['.repeat(1000)}"]`, 1],
    ['brackets in a key', `{"${'{'.repeat(1000)}": 1}`, 1],
    ['closing brackets in a string', `[["${']'.repeat(1000)}", [1]]]`, 3],
    ['escaped quotes', `["\\"${'['.repeat(1000)}\\\\"]`, 1],
    ['a string that ends with a backslash', `["\\\\", [[1]]]`, 3],
    ['characters of several bytes', `["→ś【{", ["ś"]]`, 2],
    ['halves of a surrogate pair', `["\ud800[", ["\udc00"]]`, 2],
  ])('passes over %s', (_what, json, depth) => {
    const long = json + ' '.repeat(1000);
    expect(both(long, depth)).toBe(false);
    expect(both(long, depth - 1)).toBe(true);
  });

  test('is that of any JSON', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(8), fc.boolean(), (value, maxDepth, isPretty) => {
        const json = JSON.stringify(value, null, isPretty ? 2 : 0);
        // Texts that are too short to be nested so deep aren't read.
        expect(both(`${json}${' '.repeat(20)}`, maxDepth)).toBe(depthOf(value) > maxDepth);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAssembly, type Part, toParts } from '../../src/json/parts.ts';

function throughParts(value: unknown): { value: unknown; parts: Part[] } {
  const assembly = createAssembly();
  const parts: Part[] = [];
  for (const part of toParts(value)) {
    parts.push(part);
    assembly.add(structuredClone(part));
  }
  return { value: assembly.value(), parts };
}

test('a value that is taken apart and put together is the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(throughParts(value).value).toEqual(value);
    }),
  );
});

test('large containers are the same too, wherever they stand, and no part is large', () => {
  const rows = Array.from({ length: 30_000 }, (_, index) => ({ id: index, name: `job ${index}`, tags: ['a', { b: null }] }));
  const byId = Object.fromEntries(rows.map((row) => [`job-${row.id}`, row.name]));
  const value = { first: 1, rows, between: [[], {}], nested: [[{ rows: rows.slice(0, 9_000), end: true }]], byId, last: 'x' };
  const { value: assembled, parts } = throughParts(value);
  expect(assembled).toEqual(value);
  expect(Object.keys(assembled as object)).toEqual(Object.keys(value));
  expect(Math.max(...parts.map((part) => JSON.stringify(part).length))).toBeLessThan(500_000);
});

test('a member named __proto__ is an ordinary one', () => {
  const value = JSON.parse(`{"__proto__":{"polluted":true},"many":[${'1,'.repeat(10_000)}1]}`) as object;
  const { value: assembled } = throughParts(value);
  expect(Object.keys(assembled as object)).toEqual(['__proto__', 'many']);
  expect((assembled as { polluted?: unknown }).polluted).toBeUndefined();
});

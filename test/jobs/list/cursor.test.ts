import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobOrder } from '../../../src/jobs/adapter.ts';
import { bindingOf, decodeCursor, encodeCursor, type Positions, type SourcePosition } from '../../../src/jobs/list/cursor.ts';
import type { JobFilter } from '../../../src/jobs/list/filter.ts';
import { filters, orders } from './arbitraries.ts';

const texts = fc.string({ unit: 'binary', maxLength: 12 });
const places = fc.record({ part: fc.option(texts), row: fc.nat() });
const positionArbitrary: fc.Arbitrary<SourcePosition | 'end'> = fc.oneof(
  fc.constant('end' as const),
  fc.record({ at: places }),
  fc.record(
    {
      at: places,
      next: fc.record({ key: fc.option(fc.integer()), id: texts }),
      keyless: fc.constant(true as const),
      asOf: fc.record({ key: fc.integer(), ids: fc.array(texts) }),
    },
    { requiredKeys: ['at'] },
  ),
);
const positions: fc.Arbitrary<Positions> = fc.dictionary(
  texts.map((text) => `system/${text}`),
  positionArbitrary,
  { noNullPrototype: true },
);

const order: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };
const binding = bindingOf({}, order);

describe('a cursor', () => {
  test('gives back the positions that it was made of', () => {
    fc.assert(
      fc.property(positions, filters, orders, (original, filter, by) => {
        const cursor = encodeCursor(original, bindingOf(filter, by));
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, bindingOf(filter, by))).toEqual(original);
      }),
    );
  });

  test('is refused wherever it was altered', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n.';
    fc.assert(
      fc.property(positions, fc.nat(), fc.constantFrom(...alphabet), (original, place, character) => {
        const cursor = encodeCursor(original, binding);
        const index = place % cursor.length;
        const replaced = `${cursor.slice(0, index)}${character}${cursor.slice(index + 1)}`;
        if (replaced !== cursor) expect(decodeCursor(replaced, binding)).toBeNull();
        const inserted = `${cursor.slice(0, index)}${character}${cursor.slice(index)}`;
        expect(decodeCursor(inserted, binding)).toBeNull();
        const removed = `${cursor.slice(0, index)}${cursor.slice(index + 1)}`;
        expect(decodeCursor(removed, binding)).toBeNull();
        expect(decodeCursor(cursor.slice(0, index), binding)).toBeNull();
        expect(decodeCursor(cursor + character, binding)).toBeNull();
        expect(decodeCursor(cursor + cursor, binding)).toBeNull();
      }),
    );
  });

  test('is refused for every other listing', () => {
    fc.assert(
      fc.property(positions, filters, filters, orders, orders, (original, filter, otherFilter, by, otherBy) => {
        const own = bindingOf(filter, by);
        const other = bindingOf(otherFilter, otherBy);
        fc.pre(own !== other);
        expect(decodeCursor(encodeCursor(original, own), other)).toBeNull();
      }),
    );
  });

  test('is never anything that somebody made up', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json()), (text) => {
        expect(decodeCursor(text, binding)).toBeNull();
        expect(decodeCursor(Buffer.from(text).toString('base64url'), binding)).toBeNull();
      }),
    );
  });

  test('is refused where it is well made, but holds no positions', () => {
    for (const wrong of [{ list: 'start' }, { list: { at: 1, ids: [] } }, { list: { at: null, ids: 'all' } }, { list: { at: null } }]) {
      const cursor = encodeCursor(JSON.parse(JSON.stringify(wrong)), binding);
      expect(decodeCursor(cursor, binding)).toBeNull();
    }
  });
});

describe('what a cursor is bound to', () => {
  const from = new Date(1_000);
  const equal: [string, JobFilter, JobFilter][] = [
    ['absent and null', {}, { systemIds: null, statuses: null, text: null, createdFrom: null, actionable: null }],
    ['no text and an empty one', {}, { text: '' }],
    ['the letter case of the text', { text: 'Night' }, { text: 'nIGHT' }],
    ['the order of values', { statuses: ['RUNNING', 'FAILED'] }, { statuses: ['FAILED', 'RUNNING'] }],
    ['repeated values', { owners: ['ada'], systemIds: ['a', 'b'] }, { owners: ['ada', 'ada'], systemIds: ['b', 'a', 'b'] }],
    ['two dates of the same instant', { createdFrom: from }, { createdFrom: new Date(1_000) }],
  ];
  test.each(equal)('is the same for %s', (_what, a, b) => {
    expect(bindingOf(a, order)).toBe(bindingOf(b, order));
  });

  const base: JobFilter = { statuses: ['RUNNING'], createdFrom: from };
  const others: [string, JobFilter][] = [
    ['a condition more', { ...base, owners: ['ada'] }],
    ['a condition less', { statuses: ['RUNNING'] }],
    ['another value', { ...base, statuses: ['FAILED'] }],
    ['a value more', { ...base, statuses: ['RUNNING', 'FAILED'] }],
    ['an empty list', { ...base, types: [] }],
    ['the same bound on the other side', { statuses: ['RUNNING'], createdTo: from }],
    ['a millisecond', { ...base, createdFrom: new Date(1_001) }],
    ['an action', { ...base, actionable: 'CANCEL' }],
    ['owners that are as types were', { ...base, owners: ['x'] }],
  ];
  test.each(others)('differs by %s', (_what, filter) => {
    expect(bindingOf(filter, order)).not.toBe(bindingOf(base, order));
  });

  test('differs by field and by direction, and between owners and types of the same words', () => {
    const bindings = [
      bindingOf(base, order),
      bindingOf(base, { ...order, direction: 'ASC' }),
      bindingOf(base, { ...order, field: 'STARTED_AT' }),
      bindingOf({ ...base, types: ['x'] }, order),
      bindingOf({ ...base, owners: ['x'] }, order),
      bindingOf({ ...base, systemIds: ['x'] }, order),
      bindingOf({ ...base, vendors: ['x'] }, order),
    ];
    expect(new Set(bindings).size).toBe(bindings.length);
  });
});

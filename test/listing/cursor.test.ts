import { createHash, createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startOfList } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import { decodeCursor, encodeCursor, toCursorBinding } from '../../src/listing/cursor.ts';
import type { Cursor, SourcePosition } from '../../src/listing/cursor-payload.ts';
import { toListRef } from '../../src/listing/list-ref.ts';
import type { SortOrder } from '../../src/reading/order.ts';
import { filters, orders } from './arbitraries.ts';

const texts = fc.string({ unit: 'binary', maxLength: 12 });
const places = fc.record({ part: fc.option(texts), row: fc.nat() });
const keys = fc.option(
  fc.oneof(
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((key) => key + 0),
  ),
);
const positionArbitrary: fc.Arbitrary<SourcePosition> = fc.oneof(
  fc.record({ at: fc.constant(startOfList), isEnd: fc.constant(true as const) }),
  fc.record({ at: fc.constant(startOfList), isEnd: fc.constant(true as const), asOf: fc.constant({ key: 7 }) }),
  fc.record({ at: places }),
  fc.record(
    {
      at: places,
      next: fc.record({ key: keys, id: fc.option(texts) }),
      keyless: fc.constant(true as const),
      asOf: fc.record({ key: fc.maxSafeInteger(), ids: fc.array(texts) }),
    },
    { requiredKeys: ['at'] },
  ),
);
const refs = fc.tuple(fc.constantFrom('a', 'b', 'c'), texts).map(([system, list]) => toListRef(system, list));
const cursors: fc.Arbitrary<Cursor> = fc
  .record({
    positions: fc.dictionary(refs, positionArbitrary, { noNullPrototype: true }),
    row: fc.option(fc.record({ key: keys, id: texts })),
    isBackward: fc.boolean(),
  })
  .map(({ row, positions, isBackward }) => {
    const [list] = Object.keys(positions);
    return { positions, isBackward, row: row && list !== undefined ? { ...row, list } : null };
  });

const order: SortOrder = { field: 'CREATED_AT', direction: 'DESC' };
const binding = toCursorBinding({}, order);
const someCursor: Cursor = {
  row: null,
  positions: { [toListRef('system', 'list')]: { at: { part: '100:token', row: 0 } } },
  isBackward: false,
};
const key = createSecretKey(Buffer.alloc(32, 7));

describe('a cursor', () => {
  test('gives back the positions that it was made of', () => {
    fc.assert(
      fc.property(cursors, filters, orders, (original, filter, by) => {
        const cursor = encodeCursor(original, toCursorBinding(filter, by), key);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, toCursorBinding(filter, by), [key])).toEqual(original);
      }),
    );
  });

  test('is rejected if any character was changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n.';
    fc.assert(
      fc.property(cursors, fc.nat(), fc.constantFrom(...alphabet), (original, place, character) => {
        const cursor = encodeCursor(original, binding, key);
        const index = place % cursor.length;
        const replaced = `${cursor.slice(0, index)}${character}${cursor.slice(index + 1)}`;
        if (replaced !== cursor) expect(decodeCursor(replaced, binding, [key])).toBeNull();
        const inserted = `${cursor.slice(0, index)}${character}${cursor.slice(index)}`;
        expect(decodeCursor(inserted, binding, [key])).toBeNull();
        const removed = `${cursor.slice(0, index)}${cursor.slice(index + 1)}`;
        expect(decodeCursor(removed, binding, [key])).toBeNull();
        expect(decodeCursor(cursor.slice(0, index), binding, [key])).toBeNull();
        expect(decodeCursor(cursor + character, binding, [key])).toBeNull();
        expect(decodeCursor(cursor + cursor, binding, [key])).toBeNull();
      }),
    );
  });

  test('is rejected for every other listing', () => {
    fc.assert(
      fc.property(cursors, filters, filters, orders, orders, (original, filter, otherFilter, by, otherBy) => {
        const own = toCursorBinding(filter, by);
        const other = toCursorBinding(otherFilter, otherBy);
        fc.pre(own !== other);
        expect(decodeCursor(encodeCursor(original, own, key), other, [key])).toBeNull();
      }),
    );
  });

  test('is valid for every spelling of its filter, and has the same length for a longer filter', () => {
    const spellings: JobFilter[] = [
      { text: 'CAF\u00c9', owners: ['Zo\u00eb', 'ann'], types: ['\u00e9'] },
      { text: 'cafe\u0301', owners: ['ann', 'Zoe\u0308', 'ann'], types: ['e\u0301'] },
    ];
    expect(new Set(spellings.map((filter) => toCursorBinding(filter, order))).size).toBe(1);
    const long = toCursorBinding({ owners: Array.from({ length: 100_000 }, (_, index) => `owner ${index}`) }, order);
    expect(long).toHaveLength(binding.length);
  });

  test('is never valid if Jobyard did not create it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.json()), (text) => {
        expect(decodeCursor(text, binding, [key])).toBeNull();
        expect(decodeCursor(Buffer.from(text).toString('base64url'), binding, [key])).toBeNull();
      }),
    );
  });

  test('is rejected if it was signed with another key, and valid with any of the known keys', () => {
    const cursor = encodeCursor(someCursor, binding, key);
    const other = createSecretKey(Buffer.alloc(32, 8));
    expect(decodeCursor(cursor, binding, [other])).toBeNull();
    expect(decodeCursor(cursor, binding, [other, key])).not.toBeNull();
  });

  test('is rejected if its signature can be computed without the key', () => {
    const payload = JSON.stringify({ 'system/list': { at: { part: 'of my own', row: 0 } } });
    const unkeyed = createHash('sha256').update(binding).update('\n').update(payload);
    const forged = [
      unkeyed.digest().subarray(0, 16),
      Buffer.alloc(16),
      createHmac('sha256', '').update(`${binding}\n${payload}`).digest().subarray(0, 16),
    ];
    for (const mac of forged) {
      expect(decodeCursor(Buffer.concat([mac, Buffer.from(payload)]).toString('base64url'), binding, [key])).toBeNull();
    }
  });

  test('is rejected if it is signed but of another format, such as the JSON of earlier versions, or cut off', () => {
    const sign = (payload: Buffer): string => {
      const mac = createHmac('sha256', key).update(`${binding}\n`).update(payload).digest().subarray(0, 16);
      return Buffer.concat([mac, payload]).toString('base64url');
    };
    const payload = Buffer.from(encodeCursor(someCursor, binding, key), 'base64url').subarray(16);
    expect(decodeCursor(sign(payload), binding, [key])).toEqual(someCursor);
    const earlier = JSON.stringify({ 'system/list': { at: { part: null, row: 0 }, next: { key: 1, id: 'a' } } });
    expect(decodeCursor(sign(Buffer.from(earlier)), binding, [key])).toBeNull();
    for (let length = 0; length < payload.length; length += 1) {
      expect(decodeCursor(sign(payload.subarray(0, length)), binding, [key])).toBeNull();
    }
    expect(decodeCursor(sign(Buffer.concat([payload, Buffer.alloc(1)])), binding, [key])).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = decodeCursor(sign(Buffer.concat([payload.subarray(0, 1), bytes])), binding, [key]);
        if (decoded) expect(Object.keys(decoded.positions).every((ref) => ref.length === 16)).toBe(true);
      }),
    );
  });
});

describe('what a cursor is bound to', () => {
  const from = new Date(1_000);
  const equal: [string, JobFilter, JobFilter][] = [
    ['absent and null', {}, { systemIds: null, statuses: null, text: null, createdFrom: null, availableAction: null }],
    ['no text and an empty one', {}, { text: '' }],
    ['the letter case of the text', { text: 'Night' }, { text: 'nIGHT' }],
    ['the order of values', { statuses: ['RUNNING', 'FAILED'] }, { statuses: ['FAILED', 'RUNNING'] }],
    ['repeated values', { owners: ['ada'], systemIds: ['a', 'b'] }, { owners: ['ada', 'ada'], systemIds: ['b', 'a', 'b'] }],
    ['two dates of the same instant', { createdFrom: from }, { createdFrom: new Date(1_000) }],
  ];
  test.each(equal)('is the same for %s', (_what, a, b) => {
    expect(toCursorBinding(a, order)).toBe(toCursorBinding(b, order));
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
    ['an action', { ...base, availableAction: 'CANCEL' }],
    ['owners that are as types were', { ...base, owners: ['x'] }],
    ['a scope', { ...base, scopes: ['x'] }],
  ];
  test.each(others)('differs by %s', (_what, filter) => {
    expect(toCursorBinding(filter, order)).not.toBe(toCursorBinding(base, order));
  });

  test('differs by field and by direction, and between owners, scopes and types of the same words', () => {
    const bindings = [
      toCursorBinding(base, order),
      toCursorBinding(base, { ...order, direction: 'ASC' }),
      toCursorBinding(base, { ...order, field: 'STARTED_AT' }),
      toCursorBinding({ ...base, types: ['x'] }, order),
      toCursorBinding({ ...base, owners: ['x'] }, order),
      toCursorBinding({ ...base, scopes: ['x'] }, order),
      toCursorBinding({ ...base, systemIds: ['x'] }, order),
      toCursorBinding({ ...base, vendors: ['x'] }, order),
    ];
    expect(new Set(bindings).size).toBe(bindings.length);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createJob } from '../../src/jobs/create-job.ts';
import { createMatcher, type JobFilter, selectSystems, toQuery } from '../../src/jobs/filter.ts';
import { toVendorOrder } from '../../src/reading/order.ts';
import { belongs, connectAll, filters, memorySystems, orders } from '../listing/arbitraries.ts';
import { connectMemory, jobFields } from './memory-adapter.ts';

const order = { field: 'CREATED_AT', direction: 'DESC' } as const;

describe('a filter', () => {
  test('matches a job exactly as the schema describes', () => {
    fc.assert(
      fc.property(memorySystems(), filters, orders, (lists, filter, by) => {
        const [connected] = connectAll(lists);
        if (!connected) throw new Error('No system');
        const { system } = connected;
        const query = toQuery(system, filter, toVendorOrder(by));
        if (!query) throw new Error('This filter can be met');
        const matches = createMatcher(system, filter, query);
        for (const { fields } of lists[0]?.flatMap((list) => list.rows) ?? []) {
          expect(matches(createJob(system.id, fields, new Date(0)))).toBe(belongs(filter, fields));
        }
      }),
    );
  });

  const job = (overrides: Parameters<typeof jobFields>[1]) => createJob('memory', jobFields('Ab:1', overrides), new Date(0));
  const { system } = connectMemory();
  const lets = (filter: JobFilter, overrides: Parameters<typeof jobFields>[1]): boolean => {
    const query = toQuery(system, filter, order);
    return query !== null && createMatcher(system, filter, query)(job(overrides));
  };

  test('includes both bounds of a time', () => {
    const bounds = { createdFrom: new Date(10), createdTo: new Date(20) };
    expect([9, 10, 15, 20, 21].map((at) => lets(bounds, { createdAt: new Date(at) }))).toEqual([false, true, true, true, false]);
    expect(lets(bounds, { createdAt: null })).toBe(false);
    expect(lets({ createdFrom: new Date(10) }, { createdAt: null })).toBe(false);
  });

  test('searches for the text in the display name and in the ID', () => {
    expect(lets({ text: 'LOAD' }, { name: 'nightly load', type: 'x' })).toBe(true);
    expect(lets({ text: 'x' }, { name: 'nightly load', type: 'x' })).toBe(false);
    expect(lets({ text: 'x' }, { name: null, type: 'x' })).toBe(true);
    expect(lets({ text: 'aB:' }, { name: 'nightly load' })).toBe(true);
  });

  test('finds a substring of a Greek word that ends in sigma', () => {
    const texts = ['ΟΔΥΣΣ', 'οδυσσ', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευς', 'οδυσσευσ'];
    for (const name of ['ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς'.normalize('NFD').replaceAll('\u0301', '')]) {
      expect(texts.filter((text) => lets({ text }, { name }))).toEqual(texts);
    }
  });

  test.each([
    ['é', 'Caf\u00e9', 'Cafe\u0301'],
    ['two accents', '\u1ec7', 'e\u0323\u0302'],
    ['Hangul', '\uac01', '\u1100\u1161\u11a8'],
    ['the sign for ohm', '5 \u2126', '5 \u03a9'],
  ])('treats composed and decomposed %s as equal in the text, names, IDs, types, and owners', (_what, one, other) => {
    expect(one).not.toBe(other);
    for (const [asked, has] of [
      [one, other],
      [other, one],
      [one, one],
      [other, other],
    ] as const) {
      expect(lets({ text: asked.toUpperCase() }, { name: `x ${has} y` })).toBe(true);
      expect(lets({ text: asked }, { vendorId: has, name: 'x' })).toBe(true);
      expect(lets({ types: [asked] }, { type: has })).toBe(true);
      expect(lets({ owners: ['x', asked] }, { owner: has })).toBe(true);
    }
  });

  test('distinguishes a letter from the same letter with an accent, in both spellings', () => {
    for (const name of ['Caf\u00e9', 'Cafe\u0301']) {
      expect(lets({ text: 'cafe' }, { name })).toBe(false);
      expect(lets({ owners: ['Cafe'] }, { owner: name })).toBe(false);
    }
  });

  test('queries both spellings of a type or an owner, because vendors compare bytes', () => {
    const query = toQuery(system, { types: ['load'], owners: ['Zo\u00eb', 'x'] }, order);
    expect(query?.types).toEqual(['load']);
    expect(query?.owners).toEqual(['Zo\u00eb', 'Zoe\u0308', 'x']);
  });

  test('processes a list of names once, not once per job', () => {
    let reads = 0;
    const counted = (names: string[]) =>
      new Proxy(names, {
        get(target, key, receiver) {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, receiver);
        },
      });
    const filter = {
      types: counted(['a', 'b', 'c']),
      owners: counted(['d', 'e', 'f']),
      systemIds: counted(['g', 'h']),
      vendors: counted(['i']),
    };
    const query = toQuery(system, filter, order);
    if (!query) throw new Error('This filter can be met');
    const matches = createMatcher(system, filter, query);
    const before = reads;
    expect(before).toBeGreaterThan(0);
    for (const owner of ['d', 'f', 'x']) expect(matches(job({ type: 'c', owner }))).toBe(owner !== 'x');
    expect(reads).toBe(before);
    const systems = connectAll([[], [], []]).map((connected) => connected.system);
    reads = 0;
    expect(selectSystems(systems, { ...filter, types: null, owners: null })).toEqual([]);
    expect(reads).toBe(3);
  });

  test('matches types, owners, and scopes case-sensitively', () => {
    expect(lets({ types: ['Load'] }, { type: 'load' })).toBe(false);
    expect(lets({ owners: ['Ada'] }, { owner: 'ada' })).toBe(false);
    expect(lets({ scopes: ['Retail', 'finance'] }, { scope: 'retail' })).toBe(false);
    expect(lets({ scopes: ['finance', 'retail'] }, { scope: 'retail' })).toBe(true);
    expect(lets({ types: ['load'] }, { type: null })).toBe(false);
    expect(lets({ scopes: ['retail'] }, { scope: null })).toBe(false);
  });

  test.each<[string, JobFilter]>([
    ['systems', { systemIds: [] }],
    ['vendors', { vendors: [] }],
    ['statuses', { statuses: [] }],
    ['types', { types: [] }],
    ['owners', { owners: [] }],
    ['scopes', { scopes: [] }],
  ])('queries no system for an empty list of %s', (_what, filter) => {
    expect(selectSystems([system], filter)).toEqual([]);
  });

  test('queries only systems that can have matching jobs', () => {
    const systems = connectAll([[], [], []]).map((connected) => connected.system);
    const idsOf = (filter: JobFilter) => selectSystems(systems, filter).map(({ id }) => id);
    expect(idsOf({})).toEqual(['system-0', 'system-1', 'system-2']);
    expect(idsOf({ systemIds: ['system-2', 'system-0'] })).toEqual(['system-0', 'system-2']);
    expect(idsOf({ vendors: ['memory'] })).toHaveLength(3);
    expect(idsOf({ vendors: ['kylin'] })).toEqual([]);
    expect(idsOf({ scopes: ['retail'] })).toHaveLength(3);
    expect(selectSystems([connectMemory({ hasScopes: false }).system], { scopes: ['retail'] })).toEqual([]);
    expect(idsOf({ availableAction: 'CANCEL' })).toHaveLength(3);
    expect(idsOf({ availableAction: 'PAUSE' })).toEqual([]);
    expect(idsOf({ availableAction: 'CANCEL', statuses: ['SUCCEEDED'] })).toEqual([]);
  });

  test('queries only the allowed statuses of availableAction', () => {
    const [connected] = connectAll([[]]);
    if (!connected) throw new Error('No system');
    expect(toQuery(connected.system, { availableAction: 'CANCEL' }, order)?.statuses).toEqual(new Set(['QUEUED', 'RUNNING']));
    expect(toQuery(connected.system, { availableAction: 'CANCEL', statuses: ['RUNNING', 'FAILED'] }, order)?.statuses).toEqual(
      new Set(['RUNNING']),
    );
  });
});

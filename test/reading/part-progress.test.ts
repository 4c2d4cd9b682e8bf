import { describe, expect, test } from 'vitest';
import type { ListPage } from '../../src/jobs/adapter.ts';
import { chooseResumeRow, isEndOfPart, judgeTotal, type PartProgress, startPart, startPartAgain } from '../../src/reading/part-progress.ts';

const pageOf = (overrides: Partial<ListPage> = {}): ListPage => ({
  rows: [],
  firstRow: 0,
  limit: 10,
  total: null,
  nextPart: null,
  frontier: null,
  ...overrides,
});
const read = (ids: readonly string[], overrides: Partial<PartProgress> = {}): PartProgress => ({
  ...startPart(0, true),
  seen: new Set(ids),
  ...overrides,
});

describe('the count of a part', () => {
  test.each<[string, PartProgress, ReturnType<typeof judgeTotal>]>([
    ['that the vendor does not give', read(['a'], { total: null }), 'complete'],
    ['that all rows make up', read(['a', 'b'], { total: 2 }), 'complete'],
    ['that odd rows make up', read(['a'], { total: 2, oddRows: 1 }), 'complete'],
    ['from a later row on', read(['a'], { total: 6, firstRow: 5 }), 'complete'],
    ['that rows are missing from', read(['a'], { total: 2 }), 'readAgain'],
    ['that rows are missing from twice', read(['a'], { total: 2, readTwice: true }), 'leftOut'],
    ['that changed on the way', read(['a'], { total: 2, totalChanged: true }), 'complete'],
    ['that the order proves', read(['a'], { total: 2, reliesOnIds: false }), 'complete'],
    ['that a response fell short of', read(['a'], { total: 2, fellShort: true }), 'leftOut'],
  ])('%s', (_name, progress, expected) => {
    expect(judgeTotal(progress, pageOf())).toBe(expected);
  });
});

describe('the row at which the next response begins', () => {
  const tail = [
    { row: 7, rank: 1 },
    { row: 8, rank: 2 },
    { row: 9, rank: 2 },
  ];

  test('is the last one before all rows that may still come', () => {
    const progress = read([], { tail: [...tail], end: 10, reliesOnIds: false });
    chooseResumeRow(progress, 2);
    expect(progress).toMatchObject({ resumeRow: 7, reliesOnIds: false });
  });

  test('is one that never changes places, on which the proof then rests', () => {
    const progress = read([], { tail: [...tail, { row: 10, rank: null }], end: 11, reliesOnIds: false });
    chooseResumeRow(progress, 0);
    expect(progress).toMatchObject({ resumeRow: 10, reliesOnIds: true, tail: [{ row: 10, rank: null }] });
  });

  test('is the first if no row proves anything, and the end if nothing can be proven any more', () => {
    const progress = read([], { tail: [...tail], end: 10 });
    chooseResumeRow(progress, 0);
    expect(progress.resumeRow).toBe(0);
    progress.unproven = true;
    chooseResumeRow(progress, 0);
    expect(progress.resumeRow).toBe(10);
  });
});

test('a part that is read again keeps what was seen, and waits as long for a new row', () => {
  const again = startPartAgain(read(['a'], { end: 5, responses: 30, emptyResponsesLeft: 1 }));
  expect(again).toMatchObject({ end: 0, resumeRow: 0, readTwice: true, seen: new Set(['a']), emptyResponsesLeft: 50 });
});

test.each<[string, Partial<ListPage>, boolean]>([
  ['that is the whole part', { limit: null }, true],
  ['without rows', { total: 99 }, true],
  ['that is full, whatever the count', { rows: Array(10).fill({}), total: 10 }, false],
  ['that is not full, at the count', { rows: Array(9).fill({}), total: 9 }, true],
  ['that is not full, before the count', { rows: Array(9).fill({}), total: 12 }, false],
])('whether a response %s ends its part', (_name, page, expected) => {
  expect(isEndOfPart(pageOf(page))).toBe(expected);
});

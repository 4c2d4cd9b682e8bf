import { describe, expect, test } from 'vitest';
import { readAuditView } from '../../console/src/audit/filter.ts';
import { clearView, isNarrowed, readView, toCreatedFrom, toFilter, writeView } from '../../console/src/jobs/address.ts';
import { nextOrder, orders, toOrder } from '../../console/src/jobs/orders.ts';
import { describeCreated } from '../../console/src/jobs/periods.ts';

const nowMs = Date.parse('2026-03-02T18:14:42.000Z');

describe('the address of the page Jobs', () => {
  test('says nothing for the default view', () => {
    expect(writeView(readView(''))).toBe('');
    expect(isNarrowed(readView(''))).toBe(false);
    expect(isNarrowed(readView('cols=system&order=CREATED_AT-ASC'))).toBe(false);
    expect(isNarrowed(readView('q=x'))).toBe(true);
  });

  test('holds the whole view, whatever its values contain', () => {
    const address =
      'q=a%26b+c&system=kylin&system=vault&status=RUNNING&status=FAILED&type=%2Fexecute%2Fsql&owner=d%C3%A9&scope=retail&since=7d&until=2026-03-01T00%3A00%3A00Z&can=CANCEL&order=STARTED_AT-ASC&cols=system%2Cid';
    expect(writeView(readView(address))).toBe(address);
  });

  test('ignores what it does not know', () => {
    expect(writeView(readView('status=LOST&can=FLY&order=SIZE-ASC&cols=none,owner'))).toBe('cols=owner');
  });

  test.each(['since=soon', 'until=later', 'since=', 'status=LOST&since=soon'])('ignores %s, which limits nothing', (search) => {
    expect(readView(search)).toEqual(readView(''));
    expect(readAuditView(search)).toEqual(readAuditView(''));
  });

  test('takes the valid one of several periods', () => {
    expect(readView('since=soon&since=7d').since).toBe('7d');
  });

  test.each([
    ['since=all', null],
    ['', 'created in the last 24 h'],
    ['since=1d', 'created in the last 1 day'],
    ['since=2026-11-29', 'created from 2026-11-29'],
    ['since=all&until=2026-11-30', 'created until 2026-11-30'],
    ['since=2026-11-29&until=2026-11-30', 'created from 2026-11-29 until 2026-11-30'],
  ])('%s reads: %s', (search, expected) => {
    expect(describeCreated(readView(search))).toBe(expected);
  });

  test('becomes the filter, whose period starts at a whole minute', () => {
    expect(toFilter(readView('q=x&status=RUNNING&system=kylin&can=PAUSE'), nowMs)).toEqual({
      text: 'x',
      statuses: ['RUNNING'],
      systemIds: ['kylin'],
      availableAction: 'PAUSE',
      createdFrom: '2026-03-01T18:14:00.000Z',
    });
    expect(toFilter(readView('since=all'), nowMs)).toEqual({});
  });

  test.each([
    ['24h', '2026-03-01T18:14:00.000Z'],
    ['7d', '2026-02-23T18:14:00.000Z'],
    ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00.000Z'],
    ['all', null],
    ['soon', null],
  ])('since=%s starts at %s', (since, expected) => {
    expect(toCreatedFrom(since, nowMs)).toBe(expected);
  });

  test('becomes the order', () => {
    expect(toOrder('FINISHED_AT-DESC')).toEqual({ field: 'FINISHED_AT', direction: 'DESC' });
    expect(toOrder('NAME-ASC')).toEqual({ field: 'NAME', direction: 'ASC' });
  });

  test.each(orders)('holds the order %s', (order) => {
    expect(readView(`order=${order}`).order).toBe(order);
  });

  test('turns the order around at the second press of a head', () => {
    const first = nextOrder('CREATED_AT-DESC', 'NAME');
    expect(first).toBe('NAME-ASC');
    expect(nextOrder(first, 'NAME')).toBe('NAME-DESC');
    expect(nextOrder('CREATED_AT-ASC', 'DURATION')).toBe('DURATION-DESC');
  });

  test('is cleared but for the order and the columns', () => {
    expect(writeView(clearView(readView('q=x&since=7d&status=FAILED&order=NAME-ASC&cols=id')))).toBe('order=NAME-ASC&cols=id');
  });
});

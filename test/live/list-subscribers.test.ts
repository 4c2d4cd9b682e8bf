import { describe, expect, test } from 'vitest';
import { listJobs } from '../../src/listing/list-jobs.ts';
import { callOf } from '../jobs/memory-adapter.ts';
import { newestFirst, start, take } from './watched-lists.ts';

describe('a subscriber of a live list receives', () => {
  test('the page, then what enters, changes, and leaves it', async () => {
    const { subscribe, add, set, remove, clock } = start();
    add('a', 1);
    add('b', 2);
    const events = subscribe(5);
    await clock.advance(0);
    expect(await take(events)).toEqual(['page b a']);
    await clock.advance(20_000);
    expect(await take(events)).toEqual([]);
    add('c', 3);
    set('a', { status: 'FAILED' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['entered c RUNNING after null', 'changed a FAILED after memory:b']);
    remove('b');
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:b GONE']);
  });

  test('why a job leaves: it is pushed out of a full page, does not match any more, or is gone', async () => {
    const { subscribe, add, set, remove, clock } = start();
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) add(id, index);
    const events = subscribe(3, { statuses: ['RUNNING'] });
    await clock.advance(0);
    expect(await take(events)).toEqual(['page d c b']);
    add('e', 9);
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:b PUSHED_OUT', 'entered e RUNNING after null']);
    set('d', { status: 'SUCCEEDED' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:d NO_LONGER_MATCHES', 'entered b RUNNING after memory:c']);
    remove('c');
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:c GONE', 'entered a RUNNING after memory:b']);
  });

  test('the last reason for which a job left, also if it was on the page before', async () => {
    const { subscribe, add, set, clock } = start();
    for (const [index, id] of ['a', 'b'].entries()) add(id, index);
    const events = subscribe(2, { statuses: ['RUNNING'] });
    await clock.advance(0);
    await take(events);
    set('a', { status: 'PAUSED' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:a NO_LONGER_MATCHES']);
    set('a', { status: 'RUNNING' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['entered a RUNNING after memory:b']);
    add('c', 3);
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['left memory:a PUSHED_OUT', 'entered c RUNNING after null']);
  });

  test('a page of all systems in order, and changes of each', async () => {
    const { subscribe, add, set, clock } = start(['one', 'two']);
    add('a', 1, {}, 'one');
    add('b', 2, {}, 'two');
    add('c', 3, {}, 'one');
    const events = subscribe(2);
    await clock.advance(0);
    expect(await take(events)).toEqual(['page c b']);
    set('c', { status: 'PAUSED' }, 'one');
    add('d', 4, {}, 'two');
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['changed c PAUSED after null', 'left two:b PUSHED_OUT', 'entered d RUNNING after null']);
  });

  test('the rows of a system that fails as they were, with the problem, and news of it when it responds', async () => {
    const { subscribe, add, set, systems, clock } = start(['one', 'two']);
    add('a', 1, {}, 'one');
    add('b', 2, {}, 'two');
    const events = subscribe(5);
    await clock.advance(0);
    expect(await take(events)).toEqual(['page b a']);
    const [one] = systems;
    if (!one) throw new Error('No system');
    one.list.failsAt = new Set(Array.from({ length: 50 }, (_, index) => index));
    set('b', { status: 'FAILED' }, 'two');
    await clock.advance(15_250);
    expect((await take(events)).toSorted()).toEqual(['changed b FAILED after null', 'systems false one SYSTEM_UNAVAILABLE, two OK']);
    set('a', { status: 'FAILED' }, 'one');
    await clock.advance(15_250);
    expect(await take(events)).toEqual([]);
    one.list.failsAt = new Set();
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['changed a FAILED after two:b', 'systems true one OK, two OK']);
  });

  test('the page after 2 seconds without a system that has not responded, and its rows when it does', async () => {
    const { subscribe, add, systems, clock } = start(['one', 'two']);
    add('a', 1, {}, 'one');
    add('b', 2, {}, 'two');
    const { promise, resolve } = Promise.withResolvers<void>();
    const { adapter } = systems[0]?.system ?? {};
    if (!adapter) throw new Error('No system');
    adapter.findLists = async () => {
      await promise;
      return null;
    };
    const events = subscribe(5);
    await clock.advance(1_999);
    expect(await take(events)).toEqual([]);
    await clock.advance(1);
    expect(await take(events)).toEqual(['page b']);
    resolve();
    await clock.advance(250);
    expect(await take(events)).toEqual(['entered a RUNNING after two:b', 'systems true one OK, two OK']);
  });

  test('at most four groups of changes per second', async () => {
    const ids = ['one', 'two', 'three'];
    const { subscribe, add, set, clock } = start(ids);
    for (const system of ids) add(system, 1, {}, system);
    const events = subscribe(10);
    await clock.advance(0);
    await take(events);
    for (const system of ids) set(system, { status: 'PAUSED' }, system);
    let first: string[] = [];
    while (first.length === 0) {
      await clock.advance(50);
      first = await take(events);
    }
    // All systems were read at the same time.
    expect(first).toEqual(['changed one PAUSED after null']);
    await clock.advance(199);
    expect(await take(events)).toEqual([]);
    await clock.advance(51);
    expect(await take(events)).toEqual(['changed two PAUSED after one:one', 'changed three PAUSED after two:two']);
  });

  test('only the latest state if it reads slowly', async () => {
    const { subscribe, add, set, clock } = start();
    add('a', 1);
    add('b', 2);
    const events = subscribe(10);
    await clock.advance(0);
    await events.next();
    for (const status of ['PAUSED', 'QUEUED', 'FAILED'] as const) {
      set('a', { status });
      set('b', { status });
      await clock.advance(15_250);
    }
    expect(await take(events)).toEqual(['changed b FAILED after null', 'changed a FAILED after memory:b']);
  });

  test('a cursor that continues the list', async () => {
    const { subscribe, add, systems, keys, clock } = start(['one', 'two']);
    for (let minute = 0; minute < 30; minute += 1) add(`j${minute}`, minute, {}, minute % 3 === 0 ? 'one' : 'two');
    const wide = subscribe(25);
    const events = subscribe(10);
    await clock.advance(0);
    const { value } = await events.next();
    if (value?.kind !== 'page') throw new Error('No page');
    expect(value.page).toMatchObject({ hasNextPage: true, complete: true });
    expect(value.page.systems.map(({ status }) => status)).toEqual(['OK', 'OK']);
    const after = value.page.endCursor();
    const options = { filter: {}, order: newestFirst, first: 50, after };
    const rest = await listJobs(
      systems.map(({ system }) => system),
      options,
      () => callOf(),
      keys,
    );
    expect(rest?.jobs.map(({ vendorId }) => vendorId)).toEqual(Array.from({ length: 20 }, (_, index) => `j${19 - index}`));
    await wide.return();
  });
});

test('a subscriber leaves at once, even while it waits, and all end when Jobyard stops', async () => {
  const { subscribe, watcher, clock } = start();
  const events = subscribe(5);
  await clock.advance(0);
  await take(events);
  const waiting = events.next();
  await events.return();
  expect((await waiting).done).toBe(true);
  const other = subscribe(5);
  watcher.close();
  expect((await take(other)).at(-1)).toBe('end');
  expect((await take(subscribe(5))).at(-1)).toBe('end');
  expect(watcher.polledLists()).toBe(0);
});

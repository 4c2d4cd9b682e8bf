import { describe, expect, onTestFinished, test } from 'vitest';
import type { JobOrder } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import { createCursorKeys } from '../../src/listing/cursor-keys.ts';
import { listJobs } from '../../src/listing/list-jobs.ts';
import type { JobListEvent } from '../../src/live/list-events.ts';
import { createListWatcher } from '../../src/live/list-watcher.ts';
import { callOf, connectMemory, jobFields, type MemoryList, type MemoryOptions, memoryList } from '../jobs/memory-adapter.ts';
import { createManualClock } from './manual-clock.ts';

const newestFirst: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };

/** A watcher of lists, over systems in memory. */
function start(ids: readonly string[] = ['memory'], overrides: Partial<MemoryList> = {}, options: Partial<MemoryOptions> = {}) {
  const clock = createManualClock();
  const keys = createCursorKeys();
  const watcher = createListWatcher({ clock, keys, onBug: (error) => expect.unreachable(String(error)) });
  onTestFinished(() => watcher.close());
  const systems = ids.map((id) => {
    const list = memoryList({ rows: [], ...overrides });
    const onRead: MemoryOptions['onRead'] = (vendorId, read) => watcher.note(id, vendorId, read);
    return { list, ...connectMemory({ id, lists: [list], nowMs: clock.nowMs, onRead, ...options }) };
  });
  const listOf = (id: string) => systems.find(({ system }) => system.id === id)?.list as MemoryList;
  /** `minute`: of its creation. */
  const add = (vendorId: string, minute: number, fields: Partial<JobFields> = {}, system = 'memory'): void => {
    const row = jobFields(vendorId, { createdAt: new Date(minute * 60_000), ...fields });
    listOf(system).rows.push({ fields: row, spot: listOf(system).rows.length });
  };
  const find = (vendorId: string, system = 'memory') => listOf(system).rows.findIndex(({ fields }) => fields.vendorId === vendorId);
  return {
    clock,
    watcher,
    keys,
    systems,
    add,
    set(vendorId: string, fields: Partial<JobFields>, system = 'memory'): void {
      const row = listOf(system).rows[find(vendorId, system)];
      if (row) row.fields = { ...row.fields, ...fields };
    },
    remove: (vendorId: string) => void listOf('memory').rows.splice(find(vendorId), 1),
    subscribe: (first: number, filter: JobFilter = {}, of: { order?: JobOrder; caller?: string; credential?: string } = {}) => {
      const { order = newestFirst, caller = 'test', credential = null } = of;
      const lists = systems.map(({ system }) => ({ system, filter, order, credential }));
      return watcher.subscribe(lists, { filter, order, first, caller });
    },
    /** The reads of lists since the last call. */
    reads: () => systems.reduce((sum, { pages }) => sum + pages.splice(0).length, 0),
  };
}

const kept = new WeakMap<AsyncIterator<JobListEvent>, Promise<IteratorResult<JobListEvent>>>();

/** The events that have arrived and weren't taken yet. */
async function take(events: AsyncIterator<JobListEvent>): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    // One that waits is kept for the next call.
    const next = kept.get(events) ?? events.next();
    kept.delete(events);
    const result = await Promise.race([next, new Promise<null>((resolve) => setImmediate(resolve, null))]);
    if (result === null) {
      kept.set(events, next);
      return taken;
    }
    if (result.done) return [...taken, 'end'];
    taken.push(textOf(result.value));
  }
}

function textOf(event: JobListEvent): string {
  switch (event.kind) {
    case 'page':
      return `page ${event.page.jobs.map(({ vendorId }) => vendorId).join(' ')}`.trim();
    case 'entered':
    case 'changed':
      return `${event.kind} ${event.job.vendorId} ${event.job.status} after ${event.afterId}`;
    case 'left':
      return `left ${event.jobId} ${event.reason}`;
    case 'systems':
      return `systems ${event.page.complete} ${event.page.systems.map(({ system, problem }) => `${system.id} ${problem?.code ?? 'OK'}`).join(', ')}`;
  }
}

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

describe('a list is read', () => {
  test('once for all its subscribers, and not any more when they have left', async () => {
    const { subscribe, add, watcher, reads, clock } = start();
    add('a', 1);
    const all = Array.from({ length: 100 }, (_, index) =>
      subscribe(5, { systemIds: index % 2 ? ['memory'] : null }, { caller: `caller ${index}` }),
    );
    await clock.advance(10_000);
    const ofHundred = reads();
    expect(watcher.polledLists()).toBe(1);
    for (const events of all) expect(await take(events)).toEqual(['page a']);
    for (const events of all) await events.return();
    expect(watcher.polledLists()).toBe(0);
    reads();
    await clock.advance(60_000);
    expect([reads(), clock.waiting()]).toEqual([0, 0]);
    const one = subscribe(5);
    await clock.advance(10_000);
    await one.return();
    expect(reads()).toBe(ofHundred);
  });

  test('separately for each filter, order, and credential', async () => {
    const { subscribe, watcher } = start();
    subscribe(5);
    subscribe(5, { statuses: ['RUNNING'] });
    subscribe(5, {}, { order: { field: 'CREATED_AT', direction: 'ASC' } });
    subscribe(5, {}, { credential: 'secret' });
    subscribe(5, {}, { credential: 'secret' });
    expect(watcher.polledLists()).toBe(4);
  });

  test('every second after a change, up to every 15 seconds if nothing changes', async () => {
    const { subscribe, add, reads, clock } = start();
    add('a', 1);
    subscribe(5);
    await clock.advance(0);
    reads();
    await clock.advance(60_000);
    const idle = reads();
    expect(idle).toBeGreaterThan(5);
    expect(idle).toBeLessThan(12);
    add('b', 2);
    await clock.advance(15_000);
    reads();
    await clock.advance(15_000);
    expect(reads()).toBeLessThan(6);
  });

  test('less often if it needs many requests', async () => {
    const { subscribe, reads, systems, clock } = start();
    const { adapter } = systems[0]?.system ?? {};
    if (!adapter) throw new Error('No system');
    const { listJobs: honest } = adapter;
    adapter.listJobs = (query) =>
      honest(query).map((list) => ({
        ...list,
        async readPage(at, count, call) {
          for (let requests = 0; requests < 40; requests += 1) call.onRoundTrip?.();
          return list.readPage(at, count, call);
        },
      }));
    subscribe(5);
    await clock.advance(0);
    reads();
    await clock.advance(9_900);
    expect(reads()).toBe(0);
    await clock.advance(200);
    expect(reads()).toBe(1);
  });

  test('at once for a subscriber with a longer page, and for it only as long as it is subscribed', async () => {
    const { subscribe, add, systems, clock } = start();
    for (let minute = 0; minute < 30; minute += 1) add(`j${minute}`, minute);
    const short = subscribe(2);
    await clock.advance(0);
    expect(await take(short)).toEqual(['page j29 j28']);
    const long = subscribe(20);
    await clock.advance(0);
    expect((await take(long))[0]?.split(' ')).toHaveLength(21);
    expect(await take(short)).toEqual([]);
    await long.return();
    await clock.advance(15_250);
    expect(systems[0]?.pages.at(-1)?.count).toBeLessThan(20);
    expect(await take(short)).toEqual([]);
  });

  test('as soon as another request shows that one of its jobs has another status', async () => {
    const { subscribe, add, set, systems, clock } = start();
    add('a', 1);
    const events = subscribe(5);
    await clock.advance(40_000);
    expect(await take(events)).toEqual(['page a']);
    set('a', { status: 'CANCELLED' });
    await systems[0]?.system.reader.read(['a'], callOf());
    // Until the next group of events.
    await clock.advance(250);
    expect(await take(events)).toEqual(['changed a CANCELLED after null']);
  });
});

describe('during a read of a list', () => {
  /** A list whose next read takes until `finish`. */
  function startSlow() {
    const started = start();
    const { adapter } = started.systems[0]?.system ?? {};
    if (!adapter) throw new Error('No system');
    const reads: { finish(): void }[] = [];
    adapter.findLists = () => new Promise((resolve) => reads.push({ finish: () => resolve(null) }));
    return {
      ...started,
      adapter,
      begun: () => reads.length,
      async finish(): Promise<void> {
        reads.at(-1)?.finish();
        await started.clock.advance(0);
      },
    };
  }

  test('another request shows a later status: the list is read again as soon as allowed', async () => {
    const { subscribe, add, set, systems, begun, finish, clock } = startSlow();
    add('a', 1);
    subscribe(5);
    await clock.advance(0);
    await finish();
    // Nothing changes for a minute, so that the interval is long.
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      await finish();
    }
    const before = begun();
    while (begun() === before) await clock.advance(250);
    const { list } = systems[0] ?? {};
    if (!list) throw new Error('No list');
    list.beforeRead = () => set('a', { status: 'RUNNING' });
    set('a', { status: 'PAUSED' });
    await systems[0]?.system.reader.read(['a'], callOf());
    await finish();
    await clock.advance(1_000);
    expect(begun()).toBe(before + 2);
  });

  test('a subscriber joins that needs a longer page: it is read at once', async () => {
    const { subscribe, add, begun, finish, clock } = startSlow();
    for (let minute = 0; minute < 9; minute += 1) add(`j${minute}`, minute);
    subscribe(2);
    await clock.advance(0);
    const long = subscribe(6);
    await finish();
    expect(begun()).toBe(2);
    await finish();
    expect((await take(long))[0]?.split(' ')).toHaveLength(7);
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

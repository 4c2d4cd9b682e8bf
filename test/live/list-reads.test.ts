import { describe, expect, test } from 'vitest';
import { callOf } from '../jobs/memory-adapter.ts';
import { start, take } from './watched-lists.ts';

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

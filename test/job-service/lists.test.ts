import { describe, expect, test } from 'vitest';
import { connectMemory, memoryList, memoryRows } from '../jobs/memory-adapter.ts';
import { act, allowAll, begin, connect } from './begin.ts';

describe('lists', () => {
  test('are of the readable systems', async () => {
    const systems = ['a', 'b'].map((id) => connectMemory({ id, lists: [memoryList({ rows: memoryRows(1) })] }).system);
    const permissions = { ...allowAll, mayRead: (systemId: string) => systemId === 'b' };
    const operation = begin(systems, { permissions });
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 5, after: null } as const;
    expect((await operation.listJobs(options))?.jobs.map(({ id }) => id)).toEqual(['b:j0']);
    expect(await operation.listJobs({ ...options, after: 'nonsense' })).toBeNull();
  });

  test('that an operation requests several times are read once, and again after an action', async () => {
    const a = connect('a', { j0: 'RUNNING' }, { lists: [memoryList({ rows: memoryRows(1) })] });
    const operation = begin([a.system]);
    const options = { filter: { systemIds: ['a'] }, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 1, after: null } as const;
    const pages = await Promise.all(Array.from({ length: 190 }, () => operation.listJobs({ ...options })));
    expect(new Set(pages.map((page) => page?.jobs[0]?.id))).toEqual(new Set(['a:j0']));
    expect(a.pages).toHaveLength(1);
    await operation.listJobs({ ...options, first: 2 });
    expect(a.pages).toHaveLength(2);
    await operation.performAction('CANCEL', ['a:j0'], act);
    await operation.listJobs(options);
    expect(a.pages).toHaveLength(3);
    await begin([a.system]).listJobs(options);
    expect(a.pages).toHaveLength(4);
  });

  test("of one caller are read a few at a time, in one or several operations; another caller's pages come in between", async () => {
    const gates: (() => void)[] = [];
    const a = connectMemory({ id: 'a', concurrency: 1, lists: [memoryList({ rows: memoryRows(1) })] });
    const { listJobs } = a.system.adapter;
    a.system.adapter.listJobs = (query) =>
      listJobs(query).map((source) => ({
        ...source,
        async readPage(at, count, call) {
          await new Promise<void>((resolve) => gates.push(resolve));
          return source.readPage(at, count, call);
        },
      }));
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, after: null } as const;
    const rounds = async () => {
      for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const anns = [begin([a.system], { caller: 'ann' }), begin([a.system], { caller: 'ann' })];
    const pages = anns.flatMap(({ listJobs: list }) => [1, 2, 3, 4, 5].map((first) => list({ ...options, first })));
    await rounds();
    expect(gates).toHaveLength(4);
    pages.push(begin([a.system], { caller: 'bob' }).listJobs({ ...options, first: 1 }));
    await rounds();
    expect(gates).toHaveLength(5);
    while (gates.length > 0) {
      gates.shift()?.();
      await rounds();
    }
    expect((await Promise.all(pages)).every((page) => page?.complete)).toBe(true);
  });

  test('that wait at the deadline end at once without a request, and their rows are on the next page', async () => {
    const a = connectMemory({ id: 'a', concurrency: 1, lists: [memoryList({ rows: memoryRows(20) })] });
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, after: null } as const;
    const first = await begin([a.system]).listJobs({ ...options, first: 2 });
    a.pages.length = 0;
    // As many pages as may be read at a time, which do not end.
    const request = { caller: 'test', purpose: 'read', signal: new AbortController().signal } as const;
    while (a.system.pagePlaces.take(request)) {}
    const stop = new AbortController();
    const after = first?.endCursor() ?? null;
    const waiting = begin([a.system], { readSignal: stop.signal }).listJobs({ ...options, first: 2, after });
    stop.abort();
    const page = await waiting;
    expect(page).toMatchObject({ jobs: [], complete: false, systems: [{ status: 'TIMED_OUT', problem: { code: 'TIMED_OUT' } }] });
    expect(a.pages).toEqual([]);
    const next = await begin([a.system], { caller: 'bob' }).listJobs({ ...options, first: 2, after: page?.endCursor() ?? null });
    expect(next?.jobs.map(({ id }) => id)).toEqual(['a:j2', 'a:j3']);
    expect(next?.complete).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toListedJob } from '../../src/jobs/adapter.ts';
import { callOf, down, jobFields, memoryList, memoryRows } from '../jobs/memory-adapter.ts';
import { connect, ids, intervalMs, jobOf, problemOf, startMs } from './stopped-clock.ts';

describe('a vendor without reads by ID', () => {
  test('has its jobs found in its lists', async () => {
    const { system, pages } = connect({ hasReadsById: false });
    const results = await system.reader.read(['j99', 'j0'], callOf());
    expect(results.map((read) => jobOf(read)?.id)).toEqual(['memory:j99', 'memory:j0']);
    expect(pages).toHaveLength(1);
  });

  test("has no job that its completely read lists don't contain", async () => {
    const { system } = connect({ hasReadsById: false });
    expect(await system.reader.readFresh(['j1', 'missing'], callOf())).toMatchObject([{ kind: 'job' }, { kind: 'notFound' }]);
  });

  test('is returned if lists are left at the limit, and not if they end there', async () => {
    const lists = [memoryList({ rows: memoryRows(500) }), memoryList({ name: 'empty' })];
    const { system } = connect({ hasReadsById: false, lists: lists.slice(0, 1), scanLimit: 500 });
    expect(await system.reader.read(['missing'], callOf())).toEqual([{ kind: 'notFound' }]);
    const two = connect({ hasReadsById: false, lists, scanLimit: 500 });
    expect((await two.system.reader.read(['missing'], callOf())).map(problemOf)).toMatchObject([{ code: 'SCAN_LIMIT_REACHED' }]);
  });

  test('may have a job that its lists do not show, if one fails or is too long', async () => {
    const failing = connect({ hasReadsById: false, lists: [memoryList({ rows: memoryRows(10), failsAt: new Set([0]) })] });
    expect((await failing.system.reader.read(['missing'], callOf())).map(problemOf)).toEqual([down]);
    const long = connect({ hasReadsById: false, lists: [memoryList({ rows: memoryRows(600) })], scanLimit: 500 });
    expect((await long.system.reader.read(['j550'], callOf())).map(problemOf)).toMatchObject([{ code: 'SCAN_LIMIT_REACHED' }]);
  });

  test('of no jobs sends no request', async () => {
    const { system, pages } = connect({ hasReadsById: false });
    expect(await system.reader.read([], callOf())).toEqual([]);
    expect(pages).toEqual([]);
  });
});

describe('reading by id', () => {
  test('gives one result per id, in order, in the fewest requests the vendor allows', async () => {
    const counts = fc.record({ count: fc.nat({ max: 40 }), maxBatchSize: fc.option(fc.integer({ min: 1, max: 10 })) });
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 5 }), async ({ count, maxBatchSize }, concurrency) => {
        const { system, reads } = connect({ reads: { maxBatchSize }, concurrency });
        const wanted = [...ids(count).reverse(), 'missing'];
        const results = await system.reader.read(wanted, callOf());
        expect(results.slice(0, -1).map((read) => jobOf(read)?.id)).toEqual(wanted.slice(0, -1).map((id) => `memory:${id}`));
        expect(results.at(-1)).toEqual({ kind: 'notFound' });
        expect(reads.flat().sort()).toEqual([...wanted].sort());
        expect(reads).toHaveLength(Math.ceil(wanted.length / (maxBatchSize ?? wanted.length)));
      }),
    );
  });

  test('of no jobs sends no request', async () => {
    for (const minIntervalMs of [0, intervalMs]) {
      const { system, reads } = connect({ reads: { minIntervalMs, scanFrom: 1 } });
      expect(await system.reader.read([], callOf())).toEqual([]);
      expect(await system.reader.readFresh([], callOf())).toEqual([]);
      expect(reads).toEqual([]);
    }
  });

  test('has its time, and a fresh copy', async () => {
    const { system } = connect();
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ id: 'memory:j0', observedAt: new Date(startMs), stale: false, problem: null });
  });

  test('keeps the name that only the list has', async () => {
    const { system } = connect({ answerRead: (vendorId) => ({ kind: 'job', job: jobFields(vendorId, { name: null }) }) });
    system.reader.takeFromList([toListedJob(jobFields('j0', { name: 'Nightly' }))], callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)?.name).toBe('Nightly');
  });

  test('is not replaced by a list row that was read earlier and cached later', async () => {
    let isDown = false;
    const { system, clock } = connect({
      answerRead: (vendorId) =>
        isDown ? { kind: 'problem', problem: down } : { kind: 'job', job: jobFields(vendorId, { status: 'CANCELLED' }) },
    });
    const take = system.reader.createRowConverter(callOf());
    clock.nowMs += 1_000;
    await system.reader.read(['j0'], callOf());
    expect(take(toListedJob(jobFields('j0', { status: 'RUNNING' })))).toMatchObject({ status: 'RUNNING', observedAt: new Date(startMs) });
    isDown = true;
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ status: 'CANCELLED', stale: true });
  });
});

describe('reading many', () => {
  test('walks the lists if that costs less than reads by ID, and reads the missing jobs by ID', async () => {
    const { system, pages, reads } = connect({ reads: { maxBatchSize: 1, scanFrom: 50 } });
    await system.reader.read(ids(49), callOf());
    expect([pages.length, reads.length]).toEqual([0, 49]);
    reads.length = 0;
    const results = await system.reader.read([...ids(49), 'missing'], callOf());
    expect([pages.length, reads]).toEqual([1, [['missing']]]);
    expect(results.map(({ kind }) => kind)).toEqual([...ids(49).map(() => 'job'), 'notFound']);
  });

  test('walks no more pages than a tenth of the reads that it may save', async () => {
    const lists = [memoryList({ rows: memoryRows(100), maxRows: 2 })];
    const { system, pages, reads } = connect({ lists, reads: { maxBatchSize: 1, scanFrom: 20 } });
    const results = await system.reader.read(
      ids(21).map((_, index) => `j${80 + index}`),
      callOf(),
    );
    expect(pages).toHaveLength(3);
    expect(reads).toHaveLength(21);
    expect(results.at(-1)).toEqual({ kind: 'notFound' });
  });

  test('does without a list that fails', async () => {
    const lists = [
      memoryList({ name: 'broken', rows: memoryRows(5), failsAt: new Set([0]) }),
      memoryList({ name: 'whole', rows: memoryRows(20).slice(5) }),
    ];
    const { system, reads } = connect({ lists, reads: { maxBatchSize: 1, scanFrom: 20 } });
    const results = await system.reader.read(ids(20), callOf());
    expect(results.map((read) => jobOf(read)?.vendorId)).toEqual(ids(20));
    expect(reads.flat()).toEqual(ids(5));
  });
});

describe('a system that turns out to be read another way', () => {
  test('is used by the same call: jobs with readsChanged are read once more', async () => {
    const asked: string[] = [];
    const { system } = connect({
      reads: { maxBatchSize: 10 },
      answerRead(vendorId) {
        const { reads } = system.adapter;
        asked.push(vendorId);
        if (reads.maxBatchSize === 1) return { kind: 'job', job: jobFields(vendorId) };
        queueMicrotask(() => Object.assign(reads, { maxBatchSize: 1, minIntervalMs: 10_000 }));
        return vendorId === 'j0' ? { kind: 'job', job: jobFields(vendorId) } : { kind: 'readsChanged' };
      },
    });
    const results = await system.reader.read(['j0', 'j1', 'j2'], callOf());
    expect(results.map(({ kind }) => kind)).toEqual(['job', 'job', 'job']);
    expect(asked).toEqual(['j0', 'j1', 'j2', 'j1', 'j2']);
    // And is under its limit from then on.
    expect((await system.reader.read(['j1'], callOf()))[0]).toMatchObject({ kind: 'job', job: { stale: true } });
  });
});

describe('facts that a way of reading leaves out', () => {
  const leftOut = ['createdAt', 'owner', 'waitSeconds'] as const;

  test('are taken from an earlier copy that has them, and no other facts', async () => {
    const { system } = connect({
      answerRead: (id) => ({ kind: 'job', job: jobFields(id, { owner: null, createdAt: null, type: null, leftOut }) }),
    });
    const known = jobFields('j0', { owner: 'bob', createdAt: new Date(7_000), type: 'load', waitSeconds: 3 });
    system.reader.takeFromList([toListedJob(known)], callOf());
    expect((await system.reader.read(['j0'], callOf()))[0]).toMatchObject({
      // A job that has not started continues to wait, so the earlier waiting time is no longer true.
      job: { owner: 'bob', createdAt: new Date(7_000), type: null, waitSeconds: null },
    });
  });
});

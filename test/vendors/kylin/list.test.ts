import { describe, expect, it } from 'vitest';
import type { JobQuery } from '../../../src/jobs/adapter.ts';
import type { JobStatus } from '../../../src/jobs/job.ts';
import { listJobs } from '../../../src/listing/list-jobs.ts';
import type { ListOptions } from '../../../src/listing/list-options.ts';
import { createPageLimit } from '../../../src/vendors/kylin/adapter/list.ts';
import { jobOf } from '../../../src/vendors/kylin/adapter/read.ts';
import {
  call,
  connect,
  everything,
  listOf,
  minuteMs,
  nowMs,
  readAll,
  readPage,
  sentQueries,
  start,
  startSandbox,
  startServer,
  toSystem,
} from './setup.ts';

/** One job a minute, newest first. */
async function startWithJobs(count: number) {
  const { sandbox, adapter } = await start();
  const ids = Array.from({ length: count }, (_, index) => sandbox.state.addJob({ state: 'SUCCEED', createTime: nowMs - index * minuteMs }));
  return { sandbox, adapter, ids };
}

const idsOf = (jobs: readonly { vendorId: string }[]): string[] => jobs.map(({ vendorId }) => vendorId);

describe('Order and pages', () => {
  it('by creation, in both directions, is the order of Kylin itself, to the second', async () => {
    const { adapter, ids } = await startWithJobs(7);
    for (const direction of ['ASC', 'DESC'] as const) {
      const order = { field: 'CREATED_AT', direction } as const;
      expect(listOf(adapter, { order })).toMatchObject({ name: 'jobs', order: { by: 'QUERY', precisionMs: 1_000 }, exact: true });
      expect(idsOf(await readAll(adapter, { order }, 3))).toEqual(direction === 'DESC' ? ids : ids.toReversed());
    }
  });

  it.each(['STARTED_AT', 'FINISHED_AT', null] as const)(
    'by %s is by ID, because IDs are unique: reads 500 rows at a time',
    async (field) => {
      const { sandbox, adapter, ids } = await startWithJobs(501);
      const order = field && ({ field, direction: 'ASC' } as const);
      expect(listOf(adapter, { order }).order).toEqual({ by: 'FIXED' });
      expect(idsOf(await readAll(adapter, { order }, 500))).toEqual([...ids].sort());
      expect(sentQueries(sandbox).map(({ sort_by, page_offset, page_size }) => [sort_by, page_offset, page_size])).toEqual([
        ['id', '0', '500'],
        // Begins one row earlier: the last row of the previous page is still there, so no row was skipped.
        ['id', expect.any(String), expect.any(String)],
      ]);
    },
  );

  it('begins a page at any row or a few before it, and returns the count of Kylin', async () => {
    const { adapter, ids } = await startWithJobs(40);
    for (const [row, count] of [
      [0, 7],
      [7, 5],
      [12, 11],
      [23, 3],
      [39, 1],
      [39, 500],
    ] as const) {
      const page = await readPage(listOf(adapter), count, { part: null, row });
      expect(page).toMatchObject({ total: 40, nextPart: null });
      expect(page.firstRow).toBeLessThanOrEqual(row);
      expect(page.firstRow + page.rows.length).toBeGreaterThanOrEqual(Math.min(40, row + count));
      expect(page.rows.map((job) => jobOf(job)?.vendorId)).toEqual(ids.slice(page.firstRow, page.firstRow + page.rows.length));
    }
  });

  it('a page has at least one row and at most 500', async () => {
    const { sandbox, adapter } = await startWithJobs(2);
    await readPage(listOf(adapter), 0);
    await readPage(listOf(adapter), 10_000);
    expect(sentQueries(sandbox).map(({ page_size }) => page_size)).toEqual(['1', '500']);
  });

  it('never requests all rows at once, even for a huge row number', async () => {
    const { sandbox, adapter } = await startWithJobs(3);
    expect((await readPage(listOf(adapter), 2, { part: 'x', row: Number.MAX_SAFE_INTEGER })).rows).toEqual([]);
    const [query] = sentQueries(sandbox);
    expect(Number(query?.page_offset) * Number(query?.page_size)).toBeLessThan(2 ** 31);
  });

  it('uses the limit of a gateway, and requests no more rows from then on', async () => {
    const sandbox = await startSandbox({ pageCap: 10 });
    const adapter = connect(sandbox.url, sandbox.settings);
    const ids = Array.from({ length: 25 }, (_, index) => sandbox.state.addJob({ createTime: nowMs - index * minuteMs }));
    const first = await readPage(listOf(adapter), 300);
    expect(first).toMatchObject({ firstRow: 0, limit: 10, total: 25 });
    expect(idsOf(await readAll(adapter, {}, 300)).sort()).toEqual(ids.sort());
    expect(
      sentQueries(sandbox)
        .slice(1)
        .every(({ page_size }) => Number(page_size) <= 10),
    ).toBe(true);
  });

  it.each([
    ['unstable ties', { ties: 'unstable' }],
    ['whole seconds', { timeOrder: 'seconds' }],
    ['both, behind a gateway', { ties: 'unstable', timeOrder: 'seconds', pageCap: 50 }],
  ] as const)('with %s loses no row and repeats none', async (_name, switches) => {
    const sandbox = await startSandbox(switches);
    const adapter = connect(sandbox.url, sandbox.settings);
    const ids = Array.from({ length: 300 }, (_, index) => sandbox.state.addJob({ createTime: nowMs - Math.floor(index / 4) * 700 }));
    for (const order of [
      { field: 'CREATED_AT', direction: 'DESC' },
      { field: 'FINISHED_AT', direction: 'ASC' },
    ] as const) {
      const seen: string[] = [];
      const options: ListOptions = { filter: {}, order, first: 17, after: null };
      for (let page = await listJobs([toSystem(adapter)], options, () => call); page; ) {
        expect(page.complete).toBe(true);
        seen.push(...idsOf(page.jobs));
        page = page.hasNextPage ? await listJobs([toSystem(adapter)], { ...options, after: page.endCursor() }, () => call) : null;
      }
      expect([...seen].sort()).toEqual([...ids].sort());
    }
  });

  it('ends and reports it even if the count does not match the rows', async () => {
    let requests = 0;
    const url = await startServer((_request, response) => {
      requests += 1;
      response.end('{"code":"000","data":{"value":[],"total_size":1000}}');
    });
    const adapter = connect(url, { username: 'a', password: 'b' });
    await expect(readAll(adapter, {}, 10)).rejects.toThrow(/1000/);
    expect(requests).toBeLessThan(6);
  });

  it('through the core: every page of 3 in every order, while jobs are deleted, loses no other job', async () => {
    const { sandbox, adapter, ids } = await startWithJobs(20);
    const system = toSystem(adapter);
    for (const field of ['CREATED_AT', 'FINISHED_AT'] as const) {
      const options: ListOptions = { filter: {}, order: { field, direction: 'DESC' }, first: 3, after: null };
      const seen: string[] = [];
      const deleted = new Set<string>();
      for (let page = await listJobs([system], options, () => call); page; ) {
        seen.push(...idsOf(page.jobs));
        if (!page.hasNextPage) break;
        const oldest = seen[deleted.size] ?? '';
        sandbox.state.removeJob(oldest);
        deleted.add(oldest);
        page = await listJobs([system], { ...options, after: page.endCursor() }, () => call);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect([...seen].sort()).toEqual(ids.filter((id) => seen.includes(id)).sort());
      expect([...sandbox.state.jobs()].every(({ id }) => seen.includes(id))).toBe(true);
    }
  });
});

describe('Conditions', () => {
  it.each<[Partial<JobQuery>, Record<string, string>, boolean]>([
    [{}, {}, true],
    [{ statuses: new Set<JobStatus>(['QUEUED']) }, { statuses: 'PENDING' }, true],
    [{ statuses: new Set<JobStatus>(['QUEUED', 'SCHEDULED']) }, { statuses: 'PENDING' }, true],
    [{ statuses: new Set<JobStatus>(['CANCELLED', 'FAILED']) }, { statuses: 'ERROR,DISCARDED' }, true],
    [{ statuses: new Set<JobStatus>(['FAILED', 'UNKNOWN']) }, {}, false],
    [{ types: ['INC_BUILD', 'INDEX_BUILD'] }, { job_names: 'INC_BUILD,INDEX_BUILD' }, true],
    [{ types: ['INC_BUILD', 'INTERNAL_TABLE_BUILD'] }, {}, false],
    [{ types: ['inc_build'] }, {}, false],
    [{ types: ['INC_BUILD,INDEX_BUILD'] }, {}, false],
    [{ statuses: new Set<JobStatus>(['RUNNING']), types: ['NO_SUCH'] }, { statuses: 'RUNNING' }, false],
    [{ owners: ['ADMIN'] }, {}, false],
    [{ text: 'sales' }, {}, false],
    [{ createdFrom: new Date(nowMs) }, {}, false],
    [{ createdTo: new Date(nowMs) }, {}, false],
  ])('%o: asks Kylin for %o, exactly: %s', async (query, asked, exact) => {
    const { sandbox, adapter } = await start();
    const list = listOf(adapter, query);
    expect(list.exact).toBe(exact);
    await readPage(list, 10);
    const unfiltered = { time_filter: '4', sort_by: 'create_time', reverse: 'true', page_offset: '0', page_size: '10' };
    expect(sentQueries(sandbox)).toEqual([{ ...unfiltered, ...asked }]);
  });

  it('that no job of Kylin can meet result in no list', async () => {
    const { adapter } = await start();
    expect(adapter.listJobs({ ...everything, statuses: new Set(['SCHEDULED', 'CANCELLING']) })).toEqual([]);
  });

  it.each([
    ['DESC', 'CREATED_AT', { createdFrom: new Date(nowMs - 4 * minuteMs) }, 1],
    ['ASC', 'CREATED_AT', { createdTo: new Date(nowMs - 95 * minuteMs) }, 1],
    ['ASC', 'CREATED_AT', { createdFrom: new Date(nowMs - 4 * minuteMs) }, 10],
    ['DESC', 'CREATED_AT', { createdTo: new Date(nowMs - 95 * minuteMs) }, 10],
  ] as const)(
    'on the creation time end a list in %s order when no further row can meet them (%s, %o)',
    async (direction, field, dates, pages) => {
      const { sandbox, adapter, ids } = await startWithJobs(100);
      const jobs = await readAll(adapter, { ...dates, order: { field, direction } }, 10);
      expect(sandbox.requests.all().length).toBeLessThanOrEqual(pages);
      const wanted = ids.filter((_, index) => ('createdFrom' in dates ? index <= 4 : index >= 95));
      expect(idsOf(jobs)).toEqual(expect.arrayContaining(wanted));
    },
  );

  it('through the core: each status and type returns the same jobs as filtering the whole list', async () => {
    const sandbox = await startSandbox({}, 300);
    const adapter = connect(sandbox.url, sandbox.settings);
    const system = toSystem(adapter);
    const all = await readAll(adapter, {}, 500);
    expect(all).toHaveLength(300);
    const list = async (filter: ListOptions['filter']) => {
      const page = await listJobs(
        [system],
        { filter, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 500, after: null },
        () => call,
      );
      return idsOf(page?.jobs ?? []).sort();
    };
    for (const status of new Set(all.map((job) => job.status))) {
      expect(await list({ statuses: [status] })).toEqual(idsOf(all.filter((job) => job.status === status)).sort());
    }
    for (const type of new Set(all.map((job) => job.type ?? ''))) {
      expect(await list({ types: [type] })).toEqual(idsOf(all.filter((job) => job.type === type)).sort());
    }
    const from = new Date(nowMs - 24 * 60 * minuteMs);
    expect(await list({ createdFrom: from, owners: ['etl_svc'] })).toEqual(
      idsOf(all.filter((job) => job.owner === 'etl_svc' && job.createdAt !== null && job.createdAt >= from)).sort(),
    );
  });
});

it('what a gateway lets through at once is learned from its responses, and forgotten after 10 minutes', () => {
  let nowMs = 1_000_000;
  const limit = createPageLimit(() => nowMs);
  expect(limit.rows()).toBe(500);
  limit.learn(100);
  limit.learn(300);
  nowMs += 599_000;
  expect(limit.rows()).toBe(100);
  nowMs += 1_000;
  expect(limit.rows()).toBe(500);
});

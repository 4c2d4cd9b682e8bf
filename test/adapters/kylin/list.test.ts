import { describe, expect, it } from 'vitest';
import type { JobQuery } from '../../../src/jobs/adapter.ts';
import type { JobStatus } from '../../../src/jobs/job.ts';
import { type ListOptions, listJobs } from '../../../src/jobs/list/list-jobs.ts';
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
  it('by creation, in both directions, is the order of Kylin itself', async () => {
    const { adapter, ids } = await startWithJobs(7);
    for (const direction of ['ASC', 'DESC'] as const) {
      const list = listOf(adapter, { order: { field: 'CREATED_AT', direction } });
      expect(list).toMatchObject({ name: 'jobs', ordered: true, exact: true });
      expect(idsOf(await readAll(list, 3))).toEqual(direction === 'DESC' ? ids : ids.toReversed());
    }
  });

  it.each(['STARTED_AT', 'FINISHED_AT'] as const)('by %s is none: everything is read, 500 rows at a time', async (field) => {
    const { sandbox, adapter, ids } = await startWithJobs(501);
    const list = listOf(adapter, { order: { field, direction: 'ASC' } });
    expect(list.ordered).toBe(false);
    expect(idsOf(await readAll(list, 3)).sort()).toEqual([...ids].sort());
    expect(sentQueries(sandbox).map(({ page_offset, page_size }) => [page_offset, page_size])).toEqual([
      ['0', '500'],
      ['1', '500'],
    ]);
  });

  it('positions hold for pages of any size: no row is lost or repeated', async () => {
    const { adapter, ids } = await startWithJobs(40);
    const list = listOf(adapter);
    const seen: string[] = [];
    let at: string | null = null;
    for (const size of [7, 5, 11, 3, 1, 500]) {
      const page = await readPage(list, at, size);
      seen.push(...idsOf(page.jobs));
      at = page.next;
      if (at === null) break;
    }
    expect(at).toBeNull();
    expect(seen).toEqual(ids);
  });

  it('counts what Kylin counts, and knows the end without another request', async () => {
    const { sandbox, adapter } = await startWithJobs(20);
    const first = await readPage(listOf(adapter), null, 10);
    expect(first).toMatchObject({ next: expect.stringMatching(/^10:/), previous: null, totalCount: 20 });
    expect(await readPage(listOf(adapter), first.next, 10)).toMatchObject({ next: null, previous: null, totalCount: 20 });
    expect(sandbox.requests.all()).toHaveLength(2);
  });

  it('a page has at least one row and at most 500', async () => {
    const { sandbox, adapter } = await startWithJobs(2);
    await readPage(listOf(adapter), null, 0);
    await readPage(listOf(adapter), null, 10_000);
    expect(sentQueries(sandbox).map(({ page_size }) => page_size)).toEqual(['1', '500']);
  });

  it.each(['x', '-1', '1.5', '99999999999', '', 'Infinity', '1e99'])(
    'a position that can not be ours (%j) is the beginning',
    async (at) => {
      const { sandbox, adapter, ids } = await startWithJobs(3);
      expect(idsOf((await readPage(listOf(adapter), at, 2)).jobs)).toEqual(ids.slice(0, 2));
      expect(sentQueries(sandbox)[0]?.page_offset).toBe('0');
    },
  );

  it('follows rows that moved forward because others were deleted, even where the list ends before its position now', async () => {
    const { sandbox, adapter, ids } = await startWithJobs(12);
    const page = await readPage(listOf(adapter), null, 10);
    expect(page.next).toBe(`10:${ids[9]}`);
    for (const id of ids.slice(0, 4)) sandbox.state.removeJob(id);
    const rest = await readPage(listOf(adapter), page.next, 10);
    expect(idsOf(rest.jobs)).toEqual(expect.arrayContaining(ids.slice(10)));
    for (const id of ids) sandbox.state.removeJob(id);
    expect(await readPage(listOf(adapter), page.next, 10)).toMatchObject({ jobs: [], next: null });
  });

  it('ends even where the count has nothing to do with the rows', async () => {
    let requests = 0;
    const url = await startServer((_request, response) => {
      requests += 1;
      response.end('{"code":"000","data":{"value":[],"total_size":1000}}');
    });
    const list = listOf(connect(url, { username: 'a', password: 'b' }));
    expect(await readPage(list, null, 10)).toMatchObject({ jobs: [], next: null });
    expect(await readPage(list, '5000', 10)).toMatchObject({ jobs: [], next: null });
    expect(requests).toBe(3);
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
    await readPage(list, null, 10);
    const unfiltered = { time_filter: '4', sort_by: 'create_time', reverse: 'true', page_offset: '0', page_size: '10' };
    expect(sentQueries(sandbox)).toEqual([{ ...unfiltered, ...asked }]);
  });

  it('that no job of Kylin can meet make no list', async () => {
    const { adapter } = await start();
    expect(adapter.listJobs({ ...everything, statuses: new Set(['SCHEDULED', 'CANCELLING']) })).toEqual([]);
  });

  it.each([
    ['DESC', 'CREATED_AT', { createdFrom: new Date(nowMs - 4 * minuteMs) }, 1],
    ['ASC', 'CREATED_AT', { createdTo: new Date(nowMs - 95 * minuteMs) }, 1],
    ['ASC', 'CREATED_AT', { createdFrom: new Date(nowMs - 4 * minuteMs) }, 5],
    ['DESC', 'CREATED_AT', { createdTo: new Date(nowMs - 95 * minuteMs) }, 5],
  ] as const)(
    'on the creation stop a list in %s order where no further row can meet them (%s, %o)',
    async (direction, field, dates, pages) => {
      const { sandbox, adapter, ids } = await startWithJobs(100);
      const jobs = await readAll(listOf(adapter, { ...dates, order: { field, direction } }), 10);
      expect(sandbox.requests.all()).toHaveLength(pages);
      const wanted = ids.filter((_, index) => ('createdFrom' in dates ? index <= 4 : index >= 95));
      expect(idsOf(jobs)).toEqual(expect.arrayContaining(wanted));
    },
  );

  it('through the core: every status and type gives the same jobs as reading everything and picking', async () => {
    const sandbox = await startSandbox({}, 300);
    const adapter = connect(sandbox.url, sandbox.settings);
    const system = toSystem(adapter);
    const all = await readAll(listOf(adapter), 500);
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

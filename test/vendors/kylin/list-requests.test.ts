import { describe, expect, it } from 'vitest';
import { listJobs } from '../../../src/listing/list-jobs.ts';
import type { ListOptions } from '../../../src/listing/list-options.ts';
import { call, connect, minuteMs, nowMs, readAll, sentQueries, start, startServer, toSystem } from './setup.ts';

/** One job a minute, newest first; only the oldest has a name of its own. */
async function startWithJobs(count: number) {
  const { sandbox, adapter } = await start();
  const ids = Array.from({ length: count }, (_, index) =>
    sandbox.state.addJob({ state: 'SUCCEED', createTime: nowMs - index * minuteMs, submitter: index === count - 1 ? 'oldest' : 'ADMIN' }),
  );
  return { sandbox, adapter, ids };
}

const newestFirst = { field: 'CREATED_AT', direction: 'DESC' } as const;

/** The ids of all rows, page by page through the core; `between` is called after each page. */
async function walk(system: ReturnType<typeof toSystem>, first: number, between: (page: number) => void = () => {}): Promise<string[]> {
  const options: ListOptions = { filter: {}, order: newestFirst, first, after: null };
  const seen: string[] = [];
  let pages = 0;
  for (let page = await listJobs([system], options, () => call); page; ) {
    seen.push(...page.jobs.map((job) => job.vendorId));
    if (!page.hasNextPage) break;
    pages += 1;
    between(pages);
    page = await listJobs([system], { ...options, after: page.endCursor() }, () => call);
  }
  return seen;
}

describe('Vendor requests of a listing', () => {
  it('are one per page, although each checks whether rows have moved', async () => {
    const { sandbox, adapter, ids } = await startWithJobs(100);
    expect(await walk(toSystem(adapter), 7)).toEqual(ids);
    expect(sandbox.requests.count()).toBe(15);
  });

  it('are two where arrivals pushed rows behind the page; none is lost or repeated', async () => {
    const { sandbox, adapter, ids } = await startWithJobs(60);
    const seen = await walk(toSystem(adapter), 10, (page) => sandbox.state.addJob({ createTime: nowMs + page * minuteMs }));
    expect(seen).toEqual(ids);
    expect(sandbox.requests.count()).toBeLessThanOrEqual(12);
  });

  it('a page of one row that Kylin can not filter for does not need a request per row', async () => {
    const { sandbox, adapter, ids } = await startWithJobs(1000);
    const options: ListOptions = { filter: { owners: ['oldest'] }, order: newestFirst, first: 1, after: null };
    const page = await listJobs([toSystem(adapter)], options, () => call);
    expect(page?.jobs.map((job) => job.vendorId)).toEqual(ids.slice(-1));
    expect(sandbox.requests.count()).toBeLessThan(12);
    for (const { page_size } of sentQueries(sandbox)) expect(Number(page_size)).toBeLessThanOrEqual(1000);
  });
});

it('a page with fewer rows than requested does not end the list while the count is higher, and the list is incomplete', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ id: `job-${index}`, create_time: nowMs - index * minuteMs }));
  const url = await startServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://kylin').searchParams;
    const [page, size] = [Number(query.get('page_offset')), Number(query.get('page_size'))];
    // A row whose definition could not be read is counted, and left out.
    const value = rows.slice(page * size, (page + 1) * size).filter(({ id }) => id !== 'job-3');
    response.end(JSON.stringify({ code: '000', data: { value, total_size: rows.length }, msg: '' }));
  });
  const adapter = connect(url, { username: 'a', password: 'b' });
  const readable = rows.map(({ id }) => id).filter((id) => id !== 'job-3');
  await expect(readAll(adapter, {}, 10)).rejects.toThrow(/counts 30 jobs/);
  expect(await walk(toSystem(adapter), 10)).toEqual(readable);
});

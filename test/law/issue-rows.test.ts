import { describe, expect, onTestFinished, test } from 'vitest';
import { aodocs } from '../../src/adapters/aodocs/index.ts';
import { kylin } from '../../src/adapters/kylin/index.ts';
import type { JobOrder, JobSystemAdapter } from '../../src/jobs/adapter.ts';
import { createHealthMonitor } from '../../src/jobs/health.ts';
import type { JobFilter } from '../../src/jobs/list/filter.ts';
import { createKnownRowsStore } from '../../src/jobs/list/known-rows.ts';
import { type JobPage, listJobs } from '../../src/jobs/list/list-jobs.ts';
import { walkJobs } from '../../src/jobs/list/walk.ts';
import { createJobReader } from '../../src/jobs/reader.ts';
import type { JobSystem } from '../../src/jobs/system.ts';
import { callOf } from '../jobs/memory-adapter.ts';
import { type StubJob, startAodocsStub, startKylinStub } from './stub-vendors.ts';

const startMs = Date.parse('2026-06-01T12:00:00Z');
const transport = { timeoutMs: 20_000, concurrency: 4, maxAnswerBytes: 33_554_432 };
const newestFirst: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };

function toSystem(adapter: JobSystemAdapter): JobSystem {
  onTestFinished(() => adapter.close());
  return {
    id: 'stub',
    vendor: 'stub',
    title: 'Stub',
    adapter,
    concurrency: 4,
    scanLimit: 10_000,
    reader: createJobReader({ systemId: 'stub', adapter, concurrency: 4, scanLimit: 10_000 }),
    knownRows: createKnownRowsStore(),
    health: createHealthMonitor(adapter),
  };
}

const connectKylin = (url: string): JobSystem =>
  toSystem(kylin.createAdapter({ id: 'stub', url, transport }, { username: 'a', password: 'b' }));
const connectAodocs = (url: string): JobSystem => {
  const settings = { securityCode: 'code', domain: 'acme.com', libraries: ['Rk31ZqV8dPxUe5NnAa'] };
  return toSystem(aodocs.createAdapter({ id: 'stub', url, transport }, settings));
};

const kylinId = (index: number): string =>
  `${((index * 7919) % 100_000).toString(16).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
const aodocsId = (index: number): string => `S7hQk2p8TzR0aBcDeF${String(index).padStart(6, '0')}`;

/** Jobs of which so many have each time; the times are so far apart. */
function createJobs(count: number, toId: (index: number) => string, { each = 1, apartMs = 1_000 } = {}): StubJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: toId(index),
    timeMs: startMs + Math.floor(index / each) * apartMs,
    running: true,
  }));
}

async function readPages(system: JobSystem, first: number, filter: JobFilter = {}, order: JobOrder = newestFirst): Promise<JobPage[]> {
  const pages: JobPage[] = [];
  for (let after: string | null = null; pages.length < 400; ) {
    const page: JobPage | null = await listJobs([system], { filter, order, first, after }, () => callOf());
    if (!page) throw new Error('The cursor was refused');
    pages.push(page);
    if (!page.hasNextPage) return pages;
    after = page.endCursor();
  }
  throw new Error('No end');
}

const idsOf = (pages: readonly JobPage[]): string[] => pages.flatMap(({ jobs }) => jobs.map(({ vendorId }) => vendorId));
const isComplete = (pages: readonly JobPage[]): boolean => pages.every(({ complete }) => complete);

async function selectIds(system: JobSystem, filter: JobFilter) {
  const ids = new Set<string>();
  const problems: string[] = [];
  for await (const rows of walkJobs(system, filter, callOf())) {
    if (rows.ok) for (const { vendorId } of rows.value) ids.add(vendorId);
    else problems.push(rows.problem.message);
  }
  return { ids, problems };
}

describe('a Kylin that orders jobs of one time differently for each page number and size', () => {
  test('is selected whole: 2,000 running jobs, four to each time', async () => {
    const jobs = createJobs(2_000, kylinId, { each: 4 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const { ids, problems } = await selectIds(connectKylin(origin), { statuses: ['RUNNING'] });
    expect([ids.size, problems]).toEqual([2_000, []]);
  });

  test.each([7, 50, 100, 500])('is walked whole by pages of %i: 1,500 jobs, four to each time', async (first) => {
    const jobs = createJobs(1_500, kylinId, { each: 4 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const pages = await readPages(connectKylin(origin), first);
    expect([isComplete(pages), new Set(idsOf(pages)).size, idsOf(pages).length]).toEqual([true, 1_500, 1_500]);
  });

  test('with more jobs of one time than a response can hold says that some may be missing', async () => {
    const jobs = createJobs(1_200, kylinId, { each: 1_200 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const pages = await readPages(connectKylin(origin), 100);
    expect(new Set(idsOf(pages)).size).toBe(idsOf(pages).length);
    expect(isComplete(pages)).toBe(false);
    expect(pages[0]?.systems[0]?.problem).toMatchObject({ code: 'INCOMPLETE_LIST' });
    const { ids, problems } = await selectIds(connectKylin(origin), {});
    expect([ids.size, problems]).toEqual([1_200, []]);
  });
});

describe('a vendor that orders by whole seconds and shows milliseconds, page by page of one row', () => {
  test.each([
    ['Kylin', kylinId, startKylinStub, connectKylin],
    ['AODocs', aodocsId, startAodocsStub, connectAodocs],
  ] as const)('%s: every row once, in the order shown', async (_name, toId, start, connect) => {
    const jobs = createJobs(240, toId, { apartMs: 250 });
    const { origin } = await start({ jobs, orderMs: 1_000 });
    const pages = await readPages(connect(origin), 1);
    expect(isComplete(pages)).toBe(true);
    expect(idsOf(pages)).toEqual(jobs.map(({ id }) => id).reverse());
  });
});

test('a gateway that caps a page at 100 rows and says so: no row is missing of 1,200', async () => {
  const jobs = createJobs(1_200, kylinId);
  const { origin } = await startKylinStub({ jobs, cap: 100 });
  const pages = await readPages(connectKylin(origin), 300);
  expect([isComplete(pages), idsOf(pages)]).toEqual([true, jobs.map(({ id }) => id).reverse()]);
});

test('a Kylin that returns half of the 120 jobs that it counts: the page is incomplete, and says so', async () => {
  const { origin, requests } = await startKylinStub({ jobs: createJobs(120, kylinId), halves: true });
  const system = connectKylin(origin);
  const pages = await readPages(system, 200);
  expect(idsOf(pages).length).toBeLessThan(120);
  expect(pages[0]).toMatchObject({ complete: false, systems: [{ status: 'OK', problem: { code: 'INCOMPLETE_LIST' } }] });
  expect(pages[0]?.systems[0]?.problem?.message).toContain('counts 120 jobs');
  expect(requests.length).toBeLessThan(15);
  const { problems } = await selectIds(system, {});
  expect(problems).toEqual([expect.stringContaining('counts 120 jobs')]);
});

test('ascending, jobs without the time cost no second reading: 14 requests for 1,400 of them', async () => {
  const jobs = createJobs(1_400, aodocsId).map((job) => ({ ...job, timeMs: null }));
  const { origin, requests } = await startAodocsStub({ jobs });
  const pages = await readPages(connectAodocs(origin), 100, {}, { field: 'CREATED_AT', direction: 'ASC' });
  expect([isComplete(pages), new Set(idsOf(pages)).size, idsOf(pages).length]).toEqual([true, 1_400, 1_400]);
  expect(requests).toHaveLength(14);
});

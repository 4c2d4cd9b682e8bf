import { describe, expect, test } from 'vitest';
import {
  aodocsId,
  connectAodocs,
  connectKylin,
  createJobs,
  idsOf,
  isComplete,
  kylinId,
  readPages,
  selectIds,
  startMs,
} from './connect-stub.ts';
import { startAodocsStub, startKylinStub } from './stub-vendors.ts';

describe('a Kylin that orders jobs of one time differently for each page number and size', () => {
  test('is selected completely: 2,000 running jobs, four per time', async () => {
    const jobs = createJobs(2_000, kylinId, { each: 4 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const { ids, problems } = await selectIds(connectKylin(origin), { statuses: ['RUNNING'] });
    expect([ids.size, problems]).toEqual([2_000, []]);
  });

  test.each([7, 50, 100, 500])('is listed completely by pages of %i: 1,500 jobs, four per time', async (first) => {
    const jobs = createJobs(1_500, kylinId, { each: 4 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const pages = await readPages(connectKylin(origin), first);
    expect([isComplete(pages), new Set(idsOf(pages)).size, idsOf(pages).length]).toEqual([true, 1_500, 1_500]);
  });

  test('with more jobs of one time than a response can contain is reported as possibly incomplete', async () => {
    const jobs = createJobs(1_200, kylinId, { each: 1_200 });
    const { origin } = await startKylinStub({ jobs, shuffles: true });
    const pages = await readPages(connectKylin(origin), 100);
    expect(new Set(idsOf(pages)).size).toBe(idsOf(pages).length);
    expect(isComplete(pages)).toBe(false);
    expect(pages[0]?.systems[0]?.problem).toMatchObject({ code: 'INCOMPLETE_LIST' });
    for (const filter of [{}, { createdTo: new Date(startMs + 1) }, { createdFrom: new Date(startMs) }]) {
      const { ids, problems } = await selectIds(connectKylin(origin), filter);
      expect([ids.size, problems]).toEqual([1_200, []]);
    }
  });
});

describe('a vendor that orders by seconds and shows milliseconds is paged correctly row by row', () => {
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

test('a gateway that caps a page at 100 rows and reports it loses none of 1,200 rows', async () => {
  const jobs = createJobs(1_200, kylinId);
  const { origin } = await startKylinStub({ jobs, cap: 100 });
  const pages = await readPages(connectKylin(origin), 300);
  expect([isComplete(pages), idsOf(pages)]).toEqual([true, jobs.map(({ id }) => id).reverse()]);
});

test('a Kylin that returns half of the 120 jobs that it counts makes the page incomplete', async () => {
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

test('ascending, jobs without the time need no second reading: 14 requests for 1,400 of them', async () => {
  const jobs = createJobs(1_400, aodocsId).map((job) => ({ ...job, timeMs: null }));
  const { origin, requests } = await startAodocsStub({ jobs });
  const pages = await readPages(connectAodocs(origin), 100, {}, { field: 'CREATED_AT', direction: 'ASC' });
  expect([isComplete(pages), new Set(idsOf(pages)).size, idsOf(pages).length]).toEqual([true, 1_400, 1_400]);
  expect(requests).toHaveLength(14);
});

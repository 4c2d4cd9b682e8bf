import { describe, expect, test } from 'vitest';
import { aodocsId, connectAodocs, connectKylin, createJobs, isComplete, kylinId, readPages, selectIds } from './connect-stub.ts';
import { type KylinData, startAodocsStub, startKylinStub } from './stub-vendors.ts';

/** A bulk selection that walks by creation. */
const allByCreation = { createdFrom: new Date(0) };

describe('a vendor that repeats its first rows forever', () => {
  test('ends pages and selections of Kylin, which report missing jobs', async () => {
    const { origin, requests } = await startKylinStub({ jobs: createJobs(600, kylinId), ignoresPosition: true });
    const system = connectKylin(origin);
    expect(isComplete(await readPages(system, 50))).toBe(false);
    const selections = [await selectIds(system, {}), await selectIds(system, allByCreation)];
    expect(selections.map(({ ids }) => ids.size)).toEqual([500, 500]);
    expect(selections.map(({ problems }) => problems)).toEqual([
      [expect.stringContaining('returns the same jobs for every position')],
      [expect.stringContaining('returns the same jobs for every position')],
    ]);
    expect(requests.length).toBeLessThan(100);
  });

  test('ends those of AODocs, even with a new token each time', async () => {
    const { origin, requests } = await startAodocsStub({ jobs: createJobs(600, aodocsId), ignoresPosition: true });
    const system = connectAodocs(origin);
    expect(isComplete(await readPages(system, 50))).toBe(false);
    const { ids, problems } = await selectIds(system, {});
    expect([ids.size, problems]).toEqual([100, [expect.stringContaining('returns the same jobs for every position')]]);
    expect(requests.length).toBeLessThan(100);
  });
});

test('a Kylin that repeats its first rows without reporting it fails at once', async () => {
  const { origin, requests } = await startKylinStub({ jobs: createJobs(600, kylinId), falsify: (data) => ({ ...data, offset: 3 }) });
  const pages = await readPages(connectKylin(origin), 50);
  expect(pages[0]?.systems[0]?.problem).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
  expect(requests).toHaveLength(1);
});

test.each<[string, Partial<KylinData>]>([
  ['an offset of -1', { offset: -1 }],
  ['half an offset', { offset: 0.5 }],
  ['half a row as its limit', { limit: 0.5 }],
  ['a limit of -1', { limit: -1 }],
  ['a count of -1', { total_size: -1 }],
])('a Kylin that reports %s is read as if it reported none', async (_name, lie) => {
  const { origin, requests } = await startKylinStub({ jobs: createJobs(600, kylinId), falsify: (data) => ({ ...data, ...lie }) });
  const { ids, problems } = await selectIds(connectKylin(origin), {});
  expect([ids.size, problems, requests.length]).toEqual([600, [], 2]);
});

test('a gateway that silently caps a page at 100 rows loses no row, and the selection is complete', async () => {
  const falsify = (data: KylinData): KylinData => ({ ...data, value: data.value.slice(0, 100) });
  const { origin, requests } = await startKylinStub({ jobs: createJobs(600, kylinId), falsify });
  const system = connectKylin(origin);
  const selections = [await selectIds(system, {}), await selectIds(system, allByCreation)];
  expect(selections.map(({ ids, problems }) => [ids.size, problems])).toEqual([
    [600, []],
    [600, []],
  ]);
  expect(requests.length).toBeLessThan(20);
});

test('a Kylin that counts one job too many is reported with the count', async () => {
  const falsify = (data: KylinData): KylinData => ({ ...data, total_size: data.total_size + 1 });
  const { origin } = await startKylinStub({ jobs: createJobs(600, kylinId), falsify });
  const { problems } = await selectIds(connectKylin(origin), {});
  expect(problems).toEqual([expect.stringContaining('counts 601 jobs')]);
});

test.each<[string, (data: KylinData) => KylinData, string]>([
  ['sorts the rows of a page the other way round', (data) => ({ ...data, value: data.value.toReversed() }), 'in the requested order'],
  [
    'returns a job twice in the place of another one',
    (data) => ({ ...data, value: data.value.map((row, index) => (index % 10 === 5 ? (data.value[index - 1] ?? row) : row)) }),
    'twice in one response',
  ],
])("a Kylin that %s isn't reported as complete", async (_name, falsify, reason) => {
  const { origin } = await startKylinStub({ jobs: createJobs(600, kylinId), falsify });
  const system = connectKylin(origin);
  const pages = await readPages(system, 50);
  expect(pages[0]?.systems[0]?.problem).toMatchObject({ code: 'INCOMPLETE_LIST', message: expect.stringContaining(reason) });
  // A selection reads once more by id if the order fails, and meets the same vendor there.
  expect((await selectIds(system, allByCreation)).problems).toHaveLength(1);
});

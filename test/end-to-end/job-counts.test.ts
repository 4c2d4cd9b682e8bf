import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { jobStatuses } from '../../src/jobs/job.ts';
import { accessFor, as } from '../access/callers.ts';
import { createManualClock, type ManualClock } from '../live/manual-clock.ts';
import { fourSystems, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { failReads } from './jobs.ts';
import { addManyJobs, list, type Row } from './pages.ts';

interface Bucket {
  status: string | null;
  system: { id: string } | null;
  type: string | null;
  owner: string | null;
  scope: string | null;
  count: number | null;
  precision: string;
  problem: { code: string; systemId: string } | null;
}

const counted = 'count precision problem { code systemId }';
const query = `query ($filter: JobFilter, $by: [JobCountDimension!], $top: Int) {
  jobCounts(filter: $filter, by: $by, top: $top) {
    buckets { status system { id } type owner scope ${counted} }
    bucketCount
    total { ${counted} observedAt }
    observedAt
    complete
    systems { system { id } ${counted} observedAt }
  }
}`;

let clock: ManualClock;
let jobyard: WithSandboxes;
let rows: Row[];
beforeAll(async () => {
  clock = createManualClock(Date.now());
  jobyard = await startWithSandboxes({
    jobs: 0,
    clock,
    access: accessFor({ all: ['jobs:read', 'systems:read'], kylinOnly: ['jobs:read@kylin'], none: ['systems:read'] }),
  });
  addManyJobs(jobyard, 24);
  rows = (await list(withHeaders('all'), { first: 500 })).nodes;
});
// Counts are shared for 3 seconds.
beforeEach(() => clock.advance(3_001));
afterEach(() => {
  for (const system of systemNames) jobyard.sandboxes[system].faults.clear();
});
afterAll(() => jobyard.close());

function withHeaders(caller: string): WithSandboxes {
  return { ...jobyard, query: (text, variables) => jobyard.query(text, variables, as(caller)) };
}

async function count(variables: Record<string, unknown> = {}, caller = 'all') {
  const { data, errors } = await jobyard.query(query, variables, as(caller));
  if (errors) throw new Error(JSON.stringify(errors));
  return data.jobCounts;
}

const requests = () => Object.fromEntries(fourSystems.map((system) => [system, jobyard.sandboxes[system].requests.count()]));
const clearRequests = () => {
  for (const system of systemNames) jobyard.sandboxes[system].requests.clear();
};

/** The numbers of the listed jobs, by what the function returns. */
function tally(of: readonly Row[], keyOf: (row: Row) => string | null): Record<string, number> {
  const groups = Map.groupBy(of, keyOf);
  return Object.fromEntries(Array.from(groups, ([key, members]) => [String(key), members.length]));
}

const numbersBy = (buckets: readonly Bucket[], keyOf: (bucket: Bucket) => string | null) =>
  Object.fromEntries(buckets.filter((bucket) => bucket.count !== 0).map((bucket) => [String(keyOf(bucket)), bucket.count]));

describe('buckets', () => {
  test('by status have the numbers of the listed jobs, and 0 for statuses without jobs', async () => {
    const { buckets, bucketCount, total, complete, systems } = await count();
    expect(numbersBy(buckets, ({ status }) => status)).toEqual(tally(rows, ({ status }) => status));
    expect(buckets.map(({ status }: Bucket) => status).toSorted()).toEqual(jobStatuses.toSorted());
    expect(bucketCount).toBe(jobStatuses.length);
    expect(buckets.every(({ precision, problem }: Bucket) => precision === 'EXACT' && problem === null)).toBe(true);
    expect([total.count, complete]).toEqual([rows.length, true]);
    expect(systems.map((each: { system: { id: string }; count: number }) => [each.system.id, each.count])).toEqual(
      systemNames.map((id) => [id, 24]),
    );
  });

  test.each([
    ['STATUS SYSTEM', (row: Row) => `${row.status} ${row.systemId}`, (bucket: Bucket) => `${bucket.status} ${bucket.system?.id}`],
    ['TYPE', (row: Row) => row.type, (bucket: Bucket) => bucket.type],
    ['OWNER SYSTEM', (row: Row) => `${row.owner} ${row.systemId}`, (bucket: Bucket) => `${bucket.owner} ${bucket.system?.id}`],
  ])('by %s have the numbers of the listed jobs', async (by, keyOfRow, keyOfBucket) => {
    const { buckets, bucketCount } = await count({ by: by.split(' '), top: 500 });
    expect(numbersBy(buckets, keyOfBucket)).toEqual(tally(rows, keyOfRow));
    expect(bucketCount).toBe(buckets.length);
    expect(buckets.map((bucket: Bucket) => bucket.count)).toEqual(
      buckets.map((bucket: Bucket) => bucket.count).toSorted((a: number, b: number) => b - a),
    );
  });

  test('are limited by top, which leaves the total as it is', async () => {
    const { buckets, bucketCount, total } = await count({ by: ['TYPE'], top: 2 });
    expect([buckets.length, bucketCount > 2, total.count]).toEqual([2, true, rows.length]);
  });

  test('count only jobs that match the filter', async () => {
    const filter = { statuses: ['RUNNING', 'FAILED'], systemIds: ['kylin', 'kinetica'] };
    const listed = rows.filter(({ systemId, status }) => filter.systemIds.includes(systemId) && filter.statuses.includes(status));
    const { buckets, total } = await count({ filter });
    expect(numbersBy(buckets, ({ status }) => status)).toEqual(tally(listed, ({ status }) => status));
    expect(total.count).toBe(listed.length);
  });
});

describe.each(systemNames)('if %s fails', (system) => {
  test('its counts are UNKNOWN with the problem, and those of the others are exact', async () => {
    failReads(jobyard, system, { kind: 'answer', status: 403, applied: false });
    const { buckets, complete, systems, total } = await count({ by: ['SYSTEM', 'STATUS'] });
    const of = (id: string): Bucket[] => buckets.filter((bucket: Bucket) => bucket.system?.id === id);
    const unknown = of(system).filter(({ precision }) => precision === 'UNKNOWN');
    expect(unknown.length).toBeGreaterThan(3);
    for (const bucket of unknown) expect(bucket).toMatchObject({ count: null, problem: { code: 'ACCESS_DENIED', systemId: system } });
    // Statuses that the vendor's jobs never have.
    for (const bucket of of(system).filter(({ precision }) => precision !== 'UNKNOWN'))
      expect(bucket).toMatchObject({ count: 0, precision: 'EXACT' });
    const others = buckets.filter((bucket: Bucket) => bucket.system?.id !== system);
    expect(others.every(({ precision }: Bucket) => precision === 'EXACT')).toBe(true);
    expect([complete, total.precision, total.problem.systemId]).toEqual([false, 'AT_LEAST', system]);
    expect(total.count).toBe(rows.filter(({ systemId }) => systemId !== system).length);
    const own = systems.find((each: { system: { id: string } }) => each.system.id === system);
    expect(own).toMatchObject({ count: null, precision: 'UNKNOWN', problem: { code: 'ACCESS_DENIED', systemId: system } });
  });
});

describe('requests', () => {
  test('are shared by all counts of a document with one filter, by concurrent callers, and for 3 seconds', async () => {
    clearRequests();
    const text =
      '{ a: jobCounts(by: [STATUS]) { complete } b: jobCounts(by: [OWNER, SYSTEM]) { complete } c: jobCounts(by: [SCOPE]) { complete } }';
    await Promise.all([jobyard.query(text, {}, as('all')), jobyard.query(text, {}, as('all'))]);
    const once = requests();
    await jobyard.query('{ jobCounts(by: [OWNER]) { complete } }', {}, as('kylinOnly'));
    expect(requests()).toEqual(once);
    expect(once).toMatchObject({ kinetica: 1, kylin: 1, aodocs: 6 });
    await clock.advance(3_001);
    await count({ by: ['OWNER'] }, 'kylinOnly');
    expect(requests()).toEqual({ ...once, kylin: 2 });
  });

  test('for the number of all jobs are one per list that the vendor counts', async () => {
    clearRequests();
    await count({ by: [] });
    expect(requests()).toEqual({ kinetica: 1, 'veeva-vault': 2, kylin: 1, aodocs: 6 });
    expect(jobyard.sandboxes.kylin.requests.all()[0]?.target).toContain('page_size=1');
  });
});

describe('access', () => {
  test('only systems that the caller may read are counted', async () => {
    clearRequests();
    const { systems, total } = await count({}, 'kylinOnly');
    expect(systems.map(({ system }: { system: { id: string } }) => system.id)).toEqual(['kylin']);
    expect(total.count).toBe(24);
    expect(requests()).toEqual({ kinetica: 0, 'veeva-vault': 0, kylin: 1, aodocs: 0 });
  });

  test.each([
    ['without jobs:read', 'none', {}, /^jobCounts requires the scope jobs:read/],
    [
      'with a system that the caller may not read',
      'kylinOnly',
      { filter: { systemIds: ['aodocs'] } },
      /^filter.systemIds: expected a system \(kylin\)/,
    ],
    ['with top out of range', 'all', { top: 0 }, /^top: expected 1 to 500, got 0\.$/],
    ['with top too large', 'all', { top: 501 }, /^top: expected 1 to 500, got 501\.$/],
  ])('%s, the query fails', async (_what, caller, variables, message) => {
    const { errors } = await jobyard.query(query, variables, as(caller));
    expect(errors?.[0]?.message).toMatch(message);
  });

  test('a document selects jobCounts at most 5 times', async () => {
    const fields = Array.from({ length: 6 }, (_, index) => `c${index}: jobCounts { complete }`).join(' ');
    const { errors } = await jobyard.query(`{ ${fields} }`, {}, as('all'));
    expect(errors?.[0]?.message).toBe('The document selects jobCounts 6 times. Expected at most 5.');
  });
});

describe('totalCount of a page', () => {
  const page = `query ($filter: JobFilter, $first: Int, $after: String) {
    jobs(filter: $filter, first: $first, after: $after) { pageInfo { endCursor } totalCount { ${counted} observedAt } }
  }`;
  const read = async (variables: Record<string, unknown>) => (await jobyard.query(page, variables, as('all'))).data.jobs;

  test('is the number of all matching jobs, on each page', async () => {
    const first = await read({ first: 7 });
    expect(first.totalCount).toMatchObject({ count: rows.length, precision: 'EXACT', problem: null });
    const second = await read({ first: 7, after: first.pageInfo.endCursor });
    expect(second.totalCount).toMatchObject({ count: rows.length, precision: 'EXACT' });
    const running = await read({ first: 3, filter: { statuses: ['RUNNING'] } });
    expect(running.totalCount.count).toBe(rows.filter(({ status }) => status === 'RUNNING').length);
  });

  test('is 0 for each system that has no such jobs', async () => {
    const query = '{ jobs(first: 1, filter: { statuses: [SCHEDULED], types: ["none"] }) { totalCount { count } systems { totalCount } } }';
    const { jobs } = (await jobyard.query(query, {}, as('all'))).data;
    expect(jobs.totalCount.count).toBe(0);
    expect(jobs.systems.filter((system: { totalCount: number | null }) => system.totalCount === null)).toEqual([]);
  });

  test('is at least the number of the others if a system fails', async () => {
    failReads(jobyard, 'kylin', { kind: 'answer', status: 403, applied: false });
    const { totalCount } = await read({ first: 5 });
    expect(totalCount).toMatchObject({
      count: rows.length - 24,
      precision: 'AT_LEAST',
      problem: { code: 'ACCESS_DENIED', systemId: 'kylin' },
    });
  });

  test('costs no request for what the page already knows, and none if it is not selected', async () => {
    const ofKylin = { filter: { systemIds: ['kylin'] }, first: 5 };
    clearRequests();
    await read(ofKylin);
    expect(requests()).toMatchObject({ kylin: 1 });
    clearRequests();
    await jobyard.query('{ jobs(first: 5) { complete } }', {}, as('all'));
    const withoutTotal = requests();
    clearRequests();
    await read({ first: 5 });
    expect(requests().aodocs).toBeGreaterThan(withoutTotal.aodocs ?? 0);
    expect(requests().kylin).toBe(withoutTotal.kylin);
  });
});

test('a scan that ends at scanLimit counts at least what it read', async () => {
  const limited = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, scanLimit: 10 }) });
  onTestFinished(() => limited.close());
  addManyJobs(limited, 300);
  const { data } = await limited.query(query, { by: ['SYSTEM', 'OWNER'], filter: { systemIds: ['veeva-vault'] } });
  const { buckets, complete, systems } = data.jobCounts;
  expect(complete).toBe(false);
  for (const bucket of buckets) expect(bucket).toMatchObject({ precision: 'AT_LEAST', problem: { code: 'SCAN_LIMIT_REACHED' } });
  expect(systems[0].count).toBeGreaterThanOrEqual(10);
  expect(systems[0].count).toBeLessThan(300);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addManyJobs, idsOf, list, listAll, listBackward, type Page, type Row, rowsOf } from './pages.ts';

const jobsOfEach = 45;
const orders = ['CREATED_AT', 'STARTED_AT', 'FINISHED_AT'].flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ field, direction })));

let jobyard: WithSandboxes;
/** All rows from one page, which every other list is compared with. */
let everything: Row[];
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
  addManyJobs(jobyard, jobsOfEach);
  everything = (await list(jobyard, { first: 500 })).nodes;
});
afterAll(() => jobyard.close());

function timeOf(row: Row, field: string): number | null {
  const text = { CREATED_AT: row.createdAt, STARTED_AT: row.startedAt, FINISHED_AT: row.finishedAt }[field] ?? null;
  return text === null ? null : Date.parse(text);
}

/** The times of the rows in the requested order, nulls last in both directions. */
function sortedTimes(rows: readonly Row[], { field, direction }: { field: string; direction: string }): (number | null)[] {
  const times = rows.map((row) => timeOf(row, field)).filter((time) => time !== null);
  times.sort((a, b) => (direction === 'ASC' ? a - b : b - a));
  return [...times, ...Array<null>(rows.length - times.length).fill(null)];
}

function expectTrueOf(pages: readonly Page[], first: number): void {
  pages.forEach((page, index) => {
    const isLast = index === pages.length - 1;
    expect(page.complete).toBe(true);
    expect(page.pageInfo.hasNextPage).toBe(!isLast);
    expect(page.pageInfo.hasPreviousPage).toBe(index > 0);
    if (!isLast) expect(page.nodes).toHaveLength(first);
    expect(idsOf(page.edges.map(({ node }) => node))).toEqual(idsOf(page.nodes));
    expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
    if (page.edges.length > 0) expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
    for (const { system, status, returnedCount, problem } of page.systems) {
      expect(returnedCount).toBe(page.nodes.filter(({ systemId }) => systemId === system.id).length);
      expect(problem).toBeNull();
      expect(['OK', 'END_REACHED']).toContain(status);
      if (isLast) expect(status).toBe('END_REACHED');
    }
  });
}

test('one large page contains every job of every system once', () => {
  expect(everything).toHaveLength(systemNames.length * jobsOfEach);
  expect(new Set(idsOf(everything)).size).toBe(systemNames.length * jobsOfEach);
  for (const system of systemNames) expect(everything.filter(({ systemId }) => systemId === system)).toHaveLength(jobsOfEach);
});

describe.each(orders)('ordered by $field $direction', (orderBy) => {
  test.each([7, 50])('pages of %i rows contain the rows of one large page, each once, in order', async (first) => {
    const pages = await listAll(jobyard, { orderBy, first });
    const rows = rowsOf(pages);
    expect(idsOf(rows).sort()).toEqual(idsOf(everything).sort());
    expect(rows.map((row) => timeOf(row, orderBy.field))).toEqual(sortedTimes(everything, orderBy));
    expectTrueOf(pages, first);
  });

  test('the cursor of any row continues with the next row', async () => {
    const big = await list(jobyard, { orderBy, first: 60 });
    for (const index of [0, 6, 31, 58]) {
      const next = await list(jobyard, { orderBy, first: 1, after: big.edges[index]?.cursor ?? null });
      expect(idsOf(next.nodes)).toEqual([big.nodes[index + 1]?.id]);
    }
  });
});

describe.each(['CREATED_AT', 'FINISHED_AT', 'UPDATED_AT', 'NAME', 'STATUS', 'DURATION'])('ordered by %s', (field) => {
  test.each(['ASC', 'DESC'])('%s: pages from the start and from the end have the same rows, in order', async (direction) => {
    const orderBy = { field, direction };
    const forward = rowsOf(await listAll(jobyard, { orderBy, first: 60 }));
    const pages = await listBackward(jobyard, { orderBy, last: 60 });
    expect(idsOf(forward).sort()).toEqual(idsOf(everything).sort());
    expect(idsOf(rowsOf(pages))).toEqual(idsOf(forward));
    expect(pages.map(({ complete, pageInfo }) => [complete, pageInfo.hasPreviousPage, pageInfo.hasNextPage])).toEqual(
      pages.map((_page, index) => [true, index > 0, index < pages.length - 1]),
    );
    const values = forward.map((row) => sortValueOf(row, field));
    expect(values).toEqual(values.toSorted((a, b) => compareValues(a, b, direction)));
  });
});

const statuses = ['SCHEDULED', 'QUEUED', 'RUNNING', 'PAUSED', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'FAILED', 'UNKNOWN'];

function sortValueOf(row: Row, field: string): string | number | null {
  if (field === 'NAME') return row.name.toLowerCase();
  if (field === 'STATUS') return statuses.indexOf(row.status);
  return field === 'DURATION' ? row.durationSeconds : field === 'UPDATED_AT' ? row.updatedAt : timeOf(row, field);
}

/** Nulls last in both directions. */
function compareValues(a: string | number | null, b: string | number | null, direction: string): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b === (direction === 'ASC') ? -1 : 1;
}

test('the cursors of a page from all systems have at most 300 characters', async () => {
  for (let after: string | null = null, count = 0; count < 4; count += 1) {
    const page = await list(jobyard, { first: 20, after });
    for (const { cursor } of page.edges) expect(cursor.length).toBeLessThanOrEqual(300);
    after = page.pageInfo.endCursor;
  }
});

test('jobs with IDs are read by ID, each once, and an ID without a job matches nothing', async () => {
  const chosen = systemNames.flatMap((system) => everything.filter(({ systemId }) => systemId === system).slice(3, 8));
  const ids = [...idsOf(chosen), chosen[0]?.id, 'kylin:11111111-1111-4111-8111-111111111111'];
  const page = await list(jobyard, { filter: { ids }, first: 500 });
  expect([page.complete, idsOf(page.nodes).sort()]).toEqual([true, idsOf(chosen).sort()]);
  const some = await list(jobyard, { filter: { ids, systemIds: ['kylin', 'airflow'], statuses: ['FAILED', 'RUNNING'] }, first: 500 });
  const isWanted = ({ systemId, status }: Row) => ['kylin', 'airflow'].includes(systemId) && ['FAILED', 'RUNNING'].includes(status);
  expect(idsOf(some.nodes).sort()).toEqual(idsOf(chosen.filter(isWanted)).sort());
  const { data } = await jobyard.query('query ($ids: [ID!]!) { jobCounts(filter: { ids: $ids }, by: []) { total { count precision } } }', {
    ids,
  });
  expect(data.jobCounts.total).toEqual({ count: chosen.length, precision: 'EXACT' });
});

const from = () => new Date(Date.now() - 2.95 * 86_400_000).toISOString();
const to = () => new Date(Date.now() - 2.9 * 86_400_000).toISOString();
const isBetween = ({ createdAt }: Row, low: string, high: string) =>
  createdAt !== null && Date.parse(createdAt) >= Date.parse(low) && Date.parse(createdAt) <= Date.parse(high);
const [low, high] = [from(), to()];

describe.each<{ name: string; filter: Record<string, unknown>; matches: (row: Row) => boolean }>([
  { name: 'one system', filter: { systemIds: ['kylin'] }, matches: ({ systemId }) => systemId === 'kylin' },
  {
    name: 'two systems',
    filter: { systemIds: ['aodocs', 'kinetica'] },
    matches: ({ systemId }) => systemId === 'aodocs' || systemId === 'kinetica',
  },
  { name: 'a vendor', filter: { vendors: ['veeva-vault'] }, matches: ({ systemId }) => systemId === 'veeva-vault' },
  { name: 'one status', filter: { statuses: ['RUNNING'] }, matches: ({ status }) => status === 'RUNNING' },
  { name: 'failed ones', filter: { statuses: ['FAILED'] }, matches: ({ status }) => status === 'FAILED' },
  {
    name: 'several statuses',
    filter: { statuses: ['CANCELLED', 'QUEUED', 'SUCCEEDED'] },
    matches: ({ status }) => ['CANCELLED', 'QUEUED', 'SUCCEEDED'].includes(status),
  },
  {
    name: 'types of two vendors',
    filter: { types: ['INDEX_MERGE', 'EXPORT', '/execute/sql'] },
    matches: ({ type }) => ['INDEX_MERGE', 'EXPORT', '/execute/sql'].includes(type ?? ''),
  },
  {
    name: 'a type that AODocs can not filter by',
    filter: { types: ['NIGHTLY_CLEANUP'] },
    matches: ({ type }) => type === 'NIGHTLY_CLEANUP',
  },
  { name: 'an owner', filter: { owners: ['ada@example.com'] }, matches: ({ owner }) => owner === 'ada@example.com' },
  { name: 'an owner in other letters', filter: { owners: ['bob@example.com'] }, matches: ({ owner }) => owner === 'bob@example.com' },
  {
    name: 'text in the name or the id, whatever its letters',
    filter: { text: 'NIGHTLY' },
    matches: ({ name, vendorId }) => `${name}\n${vendorId}`.toLowerCase().includes('nightly'),
  },
  { name: 'text of an id', filter: { text: '97' }, matches: ({ name, vendorId }) => name.includes('97') || vendorId.includes('97') },
  { name: 'a time of creation', filter: { createdFrom: low, createdTo: high }, matches: (row) => isBetween(row, low, high) },
  { name: 'created from', filter: { createdFrom: high }, matches: (row) => isBetween(row, high, '2100-01-01T00:00:00Z') },
  { name: 'created to', filter: { createdTo: low }, matches: (row) => isBetween(row, '2000-01-01T00:00:00Z', low) },
  {
    name: 'a time of the end',
    filter: { finishedFrom: low, finishedTo: high },
    matches: ({ finishedAt }) =>
      finishedAt !== null && Date.parse(finishedAt) >= Date.parse(low) && Date.parse(finishedAt) <= Date.parse(high),
  },
  {
    name: 'finished from',
    filter: { finishedFrom: high },
    matches: ({ finishedAt }) => finishedAt !== null && Date.parse(finishedAt) >= Date.parse(high),
  },
  ...['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'].map((action) => ({
    name: `what ${action} is possible on`,
    filter: { availableAction: action },
    matches: ({ actions }: Row) => actions.some((entry) => entry.action === action && entry.available),
  })),
  {
    name: 'many conditions at once',
    filter: { statuses: ['RUNNING', 'FAILED'], owners: ['ada@example.com'], availableAction: 'CANCEL', createdFrom: low },
    matches: (row) =>
      ['RUNNING', 'FAILED'].includes(row.status) &&
      row.owner === 'ada@example.com' &&
      row.actions.some((entry) => entry.action === 'CANCEL' && entry.available) &&
      isBetween(row, low, '2100-01-01T00:00:00Z'),
  },
])('filtered by $name', ({ filter, matches }) => {
  test.each(orders)('and ordered by $field $direction: the pages contain the matching rows, each once, in order', async (orderBy) => {
    const pages = await listAll(jobyard, { filter, orderBy, first: 9 });
    const rows = rowsOf(pages);
    const expected = everything.filter(matches);
    expect(idsOf(rows).sort()).toEqual(idsOf(expected).sort());
    expect(rows.map((row) => timeOf(row, orderBy.field))).toEqual(sortedTimes(expected, orderBy));
    expectTrueOf(pages, 9);
    for (const { system, totalCount } of pages[0]?.systems ?? []) {
      if (totalCount !== null) expect(totalCount).toBe(expected.filter(({ systemId }) => systemId === system.id).length);
    }
  });
});

test('each filter above matches some jobs, but not all', async () => {
  const { nodes } = await list(jobyard, { filter: { createdFrom: low, createdTo: high }, first: 500 });
  expect(nodes.length).toBeGreaterThan(10);
  expect(nodes.length).toBeLessThan(100);
});

test.each([{ statuses: [] }, { systemIds: [] }, { types: [] }, { owners: [] }, { scopes: [] }, { vendors: [] }])(
  'the filter %j matches nothing and causes no vendor request',
  async (filter) => {
    const before = systemNames.map((system) => jobyard.sandboxes[system].requests.count());
    const page = await list(jobyard, { filter });
    expect(page).toMatchObject({ nodes: [], complete: true, systems: [], pageInfo: { hasNextPage: false, endCursor: null } });
    expect(systemNames.map((system) => jobyard.sandboxes[system].requests.count())).toEqual(before);
  },
);

test('a page of no rows reports whether there are some', async () => {
  const page = await list(jobyard, { first: 0 });
  expect(page).toMatchObject({ nodes: [], edges: [], complete: true, pageInfo: { hasNextPage: true, startCursor: null } });
});

test('a system lists its own jobs, like Query.jobs with that system only', async () => {
  const { data } = await jobyard.query(
    '{ jobSystem(id: "kylin") { jobs(first: 500) { nodes { id } complete systems { system { id } } } } }',
  );
  expect(data.jobSystem.jobs).toMatchObject({ complete: true, systems: [{ system: { id: 'kylin' } }] });
  expect(idsOf(data.jobSystem.jobs.nodes)).toEqual(idsOf(everything.filter(({ systemId }) => systemId === 'kylin')));
});

import { Hmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { countRequests } from './jobs.ts';

const access = accessFor({ all: ['jobs:read', 'jobs:logs', 'systems:read'], kylinOnly: ['jobs:read@kylin'] });
let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 12, access });
});
afterAll(() => jobyard.close());

const ask = async (query: string, variables: Record<string, unknown> = {}, caller = 'all') => {
  const { data, errors } = await jobyard.query(query, variables, as(caller));
  expect(errors).toBeUndefined();
  return data;
};

describe('the MAC of a cursor', () => {
  /** How many MACs the action computes. */
  async function countMacs(act: () => Promise<unknown>): Promise<number> {
    const digest = vi.spyOn(Hmac.prototype, 'digest');
    try {
      await act();
      return digest.mock.calls.length;
    } finally {
      digest.mockRestore();
    }
  }
  // Without Airflow, whose sandbox signs its tokens.
  const page = (selection: string, rows = 'first: 4') => `{ jobs(${rows}, filter: { systemIds: ["kylin"] }) { ${selection} } }`;

  test.each<[selection: string, rows: string, macs: number]>([
    ['nodes { id } complete', 'first: 4', 0],
    ['edges { node { id } } pageInfo { hasNextPage hasPreviousPage }', 'first: 4', 0],
    ['pageInfo { endCursor }', 'first: 4', 1],
    ['pageInfo { startCursor }', 'last: 4', 1],
    ['pageInfo { startCursor endCursor }', 'first: 4', 2],
    ['edges { cursor }', 'first: 4', 4],
    // The last row's cursor is the end cursor.
    ['edges { cursor } pageInfo { endCursor }', 'first: 4', 4],
  ])('%s with %s costs %i', async (selection, rows, macs) => {
    expect(await countMacs(() => ask(page(selection, rows)))).toBe(macs);
  });

  test('is checked once for a page that starts at a cursor', async () => {
    const { jobs } = await ask(page('pageInfo { endCursor }'));
    const after = `first: 4, after: "${jobs.pageInfo.endCursor}"`;
    expect(await countMacs(() => ask(page('nodes { id }', after)))).toBe(1);
    expect(await countMacs(() => ask(page('nodes { id } pageInfo { endCursor }', after)))).toBe(2);
  });

  test('of a log costs nothing unless its cursor is selected', async () => {
    const id = `aodocs:${jobyard.sandboxes.aodocs.state.addJob({ events: [] })}`;
    const log = (selection: string) => `{ job(id: "${id}") { ... on Job { log { ${selection} } } } }`;
    expect(await countMacs(() => ask(log('nodes { message } pageInfo { hasNextPage }')))).toBe(0);
    expect(await countMacs(() => ask(log('pageInfo { endCursor }')))).toBe(1);
  });
});

describe('a cursor that is not one of the list', () => {
  const query = `query ($after: String, $before: String, $first: Int, $last: Int, $filter: JobFilter, $orderBy: JobOrder) {
    jobs(after: $after, before: $before, first: $first, last: $last, filter: $filter, orderBy: $orderBy) { nodes { id } }
  }`;
  const filter = { statuses: ['RUNNING', 'FAILED'] };
  const cursorOf = async (variables: Record<string, unknown> = {}): Promise<string> => {
    const select = query.replace('nodes { id }', 'pageInfo { endCursor }');
    return (await ask(select, { first: 2, ...variables })).jobs.pageInfo.endCursor;
  };
  const endOf = (cursor: string) => cursor.slice(-1);

  /** A process with another key. */
  async function cursorOfOtherKey(): Promise<string> {
    const other = await startWithSandboxes({ jobs: 12, cursorKey: 'another key of more than 32 characters' });
    onTestFinished(() => other.close());
    const { data } = await other.query('{ jobs(first: 2) { pageInfo { endCursor } } }');
    return data.jobs.pageInfo.endCursor;
  }

  const first = { first: 5 };
  test.each<[what: string, create: () => Promise<string>, variables: Record<string, unknown>]>([
    ['changed at its start', async () => (await cursorOf()).replace(/^./, (one) => (one === 'A' ? 'B' : 'A')), first],
    ['changed in its positions', async () => (await cursorOf()).replace(/.(?=.{8}$)/, (one) => (one === 'A' ? 'B' : 'A')), first],
    ['shortened by one character', async () => (await cursorOf()).slice(0, -1), first],
    ['shortened to its MAC', async () => (await cursorOf()).slice(0, 22), first],
    ['without its MAC', async () => (await cursorOf()).slice(22), first],
    ['longer', async () => `${await cursorOf()}${endOf(await cursorOf())}`, first],
    ['of another filter', () => cursorOf({ filter: { statuses: ['RUNNING'] } }), { ...first, filter }],
    ['of no filter', () => cursorOf(), { ...first, filter }],
    ['of another order', () => cursorOf({ orderBy: { field: 'NAME' } }), first],
    ['of another direction', () => cursorOf({ orderBy: { field: 'CREATED_AT', direction: 'ASC' } }), first],
    ['of one system', () => cursorOf({ filter: { systemIds: ['kylin'] } }), first],
    ['of another system', () => cursorOf({ filter: { systemIds: ['kylin'] } }), { ...first, filter: { systemIds: ['aodocs'] } }],
    ['of another key', cursorOfOtherKey, first],
  ])('(%s) is BAD_USER_INPUT, and sends no vendor request', async (_what, create, variables) => {
    const cursor = await create();
    const countAll = () => systemNames.map((system) => countRequests(jobyard, system));
    const before = countAll();
    for (const argument of ['after', 'before'] as const) {
      const { first: count, ...others } = variables;
      const rows = argument === 'after' ? { first: count } : { last: count };
      const { errors } = await jobyard.query(query, { ...others, ...rows, [argument]: cursor }, as('all'));
      expect(errors).toMatchObject([
        { message: expect.stringMatching(new RegExp(`^${argument}: not a cursor of this list`)), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    expect(countAll()).toEqual(before);
  });

  test('of another system is rejected by JobSystem.jobs, too', async () => {
    const list = (systemId: string, rows: string) => `{ jobSystem(id: "${systemId}") { jobs(${rows}) { pageInfo { endCursor } } } }`;
    const { endCursor } = (await ask(list('kylin', 'first: 2'))).jobSystem.jobs.pageInfo;
    await ask(list('kylin', `first: 2, after: "${endCursor}"`));
    const before = countRequests(jobyard, 'aodocs');
    const { errors } = await jobyard.query(list('aodocs', `first: 2, after: "${endCursor}"`), {}, as('all'));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(countRequests(jobyard, 'aodocs')).toBe(before);
  });

  test('of another list of Jobyard, or of the log of another job, is rejected', async () => {
    const [one, other] = [1, 2].map(() => `aodocs:${jobyard.sandboxes.aodocs.state.addJob()}`);
    const log = (id: string | undefined, rows: string) => `{ job(id: "${id}") { ... on Job { log(${rows}) { pageInfo { endCursor } } } } }`;
    const { endCursor } = (await ask(log(one, 'first: 1'))).job.log.pageInfo;
    for (const document of [log(other, `first: 1, after: "${endCursor}"`), `{ jobs(first: 1, after: "${endCursor}") { complete } }`]) {
      const before = countRequests(jobyard, 'kylin');
      const { errors } = await jobyard.query(document, {}, as('all'));
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/^after: not a cursor of this l/), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
      expect(countRequests(jobyard, 'kylin')).toBe(before);
    }
  });
});

test("another caller's cursor shows only jobs that this caller can read, and requests no other system", async () => {
  const page =
    'query ($after: String) { jobs(first: 3, after: $after) { nodes { systemId } systems { system { id } } pageInfo { endCursor } } }';
  const { endCursor } = (await ask(page)).jobs.pageInfo;
  const others = () => systemNames.filter((system) => system !== 'kylin').map((system) => countRequests(jobyard, system));
  const before = others();
  const { jobs } = await ask(page, { after: endCursor }, 'kylinOnly');
  expect(jobs.systems).toEqual([{ system: { id: 'kylin' } }]);
  expect(new Set(jobs.nodes.map(({ systemId }: { systemId: string }) => systemId))).toEqual(new Set(['kylin']));
  expect(others()).toEqual(before);
});

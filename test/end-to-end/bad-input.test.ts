import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addManyJobs, list } from './pages.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
  addManyJobs(jobyard, 5);
});
afterAll(() => jobyard.close());

const requestsSoFar = () => systemNames.map((system) => jobyard.sandboxes[system].requests.count());

/** The only error of an operation that causes no vendor request. */
async function refusal(query: string, variables: Record<string, unknown> = {}) {
  const before = requestsSoFar();
  const { errors } = await jobyard.query(query, variables);
  expect(requestsSoFar()).toEqual(before);
  expect(errors).toHaveLength(1);
  return { code: errors?.[0]?.extensions.code, message: errors?.[0]?.message ?? '' };
}

describe('BAD_USER_INPUT with a full message and no vendor request', () => {
  test.each([-1, 501, 5000])('first: %i', async (first) => {
    const message = `first: expected 0 to 500, got ${first}.`;
    expect(await refusal(`{ jobs(first: ${first}) { complete } }`)).toEqual({ code: 'BAD_USER_INPUT', message });
    expect(await refusal(`{ jobSystem(id: "kylin") { jobs(first: ${first}) { complete } } }`)).toEqual({ code: 'BAD_USER_INPUT', message });
  });

  test('last, and both directions at once', async () => {
    expect(await refusal('{ jobs(last: 501) { complete } }')).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'last: expected 0 to 500, got 501.',
    });
    for (const [query, named] of [
      ['first: 5, last: 5', 'last: expected either first and after, or last and before, got first and last.'],
      ['first: 5, before: "x"', 'before: expected either first and after, or last and before, got first and before.'],
      ['after: "x", last: 5', 'last: expected either first and after, or last and before, got after and last.'],
    ]) {
      const message = `${named} Request one direction per page.`;
      expect(await refusal(`{ jobs(${query}) { complete } }`)).toEqual({ code: 'BAD_USER_INPUT', message });
      expect(await refusal(`{ jobSystem(id: "kylin") { jobs(${query}) { complete } } }`)).toEqual({ code: 'BAD_USER_INPUT', message });
    }
    const cursor = await refusal('{ jobs(before: "x") { complete } }');
    expect(cursor).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^before: not a cursor of this list .* Omit before to start/),
    });
    expect((await jobyard.query('{ jobs(first: null, last: 2) { complete } }')).errors).toBeUndefined();
  });

  test('ids in a filter that are invalid, of no system, or too many', async () => {
    const query = 'query ($ids: [ID!]!) { jobs(filter: { ids: $ids }) { complete } }';
    for (const [ids, message] of [
      [[], 'filter.ids: expected 1 to 500 ids, got none.'],
      [Array(501).fill('kylin:x'), 'filter.ids: expected 1 to 500 ids, got 501. Split them over several requests.'],
      [['kylin'], 'filter.ids: "kylin" is not a job ID: expected systemId:vendorId.'],
      [['kinetica:x'], expect.stringMatching(/^filter\.ids: /)],
      [['nowhere:1'], expect.stringMatching(/^filter\.ids: .*nowhere/)],
    ]) {
      expect(await refusal(query, { ids })).toEqual({ code: 'BAD_USER_INPUT', message });
    }
  });

  test("a system that doesn't exist, by name", async () => {
    const { code, message } = await refusal('{ jobs(filter: { systemIds: ["kylin", "kyling"] }) { complete } }');
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain('"kyling"');
    for (const system of systemNames) expect(message).toContain(system);
  });

  test.each(['cancelJobs', 'pauseJobs', 'resumeJobs', 'restartJobs', 'startJobs'])(
    '%s without ids, or with more than 2,000',
    async (mutation) => {
      const query = `mutation ($ids: [ID!]!) { ${mutation}(input: { ids: $ids }) { summary { requested } } }`;
      expect(await refusal(query, { ids: [] })).toEqual({
        code: 'BAD_USER_INPUT',
        message: 'input.ids: expected 1 to 2000 ids, got none.',
      });
      const tooMany = await refusal(query, { ids: Array(2001).fill('kylin:x') });
      expect(tooMany.code).toBe('BAD_USER_INPUT');
      expect(tooMany.message).toContain('expected 1 to 2000 ids, got 2001');
      const { data } = await jobyard.query(query, { ids: Array(2000).fill('kylin:x') });
      expect(data[mutation].summary.requested).toBe(2000);
    },
  );

  test('jobsByIds without IDs, or with more than 500', async () => {
    const query = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }';
    expect(await refusal(query, { ids: [] })).toEqual({ code: 'BAD_USER_INPUT', message: 'ids: expected 1 to 500 ids, got none.' });
    const tooMany = await refusal(query, { ids: Array(501).fill('kylin:x') });
    expect(tooMany.code).toBe('BAD_USER_INPUT');
    expect(tooMany.message).toContain('expected 1 to 500 ids, got 501');
    const { data } = await jobyard.query(query, { ids: Array(500).fill('kylin:x') });
    expect(data.jobsByIds).toHaveLength(500);
  });
});

describe('a cursor', () => {
  const query = `query ($after: String, $filter: JobFilter, $orderBy: JobOrder) {
    jobs(after: $after, filter: $filter, orderBy: $orderBy, first: 5) { nodes { id } }
  }`;
  const filter = { statuses: ['RUNNING', 'FAILED'], text: 'a' };
  const isRefused = expect.objectContaining({
    code: 'BAD_USER_INPUT',
    message: expect.stringMatching(/^after: not a cursor of this list/),
  });

  /** A true cursor of the filtered list. */
  const cursor = async () => String((await list(jobyard, { filter, first: 3 })).pageInfo.endCursor);

  test('is accepted with its own filter, however it is written', async () => {
    const same = { text: 'A', statuses: ['FAILED', 'RUNNING', 'FAILED'], types: null };
    const { errors } = await jobyard.query(query, {
      after: await cursor(),
      filter: same,
      orderBy: { field: 'CREATED_AT', direction: 'DESC' },
    });
    expect(errors).toBeUndefined();
  });

  test.each([
    ['another filter', { filter: { ...filter, text: 'b' } }],
    ['no filter', { filter: null }],
    ['a further condition', { filter: { ...filter, owners: ['etl'] } }],
    ['another direction', { filter, orderBy: { direction: 'ASC' } }],
    ['another order', { filter, orderBy: { field: 'FINISHED_AT' } }],
  ])('is rejected with %s', async (_what, listArguments) => {
    expect(await refusal(query, { after: await cursor(), ...listArguments })).toEqual(isRefused);
  });

  test('is rejected if one character was changed, at any position', async () => {
    const good = await cursor();
    for (let index = 0; index < good.length; index += 7) {
      const other = good[index] === 'A' ? 'B' : 'A';
      const altered = good.slice(0, index) + other + good.slice(index + 1);
      expect(await refusal(query, { after: altered, filter })).toEqual(isRefused);
    }
  });

  test.each(['', 'x', 'null', '{}', 'é', ' ', '='.repeat(50), 'A'.repeat(100_000)])('is rejected if it is not a cursor', async (after) => {
    expect(await refusal(query, { after, filter })).toEqual(isRefused);
    expect(await refusal(query, { after: `${await cursor()}${after || '='}`, filter })).toEqual(isRefused);
  });
});

test("an invalid argument doesn't affect the other fields", async () => {
  const { data, errors } = await jobyard.query(
    '{ systems: jobSystems { id } jobSystem(id: "kylin") { title } job(id: "nonsense") { __typename } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ jobSystem: { title: 'Apache Kylin' }, job: { __typename: 'JobNotFound' } });
});

describe('is rejected before anything is executed', () => {
  test.each([
    ['a status that does not exist', '{ jobs(filter: { statuses: [DONE] }) { complete } }'],
    ['a date that is none', '{ jobs(filter: { createdFrom: "yesterday" }) { complete } }'],
    ['a null among ids', 'mutation { cancelJobs(input: { ids: ["kylin:x", null] }) { summary { requested } } }'],
    ['no input', 'mutation { cancelJobs { summary { requested } } }'],
    ['an unknown field', '{ jobs { rows { id } } }'],
    ['an unknown condition', '{ jobs(filter: { state: RUNNING }) { complete } }'],
    ['a first that is no number', '{ jobs(first: "5") { complete } }'],
  ])('%s', async (_what, query) => {
    const { errors, data } = await jobyard.query(query);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test.each([
    ['a first that is no number', { first: '5' }],
    ['a date that is none', { filter: { createdFrom: '2026-02-31' } }],
    ['ids that are objects', { filter: { systemIds: [{}] } }],
  ])('a variable with %s', async (_what, variables) => {
    const { code } = await refusal(
      'query ($filter: JobFilter, $first: Int) { jobs(filter: $filter, first: $first) { complete } }',
      variables,
    );
    expect(code).toBe('BAD_USER_INPUT');
  });
});

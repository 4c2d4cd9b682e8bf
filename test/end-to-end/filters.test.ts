import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, access: accessFor({ all: ['jobs:read', 'systems:read'], kylin: ['jobs:read@kylin'] }) });
});
afterAll(() => jobyard.close());

const uses: [string, (filter: object) => [query: string, variables: object]][] = [
  ['jobs', (filter) => ['query ($filter: JobFilter) { jobs(filter: $filter) { complete } }', { filter }]],
  [
    'JobSystem.jobs',
    (filter) => ['query ($filter: JobFilter) { jobSystem(id: "kylin") { jobs(filter: $filter) { complete } } }', { filter }],
  ],
  [
    'previewBulkAction',
    (filter) => ['query ($filter: JobFilter!) { previewBulkAction(action: CANCEL, filter: $filter) { matchedCount } }', { filter }],
  ],
];

describe.each(uses)('an unknown name in the filter of %s is rejected without a vendor request', (_use, toRequest) => {
  const run = (filter: object, caller: string) => jobyard.query(...(toRequest(filter) as [string, Record<string, unknown>]), as(caller));

  test.each([
    ['vendors', 'vendor'],
    ['systemIds', 'system'],
  ])('%s', async (name, kind) => {
    const known = systemNames.join(', ');
    const before = Object.values(jobyard.sandboxes).map(({ requests }) => requests.all().length);
    for (const unknown of ['Kylin', '', 'x'.repeat(1_000)]) {
      const { errors } = await run({ [name]: ['kylin', unknown] }, 'all');
      expect(errors).toMatchObject([
        {
          message: `filter.${name}: expected a ${kind} (${known}), got "${unknown.slice(0, 100)}".`,
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    }
    expect(Object.values(jobyard.sandboxes).map(({ requests }) => requests.all().length)).toEqual(before);
  });
});

test("a vendor of systems that the caller can't read counts as unknown", async () => {
  const { errors } = await jobyard.query('{ jobs(filter: { vendors: ["aodocs"] }) { complete } }', {}, as('kylin'));
  expect(errors).toMatchObject([{ message: 'filter.vendors: expected a vendor (kylin), got "aodocs".' }]);
});

test('names are found with any spelling of their accents, in lists of all systems', async () => {
  const { kinetica, aodocs } = jobyard.sandboxes;
  const decomposed = `kinetica:${kinetica.state.addJob({ authId: 'zoe\u0308' })}`;
  const composed = `aodocs:${aodocs.state.addJob({ status: 'IN_PROGRESS', requestor: 'zo\u00eb@example.com' })}`;
  const find = async (filter: object) => {
    const { data } = await jobyard.query(
      'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } complete } }',
      { filter },
      as('all'),
    );
    expect(data.jobs.complete).toBe(true);
    return data.jobs.nodes.map(({ id }: { id: string }) => id);
  };
  expect(await find({ owners: ['zo\u00eb'] })).toEqual([decomposed]);
  expect(await find({ owners: ['zoe\u0308@example.com'] })).toEqual([composed]);
});

test('100,000 owners in one filter are handled quickly', async () => {
  const owners = Array.from({ length: 100_000 }, (_, index) => index.toString(36));
  const { data, errors } = await jobyard.query(
    'query ($filter: JobFilter) { jobs(first: 500, filter: $filter) { edges { cursor } complete } }',
    { filter: { owners } },
    as('all'),
  );
  expect(errors).toBeUndefined();
  expect(data.jobs).toEqual({ edges: [], complete: true });
});

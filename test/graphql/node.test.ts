import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob, countRequests, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

const nodes = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id ... on Job { status problem { code } } ... on JobSystem { title } ... on BulkOperation { reason } }
}`;
const node = 'query ($id: ID!) { node(id: $id) { __typename id ... on Job { status } } }';

let jobyard: WithSandboxes;
let operationId: string;
beforeAll(async () => {
  const access = accessFor({
    admin: ['jobs:read', 'jobs:cancel', 'systems:read'],
    reader: ['jobs:read@kylin'],
    nobody: ['audit:read'],
  });
  jobyard = await startWithSandboxes({ jobs: 0, access, store: await openEmptyStore() });
  addJob(jobyard, 'kinetica');
  const started = await jobyard.query(
    'mutation { startBulkAction(input: { action: CANCEL, filter: { systemIds: ["kinetica"] }, reason: "a test" }) { ... on BulkOperation { id } } }',
    {},
    as('admin'),
  );
  operationId = started.data.startBulkAction.id;
  return () => jobyard.close();
});

describe('nodes', () => {
  test('are jobs, systems, and bulk operations, in the order of their IDs', async () => {
    const id = addJob(jobyard, 'kylin');
    const { data, errors } = await jobyard.query(nodes, { ids: ['kylin', id, operationId, 'nothing', id] }, as('admin'));
    expect(errors).toBeUndefined();
    const job = { __typename: 'Job', id, status: 'RUNNING', problem: null };
    expect(data.nodes).toEqual([
      { __typename: 'JobSystem', id: 'kylin', title: expect.any(String) },
      job,
      { __typename: 'BulkOperation', id: operationId, reason: 'a test' },
      null,
      job,
    ]);
  });

  test.each(systemNames)('of %s are read together, like jobsByIds', async (system) => {
    const { sandboxes, query, close } = await startWithSandboxes({ jobs: 0 });
    onTestFinished(close);
    const { requests } = sandboxes[system];
    const addTwo = () => [addJob({ ...jobyard, sandboxes }, system), addJob({ ...jobyard, sandboxes }, system)];
    const jobsByIds = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }';
    // The first read also logs in.
    await query(jobsByIds, { ids: addTwo() });
    const before = requests.count();
    await query(jobsByIds, { ids: addTwo() });
    const usual = requests.count() - before;
    const ids = addTwo();
    const { data } = await query(nodes, { ids: [...ids, ...ids] });
    expect(data.nodes.map(({ id }: { id: string }) => id)).toEqual([...ids, ...ids]);
    expect(requests.count() - before).toBe(2 * usual);
  });

  test.each(systemNames)('that %s doesn’t have, or can’t have, are null', async (system) => {
    const ids = [unknownIds[system], `${system}:\u0000`, 'nosystem:1', ':', ''];
    const { data, errors } = await jobyard.query(nodes, { ids }, as('admin'));
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual(ids.map(() => null));
  });

  test('of an unavailable system are jobs with the problem', async () => {
    const id = addJob(jobyard, 'kylin');
    failReads(jobyard, 'kylin', { kind: 'reset', applied: false });
    onTestFinished(() => jobyard.sandboxes.kylin.faults.clear());
    const { data } = await jobyard.query(nodes, { ids: [id] }, as('admin'));
    expect(data.nodes).toEqual([{ __typename: 'Job', id, status: 'UNKNOWN', problem: { code: 'SYSTEM_UNAVAILABLE' } }]);
  });

  test('more than 500 are rejected', async () => {
    const { errors } = await jobyard.query(nodes, { ids: Array.from({ length: 501 }, () => 'kylin') }, as('admin'));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a node that the caller can’t read is null', () => {
  test.each([
    ['reader', 'of another system', () => addJob(jobyard, 'kinetica')],
    ['reader', 'that is a system', () => 'kylin'],
    ['reader', 'that is a bulk operation of another system', () => operationId],
    ['nobody', 'of any system', () => addJob(jobyard, 'kylin')],
    ['nobody', 'that is a bulk operation', () => operationId],
  ])('%s, %s', async (caller, _which, addNode) => {
    const id = addNode();
    expect(await jobyard.query(node, { id }, as(caller))).toEqual({ data: { node: null } });
    expect((await jobyard.query(node, { id }, as('admin'))).data.node).toMatchObject({ id });
  });
});

test('a node that is selected by its ID alone costs no vendor request', async () => {
  const id = addJob(jobyard, 'aodocs');
  const before = countRequests(jobyard, 'aodocs');
  const { data } = await jobyard.query('query ($id: ID!) { node(id: $id) { __typename id ... on Job { vendorId } } }', { id }, as('admin'));
  expect(data.node).toMatchObject({ __typename: 'Job', id });
  expect(countRequests(jobyard, 'aodocs')).toBe(before);
});

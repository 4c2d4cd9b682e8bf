import { beforeAll, describe, expect, test, vi } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { failAction } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { controlBulk, readOperation, startBulk, waitForEnd } from './start-bulk.ts';

const admin = as('admin');
let jobyard: WithSandboxes;
/** One item met an invalid response, some succeeded, and the rest was canceled before it was sent. */
let id: string;
let succeeded: number;

beforeAll(async () => {
  const scopes = ['jobs:read', 'jobs:cancel'];
  jobyard = await startWithSandboxes({ jobs: 0, store: openEmptyStore(), access: accessFor({ admin: scopes, other: scopes }) });
  for (let index = 0; index < 8; index += 1) jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  failAction(jobyard, 'aodocs', { kind: 'answer', status: 400, applied: false });
  ({ id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'], statuses: ['RUNNING'] }, maxPerSecond: 4 }, admin));
  const readUntil = (isThere: (operation: { counts: { succeeded: number }; finishedAt: string | null }) => boolean) =>
    vi.waitUntil(async () => {
      const operation = await readOperation(jobyard, id, admin);
      return isThere(operation) && operation;
    }, 20_000);
  await readUntil(({ counts }) => counts.succeeded > 0);
  await controlBulk(jobyard, 'cancelBulkOperation', id, admin);
  succeeded = (await readUntil(({ finishedAt }) => finishedAt !== null)).counts.succeeded;
  return () => jobyard.close();
}, 60_000);

async function read(selection: string, variables = {}, caller = admin) {
  const query = `query ($id: ID!) { bulkOperation(id: $id) { ${selection} } }`;
  const { data, errors } = await jobyard.query(query, { id, ...variables }, caller);
  expect(errors).toBeUndefined();
  return data.bulkOperation;
}

describe('the outcomes of a bulk operation', () => {
  test('are counted by outcome and code, and add up to its finished items', async () => {
    const { outcomes, counts } = await read('outcomes { status outcome code count message } counts { selected }');
    const rejected = {
      status: 'FAILED',
      outcome: 'SYSTEM_UNAVAILABLE',
      code: 'INVALID_VENDOR_RESPONSE',
      count: 1,
      message: expect.any(String),
    };
    const message = 'Not sent: the bulk operation was canceled.';
    const unsent = { status: 'FAILED', outcome: 'NOT_ATTEMPTED', code: 'NOT_ATTEMPTED', count: 7 - succeeded, message };
    const confirmed = { status: 'SUCCEEDED', outcome: 'CONFIRMED', code: null, count: succeeded, message: null };
    expect(outcomes).toHaveLength(3);
    expect(outcomes).toEqual(expect.arrayContaining([rejected, unsent, confirmed]));
    const total = outcomes.map(({ count }: { count: number }) => count);
    expect(total).toEqual(total.toSorted((a: number, b: number) => b - a));
    expect(total.reduce((sum: number, count: number) => sum + count, 0)).toBe(counts.selected);
  });

  test.each([
    ['outcomes: [CONFIRMED]', () => succeeded],
    ['outcomes: [CONFIRMED, SYSTEM_UNAVAILABLE]', () => succeeded + 1],
    ['codes: [NOT_ATTEMPTED]', () => 7 - succeeded],
    ['codes: [NOT_ATTEMPTED], status: SUCCEEDED', () => 0],
    ['outcomes: [CONTRADICTED]', () => 0],
    ['outcomes: []', () => 0],
    ['systemIds: ["aodocs"]', () => 8],
    ['systemIds: []', () => 0],
    ['systemIds: ["aodocs"], codes: [INVALID_VENDOR_RESPONSE]', () => 1],
  ])('select items: %s', async (condition, count) => {
    const { items } = await read(`items(${condition}) { nodes { outcome result { __typename } } pageInfo { hasNextPage } }`);
    expect(items.nodes).toHaveLength(count());
    expect(items.pageInfo.hasNextPage).toBe(false);
  });

  test('of other systems are an error', async () => {
    const query = `query ($id: ID!) { bulkOperation(id: $id) { items(systemIds: ["aodocs", "kylin"]) { nodes { jobId } } } }`;
    const message = 'systemIds: expected systems of the bulk operation (aodocs), got "kylin".';
    expect((await jobyard.query(query, { id }, admin)).errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('page by page', async () => {
    const page = await read('items(codes: [NOT_ATTEMPTED], first: 1) { nodes { jobId } pageInfo { endCursor hasNextPage } }');
    const { endCursor, hasNextPage } = page.items.pageInfo;
    expect(hasNextPage).toBe(succeeded < 6);
    const rest = await read(`items(codes: [NOT_ATTEMPTED], after: "${endCursor}") { nodes { jobId } }`);
    expect(rest.items.nodes).toHaveLength(6 - succeeded);
    expect(rest.items.nodes).not.toContainEqual(page.items.nodes[0]);
  });
});

test.each([
  ['', 1],
  ['(actions: [CANCEL])', 1],
  ['(actions: [PAUSE, RESTART])', 0],
  ['(startedBy: ["key:admin", "key:nobody"])', 1],
  ['(startedBy: ["key:other"])', 0],
  ['(actions: [CANCEL], startedBy: ["key:admin"], statuses: [CANCELLED])', 1],
])('bulkOperations%s', async (condition, count) => {
  const { data } = await jobyard.query(`{ bulkOperations${condition} { nodes { id } } }`, {}, as('other'));
  expect(data.bulkOperations.nodes).toHaveLength(count);
});

test.each([
  [[], 'startedBy: expected 1 to 100 callers, got none.'],
  [Array(101).fill('key:admin'), 'startedBy: expected 1 to 100 callers, got 101. Split them over several requests.'],
])('bulkOperations rejects a wrong number of callers', async (startedBy, message) => {
  const query = 'query ($startedBy: [String!]) { bulkOperations(startedBy: $startedBy) { nodes { id } } }';
  const { errors } = await jobyard.query(query, { startedBy }, admin);
  expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  expect((await jobyard.query(query, { startedBy: Array(100).fill('key:admin') }, admin)).data.bulkOperations.nodes).toHaveLength(1);
});

test('a retry by no code is an error', async () => {
  const query = 'mutation ($id: ID!) { retryFailedBulkItems(id: $id, codes: []) { __typename } }';
  const message = 'codes: expected at least one code. Omit it to retry all failed items.';
  expect((await jobyard.query(query, { id }, admin)).errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a retry by code changes only items with that code', async () => {
  const retry = async (codes: string) => {
    const query = `mutation ($id: ID!) {
      retryFailedBulkItems(id: $id, codes: ${codes}) { ... on BulkOperation { id } ... on BulkOperationError { code message } }
    }`;
    return (await jobyard.query(query, { id }, admin)).data.retryFailedBulkItems;
  };
  expect(await retry('[TIMED_OUT, ACCESS_DENIED]')).toEqual({
    code: 'WRONG_STATUS',
    message: 'No item of the bulk operation has failed with TIMED_OUT or ACCESS_DENIED.',
  });
  expect(await retry('[INVALID_VENDOR_RESPONSE]')).toEqual({ id });
  await waitForEnd(jobyard, id, 20_000, admin);
  const { outcomes } = await read('outcomes { outcome count }');
  expect(outcomes).toEqual(
    expect.arrayContaining([
      { outcome: 'CONFIRMED', count: succeeded + 1 },
      { outcome: 'NOT_ATTEMPTED', count: 7 - succeeded },
    ]),
  );
});

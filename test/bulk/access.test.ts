import { expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import type { WithSandboxes } from '../start.ts';
import { controlBulk, previewBulk, readItems, readOperation, startBulk, startPopulated, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;

test("acts with its caller's permissions, is visible to callers that can read all its systems, and accepts commands from callers that can act on them", {
  timeout,
}, async () => {
  const access = accessFor({
    admin: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'],
    half: ['jobs:read@kylin', 'jobs:read@aodocs', 'jobs:cancel@kylin', 'systems:read'],
    reader: ['jobs:read', 'systems:read'],
    stranger: ['jobs:read@kinetica', 'jobs:cancel@kinetica', 'systems:read'],
    operator: ['jobs:read', 'jobs:operate', 'systems:read'],
  });
  const { jobyard, ids } = await startPopulated({ access });
  const filter = { statuses: ['RUNNING'] };
  const preview = await previewBulk(jobyard, 'CANCEL', filter, as('half'));
  expect(preview.systems.map(({ system }: { system: { id: string } }) => system.id)).toEqual(['aodocs', 'kylin']);
  expect(preview).toMatchObject({ matchedCount: 5, availableCount: 2, predictedFailures: [{ code: 'ACCESS_DENIED', count: 3 }] });
  // The token is its caller's.
  expect(await startBulk(jobyard, { filter, previewToken: preview.token }, as('admin'))).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  const started = await startBulk(jobyard, { filter, previewToken: preview.token }, as('half'));
  const asAdmin: Pick<WithSandboxes, 'query'> = { query: (query, variables) => jobyard.query(query, variables, as('admin')) };
  expect(await waitForEnd(asAdmin, started.id)).toMatchObject({
    status: 'PARTIALLY_SUCCEEDED',
    startedBy: 'key:half',
    systems: [{ counts: { failed: 3 } }, { counts: { succeeded: 2 } }],
  });
  const items = await readItems(asAdmin, started.id);
  for (const { jobId, result } of items) expect(result.__typename).toBe(jobId.startsWith('kylin') ? 'CancelSuccess' : 'AccessDenied');
  expect(jobyard.sandboxes.aodocs.requests.count('POST', '/cancel')).toBe(0);
  expect(items).toHaveLength(5);
  expect(ids.kylin).toContain(items.find(({ jobId }) => jobId.startsWith('kylin')).jobId);

  expect(await readOperation(jobyard, started.id, as('reader'))).toMatchObject({ id: started.id });
  expect(await readOperation(jobyard, started.id, as('stranger'))).toBeNull();
  const list = async (name: string) => (await jobyard.query('{ bulkOperations { nodes { id } } }', {}, as(name))).data.bulkOperations.nodes;
  expect([await list('reader'), await list('stranger')]).toEqual([[{ id: started.id }], []]);
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', started.id, as('stranger'))).toMatchObject({
    code: 'BULK_OPERATION_NOT_FOUND',
  });
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', started.id, as('operator'))).toMatchObject({
    code: 'ACCESS_DENIED',
    systemProblems: [{ systemId: 'kylin' }],
  });
  // With the scopes of the caller that requests it: still denied on aodocs.
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', started.id, as('half'))).toMatchObject({ status: 'RUNNING' });
  expect(await waitForEnd(asAdmin, started.id)).toMatchObject({ counts: { succeeded: 2, failed: 3 } });
  expect(await startBulk(jobyard, { filter: { systemIds: ['aodocs'] } }, as('half'))).toMatchObject({
    __typename: 'BulkOperationError',
    code: 'ACCESS_DENIED',
  });
  const { errors } = await jobyard.query(
    'mutation { startBulkAction(input: { action: CANCEL, filter: {}, reason: "x" }) { __typename } }',
    {},
    as('reader'),
  );
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('excludes systems that require each caller’s own credential, with a problem', { timeout }, async () => {
  const { jobyard } = await startPopulated({
    change: (system) => (system.id === 'kylin' ? { ...system, credentials: 'passthrough' } : system),
  });
  const filter = { systemIds: ['kylin', 'aodocs'], statuses: ['RUNNING'] };
  expect(await previewBulk(jobyard, 'CANCEL', filter)).toMatchObject({
    complete: false,
    systems: [
      { status: 'END_REACHED', matchedCount: 3 },
      { status: 'ACCESS_DENIED', problem: { code: 'ACCESS_DENIED' } },
    ],
  });
  expect(await startBulk(jobyard, { filter })).toMatchObject({ code: 'INCOMPLETE_SELECTION', retryable: false });
  const started = await startBulk(jobyard, { filter, allowIncomplete: true });
  expect(await waitForEnd(jobyard, started.id)).toMatchObject({ status: 'SUCCEEDED', counts: { selected: 3 } });
  expect(jobyard.sandboxes.kylin.requests.all()).toEqual([]);
});

test('without the store, bulk operations return an error and everything else works', { timeout }, async () => {
  const { createUnavailableStore } = await import('../unavailable-store.ts');
  const { jobyard } = await startPopulated({ store: createUnavailableStore() }, { waitsForStore: false });
  const { errors } = await jobyard.query('{ bulkOperations { nodes { id } } }');
  expect(errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
  const { data } = await jobyard.query('{ jobs(first: 1) { nodes { id } complete } }');
  expect(data.jobs).toMatchObject({ complete: true });
  expect(await startBulk(jobyard, { filter: { systemIds: ['kylin'] } })).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
});

import { expect, test } from 'vitest';
import { readItems, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;

test('stores a rejection whose text no database accepts, and the results beside it', { timeout }, async () => {
  const jobyard = await startBulkWorld();
  const { state, faults, requests } = jobyard.sandboxes.aodocs;
  for (let index = 0; index < 3; index += 1) state.addJob({ status: 'IN_PROGRESS' });
  // A cut after 299 characters would split the emoji. The reason contains a NUL.
  const error = { code: 400, message: `${'x'.repeat(298)}😀 and more`, errors: [{ reason: 'in\0valid' }] };
  faults.add({
    fault: {
      kind: 'answer',
      status: 400,
      applied: false,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error }),
    },
    path: '/cancel',
  });
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'] } });
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', counts: { succeeded: 2, failed: 1 } });
  expect(requests.count('POST', '/cancel')).toBe(3);
  const [failed] = await readItems(jobyard, id, 'FAILED');
  expect(failed.result.__typename).toBe('VendorRejected');
  expect(failed.result.message).toContain('xxx…');
});

test('texts and cursors that the store can’t represent are rejected with a clear error', { timeout }, async () => {
  const jobyard = await startBulkWorld();
  const start = 'mutation($input: StartBulkActionInput!) { startBulkAction(input: $input) { __typename } }';
  const preview = 'query($filter: JobFilter!) { previewBulkAction(action: CANCEL, filter: $filter) { token } }';
  const find = 'query($id: ID!) { bulkOperation(id: $id) { id } }';
  const input = { action: 'CANCEL', filter: { owners: ['nobody'] }, reason: 'test' };
  const nul = 'expected text without the character NUL (U+0000), got some.';
  const half = 'expected valid Unicode text, got half of a surrogate pair.';
  for (const [query, variables, message] of [
    [start, { input: { ...input, reason: 'a\0b' } }, `input.reason: ${nul}`],
    [start, { input: { ...input, reason: 'a\ud83d' } }, `input.reason: ${half}`],
    [start, { input: { ...input, idempotencyKey: '\0' } }, `input.idempotencyKey: ${nul}`],
    [start, { input: { ...input, previewToken: '\0' } }, `input.previewToken: ${nul}`],
    [start, { input: { ...input, filter: { owners: ['x', '\0'] } } }, `input.filter.owners: ${nul}`],
    [preview, { filter: { text: '\ud83d' } }, `filter.text: ${half}`],
    [find, { id: '\0' }, `id: ${nul}`],
    ['mutation($id: ID!) { cancelBulkOperation(id: $id) { __typename } }', { id: '\0' }, `id: ${nul}`],
  ] as const) {
    const { errors } = await jobyard.query(query, variables);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  }

  jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'] } });
  const page = 'query($id: ID!, $after: String!) { bulkOperation(id: $id) { items(after: $after) { nodes { jobId } } } }';
  const after = Buffer.from('bulk:2147483648').toString('base64url');
  const { errors } = await jobyard.query(page, { id, after });
  expect(errors).toMatchObject([
    { message: 'after: not a cursor of this list. Omit it to start from the first page.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

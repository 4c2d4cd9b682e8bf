import { expect, test } from 'vitest';
import { isCarriedOut } from '../faults/actionable-jobs.ts';
import { takeSnapshot } from '../faults/world.ts';
import { fourSystems, systemNames } from '../start.ts';
import { controlBulk, previewBulk, readItems, readOperation, startBulk, startPopulated, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;

test('acts on all jobs that match as a preview foretold, and keeps each one’s result', { timeout }, async () => {
  const { jobyard, ids } = await startPopulated({ systems: fourSystems });
  const all = Object.values(ids).flat().sort();
  const before = takeSnapshot(jobyard.sandboxes);
  const preview = await previewBulk(jobyard, 'CANCEL', {});
  expect(takeSnapshot(jobyard.sandboxes)).toEqual(before);
  expect(preview).toMatchObject({ action: 'CANCEL', matchedCount: all.length, complete: true });
  expect(preview.sample).toHaveLength(20);
  expect(preview.sample.map(({ createdAt }: { createdAt: string }) => createdAt)).toEqual(
    preview.sample
      .map(({ createdAt }: { createdAt: string }) => createdAt)
      .sort()
      .reverse(),
  );
  expect(preview.systems.map(({ system, matchedCount, status }: never) => [(system as { id: string }).id, matchedCount, status])).toEqual(
    Object.entries(ids).map(([system, { length }]) => [system, length, 'END_REACHED']),
  );
  expect(new Date(preview.expiresAt).getTime() - Date.now()).toBeGreaterThan(3_500_000);
  const refused = preview.predictedFailures.reduce((sum: number, { count }: { count: number }) => sum + count, 0);

  const started = await startBulk(jobyard, { previewToken: preview.token, reason: '  the nightly load went wrong ' });
  expect(started).toMatchObject({ __typename: 'BulkOperation', reason: 'the nightly load went wrong', startedBy: 'anonymous', filter: {} });
  const ended = await waitForEnd(jobyard, started.id);
  const items = await readItems(jobyard, started.id);
  expect(items.map(({ jobId }) => jobId).sort()).toEqual(all);
  const of = (status: string) => items.filter((item) => item.status === status);
  expect(ended.status).toBe('PARTIALLY_SUCCEEDED');
  expect(ended.counts).toEqual({
    selected: all.length,
    pending: 0,
    succeeded: of('SUCCEEDED').length,
    failed: of('FAILED').length,
    unknown: 0,
  });
  // Two vendors also reject a job for a reason that its state doesn't show (see populate).
  expect(of('FAILED')).toHaveLength(refused + 2);
  expect(await readItems(jobyard, started.id, 'FAILED')).toEqual(of('FAILED'));
  for (const { finishedAt, attempts, result } of items) {
    expect(finishedAt).not.toBeNull();
    expect(attempts).toBe(1);
    expect(result.__typename).toMatch(/^(CancelSuccess|ActionNotAllowed|VendorRejected)$/);
  }
  for (const { jobId, result } of items) {
    const isStopped = isCarriedOut(jobyard.sandboxes, jobId, 'cancel');
    expect(`${jobId} ${isStopped}`).toBe(`${jobId} ${result.__typename === 'CancelSuccess'}`);
  }
});

test('rejects an invalid start, and stores nothing', { timeout }, async () => {
  const { jobyard, ids } = await startPopulated();
  const { kylin, aodocs } = jobyard.sandboxes;
  const running = { systemIds: ['kylin'], statuses: ['RUNNING'] };
  const seen = await previewBulk(jobyard, 'CANCEL', running);
  const [gone = ''] = ids.kylin;
  kylin.state.changeJob(gone.slice('kylin:'.length), { state: 'SUCCEED' });
  kylin.state.addJob({ state: 'RUNNING', project: 'retail', runMs: 7_200_000 });
  kylin.state.addJob({ state: 'RUNNING', project: 'retail', runMs: 7_200_000 });
  const sent = () => kylin.requests.count('PUT') + aodocs.requests.count('POST');

  expect(await startBulk(jobyard, { filter: running, previewToken: seen.token, ifChanged: 'REJECT' })).toMatchObject({
    __typename: 'ChangedSincePreview',
    code: 'CHANGED_SINCE_PREVIEW',
    previewedCount: 2,
    matchedCount: 3,
    addedCount: 2,
    removedCount: 1,
  });
  expect(await startBulk(jobyard, { filter: running, maxJobs: 2 })).toMatchObject({
    __typename: 'TooManyJobs',
    matchedCount: 3,
    maxJobs: 2,
  });
  expect(await startBulk(jobyard, { filter: { owners: ['nobody'] } })).toMatchObject({
    __typename: 'NoJobsMatched',
    code: 'NO_JOBS_MATCHED',
  });
  // A preview of another filter, of another action, and one that never was.
  for (const other of [{ filter: { systemIds: ['kylin'] } }, { filter: running, action: 'PAUSE' }]) {
    expect(await startBulk(jobyard, { ...other, previewToken: seen.token })).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  }
  expect(await startBulk(jobyard, { filter: running, previewToken: 'mine' })).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  expect(await startBulk(jobyard, { action: 'START', filter: running })).toMatchObject({
    __typename: 'BulkOperationError',
    code: 'ACTION_NOT_SUPPORTED',
    systemProblems: [{ systemId: 'kylin', code: 'ACTION_NOT_SUPPORTED' }],
  });
  aodocs.faults.add({ fault: { kind: 'answer', status: 500, applied: false }, times: 'always' });
  const both = { systemIds: ['kylin', 'aodocs'], statuses: ['RUNNING'] };
  expect(await previewBulk(jobyard, 'CANCEL', both)).toMatchObject({
    complete: false,
    matchedCount: 3,
    systems: [{ status: 'UNAVAILABLE', problem: { systemId: 'aodocs' } }, { status: 'END_REACHED' }],
  });
  expect(await startBulk(jobyard, { filter: both })).toMatchObject({
    __typename: 'BulkOperationError',
    code: 'INCOMPLETE_SELECTION',
    systemProblems: [{ systemId: 'aodocs' }],
  });
  expect(sent()).toBe(0);
  const { data } = await jobyard.query('{ bulkOperations { nodes { id } pageInfo { hasNextPage } } }');
  expect(data.bulkOperations).toEqual({ nodes: [], pageInfo: { hasNextPage: false } });

  const input = { action: 'CANCEL', filter: {}, reason: 'test' };
  for (const [wrong, words] of [
    [{ reason: ' ' }, 'input.reason: expected 1 to 1000 characters, got 0.'],
    [{ maxJobs: 0 }, 'input.maxJobs: expected 1 to 100000, got 0.'],
    [{ maxPerSecond: 0 }, 'input.maxPerSecond: expected 0.01 to 10000, got 0.'],
    [{ idempotencyKey: '' }, 'input.idempotencyKey: expected 1 to 200 characters, got 0.'],
    [{ filter: { systemIds: ['kilyn'] } }, `filter.systemIds: expected a system (${systemNames.join(', ')}), got "kilyn".`],
  ] as const) {
    const mutation = 'mutation($input: StartBulkActionInput!) { startBulkAction(input: $input) { __typename } }';
    const { errors } = await jobyard.query(mutation, { input: { ...input, ...wrong } });
    expect(errors).toMatchObject([{ message: words, extensions: { code: 'BAD_USER_INPUT' } }]);
  }

  // With allowIncomplete, the operation skips the unavailable system.
  const started = await startBulk(jobyard, { filter: both, allowIncomplete: true });
  expect(await waitForEnd(jobyard, started.id)).toMatchObject({
    status: 'SUCCEEDED',
    counts: { selected: 3, succeeded: 3 },
    systems: [
      { system: { id: 'aodocs' }, counts: { selected: 0 }, problem: { systemId: 'aodocs' } },
      { system: { id: 'kylin' }, problem: null },
    ],
  });
});

test('the same key with the same input gives the same operation', { timeout }, async () => {
  const { jobyard } = await startPopulated();
  const input = { filter: { systemIds: ['kylin'] }, idempotencyKey: 'monday' };
  const [one, other] = await Promise.all([startBulk(jobyard, input), startBulk(jobyard, input)]);
  expect(one.__typename).toBe('BulkOperation');
  expect(other.id).toBe(one.id);
  expect(await startBulk(jobyard, { ...input, reason: 'another' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  await waitForEnd(jobyard, one.id);
  expect((await startBulk(jobyard, input)).id).toBe(one.id);
  // A failed start releases its key.
  const none = { filter: { owners: ['nobody'] }, idempotencyKey: 'tuesday' };
  expect(await startBulk(jobyard, none)).toMatchObject({ __typename: 'NoJobsMatched' });
  expect((await startBulk(jobyard, { ...input, idempotencyKey: 'tuesday' })).__typename).toBe('BulkOperation');
});

test('other actions, too; and pages of operations', { timeout }, async () => {
  const { jobyard } = await startPopulated();
  const filter = { systemIds: ['kylin'], availableAction: 'PAUSE' };
  const paused = await startBulk(jobyard, { action: 'PAUSE', filter });
  expect(await waitForEnd(jobyard, paused.id)).toMatchObject({ status: 'SUCCEEDED', action: 'PAUSE', filter });
  const results = (await readItems(jobyard, paused.id)).map(({ result }) => result);
  expect(results).toEqual([{}, {}].map(() => ({ __typename: 'JobActionSuccess', action: 'PAUSE', performed: 'CONFIRMED' })));
  for (const { state } of jobyard.sandboxes.kylin.state.jobs()) expect(state).not.toBe('RUNNING');

  const failed = await startBulk(jobyard, { filter: { systemIds: ['kylin'], statuses: ['SUCCEEDED'] } });
  expect(await waitForEnd(jobyard, failed.id)).toMatchObject({ status: 'FAILED', problem: null, counts: { failed: 2, succeeded: 0 } });
  const list = async (after: string | null, statuses: string[] | null = null) => {
    const query = `query($after: String, $statuses: [BulkOperationStatus!]) { bulkOperations(first: 1, after: $after, statuses: $statuses) {
      nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
    return (await jobyard.query(query, { after, statuses })).data.bulkOperations;
  };
  const first = await list(null);
  expect(first).toMatchObject({ nodes: [{ id: failed.id }], pageInfo: { hasNextPage: true } });
  expect(await list(first.pageInfo.endCursor)).toMatchObject({ nodes: [{ id: paused.id }], pageInfo: { hasNextPage: false } });
  expect(await list(null, ['SUCCEEDED'])).toMatchObject({ nodes: [{ id: paused.id }] });
  expect(await readOperation(jobyard, 'none')).toBeNull();
  expect(await controlBulk(jobyard, 'cancelBulkOperation', 'none')).toMatchObject({ code: 'BULK_OPERATION_NOT_FOUND' });
});

import { expect, test } from 'vitest';
import { findPreview, keepPreview, removeExpiredPreviews } from '../../src/bulk/kept-preview.ts';
import { selectJobs } from '../../src/bulk/select.ts';
import type { SystemConfig } from '../../src/config/systems.ts';
import { accessFor, as } from '../access/callers.ts';
import { blocksOf, page } from '../docs/markdown.ts';
import { cancelSupport, connectMemory } from '../jobs/memory-adapter.ts';
import type { WithSandboxes } from '../start.ts';
import { openTestStore } from '../store.ts';
import { dependenciesOf, unreadQueue } from './dependencies.ts';
import { operationFields, previewBulk, readItems, startBulk, startBulkWorld, startPopulated, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;
const running = { systemIds: ['kylin', 'aodocs'], statuses: ['RUNNING'] };

/** Jobs change meanwhile: one of Kylin's succeeds, one is discarded, one is deleted, and new ones are created. */
function goOn({ sandboxes }: WithSandboxes, [ended = '', discarded = '', gone = '']: readonly string[]): void {
  const { state } = sandboxes.kylin;
  const vendorId = (id: string) => id.slice('kylin:'.length);
  state.changeJob(vendorId(ended), { state: 'SUCCEED' });
  state.changeJob(vendorId(discarded), { state: 'DISCARDED' });
  state.removeJob(vendorId(gone));
  state.addJob({ state: 'RUNNING' });
  sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
}

async function startLiveWorld(options = {}) {
  const jobyard = await startBulkWorld(options);
  const { kylin, aodocs } = jobyard.sandboxes;
  const kylinIds = Array.from({ length: 4 }, () => `kylin:${kylin.state.addJob({ state: 'RUNNING' })}`);
  const aodocsIds = Array.from({ length: 2 }, () => `aodocs:${aodocs.state.addJob({ status: 'IN_PROGRESS' })}`);
  return { jobyard, kylinIds, ids: [...kylinIds, ...aodocsIds] };
}

test('a start acts on exactly the jobs that were previewed, whatever became of them, and lists no system again', { timeout }, async () => {
  const { jobyard, ids, kylinIds } = await startLiveWorld();
  const { kylin, aodocs } = jobyard.sandboxes;
  const { token, matchedCount } = await previewBulk(jobyard, 'CANCEL', running);
  expect(matchedCount).toBe(6);
  goOn(jobyard, kylinIds);
  kylin.requests.clear();
  aodocs.requests.clear();
  // Selecting alone: nothing is sent for a day.
  const slow = await startBulk(jobyard, { filter: running, previewToken: token, maxPerSecond: 0.01 });
  expect(slow).toMatchObject({ __typename: 'BulkOperation', counts: { selected: 6 } });
  expect(aodocs.requests.all().filter(({ target }) => target.includes('/libraries/'))).toEqual([]);
  // By id, if at all.
  expect(kylin.requests.all().filter(({ method, target }) => method === 'GET' && !target.includes('key='))).toEqual([]);

  const { id } = await startBulk(jobyard, { filter: running, previewToken: token });
  const ended = await waitForEnd(jobyard, id);
  expect(ended).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', counts: { selected: 6, succeeded: 4, failed: 2 } });
  const items = await readItems(jobyard, id);
  expect(items.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
  const resultOf = (jobId: string | undefined) => items.find((item) => item.jobId === jobId)?.result;
  expect(resultOf(kylinIds[0])).toMatchObject({ __typename: 'ActionNotAllowed', code: 'WRONG_STATUS' });
  expect(resultOf(kylinIds[1])).toMatchObject({ __typename: 'CancelSuccess', cancelled: 'ALREADY_DONE' });
  expect(resultOf(kylinIds[2])).toMatchObject({ __typename: 'JobNotFound', code: 'JOB_NOT_FOUND' });
  expect(resultOf(kylinIds[3])).toMatchObject({ __typename: 'CancelSuccess' });
  // The new ones run on.
  const { data } = await jobyard.query('query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }', { filter: running });
  expect(data.jobs.nodes).toHaveLength(2);
});

test('a start returns ChangedSincePreview if requested and other jobs match than were previewed', { timeout }, async () => {
  const { jobyard, kylinIds } = await startLiveWorld();
  const { token } = await previewBulk(jobyard, 'CANCEL', running);
  const input = { filter: running, previewToken: token };
  goOn(jobyard, kylinIds);
  expect(await startBulk(jobyard, { ...input, ifChanged: 'REJECT' })).toMatchObject({
    __typename: 'ChangedSincePreview',
    previewedCount: 6,
    matchedCount: 5,
    addedCount: 2,
    removedCount: 3,
  });
  // The token is still valid for a start with the jobs of the preview.
  expect(await startBulk(jobyard, { ...input, ifChanged: 'ACT_ON_PREVIEWED' })).toMatchObject({ counts: { selected: 6 } });
  const again = await previewBulk(jobyard, 'CANCEL', { owners: ['nobody'] });
  const nothing = { filter: { owners: ['nobody'] }, previewToken: again.token };
  expect(await startBulk(jobyard, nothing)).toMatchObject({ __typename: 'NoJobsMatched' });
});

test('the filter can be omitted; a given filter, the action, and the caller must match the preview', { timeout }, async () => {
  const access = accessFor({ one: ['jobs:read', 'jobs:cancel', 'jobs:operate'], other: ['jobs:read', 'jobs:cancel'] });
  const { jobyard } = await startLiveWorld({ access });
  const one = as('one');
  const preview = await previewOnceReady(jobyard, one);
  const withToken = { filter: undefined, previewToken: preview.token };
  expect(await startBulk(jobyard, { ...withToken, action: 'PAUSE' }, one)).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  expect(await startBulk(jobyard, withToken, as('other'))).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  expect(await startBulk(jobyard, { ...withToken, filter: { statuses: ['RUNNING'] } }, one)).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  expect(await startBulk(jobyard, { ...withToken, maxJobs: 5 }, one)).toMatchObject({
    __typename: 'TooManyJobs',
    matchedCount: 6,
    maxJobs: 5,
  });
  const started = await startBulk(jobyard, withToken, one);
  expect(started).toMatchObject({ filter: running, counts: { selected: 6 } });
  const same = { ...running, statuses: ['RUNNING', 'RUNNING'] };
  expect(await startBulk(jobyard, { ...withToken, filter: same }, one)).toMatchObject({ counts: { selected: 6 } });

  const mutation = 'mutation($input: StartBulkActionInput!) { startBulkAction(input: $input) { __typename } }';
  for (const [wrong, message] of [
    [{}, 'input.filter: expected a filter or a previewToken, got neither.'],
    [{ filter: null }, 'input.filter: expected a filter or a previewToken, got neither.'],
    [{ filter: {}, ifChanged: 'REJECT' }, 'input.ifChanged: expected a previewToken with REJECT, got none.'],
  ] as const) {
    const { errors } = await jobyard.query(mutation, { input: { action: 'CANCEL', reason: 'test', ...wrong } }, one);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

test('a retried start with an idempotency key returns its operation even if its preview has expired', { timeout }, async () => {
  const store = openTestStore();
  const { jobyard } = await startLiveWorld({ store });
  const { token } = await previewBulk(jobyard, 'CANCEL', running);
  const input = { filter: undefined, previewToken: token, idempotencyKey: 'monday' };
  const started = await startBulk(jobyard, input);
  await store.query(`UPDATE jobyard.bulk_preview SET created_at = created_at - interval '61 minutes'`);
  expect(await startBulk(jobyard, input)).toMatchObject({ id: started.id });
  expect(await startBulk(jobyard, { ...input, reason: 'another' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  for (const idempotencyKey of [null, 'tuesday']) {
    expect(await startBulk(jobyard, { ...input, idempotencyKey })).toMatchObject({ code: 'PREVIEW_NOT_FOUND' });
  }
  const { data } = await jobyard.query('{ bulkOperations { nodes { id } } }');
  expect(data.bulkOperations.nodes).toEqual([{ id: started.id }]);
});

test('an incomplete preview can be started only without the incomplete system, and the error is not retryable', {
  timeout,
}, async () => {
  const { jobyard, kylinIds } = await startLiveWorld();
  const { faults } = jobyard.sandboxes.aodocs;
  faults.add({ fault: { kind: 'answer', status: 500, applied: false }, times: 'always' });
  const preview = await previewBulk(jobyard, 'CANCEL', running);
  expect(preview).toMatchObject({ complete: false });
  faults.clear();
  expect(await startBulk(jobyard, { filter: undefined, previewToken: preview.token })).toMatchObject({
    code: 'INCOMPLETE_SELECTION',
    retryable: false,
    message: expect.stringContaining('create a new preview'),
    systemProblems: [{ systemId: 'aodocs' }],
  });
  const started = await startBulk(jobyard, { filter: undefined, previewToken: preview.token, allowIncomplete: true });
  expect(started.counts.selected).toBe(4);
  const items = await readItems(jobyard, started.id);
  expect(items.map(({ jobId }) => jobId).sort()).toEqual([...kylinIds].sort());
});

test('the scopes at the start decide: jobs that can no longer be read are left out, and other actions are denied', {
  timeout,
}, async () => {
  const scopes = (kylin: string[]) => accessFor({ one: ['jobs:read@aodocs', 'jobs:cancel@aodocs', ...kylin] });
  const store = openTestStore();
  const first = await startLiveWorld({ store: leftOpen(store), access: scopes(['jobs:read@kylin', 'jobs:cancel@kylin']) });
  const { token } = await previewOnceReady(first.jobyard, as('one'));
  await first.jobyard.close();
  // Jobyard is restarted, with fewer rights for its caller and systems of the same names.
  const readsOnly = await startBulkWorld({ store: leftOpen(store), access: scopes(['jobs:read@kylin']) });
  const withToken = { filter: undefined, previewToken: token };
  await expect.poll(() => startBulk(readsOnly, withToken, as('one')), { timeout: 60_000 }).toMatchObject({ counts: { selected: 6 } });
  const { data } = await readsOnly.query(`{ bulkOperations { nodes { ${operationFields} } } }`, {}, as('one'));
  const [operation] = data.bulkOperations.nodes;
  await expect
    .poll(async () => (await readItemsAs(readsOnly, operation.id)).filter(({ status }) => status !== 'PENDING'), { timeout: 20_000 })
    .toHaveLength(6);
  const items = await readItemsAs(readsOnly, operation.id);
  for (const { jobId, result } of items) expect(result.__typename).toBe(jobId.startsWith('kylin') ? 'AccessDenied' : 'JobNotFound');
  await readsOnly.close();

  const hidden = await startBulkWorld({ store: leftOpen(store), access: scopes([]) });
  await expect
    .poll(() => startBulk(hidden, withToken, as('one')), { timeout: 60_000 })
    .toMatchObject({
      code: 'INCOMPLETE_SELECTION',
      retryable: false,
      systemProblems: [{ systemId: 'kylin', code: 'ACCESS_DENIED' }],
    });
  expect(await startBulk(hidden, { ...withToken, allowIncomplete: true }, as('one'))).toMatchObject({ counts: { selected: 2 } });
  await hidden.close();

  const rename = (system: SystemConfig) => (system.id === 'kylin' ? { ...system, id: 'kylin-2' } : system);
  const removed = await startBulkWorld({ store, access: scopes(['jobs:read@kylin']), change: rename });
  await expect
    .poll(() => startBulk(removed, withToken, as('one')), { timeout: 60_000 })
    .toMatchObject({ code: 'INCOMPLETE_SELECTION', systemProblems: [{ systemId: 'kylin', code: 'SYSTEM_NOT_FOUND' }] });
});

test('the example of docs/bulk.md starts what it previewed, on jobs that continue meanwhile', { timeout }, async () => {
  const [preview, start] = blocksOf(page('docs/bulk.md'), 'graphql').filter(({ text }) => /BulkAction\(/.test(text));
  if (!preview || !start) throw new Error('docs/bulk.md has no such example');
  const { jobyard, kylinIds } = await startLiveWorld();
  const { data } = await jobyard.query(preview.text);
  expect(data.previewBulkAction).toMatchObject({ matchedCount: 6, complete: true });
  goOn(jobyard, kylinIds);
  expect(start.text).toContain('previewToken: "…"');
  const answer = await jobyard.query(start.text.replace('"…"', JSON.stringify(data.previewBulkAction.token)));
  expect(answer).toMatchObject({ data: { startBulkAction: { id: expect.any(String), counts: { selected: 6 } } } });
});

test('a failed selection releases its idempotency key, even after the response', { timeout }, async () => {
  const { jobyard } = await startPopulated();
  const { faults } = jobyard.sandboxes.aodocs;
  const input = { filter: { systemIds: ['aodocs'], statuses: ['RUNNING'] }, idempotencyKey: 'monday' };
  faults.add({ fault: { kind: 'answer', status: 500, applied: false }, times: 'always' });
  const refused = await Promise.all([startBulk(jobyard, input), startBulk(jobyard, input)]);
  for (const { code, retryable } of refused) {
    expect(code).toMatch(/^(INCOMPLETE_SELECTION|IDEMPOTENCY_CONFLICT)$/);
    expect(retryable).toBe(true);
  }
  faults.clear();
  await expect
    .poll(() => startBulk(jobyard, input), { timeout: 30_000 })
    .toMatchObject({ __typename: 'BulkOperation', counts: { selected: 3 } });
});

test('an operation whose selection failed after its response has released its key', { timeout }, async () => {
  const store = openTestStore();
  await store.query(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete, input_hash, idempotency_key)
     VALUES ('late', 'ann', '{}', '{}', 'CANCEL', '{}', 'test', 10, false, '', 'monday')`,
  );
  await selectJobs('late', dependenciesOf(store, []), unreadQueue, new AbortController().signal);
  expect(await store.query(`SELECT status, refusal->>'kind' AS kind, idempotency_key FROM jobyard.bulk_operation`)).toEqual([
    { status: 'FAILED', kind: 'nothing', idempotency_key: null },
  ]);
});

test('previews of 100,000 jobs are kept once and small, and started within seconds', { timeout }, async () => {
  const store = openTestStore();
  const vendorIds = Array.from({ length: 100_000 }, (_, index) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`);
  const { token } = await keepPreview(store, {
    caller: 'ann',
    action: 'CANCEL',
    filter: {},
    systems: [
      {
        systemId: 'kylin',
        found: vendorIds.length,
        problem: null,
        jobs: vendorIds.map((vendorId) => ({ vendorId, name: `Job ${vendorId}` })),
      },
    ],
  });
  await addSelecting(store, 'one', token, 100_000);
  await selectJobs('one', dependenciesOf(store, [kylin]), unreadQueue, new AbortController().signal);
  expect(await store.query(`SELECT status FROM jobyard.bulk_operation WHERE id = 'one'`)).toEqual([{ status: 'RUNNING' }]);
  const [items] = await store.query(
    `SELECT count(*)::integer AS count, count(DISTINCT position)::integer AS positions, min(job_id) AS first, max(job_id) AS last,
       bool_and(job_name = 'Job ' || split_part(job_id, ':', 2)) AS named
     FROM jobyard.bulk_item`,
  );
  expect(items).toEqual({
    count: 100_000,
    positions: 100_000,
    first: `kylin:${vendorIds[0]}`,
    last: `kylin:${vendorIds.at(-1)}`,
    named: true,
  });
  expect(await store.query('SELECT selected FROM jobyard.bulk_progress')).toEqual([{ selected: 100_000 }]);
});

test('a preview of too many jobs is only counted, and its start returns TooManyJobs', {
  timeout,
}, async () => {
  const store = openTestStore();
  const many = { systemId: 'kylin', found: 100_001, problem: null, jobs: [] };
  const { token } = await keepPreview(store, { caller: 'ann', action: 'CANCEL', filter: {}, systems: [many] });
  await addSelecting(store, 'one', token, 100_000);
  await selectJobs('one', dependenciesOf(store, [kylin]), unreadQueue, new AbortController().signal);
  expect(
    await store.query(`SELECT status, refusal->>'kind' AS kind, refusal->>'matchedCount' AS found FROM jobyard.bulk_operation`),
  ).toEqual([{ status: 'FAILED', kind: 'tooMany', found: '100001' }]);
});

test('a preview that is deleted during the selection starts nothing', { timeout }, async () => {
  const store = openTestStore();
  const { token } = await keepPreview(store, { caller: 'ann', action: 'CANCEL', filter: {}, systems: [seen('kylin', 3)] });
  await addSelecting(store, 'one', token, 10);
  await store.query('DELETE FROM jobyard.bulk_preview_jobs');
  await selectJobs('one', dependenciesOf(store, [kylin]), unreadQueue, new AbortController().signal);
  expect(await store.query(`SELECT status, refusal->'problem'->>'code' AS code FROM jobyard.bulk_operation`)).toEqual([
    { status: 'FAILED', code: 'PREVIEW_NOT_FOUND' },
  ]);
});

test('of one caller’s previews the newest are kept, within a number and a size; other callers’ are left alone', { timeout }, async () => {
  const store = openTestStore();
  const keep = (caller: string, systems = [seen('kylin', 1)]) => keepPreview(store, { caller, action: 'CANCEL', filter: {}, systems });
  const other = await keep('other');
  const first = await keep('ann');
  const second = await keep('ann');
  await addSelecting(store, 'selecting', first.token, 10);
  // As if they were large.
  await store.query(`UPDATE jobyard.bulk_preview SET size = 40000000 WHERE caller = 'ann'`);
  const third = await keep('ann');
  // The first is being selected, the second and third fit.
  expect(await tokens(store)).toEqual([other.token, first.token, second.token, third.token].sort());
  await store.query(`UPDATE jobyard.bulk_operation SET status = 'RUNNING'`);
  await store.query(`UPDATE jobyard.bulk_preview SET size = 40000000 WHERE token = $1`, [third.token]);
  const fourth = await keep('ann');
  expect(await tokens(store)).toEqual([other.token, third.token, fourth.token].sort());
  await store.query(
    `INSERT INTO jobyard.bulk_preview (token, caller, action, filter, binding, size)
     SELECT 'many ' || number, 'ann', 'CANCEL', '{}', '', 1 FROM generate_series(1, 1000) AS number`,
  );
  const last = await keep('ann');
  const [row] = await store.query(`SELECT count(*)::integer AS count FROM jobyard.bulk_preview WHERE caller = 'ann'`);
  expect(row).toEqual({ count: 100 });
  expect(await tokens(store)).toContain(last.token);
  expect(await tokens(store)).toContain(other.token);
});

test('a preview is valid for an hour, then it is removed with its jobs, but not while they are selected', { timeout }, async () => {
  const store = openTestStore();
  const keep = () => keepPreview(store, { caller: 'ann', action: 'CANCEL', filter: { text: 'x' }, systems: [seen('kylin', 1)] });
  const [old, inUse, young] = [await keep(), await keep(), await keep()];
  await addSelecting(store, 'selecting', inUse.token, 10);
  const age = (token: string, minutes: number) =>
    store.query('UPDATE jobyard.bulk_preview SET created_at = now() - make_interval(mins => $2) WHERE token = $1', [token, minutes]);
  await age(old.token, 60);
  await age(inUse.token, 60);
  await age(young.token, 59);
  const find = (token: string) => findPreview({ token, caller: 'ann', action: 'CANCEL', filter: null }, store.query);
  expect(await find(old.token)).toBeNull();
  expect(await find(young.token)).toEqual({
    filter: expect.objectContaining({ text: 'x' }),
    systems: new Map([['kylin', { isMissed: true }]]),
  });
  expect(await removeExpiredPreviews(store)).toBe(false);
  expect(await tokens(store)).toEqual([inUse.token, young.token].sort());
  expect(await store.query('SELECT 1 FROM jobyard.bulk_preview_jobs')).toHaveLength(2);
});

/** A system without lists: a request to it would find no jobs. */
const kylin = connectMemory({ id: 'kylin', actions: { CANCEL: cancelSupport } }).system;

const seen = (systemId: string, found: number) => ({
  systemId,
  found,
  problem: null,
  jobs: Array.from({ length: found }, (_, index) => ({ vendorId: `${index}`, name: null })),
});

type TestStore = ReturnType<typeof openTestStore>;

async function tokens(store: TestStore): Promise<string[]> {
  const rows = await store.query<{ token: string }>('SELECT token FROM jobyard.bulk_preview');
  return rows.map(({ token }) => token).sort();
}

async function addSelecting(store: TestStore, id: string, token: string, maxJobs: number): Promise<void> {
  await store.query(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete, input_hash, preview_token)
     VALUES ($1, 'ann', '{kylin}', '{kylin}', 'CANCEL', '{}', 'test', $3, false, '', $2)`,
    [id, token, maxJobs],
  );
  await store.query(`INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size) VALUES ($1, 'kylin', 1, 1)`, [id]);
}

/** For one Jobyard after another: closing one must not close it. */
function leftOpen(store: TestStore): TestStore {
  return { ...store, close: async () => {} };
}

/** On a busy machine an embedded store takes longer to open than a caller's patience. */
async function previewOnceReady(jobyard: WithSandboxes, headers: Record<string, string>) {
  const isReady = async () => (await startBulk(jobyard, { filter: { owners: ['nobody'] } }, headers)).code !== 'STORE_UNAVAILABLE';
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
  return previewBulk(jobyard, 'CANCEL', running, headers);
}

function readItemsAs(jobyard: WithSandboxes, id: string) {
  return readItems({ query: (query, variables) => jobyard.query(query, variables, as('one')) }, id);
}

test('a caller makes five previews at one time and no more; each that ends makes room', { timeout }, async () => {
  const jobyard = await startBulkWorld({ change: (system) => ({ ...system, timeoutMs: 1_000 }) });
  const { kylin } = jobyard.sandboxes;
  const preview = (count: number) => {
    const fields = Array.from(
      { length: count },
      (_, index) => `p${index}: previewBulkAction(action: CANCEL, filter: $filter) { matchedCount }`,
    );
    return jobyard.query(`query($filter: JobFilter!) { ${fields.join(' ')} }`, { filter: { systemIds: ['kylin'] } });
  };
  kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const open = preview(5);
  await expect.poll(() => kylin.requests.count()).toBeGreaterThan(0);
  expect((await preview(1)).errors).toMatchObject([
    { message: expect.stringContaining('5 bulk previews'), extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 5 } },
  ]);
  expect((await open).errors).toBeUndefined();
  kylin.faults.clear();
  expect((await preview(5)).errors).toBeUndefined();
});

test('a preview by IDs counts the jobs that need nothing, and the items of its operation have the names of their jobs', {
  timeout,
}, async () => {
  const jobyard = await startBulkWorld();
  const { kylin, aodocs } = jobyard.sandboxes;
  const open = `kylin:${kylin.state.addJob({ state: 'RUNNING' })}`;
  const canceled = `kylin:${kylin.state.addJob({ state: 'DISCARDED' })}`;
  const ended = `aodocs:${aodocs.state.addJob({ status: 'COMPLETED' })}`;
  kylin.state.addJob({ state: 'RUNNING' });
  const filter = { ids: [open, canceled, ended] };
  const preview = await previewBulk(jobyard, 'CANCEL', filter);
  expect(preview).toMatchObject({
    matchedCount: 3,
    availableCount: 1,
    alreadyDoneCount: 1,
    predictedFailures: [{ code: 'WRONG_STATUS', count: 1 }],
  });
  const started = await startBulk(jobyard, { filter, previewToken: preview.token });
  await waitForEnd(jobyard, started.id);
  const shown = await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { id name } } }', filter);
  const names = new Map(shown.data.jobsByIds.map(({ id, name }: { id: string; name: string }) => [id, name]));
  const items = await readItems(jobyard, started.id);
  expect(items.map(({ jobId, name }) => [jobId, name]).sort()).toEqual([...names].sort());
  const finished = await previewBulk(jobyard, 'CANCEL', { ...filter, finishedTo: new Date(0).toISOString() });
  expect(finished.matchedCount).toBe(0);
});

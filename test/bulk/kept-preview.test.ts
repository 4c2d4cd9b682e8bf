import { expect, test } from 'vitest';
import { findPreview, keepPreview, removeExpiredPreviews } from '../../src/bulk/kept-preview.ts';
import { selectJobs } from '../../src/bulk/select.ts';
import { cancelSupport, connectMemory } from '../jobs/memory-adapter.ts';
import { openTestStore } from '../store.ts';
import { dependenciesOf, unreadQueue } from './dependencies.ts';

const timeout = 120_000;

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

import { expect, onTestFinished, test } from 'vitest';
import { type Migration, readMigrations } from '../../../src/store/migrate.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { UnusableStoreError } from '../../../src/store/unusable.ts';
import { readItems, readOperation, startBulk, startBulkWorld, waitForEnd } from '../../bulk/start-bulk.ts';
import { addJob, cancel } from '../../end-to-end/jobs.ts';
import { createRecordingLogger } from '../../history/parts.ts';
import { createStorePlace } from '../../store.ts';

/** What the next release might add: columns in each table that replicas change, and an index. */
const expansion = `
  ALTER TABLE jobyard.event_group ADD COLUMN added text NOT NULL DEFAULT 'new';
  ALTER TABLE jobyard.open_action ADD COLUMN added jsonb;
  ALTER TABLE jobyard.bulk_operation ADD COLUMN added text[];
  ALTER TABLE jobyard.bulk_item ADD COLUMN added integer NOT NULL DEFAULT 7;
  ALTER TABLE jobyard.idempotency_key ADD COLUMN added text;
  CREATE INDEX added_by_newer ON jobyard.event_group (added);`;

function newerMigrations(breaksOlder: boolean): Migration[] {
  return [...readMigrations(), { name: '999-expansion.sql', sql: expansion, breaksOlder }];
}

function createServerPlace() {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const open = (options: { migrations?: Migration[] }) => {
    const { lines, logger } = createRecordingLogger();
    const refusals: UnusableStoreError[] = [];
    const store = openStore({ kind: 'server', url: place.text }, logger, { ...options, onUnusable: (error) => refusals.push(error) });
    onTestFinished(() => store.close());
    return { store, lines, refusals };
  };
  return open;
}

/** Words that the next release might store. */
const unknownWords = `
  WITH known AS (SELECT * FROM jobyard.event_group ORDER BY id LIMIT 1)
  INSERT INTO jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, settled_as, job_ids, id_hashes)
  SELECT kind, recorded_at, batch_id, system_id, caller, 'FREEZE', settled_as, job_ids, id_hashes FROM known
  UNION ALL SELECT 'COMMENT', recorded_at, batch_id, system_id, caller, action, settled_as, job_ids, id_hashes FROM known
  UNION ALL SELECT kind, recorded_at, batch_id, system_id, caller, action, 'POSTPONED', job_ids, id_hashes FROM known;
  INSERT INTO jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, due_at)
  SELECT id, system_id, 'FREEZE', 'PENDING', job_ids, 0, now() FROM jobyard.event_group LIMIT 1;
  INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete, input_hash, status)
  VALUES ('unknown-action', 'anonymous', '{}', '{}', 'FREEZE', '{}', 'test', 1, false, '', 'RUNNING'),
    ('unknown-status', 'anonymous', '{}', '{}', 'CANCEL', '{}', 'test', 1, false, '', 'ARCHIVED')`;

test("an older replica works on the tables of a newer one, and ignores rows that it doesn't know", {
  timeout: 120_000,
}, async () => {
  const open = createServerPlace();
  const newer = open({ migrations: newerMigrations(false) });
  await newer.store.query('SELECT 1');
  const older = open({});
  older.store.resume();
  await older.store.opened;
  expect(older.lines).toContainEqual(
    expect.objectContaining({
      level: 40,
      migrations: ['999-expansion.sql'],
      msg: 'store: a newer Jobyard changed the tables; this version can use them',
    }),
  );
  const jobyard = await startBulkWorld({ store: older.store });

  // Actions and their events. One action is tracked to its end.
  const ids = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kinetica')];
  await cancel(jobyard, ids);
  const events = async () => {
    const { data, errors } = await jobyard.query('{ jobEvents(first: 50) { nodes { kind action outcome jobId } } }');
    expect(errors).toBeUndefined();
    return data.jobEvents.nodes as { jobId: string }[];
  };
  await expect.poll(async () => new Set((await events()).map(({ jobId }) => jobId)).size, { timeout: 20_000 }).toBe(2);
  await newer.store.query(unknownWords);
  const seen = await events();
  expect(seen.length).toBeGreaterThan(0);

  // A bulk operation beside one of the newer release's.
  addJob(jobyard, 'kylin');
  addJob(jobyard, 'kylin');
  const started = await startBulk(jobyard, { filter: { systemIds: ['kylin'], statuses: ['RUNNING'] } });
  expect((await waitForEnd(jobyard, started.id, 60_000)).status).toBe('SUCCEEDED');
  expect(await readItems(jobyard, started.id, 'PENDING')).toEqual([]);
  const { data, errors } = await jobyard.query('{ bulkOperations(first: 50) { nodes { id status } } }');
  expect(errors).toBeUndefined();
  expect(data.bulkOperations.nodes).toEqual([{ id: started.id, status: 'SUCCEEDED' }]);
  expect(await readOperation(jobyard, 'unknown-status')).toBeNull();

  // Nothing of the newer release's was changed.
  const left = await newer.store.query(`SELECT id, status FROM jobyard.bulk_operation WHERE id LIKE 'unknown%' ORDER BY id`);
  expect(left).toEqual([
    { id: 'unknown-action', status: 'RUNNING' },
    { id: 'unknown-status', status: 'ARCHIVED' },
  ]);
  expect(await newer.store.query(`SELECT 1 AS one FROM jobyard.open_action WHERE action = 'FREEZE'`)).toHaveLength(1);
  expect(await newer.store.query('SELECT DISTINCT added FROM jobyard.bulk_item')).toEqual([{ added: 7 }]);
});

test('a migration that breaks older ones keeps them out', async () => {
  const open = createServerPlace();
  const newer = open({ migrations: newerMigrations(true) });
  await newer.store.query('SELECT 1');
  const older = open({});
  await older.store.resume();
  expect(older.refusals.map(({ message }) => message)).toEqual([
    "store: a newer Jobyard changed the tables, and this version can't use them (999-expansion.sql). Start the newer version.",
  ]);
  await older.store.close();
  const again = open({ migrations: newerMigrations(true) });
  await again.store.resume();
  expect(again.refusals).toEqual([]);
});

test('a migration that was changed after it was applied is rejected', async () => {
  const open = createServerPlace();
  const first = open({});
  await first.store.query('SELECT 1');
  const edited = readMigrations().map((each) => (each.name === '040-idempotency.sql' ? { ...each, sql: `${each.sql}\n-- more` } : each));
  const second = open({ migrations: edited });
  await second.store.resume();
  expect(second.refusals.map(({ message }) => message)).toEqual([
    expect.stringContaining('040-idempotency.sql changed after it was applied'),
  ]);
  // Only the ends of its lines differ, as a checkout may have them.
  const third = open({ migrations: readMigrations().map((each) => ({ ...each, sql: each.sql.replaceAll('\n', '\r\n') })) });
  await third.store.resume();
  expect(third.refusals).toEqual([]);
});

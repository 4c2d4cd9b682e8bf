import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startBulkRetention } from '../../src/bulk/retention.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';
import { startBulkWorld } from './start-bulk.ts';

async function addOperation(store: Store, id: string, endedDaysAgo: number | null, items: number): Promise<void> {
  await store.query(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete,
       status, input_hash, created_at, finished_at)
     VALUES ($1, 'ann', '{kylin}', '{kylin}', 'CANCEL', '{}', 'test', 10, false, 'RUNNING', '', now() - interval '50 days',
       now() - $2 * interval '1 day')`,
    [id, endedDaysAgo],
  );
  await store.query(`INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size) VALUES ($1, 'kylin', 1, 100)`, [id]);
  await store.query(
    `INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id)
     SELECT $1, number, 'kylin', 'kylin:' || number FROM generate_series(1, $2) AS number`,
    [id, items],
  );
}

test('operations are removed with their items when their time is over, and no earlier', { timeout: 60_000 }, async () => {
  const store = openTestStore();
  await addOperation(store, 'old', 30.1, 5_001);
  await addOperation(store, 'older, of as many items as a portion', 40, 5_000);
  await addOperation(store, 'old without items', 30.1, 0);
  await addOperation(store, 'young', 29.9, 2);
  await addOperation(store, 'under way for long', null, 2);
  const retention = startBulkRetention({ store, retentionDays: 30, logger: pino({ level: 'silent' }) });
  onTestFinished(() => retention.close());
  const operations = () => store.query('SELECT id FROM jobyard.bulk_operation ORDER BY number');
  await expect.poll(operations, { timeout: 20_000 }).toEqual([{ id: 'young' }, { id: 'under way for long' }]);
  for (const [table, count] of [
    ['bulk_item', 4],
    ['bulk_progress', 2],
  ] as const) {
    expect(await store.query(`SELECT count(*)::integer AS count FROM jobyard.${table}`)).toEqual([{ count }]);
  }
});

test('a Jobyard keeps them for as many days as are configured', { timeout: 120_000 }, async () => {
  const store = openTestStore();
  await addOperation(store, 'old', 90.1, 1);
  await addOperation(store, 'young', 89.9, 1);
  await startBulkWorld({ store });
  const left = () => store.query(`SELECT id FROM jobyard.bulk_operation WHERE caller = 'ann'`);
  await expect.poll(left, { timeout: 20_000 }).toEqual([{ id: 'young' }]);
});

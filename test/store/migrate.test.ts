import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadCancelRecords } from '../../src/history/cancellation.ts';
import { listEventsOfJobs } from '../../src/history/event-list.ts';
import { claimDueActions } from '../../src/history/unresolved-actions.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Query } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';

const batch = '00000000-0000-4000-8000-000000000001';

/** A store as it was before 011-event-runs.sql, with one batch in it. */
async function fillOldStore(query: Query): Promise<void> {
  await query('drop schema jobyard cascade');
  for (const name of ['001-store.sql', '010-events.sql']) {
    await query(readFileSync(new URL(`../../src/store/migrations/${name}`, import.meta.url), 'utf8'));
    await query('insert into jobyard.migration (name) values ($1)', [name]);
  }
  await query(
    `with stored as (
      insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, settled_as, job_ids, sent_at_ms)
      values ('ACTION', now(), $1, 'vault', 'key:operator', 'CANCEL', 'PENDING', '{vault:1001,vault:1002,vault:1003}', '{1000,1000,2000}')
      returning *
    )
    insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, due_at)
    select id, system_id, action, settled_as, job_ids, sent_at_ms, now() from stored`,
    [batch],
  );
  await query(
    `insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, settled_as, job_ids)
    values ('ACTION', now(), $1, 'vault', 'key:operator', 'CANCEL', 'DENIED', '{vault:1004}')`,
    [batch],
  );
}

test('what an earlier version has kept of events is found, with its times, and followed', async () => {
  const store = openTestStore();
  await store.transaction(async (query) => {
    await fillOldStore(query);
    await migrate(query, { logger: pino({ level: 'silent' }) });
  });
  const jobIds = [1001, 1002, 1003, 1004].map((id) => `vault:${id}`);
  const pages = await listEventsOfJobs(store.query, jobIds, { first: 5, after: null });
  const sent = jobIds.map((jobId) => pages.get(jobId)?.events.map((event) => event.sent));
  expect(sent).toEqual([[true], [true], [true], [false]]);
  const records = await loadCancelRecords(store.query, jobIds, 0);
  expect(jobIds.map((jobId) => records.get(jobId)?.sentAt.getTime())).toEqual([1000, 1000, 2000, undefined]);
  const claimed = await claimDueActions(store, 'vault', 10);
  expect(claimed.map((action) => [action.jobId, action.sentAt.getTime()]).sort()).toEqual([
    ['vault:1001', 1000],
    ['vault:1002', 1000],
    ['vault:1003', 2000],
  ]);
  await expect(store.query("update jobyard.event_group set caller = 'key:forged'")).rejects.toThrow('append-only');
});

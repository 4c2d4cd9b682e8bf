import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadCancelRecords } from '../../src/history/cancellation.ts';
import { listEventsOfJobs } from '../../src/history/event-list.ts';
import { claimDueActions } from '../../src/history/unresolved-actions.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import type { Query } from '../../src/store/store.ts';
import { openTestStore } from '../store.ts';

const logger = pino({ level: 'silent' });
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

test('events of an earlier version are found with their times, and their actions are tracked', async () => {
  const store = openTestStore();
  await store.transaction(async (query) => {
    await fillOldStore(query);
    await migrate(query, { logger });
  });
  const jobIds = [1001, 1002, 1003, 1004].map((id) => `vault:${id}`);
  const pages = await listEventsOfJobs(store.query, jobIds, { count: 5, isBackward: false, from: null });
  const sent = jobIds.map((jobId) => pages.get(jobId)?.rows.map((event) => event.sent));
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

const earlierResults = {
  succeeded: { kind: 'succeeded', how: 'GONE' },
  rejected: { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', 'No.'), vendorCode: 'E1' },
  unknown: {
    kind: 'unknown',
    problem: createProblem('OUTCOME_UNKNOWN', 'Lost.'),
    attemptedAt: '2026-03-02T12:00:00.000Z',
    repeatIsSafe: true,
  },
  unavailable: { kind: 'unavailable', problem: createProblem('SYSTEM_UNAVAILABLE', 'Away.') },
};

/** A store as it was before 071-outcomes.sql, with what each table calls an outcome. */
async function fillStoreWithEarlierWords(query: Query): Promise<void> {
  await query('drop schema jobyard cascade');
  await migrate(query, { logger, migrations: readMigrations().filter(({ name }) => name < '071') });
  const add = async (jobId: string, kind: string, outcome: string): Promise<void> => {
    await query(
      `insert into jobyard.event_group (kind, recorded_at, batch_id, system_id, caller, action, settled_as, job_ids, id_hashes, sent_at_ms, sent_from)
       values ($1, now(), $2, 'vault', 'key:operator', 'CANCEL', $3, array[$4], jobyard.hash_ids(array[$4]), '{1000}', '{1}')`,
      [kind, batch, outcome, jobId],
    );
  };
  const words = [
    'DONE',
    'PENDING',
    'ALREADY',
    'GONE',
    'NOT_FOUND',
    'NOT_ALLOWED',
    'DENIED',
    'UNAVAILABLE',
    'REJECTED',
    'UNKNOWN',
    'NOT_ATTEMPTED',
  ];
  for (const [index, outcome] of words.entries()) await add(`vault:${index}`, 'ACTION', outcome);
  await add('vault:11', 'SETTLED', 'CONTRADICTED');
  for (const outcome of ['PENDING', 'GONE', 'UNKNOWN']) {
    await query(
      `insert into jobyard.open_action (group_id, system_id, action, outcome, job_ids, sent_at_ms, due_at)
       values (1, 'vault', 'CANCEL', $1, '{vault:1}', 1000, now())`,
      [outcome],
    );
  }
  await query(
    `insert into jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete, input_hash)
     values ('bulk', 'key:operator', '{}', '{}', 'CANCEL', '{}', 'test', 10, false, '')`,
  );
  const results = Object.values(earlierResults);
  for (const [position, result] of results.entries()) {
    await query(`insert into jobyard.bulk_item (operation_id, position, system_id, job_id, result) values ('bulk', $1, 'vault', $2, $3)`, [
      position,
      `vault:${position}`,
      JSON.stringify(result),
    ]);
  }
  await query(
    `insert into jobyard.idempotency_key (key_hash, input_hash, answer, answer_due_at) values ('kept', '', $1, now()), ('open', '', null, now())`,
    [JSON.stringify(results)],
  );
}

test('what an earlier version has called an outcome is read by the words of this one', async () => {
  const store = openTestStore();
  await store.transaction(async (query) => {
    await fillStoreWithEarlierWords(query);
    await migrate(query, { logger });
  });
  const jobIds = Array.from({ length: 12 }, (_, index) => `vault:${index}`);
  const pages = await listEventsOfJobs(store.query, jobIds, { count: 5, isBackward: false, from: null });
  const events = jobIds.flatMap((jobId) => pages.get(jobId)?.rows ?? []);
  expect(events.map(({ outcome }) => outcome)).toEqual([
    'CONFIRMED',
    'ACCEPTED',
    'ALREADY_DONE',
    'JOB_GONE',
    'JOB_NOT_FOUND',
    'ACTION_NOT_ALLOWED',
    'ACCESS_DENIED',
    'SYSTEM_UNAVAILABLE',
    'VENDOR_REJECTED',
    'OUTCOME_UNKNOWN',
    'NOT_ATTEMPTED',
    'CONTRADICTED',
  ]);
  expect(events.at(-1)?.kind).toBe('FOLLOW_UP');
  const claimed = await claimDueActions(store, 'vault', 10);
  expect(claimed.map(({ outcome }) => outcome).sort()).toEqual(['ACCEPTED', 'JOB_GONE', 'OUTCOME_UNKNOWN']);

  const expected = [
    { outcome: 'JOB_GONE' },
    { outcome: 'VENDOR_REJECTED', problem: earlierResults.rejected.problem, vendorCode: 'E1' },
    {
      outcome: 'OUTCOME_UNKNOWN',
      problem: earlierResults.unknown.problem,
      attemptedAt: earlierResults.unknown.attemptedAt,
      safeToRetry: true,
    },
    { outcome: 'SYSTEM_UNAVAILABLE', problem: earlierResults.unavailable.problem },
  ];
  const items = await store.query<{ result: unknown }>('select result from jobyard.bulk_item order by position');
  expect(items.map(({ result }) => result)).toEqual(expected);
  const keys = await store.query<{ answer: string | null }>('select answer from jobyard.idempotency_key order by key_hash');
  expect(keys.map(({ answer }) => (answer === null ? null : JSON.parse(answer)))).toEqual([expected, null]);
  await expect(store.query("update jobyard.event_group set caller = 'key:forged'")).rejects.toThrow('append-only');
});

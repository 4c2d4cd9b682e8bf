import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEventWriter } from '../../../src/history/event-writer.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { readItems, startBulk, startBulkWorld, waitForEnd } from '../../bulk/start-bulk.ts';
import { populate } from '../../faults/world.ts';
import { createRecordingLogger, newEvent } from '../../history/parts.ts';
import { createStorePlace } from '../../store.ts';
import { hasPgbouncer, startPgbouncer } from './pgbouncer.ts';

async function openThroughPooler(settings: Record<string, string>) {
  const place = createStorePlace();
  onTestFinished(place.remove);
  // The database is there once this has opened it.
  const direct = place.open();
  onTestFinished(() => direct.close());
  await direct.query('SELECT 1');
  const { lines, logger } = createRecordingLogger();
  const store = openStore({ kind: 'server', url: await startPgbouncer(place.text, settings) }, logger);
  onTestFinished(() => store.close());
  return { store, direct, lines, logger };
}

const limits = `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
  current_setting('idle_in_transaction_session_timeout') AS idle`;

describe.runIf(hasPgbouncer).each([
  ['rejects settings of connections', {}],
  ['ignores settings of connections', { ignore_startup_parameters: 'options' }],
])('behind a pooler in transaction mode that %s', (_name, settings: Record<string, string>) => {
  test('transactions have their limits, and no other connection gets them', async () => {
    const { store, lines } = await openThroughPooler(settings);
    expect(await store.transaction((query) => query(limits))).toEqual([{ statement: '1min', lock: '30s', idle: '15s' }]);
    expect(await store.query(limits)).toEqual([{ statement: '0', lock: '0', idle: '0' }]);
    expect(lines.map(({ msg }) => msg)).toContain('store: the pooler accepts no connection settings; each transaction sets its own limits');
  });

  test('events are stored, whichever connection a statement gets', async () => {
    const { store, logger } = await openThroughPooler(settings);
    const writers = Array.from({ length: 8 }, () => createEventWriter({ store, trackedSystemIds: [], onUnresolved() {}, logger }));
    for (let round = 0; round < 10; round++) {
      for (const writer of writers) writer.write([newEvent(), newEvent()]);
      await Promise.all([...writers.map((writer) => writer.flush()), store.transaction((query) => query('SELECT pg_sleep(0.01)'))]);
    }
    expect(await store.query('SELECT count(*)::integer AS events FROM jobyard.job_event')).toEqual([{ events: 160 }]);
    expect(writers.map((writer) => writer.lostCounts())).toEqual(writers.map(() => ({ setAside: 0, dropped: 0 })));
  });

  test("bulk operations finish, and one warning reports that notifications don't arrive", { timeout: 90_000 }, async () => {
    const { store, lines } = await openThroughPooler(settings);
    store.resume();
    const jobyard = await startBulkWorld({ store });
    populate(jobyard.sandboxes);
    const started = await startBulk(jobyard, { filter: { statuses: ['RUNNING', 'QUEUED'] }, allowIncomplete: true });
    const ended = await waitForEnd(jobyard, started.id, 60_000);
    expect(ended.counts).toMatchObject({ pending: 0, selected: expect.any(Number) });
    expect(ended.counts.selected).toBeGreaterThan(2);
    expect(await readItems(jobyard, started.id, 'PENDING')).toEqual([]);
    const warnings = () => lines.filter(({ msg }) => msg.startsWith("store: notifications of the database don't arrive"));
    await expect.poll(warnings, { timeout: 30_000 }).toHaveLength(1);
  });
});

test('a direct server accepts the limits of the connection, delivers notifications, and the URL’s options take precedence', {
  timeout: 60_000,
}, async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const { lines, logger } = createRecordingLogger();
  const store = openStore({ kind: 'server', url: `${place.text}?options=-c%20lock_timeout%3D7s` }, logger);
  onTestFinished(() => store.close());
  expect(await store.query(limits)).toEqual([{ statement: '1min', lock: '7s', idle: '15s' }]);
  const [row] = await store.query<{ timeout: string }>("SELECT current_setting('tcp_user_timeout') AS timeout");
  expect(row).toEqual({ timeout: '30000' });
  await store.listen('jobyard_test', () => {});
  const probe = new Client({ connectionString: place.text });
  await probe.connect();
  onTestFinished(() => probe.end());
  const probed = new Promise((resolve) => probe.on('notification', resolve));
  await probe.query('LISTEN jobyard_probe');
  await probed;
  // The check after the probe would have logged it.
  const checks = `SELECT query_start > $1 AS is_later FROM pg_stat_activity WHERE query LIKE 'SELECT clock_timestamp%' AND application_name = 'jobyard' AND pid <> pg_backend_pid() AND application_name = 'jobyard'`;
  const probedAt = (await probe.query('SELECT clock_timestamp() AS now')).rows[0].now;
  const isChecked = async () => (await probe.query(checks, [probedAt])).rows.some((row) => row.is_later);
  await expect.poll(isChecked, { timeout: 20_000 }).toBe(true);
  expect(lines.filter(({ msg }) => msg.startsWith('store: notifications'))).toEqual([]);
});

test('a replica that vanishes within a transaction blocks the others no longer than its limit', async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const { logger } = createRecordingLogger();
  const vanishing = openStore({ kind: 'server', url: `${place.text}?options=-c%20idle_in_transaction_session_timeout%3D500` }, logger);
  const other = place.open();
  onTestFinished(() => other.close());
  await vanishing.query('CREATE TABLE jobyard.thing AS SELECT 1 AS n');
  const resumed = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  // A process that has stopped in it, like one whose machine is gone.
  const stuck = vanishing.transaction(async (query) => {
    await query('UPDATE jobyard.thing SET n = 2');
    locked.resolve();
    await resumed.promise;
    await query('SELECT 1');
  });
  const failed = expect(stuck).rejects.toMatchObject({ name: 'StoreUnavailableError' });
  await locked.promise;
  await other.query('UPDATE jobyard.thing SET n = n + 10');
  expect(await other.query('SELECT n FROM jobyard.thing')).toEqual([{ n: 11 }]);
  resumed.resolve();
  await failed;
  await expect(vanishing.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  await vanishing.close();
});

import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStore } from '../../../src/store/open-store.ts';
import { StoreUnavailableError } from '../../../src/store/store.ts';
import { createStorePlace } from '../../store.ts';
import { startPostgres } from '../embedded-postgres.ts';

const logger = pino({ level: 'silent' });

describe('stores of several processes on one server', () => {
  test('make the tables once, though they start together', async () => {
    const place = createStorePlace();
    onTestFinished(place.remove);
    const stores = Array.from({ length: 4 }, place.open);
    for (const store of stores) onTestFinished(() => store.close());
    const names = await Promise.all(stores.map((store) => store.query('SELECT name FROM jobyard.migration ORDER BY name')));
    expect(names[0]?.[0]).toEqual({ name: '001-store.sql' });
    for (const each of names) expect(each).toEqual(names[0]);
  });

  test('notify each other', async () => {
    const place = createStorePlace();
    onTestFinished(place.remove);
    const [notifier, listener] = [place.open(), place.open()];
    onTestFinished(() => notifier.close());
    onTestFinished(() => listener.close());
    const received = new Promise(
      (resolve) => void listener.listen('jobyard_test', resolve).then(() => notifier.notify('jobyard_test', 'ä')),
    );
    expect(await received).toBe('ä');
  });
});

test('a server whose clock is 20 minutes behind is known as such', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  const place = createStorePlace();
  onTestFinished(place.remove);
  const store = place.open();
  onTestFinished(() => store.close());
  await store.query('SELECT 1');
  expect(Math.round(store.aheadMs() / 60_000)).toBe(-20);
});

test('connections that the server closes are created again, and listen again', async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const [store, other] = [place.open(), place.open()];
  onTestFinished(() => store.close());
  onTestFinished(() => other.close());
  const received: string[] = [];
  await store.listen('jobyard_test', (payload) => received.push(payload));
  const sleeping = store.query('SELECT pg_sleep(60)');
  const failed = expect(sleeping).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect
    .poll(() =>
      other.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query LIKE '%pg_sleep(60)') AND pid <> pg_backend_pid()`,
      ),
    )
    .toHaveLength(2);
  await failed;
  await expect(store.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  // Notifications before it listens again are lost.
  await expect
    .poll(
      async () => {
        await other.notify('jobyard_test', 'again');
        return received[0];
      },
      { timeout: 15_000 },
    )
    .toBe('again');
});

test('an unavailable server causes StoreUnavailableError at once, and everything continues when it is back', {
  timeout: 60_000,
}, async () => {
  const server = await startPostgres();
  onTestFinished(server.remove);
  const store = openStore({ kind: 'server', url: `${server.url}/postgres` }, logger);
  onTestFinished(() => store.close());
  const received: string[] = [];
  await store.listen('jobyard_test', (payload) => received.push(payload));
  await store.query('CREATE TABLE jobyard.thing AS SELECT 1 AS n');
  await server.stop();
  await expect(store.query('SELECT n FROM jobyard.thing')).rejects.toThrow(StoreUnavailableError);
  await expect(store.transaction((query) => query('SELECT 1'))).rejects.toMatchObject({
    message: "Jobyard's store is unavailable. Retry later.",
    detail: expect.stringMatching(/^[^\n]*ECONNREFUSED/),
  });
  expect(store.isUp()).toBe(false);
  await server.start();
  expect(await store.query('SELECT n FROM jobyard.thing')).toEqual([{ n: 1 }]);
  expect(store.isUp()).toBe(true);
  await expect
    .poll(
      async () => {
        await store.notify('jobyard_test', 'again');
        return received[0];
      },
      { timeout: 15_000 },
    )
    .toBe('again');
});

test('a server that does not answer is not waited for, by a statement or by the end', { timeout: 60_000 }, async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const hasty = openStore({ kind: 'server', url: place.text }, logger, { statementTimeoutMs: 500 });
  onTestFinished(() => hasty.close());
  await hasty.query('SELECT 1');
  await expect(hasty.query('SELECT pg_sleep(10)')).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(hasty.transaction((query) => query('SELECT pg_sleep(10)'))).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(hasty.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);

  const patient = place.open();
  await patient.query('SELECT 1');
  const sleeping = patient.query('SELECT pg_sleep(30)');
  sleeping.catch(() => {});
  const isAsleep = async () => {
    const rows = await hasty.query("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(30)'");
    return rows.length > 0;
  };
  await expect.poll(isAsleep, { timeout: 10_000 }).toBe(true);
  const startedAtMs = performance.now();
  await patient.close();
  expect(performance.now() - startedAtMs).toBeLessThan(15_000);
});

test('a connection to a server that was read-only is not kept, whatever else uses it', async () => {
  const place = createStorePlace();
  onTestFinished(place.remove);
  const store = place.open();
  onTestFinished(() => store.close());
  await store.query('CREATE TABLE jobyard.thing AS SELECT 1 AS n');
  const increment = () => store.transaction((query) => query('UPDATE jobyard.thing SET n = n + 1'));
  // Of this connection alone, as of those that were made to a standby before the address led to the new primary.
  await store.query('SET default_transaction_read_only = on');
  await expect(increment()).rejects.toMatchObject({ name: 'StoreUnavailableError', detail: expect.stringContaining('25006') });
  await increment();
  expect(await store.query('SELECT n FROM jobyard.thing')).toEqual([{ n: 2 }]);
});

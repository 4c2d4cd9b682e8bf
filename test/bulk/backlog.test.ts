import { expect, test } from 'vitest';
import { createBacklogReader } from '../../src/bulk/backlog.ts';
import { createAnsweringStore } from '../answering-store.ts';
import { controlBulk, startBulk, startBulkWorld } from './start-bulk.ts';

test('metrics show the items that are pending by system, and how old the oldest work is that is not suspended', {
  timeout: 120_000,
}, async () => {
  const jobyard = await startBulkWorld();
  const read = async (): Promise<Record<string, number>> => {
    const body = await (await fetch(`${jobyard.origin}/metrics`)).text();
    return Object.fromEntries(Array.from(body.matchAll(/^(jobyard_bulk_\S+) (\S+)$/gm), ([, series, value]) => [series, Number(value)]));
  };
  expect(await read()).toMatchObject({ 'jobyard_bulk_items_pending{system="aodocs"}': 0, jobyard_bulk_oldest_pending_seconds: 0 });
  for (let each = 0; each < 20; each += 1) jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'], statuses: ['RUNNING'] }, maxPerSecond: 0.5 });
  // What was read last is shown for 5 seconds.
  await expect.poll(async () => (await read()).jobyard_bulk_oldest_pending_seconds, { timeout: 20_000, interval: 200 }).toBeGreaterThan(0);
  const pending = (await read())['jobyard_bulk_items_pending{system="aodocs"}'];
  expect(pending).toBeGreaterThan(10);
  expect(pending).toBeLessThanOrEqual(20);
  await controlBulk(jobyard, 'suspendBulkOperation', id);
  await expect.poll(async () => (await read()).jobyard_bulk_oldest_pending_seconds, { timeout: 20_000, interval: 200 }).toBe(0);
  expect((await read())['jobyard_bulk_items_pending{system="aodocs"}']).toBeGreaterThan(10);
});

test('the backlog is read at most once in 5 seconds, and not from an unavailable or unused store', async () => {
  let nowMs = 0;
  let isUp: boolean | null = null;
  let asked = 0;
  const { query } = createAnsweringStore(async () => {
    asked += 1;
    return [{ system_id: 'kylin', pending: 3, oldest: 60 }];
  });
  const read = createBacklogReader({ isUp: () => isUp, query }, () => nowMs);
  expect(await read()).toBeNull();
  isUp = false;
  expect(await read()).toBeNull();
  expect(asked).toBe(0);
  isUp = true;
  expect(await Promise.all([read(), read()])).toEqual(
    Array.from({ length: 2 }, () => ({ pending: new Map([['kylin', 3]]), oldestSeconds: 60 })),
  );
  nowMs = 4_999;
  await read();
  expect(asked).toBe(1);
  nowMs = 5_000;
  await read();
  expect(asked).toBe(2);
});

test("a scrape doesn't wait for a store that doesn't respond, nor fail if the tables don't exist yet", async () => {
  const silent = createBacklogReader({ isUp: () => true, query: () => new Promise(() => {}) });
  expect(await silent()).toBeNull();
  const failing = createBacklogReader({ isUp: () => true, query: () => Promise.reject(new Error('relation does not exist')) });
  expect(await failing()).toBeNull();
});

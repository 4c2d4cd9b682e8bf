import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createChangeNotifier } from '../../src/bulk/change-notifier.ts';
import { findOperation } from '../../src/bulk/rows.ts';
import { createOperationWatch } from '../../src/bulk/watch.ts';
import type { Fault } from '../../src/sandbox-kit/faults.ts';
import type { WithSandboxes } from '../start.ts';
import { openTestStore } from '../store.ts';
import { controlBulk, readItems, readOperation, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;
const filter = { systemIds: ['aodocs'], statuses: ['RUNNING'] };
const sends = ({ sandboxes }: WithSandboxes) => sandboxes.aodocs.requests.count('POST', '/cancel');

async function startWithRunningJobs(count: number, store = openTestStore()) {
  const jobyard = await startBulkWorld({ store });
  for (let index = 0; index < count; index += 1) jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  return jobyard;
}

/** The outcome of each item and whether it was sent, from its events. */
async function readEvents(jobyard: WithSandboxes, id: string): Promise<string[]> {
  const query = `query($id: ID!) { jobEvents(first: 500, filter: { bulkOperationId: $id, kind: ACTION }) { nodes { outcome sent } } }`;
  const { data } = await jobyard.query(query, { id });
  return data.jobEvents.nodes.map(({ outcome, sent }: { outcome: string; sent: boolean }) => `${outcome} ${sent}`);
}

/** Waits until so many have been sent. */
const untilSent = (jobyard: WithSandboxes, count: number) =>
  expect.poll(() => sends(jobyard), { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(count);

test('never exceeds maxPerSecond, and sends nothing while it is suspended', { timeout }, async () => {
  const jobyard = await startWithRunningJobs(12);
  const maxPerSecond = 8;
  const startedAtMs = performance.now();
  const allowed = () => 1 + maxPerSecond / 4 + ((performance.now() - startedAtMs) / 1000) * maxPerSecond;
  const { id } = await startBulk(jobyard, { filter, maxPerSecond });
  await untilSent(jobyard, 3);
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id)).toMatchObject({ code: 'WRONG_STATUS' });
  expect(await controlBulk(jobyard, 'resumeBulkOperation', id)).toMatchObject({ code: 'WRONG_STATUS' });
  expect(await controlBulk(jobyard, 'suspendBulkOperation', id)).toMatchObject({ __typename: 'BulkOperation', status: 'SUSPENDED' });
  // What was being sent then is finished: two at a time at this pace.
  const atSuspension = sends(jobyard);
  await expect
    .poll(async () => (await readOperation(jobyard, id)).counts.succeeded, { timeout: 5_000 })
    .toBeGreaterThanOrEqual(atSuspension);
  const whenQuiet = sends(jobyard);
  expect(whenQuiet).toBeLessThanOrEqual(atSuspension + 2);
  // Longer than the whole rest would take.
  const waitedUntilMs = performance.now() + 1_500;
  while (performance.now() < waitedUntilMs) {
    expect(sends(jobyard)).toBe(whenQuiet);
    await readOperation(jobyard, id);
  }
  expect(await controlBulk(jobyard, 'suspendBulkOperation', id)).toMatchObject({ code: 'WRONG_STATUS' });

  expect(await controlBulk(jobyard, 'resumeBulkOperation', id)).toMatchObject({ status: 'RUNNING', maxPerSecond });
  while (!(await readOperation(jobyard, id)).finishedAt) expect(sends(jobyard)).toBeLessThanOrEqual(allowed());
  expect(await readOperation(jobyard, id)).toMatchObject({ status: 'SUCCEEDED', counts: { selected: 12, succeeded: 12 } });
  expect(sends(jobyard)).toBe(12);
  expect(await controlBulk(jobyard, 'cancelBulkOperation', id)).toMatchObject({ code: 'WRONG_STATUS' });
});

test('a canceled operation sends nothing more, and its unsent items can be retried', { timeout }, async () => {
  const jobyard = await startWithRunningJobs(8);
  const { id } = await startBulk(jobyard, { filter, maxPerSecond: 2 });
  await untilSent(jobyard, 1);
  const cancelled = await controlBulk(jobyard, 'cancelBulkOperation', id);
  expect(cancelled).toMatchObject({ __typename: 'BulkOperation', status: 'CANCELLED' });
  const ended = await waitForEnd(jobyard, id);
  const sent = sends(jobyard);
  expect(ended).toMatchObject({ status: 'CANCELLED', counts: { selected: 8, pending: 0, succeeded: sent, failed: 8 - sent } });
  const failed = await readItems(jobyard, id, 'FAILED');
  expect(failed.map(({ result }) => result.__typename)).toEqual(failed.map(() => 'NotAttempted'));
  expect(failed.map(({ attempts }) => attempts)).toEqual(failed.map(() => 0));
  expect((await readEvents(jobyard, id)).toSorted()).toEqual([
    ...Array.from({ length: sent }, () => 'CONFIRMED true'),
    ...failed.map(() => 'NOT_ATTEMPTED false'),
  ]);

  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id)).toMatchObject({
    status: 'RUNNING',
    counts: { pending: 8 - sent, failed: 0 },
  });
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'SUCCEEDED', counts: { succeeded: 8 } });
  expect(sends(jobyard)).toBe(8);
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id)).toMatchObject({ code: 'WRONG_STATUS' });
});

test('items that failed are read again before they are tried once more', { timeout }, async () => {
  const jobyard = await startWithRunningJobs(2);
  const { faults, state, requests } = jobyard.sandboxes.aodocs;
  const down: Fault = { kind: 'answer', status: 429, applied: false };
  faults.add({ fault: down, path: '/cancel', times: 'always' });
  const { id } = await startBulk(jobyard, { filter });
  expect(await waitForEnd(jobyard, id)).toMatchObject({
    status: 'FAILED',
    counts: { failed: 2 },
    systems: [{ problem: null }],
  });
  const items = await readItems(jobyard, id);
  for (const { result } of items) expect(result.code).toBe('RATE_LIMITED');
  faults.clear();
  // Another caller was faster with one of the jobs.
  const [first] = items;
  state.changeJob(first.jobId.slice('aodocs:'.length), { status: 'CANCELLED' });
  requests.clear();
  await controlBulk(jobyard, 'retryFailedBulkItems', id);
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'SUCCEEDED' });
  expect((await readItems(jobyard, id)).map(({ result }) => result.cancelled).sort()).toEqual(['ALREADY_DONE', 'CONFIRMED']);
  expect(sends(jobyard)).toBe(1);
});

test('notifies watchers of its changes, and ends their subscriptions', { timeout }, async () => {
  const store = openTestStore();
  const jobyard = await startWithRunningJobs(6, store);
  // By what the transports use, as they are not a matter of this test.
  const changes = createChangeNotifier(store, pino({ level: 'silent' }));
  await changes.listen();
  const watch = createOperationWatch((id) => findOperation(store.query, id), changes);
  const { id } = await startBulk(jobyard, { filter, maxPerSecond: 4 });
  const seen: number[] = [];
  for await (const { counts } of (await watch(id, () => true)) ?? []) seen.push(counts.succeeded);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(6);
  expect(await watch('none', () => true)).toBeNull();
});

test('a stop returns unsent items unchanged', { timeout }, async () => {
  const store = openTestStore();
  const jobyard = await startWithRunningJobs(6, { ...store, async close() {} });
  const { id } = await startBulk(jobyard, { filter, maxPerSecond: 1 });
  await untilSent(jobyard, 1);
  // The next send slot is up to a second away: the stop doesn't wait for it.
  await jobyard.close();
  const items = await store.query<{ outcome: string; attempts: number }>(
    'SELECT outcome, attempts FROM jobyard.bulk_item WHERE operation_id = $1',
    [id],
  );
  const pending = items.filter(({ outcome }) => outcome === 'PENDING');
  expect(pending.length).toBe(6 - sends(jobyard));
  expect(pending.map(({ attempts }) => attempts)).toEqual(pending.map(() => 0));
  const queued = await store.query(`SELECT state, retry_count FROM pgboss.job WHERE name = 'bulk-paced' AND state < 'completed'`);
  expect(queued).toEqual([{ state: 'created', retry_count: 0 }]);
});

test('a shutdown sends nothing more from its first moment', { timeout }, async () => {
  const store = openTestStore();
  const jobyard = await startWithRunningJobs(40, { ...store, async close() {} });
  const { aodocs, kylin } = jobyard.sandboxes;
  aodocs.faults.add({ fault: { kind: 'slow', ms: 300 }, path: '/cancel', times: 'always' });
  kylin.faults.add({ fault: { kind: 'slow', ms: 3_000 } });
  const waiting = jobyard.query('{ jobs(filter: { systemIds: ["kylin"] }) { complete } }');
  const { id } = await startBulk(jobyard, { filter });
  await untilSent(jobyard, 1);
  const atStop = sends(jobyard);
  const [answer] = await Promise.all([waiting, jobyard.close()]);
  expect(answer.data.jobs.complete).toBe(true);
  // The requests in flight at that time: at most this many per system, from two workers.
  expect(sends(jobyard)).toBeLessThanOrEqual(atStop + 8);
  const items = await store.query('SELECT outcome, begun_at FROM jobyard.bulk_item WHERE operation_id = $1', [id]);
  expect(items.filter(({ outcome }) => outcome === 'SUCCEEDED')).toHaveLength(sends(jobyard));
  expect(items.filter(({ outcome }) => outcome === 'PENDING')).toEqual(
    Array.from({ length: 40 - sends(jobyard) }, () => ({ outcome: 'PENDING', begun_at: null })),
  );
  // An item that was not sent and has no outcome has no event.
  const events = await store.query('SELECT settled_as, sent_at IS NOT NULL AS sent FROM jobyard.job_event WHERE bulk_operation_id = $1', [
    id,
  ]);
  expect(events).toEqual(Array.from({ length: sends(jobyard) }, () => ({ settled_as: 'CONFIRMED', sent: true })));
});

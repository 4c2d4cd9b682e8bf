import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { loadCancelRecords } from '../../src/history/cancellation.ts';
import { createEventWriter } from '../../src/history/event-writer.ts';
import { type JobEvents, startJobEvents } from '../../src/history/job-events.ts';
import { startRetention } from '../../src/history/retention.ts';
import { claimDueActions } from '../../src/history/unresolved-actions.ts';
import type { JobAction } from '../../src/jobs/job.ts';
import type { FollowUpOutcome } from '../../src/jobs/outcome.ts';
import type { Store } from '../../src/store/store.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { isPostgres, openEmptyStore } from '../store.ts';
import { createRecordingLogger, newEvent, severable } from './parts.ts';

let store: Store;
let jobyard: WithSandboxes;
const never = new AbortController().signal;
beforeAll(async () => {
  store = openEmptyStore();
  await store.query('select 1');
  // Its own events go nowhere: the tests start replicas over its systems.
  jobyard = await startWithSandboxes({ jobs: 1 });
});
afterAll(async () => {
  await jobyard.close();
  await store.close();
});

/** A replica's part that keeps and follows events, as long as the test runs. */
function startReplica(options: { store?: Store } = {}): JobEvents {
  const events = startJobEvents({
    store,
    systems: jobyard.systems,
    canTrack: () => true,
    overdueAfterMs: 600_000,
    retentionDays: 365,
    logger: createRecordingLogger().logger,
    ...options,
  });
  onTestFinished(() => events.close());
  return events;
}

const addJob = () => `kinetica:${jobyard.sandboxes.kinetica.state.addJob({ ignoresCancel: true })}`;
const endJob = (id: string) => jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'CANCELLED' });

let batches = 0;
/** As an action leaves it that was sent and has this result. */
function record(
  events: JobEvents,
  jobIds: readonly string[],
  action: JobAction,
  outcome: 'ACCEPTED' | 'CONFIRMED',
  created: { createdJobId?: string } = {},
): void {
  batches += 1;
  const actionId = `00000000-0000-4000-8000-${String(batches).padStart(12, '0')}`;
  const audit = events.audit({ caller: 'key:operator', requestId: 'request', operation: null, bulkOperationId: 'bulk' });
  audit.recordIntent({ actionId: actionId, systemId: 'kinetica', action, jobIds, dryRun: false, reason: 'runaway' });
  audit.recordSent(actionId, jobIds);
  const sentAt = new Date();
  audit.recordOutcomes(
    actionId,
    jobIds.map((jobId) => ({ jobId, result: { outcome, job: null, ...created }, sentAt, sharedWith: null })),
  );
}

const settled = (jobIds: readonly string[]) =>
  store.query<{ job_id: string; settled_as: string; bulk_operation_id: string; reason: string }>(
    "select job_id, settled_as, bulk_operation_id, reason from jobyard.job_event where kind = 'FOLLOW_UP' and job_id = any($1::text[])",
    [jobIds],
  );
const open = (jobIds: readonly string[]) =>
  store.query('select from jobyard.open_action cross join unnest(job_ids) as job_id where job_id = any($1::text[])', [jobIds]);

test('three replicas share the work: each action has one follow-up', async () => {
  const [first] = [startReplica(), startReplica(), startReplica()];
  const ids = Array.from({ length: 40 }, addJob);
  record(first as JobEvents, ids, 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids)).toHaveLength(40);
  for (const id of ids) endJob(id);
  await expect.poll(() => open(ids), { timeout: 10_000, interval: 50 }).toHaveLength(0);
  const rows = await settled(ids);
  expect(rows.map(({ job_id }) => job_id).sort()).toEqual([...ids].sort());
  for (const row of rows) expect(row).toMatchObject({ settled_as: 'CONFIRMED', bulk_operation_id: 'bulk', reason: 'runaway' });
});

test('no action is claimed by two at a time', async () => {
  const ids = Array.from({ length: 30 }, () => 'elsewhere:1');
  const writer = createEventWriter({
    store,
    trackedSystemIds: ['elsewhere'],
    onUnresolved: () => {},
    logger: createRecordingLogger().logger,
  });
  writer.write(ids.map((jobId) => newEvent({ jobId, systemId: 'elsewhere', outcome: 'ACCEPTED' })));
  await writer.close();
  await store.query("update jobyard.open_action set due_at = now() where system_id = 'elsewhere'");
  const claims = await Promise.all([1, 2, 3, 4].map(() => claimDueActions(store, 'elsewhere', 10)));
  const eventIds = claims.flat().map(({ openId }) => openId);
  expect(new Set(eventIds).size).toBe(eventIds.length);
  expect(eventIds.length + (await claimDueActions(store, 'elsewhere', 100)).length).toBe(30);
});

describe('a replica whose clock differs by 20 minutes', () => {
  const minutes20Ms = 20 * 60_000;
  /** As a replica whose clock is so far ahead records it. */
  async function recordAhead(aheadMs: number, ids: readonly string[]): Promise<void> {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
    try {
      // The clocks are compared when the store opens.
      let isOpen = false;
      const whenOpen = async (): Promise<void> => {
        isOpen = true;
      };
      const events = startReplica({ store: { ...store, whenOpen, aheadMs: () => (isOpen ? -aheadMs : 0) } });
      record(events, ids, 'CANCEL', 'ACCEPTED');
      await events.close();
    } finally {
      vi.useRealTimers();
    }
  }

  test.each([
    ['ahead', minutes20Ms],
    ['behind', -minutes20Ms],
  ])('%s: its records have the time of the store, and others track them at once, overdue no sooner', async (_name, aheadMs) => {
    const [stubborn, ending] = [addJob(), addJob()];
    await recordAhead(aheadMs, [stubborn, ending]);
    const rows = await store.query<{ off: number }>(
      `select greatest(abs(extract(epoch from now() - recorded_at)), abs(extract(epoch from now() - sent_at)))::integer as off
       from jobyard.job_event where job_id = any($1::text[])`,
      [[stubborn, ending]],
    );
    expect(rows).toHaveLength(2);
    for (const { off } of rows) expect(off).toBeLessThan(60);
    endJob(ending);
    const events = startReplica();
    await expect.poll(() => settled([ending]), { timeout: 15_000, interval: 50 }).toMatchObject([{ settled_as: 'CONFIRMED' }]);
    expect(await settled([stubborn])).toEqual([]);
    expect(await open([stubborn])).toHaveLength(1);
    const record = await events.beginOperation(all, never).loadCancelRecord(stubborn);
    expect(Math.abs(Date.now() - (record?.sentAt.getTime() ?? 0))).toBeLessThan(60_000);
    await store.query('delete from jobyard.open_action where job_ids = array[$1]', [stubborn]);
  });

  test('reads times as its own clock showed them', async () => {
    const id = addJob();
    await recordAhead(0, [id]);
    const ofStore = await loadCancelRecords(store.query, [id], 0);
    const local = await loadCancelRecords(store.query, [id], minutes20Ms);
    const [sent, sentHere] = [ofStore, local].map((records) => records.get(id)?.sentAt.getTime() ?? 0);
    expect((sent ?? 0) - (sentHere ?? 0)).toBe(minutes20Ms);
    // Every replica returns the state in the store.
    expect(local.get(id)?.requestedAt).toEqual(ofStore.get(id)?.requestedAt);
    await store.query('delete from jobyard.open_action where job_ids = array[$1]', [id]);
  });
});

const all = {
  mayRead: () => true,
  mayReadRaw: () => true,
  mayReadLogs: () => true,
  mayReadEvents: () => true,
  mayAct: () => true,
  maySeeSystem: () => true,
};

test('the next process tracks the unresolved actions of an earlier one', async () => {
  const before = startReplica();
  const ids = [addJob()];
  record(before, ids, 'CANCEL', 'ACCEPTED');
  await before.close();
  expect(await open(ids)).toHaveLength(1);
  endJob(ids[0] as string);
  expect(await settled(ids)).toHaveLength(0);
  startReplica();
  await expect.poll(() => settled(ids), { timeout: 10_000, interval: 50 }).toMatchObject([{ settled_as: 'CONFIRMED' }]);
});

test('a replica takes over the claims of a killed one', async () => {
  const ids = [addJob()];
  const before = startReplica();
  record(before, ids, 'CANCEL', 'ACCEPTED');
  await before.close();
  // Claimed a minute ago, and never put back.
  await store.query('update jobyard.open_action set due_at = now() where job_ids && $1::text[]', [ids]);
  endJob(ids[0] as string);
  startReplica();
  await expect.poll(() => settled(ids), { timeout: 10_000, interval: 50 }).toHaveLength(1);
});

test('tracking continues when the store is available again', async () => {
  const seen = severable(store);
  const events = startReplica({ store: seen.store });
  const ids = [addJob()];
  record(events, ids, 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids)).toHaveLength(1);
  seen.way = 'cut';
  endJob(ids[0] as string);
  const asked = seen.statements.length;
  await expect.poll(() => seen.statements.length, { timeout: 5000 }).toBeGreaterThan(asked);
  seen.way = 'open';
  record(events, [addJob()], 'CANCEL', 'ACCEPTED');
  await expect.poll(() => settled(ids), { timeout: 10_000, interval: 50 }).toHaveLength(1);
});

test('a restarted job is no longer tracked for an earlier cancel', async () => {
  const events = startReplica();
  const ids = [addJob()];
  record(events, ids, 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids)).toHaveLength(1);
  record(events, ids, 'RESTART', 'CONFIRMED');
  await expect.poll(() => open(ids), { timeout: 10_000 }).toHaveLength(0);
  const permissions = {
    mayRead: () => true,
    mayReadRaw: () => true,
    mayReadLogs: () => true,
    mayReadEvents: () => true,
    mayAct: () => true,
    maySeeSystem: () => true,
  };
  expect(await events.beginOperation(permissions, never).loadCancelRecord(ids[0] as string)).toMatchObject({
    resolvedAt: null,
    isClosed: true,
  });
});

test('a job of which a copy was started is still tracked for an earlier cancel', async () => {
  const events = startReplica();
  const ids = [addJob()];
  record(events, ids, 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids)).toHaveLength(1);
  record(events, ids, 'START', 'CONFIRMED', { createdJobId: 'kinetica:9' });
  for (const id of ids) endJob(id);
  await expect.poll(() => settled(ids), { timeout: 10_000 }).toMatchObject([{ settled_as: 'CONFIRMED' }]);
  expect(await loadCancelRecords(store.query, ids, 0)).toEqual(
    new Map([[ids[0], expect.objectContaining({ isClosed: true, resolvedAt: expect.any(Date), confirmedAt: expect.anything() })]]),
  );
});

test('an action on a job that never ends is given up after a week', async () => {
  const events = startReplica();
  const ids = [addJob(), addJob()];
  for (const id of ids) record(events, [id], 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids)).toHaveLength(2);
  const weekAgoMs = Date.now() - 8 * 86_400_000;
  await store.query('update jobyard.open_action set sent_at_ms = $2::bigint, due_at = now() where job_ids = array[$1]', [
    ids[0],
    weekAgoMs,
  ]);
  record(events, [addJob()], 'CANCEL', 'ACCEPTED');
  await expect.poll(() => open(ids), { timeout: 10_000 }).toHaveLength(1);
  expect(await settled(ids)).toMatchObject([{ settled_as: 'CONTRADICTED' }]);
});

test('the events of all pages are read together, not job by job', async () => {
  const seen = severable(store);
  const operation = startReplica({ store: seen.store }).beginOperation(
    {
      mayRead: () => true,
      mayReadRaw: () => true,
      mayReadLogs: () => true,
      mayReadEvents: () => true,
      mayAct: () => true,
      maySeeSystem: () => true,
    },
    never,
  );
  const ids = Array.from({ length: 50 }, (_, index) => `kinetica:${index}`);
  const before = seen.statements.filter((text) => text.includes('hash_ids($1')).length;
  await Promise.all(
    ids.flatMap((id) => [operation.listOfJob(id, { count: 5, isBackward: false, from: null }), operation.loadCancelRecord(id)]),
  );
  expect(seen.statements.filter((text) => text.includes('hash_ids($1')).length - before).toBe(2);
});

test('events are removed when their time is over, and no earlier', async () => {
  const { logger } = createRecordingLogger();
  const writer = createEventWriter({ store, trackedSystemIds: [], onUnresolved: () => {}, logger });
  const aged = (days: number) => newEvent({ recordedAt: new Date(Date.now() - days * 86_400_000) });
  const old = Array.from({ length: 5_001 }, () => aged(30.1));
  const young = aged(29.9);
  writer.write([...old, young]);
  await writer.close();
  const retention = startRetention({ store, retentionDays: 30, logger });
  onTestFinished(() => retention.close());
  const left = () =>
    store.query<{ job_id: string }>('select job_id from jobyard.job_event where job_id = any($1::text[])', [
      [...old, young].map(({ jobId }) => jobId),
    ]);
  await expect.poll(left, { timeout: 10_000 }).toEqual([{ job_id: young.jobId }]);
});

test.each([
  ['ahead', 20],
  ['behind', -20],
])('neither a replica whose clock is 20 minutes %s nor its events change when they are removed', async (_name, minutes) => {
  const aheadMs = minutes * 60_000;
  const { logger } = createRecordingLogger();
  const skewed = { ...store, aheadMs: () => -aheadMs };
  const writer = createEventWriter({ store: skewed, trackedSystemIds: [], onUnresolved: () => {}, logger });
  /** Of so many minutes by the store's clock, recorded by the replica's. */
  const aged = (ageMinutes: number) => newEvent({ recordedAt: new Date(Date.now() - ageMinutes * 60_000 + aheadMs) });
  const dayMinutes = 24 * 60;
  const [old, young] = [aged(dayMinutes + 10), aged(dayMinutes - 10)];
  writer.write([old, young]);
  await writer.close();
  // The embedded store's clock is this process's.
  if (isPostgres) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + aheadMs });
  onTestFinished(() => void vi.useRealTimers());
  const retention = startRetention({ store: skewed, retentionDays: 1, logger });
  onTestFinished(() => retention.close());
  const left = () => store.query('select job_id from jobyard.job_event where job_id = any($1::text[])', [[old.jobId, young.jobId]]);
  await expect.poll(left, { timeout: 10_000 }).toEqual([{ job_id: young.jobId }]);
});

test('an event stays while its action is tracked, at any age', async () => {
  const { logger } = createRecordingLogger();
  const writer = createEventWriter({ store, trackedSystemIds: ['kinetica'], onUnresolved: () => {}, logger });
  const aged = (days: number, outcome: FollowUpOutcome) => {
    const at = new Date(Date.now() - days * 86_400_000);
    return newEvent({ recordedAt: at, sentAt: at, outcome });
  };
  const [followed, given, settled] = [aged(3, 'ACCEPTED'), aged(31, 'ACCEPTED'), aged(3, 'CONFIRMED')];
  writer.write([followed, given, settled]);
  await writer.close();
  const retention = startRetention({ store, retentionDays: 1, logger });
  onTestFinished(() => retention.close());
  const left = () =>
    store.query<{ job_id: string }>('select job_id from jobyard.job_event where job_id = any($1::text[])', [
      [followed, given, settled].map(({ jobId }) => jobId),
    ]);
  await expect.poll(left, { timeout: 10_000 }).toEqual([{ job_id: followed.jobId }]);
});

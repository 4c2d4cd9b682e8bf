import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCancelRecords } from '../../src/history/cancellation.ts';
import { createContradictions } from '../../src/history/contradictions.ts';
import { createEventWriter } from '../../src/history/event-writer.ts';
import { contradictConfirmed } from '../../src/history/follow-up.ts';
import type { NewJobEvent } from '../../src/history/job-event.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import type { Job } from '../../src/jobs/job.ts';
import type { Store } from '../../src/store/store.ts';
import { addJob, cancel } from '../end-to-end/jobs.ts';
import { connectMemory, jobFields } from '../jobs/memory-adapter.ts';
import { startWithSandboxes } from '../start.ts';
import { openTestStore } from '../store.ts';
import { newEvent } from './parts.ts';

const logger = pino({ level: 'silent' });
const timeout = 60_000;
const context = { adapter: connectMemory().system.adapter, now: new Date() };

describe('a job that succeeds after Jobyard observed it as canceled', () => {
  async function startWorld() {
    const jobyard = await startWithSandboxes({ jobs: 0, store: openTestStore() });
    onTestFinished(() => jobyard.close());
    const { kylin, kinetica } = jobyard.sandboxes;
    const settled = async (id: string) => {
      const { data } = await jobyard.query(
        'query ($ids: [ID!]!) { jobEvents(filter: { jobIds: $ids, kind: FOLLOW_UP }) { nodes { outcome vendorStatus code message sent caller } } }',
        { ids: [id] },
      );
      return data.jobEvents.nodes;
    };
    return { jobyard, kylin, kinetica, settled };
  }
  const vendorIdOf = (id: string) => id.slice(id.indexOf(':') + 1);
  const contradiction = (system: string, vendorStatus: string) => ({
    outcome: 'CONTRADICTED',
    vendorStatus,
    code: 'WRONG_STATUS',
    message: `${system} showed the effect of the cancellation, but the job ended as SUCCEEDED.`,
    sent: true,
    caller: 'anonymous',
  });

  test('contradicts its cancel, whichever list shows it, once, and without a vendor request more', { timeout }, async () => {
    const { jobyard, kylin, settled } = await startWorld();
    const id = addJob(jobyard, 'kylin');
    const other = addJob(jobyard, 'kylin');
    expect((await cancel(jobyard, [id, other])).results).toMatchObject([{ outcome: 'CONFIRMED' }, { outcome: 'CONFIRMED' }]);
    expect(await settled(id)).toEqual([]);
    kylin.state.changeJob(vendorIdOf(id), { state: 'SUCCEED' });
    kylin.requests.clear();
    await jobyard.query('{ jobs(filter: { systemIds: ["kylin"] }) { nodes { id } } }');
    expect(kylin.requests.count()).toBe(1);
    expect(await settled(id)).toEqual([contradiction('kylin', 'FINISHED')]);
    expect(kylin.requests.count()).toBe(1);
    await jobyard.query('{ jobs { nodes { id } } }');
    expect(await settled(id)).toHaveLength(1);
    expect(await settled(other)).toEqual([]);
    const { data } = await jobyard.query(
      'query ($id: ID!) { job(id: $id) { ... on Job { cancellation { resolvedAt overdue contradictingStatus } } } }',
      { id },
    );
    expect(data.job.cancellation).toEqual({ resolvedAt: expect.any(String), overdue: false, contradictingStatus: 'SUCCEEDED' });
  });

  test('appears in the response that contains the job, and in its events', { timeout }, async () => {
    const { jobyard, kylin } = await startWorld();
    const id = addJob(jobyard, 'kylin');
    await cancel(jobyard, [id]);
    kylin.state.changeJob(vendorIdOf(id), { state: 'SUCCEED' });
    const { data } = await jobyard.query(
      'query ($id: ID!) { job(id: $id) { ... on Job { status cancellation { contradictingStatus } events { nodes { outcome } } } } }',
      { id },
    );
    expect(data.job).toEqual({
      status: 'SUCCEEDED',
      cancellation: { contradictingStatus: 'SUCCEEDED' },
      events: { nodes: [{ outcome: 'CONTRADICTED' }, { outcome: 'CONFIRMED' }] },
    });
  });

  test('contradicts a tracked cancel, too', { timeout }, async () => {
    const { jobyard, kinetica, settled } = await startWorld();
    const vendorId = String(kinetica.state.addJob({ ignoresCancel: true }));
    const id = `kinetica:${vendorId}`;
    await cancel(jobyard, [id]);
    kinetica.state.changeJob(vendorId, { status: 'CANCELLED' });
    await expect.poll(() => settled(id), { timeout: 15_000 }).toMatchObject([{ outcome: 'CONFIRMED' }]);
    kinetica.state.changeJob(vendorId, { status: 'DONE' });
    // The tracker has recorded its follow-up before a later read.
    const readBoth = async () => {
      await jobyard.query('{ jobs(filter: { systemIds: ["kinetica"] }) { nodes { id } } }');
      return settled(id);
    };
    await expect
      .poll(readBoth, { timeout: 15_000 })
      .toEqual([contradiction('kinetica', 'DONE'), expect.objectContaining({ outcome: 'CONFIRMED' })]);
  });
});

describe('in a store that processes share', () => {
  const sentAt = new Date(Date.now() - 60_000);
  const jobId = () => `kylin:${randomUUID()}`;
  const cancelled = (id: string, changes: Parameters<typeof newEvent>[0] = {}) =>
    newEvent({ jobId: id, systemId: 'kylin', sentAt, recordedAt: new Date(Date.now() - 30_000), ...changes });
  const succeeded = (id: string, observedAt = new Date()): Job =>
    createJob(
      'kylin',
      jobFields(id.slice('kylin:'.length), { status: 'SUCCEEDED', createdAt: new Date(0), startedAt: new Date(1) }),
      observedAt,
    );

  async function keep(store: Store, events: readonly NewJobEvent[]): Promise<void> {
    const writer = createEventWriter({ store, trackedSystemIds: [], onUnresolved() {}, logger });
    writer.write(events);
    await writer.flush();
    await writer.close();
  }

  function startProcess(store: Store) {
    const contradictions = createContradictions({
      store,
      systems: [{ id: 'kylin', adapter: context.adapter }],
      flushEvents: async () => {},
      logger,
    });
    onTestFinished(() => contradictions.close());
    return contradictions;
  }

  const contradictionsOf = (store: Store, id: string) =>
    store.query<{ settled_as: string }>(
      `select settled_as, vendor_status from jobyard.job_event where job_id = $1 and kind = 'FOLLOW_UP'`,
      [id],
    );

  test('a later process loads the cancels of the past week, and two processes record a contradiction once', { timeout }, async () => {
    const store = openTestStore();
    const [id, old] = [jobId(), jobId()];
    const eightDaysAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
    await keep(store, [cancelled(id), cancelled(old, { recordedAt: eightDaysAgo, sentAt: eightDaysAgo })]);
    const processes = [startProcess(store), startProcess(store)];
    const observe = async () => {
      for (const each of processes) for (const seen of [id, old]) each.observe(succeeded(seen));
      await Promise.all(processes.map((each) => each.flush()));
      return contradictionsOf(store, id);
    };
    await expect.poll(observe, { timeout: 20_000 }).toHaveLength(1);
    expect(await observe()).toMatchObject([{ settled_as: 'CONTRADICTED' }]);
    expect(await contradictionsOf(store, old)).toEqual([]);
  });

  test("is contradicted only by an observation after the confirmation of a job that ended otherwise and wasn't restarted", {
    timeout,
  }, async () => {
    const store = openTestStore();
    const id = jobId();
    await keep(store, [cancelled(id)]);
    const record = (await loadCancelRecords(store.query, [id], 0)).get(id);
    if (!record?.confirmedAt) throw new Error('It is confirmed');
    const now = new Date();
    const job = succeeded(id, now);
    expect(contradictConfirmed(record, job, context)).toMatchObject({ outcome: 'CONTRADICTED', isFinal: true });
    expect(contradictConfirmed(record, { ...job, status: 'FAILED' }, context)).toMatchObject({ outcome: 'CONTRADICTED' });
    const harmless: Partial<Job>[] = [
      { status: 'CANCELLED' },
      { status: 'RUNNING' },
      { status: 'UNKNOWN' },
      { stale: true },
      { observedAt: record.confirmedAt.local },
      { startedAt: now },
      { createdAt: now },
    ];
    for (const changes of harmless) expect(contradictConfirmed(record, { ...job, ...changes }, context)).toBeNull();
    for (const outcome of ['ACCEPTED', 'OUTCOME_UNKNOWN'] as const) {
      const open = jobId();
      await keep(store, [cancelled(open, { outcome })]);
      const openRecord = (await loadCancelRecords(store.query, [open], 0)).get(open);
      expect(openRecord).toMatchObject({ confirmedAt: null, isClosed: false });
    }
    // Restarted through Jobyard: its later state shows nothing about the cancel.
    await keep(store, [newEvent({ jobId: id, systemId: 'kylin', action: 'RESTART', sentAt: now })]);
    expect((await loadCancelRecords(store.query, [id], 0)).get(id)).toMatchObject({ confirmedAt: null });
  });

  test.each([20, -20])('a replica whose clock is %i minutes ahead detects a restart by the store’s clock', { timeout }, async (minutes) => {
    const store = openTestStore();
    const id = jobId();
    await keep(store, [cancelled(id)]);
    const aheadMs = minutes * 60_000;
    const record = (await loadCancelRecords(store.query, [id], -aheadMs)).get(id);
    if (!record) throw new Error('It is confirmed');
    const now = Date.now();
    const job = { ...succeeded(id, new Date(now + aheadMs)), createdAt: new Date(now - 600_000), startedAt: new Date(now - 300_000) };
    expect(contradictConfirmed(record, job, context)).toMatchObject({ outcome: 'CONTRADICTED' });
    expect(contradictConfirmed(record, { ...job, startedAt: new Date(now) }, context)).toBeNull();
  });

  test('a store that is away loses an observation and no more', { timeout }, async () => {
    const store = openTestStore();
    const id = jobId();
    await keep(store, [cancelled(id)]);
    let away = true;
    const transaction: Store['transaction'] = async (work) => {
      if (!away) return store.transaction(work);
      const { StoreUnavailableError } = await import('../../src/store/store.ts');
      throw new StoreUnavailableError('The connection was lost.');
    };
    const contradictions = startProcess({ ...store, transaction });
    contradictions.note([cancelled(id)]);
    contradictions.observe(succeeded(id));
    await contradictions.flush();
    expect(await contradictionsOf(store, id)).toEqual([]);
    away = false;
    contradictions.observe(succeeded(id));
    await contradictions.flush();
    expect(await contradictionsOf(store, id)).toHaveLength(1);
  });
});

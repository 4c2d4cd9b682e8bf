import { describe, expect, onTestFinished, test } from 'vitest';
import { type ReadResult, toListedJob } from '../../src/jobs/adapter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { createReplicaChannel } from '../../src/live/replica-channel.ts';
import type { Store } from '../../src/store/store.ts';
import { callOf, jobFields } from '../jobs/memory-adapter.ts';
import { openTestStore } from '../store.ts';
import { createUnavailableStore } from '../unavailable-store.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { startWatching, take, textOf } from './watching.ts';

/** One of several processes over the same store and the same vendor. */
function startReplica(store: Store, clock: ManualClock, options: Parameters<typeof startWatching>[0] = {}) {
  const errors: unknown[] = [];
  const replicas = createReplicaChannel(store, clock, (error) => errors.push(error));
  onTestFinished(() => replicas.stop());
  return { ...startWatching({ replicas, ...options }, clock), replicas, errors };
}

/** A store whose notifications can be waited for. */
async function openCountedStore() {
  const store = openTestStore();
  let received = 0;
  await store.listen('jobyard_job', () => {
    received += 1;
  });
  return { store, received: () => received };
}

const raw = () => ({ word: 'the vendor’s own' });
const range = { from: new Date(1_000_000), to: null };
const links = [{ title: 'Its page', url: 'https://vendor.example/jobs/1' }];
const common = {
  status: 'RUNNING',
  owner: 'ada',
  startedAt: new Date(2_000_000),
  scheduledFor: new Date(1_500_000),
  links: () => links,
  dataRange: () => range,
  raw,
} as const satisfies Partial<JobFields>;

test('one replica polls for all, and the others receive its reads', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const two = startReplica(store, clock);
  for (const replica of [one, two]) replica.set('1', common);
  const ones = one.watch(['1']);
  await clock.advance(0);
  const twos = two.watch(['1']);
  await clock.advance(100);
  const reads = () => one.reads.length + two.reads.length;
  await expect.poll(received).toBe(reads());
  expect(await take(ones)).toEqual(['1 RUNNING']);
  expect(await take(twos)).toEqual(['1 RUNNING']);
  const before = reads();
  // As often as one alone would: after 1, 2.5, 4.75, 8.25, 13.5, 21.25 and 32.75 seconds.
  for (let second = 0; second < 34; second += 0.25) {
    const receivedBefore = received();
    const count = reads();
    await clock.advance(250);
    // The next one only when all replicas have received this one, as in real time.
    if (reads() > count) {
      await clock.advance(20);
      await expect.poll(received).toBeGreaterThanOrEqual(receivedBefore + reads() - count);
    }
  }
  expect(reads() - before).toBeLessThanOrEqual(8);

  for (const replica of [one, two]) replica.set('1', { status: 'SUCCEEDED' });
  await clock.advance(15_250);
  await clock.advance(20);
  await expect.poll(() => take(ones)).toEqual(['1 SUCCEEDED', 'end']);
  await expect.poll(async () => (await take(twos)).at(-1)).toBe('end');
});

test('two that poll at the same moment do so once: one of them follows the other', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const two = startReplica(store, clock);
  for (const replica of [one, two]) {
    replica.set('1', common);
    replica.watch(['1']);
  }
  await clock.advance(0);
  expect([one.reads.length, two.reads.length]).toEqual([1, 1]);
  await clock.advance(20);
  await expect.poll(received).toBe(2);
  await clock.advance(1_250);
  expect(one.reads.length + two.reads.length).toBe(3);
});

test('receives the whole job, including its links and the raw fields of the vendor', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const two = startReplica(store, clock, { answerRead: () => new Promise(() => {}) });
  one.set('1', common);
  const heardJobs: unknown[] = [];
  two.replicas.begin();
  two.replicas.onReceived((id, job, fingerprint) => {
    const { raw = null, dataRange = null, links = null } = typeof job === 'object' ? job : {};
    heardJobs.push({ id, job, raw: raw?.(), range: dataRange?.(), links: links?.(), fingerprint });
  });
  const ones = one.watch(['1']);
  await clock.advance(0);
  await clock.advance(20);
  await expect.poll(received).toBe(1);
  const { value: own } = await ones.next();
  const ownJob = own?.read.kind === 'job' ? own.read.job : null;
  await expect.poll(() => heardJobs.length).toBeGreaterThan(0);
  expect(heardJobs[0]).toEqual({
    id: { systemId: 'memory', vendorId: '1' },
    job: { ...ownJob, raw: expect.any(Function), dataRange: expect.any(Function), links: expect.any(Function) },
    raw: raw(),
    range,
    links,
    fingerprint: expect.any(String),
  });
});

test('if a replica stops, another one takes over its polls', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const two = startReplica(store, clock);
  for (const replica of [one, two]) replica.set('1', common);
  one.watch(['1']);
  await clock.advance(0);
  const twos = two.watch(['1']);
  await clock.advance(100);
  // All copies from before the change have arrived: a late one would be an event of its own.
  await expect.poll(received).toBe(one.reads.length + two.reads.length);
  await take(twos);
  one.watcher.close();
  two.set('1', { status: 'PAUSED' });
  await clock.advance(26_000);
  expect(await take(twos)).toEqual(['1 PAUSED']);
});

test('replicas read a job whose changed copy is too large for a message', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const two = startReplica(store, clock);
  for (const replica of [one, two]) replica.set('1', common);
  const twos = two.watch(['1']);
  // It reads seldom by now.
  await clock.advance(60_000);
  expect(await take(twos)).toEqual(['1 RUNNING']);
  await clock.advance(5_000);
  await expect.poll(received).toBe(two.reads.length);
  const large = { status: 'PAUSED', raw: () => 'x'.repeat(8_000) } as const;
  for (const replica of [one, two]) replica.set('1', large);
  one.watch(['1']);
  const before = received();
  await clock.advance(0);
  await clock.advance(20);
  await expect.poll(received).toBe(before + 1);
  await clock.advance(0);
  expect(await take(twos)).toEqual(['1 PAUSED']);
  expect(one.errors).toEqual([]);
});

describe('if the vendor has a minimum read interval', () => {
  const reads = { minIntervalMs: 10_000, maxBatchSize: 1 };

  /** Replicas of one vendor that enforces the interval for all of them. */
  function startVendor(store: Store, clock: ManualClock) {
    const jobs = new Map<string, JobFields>();
    const readAtMs = new Map<string, number>();
    let refused = 0;
    const answerRead = (vendorId: string): ReadResult => {
      if (clock.nowMs() - (readAtMs.get(vendorId) ?? Number.NEGATIVE_INFINITY) < reads.minIntervalMs) {
        refused += 1;
        return { kind: 'problem', problem: createProblem('RATE_LIMITED', 'Too soon.', 10) };
      }
      readAtMs.set(vendorId, clock.nowMs());
      return { kind: 'job', job: { ...(jobs.get(vendorId) as JobFields) } };
    };
    return { jobs, refused: () => refused, startReplica: () => startReplica(store, clock, { reads, answerRead }) };
  }

  test("a watcher at another replica gets the first replica's copy, with the name, and keeps it", async () => {
    const { store, received } = await openCountedStore();
    const clock = createManualClock();
    const vendor = startVendor(store, clock);
    const [one, two] = [vendor.startReplica(), vendor.startReplica()];
    vendor.jobs.set('1', jobFields('1', { ...common, name: null }));
    // A value that only lists contain, not reads by ID.
    one.system.reader.takeFromList([toListedJob(jobFields('1', { ...common, name: 'nightly export' }))], callOf());
    const ones = one.watch(['1']);
    // Its request, then its own read, because no replica responded.
    await clock.advance(20);
    await expect.poll(received).toBe(1);
    await clock.advance(230);
    expect(await take(ones)).toEqual(['1 RUNNING']);
    await clock.advance(20);
    await expect.poll(received).toBe(2);
    const names: (string | null)[] = [];
    const states: string[] = [];
    const twos = two.watch(['1']);
    void (async () => {
      for await (const { read } of twos) {
        states.push(textOf(read));
        names.push(read.kind === 'job' ? read.job.name : null);
      }
    })();
    await clock.advance(20);
    await expect.poll(received).toBe(3);
    await clock.advance(20);
    await expect.poll(received).toBe(4);
    await expect.poll(() => states).toEqual(['RUNNING']);
    one.watcher.close();
    vendor.jobs.set('1', jobFields('1', { ...common, status: 'PAUSED', name: null }));
    await clock.advance(60_000);
    expect(states).toEqual(['RUNNING', 'PAUSED']);
    expect(names).toEqual(['nightly export', 'nightly export']);
    expect(vendor.refused()).toBe(0);
  });

  test('reads a job 250 ms later if no replica has a copy', async () => {
    const { store } = await openCountedStore();
    const clock = createManualClock();
    const vendor = startVendor(store, clock);
    vendor.jobs.set('1', jobFields('1', common));
    const events = vendor.startReplica().watch(['1']);
    await clock.advance(250);
    expect(await take(events)).toEqual(['1 RUNNING']);
  });
});

test('many changes at once are sent in the fewest messages', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  const ids = Array.from({ length: 200 }, (_, index) => String(index));
  for (const id of ids) one.set(id, common);
  one.watch(ids);
  await clock.advance(0);
  await clock.advance(20);
  await expect.poll(received).toBeGreaterThan(5);
  expect(received()).toBeLessThan(30);
  expect(one.errors).toEqual([]);
});

test('without the store each replica polls, and logs that once', async () => {
  const clock = createManualClock();
  const one = startReplica(createUnavailableStore(), clock);
  one.set('1', common);
  const events = one.watch(['1']);
  await clock.advance(60_000);
  one.set('1', { status: 'SUCCEEDED' });
  await clock.advance(15_250);
  expect(await take(events)).toEqual(['1 SUCCEEDED', 'end']);
  expect(one.errors).toHaveLength(1);
});

test('foreign messages on the channel have no effect', async () => {
  const { store, received } = await openCountedStore();
  const clock = createManualClock();
  const one = startReplica(store, clock);
  one.set('1', common);
  const events = one.watch(['1']);
  await clock.advance(0);
  for (const payload of ['nonsense', '{}', '{"from":"x","jobs":[["memory:1"]]}', '{"from":"x","jobs":[1]}']) {
    await store.notify('jobyard_job', payload);
  }
  await expect.poll(received).toBeGreaterThanOrEqual(4);
  expect(await take(events)).toEqual(['1 RUNNING']);
  one.set('1', { status: 'FAILED' });
  await clock.advance(15_250);
  expect(await take(events)).toEqual(['1 FAILED', 'end']);
});

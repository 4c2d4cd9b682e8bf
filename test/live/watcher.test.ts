import { describe, expect, test } from 'vitest';
import { type ReadResult, toListedJob } from '../../src/jobs/adapter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { down } from '../jobs/memory-adapter.ts';
import { createManualClock } from './manual-clock.ts';
import { startWatching, take } from './watching.ts';

const call = { caller: 'test', signal: new AbortController().signal, credential: null };

describe('a watcher receives', () => {
  test('the current state of each job, then only its changes, until all are over', async () => {
    const { watch, set, clock, watcher } = startWatching();
    set('1', { status: 'RUNNING' });
    set('2', { status: 'QUEUED' });
    const events = watch(['1', '2', '1']);
    await clock.advance(0);
    expect(await take(events)).toEqual(['1 RUNNING', '2 QUEUED']);
    await clock.advance(10_000);
    expect(await take(events)).toEqual([]);
    set('2', { status: 'RUNNING' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['2 RUNNING']);
    set('1', { status: 'SUCCEEDED' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['1 SUCCEEDED']);
    expect(watcher.watchedJobs()).toBe(1);
    set('2', { status: 'FAILED' });
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['2 FAILED', 'end']);
    expect(watcher.watchedJobs()).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  test('a change of anything that can be seen of a job, and none of what moves by itself', async () => {
    const { watch, set, clock } = startWatching();
    set('1', { status: 'RUNNING', durationSeconds: 1, progress: { fraction: 0.1, succeededTasks: 1, failedTasks: 0, remainingTasks: 9 } });
    const events = watch(['1']);
    await clock.advance(0);
    expect(await take(events)).toHaveLength(1);
    set('1', { durationSeconds: 2, waitSeconds: 3, dataRange: () => null });
    await clock.advance(2_000);
    expect(await take(events)).toEqual([]);
    set('1', { progress: { fraction: 0.2, succeededTasks: 2, failedTasks: 0, remainingTasks: 8 } });
    await clock.advance(4_000);
    expect(await take(events)).toEqual(['1 RUNNING']);
  });

  test('a job that is not there is over; all over at the start is the end at once', async () => {
    const { watch, set, clock, reads } = startWatching();
    set('1', { status: 'CANCELLED' });
    const events = watch(['1', '2']);
    await clock.advance(0);
    expect(await take(events)).toEqual(['1 CANCELLED', '2 absent', 'end']);
    expect(reads).toEqual([['1', '2']]);
  });

  test("the problem of a job that can't be read, once, with its cached copy, and the job when it can be read again", async () => {
    let answer: ReadResult | null = { kind: 'problem', problem: down };
    const { watch, set, jobs, clock } = startWatching({
      answerRead: (vendorId) => answer ?? { kind: 'job', job: { ...(jobs.get(vendorId) as JobFields) } },
    });
    set('1', { status: 'RUNNING' });
    const events = watch(['1']);
    await clock.advance(30_000);
    expect(await take(events)).toEqual(['1 SYSTEM_UNAVAILABLE']);
    answer = null;
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['1 RUNNING']);
    answer = { kind: 'problem', problem: down };
    await clock.advance(15_250);
    expect(await take(events)).toEqual(['1 RUNNING SYSTEM_UNAVAILABLE']);
  });

  test('only the newest state of each job if it reads slowly', async () => {
    const { watch, set, clock } = startWatching();
    const ids = Array.from({ length: 500 }, (_, index) => String(index));
    for (const id of ids) set(id, { status: 'RUNNING' });
    const events = watch(ids);
    await clock.advance(0);
    for (let round = 0; round < 50; round += 1) {
      for (const id of ids) set(id, { owner: `round ${round}` });
      await clock.advance(1_000);
    }
    for (const id of ids) set(id, { status: 'SUCCEEDED' });
    await clock.advance(1_250);
    expect(await take(events)).toEqual([...ids.map((id) => `${id} SUCCEEDED`), 'end']);
  });
});

describe('the interval between reads', () => {
  test('1,000 watchers of one job are the polling of one', async () => {
    const polledBy = async (watchers: number): Promise<number> => {
      const { watch, set, clock, reads } = startWatching();
      set('1', { status: 'RUNNING' });
      const all = Array.from({ length: watchers }, () => watch(['1']));
      await clock.advance(60_000);
      set('1', { status: 'SUCCEEDED' });
      await clock.advance(20_000);
      for (const events of all) expect(await take(events)).toEqual(['1 SUCCEEDED', 'end']);
      return reads.length;
    };
    const one = await polledBy(1);
    expect(await polledBy(1_000)).toBe(one);
    expect(one).toBeLessThan(15);
  });

  test('a second at first, less and less often for a job that does not change, and a second again after a change', async () => {
    const { watch, set, clock, reads } = startWatching();
    set('1', { status: 'RUNNING' });
    watch(['1']);
    const times: number[] = [];
    const startMs = clock.nowMs();
    for (let ms = 0; ms < 90_000; ms += 250) {
      const before = reads.length;
      await clock.advance(ms === 0 ? 0 : 250);
      if (reads.length > before) times.push((clock.nowMs() - startMs) / 1000);
      if (ms === 70_000) set('1', { status: 'PAUSED' });
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(gaps.slice(0, 7)).toEqual([1, 1.5, 2.25, 3.5, 5.25, 7.75, 11.5]);
    expect(Math.max(...gaps)).toBe(15);
    const changedAt = times.findIndex((time) => time > 70);
    expect(gaps.slice(changedAt, changedAt + 2)).toEqual([1, 1.5]);
  });

  test('never more often than the vendor allows', async () => {
    const { watch, set, clock, reads } = startWatching({ reads: { minIntervalMs: 10_000, maxBatchSize: 1 } });
    set('1', { status: 'RUNNING' });
    const events = watch(['1']);
    await clock.advance(0);
    let last = clock.nowMs();
    for (let second = 0; second < 100; second += 1) {
      set('1', { owner: `at ${second}` });
      const before = reads.length;
      await clock.advance(1_000);
      if (second % 7 === 0) watch(['1']);
      if (reads.length === before) continue;
      expect(reads.length).toBe(before + 1);
      expect(clock.nowMs() - last).toBeGreaterThanOrEqual(10_000);
      last = clock.nowMs();
    }
    expect(reads.length).toBe(11);
    expect(await take(events)).toEqual(['1 RUNNING']);
  });

  test('all jobs that are due share one request', async () => {
    const { watch, set, clock, reads } = startWatching();
    const ids = Array.from({ length: 300 }, (_, index) => String(index));
    for (const id of ids) set(id, { status: 'RUNNING' });
    for (const id of ids) {
      watch([id]);
      await clock.advance(3);
    }
    const before = reads.length;
    await clock.advance(30_000);
    // Of those that began within the same quarter of a second; each by itself would be 300 times as many.
    expect(reads.length - before).toBeLessThan(40);
  });

  test("after the vendor's Retry-After", async () => {
    const problem = createProblem('RATE_LIMITED', 'Too many.', 40);
    const { watch, clock, reads } = startWatching({ answerRead: () => ({ kind: 'problem', problem }) });
    watch(['1']);
    await clock.advance(39_000);
    expect(reads.length).toBe(1);
    await clock.advance(1_500);
    expect(reads.length).toBe(2);
  });

  test('a later watcher gets the known copy at once, and a job with a long interval is read again', async () => {
    const { watch, set, clock, reads } = startWatching();
    set('1', { status: 'RUNNING' });
    watch(['1']);
    await clock.advance(500);
    const second = watch(['1']);
    expect(await take(second)).toEqual(['1 RUNNING']);
    expect(reads.length).toBe(1);
    await clock.advance(60_000);
    await clock.advance(5_000);
    const before = reads.length;
    set('1', { status: 'PAUSED' });
    const third = watch(['1']);
    await clock.advance(0);
    expect(await take(third)).toEqual(['1 PAUSED']);
    expect(await take(second)).toEqual(['1 PAUSED']);
    expect(reads.length).toBe(before + 1);
  });
});

describe('a read that hangs delays no other job', () => {
  test.each([
    ['of a system that is read job by job', { maxBatchSize: 1 }, null],
    ['nor those of a credential of their own', { maxBatchSize: 1 }, 'ann'],
    ['if many jobs are searched in lists first', { maxBatchSize: 1, scanFrom: 3 }, null],
  ])('%s', async (_where, reads, credential) => {
    const hung: (() => void)[] = [];
    const { watch, set, clock, jobs } = startWatching({
      reads,
      answerRead(vendorId) {
        const answer = { kind: 'job', job: { ...(jobs.get(vendorId) as JobFields) } } as const;
        return vendorId === '1' ? new Promise((resolve) => hung.push(() => resolve(answer))) : answer;
      },
    });
    for (const id of ['1', '2', '3']) set(id, { status: 'RUNNING' });
    const events = watch(['1', '2', '3'], credential);
    await clock.advance(0);
    expect(await take(events)).toEqual(['2 RUNNING', '3 RUNNING']);
    // And they are read on meanwhile.
    set('3', { status: 'PAUSED' });
    await clock.advance(1_250);
    expect(await take(events)).toEqual(['3 PAUSED']);
    expect(hung).toHaveLength(1);
    for (const answer of hung) answer();
    await clock.advance(0);
    expect(await take(events)).toEqual(['1 RUNNING']);
  });
});

describe('what others read', () => {
  test('is delivered to the watchers, and the job is not read sooner', async () => {
    const { watch, set, clock, reads, system } = startWatching();
    set('1', { status: 'RUNNING' });
    const events = watch(['1']);
    await clock.advance(900);
    await take(events);
    set('1', { status: 'PAUSED' });
    await system.reader.read(['1'], call);
    expect(await take(events)).toEqual(['1 PAUSED']);
    expect(reads.length).toBe(2);
    await clock.advance(900);
    expect(reads.length).toBe(2);
    await clock.advance(350);
    expect(reads.length).toBe(3);
  });

  test('a row of a list delivers a new status, and keeps the facts that it lacks', async () => {
    const { watch, set, clock, jobs, system } = startWatching();
    set('1', { status: 'RUNNING', owner: 'only a read by id has this' });
    const events = watch(['1']);
    await clock.advance(0);
    await take(events);
    system.reader.takeFromList([toListedJob({ ...(jobs.get('1') as JobFields), owner: null })], call);
    expect(await take(events)).toEqual([]);
    system.reader.takeFromList([toListedJob({ ...(jobs.get('1') as JobFields), status: 'FAILED' })], call);
    expect(await take(events)).toEqual(['1 FAILED', 'end']);
  });

  test('a confirmed state is delivered', async () => {
    const { watch, set, clock, system } = startWatching();
    set('1', { status: 'RUNNING' });
    const events = watch(['1']);
    await clock.advance(0);
    await take(events);
    system.reader.cacheState('1', { status: 'CANCELLING', vendorStatus: 'Cancelling' }, call);
    expect(await take(events)).toEqual(['1 CANCELLING']);
  });

  test("with a caller's own credential is not delivered to others, and is read for that caller only", async () => {
    const credentials: (string | null)[] = [];
    const { watch, set, clock, system, jobs } = startWatching({
      answerRead(vendorId, { credential }) {
        credentials.push(credential);
        return { kind: 'job', job: { ...(jobs.get(vendorId) as JobFields) } };
      },
    });
    set('1', { status: 'RUNNING' });
    const shared = watch(['1']);
    const anns = watch(['1'], 'ann');
    const annsToo = watch(['1'], 'ann');
    const bobs = watch(['1'], 'bob');
    await clock.advance(0);
    expect(credentials.sort()).toEqual(['ann', 'bob', null]);
    set('1', { status: 'PAUSED' });
    await system.reader.read(['1'], { ...call, credential: 'ann' });
    expect(await take(shared)).toEqual(['1 RUNNING']);
    await clock.advance(1_000);
    for (const events of [shared, anns, annsToo, bobs]) expect((await take(events)).at(-1)).toBe('1 PAUSED');
  });
});

describe('going away', () => {
  test('the last watcher to leave stops the polling and aborts a read in progress', async () => {
    let signal: AbortSignal | undefined;
    const { watch, clock, watcher } = startWatching({
      answerRead: (_id, asked) => {
        signal = asked.signal;
        return new Promise((resolve) => asked.signal.addEventListener('abort', () => resolve({ kind: 'problem', problem: down })));
      },
    });
    const first = watch(['1']);
    const second = watch(['1']);
    await clock.advance(0);
    const waiting = first.next();
    await first.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(signal?.aborted).toBe(false);
    await second.return?.();
    expect(signal?.aborted).toBe(true);
    await clock.advance(0);
    expect(watcher.watchedJobs()).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  test('close ends all watches, and later ones end at once', async () => {
    const { watch, set, clock, watcher } = startWatching();
    set('1', { status: 'RUNNING' });
    const events = watch(['1']);
    await clock.advance(0);
    watcher.close();
    expect(await take(events)).toEqual(['1 RUNNING', 'end']);
    expect(await take(watch(['1']))).toEqual(['end']);
    expect(clock.waiting()).toBe(0);
  });
});

test("no read is due while the clock doesn't advance", async () => {
  const clock = createManualClock();
  let woken = 0;
  clock.at(clock.nowMs() + 10, () => {
    woken += 1;
  });
  await clock.advance(9);
  expect(woken).toBe(0);
  await clock.advance(1);
  expect(woken).toBe(1);
});

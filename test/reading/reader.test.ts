import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReadResult, toListedJob } from '../../src/jobs/adapter.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/job-read.ts';
import {
  abortedSignal,
  callOf,
  connectMemory,
  down,
  jobFields,
  type MemoryOptions,
  memoryList,
  memoryRows,
} from '../jobs/memory-adapter.ts';

const startMs = 1_700_000_000_000;
const intervalMs = 10_000;

/** A system with a stopped clock that the test moves. */
function connect(options: MemoryOptions = {}) {
  const clock = { nowMs: startMs };
  const lists = options.lists ?? [memoryList({ rows: memoryRows(100) })];
  return { clock, ...connectMemory({ lists, nowMs: () => clock.nowMs, ...options }) };
}

const limited = { minIntervalMs: intervalMs, maxBatchSize: 1 };
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `j${index}`);
const problemOf = (read: JobRead | undefined) => (read?.kind === 'problem' ? read.problem : null);
const jobOf = (read: JobRead | undefined) => (read?.kind === 'job' ? read.job : null);

function defer<Value>() {
  let settle: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

describe('a vendor without reads by ID', () => {
  test('has its jobs found in its lists', async () => {
    const { system, pages } = connect({ hasReadsById: false });
    const results = await system.reader.read(['j99', 'j0'], callOf());
    expect(results.map((read) => jobOf(read)?.id)).toEqual(['memory:j99', 'memory:j0']);
    expect(pages).toHaveLength(1);
  });

  test("has no job that its completely read lists don't contain", async () => {
    const { system } = connect({ hasReadsById: false });
    expect(await system.reader.readFresh(['j1', 'missing'], callOf())).toMatchObject([{ kind: 'job' }, { kind: 'notFound' }]);
  });

  test('is returned if lists are left at the limit, and not if they end there', async () => {
    const lists = [memoryList({ rows: memoryRows(500) }), memoryList({ name: 'empty' })];
    const { system } = connect({ hasReadsById: false, lists: lists.slice(0, 1), scanLimit: 500 });
    expect(await system.reader.read(['missing'], callOf())).toEqual([{ kind: 'notFound' }]);
    const two = connect({ hasReadsById: false, lists, scanLimit: 500 });
    expect((await two.system.reader.read(['missing'], callOf())).map(problemOf)).toMatchObject([{ code: 'SCAN_LIMIT_REACHED' }]);
  });

  test('may have a job that its lists do not show, if one fails or is too long', async () => {
    const failing = connect({ hasReadsById: false, lists: [memoryList({ rows: memoryRows(10), failsAt: new Set([0]) })] });
    expect((await failing.system.reader.read(['missing'], callOf())).map(problemOf)).toEqual([down]);
    const long = connect({ hasReadsById: false, lists: [memoryList({ rows: memoryRows(600) })], scanLimit: 500 });
    expect((await long.system.reader.read(['j550'], callOf())).map(problemOf)).toMatchObject([{ code: 'SCAN_LIMIT_REACHED' }]);
  });

  test('of no jobs sends no request', async () => {
    const { system, pages } = connect({ hasReadsById: false });
    expect(await system.reader.read([], callOf())).toEqual([]);
    expect(pages).toEqual([]);
  });
});

describe('reading by id', () => {
  test('gives one result per id, in order, in the fewest requests the vendor allows', async () => {
    const counts = fc.record({ count: fc.nat({ max: 40 }), maxBatchSize: fc.option(fc.integer({ min: 1, max: 10 })) });
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 5 }), async ({ count, maxBatchSize }, concurrency) => {
        const { system, reads } = connect({ reads: { maxBatchSize }, concurrency });
        const wanted = [...ids(count).reverse(), 'missing'];
        const results = await system.reader.read(wanted, callOf());
        expect(results.slice(0, -1).map((read) => jobOf(read)?.id)).toEqual(wanted.slice(0, -1).map((id) => `memory:${id}`));
        expect(results.at(-1)).toEqual({ kind: 'notFound' });
        expect(reads.flat().sort()).toEqual([...wanted].sort());
        expect(reads).toHaveLength(Math.ceil(wanted.length / (maxBatchSize ?? wanted.length)));
      }),
    );
  });

  test('of no jobs sends no request', async () => {
    for (const minIntervalMs of [0, intervalMs]) {
      const { system, reads } = connect({ reads: { minIntervalMs, scanFrom: 1 } });
      expect(await system.reader.read([], callOf())).toEqual([]);
      expect(await system.reader.readFresh([], callOf())).toEqual([]);
      expect(reads).toEqual([]);
    }
  });

  test('has its time, and a fresh copy', async () => {
    const { system } = connect();
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ id: 'memory:j0', observedAt: new Date(startMs), stale: false, problem: null });
  });

  test('keeps the name that only the list has', async () => {
    const { system } = connect({ answerRead: (vendorId) => ({ kind: 'job', job: jobFields(vendorId, { name: null }) }) });
    system.reader.takeFromList([toListedJob(jobFields('j0', { name: 'Nightly' }))], callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)?.name).toBe('Nightly');
  });

  test('is not replaced by a list row that was read earlier and cached later', async () => {
    let isDown = false;
    const { system, clock } = connect({
      answerRead: (vendorId) =>
        isDown ? { kind: 'problem', problem: down } : { kind: 'job', job: jobFields(vendorId, { status: 'CANCELLED' }) },
    });
    const take = system.reader.createRowConverter(callOf());
    clock.nowMs += 1_000;
    await system.reader.read(['j0'], callOf());
    expect(take(toListedJob(jobFields('j0', { status: 'RUNNING' })))).toMatchObject({ status: 'RUNNING', observedAt: new Date(startMs) });
    isDown = true;
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ status: 'CANCELLED', stale: true });
  });
});

describe('reading many', () => {
  test('walks the lists if that costs less than reads by ID, and reads the missing jobs by ID', async () => {
    const { system, pages, reads } = connect({ reads: { maxBatchSize: 1, scanFrom: 50 } });
    await system.reader.read(ids(49), callOf());
    expect([pages.length, reads.length]).toEqual([0, 49]);
    reads.length = 0;
    const results = await system.reader.read([...ids(49), 'missing'], callOf());
    expect([pages.length, reads]).toEqual([1, [['missing']]]);
    expect(results.map(({ kind }) => kind)).toEqual([...ids(49).map(() => 'job'), 'notFound']);
  });

  test('walks no more pages than a tenth of the reads that it may save', async () => {
    const lists = [memoryList({ rows: memoryRows(100), maxRows: 2 })];
    const { system, pages, reads } = connect({ lists, reads: { maxBatchSize: 1, scanFrom: 20 } });
    const results = await system.reader.read(
      ids(21).map((_, index) => `j${80 + index}`),
      callOf(),
    );
    expect(pages).toHaveLength(3);
    expect(reads).toHaveLength(21);
    expect(results.at(-1)).toEqual({ kind: 'notFound' });
  });

  test('does without a list that fails', async () => {
    const lists = [
      memoryList({ name: 'broken', rows: memoryRows(5), failsAt: new Set([0]) }),
      memoryList({ name: 'whole', rows: memoryRows(20).slice(5) }),
    ];
    const { system, reads } = connect({ lists, reads: { maxBatchSize: 1, scanFrom: 20 } });
    const results = await system.reader.read(ids(20), callOf());
    expect(results.map((read) => jobOf(read)?.vendorId)).toEqual(ids(20));
    expect(reads.flat()).toEqual(ids(5));
  });
});

describe('if the vendor has a minimum read interval', () => {
  test('the last copy is served, marked as stale, until the time is up', async () => {
    const { system, reads, clock } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += intervalMs - 1;
    const [within] = await system.reader.read(['j0'], callOf());
    expect(jobOf(within)).toMatchObject({ stale: true, problem: null, observedAt: new Date(startMs) });
    expect(reads).toHaveLength(1);
    clock.nowMs += 1;
    const [after] = await system.reader.read(['j0'], callOf());
    expect(jobOf(after)).toMatchObject({ stale: false, observedAt: new Date(startMs + intervalMs) });
    expect(reads).toHaveLength(2);
  });

  test('a row of a list counts as no read, but is the newer copy', async () => {
    const { system, reads, clock } = connect({ reads: limited });
    system.reader.takeFromList([toListedJob(jobFields('j0', { status: 'QUEUED' }))], callOf());
    await system.reader.read(['j0'], callOf());
    expect(reads).toHaveLength(1);
    clock.nowMs += 1_000;
    system.reader.takeFromList([toListedJob(jobFields('j0', { status: 'SUCCEEDED' }))], callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(reads).toHaveLength(1);
    expect(jobOf(read)).toMatchObject({ status: 'SUCCEEDED', stale: true, observedAt: new Date(startMs + 1_000) });
  });

  test('a state that the vendor confirmed shows in the copy', async () => {
    const { system } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    system.reader.cacheState('j0', { status: 'CANCELLING', vendorStatus: 'stopping' }, callOf());
    const [read] = await system.reader.read(['j0'], callOf());
    expect(jobOf(read)).toMatchObject({ status: 'CANCELLING', vendorStatus: 'stopping', stale: true });
  });

  test('concurrent calls share one read', async () => {
    const { system, reads } = connect({ reads: limited });
    const [first, second] = await Promise.all([system.reader.read(['j0', 'j1'], callOf()), system.reader.read(['j1', 'j2'], callOf())]);
    expect(reads.flat().sort()).toEqual(['j0', 'j1', 'j2']);
    expect(jobOf(first[1])).toEqual(jobOf(second[0]));
  });

  test("a call for one of a hundred jobs that another call reads doesn't wait for the others", async () => {
    const anns = defer<ReadResult>();
    const answerRead: MemoryOptions['answerRead'] = (id, { caller }) =>
      caller === 'ann' ? anns.promise : { kind: 'job', job: jobFields(id) };
    const { system, reads } = connect({ reads: limited, answerRead });
    const many = system.reader.read(ids(100), callOf({ caller: 'ann' }));
    const [one] = await system.reader.read(['j50'], callOf({ caller: 'bob' }));
    expect(jobOf(one)?.vendorId).toBe('j50');
    anns.settle({ kind: 'notFound' });
    expect((await many).filter(({ kind }) => kind === 'notFound')).toHaveLength(99);
    // The vendor would reject a second read of it.
    expect(reads.flat().filter((id) => id === 'j50')).toHaveLength(1);
  });

  test('an aborted call fails none of the others', async () => {
    const answer = defer<ReadResult>();
    const answerRead: MemoryOptions['answerRead'] = (_id, { signal }) => {
      signal.addEventListener('abort', () => answer.settle({ kind: 'problem', problem: down }));
      return answer.promise;
    };
    const { system, reads } = connect({ reads: limited, answerRead });
    const leaving = new AbortController();
    const first = system.reader.read(['j0'], callOf({ signal: leaving.signal }));
    const second = system.reader.read(['j0'], callOf());
    leaving.abort();
    expect(problemOf((await first)[0])?.code).toBe('TIMED_OUT');
    answer.settle({ kind: 'job', job: jobFields('j0') });
    expect(jobOf((await second)[0])?.vendorId).toBe('j0');
    expect(reads).toHaveLength(1);
  });

  test('a call that was aborted before starts no read', async () => {
    const { system, reads } = connect({ reads: limited });
    const [read] = await system.reader.read(['j0'], callOf({ signal: abortedSignal() }));
    expect(problemOf(read)?.code).toBe('TIMED_OUT');
    expect(reads).toEqual([]);
  });

  test('a failed read is not shared with later calls', async () => {
    const answers: ReadResult[] = [
      { kind: 'problem', problem: createProblem('ACCESS_DENIED', 'No.') },
      { kind: 'job', job: jobFields('j0') },
    ];
    const { system } = connect({ reads: limited, answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    expect(problemOf((await system.reader.read(['j0'], callOf()))[0])?.code).toBe('ACCESS_DENIED');
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.stale).toBe(false);
  });
});

describe('a fresh read', () => {
  test('is never an older copy: within the time the lists are walked, as no limit is on them', async () => {
    const { system, reads, pages, clock } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += 1_000;
    const [read, other] = await system.reader.readFresh(['j0', 'j1'], callOf());
    expect(jobOf(read)).toMatchObject({ stale: false, observedAt: new Date(startMs + 1_000) });
    expect(jobOf(other)?.vendorId).toBe('j1');
    expect([reads, pages.length]).toEqual([[['j0'], ['j1']], 1]);
  });

  test("that the lists don't contain either is RATE_LIMITED", async () => {
    const { system, clock } = connect({ reads: limited, lists: [], answerRead: (id) => ({ kind: 'job', job: jobFields(id) }) });
    await system.reader.read(['j0'], callOf());
    clock.nowMs += 1_000;
    const [read] = await system.reader.readFresh(['j0'], callOf());
    expect(problemOf(read)).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 10 });
  });

  test('that the vendor rejects as too early is found in the lists', async () => {
    const tooSoon = createProblem('RATE_LIMITED', 'Too soon.', 5);
    const { system, pages } = connect({ reads: limited, answerRead: () => ({ kind: 'problem', problem: tooSoon }) });
    expect(jobOf((await system.reader.readFresh(['j3'], callOf()))[0])?.vendorId).toBe('j3');
    expect(pages).toHaveLength(1);
    expect(problemOf((await system.reader.readFresh(['missing'], callOf()))[0])).toBe(tooSoon);
  });

  test('that fails returns the problem, even if there is a cached copy', async () => {
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0') },
      { kind: 'problem', problem: down },
    ];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.readFresh(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test('walks at most as many rows as the scan limit, in pages of 200', async () => {
    const lists = [memoryList({ rows: memoryRows(100), maxRows: 1 })];
    const { system, pages } = connect({
      lists,
      reads: limited,
      scanLimit: 1_000,
      answerRead: (id) => ({ kind: 'job', job: jobFields(id) }),
    });
    await system.reader.read(['far'], callOf());
    await system.reader.readFresh(['far'], callOf());
    expect(pages).toHaveLength(5);
  });
});

describe("if a job can't be read", () => {
  const failing = (code: ProblemCode) => {
    const problem = createProblem(code, 'No.');
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0') },
      { kind: 'problem', problem },
    ];
    return { problem, ...connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } }) };
  };

  test.each(['SYSTEM_UNAVAILABLE', 'TIMED_OUT', 'RATE_LIMITED', 'INVALID_VENDOR_RESPONSE'] as const)(
    'returns the last copy for %s, with the problem',
    async (code) => {
      const { system, problem } = failing(code);
      await system.reader.read(['j0'], callOf());
      const [read] = await system.reader.read(['j0'], callOf());
      expect(jobOf(read)).toMatchObject({ status: 'RUNNING', stale: true, problem });
    },
  );

  test.each(['ACCESS_DENIED', 'VENDOR_AUTHENTICATION_FAILED'] as const)('returns no copy for %s', async (code) => {
    const { system, problem } = failing(code);
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem }]);
  });

  test('its copy is returned if it is among the most recently used, and no older one', async () => {
    let isDown = false;
    const answerRead = (id: string): ReadResult => (isDown ? { kind: 'problem', problem: down } : { kind: 'job', job: jobFields(id) });
    const { system } = connect({ answerRead, maxCopies: 100 });
    await system.reader.read(['first'], callOf());
    await system.reader.read(ids(100), callOf());
    isDown = true;
    const [first, kept] = await system.reader.read(['first', 'j0'], callOf());
    expect([problemOf(first), jobOf(kept)?.stale]).toEqual([down, true]);
  });

  test('and has no cached copy, the problem is returned', async () => {
    const { system } = connect({ answerRead: () => ({ kind: 'problem', problem: down }) });
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test('a copy from before its removal is not returned', async () => {
    const answers: ReadResult[] = [{ kind: 'job', job: jobFields('j0') }, { kind: 'notFound' }, { kind: 'problem', problem: down }];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    const kinds: string[] = [];
    for (const _ of [1, 2, 3]) kinds.push(...(await system.reader.read(['j0'], callOf())).map(({ kind }) => kind));
    expect(kinds).toEqual(['job', 'notFound', 'problem']);
  });
});

describe("with a caller's own credential", () => {
  const mine = () => callOf({ credential: 'mine' });

  test('nothing that was read is kept for others', async () => {
    let isUp = true;
    const { system } = connect({ answerRead: (id) => (isUp ? { kind: 'job', job: jobFields(id) } : { kind: 'problem', problem: down }) });
    await system.reader.read(['j0'], mine());
    await system.reader.readFresh(['j0'], mine());
    system.reader.takeFromList([toListedJob(jobFields('j0'))], mine());
    isUp = false;
    expect(await system.reader.read(['j0'], callOf())).toEqual([{ kind: 'problem', problem: down }]);
  });

  test("nothing of the others' copies is shown, not even a name", async () => {
    const answers: ReadResult[] = [
      { kind: 'job', job: jobFields('j0', { name: null }) },
      { kind: 'problem', problem: down },
    ];
    const { system } = connect({ reads: limited, answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    system.reader.takeFromList([toListedJob(jobFields('j0', { name: 'Secret' }))], callOf());
    expect(jobOf((await system.reader.read(['j0'], mine()))[0])).toMatchObject({ name: null, stale: false });
    expect(await system.reader.read(['j0'], mine())).toEqual([{ kind: 'problem', problem: down }]);
    expect(system.reader.takeFromList([toListedJob(jobFields('j0', { name: null }))], mine())[0]?.name).toBeNull();
  });

  test('no read in flight is shared, and each carries its own credential', async () => {
    const credentials: (string | null)[] = [];
    const { system, reads } = connect({
      reads: limited,
      answerRead: (id, { credential }) => {
        credentials.push(credential);
        return { kind: 'job', job: jobFields(id) };
      },
    });
    const calls = [callOf(), mine(), callOf({ credential: 'yours' })];
    await Promise.all(calls.map((call) => system.reader.read(['j0'], call)));
    expect(reads).toHaveLength(3);
    expect(credentials.sort()).toEqual(['mine', 'yours', null].sort());
  });

  test("reads of other callers don't prevent a fresh read", async () => {
    const { system, reads } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    expect(jobOf((await system.reader.readFresh(['j0'], mine()))[0])?.stale).toBe(false);
    expect(reads).toHaveLength(2);
  });

  test('what an action confirmed is not noted for others', async () => {
    const { system } = connect({ reads: limited });
    await system.reader.read(['j0'], callOf());
    system.reader.cacheState('j0', { status: 'CANCELLING', vendorStatus: 'stopping' }, mine());
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.status).toBe('RUNNING');
  });

  test('what others have read is not lost because one may not see it', async () => {
    const answers: ReadResult[] = [{ kind: 'job', job: jobFields('j0') }, { kind: 'notFound' }, { kind: 'problem', problem: down }];
    const { system } = connect({ answerRead: () => answers.shift() ?? { kind: 'notFound' } });
    await system.reader.read(['j0'], callOf());
    expect(await system.reader.read(['j0'], mine())).toEqual([{ kind: 'notFound' }]);
    expect(jobOf((await system.reader.read(['j0'], callOf()))[0])?.stale).toBe(true);
  });
});

describe('a system that turns out to be read another way', () => {
  test('is used by the same call: jobs with readsChanged are read once more', async () => {
    const asked: string[] = [];
    const { system } = connect({
      reads: { maxBatchSize: 10 },
      answerRead(vendorId) {
        const { reads } = system.adapter;
        asked.push(vendorId);
        if (reads.maxBatchSize === 1) return { kind: 'job', job: jobFields(vendorId) };
        queueMicrotask(() => Object.assign(reads, { maxBatchSize: 1, minIntervalMs: 10_000 }));
        return vendorId === 'j0' ? { kind: 'job', job: jobFields(vendorId) } : { kind: 'readsChanged' };
      },
    });
    const results = await system.reader.read(['j0', 'j1', 'j2'], callOf());
    expect(results.map(({ kind }) => kind)).toEqual(['job', 'job', 'job']);
    expect(asked).toEqual(['j0', 'j1', 'j2', 'j1', 'j2']);
    // And is under its limit from then on.
    expect((await system.reader.read(['j1'], callOf()))[0]).toMatchObject({ kind: 'job', job: { stale: true } });
  });
});

describe('facts that a way of reading leaves out', () => {
  const leftOut = ['createdAt', 'owner', 'waitSeconds'] as const;

  test('are taken from an earlier copy that has them, and no other facts', async () => {
    const { system } = connect({
      answerRead: (id) => ({ kind: 'job', job: jobFields(id, { owner: null, createdAt: null, type: null, leftOut }) }),
    });
    const known = jobFields('j0', { owner: 'bob', createdAt: new Date(7_000), type: 'load', waitSeconds: 3 });
    system.reader.takeFromList([toListedJob(known)], callOf());
    expect((await system.reader.read(['j0'], callOf()))[0]).toMatchObject({
      // A job that has not started continues to wait, so the earlier waiting time is no longer true.
      job: { owner: 'bob', createdAt: new Date(7_000), type: null, waitSeconds: null },
    });
  });
});

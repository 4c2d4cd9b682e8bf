import { describe, expect, test } from 'vitest';
import { createCaller } from '../../src/access/caller.ts';
import { createShares, type Place, type SharesOptions } from '../../src/access/shares.ts';

const [ann, bob, cat] = ['ann', 'bob', 'cat'].map((name) => createCaller(name, [])) as [Caller, Caller, Caller];
type Caller = ReturnType<typeof createCaller>;

function create(limits: Partial<SharesOptions['limits']> = {}, maxWaitMs = 60_000) {
  const all = {
    maxRequestsInFlightPerCaller: 3,
    maxBytesInFlightPerCaller: 100,
    maxBytesInFlight: 200,
    maxWatchedJobsPerCaller: 10,
    maxCost: 1_000,
  };
  return createShares({ limits: { ...all, ...limits }, maxWaitMs });
}

function enter(shares: ReturnType<typeof create>, caller: Caller, bytes = 0): Place {
  const entry = shares.enter(caller, bytes);
  if (entry.kind === 'rejected') throw new Error(entry.message);
  return entry.place;
}

const never = new AbortController().signal;

/** Whether the promise has settled. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))])) !== pending;
}

describe('requests in flight', () => {
  test('are counted per caller until they are left', () => {
    const shares = create();
    const places = [enter(shares, ann), enter(shares, ann), enter(shares, ann)];
    expect(shares.enter(ann, 0)).toEqual({
      kind: 'rejected',
      status: 429,
      code: 'RATE_LIMITED',
      message: 'ann has 3 requests in flight, the maximum (maxRequestsInFlightPerCaller). Retry in 5 seconds.',
      retryAfterSeconds: 5,
    });
    enter(shares, bob);
    places[1]?.leave();
    places[1]?.leave();
    enter(shares, ann);
    expect(shares.enter(ann, 0).kind).toBe('rejected');
  });
});

describe('bytes', () => {
  test('of one caller are limited, but a single request may have any number', () => {
    const shares = create({ maxBytesInFlight: 10_000 });
    const large = enter(shares, ann, 5_000);
    expect(shares.enter(ann, 1)).toMatchObject({ kind: 'rejected', status: 429 });
    large.leave();
    const first = enter(shares, ann, 60);
    expect(shares.enter(ann, 41)).toMatchObject({ kind: 'rejected', status: 429 });
    const second = enter(shares, ann, 0);
    expect(second.grow(40)).toBe(true);
    expect(second.grow(1)).toBe(false);
    first.leave();
    // Rejected bytes were counted, too, until the request ended.
    expect(second.grow(1)).toBe(true);
    second.leave();
    enter(shares, ann, 100);
  });

  test('of all callers are limited, and the last quarter is reserved for callers with nothing in flight', () => {
    const shares = create();
    enter(shares, ann, 100);
    const ofBob = enter(shares, bob, 40);
    expect(shares.enter(bob, 11)).toMatchObject({ kind: 'rejected', status: 503, code: 'UNAVAILABLE', retryAfterSeconds: 5 });
    enter(shares, bob, 10);
    enter(shares, cat, 50);
    expect(shares.enter(createCaller('dan', []), 1)).toMatchObject({ kind: 'rejected', status: 503 });
    ofBob.leave();
    enter(shares, createCaller('dan', []), 1);
  });

  test("that a connection hasn't read count, too, and block new operations", async () => {
    const shares = create();
    const place = enter(shares, ann, 10);
    expect(shares.addUnsent(ann, 90)).toBe(true);
    expect(shares.addUnsent(ann, 1)).toBe(false);
    expect(await place.beginWork(1, never)).toMatchObject({ status: 429 });
    expect(shares.enter(ann, 1)).toMatchObject({ kind: 'rejected', status: 429 });
    expect(shares.enter(bob, 1).kind).toBe('entered');
    shares.addUnsent(ann, -91);
    expect(await place.beginWork(1, never)).toBeNull();
  });
});

describe('running operations', () => {
  test('make those of the same caller wait above the cost of one document', async () => {
    const shares = create();
    const [first, second, third] = [enter(shares, ann), enter(shares, ann), enter(shares, ann)];
    expect(await first.beginWork(600, never)).toBeNull();
    const waiting = second.beginWork(500, never);
    // It would fit, but not pass by the one before it.
    const last = third.beginWork(100, never);
    expect(await isSettled(waiting)).toBe(false);
    expect(await isSettled(last)).toBe(false);
    expect(await enter(shares, bob).beginWork(1_000, never)).toBeNull();
    first.leave();
    expect(await waiting).toBeNull();
    expect(await last).toBeNull();
  });

  test('that cost little never wait, and one above the maximum starts alone', async () => {
    const shares = create();
    const [first, second] = [enter(shares, ann), enter(shares, ann)];
    expect(await first.beginWork(5_000, never)).toBeNull();
    expect(await second.beginWork(29, never)).toBeNull();
    expect(await isSettled(second.beginWork(30, never))).toBe(false);
  });

  test('that never began release no cost when their request leaves', async () => {
    const shares = create();
    // It stays, as what a caller uses is forgotten with its last request.
    const first = enter(shares, ann);
    for (let count = 0; count < 100; count += 1) enter(shares, ann).leave();
    expect(await first.beginWork(1_000, never)).toBeNull();
    expect(await isSettled(enter(shares, ann).beginWork(30, never))).toBe(false);
  });

  test('that waited the maximum time are rejected, and make room for those behind them', async () => {
    const shares = create({}, 1);
    const [first, second] = [enter(shares, ann), enter(shares, ann)];
    await first.beginWork(1_000, never);
    expect(await second.beginWork(1_000, never)).toMatchObject({ status: 429, code: 'RATE_LIMITED', retryAfterSeconds: 5 });
  });

  test('whose client disconnects leave the queue', async () => {
    const shares = create();
    const [first, second, third] = [enter(shares, ann), enter(shares, ann), enter(shares, ann)];
    await first.beginWork(600, never);
    const gone = new AbortController();
    const waiting = second.beginWork(1_000, gone.signal);
    const behind = third.beginWork(400, never);
    gone.abort();
    expect(await waiting).toMatchObject({ status: 429 });
    expect(await behind).toBeNull();
  });
});

test('subscribed jobs are counted per caller until they are released', () => {
  const shares = create();
  const release = shares.watch(ann, 6);
  expect(shares.watch(ann, 5)).toBeNull();
  expect(shares.watch(bob, 5)).not.toBeNull();
  expect(shares.watch(ann, 4)).not.toBeNull();
  release?.();
  release?.();
  expect(shares.watch(ann, 6)).not.toBeNull();
  expect(shares.watch(ann, 1)).toBeNull();
});

test('limits that a reload changes in place apply from then on', async () => {
  const limits = {
    maxRequestsInFlightPerCaller: 1,
    maxBytesInFlightPerCaller: 100,
    maxBytesInFlight: 200,
    maxWatchedJobsPerCaller: 1,
    maxCost: 1_000,
  };
  const shares = createShares({ limits, maxWaitMs: 60_000 });
  const first = enter(shares, ann);
  await first.beginWork(900, never);
  expect([shares.enter(ann, 0).kind, shares.watch(ann, 2), shares.addUnsent(ann, 101)]).toEqual(['rejected', null, false]);
  Object.assign(limits, { maxRequestsInFlightPerCaller: 2, maxBytesInFlightPerCaller: 150, maxWatchedJobsPerCaller: 2, maxCost: 2_000 });
  expect(await enter(shares, ann).beginWork(1_000, never)).toBeNull();
  expect([shares.watch(ann, 2), shares.addUnsent(ann, 1)]).toEqual([expect.any(Function), true]);
});

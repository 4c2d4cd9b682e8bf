import { Queue } from 'bullmq';
import type { JobAction } from 'jobyard/adapter';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type RedisProxy, startProxy } from '../proxy.ts';
import { type RedisServer, skipReason, skipWithoutRedis, startRedis } from '../redis.ts';
import { createCall, startAdapter } from '../start-adapter.ts';

let server: RedisServer;
let proxy: RedisProxy;
let queue: Queue;
beforeAll(async () => {
  if (skipReason === null) server = await startRedis();
});
afterAll(() => server?.close());
beforeEach(async (context) => {
  skipWithoutRedis(context);
  await server.redis.flushall();
  proxy = await startProxy(server.port);
  queue = new Queue('mail', { connection: { host: '127.0.0.1', port: server.port } });
  onTestFinished(async () => {
    await queue.close();
    await proxy.close();
  });
});

/** Adds a job that allows the action, and returns its ID in Jobyard's form. */
async function addFor(action: JobAction): Promise<string> {
  const { id } = await queue.add('encode', {}, action === 'START' ? { delay: 3_600_000 } : {});
  if (action === 'RESTART') await endJob(id ?? '', 'failed');
  return `mail:${id}`;
}

/** Makes a waiting job one that has ended, as a worker does. */
async function endJob(id: string, state: 'failed' | 'completed'): Promise<void> {
  await server.redis
    .multi()
    .lrem('bull:mail:wait', 1, id)
    .zadd(`bull:mail:${state}`, 1_700_000_000_000, id)
    .hset(`bull:mail:${id}`, {
      finishedOn: '1700000000000',
      processedOn: '1699999999000',
      ...(state === 'failed' && { failedReason: 'full' }),
    })
    .xadd('bull:mail:events', '*', 'event', state, 'jobId', id)
    .exec();
}

const isDone: Record<'CANCEL' | 'RESTART' | 'START', (id: string) => Promise<boolean>> = {
  CANCEL: async (id) => (await server.redis.exists(`bull:mail:${id.slice(5)}`)) === 0,
  RESTART: async (id) => (await server.redis.zscore('bull:mail:failed', id.slice(5))) === null,
  START: async (id) => (await server.redis.zscore('bull:mail:delayed', id.slice(5))) === null,
};

describe.each(['CANCEL', 'RESTART', 'START'] as const)('a connection that is lost during %s', (action) => {
  test('before the command arrives: inconclusive, and nothing is sent again', async () => {
    const { act, read } = startAdapter(proxy.url);
    const id = await addFor(action);
    proxy.failNext('eval', { kind: 'before' });
    expect(await act(action, id)).toMatchObject([{ kind: 'inconclusive', problem: { code: 'SYSTEM_UNAVAILABLE' } }]);
    // On a new connection.
    expect(await read(id)).not.toBeNull();
    expect(await isDone[action](id)).toBe(false);
  });

  test('after it was performed: inconclusive, and it was performed once', async () => {
    const { act, adapter } = startAdapter(proxy.url);
    const id = await addFor(action);
    // A second cancellation would find no job, a second restart or start another state.
    proxy.failNext('eval', { kind: 'after' });
    expect(await act(action, id)).toMatchObject([{ kind: 'inconclusive' }]);
    expect(await isDone[action](id)).toBe(true);
    const resolved = await adapter.resolveInconclusive?.(action, [{ vendorId: id, job: null }], createCall());
    expect(resolved).toMatchObject([{ kind: action === 'CANCEL' ? 'accepted' : 'inconclusive' }]);
  });

  test('with silence: inconclusive after the timeout, and the next request gets another connection', async () => {
    const { act, read } = startAdapter(proxy.url, {}, 300);
    const id = await addFor(action);
    proxy.failNext('eval', { kind: 'hang' });
    expect(await act(action, id)).toMatchObject([{ kind: 'inconclusive', problem: { code: 'TIMED_OUT' } }]);
    await read(id);
    expect(await isDone[action](id)).toBe(true);
  });
});

test('a job that ends between the read and the removal is kept, with its result', async () => {
  const { act, read } = startAdapter(proxy.url);
  const id = await addFor('CANCEL');
  proxy.failNext('eval', { kind: 'hold', until: () => endJob(id.slice(5), 'completed') });
  expect(await act('CANCEL', id)).toMatchObject([{ kind: 'rejected', vendorCode: 'completed' }]);
  expect(await read(id)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a job that changes and still waits is read again, and removed', async () => {
  const { act } = startAdapter(proxy.url);
  const id = await addFor('CANCEL');
  proxy.failNext('eval', { kind: 'hold', until: () => server.redis.hset('bull:mail:1', 'data', '{"changed":true}') });
  expect(await act('CANCEL', id)).toEqual([{ kind: 'accepted', job: null }]);
  expect(await isDone.CANCEL(id)).toBe(true);
});

test('a job that vanished because it ended is not taken for a canceled one', async () => {
  const { adapter } = startAdapter(proxy.url);
  const id = await addFor('CANCEL');
  await endJob(id.slice(5), 'completed');
  await server.redis.del('bull:mail:1');
  expect(
    await adapter.resolveInconclusive?.(
      'CANCEL',
      [
        { vendorId: id, job: null },
        { vendorId: 'mail:7', job: null },
      ],
      createCall(),
    ),
  ).toMatchObject([{ kind: 'rejected', vendorCode: 'completed' }, { kind: 'inconclusive' }]);
});

test('a read whose response is lost is repeated on a new connection', async () => {
  const { read } = startAdapter(proxy.url);
  const id = await addFor('CANCEL');
  proxy.failNext('hmget', { kind: 'after' });
  expect(await read(id)).toMatchObject({ status: 'QUEUED' });
  expect(proxy.connectionCount()).toBe(2);
});

test.each([
  [true, ['2', '1']],
  [false, ['1', '2']],
])('a restarted job with lifo: %s waits in its place', async (lifo, order) => {
  const { act } = startAdapter(proxy.url);
  await queue.add('encode', {}, { lifo });
  await endJob('1', 'failed');
  await queue.add('encode', {});
  expect(await act('RESTART', 'mail:1')).toMatchObject([{ kind: 'accepted' }]);
  // The next one to run is the last.
  expect(await server.redis.lrange('bull:mail:wait', 0, -1)).toEqual(order);
});

test('a script that Redis forgot is sent again', async () => {
  const { act } = startAdapter(proxy.url);
  expect(await act('CANCEL', await addFor('CANCEL'))).toEqual([{ kind: 'accepted', job: null }]);
  await server.redis.script('FLUSH');
  expect(await act('CANCEL', await addFor('CANCEL'))).toEqual([{ kind: 'accepted', job: null }]);
});

test('the core may object right before the removal, and nothing is sent', async () => {
  const { act } = startAdapter(proxy.url);
  const id = await addFor('CANCEL');
  const problem = { code: 'NOT_ATTEMPTED', message: 'Not now.', retryable: true, retryAfterSeconds: null } as const;
  let roundTrips = 0;
  const onRoundTrip = (): void => {
    roundTrips += 1;
  };
  expect(await act('CANCEL', id, { beforeSend: () => problem, onRoundTrip })).toEqual([{ kind: 'notSent', problem }]);
  expect(await isDone.CANCEL(id)).toBe(false);
  expect(roundTrips).toBe(2);
});

test('requests share a connection, and each concurrent removal has one of its own', async () => {
  const { act, adapter } = startAdapter(proxy.url);
  const ids = [await addFor('CANCEL'), await addFor('CANCEL'), await addFor('CANCEL')];
  await adapter.getJobs?.(ids, createCall());
  await Promise.all(ids.map(() => adapter.checkHealth(createCall())));
  expect(proxy.connectionCount()).toBe(1);
  await Promise.all(ids.map((id) => act('CANCEL', id)));
  expect(proxy.connectionCount()).toBe(4);
  await act('CANCEL', await addFor('CANCEL'));
  expect(proxy.connectionCount()).toBe(4);
});

test('a server that is down, and comes back, is unavailable and then healthy', async () => {
  const own = await startRedis();
  const between = await startProxy(own.port);
  onTestFinished(async () => {
    await between.close();
    await own.close();
  });
  const { adapter } = startAdapter(between.url);
  expect(await adapter.checkHealth(createCall())).toBeNull();
  between.failNext('ping', { kind: 'before' });
  // A read is repeated.
  expect(await adapter.checkHealth(createCall())).toBeNull();
  const nowhere = startAdapter('redis://127.0.0.1:1');
  expect(await nowhere.adapter.checkHealth(createCall())).toMatchObject({
    code: 'SYSTEM_UNAVAILABLE',
    message: 'queues can\'t be reached: "ECONNREFUSED".',
  });
  expect(await nowhere.adapter.performAction('START', [{ vendorId: 'mail:1', job: null }], createCall())).toMatchObject([
    { kind: 'notSent' },
  ]);
});

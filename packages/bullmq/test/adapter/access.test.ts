import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSignedCertificate } from '../../../../test/faults/certificate.ts';
import { type RedisServer, skipReason, skipWithoutRedis, startRedis } from '../redis.ts';
import { createCall, startAdapter } from '../start-adapter.ts';

const readRights = ['~bull:*', '-@all', '+@read', '+@connection', '+eval', '+evalsha', '+multi', '+exec'];

let server: RedisServer;
let queue: Queue;
beforeAll(async () => {
  if (skipReason !== null) return;
  server = await startRedis();
  await server.redis.acl('SETUSER', 'reader', 'on', '>reader-secret', ...readRights);
  await server.redis.acl('SETUSER', 'actor', 'on', '>actor-secret', '~bull:*', '+@all', '-@dangerous');
  await server.redis.acl('SETUSER', 'mute', 'on', '>mute-secret', '~bull:*', '+@all', '-@dangerous', '-xadd');
  await server.redis.acl('SETUSER', 'nobody', 'on', '>nobody-secret', '~other:*', '+@all', '-@dangerous');
});
afterAll(() => server?.close());
beforeEach(async (context) => {
  skipWithoutRedis(context);
  await server.redis.flushall();
  queue = new Queue('mail', { connection: { host: '127.0.0.1', port: server.port } });
  onTestFinished(() => queue.close());
});

const start = (username: string) => startAdapter(server.url, { username, password: `${username}-secret` });

test('a wrong password is a problem of the credentials, without the password, and is not tried again', async () => {
  const { adapter } = startAdapter(server.url, { username: 'reader', password: 'wrong-secret' });
  const problem = await adapter.checkHealth(createCall());
  expect(problem).toMatchObject({
    code: 'VENDOR_AUTHENTICATION_FAILED',
    message: 'queues rejected the configured username and password (WRONGPASS).',
  });
  const before = await server.redis.info('stats');
  expect(await adapter.checkHealth(createCall())).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
  const connections = (text: string) => /total_connections_received:(\d+)/.exec(text)?.[1];
  expect(connections(await server.redis.info('stats'))).toBe(connections(before));
});

test('a user that may only read lists and reads, and its actions are denied and change nothing', async () => {
  await queue.add('encode', {});
  await queue.add('encode', {}, { delay: 3_600_000 });
  const { list, act, read, adapter } = start('reader');
  expect(await adapter.checkHealth(createCall())).toBeNull();
  expect(Array.from((await list()).keys()).sort()).toEqual(['mail:1', 'mail:2']);
  expect(await act('CANCEL', 'mail:1')).toMatchObject([{ kind: 'rejected', problem: { code: 'ACCESS_DENIED' } }]);
  expect(await act('START', 'mail:2')).toMatchObject([{ kind: 'rejected', problem: { code: 'ACCESS_DENIED' } }]);
  expect(await read('mail:1')).toMatchObject({ status: 'QUEUED' });
  expect(await read('mail:2')).toMatchObject({ status: 'SCHEDULED' });
});

test('a user without dangerous commands can do everything', async () => {
  await queue.add('encode', {});
  await queue.add('encode', {}, { delay: 3_600_000 });
  const { act } = start('actor');
  expect(await act('CANCEL', 'mail:1')).toEqual([{ kind: 'accepted', job: null }]);
  expect(await act('START', 'mail:2')).toMatchObject([{ kind: 'accepted' }]);
});

describe('a user without XADD, whose scripts end with an error after they have changed something', () => {
  test('starts a job, and the outcome is inconclusive', async () => {
    await queue.add('encode', {}, { delay: 3_600_000 });
    const { act, read } = start('mute');
    expect(await act('START', 'mail:1')).toMatchObject([{ kind: 'inconclusive' }]);
    expect(await read('mail:1')).toMatchObject({ status: 'QUEUED' });
  });

  test('removes a job, and the outcome is inconclusive', async () => {
    await queue.add('encode', {});
    const { act, read } = start('mute');
    expect(await act('CANCEL', 'mail:1')).toMatchObject([{ kind: 'inconclusive' }]);
    expect(await read('mail:1')).toBeNull();
  });
});

test('keys of another prefix are denied, not absent', async () => {
  await queue.add('encode', {});
  const { adapter } = start('nobody');
  expect(await adapter.getJobs?.(['mail:1'], createCall())).toMatchObject([{ kind: 'problem', problem: { code: 'ACCESS_DENIED' } }]);
});

test('a replica that takes no writes is not sent to', async () => {
  await queue.add('encode', {}, { delay: 3_600_000 });
  const replica = await startRedis({ settings: [`replicaof 127.0.0.1 ${server.port}`] });
  onTestFinished(() => replica.close());
  await expect.poll(() => replica.redis.exists('bull:mail:1'), { timeout: 20_000 }).toBe(1);
  const { act, read } = startAdapter(replica.url);
  expect(await read('mail:1')).toMatchObject({ status: 'SCHEDULED' });
  expect(await act('START', 'mail:1')).toMatchObject([{ kind: 'notSent', problem: { message: expect.stringMatching(/primary/) } }]);
});

test('a server without memory rejects transactions, so reads and cancellations', async () => {
  await queue.add('encode', {}, { delay: 3_600_000 });
  const { adapter, read } = startAdapter(server.url);
  onTestFinished(async () => {
    await server.redis.config('SET', 'maxmemory', '0');
  });
  await server.redis.config('SET', 'maxmemory', '1mb');
  const targets = [{ vendorId: 'mail:1', job: null }];
  const full = { code: 'SYSTEM_UNAVAILABLE', message: expect.stringMatching(/OOM.*maxmemory/) };
  expect(await adapter.performAction('CANCEL', targets, createCall())).toMatchObject([{ kind: 'notSent', problem: full }]);
  expect(await adapter.getJobs?.(['mail:1'], createCall())).toMatchObject([{ kind: 'problem', problem: full }]);
  await server.redis.config('SET', 'maxmemory', '0');
  expect(await read('mail:1')).toMatchObject({ status: 'SCHEDULED' });
});

test('the path of the URL selects the database', async () => {
  await queue.add('encode', {});
  const { list } = startAdapter(`${server.url}/3`);
  expect((await list()).size).toBe(0);
  await server.redis.move('bull:mail:meta', 3);
  await server.redis.move('bull:mail:wait', 3);
  await server.redis.move('bull:mail:1', 3);
  const wrong = await startAdapter(`${server.url}/mail`).adapter.checkHealth(createCall());
  expect(wrong?.message).toBe('queues can\'t be reached: "url: expected the number of a database as its path, got /mail".');
  const moved = startAdapter(`${server.url}/3`);
  expect(Array.from((await moved.list()).keys())).toEqual(['mail:1']);
});

/** Listens on localhost until the test has finished. Returns the port. */
async function listen(listener: Server): Promise<number> {
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
  });
  return (listener.address() as AddressInfo).port;
}

test('a certificate of a configured authority is trusted, and no other', async () => {
  const { cert, key } = createSelfSignedCertificate();
  const port = await listen(
    createTlsServer({ cert, key }, (socket) => {
      socket.on('error', () => {});
      const redis = connect(server.port, '127.0.0.1').on('error', () => {});
      redis.on('close', () => socket.destroy());
      socket.on('close', () => redis.destroy());
      socket.pipe(redis).pipe(socket);
    }),
  );
  await queue.add('encode', {});
  const url = `rediss://localhost:${port}`;
  expect(await startAdapter(url, {}, 5_000, cert).read('mail:1')).toMatchObject({ status: 'QUEUED' });
  expect(await startAdapter(url).adapter.checkHealth(createCall())).toMatchObject({
    code: 'SYSTEM_UNAVAILABLE',
    message: 'queues can\'t be reached: "DEPTH_ZERO_SELF_SIGNED_CERT".',
  });
});

test('TLS to a port without it ends at the timeout', async () => {
  const { adapter } = startAdapter(`rediss://127.0.0.1:${server.port}`, {}, 300);
  expect(await adapter.checkHealth(createCall())).toMatchObject({ code: 'TIMED_OUT' });
});

test('a server that loads its data is unavailable, and nothing is sent to another database', async () => {
  const commands: string[] = [];
  const port = await listen(
    createServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', (data) => {
          commands.push(data.toString());
          socket.write('-LOADING Redis is loading the dataset in memory\r\n');
        });
    }),
  );
  const { adapter } = startAdapter(`redis://localhost:${port}/3`);
  expect(await adapter.checkHealth(createCall())).toMatchObject({ code: 'SYSTEM_UNAVAILABLE', message: expect.stringMatching(/LOADING/) });
  expect(await adapter.performAction('START', [{ vendorId: 'mail:1', job: null }], createCall())).toMatchObject([{ kind: 'notSent' }]);
  expect(commands.filter((command) => !/select/i.test(command))).toEqual([]);
});

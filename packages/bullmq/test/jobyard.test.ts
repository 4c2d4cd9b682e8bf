import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startJobyard } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { writeTemporaryFile } from '../../../test/config/load.ts';
import { post } from '../../../test/processes.ts';
import { createUnavailableStore } from '../../../test/unavailable-store.ts';
import { type Proxy, startProxy } from './proxy.ts';
import { type RedisServer, skipReason, skipWithoutRedis, startRedis } from './redis.ts';
import { startWorker } from './workers.ts';

const plugIn = fileURLToPath(new URL('../src/index.ts', import.meta.url));

let server: RedisServer;
let proxy: Proxy;
let queue: Queue;
let origin: string;
beforeAll(async () => {
  if (skipReason === null) server = await startRedis(['requirepass redis-secret']);
});
afterAll(() => server?.close());
beforeEach(async (context) => {
  skipWithoutRedis(context);
  await server.redis.auth('redis-secret');
  await server.redis.flushall();
  await server.redis.config('SET', 'requirepass', 'redis-secret');
  proxy = await startProxy(server.port);
  queue = new Queue('mail', { connection: { host: '127.0.0.1', port: server.port, password: 'redis-secret' } });
  const system = `{ id: queues, vendor: "${plugIn}", url: "${proxy.url}", password: { env: PASSWORD }, restartCompleted: true }`;
  const file = writeTemporaryFile(`systems: [${system}]\naudit: { file: ${writeTemporaryFile('', 'audit.jsonl')} }`);
  const config = await loadConfig(['--config', file, '--port', '0'], { PASSWORD: 'redis-secret' });
  if ('errors' in config) throw new Error(config.errors.join('\n'));
  const jobyard = await startJobyard(
    { ...config, systems: config.systems ?? [], store: createUnavailableStore() },
    pino({ level: 'silent' }),
  );
  ({ origin } = jobyard);
  onTestFinished(async () => {
    await jobyard.close();
    await queue.close();
    await proxy.close();
  });
});

const cancel = async (id: string) => {
  const results = '{ __typename ... on CancelSuccess { outcome job { status vendorStatus } } ... on JobError { code message } }';
  const { data } = await post(origin, `mutation { cancelJobs(input: { ids: ["queues:mail:${id}"] }) { results ${results} } }`);
  return data.cancelJobs.results[0];
};

test('lists jobs with their failures, and cancels one for good', async () => {
  await queue.add('encode', {}, { timestamp: 1_700_000_000_000 });
  await queue.add('deliver', {}, { timestamp: 1_700_000_001_000, delay: 3_600_000 });
  const query = '{ jobs(first: 10) { nodes { id type scope status } complete } }';
  expect((await post(origin, query)).data.jobs).toEqual({
    complete: true,
    nodes: [
      { id: 'queues:mail:2', type: 'deliver', scope: 'mail', status: 'SCHEDULED' },
      { id: 'queues:mail:1', type: 'encode', scope: 'mail', status: 'QUEUED' },
    ],
  });
  const canceled = { outcome: 'CONFIRMED', job: { status: 'CANCELLED', vendorStatus: 'removed' } };
  expect(await cancel('1')).toEqual({ __typename: 'CancelSuccess', ...canceled });
  expect(await server.redis.exists('bull:mail:1')).toBe(0);
  expect(await cancel('none')).toMatchObject({ __typename: 'JobNotFound', code: 'JOB_NOT_FOUND' });
});

test('finds in the events what became of a cancellation whose response was lost', async () => {
  await queue.add('encode', {});
  proxy.failNext('evalsha', { kind: 'after' });
  expect(await cancel('1')).toMatchObject({ __typename: 'CancelSuccess', outcome: 'JOB_GONE' });
});

test('restarts and starts jobs', async () => {
  await queue.add('encode', {}, { delay: 3_600_000 });
  const results = '{ results { __typename ... on JobError { code message } } }';
  const started = await post(origin, `mutation { startJobs(input: { ids: ["queues:mail:1"] }) ${results} }`);
  expect(started.data.startJobs.results).toEqual([{ __typename: 'StartSuccess' }]);
  expect(await queue.getJobState('1')).toBe('waiting');
});

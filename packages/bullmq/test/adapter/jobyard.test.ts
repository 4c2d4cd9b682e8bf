import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startJobyard } from '../../../../src/app.ts';
import { loadConfig } from '../../../../src/config/load-config.ts';
import { writeTemporaryFile } from '../../../../test/config/load.ts';
import { post } from '../../../../test/processes.ts';
import { createUnavailableStore } from '../../../../test/unavailable-store.ts';
import { type RedisProxy, startProxy } from '../proxy.ts';
import { type RedisServer, skipReason, skipWithoutRedis, startRedis } from '../redis.ts';
import { startWorker } from '../workers.ts';

const plugIn = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

let server: RedisServer;
let proxy: RedisProxy;
let queue: Queue;
let origin: string;
beforeAll(async () => {
  if (skipReason === null) server = await startRedis({ password: 'redis-secret' });
});
afterAll(() => server?.close());
beforeEach(async (context) => {
  skipWithoutRedis(context);
  await server.redis.flushall();
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
  proxy.failNext('eval', { kind: 'after' });
  expect(await cancel('1')).toMatchObject({ __typename: 'CancelSuccess', outcome: 'JOB_GONE' });
});

test('starts a delayed job, which a worker fails and then completes after a restart', async () => {
  await queue.add('fail-once', {}, { delay: 3_600_000 });
  const act = async (field: string) =>
    (await post(origin, `mutation { ${field}(input: { ids: ["queues:mail:1"] }) { results { __typename ... on JobError { message } } } }`))
      .data[field].results;
  const statusOf = async () => (await post(origin, '{ job(id: "queues:mail:1") { ... on Job { status failure { message } } } }')).data.job;
  expect(await act('startJobs')).toEqual([{ __typename: 'JobActionSuccess' }]);
  await startWorker(server.port, 'mail', undefined, 'redis-secret');
  await expect.poll(statusOf, { timeout: 10_000 }).toEqual({ status: 'FAILED', failure: { message: 'The mailbox was full.' } });
  expect(await act('restartJobs')).toEqual([{ __typename: 'JobActionSuccess' }]);
  await expect.poll(statusOf, { timeout: 10_000 }).toEqual({ status: 'SUCCEEDED', failure: null });
});

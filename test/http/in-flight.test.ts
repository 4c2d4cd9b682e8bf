import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { maxUnansweredRequests } from '../../src/http/connections.ts';
import { accessFor, as } from '../access/callers.ts';
import { openRawSocket } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes } from '../start.ts';
import { headOf, openConnection, requestOf } from './raw-connection.ts';

async function start(options: StartOptions = {}) {
  const jobyard = await startWithSandboxes({ jobs: 3, access: accessFor({ ann: ['jobs:read'], bob: ['jobs:read'] }), ...options });
  onTestFinished(() => jobyard.close());
  const ask = (name: string, query = '{ __typename }') =>
    fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...as(name) },
      body: JSON.stringify({ query }),
    });
  return { jobyard, ask };
}

const slowly = { timeout: 20_000 };
const tooMany = { errors: [{ extensions: { code: 'RATE_LIMITED' } }] };

test('returns 429 to a caller with too many slow requests, before a byte of them is read', async () => {
  const { jobyard, ask } = await start({ limits: { maxRequestsInFlightPerCaller: 2 } });
  const slow = [1, 2].map(() => openConnection(jobyard.origin));
  for (const connection of slow) connection.write(`${headOf({ 'content-length': 10 }, 'ann')}1`);
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(429);
  const refused = await ask('ann');
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({
    errors: [{ message: 'key:ann has 2 requests in flight, the maximum (maxRequestsInFlightPerCaller). Retry in 5 seconds.' }],
  });
  const waiting = openConnection(jobyard.origin);
  waiting.write(headOf({ 'content-length': 1_000, expect: '100-continue' }, 'ann'));
  expect(await waiting.closed).toMatch(/^HTTP\/1\.1 429 /);
  expect((await ask('bob')).status).toBe(200);
  const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
  await raw.next('connection_ack');
  raw.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } });
  expect(await raw.next('error', '1')).toMatchObject({ payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 } }] });
  for (const { socket } of slow) socket.destroy();
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(200);
});

test('counts announced bytes immediately, and chunks as they arrive', async () => {
  const { jobyard, ask } = await start({ limits: { maxBytesInFlightPerCaller: 10_000 } });
  const announced = openConnection(jobyard.origin);
  announced.write(headOf({ 'content-length': 9_990 }, 'ann'));
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(429);
  announced.socket.destroy();
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(200);
  const other = openConnection(jobyard.origin);
  other.write(headOf({ 'content-length': 9_000 }, 'ann'));
  const chunked = openConnection(jobyard.origin);
  chunked.write(`${headOf({ 'transfer-encoding': 'chunked' }, 'ann')}3e8\r\n${'x'.repeat(1_000)}\r\n`);
  chunked.write(`3e8\r\n${'x'.repeat(1_000)}\r\n`);
  await chunked.until(/^HTTP\/1\.1 429 [\s\S]*"code":"RATE_LIMITED"/);
});

test('counts a partial WebSocket message, and closes the connection above the limit', async () => {
  const { jobyard, ask } = await start({ limits: { maxBytesInFlightPerCaller: 100_000 } });
  const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
  await raw.next('connection_ack');
  raw.socket.send('x'.repeat(99_980), { fin: false });
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(429);
  raw.socket.send('x'.repeat(50_000), { fin: false });
  expect(await raw.closed).toMatchObject({ code: 1006 });
  await expect.poll(async () => (await ask('ann')).status, slowly).toBe(200);
});

test('reads a body in one-byte chunks, and rejects one with too many chunks', async () => {
  const { jobyard } = await start();
  const chunks = (text: string) => Array.from(text, (byte) => `1\r\n${byte}\r\n`).join('');
  const small = openConnection(jobyard.origin);
  small.write(`${headOf({ 'transfer-encoding': 'chunked' }, 'ann')}${chunks('{"query":"{ __typename }"}')}0\r\n\r\n`);
  await small.until(/"Query"/);
  const endless = openConnection(jobyard.origin);
  endless.write(`${headOf({ 'transfer-encoding': 'chunked' }, 'ann')}${chunks(' '.repeat(20_001))}0\r\n\r\n`);
  await endless.until(/^HTTP\/1\.1 400 [\s\S]*more than 20000 chunks/);
});

test('executes as much of a caller at one time as one document may cost; the rest waits, then gets a retry time', async () => {
  const { jobyard, ask } = await start({ deadlineMs: 8_000, limits: { maxCost: 4_000 } });
  const pages = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, index) => `p${index}: jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete }`).join(' ')} }`;
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const all = Array.from({ length: 4 }, () => ask('ann', pages(3)));
  // Others, and what costs little, wait for none of it.
  expect((await ask('ann')).status).toBe(200);
  expect((await ask('bob')).status).toBe(200);
  const answers = await Promise.all(all);
  // One was executed until the deadline; half of that later the others had waited long enough.
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('5');
  expect(await refused?.json()).toMatchObject(tooMany);
});

test('counts each request in a row on one connection', async () => {
  const { jobyard } = await start({ limits: { maxRequestsInFlightPerCaller: 3 }, deadlineMs: 2_000 });
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
  const connection = openConnection(jobyard.origin);
  connection.write(requestOf('{ jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete } }', {}, 'ann').repeat(5));
  await connection.until(/(?:200 OK[\s\S]*){3}(?:429 [\s\S]*){2}/);
});

test('closes connections above the limit, and idle ones make room', async () => {
  const { jobyard, ask } = await start({ limits: { maxConnections: 10 } });
  const idle = Array.from({ length: 10 }, () => openConnection(jobyard.origin));
  for (const connection of idle) {
    connection.write(requestOf('{ __typename }', {}, 'ann'));
    await connection.until(/"Query"/);
  }
  const { hostname, port } = new URL(jobyard.origin);
  const dropped = connect(Number(port), hostname);
  await once(dropped, 'close');
  await Promise.all(idle.map(({ closed }) => closed));
  expect((await ask('bob')).status).toBe(200);
});

test.each([
  ['', ''],
  [', also of those whose expectation is not met', 'expect: everything\r\n'],
])(
  'as many requests as one connection may have waiting are answered; one more closes it, and nothing behind it is handled%s',
  async (_what, header) => {
    const lines: string[] = [];
    const { jobyard } = await start({ deadlineMs: 2_000, log: (line) => lines.push(line) });
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
    const first = requestOf('{ jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete } }', {}, 'ann');
    const simple = requestOf('{ __typename }', {}, 'ann');
    const good = openConnection(jobyard.origin);
    good.write(simple.repeat(maxUnansweredRequests));
    await expect.poll(() => good.received().split('"Query"').length - 1, slowly).toBe(maxUnansweredRequests);
    const greedy = openConnection(jobyard.origin);
    greedy.write(first + `GET /x HTTP/1.1\r\nhost: 127.0.0.1\r\n${header}\r\n`.repeat(10_000));
    expect(await greedy.closed).toBe('');
    expect(lines.filter((line) => line.includes('"reason":"RATE_LIMITED"'))).toHaveLength(1);
  },
);

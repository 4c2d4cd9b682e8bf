import { expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { followOverEventStream, followOverWebSocket, openRawSocket, upgradeAnswer } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes } from '../start.ts';

const limits = { requestsPerMinute: 4, maxBodyBytes: 1024, maxConnectionsPerCaller: 1, maxSubscriptionsPerConnection: 1 };

async function start(options: StartOptions = {}) {
  const lines: { msg: string; [field: string]: unknown }[] = [];
  const jobyard = await startWithSandboxes({
    jobs: 0,
    access: accessFor({ ann: ['jobs:read', 'systems:read'] }),
    limits,
    ...options,
    log: (line) => void lines.push(JSON.parse(line)),
  });
  onTestFinished(() => jobyard.close());
  const count = async (status: number): Promise<number> => {
    const text = await (await fetch(`${jobyard.origin}/metrics`)).text();
    return Number(new RegExp(`^jobyard_rejected_requests_total\\{status="${status}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  return { jobyard, count, refused: () => lines.filter(({ msg }) => msg === 'rejected'), lines };
}

const line = { level: 30, msg: 'rejected', requestId: expect.stringMatching(/^\S+$/) };

test("over HTTP, writes a log line and counts a metric, without the request's content", async () => {
  const { jobyard, count, refused, lines } = await start();
  const post = async (body: string, headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-request-id': 'r-1', ...headers },
    });
    expect(response.headers.get('x-request-id')).toBe('r-1');
    return response.status;
  };
  expect(await post('{}', { 'x-api-key': 'jobyard_canary' })).toBe(401);
  expect(await post('canary '.repeat(500), as('ann'))).toBe(413);
  expect(await post('{"canary"', as('ann'))).toBe(400);
  for (let turn = 0; turn < 2; turn += 1) await post('{"query":"{ __typename }"}', as('ann'));
  expect(await post('{}', as('ann'))).toBe(429);
  const common = { ...line, requestId: 'r-1', transport: 'http' };
  expect(refused()).toMatchObject([
    { ...common, status: 401, reason: 'UNAUTHENTICATED', caller: null },
    { ...common, status: 413, reason: 'BAD_REQUEST', caller: 'key:ann' },
    { ...common, status: 400, reason: 'BAD_REQUEST', caller: 'key:ann' },
    { ...common, status: 429, reason: 'RATE_LIMITED', caller: 'key:ann' },
  ]);
  for (const status of [401, 413, 400, 429]) expect(await count(status)).toBe(1);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('records a rejected WebSocket: its upgrade, its caller, one too many', async () => {
  const { jobyard, count, refused } = await start();
  const url = jobyard.origin.replace('http', 'ws');
  await upgradeAnswer(`${url}/graphql`, { origin: 'https://elsewhere.example', 'x-request-id': 'r-2' });
  await followOverWebSocket(jobyard.origin, '{ __typename }').end;
  const ids = [addJob(jobyard, 'kinetica')];
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
  await followOverWebSocket(jobyard.origin, query, { variables: { ids }, headers: as('ann') }).answer(1);
  await followOverWebSocket(jobyard.origin, query, { variables: { ids }, headers: as('ann') }).end;
  const common = { ...line, transport: 'websocket' };
  expect(refused()).toMatchObject([
    { ...common, status: 403, reason: 'FORBIDDEN', caller: null, requestId: 'r-2' },
    { ...common, status: 401, reason: 'UNAUTHENTICATED', caller: null },
    { ...common, status: 429, reason: 'RATE_LIMITED', caller: 'key:ann' },
  ]);
  for (const status of [403, 401, 429]) expect(await count(status)).toBe(1);
});

test('returns the time to retry to WebSocket operations, and records a message that is too large', async () => {
  const { jobyard, count, refused } = await start({ limits: { ...limits, requestsPerMinute: 2 } });
  const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
  await raw.next('connection_ack');
  const ids = [addJob(jobyard, 'kinetica')];
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
  const ask = (id: string): void => raw.send({ id, type: 'subscribe', payload: { query, variables: { ids } } });
  ask('a');
  await raw.next('next', 'a');
  ask('b');
  expect(await raw.next('error', 'b')).toMatchObject({ payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 } }] });
  ask('c');
  const refusal = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) };
  const message = await raw.next('error', 'c');
  expect(message).toMatchObject({ payload: [{ message: expect.stringContaining('exceeded requestsPerMinute'), extensions: refusal }] });
  expect(message.payload[0].extensions.retryAfterSeconds).toBeGreaterThan(30);
  raw.send('x'.repeat(2_000));
  await raw.closed;
  const common = { ...line, transport: 'websocket', caller: 'key:ann' };
  expect(refused()).toMatchObject([
    { ...common, status: 429, requestId: expect.stringMatching(/\.2$/) },
    { ...common, status: 429, requestId: expect.stringMatching(/\.3$/) },
    { ...common, status: 413 },
  ]);
  expect([await count(429), await count(413)]).toEqual([2, 1]);
});

test('returns the time to retry to an event stream', async () => {
  const { jobyard, count, refused } = await start();
  const ids = [addJob(jobyard, 'kinetica')];
  const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }';
  const open = () => followOverEventStream(jobyard.origin, query, { variables: { ids }, headers: as('ann') });
  await open().answer(1);
  const { error } = (await open().end) as { error: { response: Response } };
  expect([error.response.status, error.response.headers.get('retry-after')]).toEqual([429, '5']);
  expect(refused()).toMatchObject([{ ...line, transport: 'event-stream', status: 429, reason: 'RATE_LIMITED', caller: 'key:ann' }]);
  expect(await count(429)).toBe(1);
});

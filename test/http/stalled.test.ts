import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { accessFor, as } from '../access/callers.ts';
import { openRawSocket } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes } from '../start.ts';
import { headOf, openConnection, requestOf } from './raw-connection.ts';

const stalledTimeoutMs = 200;
const slowly = { timeout: 20_000 };

async function start(options: StartOptions = {}) {
  const jobyard = await startWithSandboxes({
    jobs: 0,
    access: accessFor({ ann: ['jobs:read', 'jobs:raw', 'systems:read'], bob: ['jobs:read', 'systems:read'] }),
    server: { stalledTimeoutMs },
    ...options,
  });
  onTestFinished(() => jobyard.close());
  const count = async (status: number): Promise<number> => {
    const text = await (await fetch(`${jobyard.origin}/metrics`)).text();
    return Number(new RegExp(`^jobyard_rejected_requests_total\\{status="${status}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  return { jobyard, count };
}

/** Writes a byte from time to time, always sooner than what counts as stalled, until the connection is over. */
async function trickle({ socket }: ReturnType<typeof openConnection>, text: string): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed) return;
    socket.write(byte);
    await delay(stalledTimeoutMs / 4);
  }
}

describe("a request that doesn't arrive in full is ended", () => {
  test('with 408 if its body stops one byte early', async () => {
    const { jobyard, count } = await start();
    const connection = openConnection(jobyard.origin);
    connection.write(`${headOf({ 'content-length': 10 }, 'ann')}123456789`);
    const answer = await connection.closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(await count(408)).toBe(1);
  });

  test('if its body or head arrives byte by byte', async () => {
    const { jobyard } = await start();
    const body = openConnection(jobyard.origin);
    body.write(headOf({ 'content-length': 10_000 }, 'ann'));
    await trickle(body, 'x'.repeat(10_000));
    expect(await body.closed).toMatch(/^HTTP\/1\.1 408 /);
    const chunked = openConnection(jobyard.origin);
    chunked.write(headOf({ 'transfer-encoding': 'chunked' }, 'ann'));
    await trickle(chunked, '1;extension=yes\r\nx\r\n'.repeat(1_000));
    expect(await chunked.closed).toMatch(/^HTTP\/1\.1 408 /);
    const head = openConnection(jobyard.origin);
    await trickle(head, headOf({ 'x-long': 'x'.repeat(10_000) }, 'ann'));
    await head.closed;
  });

  test('if its head or trailers stop', async () => {
    const { jobyard } = await start();
    const head = openConnection(jobyard.origin);
    head.write('POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n');
    const second = openConnection(jobyard.origin);
    second.write(requestOf('{ __typename }', {}, 'ann'));
    await second.until(/"Query"/);
    second.write('POST /graphql HTTP/1.1\r\n');
    const trailers = openConnection(jobyard.origin);
    trailers.write(`${headOf({ 'transfer-encoding': 'chunked' }, 'ann')}0\r\nx-trailer: y\r\n`);
    await Promise.all([head.closed, second.closed, trailers.closed]);
    expect(trailers.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('but an idle connection stays, before its first request and between two', async () => {
    const { jobyard } = await start();
    const early = openConnection(jobyard.origin);
    const kept = openConnection(jobyard.origin);
    kept.write(requestOf('{ __typename }', {}, 'ann'));
    await kept.until(/"Query"/);
    // Another one that stalls is the clock.
    const stalled = openConnection(jobyard.origin);
    stalled.write(`${headOf({ 'content-length': 10 }, 'ann')}x`);
    await stalled.closed;
    for (const connection of [early, kept]) {
      connection.write(requestOf('{ jobSystems { id } }', {}, 'ann'));
      await connection.until(/"jobSystems"/);
    }
  });

  test('but a longer operation gets its response', async () => {
    const { jobyard } = await start();
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'slow', ms: stalledTimeoutMs * 4 } });
    const connection = openConnection(jobyard.origin);
    connection.write(requestOf('{ jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete } }', {}, 'ann'));
    await connection.until(/"complete":true/);
  });
});

describe('a WebSocket is ended', () => {
  test('if a message stops before its end', async () => {
    const { jobyard } = await start();
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    raw.socket.send('{"type":"subscribe"', { fin: false });
    expect(await raw.closed).toMatchObject({ code: 1006 });
  });

  test('but not while idle, with pings and pongs', async () => {
    const { jobyard } = await start();
    const quiet = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await quiet.next('connection_ack');
    quiet.socket.ping();
    const stalled = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await stalled.next('connection_ack');
    stalled.socket.send('{', { fin: false });
    await stalled.closed;
    quiet.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } });
    await quiet.next('complete', '1');
  });
});

describe("a response that isn't read is ended", () => {
  /** Enough jobs for a response that is larger than all socket buffers. */
  async function startWithLargeJobs(options: StartOptions = {}) {
    const started = await start(options);
    const { kinetica } = started.jobyard.sandboxes;
    const ids = Array.from({ length: 20 }, () => `kinetica:${kinetica.state.addJob({ authId: 'x'.repeat(60_000), status: 'WAITING' })}`);
    const fields = Array.from({ length: 10 }, (_, index) => `r${index}: raw`).join(' ');
    return { ...started, ids, query: `{ jobsByIds(ids: ${JSON.stringify(ids)}) { ... on Job { ${fields} } } }`, fields };
  }

  test("over HTTP, and what waits for it doesn't block other requests", async () => {
    const { jobyard, query } = await startWithLargeJobs({
      limits: { maxBytesInFlightPerCaller: 100_000 },
      server: { stalledTimeoutMs: 3_000 },
    });
    const unread = openConnection(jobyard.origin);
    unread.socket.pause();
    unread.write(requestOf(query, {}, 'ann'));
    // As long as it waits, its caller gets nothing more; others do.
    await expect
      .poll(async () => {
        const connection = openConnection(jobyard.origin);
        connection.write(requestOf('{ __typename }', { connection: 'close' }, 'ann'));
        return connection.closed;
      }, slowly)
      .toMatch(/^HTTP\/1\.1 429 [\s\S]*\r\nretry-after: 5\r\n[\s\S]*"code":"RATE_LIMITED"/);
    expect((await jobyard.query('{ __typename }', {}, as('bob'))).data).toEqual({ __typename: 'Query' });
    // Nothing is sent while it sleeps; then the rest of what was under way comes, and not all of it.
    await expect.poll(async () => (await jobyard.query('{ __typename }', {}, as('ann'))).data, slowly).toEqual({ __typename: 'Query' });
    unread.socket.resume();
    expect((await unread.closed).length).toBeLessThan(12_000_000);
  });

  test('over HTTP, but not if it is read slowly', async () => {
    const { jobyard, query } = await startWithLargeJobs({ server: { stalledTimeoutMs: 1_500 } });
    const slow = openConnection(jobyard.origin);
    slow.write(requestOf(query, { connection: 'close' }, 'ann'));
    // Each pause is shorter than what counts as stalled.
    while (!slow.socket.destroyed && !slow.received().endsWith('}\n')) {
      await Promise.race([once(slow.socket, 'data'), slow.closed]);
      slow.socket.pause();
      await delay(10);
      slow.socket.resume();
    }
    const text = await slow.closed;
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).data.jobsByIds).toHaveLength(20);
  });

  test('over a WebSocket', async () => {
    const { jobyard, query } = await startWithLargeJobs();
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    raw.send({ id: '1', type: 'subscribe', payload: { query } });
    raw.socket.pause();
    const text = async () => (await fetch(`${jobyard.origin}/metrics`)).text();
    await expect.poll(text, slowly).toContain('\njobyard_connections{transport="websocket"} 0\n');
  });

  test('over a WebSocket that is read, all of it arrives, and nothing between its pieces', async () => {
    const { jobyard, query } = await startWithLargeJobs();
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    raw.send({ id: 'large', type: 'subscribe', payload: { query } });
    for (let count = 0; count < 20; count += 1) raw.send({ id: String(count), type: 'subscribe', payload: { query: '{ __typename }' } });
    const { payload } = await raw.next('next', 'large');
    expect(payload.data.jobsByIds.every(({ r9 }: { r9: object }) => JSON.stringify(r9).length > 60_000)).toBe(true);
    for (let count = 0; count < 20; count += 1) await raw.next('complete', String(count));
  });

  test('over an event stream', async () => {
    const { jobyard, ids, fields } = await startWithLargeJobs();
    const query = `subscription { jobsChanged(ids: ${JSON.stringify(ids)}) { ${fields} } }`;
    const unread = openConnection(jobyard.origin);
    unread.write(requestOf(query, { accept: 'text/event-stream' }, 'ann'));
    await unread.until(/event-stream/);
    unread.socket.pause();
    const text = async () => (await fetch(`${jobyard.origin}/metrics`)).text();
    await expect.poll(text, slowly).toContain('\njobyard_connections{transport="event-stream"} 0\n');
    expect(await text()).toContain('\njobyard_subscriptions 0\n');
  });
});

test('limits the bytes that a caller leaves unread on a connection, and closes that connection', async () => {
  const { jobyard } = await start({ server: { stalledTimeoutMs: 300_000 }, limits: { maxBytesInFlightPerCaller: 2_000_000 } });
  const { kinetica } = jobyard.sandboxes;
  const id = `kinetica:${kinetica.state.addJob({ authId: 'x'.repeat(60_000), status: 'WAITING' })}`;
  const fields = Array.from({ length: 20 }, (_, index) => `r${index}: raw`).join(' ');
  const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
  await raw.next('connection_ack');
  raw.socket.pause();
  for (let count = 0; count < 20; count += 1) {
    raw.send({ id: String(count), type: 'subscribe', payload: { query: `{ job(id: "${id}") { ... on Job { ${fields} } } }` } });
  }
  const text = async () => (await fetch(`${jobyard.origin}/metrics`)).text();
  await expect.poll(text, slowly).toContain('\njobyard_connections{transport="websocket"} 0\n');
  expect((await jobyard.query('{ __typename }', {}, as('ann'))).data).toEqual({ __typename: 'Query' });
});

test("a client that is rejected before it sends the body doesn't send it", async () => {
  const { jobyard } = await start();
  const known = openConnection(jobyard.origin);
  const body = JSON.stringify({ query: '{ __typename }' });
  known.write(headOf({ 'content-length': body.length, expect: '100-continue' }, 'ann'));
  await known.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  known.write(body);
  await known.until(/200 OK[\s\S]*"Query"/);
  const unknown = openConnection(jobyard.origin);
  unknown.write(headOf({ 'content-length': body.length, expect: '100-continue' }));
  expect(await unknown.closed).toMatch(/^HTTP\/1\.1 401 /);
});

test("a WebSocket that doesn't answer the close frame is closed a second later", async () => {
  const { jobyard } = await start();
  const socket = new WebSocket(`${jobyard.origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: as('ann') });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send('nonsense');
  socket.pause();
  const text = async () => (await fetch(`${jobyard.origin}/metrics`)).text();
  await expect.poll(text, slowly).toContain('\njobyard_connections{transport="websocket"} 0\n');
});

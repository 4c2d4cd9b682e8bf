import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/concurrency/clock.ts';
import type { AccessSettings } from '../../src/config/access.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import { addJob, countActions, countRequests } from '../end-to-end/jobs.ts';
import { openConnection } from '../http/raw-connection.ts';
import { openRawSocket } from '../live/clients.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';
import { createSigningKey, sign } from './identity-provider.ts';

afterEach(() => void vi.useRealTimers());

const issuer = 'https://identity.example';
const key = await createSigningKey('ES256');
const nowSeconds = () => Math.floor(Date.now() / 1000);
const bearer = async (exp = nowSeconds() + 300) => ({
  authorization: `Bearer ${await sign(key, { iss: issuer, aud: 'jobyard', sub: 'dana', scope: 'jobs:read jobs:cancel', exp })}`,
});

async function start(access: AccessSettings, limits: StartOptions['limits'] = {}) {
  const jobyard = await startWithSandboxes({ jobs: 1, access, limits });
  onTestFinished(() => jobyard.close());
  const settings = { limits: { ...limitsSchema.parse({}), introspection: true, ...limits }, allowedOrigins: [], systems: [] };
  return { ...jobyard, allow: (next: AccessSettings) => jobyard.reload({ ...settings, access: next }) };
}

/** An identity provider that responds on demand. */
async function startWaitingProvider() {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const server = createServer(async (_request, response) => {
    asked.resolve();
    await released.promise;
    response.end(JSON.stringify({ keys: [key.jwk] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  const jwt = { jwksUri, issuer, audience: 'jobyard', scopesClaim: 'scope', clockToleranceSeconds: 0, certificateAuthorities: null };
  return { access: { apiKeys: [], jwt }, asked: asked.promise, answer: () => released.resolve() };
}

/** Opens a request whose caller has been authenticated and whose body lacks the last byte. */
async function openRequest({ origin }: WithSandboxes, query: string, headers: Record<string, string>) {
  const connection = openConnection(origin);
  const body = JSON.stringify({ query });
  const all = { host: 'x', 'content-type': 'application/json', expect: '100-continue', 'content-length': String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  connection.write(`POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`);
  await connection.until(/^HTTP\/1\.1 100 /);
  return {
    connection,
    /** Sends the last byte. Returns the response. */
    async finish() {
      connection.write(body.slice(-1));
      await connection.until(/HTTP\/1\.1 [2-5]\d\d .*\r\n\r\n./s);
      return connection.received().replace('HTTP/1.1 100 Continue\r\n\r\n', '');
    },
  };
}

const cancel = (id: string) => `mutation { cancelJobs(input: { ids: ["${id}"] }) { results { __typename } } }`;
const follow = (id: string) => `subscription { jobsChanged(ids: ["${id}"]) { id } }`;
const streaming = { accept: 'text/event-stream' };

test("a key that is removed while its request's body arrives starts no operation", async () => {
  const access = accessFor({ gone: ['jobs:read', 'jobs:cancel'], narrowed: ['jobs:read', 'jobs:cancel'], kept: ['jobs:read'] });
  const jobyard = await start(access);
  const id = addJob(jobyard, 'kinetica');
  const [mutation, subscription, narrowed, kept] = await Promise.all([
    openRequest(jobyard, cancel(id), as('gone')),
    openRequest(jobyard, follow(id), { ...as('gone'), ...streaming }),
    openRequest(jobyard, cancel(id), as('narrowed')),
    openRequest(jobyard, follow(id), { ...as('kept'), ...streaming }),
  ]);
  await jobyard.allow(accessFor({ narrowed: ['jobs:read'], kept: ['jobs:read'] }));
  for (const request of [mutation, subscription]) expect(await request.finish()).toMatch(/^HTTP\/1\.1 401 .*UNAUTHENTICATED/s);
  expect(await narrowed.finish()).toMatch(/^HTTP\/1\.1 200 .*"code":"FORBIDDEN"/s);
  expect(await kept.finish()).toMatch(/^HTTP\/1\.1 200 /);
  expect(countActions(jobyard, 'kinetica')).toBe(0);
});

test('a token that expires meanwhile starts none either', async () => {
  const provider = await startWaitingProvider();
  provider.answer();
  const jobyard = await start(provider.access);
  const id = addJob(jobyard, 'kinetica');
  const mutation = await openRequest(jobyard, cancel(id), await bearer());
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 301_000);
  const clock = vi.spyOn(systemClock, 'nowMs').mockImplementation(Date.now);
  onTestFinished(() => clock.mockRestore());
  expect(await mutation.finish()).toMatch(/^HTTP\/1\.1 401 .*the token has expired/s);
  expect(countActions(jobyard, 'kinetica')).toBe(0);
});

test('a caller that waits for the identity provider is checked against the configuration at its response', async () => {
  const provider = await startWaitingProvider();
  const jobyard = await start(provider.access);
  const headers = { 'content-type': 'application/json', ...(await bearer()) };
  const raw = await openRawSocket(jobyard.origin, { headers });
  const answer = fetch(`${jobyard.origin}/graphql`, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  await provider.asked;
  await jobyard.allow(accessFor({ other: [] }));
  provider.answer();
  expect((await raw.closed).code).toBe(4401);
  expect((await answer).status).toBe(401);
});

test('a WebSocket that closes during authentication leaves nothing behind', async () => {
  const provider = await startWaitingProvider();
  const jobyard = await start(provider.access);
  const exp = nowSeconds() + 300;
  const { at } = systemClock;
  const calledOff = vi.fn();
  const watched = vi.spyOn(systemClock, 'at').mockImplementation((timeMs, happen) => {
    const callOff = at(timeMs, happen);
    return timeMs === exp * 1000 ? () => void calledOff(callOff()) : callOff;
  });
  onTestFinished(() => watched.mockRestore());
  const raw = await openRawSocket(jobyard.origin, { headers: await bearer(exp) });
  await provider.asked;
  raw.socket.terminate();
  await expect.poll(() => metric(jobyard, 'websocket')).toBe(0);
  provider.answer();
  await expect.poll(() => calledOff.mock.calls.length).toBe(1);
});

test('no event stream opens for a client that has disconnected', async () => {
  const provider = await startWaitingProvider();
  const jobyard = await start({ apiKeys: [], jwt: null }, { maxConnectionsPerCaller: 1 });
  const before = await startWaitingProvider();
  before.answer();
  await jobyard.allow(before.access);
  const headers = { ...(await bearer()), ...streaming };
  const id = addJob(jobyard, 'kinetica');
  const { connection } = await openRequest(jobyard, follow(id), headers);
  await jobyard.allow(provider.access);
  connection.write('}');
  await provider.asked;
  connection.socket.resetAndDestroy();
  await connection.closed;
  expect((await fetch(`${jobyard.origin}/livez`)).status).toBe(200);
  provider.answer();
  const next = await openRequest(jobyard, follow(id), headers);
  expect(await next.finish()).toMatch(/^HTTP\/1\.1 200 /);
  expect(await metric(jobyard, 'event-stream')).toBe(1);
});

describe('a subscription that is starting when its caller loses access gets no event', () => {
  /** Costs more than what never waits. */
  const followMany = (id: string) => `subscription { jobsChanged(ids: [${`"${id}" `.repeat(150)}]) { id } }`;

  /** A subscription over each transport, which waits until another operation of its caller is over. */
  async function beginSubscriptions(access: AccessSettings, headers: Record<string, string>) {
    const jobyard = await start(access, { maxCost: 3_100 });
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
    const id = addJob(jobyard, 'kinetica');
    const pages = [1, 2, 3].map((page) => `p${page}: jobs(first: 1, filter: { systemIds: ["kylin"] }) { complete }`).join(' ');
    const holder = await openRequest(jobyard, `{ ${pages} }`, headers);
    holder.connection.write('}');
    await expect.poll(() => countRequests(jobyard, 'kylin')).toBeGreaterThan(0);
    const stream = await openRequest(jobyard, followMany(id), { ...headers, ...streaming, connection: 'close' });
    stream.connection.write('}');
    await stream.connection.until(/text\/event-stream/);
    const socket = await openRawSocket(jobyard.origin, { headers });
    await socket.next('connection_ack');
    socket.send({ id: '1', type: 'subscribe', payload: { query: followMany(id) } });
    socket.send({ type: 'ping' });
    await socket.next('pong');
    return {
      ...jobyard,
      /** Lets them begin; what came over the stream, and how the WebSocket was closed. */
      async release() {
        holder.connection.socket.destroy();
        const [text, close] = await Promise.all([stream.connection.closed, socket.closed]);
        await expect(socket.next('next')).rejects.toThrow('Closed');
        expect(countRequests(jobyard, 'kinetica')).toBe(0);
        expect(await metric(jobyard, 'event-stream')).toBe(0);
        return { events: Array.from(text.matchAll(/^event: (\w+)/gm), ([, event]) => event), code: close.code };
      },
    };
  }

  test('because its key is removed', async () => {
    const { allow, release } = await beginSubscriptions(accessFor({ gone: ['jobs:read'] }), as('gone'));
    await allow(accessFor({ other: ['jobs:read'] }));
    expect(await release()).toEqual({ events: [], code: 1001 });
  });

  test('because its token expires', async () => {
    const provider = await startWaitingProvider();
    provider.answer();
    const exp = nowSeconds() + 300;
    const { at } = systemClock;
    const expire = new Set<() => void>();
    const watched = vi.spyOn(systemClock, 'at').mockImplementation((timeMs, happen) => {
      if (timeMs === exp * 1000) expire.add(happen);
      return at(timeMs, happen);
    });
    onTestFinished(() => watched.mockRestore());
    const { release } = await beginSubscriptions(provider.access, await bearer(exp));
    expect(expire.size).toBe(2);
    for (const happen of expire) happen();
    expect(await release()).toEqual({ events: [], code: 4403 });
  });
});

/** How many connections of this transport are open. */
async function metric({ origin }: WithSandboxes, transport: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(new RegExp(`^jobyard_connections{transport="${transport}"} (\\d+)$`, 'm').exec(text)?.[1]);
}

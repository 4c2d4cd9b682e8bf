import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as, keyOf } from '../access/callers.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openRawSocket } from './clients.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, access: accessFor({ ann: ['jobs:read'] }) });
});
afterAll(() => jobyard.close());

const subscribe = { id: 'a', type: 'subscribe', payload: { query: '{ __typename }' } };
const init = { type: 'connection_init', payload: { authorization: `Bearer ${keyOf('ann')}` } };

describe('before the caller of a WebSocket is authenticated', () => {
  test.each<[string, unknown[], number]>([
    ['a megabyte of brackets', ['['.repeat(1_000_000)], 1009],
    ['a message of 16 kB and a byte', ['x'.repeat(16 * 1024 + 1)], 1009],
    ['brackets', ['['.repeat(16_000)], 4400],
    ['invalid JSON', ['x'.repeat(16_000)], 4400],
    ['an operation', [subscribe], 4401],
    ['an operation behind the connection_init, before its answer', [init, subscribe], 4401],
    ['two connection_init', [init, init], 4429],
    ['pings by the thousand', Array(2_000).fill({ type: 'ping' }), 4401],
    ['a connection_init of an unknown caller', [{ type: 'connection_init', payload: { authorization: 'Bearer no' } }], 4401],
  ])('%s ends it', async (_what, messages, code) => {
    const raw = await openRawSocket(jobyard.origin, { init: null });
    for (const message of messages) raw.send(message);
    expect((await raw.closed).code).toBe(code);
  });

  test('a message in parts counts as one', async () => {
    const { socket, closed } = await openRawSocket(jobyard.origin, { init: null });
    for (let part = 0; part < 20; part += 1) socket.send('x'.repeat(1_000), { fin: false });
    expect((await closed).code).toBe(1009);
  });

  test('a connection_init of 16 kB and a ping get a response', async () => {
    const raw = await openRawSocket(jobyard.origin, { init: null });
    raw.send({ type: 'ping' });
    await raw.next('pong');
    raw.send({ ...init, payload: { ...init.payload, other: 'x'.repeat(16_000) } });
    await raw.next('connection_ack');
  });

  test('no message for 3 seconds ends it', async () => {
    const raw = await openRawSocket(jobyard.origin, { init: null });
    expect((await raw.closed).code).toBe(4408);
  });
});

describe('when its caller is known', () => {
  test('messages may be as long as the body of a request', async () => {
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    const long = (bytes: number) => {
      const message = JSON.stringify({ ...subscribe, payload: { ...subscribe.payload, variables: { x: '' } } });
      return message.replace('""', `"${'x'.repeat(bytes - message.length)}"`);
    };
    raw.send(long(1024 * 1024));
    expect(await raw.next('next', 'a')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    raw.send(long(1024 * 1024 + 1));
    expect((await raw.closed).code).toBe(1009);
  });

  test('a message of nested brackets ends the connection', async () => {
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    raw.send('['.repeat(1_000_000));
    expect(await raw.closed).toEqual({ code: 4400, reason: 'Expected at most 100 levels of nested arrays and objects, got more.' });
  });

  test('a ping that repeats much ends the connection', async () => {
    const raw = await openRawSocket(jobyard.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    raw.send({ type: 'ping', payload: { text: 'x'.repeat(16_000) } });
    expect(await raw.next('pong')).toMatchObject({ payload: { text: 'x'.repeat(16_000) } });
    raw.send({ type: 'ping', payload: { text: 'x'.repeat(16_384) } });
    expect((await raw.closed).code).toBe(4400);
  });

  test('more than a thousand pongs, or pings that are answered, end the connection', async () => {
    const ponging = await openRawSocket(jobyard.origin, { headers: as('ann') });
    const pinging = await openRawSocket(jobyard.origin, { headers: as('ann') });
    for (let count = 0; count < 1_000; count += 1) {
      ponging.socket.pong();
      pinging.socket.ping();
      await once(pinging.socket, 'pong');
    }
    for (const raw of [ponging, pinging]) {
      await raw.next('connection_ack');
      raw.send({ type: 'ping' });
      await raw.next('pong');
    }
    ponging.socket.pong();
    pinging.socket.ping();
    for (const raw of [ponging, pinging]) expect((await raw.closed).code).toBe(1006);
  }, 10_000);

  test('each operation that is begun and taken back counts, and those beyond the rate reach nothing', async () => {
    const limited = await startWithSandboxes({ jobs: 1, access: accessFor({ ann: ['jobs:read'] }), limits: { requestsPerMinute: 10 } });
    onTestFinished(() => limited.close());
    const raw = await openRawSocket(limited.origin, { headers: as('ann') });
    await raw.next('connection_ack');
    for (let count = 0; count < 500; count += 1) {
      raw.send({ type: 'subscribe', id: String(count), payload: { query: '{ jobs(first: 1) { complete } }' } });
      raw.send({ type: 'complete', id: String(count) });
    }
    raw.send({ type: 'ping' });
    await raw.next('pong');
    const metrics = await (await fetch(`${limited.origin}/metrics`)).text();
    expect(metrics).toContain('\njobyard_rejected_requests_total{status="429"} 490\n');
    raw.send({ type: 'subscribe', id: 'later', payload: { query: '{ __typename }' } });
    expect(await raw.next('error', 'later')).toMatchObject({ payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    // A list takes one request per system, two for Vault, and one for each of two sessions.
    const requests = Object.values(limited.sandboxes).reduce((sum, sandbox) => sum + sandbox.requests.count(), 0);
    expect(requests).toBeLessThanOrEqual(10 * 8);
  });
});

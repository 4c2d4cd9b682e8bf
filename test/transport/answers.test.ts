import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFreePorts } from '../processes.ts';
import { connect, describe as inShort } from './client.ts';
import { startServer } from './start-server.ts';

describe('a response', () => {
  test('has its status, its headers in lowercase, and its text, whatever the encoding of its body', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(207, { 'X-Vendor': 'A', 'Set-Cookie': ['a=1', 'b=2'] });
      response.write('{"name":"Zo');
      response.end('ë"}');
    });
    expect(await connect(server.origin).read()).toMatchObject({
      answered: true,
      status: 207,
      text: '{"name":"Zoë"}',
      headers: { 'x-vendor': 'A', 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  test('is decoded correctly if the network splits its characters', async () => {
    const bytes = Buffer.from('ë€😀');
    const server = await startServer((_request, response) => {
      const writeFrom = (index: number): void => {
        if (index === bytes.length) response.end();
        else response.write(bytes.subarray(index, index + 1), () => setImmediate(writeFrom, index + 1));
      };
      writeFrom(0);
    });
    expect(await connect(server.origin).read()).toMatchObject({ text: 'ë€😀' });
  });

  test.each(['/base', '/base/', ''])('to a request below %j is asked for at the path of both', async (base) => {
    const server = await startServer((_request, response) => void response.end());
    await connect(server.origin + base).read();
    expect(server.requests).toEqual([`${base.replace(/\/$/, '')}/jobs?page=1`]);
  });

  test("that redirects isn't followed", async () => {
    const server = await startServer((_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    expect(inShort(await connect(server.origin).read())).toBe(302);
    expect(server.requests).toHaveLength(1);
  });

  test('after an early hint is the final one', async () => {
    const server = await startServer((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(200).end('real');
    });
    expect(await connect(server.origin).read()).toMatchObject({ status: 200, text: 'real' });
  });

  test('leaves its connection open for the next request', async () => {
    const server = await startServer((_request, response) => void response.end());
    const client = connect(server.origin);
    for (let count = 0; count < 20; count += 1) await client.read();
    // Two: one may not be free yet at the moment its answer has come.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('the size of a response', () => {
  const sized = (bytes: number, isAnnounced: boolean) =>
    startServer((_request, response) => {
      if (isAnnounced) response.setHeader('content-length', bytes);
      response.end('x'.repeat(bytes));
    });

  test.each([true, false])('may reach the limit (announced: %s)', async (isAnnounced) => {
    const server = await sized(100_000, isAnnounced);
    expect(await connect(server.origin).read()).toMatchObject({ answered: true, text: 'x'.repeat(100_000) });
  });

  test.each([true, false])(
    "above the limit is INVALID_VENDOR_RESPONSE, and the request isn't retried (announced: %s)",
    async (isAnnounced) => {
      const server = await sized(100_001, isAnnounced);
      const outcome = await connect(server.origin).read();
      expect(outcome).toMatchObject({
        answered: false,
        mayHaveArrived: true,
        problem: { code: 'INVALID_VENDOR_RESPONSE', retryable: false },
      });
      expect(server.requests).toHaveLength(1);
    },
  );

  test("without an end doesn't fill the memory: the connection is closed", async () => {
    let sent = 0;
    const isOver = Promise.withResolvers<void>();
    const server = await startServer((_request, response) => {
      response.once('close', () => isOver.resolve());
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000))) sent += 10_000;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(inShort(await connect(server.origin).act())).toBe('INVALID_VENDOR_RESPONSE, may have arrived');
    await isOver.promise;
    expect(sent).toBeLessThan(50_000_000);
  });
});

describe('no response', () => {
  test("because the connection is refused: the request can't have arrived", async () => {
    const port = await findFreePorts(1);
    const outcome = await connect(`http://127.0.0.1:${port}`).act();
    const message = "vendor can't be reached: the connection was refused (ECONNREFUSED).";
    expect(outcome).toEqual({
      answered: false,
      mayHaveArrived: false,
      problem: { code: 'SYSTEM_UNAVAILABLE', message, retryable: true, retryAfterSeconds: null },
    });
  });

  test("because the host is unknown: the request can't have arrived", async () => {
    const outcome = await connect('http://vendor.invalid', { timeoutMs: 5000 }).act();
    expect(outcome).toMatchObject({ answered: false, mayHaveArrived: false, problem: { code: 'SYSTEM_UNAVAILABLE' } });
    expect(outcome).toMatchObject({ problem: { message: expect.stringMatching(/host name .* \((ENOTFOUND|EAI_AGAIN)\)\.$/) } });
  });

  test("because the server accepts the connection but doesn't speak HTTP: the request may have arrived", async () => {
    const server = createServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(inShort(await connect(`http://127.0.0.1:${port}`).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
  });

  test.each([
    ['the connection is reset', 'reset'],
    ['the connection is closed', 'close'],
    ['the answer breaks off', 'truncate'],
  ])('because %s: the request may have arrived, and an action is sent once', async (_what, how) => {
    const server = await startServer((request, response) => {
      if (how === 'reset') request.socket.resetAndDestroy();
      else if (how === 'close') request.socket.destroy();
      else {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => request.socket.destroy());
      }
    });
    expect(inShort(await connect(server.origin).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['none comes', false],
    ['only its head comes', true],
  ])('in time, as %s: TIMED_OUT at the timeout, and the request may have arrived', async (_what, sendsHead) => {
    const server = await startServer((_request, response) => {
      if (sendsHead) {
        response.writeHead(200);
        response.write('{');
      }
    });
    const startedAtMs = performance.now();
    const outcome = await connect(server.origin, { timeoutMs: 300 }).act();
    expect(performance.now() - startedAtMs).toBeLessThan(900);
    expect(inShort(outcome)).toBe('TIMED_OUT, may have arrived');
    expect(outcome).toMatchObject({ problem: { message: "vendor didn't respond within 0.3 seconds (timeoutMs).", retryable: true } });
    expect(server.requests).toHaveLength(1);
  });
});

test('reports each attempt for the metrics', async () => {
  const server = await startServer((_request, response, index) => void response.writeHead(index === 0 ? 503 : 200).end());
  const client = connect(server.origin);
  let requests = 0;
  await client.read({ onRoundTrip: () => (requests += 1) });
  expect(client.attempts).toMatchObject([
    { systemId: 'vendor', purpose: 'read', result: '503', durationMs: expect.any(Number), isRetry: false },
    { systemId: 'vendor', purpose: 'read', result: '200', isRetry: true },
  ]);
  expect(requests).toBe(2);
});

import { describe, expect, test } from 'vitest';
import { connect, describe as inShort } from './client.ts';
import { startServer, statuses } from './start-server.ts';

describe('a read with a transient failure', () => {
  test.each([502, 503, 504])('of %i is attempted at most three times', async (status) => {
    const recovering = await startServer(statuses(status, status));
    expect(inShort(await connect(recovering.origin).read())).toBe(200);
    expect(recovering.requests).toHaveLength(3);
    const broken = await startServer(statuses(status, status, status, status));
    expect(inShort(await connect(broken.origin).read())).toBe(status);
    expect(broken.requests).toHaveLength(3);
  });

  test('of a reset connection is retried', async () => {
    const server = await startServer((request, response, index) => {
      if (index < 2) request.socket.resetAndDestroy();
      else response.end();
    });
    expect(inShort(await connect(server.origin).read())).toBe(200);
    expect(server.requests).toHaveLength(3);
  });

  test('of a 429 with a short time is retried after that time, not before', async () => {
    const times: number[] = [];
    const server = await startServer((_request, response, index) => {
      times.push(performance.now());
      if (index === 0) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end();
    });
    expect(inShort(await connect(server.origin).read())).toBe(200);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
    expect(times).toHaveLength(2);
  });

  test.each([200, 400, 401, 403, 404, 409, 429, 500, 501])("isn't retried after %i", async (status) => {
    const server = await startServer(statuses(status, status, status));
    expect(inShort(await connect(server.origin).read())).toBe(status);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an action', () => {
  test.each([409, 429, 500, 502, 503, 504])('is sent once, even if the response is %i', async (status) => {
    const server = await startServer(statuses(status));
    expect(inShort(await connect(server.origin).act())).toBe(status);
    expect(server.requests).toHaveLength(1);
  });

  test("is retried only if the vendor's response requests it, with at most three attempts", async () => {
    const server = await startServer((_request, response) => void response.writeHead(409, { 'x-again': 'true' }).end());
    const client = connect(server.origin, {}, { asksForRetry: ({ headers }) => headers['x-again'] === 'true' });
    expect(inShort(await client.act())).toBe(409);
    expect(server.requests).toHaveLength(3);
    const lost = await startServer((request) => void request.socket.resetAndDestroy());
    expect(inShort(await connect(lost.origin, {}, { asksForRetry: () => true }).act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
    expect(lost.requests).toHaveLength(1);
  });
});

describe('a vendor that throttles requests', () => {
  test.each([429, 503])('for a long time with %i gets no request before that time', async (status) => {
    const server = await startServer((_request, response) => void response.writeHead(status, { 'retry-after': '60' }).end());
    const client = connect(server.origin);
    expect(inShort(await client.act())).toBe(status);
    for (const outcome of [await client.read(), await client.act()]) {
      expect(inShort(outcome)).toBe('RATE_LIMITED');
      expect(outcome).toMatchObject({ problem: { retryable: true } });
      const seconds = outcome.answered ? 0 : (outcome.problem.retryAfterSeconds ?? 0);
      expect(seconds).toBeGreaterThan(55);
      expect(seconds).toBeLessThanOrEqual(60);
    }
    expect(client.blockReasons).toEqual(['vendor', 'vendor']);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the circuit breaker', () => {
  test('opens after ten failures in a row, and probes after 5 seconds', async () => {
    let isBroken = true;
    const server = await startServer((request, response) => {
      if (isBroken) request.socket.resetAndDestroy();
      else response.end();
    });
    const client = connect(server.origin);
    for (let count = 0; count < 10; count += 1) expect(inShort(await client.act())).toBe('SYSTEM_UNAVAILABLE, may have arrived');
    expect(client.breakerStates).toEqual(['open']);
    expect(client.blockReasons).toEqual([]);
    const refused = await client.act();
    expect(refused).toMatchObject({
      answered: false,
      mayHaveArrived: false,
      problem: { code: 'SYSTEM_UNAVAILABLE', retryAfterSeconds: 5 },
    });
    expect(inShort(await client.read())).toBe('SYSTEM_UNAVAILABLE');
    expect(client.blockReasons).toEqual(['breaker', 'breaker']);
    expect(server.requests).toHaveLength(10);
    isBroken = false;
    await expect.poll(async () => inShort(await client.act()), { timeout: 8000, interval: 250 }).toBe(200);
    expect(client.breakerStates).toEqual(['open', 'half_open', 'closed']);
    expect(server.requests).toHaveLength(11);
  });

  test.each([400, 401, 404, 409, 500])("doesn't count %i: the vendor responds", async (status) => {
    const server = await startServer(statuses(...Array<number>(15).fill(status)));
    const client = connect(server.origin, {}, { judgeCredentials: () => 'unknown' });
    for (let count = 0; count < 15; count += 1) expect(inShort(await client.act())).toBe(status);
    expect(client.breakerStates).toEqual([]);
  });

  test("doesn't count requests that the caller aborted", async () => {
    const server = await startServer(() => {});
    const client = connect(server.origin, {}, { judgeCredentials: () => 'accepted' });
    for (let count = 0; count < 12; count += 1) await client.read({ signal: AbortSignal.timeout(20) });
    expect(client.breakerStates).toEqual([]);
  });
});

describe('concurrent requests', () => {
  const slow = () =>
    startServer((_request, response) => {
      setTimeout(() => response.end(), 30);
    });

  test('are as many as configured, once the credentials have worked', async () => {
    const server = await slow();
    const client = connect(server.origin, { concurrency: 3 });
    await client.read();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => client.read()));
    expect(outcomes.map(inShort)).toEqual(Array(20).fill(200));
    expect(server.mostAtOnce()).toBe(3);
  });

  test('are one until the credentials have worked', async () => {
    const server = await startServer((_request, response, index) => {
      setTimeout(() => response.writeHead(index < 4 ? 404 : 200).end(), 30);
    });
    const client = connect(server.origin);
    await Promise.all(Array.from({ length: 4 }, () => client.read()));
    expect(server.mostAtOnce()).toBe(1);
    await Promise.all(Array.from({ length: 8 }, () => client.read()));
    expect(server.mostAtOnce()).toBe(4);
  });

  test("don't keep a request waiting past its caller's deadline", async () => {
    const server = await startServer(() => {});
    const client = connect(server.origin, { concurrency: 1, timeoutMs: 5000 }, { judgeCredentials: () => 'accepted' });
    const first = client.act({ signal: AbortSignal.timeout(1500) });
    const startedAtMs = performance.now();
    expect(inShort(await client.act({ signal: AbortSignal.timeout(100) }))).toBe('NOT_ATTEMPTED');
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
    expect(inShort(await first)).toBe('TIMED_OUT, may have arrived');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a call', () => {
  test("that is aborted before it is sent isn't sent", async () => {
    const server = await startServer(statuses());
    expect(await connect(server.origin).act({ signal: AbortSignal.abort() })).toMatchObject({
      answered: false,
      mayHaveArrived: false,
      problem: { code: 'NOT_ATTEMPTED', message: 'Not sent to vendor: the caller disconnected.' },
    });
    expect(server.requests).toEqual([]);
  });

  test('whose deadline passes in flight may have arrived', async () => {
    const server = await startServer(() => {});
    expect(await connect(server.origin).act({ signal: AbortSignal.timeout(150) })).toMatchObject({
      answered: false,
      mayHaveArrived: true,
      problem: { code: 'TIMED_OUT', message: "vendor didn't respond before the deadline. Retry, or raise deadlineMs." },
    });
  });
});

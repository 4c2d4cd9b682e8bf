import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CallContext } from '../../src/jobs/adapter.ts';
import type { HttpResult } from '../../src/transport/http-request.ts';
import type { TransportSettings } from '../../src/transport/transport-settings.ts';
import { connect, describe as inShort } from './client.ts';
import { startServer } from './start-server.ts';

/** A vendor that responds on demand, with credentials that have worked; its requests by path. */
async function startPatient(transport: Partial<TransportSettings> = {}) {
  const open: ServerResponse[] = [];
  let isPatient = false;
  const server = await startServer((_request, response) => {
    if (isPatient) open.push(response);
    else response.end();
  });
  const client = connect(server.origin, { timeoutMs: 20_000, ...transport });
  await client.read();
  server.requests.length = 0;
  isPatient = true;
  const send = (path: string, given: Partial<CallContext>, purpose: 'read' | 'action' = 'read'): Promise<HttpResult> =>
    client.send({ method: 'GET', path, purpose }, { caller: 'ann', signal: new AbortController().signal, credential: null, ...given });
  const seen = (count: number) => expect.poll(() => server.requests).toHaveLength(count);
  return {
    client,
    send,
    seen,
    requests: server.requests,
    /** Answers the request that has been open longest, and waits for the one that gets its place. */
    async answerOne(): Promise<void> {
      const { length } = server.requests;
      open.shift()?.end();
      await seen(length + 1);
    },
    answerAll(): void {
      isPatient = false;
      for (const response of open.splice(0)) response.end();
    },
  };
}

describe('the requests of a caller with 500 waiting requests', () => {
  test.each([
    ['with the configured credentials', null, null],
    ["with each caller's own", "ann's", "bob's"],
  ])("let another caller's action and read overtake them, %s", async (_with, annsCredential, bobsCredential) => {
    const { send, seen, requests, answerOne, answerAll } = await startPatient();
    const anns = Array.from({ length: 500 }, (_, index) => send(`/ann/${index}`, { credential: annsCredential }));
    await seen(4);
    const bob = { caller: 'bob', credential: bobsCredential };
    const bobs = [send('/bob/read', bob), send('/bob/action', bob, 'action')];
    await answerOne();
    await answerOne();
    await answerOne();
    // Four connections: which of the first four comes first is up to the network.
    expect(requests.slice(0, 4).sort()).toEqual(['/ann/0', '/ann/1', '/ann/2', '/ann/3']);
    expect(requests.slice(4)).toEqual(['/bob/action', '/bob/read', '/ann/4']);
    answerAll();
    expect((await Promise.all([...anns, ...bobs])).every((outcome) => inShort(outcome) === 200)).toBe(true);
    expect(new Set(requests).size).toBe(502);
  });
});

describe("a caller's requests above the limit", () => {
  test.each(['read', 'action'] as const)('are not sent, and get the time to retry: %s', async (purpose) => {
    const { client, send, seen, requests, answerAll } = await startPatient({ maxQueuedPerCaller: 3 });
    const anns = Array.from({ length: 9 }, (_, index) => send(`/ann/${index}`, {}, purpose));
    await seen(4);
    const turnedAway = await Promise.all(anns.slice(7));
    for (const outcome of turnedAway) {
      expect(outcome).toMatchObject({ answered: false, mayHaveArrived: false });
      expect(outcome).toMatchObject({ problem: { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 5 } });
    }
    expect(client.blockReasons).toEqual(['caller', 'caller']);
    const bobs = send('/bob', { caller: 'bob' }, purpose);
    answerAll();
    expect((await Promise.all([...anns.slice(0, 7), bobs])).map(inShort)).toEqual(Array(8).fill(200));
    expect(requests).toHaveLength(8);
  });

  test('make room as soon as one of them is aborted', async () => {
    const { send, seen, requests, answerAll } = await startPatient({ concurrency: 1, maxQueuedPerCaller: 1 });
    const first = send('/first', {});
    await seen(1);
    const stop = new AbortController();
    const second = send('/second', { signal: stop.signal });
    expect(inShort(await send('/third', {}))).toBe('RATE_LIMITED');
    stop.abort();
    expect(inShort(await second)).toBe('NOT_ATTEMPTED');
    const fourth = send('/fourth', {});
    answerAll();
    expect([inShort(await first), inShort(await fourth)]).toEqual([200, 200]);
    expect(requests).toEqual(['/first', '/fourth']);
  });
});

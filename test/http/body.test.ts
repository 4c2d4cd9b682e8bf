import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJsonBody } from '../../src/http/read-body.ts';
import { accessFor, as } from '../access/callers.ts';
import { countActions } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { countVendorRequests, post, start } from './post.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

describe('the body', () => {
  const query = (bytes: number) => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { x: '' } });
    return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
  };

  test('is accepted up to the limit, and rejected one byte above, with and without an announced length', async () => {
    const started = await start({ maxBodyBytes: 5000 });
    const send = (text: string, inChunks: boolean) =>
      new Promise<{ status: number; body: unknown }>((resolve, reject) => {
        const length = inChunks ? {} : { 'content-length': String(text.length) };
        const options = { method: 'POST', headers: { 'content-type': 'application/json', ...length } };
        const sent = request(`${started.origin}/graphql`, options, async (answer) => {
          resolve({ status: answer.statusCode ?? 0, body: await json(answer) });
        });
        sent.on('error', reject);
        for (let at = 0; at < text.length; at += 1000) sent.write(text.slice(at, at + 1000));
        sent.end();
      });
    for (const inChunks of [false, true]) {
      expect(await send(query(5000), inChunks)).toEqual({ status: 200, body: { data: { __typename: 'Query' } } });
      expect(await send(query(5001), inChunks)).toEqual({
        status: 413,
        body: { errors: [{ message: 'The body is larger than 5000 bytes (maxBodyBytes).', extensions: { code: 'BAD_REQUEST' } }] },
      });
      // A caller that still sends must not be disconnected before it has the response.
      expect(await send(query(5_000_000), inChunks)).toMatchObject({ status: 413 });
    }
    expect(await send(query(100), false)).toMatchObject({ status: 200 });
  });

  test('is accepted up to 1 MiB by default', async () => {
    expect((await post(jobyard, query(1024 * 1024))).status).toBe(200);
    expect((await post(jobyard, query(1024 * 1024 + 1))).status).toBe(413);
  });

  test.each([
    ['no JSON', '{"query":'],
    ['nothing', ''],
    ['null', 'null'],
    ['a text', '"{ __typename }"'],
    ['a number', '7'],
    ['a query that is no text', '{"query":{"kind":"Document"}}'],
    ['variables that are text', '{"query":"{__typename}","variables":"{}"}'],
    ['variables that are a list', '{"query":"{__typename}","variables":[]}'],
    ['a name that is an object', '{"query":"{__typename}","operationName":{}}'],
    ['extensions that are a number', '{"query":"{__typename}","extensions":1}'],
    ['a query in the prototype', '{"__proto__":{"query":"{__typename}"}}'],
    ['several operations', '[{"query":"{__typename}"},{"query":"{__typename}"}]'],
    ['one operation in a list', '[{"query":"{__typename}"}]'],
    ['bytes that are no UTF-8', '\ud800'],
  ])('that is %s is rejected with 400', async (_what, body) => {
    const { status, data, errors } = await post(jobyard, body);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors?.[0]?.message).toMatch(/\w+/);
  });

  test('is rejected with a clear message if it is a list of operations', async () => {
    expect((await post(jobyard, '[{"query":"{__typename}"}]')).errors).toMatchObject([{ message: expect.stringContaining('batching') }]);
  });

  test('pollutes no prototype', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      await post(
        jobyard,
        `{"query":"query ($f: JobFilter, $r: [_Any!] = []) { jobs(filter: $f) { complete } _entities(representations: $r) { __typename } }",
        "variables":{"f":{"${name}":{"polluted":1}},"r":[{"${name}":{"polluted":1},"__typename":"Job"}],"${name}":{"polluted":1}},"${name}":{"polluted":1}}`,
      );
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((await post(jobyard, { query: '{ __typename }' })).status).toBe(200);
  });
});

describe('a request that a page of another site could send', () => {
  const mutation = 'mutation { cancelJobs(input: { ids: ["kinetica:1"] }) { summary { requested } } }';

  test.each([
    'text/plain',
    'text/plain; charset=application/json',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain, application/json',
    'application/json, text/plain',
    'application/graphql',
    'application/jsonx',
    '',
  ])('is rejected as "%s"', async (type) => {
    const before = countVendorRequests(jobyard);
    const answer = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: type === '' ? {} : { 'content-type': type },
      body: new Blob([JSON.stringify({ query: mutation })]),
    });
    expect(answer.status).toBe(400);
    expect(countVendorRequests(jobyard)).toBe(before);
  });

  test('is rejected as a GET; so is a mutation as a GET with any headers', async () => {
    const get = (query: string, headers: Record<string, string> = {}, more = '') =>
      fetch(`${jobyard.origin}/graphql?query=${encodeURIComponent(query)}${more}`, { headers });
    const unasked = { 'apollo-require-preflight': 'yes' };
    expect((await get('{ __typename }')).status).toBe(400);
    expect((await get('{ __typename }', unasked)).status).toBe(200);
    expect((await get(mutation, unasked)).status).toBe(405);
    expect((await get(`query A { __typename } ${mutation.replace('mutation', 'mutation B')}`, unasked, '&operationName=B')).status).toBe(
      405,
    );
    expect((await get('{ __typename }', unasked, `&query=${encodeURIComponent(mutation)}`)).status).toBe(400);
    expect(countActions(jobyard, 'kinetica')).toBe(0);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('as %s is rejected', async (method) => {
    const body = method === 'HEAD' ? null : JSON.stringify({ query: mutation });
    const answer = await fetch(`${jobyard.origin}/graphql`, { method, headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
  });
});

describe('the rate', () => {
  test('limits each caller separately, returns when to retry, and executes nothing', async () => {
    const started = await start({ requestsPerMinute: 5 }, { access: accessFor({ busy: ['jobs:read'], calm: ['jobs:read'] }) });
    const ask = (caller: string) => post(started, { query: '{ jobs(first: 1) { complete } }' }, as(caller));
    for (let count = 0; count < 5; count += 1) expect((await ask('busy')).status).toBe(200);
    const before = countVendorRequests(started);
    const refused = await ask('busy');
    expect(refused).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.errors?.[0]?.message).toContain(`Retry in ${seconds} seconds.`);
    expect(countVendorRequests(started)).toBe(before);
    // The same caller, authenticated by another header.
    expect((await post(started, { query: '{ __typename }' }, { 'x-api-key': as('busy').authorization?.slice(7) ?? '' })).status).toBe(429);
    expect((await ask('calm')).status).toBe(200);
  });

  test("doesn't count rejected callers", async () => {
    const started = await start({ requestsPerMinute: 2 }, { access: accessFor({ a: ['jobs:read'] }) });
    for (let count = 0; count < 10; count += 1)
      expect((await post(started, { query: '{ __typename }' }, { 'x-api-key': 'wrong' })).status).toBe(401);
    expect((await post(started, { query: '{ __typename }' }, as('a'))).status).toBe(200);
  });
});

describe('a body that is rejected', () => {
  const bytes = 5_000_000;

  /** Writes the whole request before it reads a byte, as simple clients do; what came back until the connection's end. */
  async function writeThenRead(path: string, head: readonly string[], body: string): Promise<string> {
    const { hostname, port } = new URL(jobyard.origin);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.pause();
    const failed = once(socket, 'error').then(([error]) => Promise.reject(error));
    const lines = [`POST ${path} HTTP/1.1`, `host: ${hostname}`, 'content-type: application/json', ...head];
    await Promise.race([failed, new Promise<void>((resolve) => socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, () => resolve()))]);
    const answer = await Promise.race([failed, text(socket)]);
    socket.destroy();
    return answer;
  }

  test.each([
    ['/graphql', 'too large for it', 413],
    ['/nowhere', 'where nothing is', 404],
  ])(
    'at %s, %s, is read to its end so that the client gets the response, even if the connection closes then',
    async (path, _what, status) => {
      const closing = ['connection: close', `content-length: ${bytes}`];
      expect(await writeThenRead(path, closing, 'x'.repeat(bytes))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      const chunks = `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`;
      expect(await writeThenRead(path, ['connection: close', 'transfer-encoding: chunked'], chunks)).toMatch(
        new RegExp(`^HTTP/1.1 ${status} `),
      );
    },
  );

  test('is read to its end if its client waits for permission to send it, like curl', async () => {
    const { hostname, port } = new URL(jobyard.origin);
    const socket = connect(Number(port), hostname);
    const head = ['POST /graphql HTTP/1.1', `host: ${hostname}`, 'content-type: application/json', 'expect: 100-continue'];
    socket.write(`${head.join('\r\n')}\r\ntransfer-encoding: chunked\r\n\r\n`);
    const [interim] = await once(socket, 'data');
    expect(String(interim)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.pause();
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`, () => resolve());
    });
    socket.write(`GET /livez HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
    expect((await text(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('of HTTP/1.0 gets no 100 Continue', async () => {
    const { hostname, port } = new URL(jobyard.origin);
    const socket = connect(Number(port), hostname);
    const body = '{"query":"{ __typename }"}';
    const head = [`POST /graphql HTTP/1.0`, `host: ${hostname}`, 'content-type: application/json', 'expect: 100-continue'];
    socket.write(`${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect((await text(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  });

  test('gives fetch a 413, and its connection stays usable', async () => {
    for (let count = 0; count < 3; count += 1) {
      expect((await post(jobyard, 'x'.repeat(bytes))).status).toBe(413);
      expect((await post(jobyard, { query: '{ __typename }' })).status).toBe(200);
    }
  });

  test('gets its response immediately, before it is sent in full', async () => {
    const { hostname, port } = new URL(jobyard.origin);
    const socket = connect(Number(port), hostname);
    socket.write(`POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\nx`);
    const [first] = await once(socket, 'data');
    expect(String(first)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

test('a complete body is parsed in its turn', async () => {
  const turn = Promise.withResolvers<void>();
  const sent = Object.assign(Readable.from([Buffer.from('{"a":1}')]), { headers: { 'content-type': 'application/json' } });
  let isParsed = false;
  const body = readJsonBody(sent, 100, { count: () => true, takeTurn: () => turn.promise });
  void body.then(() => {
    isParsed = true;
  });
  await once(sent, 'close');
  expect(isParsed).toBe(false);
  turn.resolve();
  expect(await body).toEqual({ kind: 'json', value: { a: 1 } });
});

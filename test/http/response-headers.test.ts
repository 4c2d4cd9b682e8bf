import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor, keyOf } from '../access/callers.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, access: accessFor({ ann: ['jobs:read'] }), limits: { maxBodyBytes: 2_000 } });
});
afterAll(() => jobyard.close());

/** What comes back for these bytes until `enough`, or until the connection is closed. */
async function exchange(bytes: string, enough: (text: string) => boolean = () => false): Promise<string> {
  const { hostname, port } = new URL(jobyard.origin);
  const socket = connect(Number(port), hostname);
  let text = '';
  const whole = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk;
      if (enough(text)) resolve();
    });
    socket.once('close', () => resolve());
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  await whole;
  socket.destroy();
  return text;
}

const key = `x-api-key: ${keyOf('ann')}`;
const get = (path: string, ...headers: string[]) =>
  `${['GET', 'HEAD'].includes(path.split(' ')[0] ?? '') ? path : `GET ${path}`} HTTP/1.1\r\n${['host: localhost', 'connection: close', ...headers].join('\r\n')}\r\n\r\n`;
const post = (body: string, ...headers: string[]) =>
  `POST /graphql HTTP/1.1\r\n${['host: localhost', 'connection: close', 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, ...headers].join('\r\n')}\r\n\r\n${body}`;
/** An operation in one chunk. */
const inChunks = (coding: string) =>
  `${post('', key, `transfer-encoding: ${coding}`).replace('content-length: 0\r\n', '')}1a\r\n{"query":"{ __typename }"}\r\n0\r\n\r\n`;
const webSocket = ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='];

describe('no response may be cached without asking again, and each has the type that it declares', () => {
  test.each<[string, number, string]>([
    ['an operation', 200, post('{"query":"{ __typename }"}', key)],
    ['a GET', 200, get('/graphql?query={__typename}', key, 'apollo-require-preflight: 1')],
    ['a GET with a body of another type', 415, get('/graphql?query={__typename}', key, 'content-type: text/plain')],
    ['no JSON', 400, post('{', key)],
    ['another type', 400, post('{}', key).replace('application/json', 'text/plain')],
    ['a document that is wrong', 400, post('{"query":"{ nothing }"}', key, 'accept: application/graphql-response+json')],
    ['no caller', 401, post('{"query":"{ __typename }"}')],
    ['a body that is too large', 413, post('x'.repeat(3_000), key)],
    ['another method', 405, post('', key).replace('POST', 'PUT')],
    ['an event stream', 200, post('{"query":"{ __typename }"}', key, 'accept: text/event-stream')],
    [
      'an event stream of a foreign page',
      403,
      post('{"query":"{ __typename }"}', key, 'accept: text/event-stream', 'origin: https://a.example'),
    ],
    ['the playground', 200, get('/')],
    ['/livez', 200, get('/livez')],
    ['/readyz', 200, get('/readyz')],
    ['/metrics', 200, get('/metrics')],
    ['nothing there', 404, get('/nowhere')],
    ['HEAD', 404, get('HEAD /nowhere')],
    ['no Host', 400, 'GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['two Hosts', 400, 'GET /livez HTTP/1.1\r\nhost: localhost\r\nHost: example.org\r\nconnection: close\r\n\r\n'],
    [
      'two Hosts of a WebSocket',
      400,
      'GET /graphql HTTP/1.1\r\nhost: localhost\r\nhost: example.org\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    ],
    ['two credentials', 400, post('{"query":"{ __typename }"}', key, 'authorization: Bearer a', 'Authorization: Bearer b')],
    ['two types', 400, post('{"query":"{ __typename }"}', key, 'content-type: text/plain')],
    ['a coding under the chunks', 501, inChunks('gzip, chunked')],
    ['a coding in a header of its own', 501, inChunks('gzip\r\ntransfer-encoding: chunked')],
    ['a coding that is none', 501, inChunks('identity, chunked')],
    ['chunks in chunks', 400, inChunks('chunked, chunked')],
    ['a coding without chunks', 400, inChunks('gzip')],
    ['a coding without chunks elsewhere', 400, get('/livez', 'transfer-encoding: gzip')],
    ['chunks in HTTP/1.0', 400, inChunks('chunked').replace('HTTP/1.1', 'HTTP/1.0')],
    ['chunks in other letters', 200, inChunks('Chunked')],
    ['a coding of a WebSocket', 501, get('/graphql', ...webSocket, 'sec-websocket-version: 13', 'transfer-encoding: gzip, chunked')],
    ['a body that is compressed', 415, post('{"query":"{ __typename }"}', key, 'content-encoding: gzip')],
    ['a body that is expressly not', 200, post('{"query":"{ __typename }"}', key, 'content-encoding: identity')],
    ['no HTTP', 400, 'HELLO\r\n\r\n'],
    ['another version of HTTP', 400, 'GET / HTTP/9.1\r\n\r\n'],
    ['two lengths', 400, post('{}', 'content-length: 5')],
    ['headers that are too large', 431, get('/livez', `x: ${'x'.repeat(20_000)}`)],
    ['an expectation that is not met', 417, post('{}', 'expect: everything')],
    ['a WebSocket elsewhere', 404, get('/nowhere', ...webSocket, 'sec-websocket-version: 13')],
    ['a WebSocket of a foreign page', 403, get('/graphql', ...webSocket, 'sec-websocket-version: 13', 'origin: https://a.example')],
    ['a WebSocket of another version', 426, get('/graphql', ...webSocket, 'sec-websocket-version: 12')],
    ['a WebSocket without a version', 426, get('/graphql', ...webSocket)],
    ['a WebSocket without a key', 400, get('/graphql', ...webSocket.slice(0, 2), 'sec-websocket-version: 13')],
    [
      'a WebSocket by POST',
      405,
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\n${webSocket.join('\r\n')}\r\nsec-websocket-version: 13\r\n\r\n`,
    ],
    ['another upgrade', 200, get('/livez', 'upgrade: h2c', 'connection: upgrade')],
  ])('%s: %d', async (_what, status, bytes) => {
    const [head = ''] = (await exchange(bytes, (text) => bytes.includes('h2c') && text.includes('ok\n'))).split('\r\n\r\n');
    const [line, ...fields] = head.split('\r\n');
    expect(line).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    const headers = fields.map((field) => field.toLowerCase());
    expect(headers.filter((field) => field.startsWith('x-content-type-options:'))).toEqual(['x-content-type-options: nosniff']);
    // A page contains no data.
    const isPage = bytes.startsWith('GET / HTTP/1.1');
    expect(headers.filter((field) => field.startsWith('cache-control:'))).toEqual([`cache-control: ${isPage ? 'no-cache' : 'no-store'}`]);
  });

  test.each([
    ['a good request before it is answered', `${post('{"query":"{ __typename }"}', key)}HELLO\r\n\r\n`, ['200']],
    [
      'the request that it breaks is not',
      post('{}', key).replace('content-length: 2', 'transfer-encoding: chunked').replace('{}', 'HELLO\r\n'),
      ['400'],
    ],
  ])("of bytes that aren't HTTP, %s", async (_what, bytes, statuses) => {
    const text = await exchange(bytes);
    expect(Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status)).toEqual(statuses);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openConnection } from './raw-connection.ts';

let jobyard: WithSandboxes;
const logged: { level: number; msg: string }[] = [];
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, log: (line) => logged.push(JSON.parse(line)) });
});
afterAll(() => jobyard.close());

const webSocket = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'graphql-transport-ws',
};
/** The bytes of a request; a header without a value is left out. */
function requestOf(line: string, headers: Record<string, string | null>, body = ''): string {
  const all = Object.entries({ host: '127.0.0.1', ...headers }).filter(([, value]) => value !== null);
  return `${line}\r\n${all.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
}
const get = 'GET /graphql HTTP/1.1';

/** What comes for these bytes until the server has closed the connection. The client never closes its half. */
function exchange(bytes: string): Promise<string> {
  const connection = openConnection(jobyard.origin);
  connection.write(bytes);
  return connection.closed;
}

const countOpen = async (): Promise<string[]> => {
  const text = await (await fetch(`${jobyard.origin}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith('jobyard_connections{'));
};
afterEach(async () => {
  expect(await countOpen()).toEqual(['jobyard_connections{transport="websocket"} 0', 'jobyard_connections{transport="event-stream"} 0']);
  const warning = 40;
  expect(logged.filter(({ level }) => level >= warning)).toEqual([]);
});

test.each([null, '0'])('a proper upgrade is accepted, with the content-length %s', async (length) => {
  const connection = openConnection(jobyard.origin);
  connection.write(requestOf(get, { ...webSocket, 'content-length': length }));
  await connection.until(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  connection.socket.destroy();
  await connection.closed;
  await expect.poll(countOpen).toContain('jobyard_connections{transport="websocket"} 0');
});

const chunked = { 'transfer-encoding': 'chunked' };
describe('an upgrade is rejected, and its connection closed,', () => {
  test.each<[what: string, status: number, message: RegExp, bytes: string]>([
    ['on another path', 404, /WebSockets connect at \/graphql/, requestOf('GET /livez HTTP/1.1', webSocket)],
    ['on the path of the console', 404, /WebSockets connect at \/graphql/, requestOf('GET /console HTTP/1.1', webSocket)],
    ['on no path', 404, /WebSockets connect at \/graphql/, requestOf('GET * HTTP/1.1', webSocket)],
    ['without a key', 400, /Sec-WebSocket-Key/i, requestOf(get, { ...webSocket, 'sec-websocket-key': null })],
    ['with an empty key', 400, /Sec-WebSocket-Key/i, requestOf(get, { ...webSocket, 'sec-websocket-key': '' })],
    ['with a key that is none', 400, /Sec-WebSocket-Key/i, requestOf(get, { ...webSocket, 'sec-websocket-key': 'AAAA' })],
    ['without a version', 426, /Sec-WebSocket-Version/, requestOf(get, { ...webSocket, 'sec-websocket-version': null })],
    ['with a protocol that is none', 400, /Sec-WebSocket-Protocol/i, requestOf(get, { ...webSocket, 'sec-websocket-protocol': ',,' })],
    ['by POST', 405, /GET/, requestOf('POST /graphql HTTP/1.1', { ...webSocket, 'content-length': '2' }, '{}')],
    ['with a body', 400, /body/, requestOf(get, { ...webSocket, 'content-length': '5' }, 'hello')],
    ['with a body that is never sent', 400, /body/, requestOf(get, { ...webSocket, 'content-length': '5000' })],
    ['with chunks', 400, /body/, requestOf(get, { ...webSocket, ...chunked }, '5\r\nhello\r\n0\r\n\r\n')],
    ['without Host', 400, /Host/, requestOf(get, { ...webSocket, host: null })],
  ])('%s: %i', async (_what, status, message, bytes) => {
    const text = await exchange(bytes);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toMatch(/\r\nconnection: close/i);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ message: expect.stringMatching(message) }] });
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
  });
});

describe('an upgrade that Jobyard ignores is served as the request that it is,', () => {
  const post = (version: string, headers: Record<string, string | null>) => {
    const body = '{"query":"{ __typename }"}';
    const all = { 'content-type': 'application/json', 'content-length': String(body.length), ...headers };
    return requestOf(`POST /graphql HTTP/${version}`, all, body);
  };
  const closing = { connection: 'close, upgrade' };

  test.each<[what: string, status: number, bytes: string]>([
    ['of HTTP/1.0', 400, requestOf('GET /graphql HTTP/1.0', webSocket)],
    ['of HTTP/1.0 on another path', 404, requestOf('GET /nowhere HTTP/1.0', webSocket)],
    ['of HTTP/1.0 with a body', 200, post('1.0', webSocket)],
    ['to another protocol', 400, requestOf(get, { ...webSocket, ...closing, upgrade: 'h2c' })],
    ['to another protocol with a body', 200, post('1.1', { ...closing, upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' })],
    ['to another protocol on another path', 404, requestOf('GET /nowhere HTTP/1.1', { ...closing, upgrade: 'TLS/1.0' })],
    ['to several protocols', 400, requestOf(get, { ...webSocket, ...closing, upgrade: 'h2c, websocket' })],
    ['to nothing', 400, requestOf(get, { ...webSocket, ...closing, upgrade: '' })],
    ['without Connection: upgrade', 400, requestOf(get, { ...webSocket, connection: 'close' })],
  ])('%s: %i', async (_what, status, bytes) => {
    const text = await exchange(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
  });
});

test('bytes after a rejected upgrade are not served as a request', async () => {
  const next = requestOf('GET /livez HTTP/1.1', {});
  const text = await exchange(requestOf('GET /nowhere HTTP/1.1', webSocket) + next);
  expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 404']);
});

test('many rejected upgrades leave no connection open', async () => {
  const bytes = [requestOf('GET /nowhere HTTP/1.1', webSocket), requestOf(get, { ...webSocket, 'sec-websocket-key': null })];
  const texts = await Promise.all(Array.from({ length: 100 }, (_, index) => exchange(bytes[index % 2] ?? '')));
  expect(texts.every((text) => /^HTTP\/1\.1 40[04] /.test(text))).toBe(true);
});

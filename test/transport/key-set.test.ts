import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { directConnection } from '../../src/transport/dispatcher.ts';
import { createKeySetFetch } from '../../src/transport/key-set.ts';
import { userAgent } from '../../src/transport/user-agent.ts';
import { findFreePorts } from '../processes.ts';
import { startServer } from './start-server.ts';

async function fetchKeys(jwksUri: string, signal = new AbortController().signal): Promise<unknown> {
  const fetchKeySet = createKeySetFetch(jwksUri, 300, directConnection);
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'jose/v0' });
  const response = await fetchKeySet(jwksUri, { method: 'GET', redirect: 'manual', headers, signal });
  return response.json();
}

test("a key set is fetched from its path and query, with Jobyard's name in the request", async () => {
  const server = await startServer((request, response) => {
    response.end(JSON.stringify({ accept: request.headers.accept, agent: request.headers['user-agent'] }));
  });
  expect(await fetchKeys(`${server.origin}/keys?use=sig`)).toEqual({ accept: 'application/json', agent: userAgent });
  expect(server.requests).toEqual(['/keys?use=sig']);
});

test('a key set is read compressed, after a byte order mark, and after 100 Continue', async () => {
  const body = gzipSync('\uFEFF{"keys":[]}');
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => {})
      .on('data', () => {
        socket.write(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  expect(await fetchKeys(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)).toEqual({ keys: [] });
});

test.each([
  [302, { location: 'https://svc:secret@sso.example/?x=secret' }, '', 'redirected the request to https://sso.example/ (HTTP 302).'],
  [404, {}, '{"keys":[]}', 'returned HTTP 404, not 200.'],
  [204, {}, '', 'returned HTTP 204, not 200.'],
  [200, { 'content-encoding': 'foo' }, 'x', 'it is in the content coding "foo"'],
  [200, {}, 'x'.repeat(1_048_577), 'sent a response of more than 1000000 bytes'],
  [200, {}, `{"keys":${'['.repeat(250)}${']'.repeat(250)}}`, 'it is nested more than 250 levels deep'],
])('a response of %d with %j is rejected with the reason', async (status, headers, body, reason) => {
  const server = await startServer((_request, response) => void response.writeHead(status, headers).end(body));
  await expect(fetchKeys(server.origin)).rejects.toThrow(reason);
  expect(server.requests).toHaveLength(1);
});

test('a missing response is rejected with the reason', async () => {
  const port = await findFreePorts(1);
  await expect(fetchKeys(`http://127.0.0.1:${port}`)).rejects.toThrow('the connection was refused (ECONNREFUSED)');
  const silent = await startServer(() => {});
  await expect(fetchKeys(silent.origin)).rejects.toThrow("The identity provider didn't respond within 0.3 seconds.");
  await expect(fetchKeys(silent.origin, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { accessFor, keyOf } from '../access/callers.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let page: Page;
let allowed: string;
let foreign: string;
let jobyard: WithSandboxes;

beforeAll(async () => {
  const pages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>A page</title>'));
  const otherPages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>Another</title>'));
  [allowed, foreign] = (await Promise.all(
    [pages, otherPages].map(
      (server) =>
        new Promise<string>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
        }),
    ),
  )) as [string, string];
  jobyard = await startWithSandboxes({ jobs: 2, access: accessFor({ admin: ['jobs:read'] }), allowedOrigins: [allowed] });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  page = await browser.newPage();
  return async () => {
    await browser.close();
    await jobyard.close();
    for (const server of [pages, otherPages]) server.close();
  };
});

/** Runs in the page: a query, an event stream, and a WebSocket. The word for each says how it went. */
async function tryAll({ url, key }: { url: string; key: string }): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const failed = () => 'failed';
  const post = (body: object, more = {}) => fetch(url, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const answer = await post({ query: '{ jobs(first: 1) { nodes { __typename } } }' }).then((response) => response.text(), failed);
  const unauthenticated = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(
    async (response) =>
      `${response.status} ${response.headers.has('www-authenticate')} ${(await response.text()).includes('Not authenticated')}`,
    failed,
  );
  const stream = await post({ query: '{ __typename }' }, { accept: 'text/event-stream' }).then((response) => response.text(), failed);
  const socket = await new Promise<string>((resolve) => {
    const opened = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    opened.onopen = () => opened.send(JSON.stringify({ type: 'connection_init', payload: { authorization: headers.authorization } }));
    opened.onmessage = ({ data }) => resolve(JSON.parse(data).type);
    opened.onclose = failed;
    opened.onerror = () => resolve('failed');
  });
  return { answer, unauthenticated, stream, socket };
}

test('a page of an allowed origin queries, streams, and opens a WebSocket, and reads why it was rejected', async () => {
  await page.goto(allowed);
  expect(await page.evaluate(tryAll, { url: `${jobyard.origin}/graphql`, key: keyOf('admin') })).toEqual({
    answer: expect.stringContaining('"Job"'),
    unauthenticated: '401 true true',
    stream: expect.stringContaining('event: complete'),
    socket: 'connection_ack',
  });
});

test('a page of any other origin can do none of that', async () => {
  await page.goto(foreign);
  const words = await page.evaluate(tryAll, { url: `${jobyard.origin}/graphql`, key: keyOf('admin') });
  expect(words).toEqual({ answer: 'failed', unauthenticated: 'failed', stream: 'failed', socket: 'failed' });
});

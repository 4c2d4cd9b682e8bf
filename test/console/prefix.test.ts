import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { expectText, hasBrowser, openConsole, rowOf, startBrowser, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

const prefix = '/tools/jobyard';
let browser: Browser;
let jobyard: WithSandboxes;
let proxy: Server;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({ jobs: 3 });
  proxy = await startProxy(jobyard.origin);
});
afterAll(async () => {
  await browser?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  await jobyard?.close();
});

/** A proxy that serves Jobyard below a prefix, and nothing else. */
async function startProxy(target: string): Promise<Server> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    if (!incoming.url?.startsWith(prefix)) return outgoing.writeHead(404).end();
    const forwarded = request(
      { hostname, port, method: incoming.method, path: incoming.url.slice(prefix.length) || '/', headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('upgrade', (incoming, socket, head) => {
    if (!incoming.url?.startsWith(prefix)) return socket.destroy();
    const forwarded = request({ hostname, port, path: incoming.url.slice(prefix.length), headers: incoming.headers });
    forwarded.on('error', () => socket.destroy());
    forwarded.on('upgrade', (answer, upstream, first) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(first);
      upstream.pipe(socket).pipe(upstream);
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      upstream.unshift(head);
    });
    forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.runIf(hasBrowser)('behind a prefix', () => {
  test('the console works: redirect, links, reload, back, and live changes', async () => {
    const id = addJob(jobyard, 'kinetica');
    const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`;
    const { page, complaints } = await openConsole(browser, `${origin}/console`);
    expect(page.url()).toBe(`${origin}/console/overview`);
    await page.getByRole('link', { name: 'Jobs', exact: true }).first().click();
    await page.locator(rowOf(id)).waitFor();
    expect(page.url()).toBe(`${origin}/console/jobs`);
    await page.reload();
    await expectText(page, rowOf(id), 'Running');
    await page.locator(`${rowOf(id)} a`).click();
    await expectText(page, '.job-head', id);
    await page.goBack();
    await expectText(page, rowOf(id), 'Running');
    jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    await expectText(page, rowOf(id), 'Succeeded');
    expect(complaints).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { consoleFolder } from '../../src/package.js';
import { accessFor, keyOf } from '../access/callers.ts';
import { startWithSandboxes } from '../start.ts';
import { expectText, hasBrowser, openConsole, startBrowser, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser) browser = await startBrowser();
});
afterAll(() => browser?.close());

describe.runIf(hasBrowser)('with trusted documents only', () => {
  test('the console works for a caller without the scope documents:any, by its manifest', async () => {
    const jobyard = await startWithSandboxes({
      jobs: 3,
      access: accessFor({ operator: ['jobs:read', 'systems:read', 'audit:read', 'jobs:cancel'] }),
      limits: { documents: 'trusted' },
    });
    onTestFinished(() => jobyard.close());
    const rejected: string[] = [];
    const sent: Record<string, unknown>[] = [];
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.postDataJSON());
    });
    page.on('response', (response) => {
      if (response.status() === 403) rejected.push(response.url());
    });
    await page.getByLabel('API key or token').fill(keyOf('operator'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-id]').first().waitFor();
    await expectText(page, '.facts', '· live');
    for (const name of ['Overview', 'Systems']) await page.getByRole('link', { name, exact: true }).first().click();
    await expectText(page, '.system table', 'Cancel');
    expect(rejected).toEqual([]);
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter(({ documentId, query }) => !/^sha256:[\da-f]{64}$/.test(String(documentId)) || query !== undefined)).toEqual([]);
    const { errors } = await jobyard.query('{ jobSystems { id } }', {}, { authorization: `Bearer ${keyOf('operator')}` });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('a server without the console trusts none of its documents', async () => {
    const jobyard = await startWithSandboxes({ jobs: 3, limits: { documents: 'trusted' }, server: { console: false } });
    onTestFinished(() => jobyard.close());
    const [documentId = ''] = Object.keys(JSON.parse(readFileSync(new URL('documents.json', consoleFolder), 'utf8')));
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId }),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }] });
  });
});

test.runIf(hasBrowser)('of a Jobyard that does not know its documents, the console sends the text', async () => {
  const jobyard = await startWithSandboxes({ jobs: 3 });
  onTestFinished(() => jobyard.close());
  const { page, context } = await openConsole(browser, 'about:blank');
  const toUnknown = (text: string): string => text.replace(/"documentId":"sha256:[\da-f]{64}"/, '"documentId":"unknown"');
  await context.route('**/graphql', (route) => route.continue({ postData: toUnknown(route.request().postData() ?? '') }));
  await page.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(toUnknown(String(message))));
  });
  await page.goto(`${jobyard.origin}/console/jobs?since=all`);
  await page.locator('[data-id]').first().waitFor();
  await expectText(page, '.facts', '· live');
});

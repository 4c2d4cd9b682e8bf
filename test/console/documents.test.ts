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
    const manifest: Record<string, string> = JSON.parse(readFileSync(new URL('documents.json', consoleFolder), 'utf8'));
    const jobyard = await startWithSandboxes({
      jobs: 3,
      access: accessFor({ operator: ['jobs:read', 'systems:read', 'audit:read', 'jobs:cancel'] }),
      limits: { documents: 'trusted', documentManifests: [manifest] },
    });
    onTestFinished(() => jobyard.close());
    const rejected: string[] = [];
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    page.on('response', (response) => {
      if (response.status() === 403) rejected.push(response.url());
    });
    await page.getByLabel('API key or token').fill(keyOf('operator'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-id]').first().waitFor();
    for (const name of ['Overview', 'Systems']) await page.getByRole('link', { name, exact: true }).first().click();
    await expectText(page, '.system table', 'Cancel');
    expect(rejected).toEqual([]);
    const { errors } = await jobyard.query('{ jobSystems { id } }', {}, { authorization: `Bearer ${keyOf('operator')}` });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

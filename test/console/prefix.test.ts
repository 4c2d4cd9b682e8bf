import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addJob } from '../end-to-end/jobs.ts';
import { type PrefixProxy, startPrefixProxy } from '../prefix-proxy.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { expectText, hasBrowser, openConsole, rowOf, startBrowser, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
let jobyard: WithSandboxes;
let proxy: PrefixProxy;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({ jobs: 3 });
  proxy = await startPrefixProxy(jobyard.origin);
});
afterAll(async () => {
  await browser?.close();
  proxy?.close();
  await jobyard?.close();
});

describe.runIf(hasBrowser)('behind a prefix', () => {
  test('the console works: redirect, links, reload, back, and live changes', async () => {
    const id = addJob(jobyard, 'kinetica');
    const { origin } = proxy;
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

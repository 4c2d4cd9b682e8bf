import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { expectText, hasBrowser, openConsole, rowOf, startBrowser, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
let jobyard: WithSandboxes;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({ jobs: 3, store: openEmptyStore() });
});
afterAll(async () => {
  await browser?.close();
  await jobyard?.close();
});

describe.runIf(hasBrowser)('with the keyboard only', () => {
  test('a job is found, selected, and canceled, and its page is opened', async () => {
    addJob(jobyard, 'kinetica');
    const id = addJob(jobyard, 'kinetica');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/overview`);
    // A busy page could take longer for the two keys than a sequence may.
    await page.locator('.number-cell').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.locator('h1', { hasText: 'Jobs' }).waitFor();
    await page.locator(rowOf(id)).waitFor();
    for (let step = 0; step < 30 && (await page.evaluate(() => document.activeElement?.getAttribute('data-id'))) !== id; step += 1) {
      await page.keyboard.press('j');
    }
    await page.keyboard.press('x');
    await expectText(page, '.action-bar', '1 selected');
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    // Enter is a line of the reason; Ctrl+Enter sends.
    await page.keyboard.type('Found by keyboard');
    await page.keyboard.press('Enter');
    expect(await dialog.count()).toBe(1);
    await page.keyboard.press('Control+Enter');
    await expectText(page, '#results', /1 canceled/i);
    await page.keyboard.press(']');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('results');
    await page.keyboard.press('[');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-id'))).toBe(id);
    await page.keyboard.press('Enter');
    await expectText(page, '.job-head', id);
    await page.keyboard.press('Escape');
    expect(await page.locator('#results').count()).toBe(0);
  });

  test('a key that is turned off does nothing, and help lists all keys', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator('[data-id]').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.getByLabel(/^Local time or UTC/).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('t');
    expect(await page.getByRole('button', { name: 'Local' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('one Esc closes a dialog while the hint of one of its buttons is shown', async () => {
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(`${rowOf(id)} input[type=checkbox]`).click();
    const dialog = page.getByRole('dialog');
    for (const key of ['?', 'c']) {
      await page.keyboard.press(key);
      await dialog.waitFor();
      await dialog.getByRole('button', { name: 'Close', exact: true }).focus();
      await page.locator('.tooltip', { hasText: 'Close' }).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached', timeout: 2_000 });
    }
  });
});

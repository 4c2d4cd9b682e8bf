import type { Browser, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessFor, keyOf } from '../access/callers.ts';
import { addJob, countActions } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { expectText, findAccessibilityProblems, hasBrowser, openConsole, rowOf, startBrowser, watch, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
let jobyard: WithSandboxes;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({
    jobs: 3,
    store: openEmptyStore(),
    access: accessFor({
      reader: ['jobs:read', 'systems:read'],
      operator: ['jobs:read', 'systems:read', 'audit:read', 'jobs:cancel@kinetica'],
      supporter: ['jobs:read', 'systems:read', 'jobs:logs@aodocs'],
    }),
  });
});
afterAll(async () => {
  await browser?.close();
  await jobyard?.close();
});

const open = async (page = 'jobs?since=all') => openConsole(browser, `${jobyard.origin}/console/${page}`);

async function signIn(page: Awaited<ReturnType<typeof open>>['page'], key: string): Promise<void> {
  await page.getByLabel('API key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

describe.runIf(hasBrowser)('signing in', () => {
  test('is asked for over the page; an unknown key is said to be one', async () => {
    const { page, complaints } = await open();
    await page.getByRole('dialog', { name: 'Sign in to Jobyard' }).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await signIn(page, 'wrong');
    await expectText(page, '[role=alert]', 'Jobyard rejected this key or token.');
    await signIn(page, keyOf('operator'));
    await page.locator('[data-id]').first().waitFor();
    await expectText(page, '.account', 'key: operator');
    expect(complaints).toEqual([]);
  });

  test.each(['systems', 'audit'])('is asked for before the page %s names the scope that it needs', async (name) => {
    const { page } = await open(name);
    await page.getByRole('dialog', { name: 'Sign in to Jobyard' }).waitFor();
    await page.locator('main h1').waitFor();
    await page.locator('main .page').getByRole('status', { name: 'Loading', includeHidden: true }).waitFor();
    expect(await page.locator('main').innerText()).not.toContain('needs');
    await signIn(page, keyOf('supporter'));
    if (name === 'audit') await expectText(page, 'main', 'You can’t see this (needs audit:read).');
    else await page.locator('.system table').first().waitFor();
  });

  test('the keys are those of actions and pages that the caller may use', async () => {
    const { page } = await open();
    await signIn(page, keyOf('operator'));
    await page.locator('[data-id]').first().waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    const labels = (await dialog.locator('label span').allInnerTexts()).map((text) => text.trim());
    expect(labels).toEqual(expect.arrayContaining(['Cancel', 'Audit', 'Select the row']));
    expect(labels).not.toContain('Pause');
    expect(labels).not.toContain('Resume');
  });

  test('a late rejection of an earlier key asks for nothing', async () => {
    const { page } = await openConsole(browser, 'about:blank');
    const released = Promise.withResolvers<void>();
    const held: Promise<void>[] = [];
    // Silent, as a rejected connection would ask for a key, too: rightly, and at any time.
    await page.routeWebSocket('**/graphql', () => {});
    await page.route('**/graphql', async (route) => {
      if (route.request().headers().authorization !== 'Bearer wrong') return route.continue();
      const response = await route.fetch();
      const answer = released.promise.then(() => route.fulfill({ response }));
      held.push(answer);
      await answer;
    });
    await page.goto(`${jobyard.origin}/console/jobs?since=all`);
    await signIn(page, 'wrong');
    await expect.poll(() => held.length).toBeGreaterThan(0);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign in' }).click();
    await signIn(page, keyOf('operator'));
    await page.locator('[data-id]').first().waitFor();
    released.resolve();
    await Promise.all(held);
    // One more request and its response: the earlier ones were processed before.
    await page.locator('.top-bar nav').getByText('Bulk').click();
    await expectText(page, 'h1', 'Bulk');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('ends a connection of an earlier key that is still being opened, without an exception if that fails', async () => {
    const { page, complaints } = await openConsole(browser, 'about:blank');
    const opened: WebSocketRoute[] = [];
    // The first connection gets no response. Jobyard answers the others.
    await page.routeWebSocket('**/graphql', (socket) => {
      if (opened.push(socket) > 1) socket.connectToServer();
    });
    await page.goto(`${jobyard.origin}/console/jobs?since=all`);
    await expect.poll(() => opened.length, { timeout: 20_000 }).toBe(1);
    await signIn(page, keyOf('operator'));
    await expectText(page, '.facts', '· live');
    await opened[0]?.close({ code: 4401, reason: 'Unauthorized' });
    await page.reload();
    await expectText(page, '.facts', '· live');
    expect(complaints).toEqual([]);
  });

  test('lasts for the tab and for tabs that it opens, and ends in all of them', async () => {
    const { page, context, complaints } = await open();
    await signIn(page, keyOf('operator'));
    await page.locator('[data-id]').first().waitFor();
    await page.reload();
    await page.locator('[data-id]').first().waitFor();
    const other = await context.newPage();
    watch(other, complaints);
    await other.goto(`${jobyard.origin}/console/systems`);
    await other.locator('.system table').first().waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out in all tabs' }).click();
    for (const tab of [page, other]) await tab.getByRole('dialog', { name: 'Sign in to Jobyard' }).waitFor();
    // Nothing of the caller is left for the next one to see.
    await expect.poll(() => page.locator('[data-id]').count()).toBe(0);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('jobyard_test-key');
    expect(complaints).toEqual([]);
  });

  test('a reader is offered no action and no audit', async () => {
    const { page } = await open();
    await signIn(page, keyOf('reader'));
    await page.locator('[data-id] input[type=checkbox]').first().click();
    await expectText(page, '.action-bar', '1 selected');
    expect(await page.locator('.action-bar').innerText()).not.toMatch(/Cancel|Pause|Restart/);
    expect(await page.locator('.top-bar nav').innerText()).not.toContain('Audit');
  });

  test('a reader is offered no bulk operation, and other callers only those that they can perform', async () => {
    const reading = await open('bulk');
    await signIn(reading.page, keyOf('reader'));
    await expectText(reading.page, '.account', 'key: reader');
    await expectText(reading.page, '.bulk-main', /A bulk operation acts/);
    expect(await reading.page.getByText('New from a filter').count()).toBe(0);
    await reading.page.goto(`${jobyard.origin}/console/bulk?new=RESTART`);
    await expectText(reading.page, '.bulk-main', 'You can’t restart jobs (needs jobs:operate).');
    expect(await reading.page.getByLabel('Action').count()).toBe(0);
    const acting = await open('bulk');
    await signIn(acting.page, keyOf('operator'));
    await acting.page.getByText('New from a filter').first().click();
    await expect.poll(() => acting.page.getByLabel('Action').locator('option').allInnerTexts()).toEqual(['Cancel']);
    expect(acting.complaints).toEqual([]);
  });

  test('a bulk operation that is granted elsewhere says what it needs; a predicted failure of many shows one as an example', async () => {
    for (let each = 0; each < 2; each += 1) addJob(jobyard, 'kylin');
    const { page } = await open('bulk?new=CANCEL&since=all&status=RUNNING&system=kylin');
    await signIn(page, keyOf('operator'));
    await expectText(page, '.predicted', /\d+ will fail, for example: /);
    const button = page.locator('.start-form button', { hasText: /^Cancel \d/ });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await expectText(page, '.tooltip', 'You can’t cancel on Apache Kylin (needs jobs:cancel@kylin)');
  });

  test('an action that is granted elsewhere says what it needs, and is not sent', async () => {
    const kylin = addJob(jobyard, 'kylin');
    const kinetica = addJob(jobyard, 'kinetica');
    const { page } = await open();
    await signIn(page, keyOf('operator'));
    await page.locator(`${rowOf(kylin)} input[type=checkbox]`).click();
    const button = page.locator('.action-bar button', { hasText: 'Cancel' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await expectText(page, '.tooltip', 'needs jobs:cancel@kylin');
    await page.locator(`${rowOf(kinetica)} input[type=checkbox]`).click();
    await expectText(page, '.action-bar', 'Cancel 1 of 2');
    await button.click();
    await expectText(page, '[role=dialog]', '1 of 2 can’t be canceled and is left out');
    await page.getByLabel('Reason').fill('Denied on one');
    await page.getByRole('button', { name: 'Cancel 1 job', exact: true }).click();
    await expectText(page, '#results', /1 canceled|1 canceling/i);
    expect(countActions(jobyard, 'kylin')).toBe(0);
  });

  test('a log that the caller can’t read isn’t requested: it names the scope, or is hidden from callers without the scope on any system', async () => {
    const openJob = async (id: string, caller: string) => {
      const { page, complaints } = await open(`job?id=${encodeURIComponent(id)}`);
      const sent: string[] = [];
      page.on('request', (request) => sent.push(JSON.parse(request.postData() ?? '{}').operationName));
      await signIn(page, keyOf(caller));
      await expectText(page, '.account', `key: ${caller}`);
      return { page, complaints, sent };
    };
    const [ofAodocs, ofKylin] = [addJob(jobyard, 'aodocs'), addJob(jobyard, 'kylin')];
    const elsewhere = await openJob(ofKylin, 'supporter');
    await expectText(elsewhere.page, '[aria-label=Log]', 'You can’t read the logs of Apache Kylin (needs jobs:logs@kylin).');
    expect(await findAccessibilityProblems(elsewhere.page)).toEqual([]);
    const without = await openJob(ofAodocs, 'operator');
    await expectText(without.page, '[aria-label=Events]', /./);
    expect(await without.page.locator('[aria-label=Log]').count()).toBe(0);
    const granted = await openJob(ofAodocs, 'supporter');
    await granted.page.locator('[aria-label=Log]').getByRole('button', { name: 'Read new lines' }).waitFor();
    expect(await granted.page.locator('[aria-label=Log]').innerText()).not.toContain('needs');
    expect(granted.sent).toContain('JobLog');
    for (const { sent, complaints } of [without, elsewhere]) {
      expect(sent).toContain('JobDetails');
      expect(sent).not.toContain('JobLog');
      expect(complaints).toEqual([]);
    }
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addEndedJob, addJob, countActions, failAction, failReads } from '../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import { createUnavailableStore } from '../unavailable-store.ts';
import { expectText, hasBrowser, openConsole, rowOf, startBrowser, whyNoBrowser } from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
beforeAll(async () => {
  if (hasBrowser) browser = await startBrowser();
});
afterAll(() => browser?.close());

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 5, store: openEmptyStore(), ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** Selects these rows and cancels them, with a reason. */
async function cancelRows(page: Page, ids: readonly string[], reason = 'They read the wrong table'): Promise<void> {
  for (const id of ids) await page.locator(`${rowOf(id)} input[type=checkbox]`).click();
  await page.locator('.action-bar button', { hasText: 'Cancel' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill(reason);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Cancel \d+ jobs?$/ })
    .click();
}

describe.runIf(hasBrowser)('the page Jobs', () => {
  test('shows the jobs of all systems, keeps its filter in the address, and counts each status', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kinetica');
    const ended = addEndedJob(jobyard, 'kinetica');
    const { page, complaints, elsewhere } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(id)).waitFor();
    await expectText(page, '.list-foot', /Kinetica.*\d/s);
    for (const system of ['Kinetica', 'Kylin', 'Vault', 'AODocs']) await expectText(page, '.list-foot', system);

    await page.getByRole('button', { name: /^Running/ }).click();
    await expect.poll(() => page.locator(rowOf(ended)).count()).toBe(0);
    expect(page.url()).toContain('status=RUNNING');
    const { data } = await jobyard.query('{ jobCounts(filter: { statuses: [SUCCEEDED] }, by: []) { total { count } } }');
    await expectText(page, '.chips', new RegExp(`Succeeded\\s*${data.jobCounts.total.count}\\b`));

    await page.reload();
    await page.locator(rowOf(id)).waitFor();
    expect(await page.locator(rowOf(ended)).count()).toBe(0);
    await page.goBack();
    await page.locator(rowOf(ended)).waitFor();
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  test('ignores invalid values of the address, and removes them from it', async () => {
    const jobyard = await start();
    addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=foo&status=BOGUS&system=kylin`);
    await page.locator('[data-id]').first().waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('?system=kylin');
    expect(await page.locator('.filters').innerText()).not.toContain('foo');
    await page.goto(`${jobyard.origin}/console/jobs?since=2026-01-01`);
    await expectText(page, '.facts', /^\d+\+? created from 2026-01-01 ·/);
    await page.goto(`${jobyard.origin}/console/audit?since=foo&outcome=JOB_NOT_FOUND`);
    await expect.poll(() => new URL(page.url()).search).toBe('?outcome=JOB_NOT_FOUND');
  });

  test('announces one new job to screen readers', async () => {
    const jobyard = await start();
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await expectText(page, '.facts', '· live');
    addJob(jobyard, 'kylin');
    await expectText(page, '.live-bar', '1 new');
    await expect.poll(() => page.locator('[role=status].visually-hidden').textContent()).toBe('1 new job. Press U to update the list.');
  });

  test('orders by name, status, duration, and update, from the menu and from the heads', async () => {
    const jobyard = await start();
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator('[data-id]').first().waitFor();
    const names = () => page.locator('[data-id] .name a').evaluateAll((links) => links.map((link) => link.getAttribute('title') ?? ''));
    const isByName = async (): Promise<boolean> => {
      const shown = (await names()).map((name) => name.toLowerCase());
      return shown.length > 1 && shown.every((name, index) => index === 0 || (shown[index - 1] ?? '') <= name);
    };
    await page.getByRole('button', { name: 'Newest first' }).click();
    for (const name of ['Last updated first', 'Longest first', /^Status/, 'Name, Z to A']) {
      await page.getByRole('menuitemradio', { name }).first().waitFor();
    }
    await page.getByRole('menuitemradio', { name: 'Name, A to Z' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('order')).toBe('NAME-ASC');
    await expect.poll(isByName).toBe(true);
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('order')).toBe('NAME-DESC');
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending');
    for (const head of ['Status', 'Duration']) {
      await page.getByRole('columnheader', { name: head }).getByRole('button').click();
      await expect.poll(() => new URL(page.url()).searchParams.get('order')).toMatch(head.toUpperCase());
    }
  });

  test('cancels the selected jobs with a reason, and shows what came of each', async () => {
    const jobyard = await start();
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all&status=RUNNING`);
    for (const id of ids) await page.locator(rowOf(id)).waitFor();
    await cancelRows(page, ids);
    await expectText(page, '#results', /2 canceled/i);
    await expectText(page, '#results', 'They read the wrong table');
    // The rows say it too, and stay where they are.
    for (const id of ids) await expectText(page, rowOf(id), /Canceled|no longer matches/);
    expect(await page.locator('.action-bar').count()).toBe(0);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });

  test('shows the job that a start created, as a link', async () => {
    const jobyard = await start();
    const id = `airflow:${jobyard.sandboxes.airflow.state.addJob({ state: 'success', isFrozen: true })}`;
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(`${rowOf(id)} input[type=checkbox]`).click();
    await page.locator('.action-bar button', { hasText: 'More' }).click();
    await page.getByRole('menuitem', { name: /^Start/ }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('again');
    await page.getByRole('dialog').getByRole('button', { name: 'Start 1 job' }).click();
    await expectText(page, '#results', /Started as airflow:etl_orders\/jobyard__/);
    await page.locator('#results a', { hasText: 'jobyard__' }).click();
    await expect.poll(() => page.url()).toContain('jobyard__');
  });

  test('a dry run shows what would happen, and sends nothing', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(`${rowOf(id)} input[type=checkbox]`).click();
    await page.locator('.action-bar button', { hasText: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await expectText(page, '[role=dialog]', /Would be canceled\s*1/);
    expect(countActions(jobyard, 'kylin')).toBe(0);
  });

  test('a lost response of a system is an unknown outcome with a next step, not a failure', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kinetica');
    failAction(jobyard, 'kinetica', { kind: 'reset', applied: false }, 'always');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(id)).waitFor();
    await cancelRows(page, [id]);
    await expectText(page, '#results', 'Outcome unknown');
    await expectText(page, '#results', '1 needs attention');
    await expectText(page, rowOf(id), 'outcome unknown');
    jobyard.sandboxes.kinetica.faults.clear();
    await page
      .locator('#results')
      .getByRole('button', { name: /Retry cancel \(safe\)/ })
      .click();
    await expectText(page, '#results', /1 canceled/i);
  });

  test('a lost response of Jobyard is asked for again with the same key, so that the action is sent once', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(id)).waitFor();
    const keys: string[] = [];
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON();
      if (body.operationName !== 'CancelJobs') return route.fallback();
      keys.push(body.variables.input.idempotencyKey);
      if (keys.length > 1) return route.fallback();
      await route.fetch();
      return route.abort();
    });
    await cancelRows(page, [id]);
    await expectText(page, '#results', /1 canceled/i);
    expect(keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), keys[0]]);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });

  test('Retry, after Jobyard was away for each attempt, sends the same key, so that the action is sent once', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(id)).waitFor();
    const keys: string[] = [];
    let isAway = true;
    await page.route('**/graphql', async (route) => {
      const body = route.request().postDataJSON();
      if (body.operationName !== 'CancelJobs') return route.fallback();
      keys.push(body.variables.input.idempotencyKey);
      if (!isAway) return route.fallback();
      // The first request arrives, and its response is lost.
      if (keys.length === 1) await route.fetch();
      return route.abort();
    });
    // The console waits longer before each attempt: 27 seconds in all.
    await page.clock.install();
    await cancelRows(page, [id]);
    const retry = page.locator('#results').getByRole('button', { name: 'Retry these 1' });
    await expect
      .poll(
        async () => {
          await page.clock.runFor(5_000);
          return retry.isVisible();
        },
        { timeout: 20_000, interval: 100 },
      )
      .toBe(true);
    expect(new Set(keys)).toEqual(new Set([expect.stringMatching(/^[\da-f-]{36}$/)]));
    isAway = false;
    const attempts = keys.length;
    await retry.click();
    await expectText(page, '#results', /1 canceled/i);
    expect(keys).toHaveLength(attempts + 1);
    expect(new Set(keys).size).toBe(1);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });

  test('without a store, says that nothing was sent, and can send without a key', async () => {
    const jobyard = await start({ store: createUnavailableStore() });
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(id)).waitFor();
    await cancelRows(page, [id]);
    await expectText(page, '#results', 'Not sent');
    expect(countActions(jobyard, 'kylin')).toBe(0);
    await page.locator('#results').getByRole('button', { name: 'Send without a key' }).click();
    await expectText(page, '#results', /1 canceled/i);
    expect(countActions(jobyard, 'kylin')).toBe(1);
  });

  test('a system that is down is said at the top, and costs only its own rows; actions on it are not sent', async () => {
    const jobyard = await start();
    const onKylin = addJob(jobyard, 'kylin');
    const onAodocs = addJob(jobyard, 'aodocs');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator(rowOf(onKylin)).waitFor();
    failReads(jobyard, 'kylin', { kind: 'answer', status: 503, applied: false });
    failAction(jobyard, 'kylin', { kind: 'answer', status: 503, applied: false }, 'always');
    await page.reload();
    await expectText(page, '.notice', /Kylin is missing here/);
    await page.locator(rowOf(onAodocs)).waitFor();
    expect(await page.locator(rowOf(onKylin)).count()).toBe(0);
    await expectText(page, '.list-foot', /Kylin\s*not counted/);
    await page.getByRole('button', { name: /Leave .*Kylin out/ }).click();
    await expect.poll(() => page.locator('.notice').count()).toBe(0);
    expect(page.url()).not.toContain('system=kylin');
  });

  test('a change of a shown job appears in its row, and a new job waits for Update', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kinetica');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await expectText(page, rowOf(id), 'Running');
    const added = addJob(jobyard, 'kinetica');
    jobyard.sandboxes.kinetica.state.changeJob(id.slice('kinetica:'.length), { status: 'DONE' });
    await expectText(page, rowOf(id), 'Succeeded');
    await expectText(page, '.live-bar', '1 new');
    expect(await page.locator(rowOf(added)).count()).toBe(0);
    await page.keyboard.press('u');
    await page.locator(rowOf(added)).waitFor();
  });

  test('says that it is live, and reads the list again and again where WebSockets do not pass', async () => {
    const jobyard = await start();
    const id = addJob(jobyard, 'kinetica');
    const { page, context } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await expectText(page, '.facts', '· live');
    const blocked = await context.newPage();
    await blocked.routeWebSocket('**/graphql', (socket) => void socket.close({ code: 1011 }));
    await blocked.goto(`${jobyard.origin}/console/jobs?since=all`);
    await blocked.locator(rowOf(id)).waitFor();
    await expectText(blocked, '.facts', 'not live');
    const added = addJob(jobyard, 'kinetica');
    await expectText(blocked, '.live-bar', '1 new');
    await blocked.keyboard.press('u');
    await blocked.locator(rowOf(added)).waitFor();
  });

  test('scrolls thousands of rows, loads them as they come in sight, and says their true number', async () => {
    const jobyard = await start({ jobs: 400 });
    const { data } = await jobyard.query('{ jobCounts(by: []) { total { count precision } } }');
    expect(data.jobCounts.total).toEqual({ count: expect.any(Number), precision: 'EXACT' });
    expect(data.jobCounts.total.count).toBeGreaterThan(1_500);
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator('[data-id]').first().waitFor();
    const grid = page.getByRole('grid');
    await expect
      .poll(
        async () => {
          await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
          return grid.getAttribute('aria-rowcount');
        },
        { timeout: 30_000 },
      )
      .toBe(String(data.jobCounts.total.count + 1));
    // Only the rows in sight are in the document.
    expect(await page.locator('[data-id]').count()).toBeLessThan(80);
    const frames = await grid.evaluate(async (element) => {
      const times: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < 120; frame += 1) {
        element.scrollTop = (element.scrollHeight / 120) * frame;
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - last);
        last = performance.now();
      }
      return times.toSorted((a, b) => a - b);
    });
    // Far from 60 frames: other tests share the processor. The median shows that a row's price doesn't grow with the list.
    expect(frames[60]).toBeLessThan(100);
  });
});

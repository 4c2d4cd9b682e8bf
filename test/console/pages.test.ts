import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlBulk, startBulk, waitForEnd } from '../bulk/start-bulk.ts';
import { addJob, cancel, failAction } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';
import {
  expectText,
  findAccessibilityProblems,
  focusGuards,
  hasBrowser,
  openConsole,
  rowOf,
  startBrowser,
  whyNoBrowser,
} from './browser.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
let jobyard: WithSandboxes;
let job: string;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({ jobs: 12, store: openEmptyStore() });
  job = addJob(jobyard, 'kylin');
  await cancel(jobyard, [addJob(jobyard, 'kinetica'), 'kylin:00000000-0000-4000-8000-000000000000']);
});
afterAll(async () => {
  await browser?.close();
  await jobyard?.close();
});

/** Each page, and what shows that it has its data. */
const pages = {
  overview: { address: () => 'overview?since=7d', ready: '.number-cell' },
  jobs: { address: () => 'jobs?since=all', ready: '[data-id]' },
  job: { address: () => `job?id=${encodeURIComponent(job)}`, ready: '.fields' },
  bulk: { address: () => 'bulk?new=CANCEL&since=all&status=RUNNING', ready: '.start-form' },
  systems: { address: () => 'systems', ready: '.system table' },
  audit: { address: () => 'audit', ready: '.audit-table tr td' },
} as const;
type PageName = keyof typeof pages;

describe.runIf(hasBrowser).each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(Object.keys(pages) as PageName[])(
    'the page %s has no accessibility problem, follows its security policy, and asks no other origin',
    async (name) => {
      const { address, ready } = pages[name];
      const { page, complaints, elsewhere } = await openConsole(browser, `${jobyard.origin}/console/${address()}`, { theme });
      await page.locator(ready).first().waitFor();
      expect(await findAccessibilityProblems(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(elsewhere).toEqual([]);
    },
  );

  test('neither has the page Jobs with a dialog, with results, and on a narrow screen', async () => {
    const id = addJob(jobyard, 'kylin');
    const { page, complaints } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`, { theme });
    await page.locator(`${rowOf(id)} input[type=checkbox]`).click();
    await page.locator('.action-bar button', { hasText: 'Cancel' }).click();
    await page.getByLabel('Reason').fill('Duplicate');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel 1 job', exact: true }).click();
    await expectText(page, '#results', /1 canceled/i);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Close the results' }).click();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('neither has a page with an open menu, a condition, the keys, or a narrow table', async () => {
    const { page, complaints } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`, { theme });
    await page.locator('[data-id]').first().waitFor();
    for (const name of ['Columns', /first$/, /^Account/]) {
      await page.getByRole('button', { name }).click();
      await page.locator('.menu').waitFor();
      expect(await findAccessibilityProblems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.menu').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: /^System/ }).click();
    await page.locator('.popover').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.popover').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Follow' }).hover();
    await page.locator('.tooltip').waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('?');
    await page.locator('.tooltip', { hasText: 'Close' }).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('dialog', { name: 'Filters' }).waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.goto(`${jobyard.origin}/console/systems`);
    await page.locator('.system table').first().waitFor();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe.runIf(hasBrowser)('the other pages', () => {
  test('the focus guards of an open menu don’t keep the focus', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/jobs?since=all`);
    await page.locator('[data-id]').first().waitFor();
    const guards = page.locator(focusGuards);
    const open = async (): Promise<void> => {
      if ((await page.locator('.menu').count()) === 0) await page.getByRole('button', { name: 'Columns' }).click();
      await page.locator('.menu').waitFor();
    };
    await open();
    const count = await guards.count();
    expect(count).toBeGreaterThan(1);
    for (let index = 0; index < count; index += 1) {
      await open();
      await guards.nth(index).focus();
      await expect.poll(() => page.evaluate((selector) => document.activeElement?.matches(selector), focusGuards)).toBe(false);
    }
  });

  test('Job shows the fields and the steps, and follows a cancellation to its end', async () => {
    const id = addJob(jobyard, 'kylin');
    const { page } = await openConsole(browser, `${jobyard.origin}/console/job?id=${encodeURIComponent(id)}`);
    await expectText(page, 'h1', /./);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByLabel('Reason').fill('Runaway');
    await page.getByRole('button', { name: 'Cancel 1 job', exact: true }).click();
    await expectText(page, '.job-head', 'Canceled');
    await expectText(page, '[aria-label=Cancellation]', /Requested.*anonymous.*Runaway/s);
    await expectText(page, '[aria-label=Events]', 'Runaway');
  });

  test('Job doesn’t say that a cancellation was accepted if its response was lost, until the job proves it', async () => {
    const id = addJob(jobyard, 'kinetica');
    failAction(jobyard, 'kinetica', { kind: 'reset', applied: false }, 'always');
    await cancel(jobyard, [id]);
    jobyard.sandboxes.kinetica.faults.clear();
    const { page } = await openConsole(browser, `${jobyard.origin}/console/job?id=${encodeURIComponent(id)}`);
    await expectText(page, '[aria-label=Cancellation]', 'Not known whether it arrived');
    expect(await page.locator('[aria-label=Cancellation] .reached').allInnerTexts()).toEqual([expect.stringContaining('Requested')]);
    await cancel(jobyard, [id]);
    await expectText(page, '[aria-label=Cancellation] .reached', /Accepted.*Canceled\s*seen /s);
    expect(await page.locator('[aria-label=Cancellation]').innerText()).not.toContain('Not known');
  });

  test('Job says why there is none', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/job?id=kylin:00000000-0000-4000-8000-000000000000`);
    await expectText(page, 'main', /not found|no such job|doesn't exist/i);
  });

  test('Job shows the log page by page, by severity, and what later lines say', async () => {
    const { state } = jobyard.sandboxes.aodocs;
    const events = Array.from({ length: 250 }, (_, index) => ({
      atMs: Date.now() + index,
      severity: index === 120 ? ('ERROR' as const) : ('INFO' as const),
      message: index === 120 ? 'The <b>mailbox</b>\nis full' : `event ${index}`,
    }));
    const id = state.addJob({ libraryId: String(state.libraries[0]), status: 'IN_PROGRESS', remainingTasks: 5, events });
    const { page, complaints } = await openConsole(browser, `${jobyard.origin}/console/job?id=aodocs:${id}`);
    const lines = page.locator('[aria-label=Log] .log li');
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(200);
    await page.getByRole('button', { name: 'Load more' }).click();
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(250);
    await expectText(page, '[aria-label=Log]', 'Read new lines');
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    await expect.poll(() => lines.count(), { timeout: 20_000 }).toBe(1);
    await expectText(page, '.log', 'The <b>mailbox</b>');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('Job says that there is no log, and why it could not be read', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/job?id=${encodeURIComponent(addJob(jobyard, 'kinetica'))}`);
    await expectText(page, '[aria-label=Log]', 'The system has no log of this job.');
    const id = addJob(jobyard, 'aodocs');
    jobyard.sandboxes.aodocs.faults.add({ path: '/events/', fault: { kind: 'answer', status: 403, applied: false }, times: 'always' });
    try {
      const failing = await openConsole(browser, `${jobyard.origin}/console/job?id=${encodeURIComponent(id)}`);
      await expectText(failing.page, '[aria-label=Log]', /aodocs.*Read again/s);
    } finally {
      jobyard.sandboxes.aodocs.faults.clear();
    }
  });

  test('Bulk previews, starts on the previewed jobs after the number is typed, and shows each result', async () => {
    const ids = [addJob(jobyard, 'aodocs'), addJob(jobyard, 'aodocs')];
    const { page } = await openConsole(browser, `${jobyard.origin}/console/bulk?new=CANCEL&since=all&status=RUNNING&system=aodocs`);
    await expectText(page, '.bulk-preview', /\d+\s*match/);
    const count = (await page.locator('.bulk-preview .big').innerText()).trim();
    const button = page.getByRole('button', { name: new RegExp(`^Cancel ${count} jobs?$`) });
    await page.getByLabel('Reason').fill('Tenant closed');
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel(`Type ${count} to confirm`).fill(count);
    await button.click();
    await expectText(page, '.bulk-head', /Succeeded|Partly succeeded/);
    await expectText(page, '.bulk-list', 'Tenant closed');
    await expectText(page, '.bulk-progress', `of ${count} processed`);
    await page.getByRole('tab', { name: /^Done/ }).click();
    await expectText(page, '.items', 'Done');
    const { data } = await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }', { ids });
    expect(data.jobsByIds).toEqual([{ status: 'CANCELLED' }, { status: 'CANCELLED' }]);
  });

  test('Bulk shows what an ended operation didn’t send as not sent: neither failed nor processed', async () => {
    const ids = Array.from({ length: 6 }, () => addJob(jobyard, 'aodocs'));
    const { id } = await startBulk(jobyard, { filter: { ids }, reason: 'Ended early', maxPerSecond: 0.01 });
    await controlBulk(jobyard, 'cancelBulkOperation', id);
    const { counts } = await waitForEnd(jobyard, id);
    const { page, complaints } = await openConsole(browser, `${jobyard.origin}/console/bulk?id=${id}`);
    await expectText(page, '.bulk-progress li', `${counts.failed} not sent`);
    await expectText(page, '.bulk-progress li', '0 failed');
    await expectText(page, '.bulk-progress p', new RegExp(`^${6 - counts.failed}\\s+of 6 processed`));
    for (const bar of ['.bulk-progress', '.data', '.bulk-row[aria-current]']) {
      expect(await page.locator(`${bar} .stacked-bar .fill-not-sent`).count()).toBe(1);
      expect(await page.locator(`${bar} .stacked-bar .fill-failed`).count()).toBe(0);
    }
    await page.getByRole('tab', { name: `Not sent ${counts.failed}` }).click();
    await expect.poll(() => page.locator('.items tbody .tone-not-sent').count()).toBe(counts.failed);
    await page.getByRole('tab', { name: 'Failed 0' }).click();
    await expectText(page, '[aria-label=Items]', 'None.');
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await page.goto(`${jobyard.origin}/console/overview`);
    await expectText(page, '.panel-bulk', `${6 - counts.failed} of 6 processed · ${counts.failed} not sent`);
    expect(complaints).toEqual([]);
  });

  describe('Bulk lists what is started elsewhere', () => {
    const openBulk = async (prepare: (page: Page) => Promise<void> = async () => {}) => {
      const { page } = await openConsole(browser, 'about:blank');
      await prepare(page);
      const read = page.waitForResponse(async (response) => /"bulkOperations":/.test(await response.text().catch(() => '')));
      await page.goto(`${jobyard.origin}/console/bulk?new=CANCEL`);
      await (await read).finished();
      return page;
    };

    test('at once, and its progress, without reading the list again', async () => {
      const page = await openBulk();
      // What is read once the subscription has begun.
      await page.waitForResponse(async (response) => /"bulkOperations":/.test(await response.text().catch(() => '')));
      await page.route('**/graphql', (route) => route.abort());
      const ids = [addJob(jobyard, 'kylin'), addJob(jobyard, 'kylin')];
      await startBulk(jobyard, { filter: { ids }, reason: 'Started elsewhere' });
      await expectText(page, '.bulk-list li:first-child', /Succeeded.*Started elsewhere/s);
      expect(await page.locator('.bulk-row', { hasText: 'Started elsewhere' }).count()).toBe(1);
    });

    test('by reading the list where WebSockets do not pass', async () => {
      const page = await openBulk((opened) => opened.routeWebSocket('**/graphql', (socket) => void socket.close({ code: 1011 })));
      await startBulk(jobyard, { filter: { ids: [addJob(jobyard, 'kylin')] }, reason: 'Without WebSockets' });
      await expectText(page, '.bulk-list', /Succeeded.*Without WebSockets/s);
    });
  });

  test('Systems shows a system that is down, and why', async () => {
    jobyard.sandboxes.aodocs.faults.add({ fault: { kind: 'answer', status: 503, applied: false }, times: 'always' });
    try {
      const { page } = await openConsole(browser, `${jobyard.origin}/console/systems`);
      await expect
        .poll(
          async () => {
            await page.getByRole('button', { name: 'Check now' }).click();
            return page.locator('#system-aodocs').innerText();
          },
          { timeout: 30_000, interval: 1_000 },
        )
        .toMatch(/Down/);
      await expectText(page, '#system-aodocs .system-problem', /./);
      await expectText(page, '.top-bar nav', /Systems\s*1/);
    } finally {
      jobyard.sandboxes.aodocs.faults.clear();
    }
  });

  test('Systems shows how a system is reached, and takes its changes as they come', async () => {
    jobyard.sandboxes.aodocs.faults.clear();
    const { page } = await openConsole(browser, `${jobyard.origin}/console/systems`);
    await expectText(page, '#system-kylin .traffic', /Circuit breaker\s*Closed/);
    await expectText(page, '#system-kylin .traffic', /Credentials\s*Accepted/);
    await expectText(page, '#system-kylin .traffic', /In flight\s*\d+ of \d+/);
    await expectText(page, '#system-kylin .traffic', /median/);
    await expectText(page, '#system-kylin .traffic', /Blocked\s*nothing/);
    jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'reset', applied: false }, times: 'always' });
    try {
      for (let each = 0; each < 12; each += 1) await jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id: job });
      await expectText(page, '#system-kylin .traffic', /Circuit breaker\s*(Open|Testing)/);
    } finally {
      jobyard.sandboxes.kylin.faults.clear();
    }
    await expectText(page, '#system-kylin .traffic', /Circuit breaker\s*Closed/);
  });

  test('Overview lists the open cancellations, however many events there are', async () => {
    const stubborn = `kinetica:${jobyard.sandboxes.kinetica.state.addJob({ ignoresCancel: true })}`;
    await cancel(jobyard, [stubborn]);
    await cancel(
      jobyard,
      Array.from({ length: 120 }, () => addJob(jobyard, 'kylin')),
    );
    const { page } = await openConsole(browser, `${jobyard.origin}/console/overview?since=7d`);
    await expectText(page, '.tiles', /[1-9]\d*\s*cancellations? open/);
    const panel = page.getByRole('region', { name: 'Open cancellations' });
    await panel.locator(`a[href*="${encodeURIComponent(stubborn)}"]`).waitFor();
  });

  test('Overview lists failures by their end, or by creation if the system has no ends, and says which', async () => {
    const nowMs = Date.now();
    const minuteMs = 60_000;
    const addFailed = (subject: string, createdMinutes: number, endedMinutes: number): void => {
      const times = { createTime: nowMs - createdMinutes * minuteMs, endTime: nowMs - endedMinutes * minuteMs };
      jobyard.sandboxes.kylin.state.addJob({ state: 'ERROR', subject, startTime: times.createTime, ...times });
    };
    addFailed('failed_early', 3, 2);
    addFailed('failed_late', 3 * 24 * 60, 0);
    const endless = jobyard.sandboxes.kinetica.state.addJob({ status: 'ERROR', running: false, receivedAtMs: nowMs - minuteMs });
    const { page } = await openConsole(browser, `${jobyard.origin}/console/overview`);
    const panel = page.getByRole('region', { name: 'Recent failures' });
    const shown = () =>
      panel
        .locator('li')
        .evaluateAll(
          (rows, parts) => rows.flatMap((row) => parts.find((part) => row.innerHTML.includes(part)) ?? []),
          ['failed_early', 'failed_late', endless],
        );
    await expect.poll(shown, { timeout: 20_000 }).toEqual(['failed_late', endless, 'failed_early']);
    expect(await panel.locator('li', { has: page.locator(`a[href*="${endless}"]`) }).innerText()).toContain('created');
    await expectText(page, '.tiles', /failed\s*created in the last 24 h/);
  });

  test('Audit filters, unfolds, and exports as CSV and JSON lines', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/audit?outcome=JOB_NOT_FOUND`);
    await expectText(page, '.audit-table tbody', 'Not found');
    expect(await page.locator('.audit-table tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Details' }).click();
    await expectText(page, '.event-details', 'JOB_NOT_FOUND');
    const exportAs = async (format: string): Promise<string> => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format }).click()]);
      return readFile(await download.path(), 'utf8');
    };
    expect((await exportAs('CSV')).split('\n')).toEqual([
      expect.stringMatching(/^id,recordedAt/),
      expect.stringContaining('JOB_NOT_FOUND'),
      '',
    ]);
    expect(JSON.parse(await exportAs('JSON lines'))).toMatchObject({ outcome: 'JOB_NOT_FOUND', action: 'CANCEL' });
  });

  test('Audit shows who did what to which job, and its result, on a narrow screen without scrolling sideways', async () => {
    const viewport = { width: 390, height: 844 };
    const { page } = await openConsole(browser, `${jobyard.origin}/console/audit?outcome=JOB_NOT_FOUND`, { viewport });
    const event = page.locator('.audit-table tbody tr').first();
    await expectText(page, '.audit-table tbody', 'Not found');
    const parts = [/^\d\d:\d\d:\d\d|\d [A-Z]/, 'anonymous', 'Cancel', 'kylin', 'Not found'];
    for (const text of parts) {
      const box = await event.locator('td', { hasText: text }).first().boundingBox();
      expect(box && box.width > 0 && box.x >= 0 && box.x + box.width <= viewport.width, String(text)).toBe(true);
    }
    const overflow = () =>
      page.evaluate(() => [...document.querySelectorAll('.audit-table, main, html')].map((one) => one.scrollWidth - one.clientWidth));
    expect(await overflow()).toEqual([0, 0, 0]);
    await page.getByRole('button', { name: 'Details' }).click();
    await expectText(page, '.event-details', 'Request');
    expect(await overflow()).toEqual([0, 0, 0]);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('Overview counts by status and system, and each number opens its jobs', async () => {
    const { page } = await openConsole(browser, `${jobyard.origin}/console/overview?since=7d`);
    await page.locator('.number-cell').first().waitFor();
    const cell = page.getByRole('link', { name: /^Succeeded on Apache Kylin/ });
    const count = (await cell.innerText()).trim();
    await cell.click();
    await expectText(page, '.facts', new RegExp(`^${count} of`));
    expect(page.url()).toContain('/console/jobs?system=kylin&status=SUCCEEDED');
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as, keyOf } from '../access/callers.ts';
import { type ConsoleOptions, findAccessibilityProblems, hasBrowser, openConsole, startBrowser, whyNoBrowser } from '../console/browser.ts';
import { startPrefixProxy } from '../prefix-proxy.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

test.skipIf(hasBrowser)(whyNoBrowser, () => {});

let browser: Browser;
let jobyard: WithSandboxes;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await startBrowser();
  jobyard = await startWithSandboxes({ jobs: 20 });
});
afterAll(async () => {
  await browser?.close();
  await jobyard?.close();
});

const queryEditor = '.graphiql-query-editor .monaco-editor';

async function openPlayground(url: string, options?: ConsoleOptions) {
  const opened = await openConsole(browser, url, options);
  await opened.page.locator(queryEditor).first().waitFor();
  return opened;
}

/** Replaces the text of an editor. */
async function type(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(editor).first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Types and runs an operation with this name. */
async function run(page: Page, name: string, operation: string): Promise<void> {
  await type(page, queryEditor, operation);
  // GraphiQL reads the typed text a moment later: before that, it would run the previous operation.
  await page.locator('.graphiql-tab', { hasText: name }).waitFor();
  await page.locator('.graphiql-execute-button').click();
}

async function expectResult(page: Page, text: string): Promise<void> {
  // The editor breaks long lines.
  const read = async (): Promise<string> => (await page.locator('.result-window').innerText()).replaceAll(/\s/g, '');
  await expect.poll(read, { timeout: 20_000 }).toContain(text.replaceAll(/\s/g, ''));
}

/** The operations in the history, newest first. */
const readHistory = (page: Page): Promise<string[]> => page.locator('.graphiql-history-item-label').allInnerTexts();
const showHistory = (page: Page): Promise<void> => page.getByRole('button', { name: 'Show History' }).click();
const stored = (page: Page, area: 'localStorage' | 'sessionStorage'): Promise<string> =>
  page.evaluate((name) => JSON.stringify(globalThis[name]), area);

/** The bytes of each file that the page loaded: `transferSize` is 0 if it came from the cache. */
const readTransfers = (page: Page): Promise<{ name: string; transferSize: number; encodedBodySize: number }[]> =>
  page.evaluate(() => {
    const entries = performance.getEntriesByType('resource').filter((entry) => entry instanceof PerformanceResourceTiming);
    const files = entries.filter(({ name }) => name.includes('/playground/'));
    return files.map(({ name, transferSize, encodedBodySize }) => ({ name, transferSize, encodedBodySize }));
  });

describe.runIf(hasBrowser)('the playground in a browser', () => {
  test.each(['/', '/playground'])('at %s runs a query, and sends nothing to another host', async (path) => {
    const { page, elsewhere, complaints } = await openPlayground(jobyard.origin + path);
    await run(page, 'TypedHere', 'query TypedHere { jobs(first: 5) { nodes { id name } complete } }');
    const { data } = await jobyard.query('{ jobs(first: 5) { nodes { id } } }');
    for (const { id } of data.jobs.nodes) await expectResult(page, id);
    // Monaco's workers have the schema.
    await page.locator(queryEditor).first().click();
    await type(page, queryEditor, 'query Misspelled { jobz { complete } }');
    await page.locator(`${queryEditor} .squiggly-error`).first().waitFor();
    expect(page.workers().map((worker) => new URL(worker.url()).origin)).toContain(jobyard.origin);
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('keeps the history of operations through a reload, until it is cleared', async () => {
    const { page, complaints } = await openPlayground(jobyard.origin);
    await run(page, 'FirstOfTwo', 'query FirstOfTwo { jobs(first: 1) { complete } }');
    await expectResult(page, '"complete": true');
    await run(page, 'SecondOfTwo', 'query SecondOfTwo { jobs(first: 2) { complete } }');
    await showHistory(page);
    await expect.poll(() => readHistory(page)).toEqual(['SecondOfTwo', 'FirstOfTwo']);
    await page.reload();
    await expect.poll(() => readHistory(page)).toEqual(['SecondOfTwo', 'FirstOfTwo']);
    const readEditor = (): Promise<string> => page.locator(queryEditor).first().innerText();
    // The history is there before the editor, which has to be there to get the operation.
    await expect.poll(readEditor).toContain('SecondOfTwo');
    await page.locator('.graphiql-history-item-label', { hasText: 'FirstOfTwo' }).click();
    await expect.poll(readEditor).toContain('FirstOfTwo');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => readHistory(page)).toEqual([]);
    await page.reload();
    await page.locator('.graphiql-history').waitFor();
    expect(await readHistory(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('loads at most 1,250 kB on the first visit, and no file again', async () => {
    // Not openConsole: to intercept requests turns the cache off.
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    const visit = async (): Promise<void> => {
      await page.goto(jobyard.origin);
      await page.locator('.graphiql-query-editor .mtk1').first().waitFor();
      // The last that the page asks for.
      await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(3);
    };
    await visit();
    const first = await readTransfers(page);
    expect(first.filter(({ transferSize }) => transferSize > 0).length).toBeGreaterThan(10);
    // Two editors load the same worker.
    const sizes = new Map(first.map(({ name, encodedBodySize }) => [name, encodedBodySize]));
    expect(sizes.values().reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(1_250_000);
    await page.goto('about:blank');
    await visit();
    const second = await readTransfers(page);
    expect(second.length).toBeGreaterThan(10);
    expect(second.filter(({ transferSize }) => transferSize > 0)).toEqual([]);
  });

  test('works behind a prefix, with subscriptions', async () => {
    const proxy = await startPrefixProxy(jobyard.origin);
    onTestFinished(proxy.close);
    for (const path of ['/', '/playground']) {
      const { page, elsewhere, complaints } = await openPlayground(proxy.origin + path);
      const vendorId = jobyard.sandboxes.kinetica.state.addJob();
      await run(page, 'TypedHere', `subscription TypedHere { jobsChanged(ids: ["kinetica:${vendorId}"]) { id status } }`);
      await expectResult(page, 'RUNNING');
      jobyard.sandboxes.kinetica.state.changeJob(vendorId, { status: 'DONE' });
      await expectResult(page, 'SUCCEEDED');
      expect([elsewhere, complaints]).toEqual([[], []]);
    }
  });

  test('says that a subscription needs WebSockets, if a proxy blocks them', async () => {
    const proxy = await startPrefixProxy(jobyard.origin, { passesWebSockets: false });
    onTestFinished(proxy.close);
    const { page } = await openPlayground(`${proxy.origin}/`);
    await run(page, 'Blocked', 'subscription Blocked { jobSystemsChanged { id } }');
    await expectResult(page, 'Subscriptions need a proxy that lets WebSockets through.');
  });

  test('names the setting that hides the schema', async () => {
    const hidden = await startWithSandboxes({ jobs: 1, systems: ['kylin'], limits: { introspection: false } });
    onTestFinished(() => hidden.close());
    const { page } = await openPlayground(hidden.origin);
    await expectResult(page, 'Introspection is off (limits.introspection)');
  });

  test.each(['light', 'dark'] as const)('adds no barrier to those of GraphiQL in the %s theme', async (theme) => {
    const { page } = await openPlayground(jobyard.origin, { theme });
    await run(page, 'TypedHere', 'query TypedHere { jobs(first: 1) { complete } }');
    await expectResult(page, '"complete": true');
    await showHistory(page);
    await page.locator('.graphiql-history-item-label').waitFor();
    // Of GraphiQL: tabs contain their buttons, and an item of the history is named "Set active".
    const rules = (await findAccessibilityProblems(page)).map((problem) => problem.replace(/:.*/s, ''));
    expect(rules).toEqual(['label-content-name-mismatch', 'nested-interactive']);
  });
});

describe.runIf(hasBrowser)('the playground of a Jobyard with access control', () => {
  let closed: WithSandboxes;
  beforeAll(async () => {
    closed = await startWithSandboxes({ jobs: 2, systems: ['kinetica'], access: accessFor({ operator: ['jobs:read'] }) });
  });
  afterAll(() => closed?.close());

  const headerEditor = '.monaco-editor[data-uri$="request-headers.json"]';

  async function openWithKey() {
    const opened = await openPlayground(closed.origin);
    await opened.page.getByRole('button', { name: 'Headers' }).click();
    await type(opened.page, headerEditor, JSON.stringify(as('operator')));
    return opened;
  }

  test('sends the typed headers with queries and subscriptions', async () => {
    const { page, complaints } = await openWithKey();
    await run(page, 'Counted', 'query Counted { jobs(first: 1) { complete } }');
    await expectResult(page, '"complete": true');
    const vendorId = closed.sandboxes.kinetica.state.addJob();
    await run(page, 'Watched', `subscription Watched { jobsChanged(ids: ["kinetica:${vendorId}"]) { id status } }`);
    await expectResult(page, 'RUNNING');
    expect(complaints).toEqual([]);
  });

  test('keeps the typed headers in the tab of the browser, and out of what outlives it: history and open tabs', async () => {
    const { page } = await openWithKey();
    await run(page, 'Kept', 'query Kept { jobs(first: 1) { complete } }');
    await expectResult(page, '"complete": true');
    await showHistory(page);
    await expect.poll(() => readHistory(page)).toEqual(['Kept']);
    await page.locator('.graphiql-history-item button[aria-label="Add favorite"]').click();
    await expect.poll(() => stored(page, 'localStorage')).toContain('favorites');
    const storedText = await stored(page, 'localStorage');
    expect(storedText).toContain('query Kept');
    expect(storedText).not.toContain(keyOf('operator'));
    await expect.poll(() => stored(page, 'sessionStorage')).toContain(keyOf('operator'));

    await page.reload();
    await page.locator(queryEditor).first().waitFor();
    await page.locator('.graphiql-history-item-label', { hasText: 'Kept' }).click();
    await page.locator('.graphiql-execute-button').click();
    await expectResult(page, '"complete": true');
    await page.getByRole('button', { name: 'Headers' }).click();
    await expect.poll(() => page.locator(headerEditor).innerText()).toContain('Bearer');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

const browserPath = '/usr/bin/chromium';

export const hasBrowser = existsSync(browserPath);
export const whyNoBrowser = `skipped: there is no browser at ${browserPath} (apt-get install chromium)`;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

export interface ConsoleOptions {
  theme?: 'light' | 'dark';
  viewport?: { width: number; height: number };
}

export interface ConsolePage {
  page: Page;
  context: BrowserContext;
  /** Addresses other than loopback that the page asked for; they were blocked. */
  elsewhere: string[];
  /** Violations of the content security policy, and exceptions of the page. */
  complaints: string[];
}

/** Opens a page of the console in a context of its own, which ends with the test. */
export async function openConsole(browser: Browser, url: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
  const { theme = 'light', viewport = { width: 1440, height: 900 } } = options;
  const context = await browser.newContext({ colorScheme: theme, viewport, reducedMotion: 'reduce' });
  onTestFinished(() => context.close());
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  await context.route('**/*', (route) => {
    if (new URL(route.request().url()).hostname === '127.0.0.1') return route.continue();
    elsewhere.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  watch(page, complaints);
  await page.goto(url);
  return { page, context, elsewhere, complaints };
}

/** Collects what a page complains about, other than requests that failed, which the tests cause. */
export function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) complaints.push(message.text());
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Elements at both ends of a popup that move the focus elsewhere when they get it. They are hidden from screen readers but focusable, which axe reports
 * (https://github.com/dequelabs/axe-core/issues/4832), and which is right for elements that don't keep the focus
 * (https://www.w3.org/WAI/standards-guidelines/act/rules/6cfa84/, Passed Example 4). A test shows that these don't.
 */
export const focusGuards = '[data-base-ui-focus-guard]';

/** What axe finds, with all its rules: one line per rule, with the first place. */
export async function findAccessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (excluded) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself into the page
    const { violations } = await (globalThis as any).axe.run(
      { exclude: [[excluded]] },
      { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    );
    // biome-ignore lint/suspicious/noExplicitAny: as axe returns it
    return violations.map(({ id, nodes }: any) => `${id}: ${nodes.length} × ${nodes[0].html.slice(0, 300)} ${nodes[0].failureSummary}`);
  }, focusGuards);
}

/** Waits until the text of the element matches. */
export async function expectText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  const read = async (): Promise<string> => (await page.locator(selector).allInnerTexts()).join('\n');
  if (typeof text === 'string') await expect.poll(read, { timeout: 20_000 }).toContain(text);
  else await expect.poll(read, { timeout: 20_000 }).toMatch(text);
}

/** The row of a job in the list. */
export const rowOf = (id: string): string => `[data-id="${id}"]`;

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOperations } from '../../src/graphql/example-operations.ts';
import { followOverWebSocket } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

const browserPath = '/usr/bin/chromium';

describe('the playground', () => {
  let jobyard: WithSandboxes;
  beforeAll(async () => {
    jobyard = await startWithSandboxes({ store: openEmptyStore() });
  });
  afterAll(() => jobyard.close());

  test.each(['/', '/playground'])('is a small page at %s, which browsers ask for again, and whose files they keep', async (path) => {
    const response = await fetch(jobyard.origin + path);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    const page = await response.text();
    expect(page.length).toBeLessThan(5_000);
    expect(page).not.toMatch(/<script>|<style>|(?:src|href)="(?!playground\/)/);
    const again = await fetch(jobyard.origin + path, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);

    const addresses = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, address = '']) => new URL(address, jobyard.origin + path));
    expect(addresses.map(({ pathname }) => pathname.replace(/.*\./, ''))).toEqual(expect.arrayContaining(['js', 'css', 'ico']));
    for (const address of addresses) {
      const file = await fetch(address);
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toContain('immutable');
      expect(file.headers.get('content-encoding')).toBe('gzip');
      const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(Buffer.from(await plain.arrayBuffer()).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
    }
  });

  test.each(['/playground/nothing.js', '/playground/../package.json', '/playground/%2e%2e/package.json', '/playground/'])(
    'has no file %s',
    async (path) => {
      expect((await fetch(jobyard.origin + path)).status).toBe(404);
    },
  );

  const isSubscription = (query: string): boolean => /^subscription /m.test(query);
  const requests = exampleOperations.filter(({ query }) => !isSubscription(query));

  test.each(requests.map(({ query, variables }) => [/(query|mutation) (\w+)/.exec(query)?.[2], query, variables]))(
    'its example %s runs',
    async (_name, query, variables) => {
      const { data, errors } = await jobyard.query(String(query), variables ? JSON.parse(String(variables)) : {});
      expect(errors).toBeUndefined();
      expect(data).toBeTruthy();
    },
  );

  test('its example of a subscription starts', async () => {
    const [{ query = '' } = {}] = exampleOperations.filter((operation) => isSubscription(operation.query));
    const { answer, stop } = followOverWebSocket(jobyard.origin, query);
    expect((await answer(1)).data.jobListChanged).toMatchObject({ __typename: 'JobListPage', page: { complete: true } });
    stop();
  });

  test.runIf(existsSync(browserPath))(
    'in a browser: a query is typed and run, and the rows are seen; nothing but loopback is asked',
    async () => {
      const browser: Browser = await chromium.launch({
        executablePath: browserPath,
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
      try {
        const page = await browser.newPage();
        const elsewhere: string[] = [];
        const complaints: string[] = [];
        await page.route('**/*', (route) => {
          const { hostname, protocol } = new URL(route.request().url());
          if (hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:') return route.continue();
          elsewhere.push(route.request().url());
          return route.abort();
        });
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        await page.goto(jobyard.origin);
        const editor = page.locator('.graphiql-query-editor .monaco-editor').first();
        await editor.waitFor();
        await editor.click();
        await page.keyboard.press('Control+A');
        await page.keyboard.press('Delete');
        await page.keyboard.insertText('query NewestJobs { jobs(first: 5) { nodes { id name } complete } }');
        await page.locator('.graphiql-execute-button').click();
        const answer = page.locator('.result-window');
        await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toContain('"complete"');
        const { data } = await jobyard.query('{ jobs(first: 5) { nodes { id } } }');
        // The editor breaks long lines.
        const shown = (await answer.textContent())?.replaceAll(/\s/g, '');
        for (const { id } of data.jobs.nodes) expect(shown).toContain(id);
        expect(elsewhere).toEqual([]);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );

  test.runIf(existsSync(browserPath))('in a browser, receives a subscription until the job ends', async () => {
    const browser: Browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      const vendorId = jobyard.sandboxes.kinetica.state.addJob();
      await page.goto(jobyard.origin);
      const editor = page.locator('.graphiql-query-editor .monaco-editor').first();
      await editor.waitFor();
      await editor.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(`subscription TypedHere { jobsChanged(ids: ["kinetica:${vendorId}"]) { id status } }`);
      // GraphiQL reads the typed text a moment later: before that, it would run the previous operation.
      await page.locator('.graphiql-tab', { hasText: 'TypedHere' }).waitFor();
      await page.locator('.graphiql-execute-button').click();
      const answer = page.locator('.result-window');
      await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toContain('RUNNING');
      jobyard.sandboxes.kinetica.state.changeJob(vendorId, { status: 'DONE' });
      await expect.poll(() => answer.textContent(), { timeout: 15_000 }).toContain('SUCCEEDED');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test.runIf(existsSync(browserPath))('in a browser, names the setting that hides the schema', async () => {
    const hidden = await startWithSandboxes({ jobs: 1, systems: ['kylin'], limits: { introspection: false } });
    const browser: Browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      await page.goto(hidden.origin);
      const answer = page.locator('.result-window');
      await expect.poll(() => answer.textContent().catch(() => ''), { timeout: 30_000 }).toContain('limits.');
      expect((await answer.textContent())?.replaceAll(/\s/g, '')).toContain('Introspectionisoff(limits.introspection)');
    } finally {
      await browser.close();
      await hidden.close();
    }
  });

  test.skipIf(existsSync(browserPath))(`skipped in a browser: there is none at ${browserPath} (apt-get install chromium)`, () => {});
});

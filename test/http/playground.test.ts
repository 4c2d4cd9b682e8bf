import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exampleOperations } from '../../src/graphql/example-operations.ts';
import { createPlaygroundFiles } from '../../src/http/playground.ts';
import { followOverWebSocket } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openEmptyStore } from '../store.ts';

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
    expect(policy).toContain("worker-src 'self';");
    const page = await response.text();
    expect(page.length).toBeLessThan(5_000);
    expect(page).not.toMatch(/<script>|<style>|(?:src|href)="(?!\.\/playground\/)/);
    const again = await fetch(jobyard.origin + path, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);

    const addresses = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, address = '']) => new URL(address, jobyard.origin + path));
    expect(addresses.map(({ pathname }) => pathname.replace(/.*\./, ''))).toEqual(expect.arrayContaining(['js', 'css', 'svg']));
    for (const address of addresses) {
      const file = await fetch(address);
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toContain('immutable');
      const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      const body = Buffer.from(await plain.arrayBuffer());
      for (const coding of ['gzip', 'br']) {
        const coded = await fetch(address, { headers: { 'accept-encoding': coding } });
        expect(coded.headers.get('content-encoding')).toBe(coding);
        expect(Buffer.from(await coded.arrayBuffer()).equals(body)).toBe(true);
      }
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

  test('that is not built says how to build it', async () => {
    expect(createPlaygroundFiles({ folder: pathToFileURL('/nowhere/'), isEnabled: true }).missing).toBe(
      "The playground isn't built: run npm run build:playground in the checkout, and restart Jobyard.",
    );
    expect(createPlaygroundFiles({ folder: pathToFileURL('/nowhere/'), isEnabled: false }).missing).toBeNull();
  });

  test('that is turned off is gone', async () => {
    const without = await startWithSandboxes({ jobs: 1, server: { playground: false } });
    onTestFinished(() => without.close());
    for (const path of ['/', '/playground', '/playground/index.js']) {
      const response = await fetch(without.origin + path);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('server.playground');
    }
  });
});

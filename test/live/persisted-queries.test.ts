import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 3 });
});
afterAll(() => jobyard.close());

const hashOnly = (query: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } },
});

function send(method: string, accept: string, body: { query?: string; extensions?: object }): Promise<Response> {
  if (method === 'POST') {
    const headers = { 'content-type': 'application/json', accept };
    return fetch(`${jobyard.origin}/graphql`, { method, headers, body: JSON.stringify(body) });
  }
  const search = new URLSearchParams({ extensions: JSON.stringify(body.extensions) });
  return fetch(`${jobyard.origin}/graphql?${search}`, { headers: { accept, 'apollo-require-preflight': '1' } });
}

const both = 'application/json, text/event-stream';

test.each([
  ['GET', 'text/event-stream'],
  ['GET', both],
  ['POST', 'text/event-stream'],
  ['POST', both],
])(
  '%s with accept "%s" and only a hash opens the event stream of a known subscription, and reports an unknown hash',
  async (method, accept) => {
    const query = `subscription { jobsChanged(ids: ["kinetica:1"]) { id } } # ${method} ${accept}`;
    const unknown = await send(method, accept, hashOnly(query));
    expect(unknown.status).toBe(200);
    expect(await unknown.text()).toContain('"PERSISTED_QUERY_NOT_FOUND"');

    const first = await send('POST', 'text/event-stream', { query, ...hashOnly(query) });
    const expected = await first.text();
    expect(expected).toContain('event: complete');
    const known = await send(method, accept, hashOnly(query));
    expect(known.headers.get('content-type')).toContain('text/event-stream');
    expect(await known.text()).toBe(expected);
  },
);

test('rejects a GET with only the hash of a mutation, for any Accept header', async () => {
  const query = 'mutation { cancelJobs(input: { ids: ["kinetica:1"] }) { __typename } }';
  await (await send('POST', 'application/json', { query, ...hashOnly(query) })).text();
  const response = await send('GET', 'text/event-stream', hashOnly(query));
  expect(response.status).toBe(405);
});

test.each(['image/png', 'application/json;version=2', 'text/html'])(
  'a mutation with accept "%s" is answered with its result',
  async (accept) => {
    const query = 'mutation { cancelJobs(input: { ids: ["kinetica:1"] }) { __typename } }';
    const response = await send('POST', accept, { query });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect((await response.json()).data.cancelJobs.__typename).toEqual(expect.any(String));
  },
);

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openRawSocket } from '../live/clients.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

const lines: { level: number; msg: string }[] = [];
let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 3, log: (line) => void lines.push(JSON.parse(line)) });
});
afterAll(() => jobyard.close());
// Nothing that a caller sends is a bug.
afterEach(() => expect(lines.splice(0).filter(({ level }) => level >= 40)).toEqual([]));

const query = '{ __typename }';
const hash = createHash('sha256').update(query).digest('hex');
const persisted = (persistedQuery: unknown) => ({ extensions: { persistedQuery } });

interface Answer {
  status: number | null;
  errors: { message: string; extensions: { code: string } }[];
}

/** Null: the transport has no place for such a request. A WebSocket that closes is an error with the code of its close. */
const transports: Record<string, (body: Record<string, unknown>) => Promise<Answer | null>> = {
  async post(body) {
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, errors: (await response.json()).errors ?? [] };
  },
  async get(body) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) {
      const isText = name === 'query' || name === 'operationName';
      // A URL has no halves of surrogate pairs.
      if (isText && !(typeof value === 'string' && value.isWellFormed())) return null;
      search.set(name, isText ? String(value) : JSON.stringify(value));
    }
    const headers = { 'apollo-require-preflight': '1', accept: 'application/graphql-response+json' };
    const response = await fetch(`${jobyard.origin}/graphql?${search}`, { headers });
    return { status: response.status, errors: (await response.json()).errors ?? [] };
  },
  async 'event-stream'(body) {
    const response = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.status === 200 ? (/^data: (.+)$/m.exec(text)?.[1] ?? '{}') : text;
    return { status: response.status === 200 ? null : response.status, errors: JSON.parse(json).errors ?? [] };
  },
  async websocket(body) {
    const raw = await openRawSocket(jobyard.origin);
    await raw.next('connection_ack');
    raw.send({ id: 'a', type: 'subscribe', payload: body });
    const closed = raw.closed.then(({ code, reason }) => [{ message: reason, extensions: { code: String(code) } }]);
    const refused = raw.next('error', 'a').then(({ payload }): Answer['errors'] => payload);
    const answered = raw.next('next', 'a').then(({ payload }): Answer['errors'] => payload.errors ?? []);
    for (const each of [refused, answered]) each.catch(() => {});
    const errors = await Promise.race([closed, refused, answered]);
    return { status: null, errors };
  },
};

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
const list = 'query ($first: Int) { jobs(first: $first) { complete } }';

describe.each(Object.keys(transports))('over %s, a malformed request is no bug', (transport) => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'the hash of another text',
      { query, ...persisted({ version: 1, sha256Hash: '0'.repeat(64) }) },
      /sha256Hash: expected the SHA-256 of the query/,
    ],
    [
      'a hash that is none',
      { query, ...persisted({ version: 1, sha256Hash: 'abc' }) },
      /sha256Hash: expected the SHA-256 of the query as 64/,
    ],
    ['a hash that is an object', persisted({ version: 1, sha256Hash: { toString: 1 } }), /sha256Hash: expected|4400/],
    ['no hash', { query, ...persisted({ version: 1 }) }, /sha256Hash: expected/],
    ['another version', { query, ...persisted({ version: 2, sha256Hash: hash }) }, /version: expected 1, got 2/],
    ['a version that is a text', { query, ...persisted({ version: '1', sha256Hash: hash }) }, /version: expected 1, got text/],
    ['a persisted query that is a list', { query, ...persisted([]) }, /persistedQuery: expected an object, got a list/],
    ['a persisted query that is a number', { query, ...persisted(1) }, /persistedQuery: expected an object, got a number/],
    ['a hash that is not known', persisted({ version: 1, sha256Hash: '1'.repeat(64) }), /PersistedQueryNotFound|4400/],
    ['a documentId', { documentId: 'abc' }, /documentId: no manifest|4400/],
    ['an id of a document', { id: 'abc', operationName: 'A' }, /non-empty `query`|4400/],
    ['an empty query', { query: '' }, /non-empty `query`/],
    ['a query that is a list', { query: [query] }, /query: expected|4400/],
    ['half of a surrogate pair', { query: '{ job(id: "\ud800") { __typename } }' }, /half of a surrogate pair|Syntax Error|expected text/],
    ['variables that are a list', { query, variables: [] }, /variables: expected an object, got a list|4400/],
    ['variables that are text', { query, variables: '{}' }, /variables: expected an object, got text|4400/],
    ['variables that are false', { query, variables: false }, /variables: expected an object, got a boolean|4400/],
    ['extensions that are a list', { query, extensions: [] }, /extensions: expected an object, got a list|4400/],
    ['extensions that are text', { query, extensions: 'x' }, /extensions: expected an object, got text|4400/],
    ['an operationName that is a number', { query, operationName: 7 }, /operationName: expected text, got a number|4400/],
    ['an operationName that is not there', { query, operationName: 'B' }, /Unknown operation named "B"/],
    ['an empty operationName', { query: 'query A { __typename } query B { __typename }', operationName: '' }, /operation/],
    ['an operationName of Object.prototype', { query, operationName: '__proto__' }, /Unknown operation/],
    ['variables of 200 levels', { query, variables: { a: deep(200) } }, /at most 100 levels of nested|4400/],
    ['a huge integer', { query: list, variables: { first: 1e308 } }, /got invalid value/],
    ['a huge integer in the document', { query: `{ jobs(first: ${'9'.repeat(400)}) { complete } }` }, /Int cannot represent/],
    ['a number with a fraction', { query: list, variables: { first: 0.5 } }, /got invalid value/],
    ['an object for a number', { query: list, variables: JSON.parse('{"first":{"__proto__":{"a":1}}}') }, /got invalid value/],
    [
      'the half of a surrogate pair in an id',
      { query: 'query ($id: ID!) { bulkOperation(id: $id) { id } }', variables: { id: '\ud800' } },
      /half of a surrogate pair/,
    ],
    [
      'a NUL in a filter',
      {
        query: 'query ($f: JobFilter!) { previewBulkAction(action: CANCEL, filter: $f) { matchedCount } }',
        variables: { f: { text: '\0' } },
      },
      /NUL/,
    ],
    ['a cursor of nothing', { query: 'query ($a: String) { jobs(after: $a) { complete } }', variables: { a: '' } }, /not a cursor/],
    [
      'a date beyond all',
      { query: 'query ($f: JobFilter) { jobs(filter: $f) { complete } }', variables: { f: { createdFrom: '999999-01-01T00:00:00Z' } } },
      /DateTime|date/i,
    ],
    ['waiting without end', { query: '{ waitForJobs(ids: ["kinetica:1"], timeoutSeconds: 1e300) { reached } }' }, /timeoutSeconds/],
    ['no reason', { query: '{ __typename @skip }' }, /skip/],
    ['defer', { query: '{ ... @defer { __typename } }' }, /defer/],
  ])('%s', async (_what, body, message) => {
    const answer = await transports[transport]?.(body);
    if (!answer) return;
    expect(answer.errors.map((error) => `${error.message} ${error.extensions.code}`).join('\n')).toMatch(message);
    for (const { extensions } of answer.errors) expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    if (answer.status !== null) expect(answer.status).toBeLessThan(500);
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'a variable called __proto__',
      { query: 'query ($__proto__: Int) { jobs(first: $__proto__) { complete } }', variables: JSON.parse('{"__proto__": 1}') },
    ],
    ['an alias called __proto__', { query: '{ __proto__: __typename constructor: __typename }' }],
    ['undeclared variables', { query, variables: JSON.parse('{"constructor": {"prototype": 1}}') }],
    ['extensions of others', { query, extensions: { tracing: { version: 1 }, persistedQuery: null } }],
    ['nulls', { query, variables: null, operationName: null, extensions: null }],
    ['the right hash', { query, ...persisted({ version: 1, sha256Hash: hash }) }],
  ])('%s is served', async (_what, body) => {
    const answer = await transports[transport]?.(body);
    if (answer) expect(answer.errors).toEqual([]);
  });
});

test('a GET accepts each parameter once', async () => {
  const headers = { 'apollo-require-preflight': '1' };
  for (const search of ['query={a}&query={b}', 'query={a}&variables={}&variables={}', 'query={a}&variables={', 'query={a}&extensions=[[']) {
    const response = await fetch(`${jobyard.origin}/graphql?${search}`, { headers });
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  }
});

import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import type { Limits } from '../../src/server/limits.ts';
import { accessFor, as } from '../access/callers.ts';
import { load, mistakesIn, withSystem } from '../config/load.ts';
import { addJob, countActions } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

type Body = { query: string; variables?: Record<string, unknown>; operationName?: string };

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

const start = async (limits: Partial<Limits>, options: Parameters<typeof startWithSandboxes>[0] = {}) => {
  const started = await startWithSandboxes({ jobs: 3, limits, ...options });
  onTestFinished(() => started.close());
  return started;
};

/** Posts it as a client of GraphQL over HTTP's own media type, which hears of refusals by the status too. */
async function post({ origin }: { origin: string }, body: Body | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }),
  };
}

function countVendorRequests({ sandboxes }: WithSandboxes): number {
  return Object.values(sandboxes).reduce((sum, { requests }) => sum + requests.count(), 0);
}

/** Refused before anything is executed, to clients of either media type, with a message that says why. */
async function expectRefused(where: WithSandboxes, body: Body, message: RegExp) {
  const before = countVendorRequests(where);
  const answer = await post(where, body);
  expect({ status: answer.status, data: answer.data }).toEqual({ status: 400, data: undefined });
  expect(answer.errors?.map((error) => error.message).join('\n')).toMatch(message);
  for (const { extensions } of answer.errors ?? []) expect(extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED)$/);
  const legacy = await post(where, body, { accept: 'application/json' });
  expect(legacy.status).toBeLessThan(500);
  expect({ data: legacy.data, errors: legacy.errors }).toEqual({ data: undefined, errors: answer.errors });
  expect(countVendorRequests(where)).toBe(before);
}

const repeat = (count: number, part: (index: number) => string) => Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('the limits that come without configuration', () => {
  test('let 100 aliases of job with 12 fields pass', async () => {
    const id = addJob(jobyard, 'kinetica');
    const fields = 'id systemId vendorId name type status vendorStatus owner createdAt startedAt finishedAt stale';
    const query = `query ($id: ID!) { ${repeat(100, (index) => `a${index}: job(id: $id) { __typename ... on Job { ${fields} } }`)} }`;
    const { status, data, errors } = await post(jobyard, { query, variables: { id } });
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(Object.values(data ?? {}).every((job) => job.id === id)).toBe(true);
    expect(Object.keys(data ?? {})).toHaveLength(100);
  });

  test("let the playground's introspection pass", async () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect(await post(jobyard, { query })).toMatchObject({ status: 200, data: { __schema: { queryType: { name: 'Query' } } } });
  });

  test('let a page of 500 with everything but steps pass, and 2,000 cancels with their jobs', async () => {
    const page =
      '{ jobs(first: 500) { nodes { id name status actions { action available reason } progress { fraction } problem { code } system { id } } systems { returned } } }';
    expect((await post(jobyard, { query: page })).errors).toBeUndefined();
    const query = `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, dryRun: true }) { results { __typename
      ... on CancelSuccess { jobId outcome job { id status actions { action available } } } ... on JobError { jobId code message }
      ... on SystemUnavailable { system { id title } } } summary { requested } } }`;
    const ids = Array.from({ length: 2000 }, (_, index) => `kinetica:${8_000_000 + index}`);
    expect(await post(jobyard, { query, variables: { ids } })).toMatchObject({
      status: 200,
      data: { cancelJobs: { summary: { requested: 2000 } } },
    });
  });
});

describe('each limit is configurable', () => {
  test.each([
    ['maxBodyBytes', 1024, 1023],
    ['maxTokens', 100, 99],
    ['maxDepth', 3, 2],
    ['maxAliases', 1, 0],
    ['maxDirectives', 1, 0],
    ['maxCost', 1, 0],
    ['requestsPerMinute', 1, 0],
  ])('%s: %d is taken, %d is a mistake', (name, good, bad) => {
    expect(load(`${withSystem('')}limits: { ${name}: ${good} }`).limits).toMatchObject({ [name]: good });
    expect(mistakesIn(`${withSystem('')}limits: { ${name}: ${bad} }`)).toEqual([`limits.${name}: expected at least ${good}, got ${bad}`]);
    expect(mistakesIn(`${withSystem('')}limits: { ${name}: 1.5 }`)).not.toEqual([]);
    expect(mistakesIn(`${withSystem('')}limits: { ${name}: 1000000000000 }`)).not.toEqual([]);
  });

  test('a limit that does not exist is a mistake, with the one that was meant', () => {
    expect(mistakesIn(`${withSystem('')}limits: { maxDeph: 5 }`)).toEqual(['limits.maxDeph: unknown key (did you mean "maxDepth"?)']);
  });

  test('the rate can be unlimited', () => {
    expect(load(`${withSystem('')}limits: { requestsPerMinute: ~ }`).limits.requestsPerMinute).toBeNull();
  });
});

describe('a document that is too much is refused before it is executed', () => {
  const jobs = (select: string) => `jobs(first: 1) { ${select} }`;

  test.each<[string, Partial<Limits>, Body, Body, RegExp]>([
    [
      'maxTokens',
      { maxTokens: 100 },
      { query: `{ ${repeat(60, () => '__typename')} }` },
      { query: `{ ${repeat(120, () => '__typename')} }` },
      /more that 100 tokens|more than 100 tokens/,
    ],
    [
      'maxDepth',
      { maxDepth: 4 },
      { query: `{ ${jobs('nodes { system { id } }')} }` },
      { query: `{ ${jobs('nodes { system { jobs { complete } } }')} }` },
      /depth limit of 4 exceeded, found 5/,
    ],
    [
      'maxDepth, by fragments',
      { maxDepth: 5 },
      { query: `{ ...A } fragment A on Query { ${jobs('complete')} }` },
      { query: `{ ...A } fragment A on Query { ${jobs('nodes { ...B }')} } fragment B on Job { system { jobs { complete } } }` },
      /depth limit of 5 exceeded/,
    ],
    [
      'maxAliases',
      { maxAliases: 3 },
      { query: '{ a: jobSystems { id } b: jobSystems { id } c: jobSystems { id } }' },
      { query: '{ a: jobSystems { id } b: jobSystems { id } c: jobSystems { d: id } }' },
      /Aliases limit of 3 exceeded, found 4/,
    ],
    [
      'maxAliases, by fragments',
      { maxAliases: 3 },
      { query: '{ jobSystems { ...F } } fragment F on JobSystem { a: id b: id c: id }' },
      { query: '{ x: jobSystems { ...F } } fragment F on JobSystem { a: id b: id c: id }' },
      /Aliases limit of 3 exceeded/,
    ],
    [
      'maxDirectives',
      { maxDirectives: 2 },
      { query: '{ a: __typename @skip(if: false) b: __typename @include(if: true) }' },
      { query: '{ a: __typename @skip(if: false) b: __typename @include(if: true) c: __typename @skip(if: false) }' },
      /Directives limit of 2 exceeded/,
    ],
  ])('%s', async (_name, limits, good, bad, message) => {
    const started = await start(limits);
    expect(await post(started, good)).toMatchObject({ status: 200 });
    await expectRefused(started, bad, message);
  });

  test('all limits hold for a GET too', async () => {
    const started = await start({ maxAliases: 1, maxCost: 100 });
    for (const query of ['{ a: __schema { description } b: __schema { description } }', '{ jobs(first: 400) { nodes { id } } }']) {
      const response = await fetch(`${started.origin}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': 'yes', accept: 'application/graphql-response+json' },
      });
      expect(response.status).toBe(400);
    }
    expect(countVendorRequests(started)).toBe(0);
  });
});

describe('the cost', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `kinetica:${8_000_000 + index}`);
  const steps = 'nodes { steps { name } }';
  const representations = (count: number) => ids(count).map((id) => ({ __typename: 'Job', id }));
  let cheap: WithSandboxes;
  beforeAll(async () => {
    cheap = await startWithSandboxes({ jobs: 3, limits: { maxCost: 300 } });
  });
  afterAll(() => cheap.close());

  test.each<[string, Body, Body]>([
    ['rows of a literal', { query: '{ jobs(first: 10) { nodes { id } } }' }, { query: '{ jobs(first: 400) { nodes { id } } }' }],
    [
      'rows of a variable',
      { query: `query ($n: Int) { jobs(first: $n) { ${steps} } }`, variables: { n: 5 } },
      { query: `query ($n: Int) { jobs(first: $n) { ${steps} } }`, variables: { n: 50 } },
    ],
    [
      'rows of the default of a variable',
      { query: `query ($n: Int = 50) { jobs(first: $n) { ${steps} } }`, variables: { n: 5 } },
      { query: `query ($n: Int = 50) { jobs(first: $n) { ${steps} } }` },
    ],
    ['rows by default', { query: '{ jobs { complete } }' }, { query: `{ jobs { ${steps} } }` }],
    [
      'rows that are null, which means the default',
      { query: '{ jobs(first: null) { complete } }' },
      { query: `{ jobs(first: null) { ${steps} } }` },
    ],
    [
      'rows of a variable that is null',
      { query: 'query ($n: Int) { jobs(first: $n) { complete } }', variables: { n: null } },
      { query: `query ($n: Int) { jobs(first: $n) { ${steps} } }`, variables: { n: null } },
    ],
    [
      'aliases',
      { query: '{ a: jobs(first: 5) { nodes { id } } }' },
      { query: `{ ${repeat(30, (index) => `a${index}: jobs(first: 5) { nodes { id } }`)} }` },
    ],
    [
      'fragments, as often as they are spread',
      { query: '{ ...F } fragment F on Query { a: jobs(first: 50) { nodes { id } } }' },
      {
        query: `{ ...F } fragment F on Query { ${repeat(6, (index) => `a${index}: jobs(first: 5) { nodes { ...J } }`)} } fragment J on Job { system { jobs(first: 5) { nodes { id } } } }`,
      },
    ],
    [
      'lists in lists',
      { query: '{ jobSystems { jobs(first: 5) { nodes { id } } } }' },
      { query: '{ jobSystems { jobs(first: 5) { nodes { system { jobs(first: 5) { nodes { id } } } } } } }' },
    ],
    [
      'ids to read',
      { query: '{ job(id: "kinetica:1") { __typename } }' },
      { query: 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename } }', variables: { ids: ids(1) } },
    ],
    [
      'ids to act on, whatever is asked of them',
      { query: 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(200) } },
      { query: 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(400) } },
    ],
    [
      'the same ids in several fields',
      { query: 'mutation ($ids: [ID!]!) { a: cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(100) } },
      {
        query: `mutation ($i: CancelJobsInput!) { ${repeat(4, (index) => `a${index}: cancelJobs(input: $i) { __typename }`)} }`,
        variables: { i: { ids: ids(100) } },
      },
    ],
    [
      'the jobs that were acted on',
      { query: 'mutation ($ids: [ID!]!) { pauseJobs(input: { ids: $ids }) { results { __typename } } }', variables: { ids: ids(50) } },
      {
        query:
          'mutation ($ids: [ID!]!) { pauseJobs(input: { ids: $ids }) { results { ... on JobActionSuccess { job { steps { name } } } } } }',
        variables: { ids: ids(50) },
      },
    ],
    [
      'references of other subgraphs',
      { query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { name } } }', variables: { r: representations(100) } },
      { query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { name } } }', variables: { r: representations(400) } },
    ],
    [
      'health, which is a vendor request each',
      { query: '{ jobSystems { health { status } } }' },
      { query: `{ ${repeat(6, (index) => `a${index}: jobSystems { health { status } }`)} }` },
    ],
    [
      'what @skip leaves in',
      { query: 'query ($no: Boolean!) { jobs(first: 400) @skip(if: $no) { nodes { id } } __typename }', variables: { no: true } },
      { query: 'query ($no: Boolean!) { jobs(first: 400) @skip(if: $no) { nodes { id } } }', variables: { no: false } },
    ],
    [
      'what @include leaves in, by default',
      {
        query: 'query ($yes: Boolean = true) { jobs(first: 400) @include(if: $yes) { nodes { id } } __typename }',
        variables: { yes: false },
      },
      { query: 'query ($yes: Boolean = true) { jobs(first: 400) @include(if: $yes) { nodes { id } } }' },
    ],
    [
      'what directives on fragments leave in',
      {
        query: 'query ($no: Boolean!) { ...F @skip(if: $no) __typename } fragment F on Query { jobs(first: 400) { nodes { id } } }',
        variables: { no: true },
      },
      {
        query:
          'query ($no: Boolean!) { ...F @skip(if: $no) ... @include(if: $no) { __typename } } fragment F on Query { jobs(first: 400) { nodes { id } } }',
        variables: { no: false },
      },
    ],
    [
      'the operation that is named',
      { query: '{ __typename }' },
      { query: 'query A { __typename } query B { jobs(first: 400) { nodes { id } } }', operationName: 'B' },
    ],
  ])('counts %s', async (_what, good, bad) => {
    const { status, errors } = await post(cheap, good);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    await expectRefused(cheap, bad, /^The operation could cost \d+, more than 300\. /);
  });

  test('of an operation beside the one that is named does not count', async () => {
    const query = 'query A { __typename } query B { jobs(first: 400) { nodes { id } } }';
    expect(await post(cheap, { query, operationName: 'A' })).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  });

  test('of a mutation that is refused is nothing done', async () => {
    const id = addJob(cheap, 'kinetica');
    const query = `mutation ($ids: [ID!]!) { a: cancelJobs(input: { ids: ["${id}"] }) { __typename } b: cancelJobs(input: { ids: $ids }) { __typename } }`;
    await expectRefused(cheap, { query, variables: { ids: ids(500) } }, /could cost/);
    expect(countActions(cheap, 'kinetica')).toBe(0);
  });

  test.each([
    ['another type', { n: '500' }],
    ['a number with a fraction', { n: 500.5 }],
    ['a number beyond 32 bits', { n: 5_000_000_000 }],
  ])('cannot be hidden behind a variable of %s', async (_what, variables) => {
    const before = countVendorRequests(cheap);
    const answer = await post(cheap, { query: `query ($n: Int) { jobs(first: $n) { ${steps} } }`, variables });
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(countVendorRequests(cheap)).toBe(before);
  });

  test('of a negative number of rows takes nothing off', async () => {
    await expectRefused(cheap, { query: `{ a: jobs(first: -500) { ${steps} } b: jobs(first: 100) { ${steps} } }` }, /could cost/);
  });
});

describe('the body', () => {
  const query = (bytes: number) => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { x: '' } });
    return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
  };

  test('may be as long as the limit, and no byte longer, announced or in chunks', async () => {
    const started = await start({ maxBodyBytes: 5000 });
    const send = (text: string, inChunks: boolean) =>
      new Promise<{ status: number; body: unknown }>((resolve, reject) => {
        const length = inChunks ? {} : { 'content-length': String(text.length) };
        const options = { method: 'POST', headers: { 'content-type': 'application/json', ...length } };
        const sent = request(`${started.origin}/graphql`, options, async (answer) => {
          resolve({ status: answer.statusCode ?? 0, body: await json(answer) });
        });
        sent.on('error', reject);
        for (let at = 0; at < text.length; at += 1000) sent.write(text.slice(at, at + 1000));
        sent.end();
      });
    for (const inChunks of [false, true]) {
      expect(await send(query(5000), inChunks)).toEqual({ status: 200, body: { data: { __typename: 'Query' } } });
      expect(await send(query(5001), inChunks)).toEqual({
        status: 413,
        body: { errors: [{ message: 'The body is larger than 5000 bytes.', extensions: { code: 'BAD_REQUEST' } }] },
      });
      // While a caller still sends, it must not be cut off before it has the answer.
      expect(await send(query(5_000_000), inChunks)).toMatchObject({ status: 413 });
    }
    expect(await send(query(100), false)).toMatchObject({ status: 200 });
  });

  test('may be 1 MiB where nothing is configured', async () => {
    expect((await post(jobyard, query(1024 * 1024))).status).toBe(200);
    expect((await post(jobyard, query(1024 * 1024 + 1))).status).toBe(413);
  });

  test.each([
    ['no JSON', '{"query":'],
    ['nothing', ''],
    ['null', 'null'],
    ['a text', '"{ __typename }"'],
    ['a number', '7'],
    ['a query that is no text', '{"query":{"kind":"Document"}}'],
    ['variables that are text', '{"query":"{__typename}","variables":"{}"}'],
    ['variables that are a list', '{"query":"{__typename}","variables":[]}'],
    ['a name that is an object', '{"query":"{__typename}","operationName":{}}'],
    ['extensions that are a number', '{"query":"{__typename}","extensions":1}'],
    ['a query in the prototype', '{"__proto__":{"query":"{__typename}"}}'],
    ['several operations', '[{"query":"{__typename}"},{"query":"{__typename}"}]'],
    ['one operation in a list', '[{"query":"{__typename}"}]'],
    ['bytes that are no UTF-8', '\ud800'],
  ])('that is %s is a 400', async (_what, body) => {
    const { status, data, errors } = await post(jobyard, body);
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(errors?.[0]?.message).toMatch(/\w+/);
  });

  test('says so where operations come in a list', async () => {
    expect((await post(jobyard, '[{"query":"{__typename}"}]')).errors).toMatchObject([{ message: expect.stringContaining('batching') }]);
  });

  test('pollutes no prototype', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      await post(
        jobyard,
        `{"query":"query ($f: JobFilter, $r: [_Any!] = []) { jobs(filter: $f) { complete } _entities(representations: $r) { __typename } }",
        "variables":{"f":{"${name}":{"polluted":1}},"r":[{"${name}":{"polluted":1},"__typename":"Job"}],"${name}":{"polluted":1}},"${name}":{"polluted":1}}`,
      );
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((await post(jobyard, { query: '{ __typename }' })).status).toBe(200);
  });
});

describe('a request that a page of another site could cause', () => {
  const mutation = 'mutation { cancelJobs(input: { ids: ["kinetica:1"] }) { summary { requested } } }';

  test.each([
    'text/plain',
    'text/plain; charset=application/json',
    'text/plain; application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain, application/json',
    'application/json, text/plain',
    'application/graphql',
    'application/jsonx',
    '',
  ])('as "%s" is refused', async (type) => {
    const before = countVendorRequests(jobyard);
    const answer = await fetch(`${jobyard.origin}/graphql`, {
      method: 'POST',
      headers: type === '' ? {} : { 'content-type': type },
      body: new Blob([JSON.stringify({ query: mutation })]),
    });
    expect(answer.status).toBe(400);
    expect(countVendorRequests(jobyard)).toBe(before);
  });

  test('as a GET is refused, and a mutation as a GET whatever its headers', async () => {
    const get = (query: string, headers: Record<string, string> = {}, more = '') =>
      fetch(`${jobyard.origin}/graphql?query=${encodeURIComponent(query)}${more}`, { headers });
    const unasked = { 'apollo-require-preflight': 'yes' };
    expect((await get('{ __typename }')).status).toBe(400);
    expect((await get('{ __typename }', unasked)).status).toBe(200);
    expect((await get(mutation, unasked)).status).toBe(405);
    expect((await get(`query A { __typename } ${mutation.replace('mutation', 'mutation B')}`, unasked, '&operationName=B')).status).toBe(
      405,
    );
    expect((await get('{ __typename }', unasked, `&query=${encodeURIComponent(mutation)}`)).status).toBe(400);
    expect(countActions(jobyard, 'kinetica')).toBe(0);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('as %s is refused', async (method) => {
    const body = method === 'HEAD' ? null : JSON.stringify({ query: mutation });
    const answer = await fetch(`${jobyard.origin}/graphql`, { method, headers: { 'content-type': 'application/json' }, body });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
  });
});

describe('introspection and suggestions', () => {
  const mistakes: [string, Body][] = [
    ['a field', { query: '{ jobSystem { id } jobz { complete } }' }],
    ['a field of a type', { query: '{ jobs { complet } }' }],
    ['an argument', { query: '{ jobs(frist: 1) { complete } }' }],
    ['a type', { query: '{ jobs { nodes { ...F } } } fragment F on Jobb { id }' }],
    ['a type of a condition', { query: '{ job(id: "a:1") { ... on JobNotFond { code } } }' }],
    ['an input field', { query: '{ jobs(filter: { statues: [] }) { complete } }' }],
    ['a value', { query: '{ jobs(filter: { statuses: [RUNING] }) { complete } }' }],
    [
      'a value in a variable',
      { query: 'query ($s: [JobStatus!]) { jobs(filter: { statuses: $s }) { complete } }', variables: { s: ['RUNING'] } },
    ],
    [
      'an input field in a variable',
      { query: 'query ($f: JobFilter) { jobs(filter: $f) { complete } }', variables: { f: { statues: [] } } },
    ],
    ['a type of a variable', { query: 'query ($s: [JobStatuss!]) { jobs(filter: { statuses: $s }) { complete } }' }],
  ];

  test.each(mistakes)('a mistake in %s is met with a suggestion where that is allowed, and not otherwise', async (_what, body) => {
    const closed = await start({ introspection: false });
    const hint = /did you mean/i;
    expect(JSON.stringify((await post(jobyard, body)).errors)).toMatch(hint);
    const { status, errors } = await post(closed, body);
    expect(status).toBe(400);
    expect(JSON.stringify(errors)).not.toMatch(hint);
  });

  test('where it is off nothing tells the schema, but __typename is answered', async () => {
    const closed = await start({ introspection: false });
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Job") { fields { name } } }',
      'query ($yes: Boolean = true) { ... @include(if: $yes) { __schema { queryType { name } } } }',
      '{ ...F } fragment F on Query { s: __schema { description } }',
    ]) {
      const answer = await post(closed, { query });
      expect({ status: answer.status, data: answer.data }).toEqual({ status: 400, data: undefined });
    }
    const sdl = await post(closed, { query: '{ _service { sdl } }' });
    expect(sdl.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(JSON.stringify(sdl)).not.toContain('type Job');
    expect(await post(closed, { query: '{ __typename jobSystems { __typename } }' })).toMatchObject({ status: 200 });
  });

  test('are off where NODE_ENV is production, unless they are allowed', () => {
    const introspection = (environment: Record<string, string>) => {
      const config = loadConfig([], environment);
      return 'mistakes' in config ? config.mistakes : config.limits.introspection;
    };
    expect(introspection({})).toBe(true);
    expect(introspection({ NODE_ENV: 'development' })).toBe(true);
    expect(introspection({ NODE_ENV: 'production' })).toBe(false);
    expect(load(`${withSystem('')}limits: { introspection: true }`, { NODE_ENV: 'production' }).limits.introspection).toBe(true);
    expect(load(`${withSystem('')}limits: { introspection: false }`).limits.introspection).toBe(false);
  });
});

describe('the rate', () => {
  test('of each caller is counted for itself; who asks too often hears when to come back, and nothing is executed', async () => {
    const started = await start({ requestsPerMinute: 5 }, { access: accessFor({ busy: ['jobs:read'], calm: ['jobs:read'] }) });
    const ask = (caller: string) => post(started, { query: '{ jobs(first: 1) { complete } }' }, as(caller));
    for (let count = 0; count < 5; count += 1) expect((await ask('busy')).status).toBe(200);
    const before = countVendorRequests(started);
    const refused = await ask('busy');
    expect(refused).toMatchObject({ status: 429, errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.errors?.[0]?.message).toContain(`try again in ${seconds} s`);
    expect(countVendorRequests(started)).toBe(before);
    // By another header it is the same caller.
    expect((await post(started, { query: '{ __typename }' }, { 'x-api-key': as('busy').authorization?.slice(7) ?? '' })).status).toBe(429);
    expect((await ask('calm')).status).toBe(200);
  });

  test("of those who are not let in uses up nobody's share", async () => {
    const started = await start({ requestsPerMinute: 2 }, { access: accessFor({ a: ['jobs:read'] }) });
    for (let count = 0; count < 10; count += 1)
      expect((await post(started, { query: '{ __typename }' }, { 'x-api-key': 'wrong' })).status).toBe(401);
    expect((await post(started, { query: '{ __typename }' }, as('a'))).status).toBe(200);
  });
});

describe('a bomb goes off nowhere', () => {
  const nested = (open: string, close: string, depth: number, inside = '') => open.repeat(depth) + inside + close.repeat(depth);
  const fragments = (count: number, spreads: number) =>
    `{ ...F0 } ${repeat(count, (index) => `fragment F${index} on Query { ${`...F${index + 1} `.repeat(spreads)} }`)} fragment F${count} on Query { __typename }`;
  const doubling = (count: number) =>
    `{ jobs(first: 0) { nodes { ...F0 } } } ${repeat(count, (index) => `fragment F${index} on Job { a: system { jobs(first: 0) { nodes { ...F${index + 1} } } } b: system { jobs(first: 0) { nodes { ...F${index + 1} } } } }`)} fragment F${count} on Job { id }`;

  test.each<[string, string]>([
    ['fields in fields', nested('{a', '}', 7000)],
    [
      'fields in fields, just below the limit of nesting',
      `{ jobs { nodes ${nested('{ system { jobs { nodes ', '} } }', 60, '{ id }')} } }`,
    ],
    ['braces that are not closed', '{a'.repeat(7000)],
    ['inline fragments', `{ ${nested('... {', '}', 2400, '__typename')} }`],
    ['lists', `{ job(id: ${nested('[', ']', 7000, '1')}) { __typename } }`],
    ['objects', `{ jobs(filter: ${nested('{a:', '}', 3000, '1')}) { complete } }`],
    ['types', `query ($a: ${nested('[', ']', 7000, 'Int')}) { __typename }`],
    ['types that could pass the parser', `query ($a: ${nested('[', ']', 5000, 'Int')}) { job(id: $a) { __typename } }`],
    ['the default of a variable', `query ($a: [ID!]! = ${nested('[', ']', 5000, '1')}) { jobsByIds(ids: $a) { __typename } }`],
    ['fragments that double 30 times', fragments(30, 2)],
    ['fragments in a long row', fragments(400, 10)],
    ['fragments that double on the way through systems', doubling(40)],
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a fragment that spreads itself', '{ ...A } fragment A on Query { jobSystems { id } ...A }'],
    ['one field 14,000 times', `{ ${'__typename '.repeat(14_000)} }`],
    ['one list 2,000 times', `{ ${'jobs(first: 0) { nodes { id } } '.repeat(1300)} }`],
    ['inline fragments beside each other', `{ ${'... { __typename } '.repeat(3500)} }`],
    ['types in types of the schema', `{ __schema { types { ${nested('fields { type {', '} }', 6, 'name')} } } }`],
    ['directives', `{ __typename ${'@include(if: true) '.repeat(2000)} }`],
    ['a subscription', 'subscription { jobs { complete } }'],
    [
      'types, at once with strings that hold brackets',
      `query ($a: ${nested('[', ']', 300, 'Int')}) { job(id: "]]]]]]]]") { __typename } }`,
    ],
  ])('%s: a 400 that says why, soon', async (_what, query) => {
    const startedAtMs = performance.now();
    const { status, data, errors } = await post(jobyard, { query });
    expect({ status, data }).toEqual({ status: 400, data: undefined });
    expect(performance.now() - startedAtMs).toBeLessThan(3000);
    for (const { message } of errors ?? []) expect(message).not.toMatch(/call stack|Internal|^Validation aborted/);
    expect(errors?.length).toBeGreaterThan(0);
    expect((await post(jobyard, { query: '{ __typename }' })).status).toBe(200);
  });

  test.each([
    ['a text with brackets', `{ job(id: "${'['.repeat(5000)}") { __typename } }`],
    ['a comment with brackets', `# ${'{'.repeat(5000)}\n{ __typename }`],
    ['a block text with brackets', `{ job(id: """${'('.repeat(5000)}""") { __typename } }`],
  ])('%s is no bomb', async (_what, query) => {
    expect((await post(jobyard, { query })).status).toBe(200);
  });

  test.each([
    [
      'variables',
      `{"query":"query ($f: JobFilter) { jobs(filter: $f) { complete } }","variables":{"f":${nested('[', ']', 400_000)}}}`,
      400,
    ],
    [
      'variables that are objects',
      `{"query":"query ($f: JobFilter) { jobs(filter: $f) { complete } }","variables":{"f":${nested('{"a":', '}', 100_000, '1')}}}`,
      400,
    ],
    ['variables that nobody uses', `{"query":"{ __typename }","variables":{"f":${nested('[', ']', 400_000)}}}`, 200],
    ['extensions', `{"query":"{ __typename }","extensions":{"f":${nested('[', ']', 400_000)}}}`, 200],
  ])('%s, nested as JSON allows', async (_what, body, expected) => {
    expect((await post(jobyard, body)).status).toBe(expected);
  });

  test.each(['id', '__typename', 'systemId', 'vendorId'])('a reference whose %s is nested costs one null', async (name) => {
    const reference = `{"__typename":"Job","${name}":${nested('[', ']', 300_000)}}`.replace(
      '"__typename":"Job","__typename"',
      '"__typename"',
    );
    const { status, data, errors } = await post(
      jobyard,
      `{"query":"query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }","variables":{"r":[${reference}]}}`,
    );
    expect({ status, data }).toEqual({ status: 200, data: { _entities: [null] } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message.length).toBeLessThan(200);
  });
});

describe('ids that are none', () => {
  test.each([
    '__proto__:1',
    'constructor:1',
    'hasOwnProperty:1',
    'kinetica:__proto__',
    'Kinetica:1',
    'KINETICA:1',
    'kinetica\uff1a1',
    'k\u0456netica:1',
    'kinetica\u200b:1',
    ' kinetica:1',
    'kinetica:1 ',
    'kinetica:\u0661',
    'kinetica:01',
    'kinetica:1e3',
    'kinetica:--1',
    'kinetica:-0',
    'kinetica:9223372036854775808',
    'kinetica:1\u0000',
    'kinetica:1\r\nx: y',
    'veeva-vault:1/../../users',
    'veeva-vault:1?x=y',
    'kylin:00000000-0000-4000-8000-000000000000?project=x',
    'kylin:00000000-0000-4000-8000-000000000000,11111111-0000-4000-8000-000000000000',
    'aodocs:..',
    'aodocs:\ud800',
    'aodocs:a b',
    ':',
    'kinetica:',
    'kinetica',
    `kinetica:${'1'.repeat(100_000)}`,
    `${'k'.repeat(100_000)}:1`,
  ])("%j is nobody's, and no vendor is asked", async (id) => {
    const before = countVendorRequests(jobyard);
    const query = `query ($id: ID!) { job(id: $id) { __typename ... on JobError { code message } } }`;
    const { data, errors } = (await post(jobyard, { query, variables: { id } })) as {
      data?: { job: { message: string } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data?.job).toMatchObject({ __typename: 'JobNotFound', code: expect.stringMatching(/^(INVALID_ID|SYSTEM_NOT_FOUND)$/) });
    expect(data?.job.message.length).toBeLessThan(300);
    const mutation = 'mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { results { __typename } } }';
    expect(await post(jobyard, { query: mutation, variables: { id } })).toMatchObject({
      data: { cancelJobs: { results: [{ __typename: 'JobNotFound' }] } },
    });
    expect(countVendorRequests(jobyard)).toBe(before);
  });

  test.each(['aodocs:../libraries/x', 'aodocs:%2e%2e%2fx', 'aodocs:a/b/c', 'aodocs:x?securityCode=y', 'aodocs:x#y', 'aodocs:x;y'])(
    '%j stays one part of the path',
    async (id) => {
      jobyard.sandboxes.aodocs.requests.clear();
      await post(jobyard, { query: 'query ($id: ID!) { job(id: $id) { __typename } }', variables: { id } });
      for (const { target } of jobyard.sandboxes.aodocs.requests.all()) {
        expect(target.split('?')[0]).toBe(`/api/job/v1/${encodeURIComponent(id.slice('aodocs:'.length))}`);
      }
    },
  );
});

describe('a document that comes again and again', () => {
  const fields = 'id name type status vendorStatus owner createdAt startedAt finishedAt durationSeconds failureMessage isTerminal stale';
  const tenTimes = async (body: Body, where = jobyard) => {
    const answers: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      const { status, data, errors } = await post(where, body);
      answers.push(JSON.stringify({ status, data, errors }));
    }
    return new Set(answers);
  };

  test.each<[string, Body]>([
    ['an alias called __proto__', { query: '{ __proto__: __typename a: __typename }' }],
    ['an alias called __proto__ of an object', { query: '{ jobSystems { __proto__: id constructor: title hasOwnProperty: vendor } }' }],
    ['a variable called __proto__', { query: 'query ($__proto__: ID! = "a:1") { job(id: $__proto__) { __typename } }' }],
    [
      'an operation and a fragment called __proto__',
      { query: 'query __proto__ { ...__proto__ } fragment __proto__ on Query { __typename }' },
    ],
    ['a variable called constructor that is missing', { query: 'query ($constructor: ID!) { job(id: $constructor) { __typename } }' }],
    ['code in a text', { query: '{ job(id: "\\"+(globalThis.broken=1)+\\"") { ... on JobError { jobId } } }' }],
    ['code in a template', { query: `{ job(id: "\`\${globalThis.broken=1}\`") { ... on JobError { jobId } } }` }],
    ['code after a comment', { query: '{ job(id: "\\u2028*/globalThis.broken=1/*\\n") { ... on JobError { jobId } } }' }],
    ['code in a default', { query: 'query ($a: ID! = "\\"+(globalThis.broken=1)+\\"") { job(id: $a) { ... on JobError { jobId } } }' }],
    [
      'a reference with a variable inside',
      {
        query: 'query ($id: ID!) { _entities(representations: [{ __typename: "JobSystem", id: $id }]) { __typename } }',
        variables: { id: 'kylin' },
      },
    ],
  ])('with %s is answered each time as the first time', async (_what, body) => {
    expect((await tenTimes(body)).size).toBe(1);
    expect(globalThis).not.toHaveProperty('broken');
  });

  test('is answered to each caller as far as they may ask', async () => {
    const started = await start({}, { access: accessFor({ all: ['jobs:read', 'jobs:raw'], some: ['jobs:read'] }) });
    const id = addJob(started, 'kinetica');
    const body = { query: 'query ($id: ID!) { job(id: $id) { ... on Job { raw } } }', variables: { id } };
    for (let count = 0; count < 10; count += 1) {
      expect(await post(started, body, as('all'))).toMatchObject({ data: { job: { raw: { job_id: expect.anything() } } } });
      expect(await post(started, body, as('some'))).toMatchObject({
        data: { job: { raw: null } },
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
    }
  });

  test('costs each time what its variables make of it', async () => {
    const started = await start({ maxCost: 300 });
    const query =
      'query ($n: Int, $no: Boolean = false, $f: JobFilter) { jobs(first: $n, filter: $f) @skip(if: $no) { nodes { id } } __typename }';
    for (let count = 0; count < 10; count += 1) {
      expect((await post(started, { query, variables: { n: 5 } })).status).toBe(200);
      await expectRefused(started, { query, variables: { n: 500 } }, /could cost/);
      expect((await post(started, { query, variables: { n: 500, no: true } })).status).toBe(200);
      await expectRefused(started, { query, variables: { n: 500, no: false } }, /could cost/);
    }
    const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }';
    for (let count = 0; count < 10; count += 1) {
      expect((await post(started, { query: cancel, variables: { ids: ['kinetica:1'] } })).status).toBe(200);
      const ids = Array.from({ length: 400 }, (_, index) => `kinetica:${index}`);
      const { status } = await post(started, { query: cancel, variables: { ids } });
      expect(status).toBe(400);
    }
  });

  test('holds up nobody for long while it is prepared, large as it may be', async () => {
    const bodies = [
      `{ ${repeat(400, (index) => `a${index}: job(id: "x${index}") { __typename ... on Job { ${fields} } }`)} }`,
      `{ ${repeat(450, (index) => `a${index}: job(id: "x${index}") { ...F }`)} } fragment F on JobResult { ... on Job { ${fields} } }`,
    ];
    for (const query of bodies) {
      await post(jobyard, { query });
      let slowestMs = 0;
      for (let count = 0; count < 8; count += 1) {
        const startedAtMs = performance.now();
        expect((await post(jobyard, { query })).status).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - startedAtMs);
      }
      expect(slowestMs).toBeLessThan(500);
    }
  });

  test('leaves nothing behind of variables that it does not use', async () => {
    const query = '{ __typename }';
    await post(jobyard, { query });
    const before = heapBytes();
    for (let count = 0; count < 100; count += 1) {
      await post(jobyard, { query, variables: { [`${count}${'x'.repeat(900_000)}`]: 1 } });
    }
    expect(heapBytes() - before).toBeLessThan(30_000_000);
  });
});

/** What is left on the heap when all that nobody holds is gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Limits } from '../../src/config/limits.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { type Body, countVendorRequests, expectRefused, post, repeat, start } from '../http/post.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

describe('the default limits', () => {
  test('accept 100 aliases of job with 12 fields', async () => {
    const id = addJob(jobyard, 'kinetica');
    const fields = 'id systemId vendorId name type status vendorStatus owner createdAt startedAt finishedAt stale';
    const query = `query ($id: ID!) { ${repeat(100, (index) => `a${index}: job(id: $id) { __typename ... on Job { ${fields} } }`)} }`;
    const { status, data, errors } = await post(jobyard, { query, variables: { id } });
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(Object.values(data ?? {}).every((job) => job.id === id)).toBe(true);
    expect(Object.keys(data ?? {})).toHaveLength(100);
  });

  test("accept the playground's introspection", async () => {
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

  test('accept a page of 500 with everything but steps, and 2,000 cancels with their jobs', async () => {
    const page =
      '{ jobs(first: 500) { nodes { id name status actions { action available reason } progress { fraction } problem { code } system { id } } systems { returnedCount } } }';
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

describe('a document above a limit is rejected before it is executed', () => {
  const jobs = (select: string) => `jobs(first: 1) { ${select} }`;
  const twice = (field: string): Body => ({ query: `{ a: ${field} b: ${field} }` });
  const spreads = (count: number) =>
    `{ ${repeat(count, (index) => `...F${index}`)} } ${repeat(count, (index) => `fragment F${index} on Query { a${index}: jobSystems { id } }`)}`;

  test.each<[string, Partial<Limits>, Body, Body, RegExp]>([
    [
      'maxTokens, lines',
      { maxTokens: 100 },
      { query: `{ __typename${'\n'.repeat(99)}}` },
      { query: `{ __typename${'\r\n'.repeat(100)}}` },
      /more than 100 lines/,
    ],
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
      { maxDepth: 4 },
      { query: `{ ...A } fragment A on Query { ${jobs('nodes { ...B }')} } fragment B on Job { system { id } }` },
      { query: `{ ...A } fragment A on Query { ${jobs('nodes { ...B }')} } fragment B on Job { system { jobs { complete } } }` },
      /depth limit of 4 exceeded, found 5/,
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
    [
      'maxDirectives, unknown',
      { maxDirectives: 2 },
      { query: '{ a: __typename @skip(if: false) b: __typename @include(if: true) }' },
      { query: '{ __typename @a @b @c }' },
      /Directives limit of 2 exceeded, found 3/,
    ],
    [
      'maxAliases, of __typename',
      { maxAliases: 3 },
      { query: '{ a: __typename b: __typename c: __typename }' },
      { query: '{ a: __typename b: __typename c: __typename __typename: __typename }' },
      /Aliases limit of 3 exceeded, found 4/,
    ],
    [
      'maxFields',
      { maxFields: 100 },
      { query: `{ ${repeat(50, (index) => `a${index}: jobSystems { id }`)} }` },
      { query: `{ ${repeat(51, (index) => `a${index}: jobSystems { id }`)} }` },
      /selects more than 100 fields/,
    ],
    [
      'maxFields, by fragments',
      { maxFields: 100 },
      { query: '{ ...A } fragment A on Query { jobSystems { id } }' },
      {
        query: `{ ${repeat(11, (index) => `a${index}: jobSystems { ...A }`)} } fragment A on JobSystem { ${repeat(8, (index) => `b${index}: id`)} }`,
      },
      /selects more than 100 fields/,
    ],
    [
      'the number of __schema',
      {},
      { query: '{ __schema { description } }' },
      twice('__schema { description }'),
      /selects __schema 2 times. Expected at most 1/,
    ],
    [
      'the number of __schema, by fragments',
      {},
      { query: '{ ...F } fragment F on Query { __schema { description } }' },
      { query: '{ a: __schema { description } ... { ...F } } fragment F on Query { __schema { description } }' },
      /selects __schema 2 times/,
    ],
    [
      'the number of _service',
      {},
      { query: '{ _service { sdl } }' },
      twice('_service { sdl }'),
      /selects _service 2 times. Expected at most 1/,
    ],
    [
      'the number of __type',
      {},
      { query: `{ ${repeat(10, (index) => `a${index}: __type(name: "Job") { name }`)} }` },
      { query: `{ ${repeat(11, (index) => `a${index}: __type(name: "Job") { name }`)} }` },
      /selects __type 11 times. Expected at most 10/,
    ],
    [
      'the depth of introspection',
      {},
      { query: `{ __schema { types { ${'fields { type { '}${'ofType { '.repeat(15)} name ${'} '.repeat(17)} } } }` },
      { query: `{ __schema { types { ${'fields { type { '}${'ofType { '.repeat(16)} name ${'} '.repeat(18)} } } }` },
      /Introspection depth limit of 20 exceeded, found 21/,
    ],
    [
      'the depth of a type that is introspected',
      {},
      { query: '{ __type(name: "Job") { ofType { name } } }' },
      { query: `{ __type(name: "Job") { ${'ofType { '.repeat(200)} name ${'} '.repeat(200)} } }` },
      /Introspection depth limit of 20 exceeded/,
    ],
    [
      'fields of one name in one place',
      {},
      { query: `{ ${'jobSystems { id } '.repeat(100)} }` },
      { query: `{ ${'jobSystems { id } '.repeat(150)} }` },
      /a field or fragments too many times in one place/,
    ],
    ['fragments in one place', {}, { query: spreads(100) }, { query: spreads(200) }, /a field or fragments too many times in one place/],
    [
      'operations',
      {},
      { query: repeat(100, (index) => `query Q${index} { __typename }`), operationName: 'Q1' },
      { query: repeat(101, (index) => `query Q${index} { __typename }`), operationName: 'Q1' },
      /has 101 operations/,
    ],
  ])('%s', async (_name, limits, good, bad, message) => {
    const started = await start(limits);
    expect(await post(started, good)).toMatchObject({ status: 200 });
    await expectRefused(started, bad, message);
  });

  test('applies all limits to GET', async () => {
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

test.each([
  ['unknown fields', `{ ${repeat(4000, (index) => `field${index}`)} }`],
  ['arguments of one name', `{ job(${'id: "a:1" '.repeat(3000)}) { __typename } }`],
  ['values that are none', `{ jobs(filter: { statuses: [${'RUNING '.repeat(10_000)}] }) { complete } }`],
  ['variables that are not used', `query (${repeat(3000, (index) => `$v${index}: Int`)}) { __typename }`],
])('thousands of %s get a response smaller than the request', async (_what, query) => {
  const { status, errors } = await post(jobyard, { query });
  expect(status).toBe(400);
  expect(errors?.length).toBeLessThanOrEqual(21);
  expect(JSON.stringify(errors).length).toBeLessThan(10_000);
});

describe('bombs are rejected quickly on every transport', () => {
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
      'types, together with strings that contain brackets',
      `query ($a: ${nested('[', ']', 300, 'Int')}) { job(id: "]]]]]]]]") { __typename } }`,
    ],
  ])('%s is rejected with 400 and a reason, quickly', async (_what, query) => {
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
  ])("%s isn't a bomb", async (_what, query) => {
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
    ['unused variables', `{"query":"{ __typename }","variables":{"f":${nested('[', ']', 400_000)}}}`, 400],
    ['extensions', `{"query":"{ __typename }","extensions":{"f":${nested('[', ']', 400_000)}}}`, 400],
  ])('%s, nested as JSON allows', async (_what, body, expected) => {
    expect((await post(jobyard, body)).status).toBe(expected);
  });

  test.each(['id', '__typename', 'systemId', 'vendorId'])('a reference whose %s is nested costs one null', async (name) => {
    const reference = `{"__typename":"Job","${name}":${nested('[', ']', 90)}}`.replace('"__typename":"Job","__typename"', '"__typename"');
    const { status, data, errors } = await post(
      jobyard,
      `{"query":"query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }","variables":{"r":[${reference}]}}`,
    );
    expect({ status, data }).toEqual({ status: 200, data: { _entities: [null] } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message.length).toBeLessThan(200);
  });
});

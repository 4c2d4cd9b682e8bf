import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addJob, countActions } from '../end-to-end/jobs.ts';
import { type Body, countVendorRequests, expectRefused, post, repeat, start } from '../http/post.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

describe('the cost', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `kinetica:${8_000_000 + index}`);
  const steps = 'nodes { steps { name } }';
  const representations = (count: number) => ids(count).map((id) => ({ __typename: 'Job', id }));
  let cheap: WithSandboxes;
  beforeAll(async () => {
    cheap = await startWithSandboxes({ jobs: 3, limits: { maxCost: 1_350 } });
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
      { query: '{ jobSystem(id: "kylin") { jobs(first: 5) { nodes { id } } } }' },
      { query: '{ jobSystems { jobs(first: 5) { nodes { system { jobs(first: 5) { nodes { id } } } } } } }' },
    ],
    [
      'ids to read',
      { query: 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { progress { fraction } } } }', variables: { ids: ids(50) } },
      { query: 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { progress { fraction } } } }', variables: { ids: ids(70) } },
    ],
    [
      'ids of objects to read, and of jobs to wait for',
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: ids(300) } },
      {
        query:
          'query ($ids: [ID!]!) { nodes(ids: $ids) { id } waitForJobs(ids: $ids, timeoutSeconds: 0) { result { ... on Job { steps { name } } } } }',
        variables: { ids: ids(300) },
      },
    ],
    ['rows in both directions', { query: '{ jobs(last: 10) { nodes { id } } }' }, { query: '{ jobs(last: 400) { nodes { id } } }' }],
    [
      'ids to act on, whatever is asked of them',
      { query: 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(200) } },
      { query: 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(1_400) } },
    ],
    [
      'the same ids in several fields',
      { query: 'mutation ($ids: [ID!]!) { a: cancelJobs(input: { ids: $ids }) { __typename } }', variables: { ids: ids(100) } },
      {
        query: `mutation ($i: CancelJobsInput!) { ${repeat(8, (index) => `a${index}: cancelJobs(input: $i) { __typename }`)} }`,
        variables: { i: { ids: ids(200) } },
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
      {
        query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { name } } }',
        variables: { r: representations(1_400) },
      },
    ],
    [
      'health, which is a vendor request each',
      { query: '{ jobSystems { health { status } } }' },
      { query: `{ ${repeat(14, (index) => `a${index}: jobSystems { health { status } }`)} }` },
    ],
    [
      'the schema as often as it is shown',
      { query: '{ __schema { types { fields { name type { name } } } } }' },
      { query: `{ __schema { ${repeat(10, (index) => `a${index}: types { fields { name type { name } } }`)} } }` },
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
    await expectRefused(cheap, bad, /^The operation can cost \d+, more than maxCost \(1350\)\. /);
  });

  test('ignores operations other than the named one', async () => {
    const query = 'query A { __typename } query B { jobs(first: 400) { nodes { id } } }';
    expect(await post(cheap, { query, operationName: 'A' })).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  });

  test('rejects a mutation before it performs anything', async () => {
    const id = addJob(cheap, 'kinetica');
    const query = `mutation ($ids: [ID!]!) { a: cancelJobs(input: { ids: ["${id}"] }) { __typename } b: cancelJobs(input: { ids: $ids }) { __typename } }`;
    await expectRefused(cheap, { query, variables: { ids: ids(1_400) } }, /can cost/);
    expect(countActions(cheap, 'kinetica')).toBe(0);
  });

  test.each([
    ['another type', { n: '500' }],
    ['a number with a fraction', { n: 500.5 }],
    ['a number beyond 32 bits', { n: 5_000_000_000 }],
  ])("can't be hidden behind a variable of %s", async (_what, variables) => {
    const before = countVendorRequests(cheap);
    const answer = await post(cheap, { query: `query ($n: Int) { jobs(first: $n) { ${steps} } }`, variables });
    expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(countVendorRequests(cheap)).toBe(before);
  });

  test.each([2_000_000, 501, -1])('lets the resolver report an invalid first: %d', async (first) => {
    const before = countVendorRequests(cheap);
    const open = await start({});
    for (const query of [`{ jobs(first: ${first}) { ${steps} } }`, `{ jobSystems { jobs(first: ${first}) { complete } } }`]) {
      const { errors } = await post(open, { query });
      expect(errors?.[0]).toMatchObject({ message: `first: expected 0 to 500, got ${first}.`, extensions: { code: 'BAD_USER_INPUT' } });
    }
    expect(countVendorRequests(cheap)).toBe(before);
  });

  test('lets the resolver report more IDs than allowed', async () => {
    const open = await start({});
    const query = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }';
    const { errors } = await post(open, { query, variables: { ids: Array(60_000).fill('a:1') } });
    expect(errors).toMatchObject([{ message: expect.stringContaining('expected 1 to 2000 ids'), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('of a page multiplies its rows and counts other fields once', async () => {
    const costOf = async (query: string) => {
      const { errors } = await post(least, { query });
      return Number(/can cost (\d+)/.exec(errors?.[0]?.message ?? '')?.[1]);
    };
    const least = await start({ maxCost: 1 });
    const rows = 'nodes { id system { id } }';
    expect(await costOf(`{ jobs(first: 100) { ${rows} } }`)).toBe(1000 + 100 * 2);
    expect(await costOf(`{ jobs(first: 100) { ${rows} pageInfo { endCursor } systems { system { id } } } }`)).toBe(1000 + 100 * 2 + 1 + 11);
    expect(await costOf(`{ jobs(first: 100) { ...P } } fragment P on JobConnection { ... { ${rows} } edges { cursor } }`)).toBe(
      1000 + 100 * 3,
    );
    expect(await costOf('{ jobs(first: 100) { complete } }')).toBe(1000 + 100);
    expect(await costOf('{ jobs(first: 0) { nodes { id } } }')).toBe(1000);
  });

  test('of a live list multiplies its rows, or those of the largest event, and counts the other fields of its page once', async () => {
    const least = await start({ maxCost: 1 });
    const costOf = async (selection: string) => {
      const query = `subscription { jobListChanged(first: 100) { __typename ${selection} } }`;
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
      const response = await fetch(`${least.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      return Number(/can cost (\d+)/.exec(await response.text())?.[1]);
    };
    const page = (fields: string) => `... on JobListPage { page { ${fields} } }`;
    const rows = await costOf(page('nodes { id system { id } }'));
    expect(rows).toBe(1000 + 1 + 100 * 2);
    expect(await costOf(page('nodes { id system { id } } totalCount { count }'))).toBe(rows + 1000);
    expect(await costOf(`${page('nodes { id }')} ... on JobEntered { job { id system { id } } }`)).toBe(1000 + 100 * 2);
    expect(await costOf(page('totalCount { count }'))).toBe(1000 + 1 + 1000 + 100);
  });

  test.each([
    ['jobs', (page: string) => `{ jobs${page} { nodes { id } } }`, 50],
    ['JobSystem.jobs', (page: string) => `{ jobSystem(id: "kylin") { jobs${page} { nodes { id } } } }`, 50],
    ['jobEvents', (page: string) => `{ jobEvents${page} { nodes { id } } }`, 50],
    ['Job.events', (page: string) => `{ job(id: "kylin:x") { ... on Job { events${page} { nodes { id } } } } }`, 20],
    ['cancellations', (page: string) => `{ cancellations${page} { nodes { jobId } } }`, 50],
    ['bulkOperations', (page: string) => `{ bulkOperations${page} { nodes { id } } }`, 20],
    ['BulkOperation.items', (page: string) => `{ bulkOperation(id: "x") { items${page} { nodes { jobId } } } }`, 50],
  ])('of %s is the same in both directions, and that of the default page without a number', async (_name, query, byDefault) => {
    const least = await start({ maxCost: 1 });
    const costOf = async (page: string) => {
      const { errors } = await post(least, { query: query(page) });
      return Number(/can cost (\d+)/.exec(errors?.[0]?.message ?? '')?.[1]);
    };
    const few = await costOf('(first: 10)');
    expect(few).toBeGreaterThan(10);
    for (const rows of [10, 30]) {
      expect(await costOf(`(first: ${rows})`)).toBe(few + rows - 10);
      expect(await costOf(`(last: ${rows}, before: "x")`)).toBe(few + rows - 10);
    }
    for (const page of ['', '(before: "x")', '(last: null)']) expect(await costOf(page)).toBe(few + byDefault - 10);
  });

  test('keeps a document from reading the lists hundreds of times, unless configured', async () => {
    const walks = (count: number) => ({ query: `{ ${repeat(count, (index) => `a${index}: jobs(first: 1) { complete }`)} }` });
    const open = await start({});
    await expectRefused(open, walks(50), /can cost/);
    expect((await post(open, walks(40))).errors).toBeUndefined();
    const perRow = (rows: number) => ({ query: `{ jobs(first: ${rows}) { nodes { system { jobs(first: 1) { complete } } } } }` });
    await expectRefused(open, perRow(500), /can cost/);
  });

  test.each([
    ['previewBulkAction', 'previewBulkAction(action: CANCEL, filter: {}) { count }', 11],
    ['waitForJobs', 'waitForJobs(ids: $ids) { reached }', 51],
    ['jobsByIds', 'jobsByIds(ids: $ids) { __typename }', 51],
    ['bulkOperations', 'bulkOperations(first: 100) { nodes { id } }', 334],
    ['jobEvents', 'jobEvents(first: 500) { nodes { id } }', 91],
    ['the steps of jobs', 'jobs(first: 500) { nodes { steps { name } } }', 2],
    ['the failures of jobs', 'jobs(first: 500) { nodes { failure { message } } }', 5],
  ])('limits %s by default', async (_what, field, tooMany) => {
    const open = await start({});
    const query = `${field.includes('$ids') ? 'query ($ids: [ID!]!) ' : ''}{ ${repeat(tooMany, (index) => `a${index}: ${field}`)} }`;
    await expectRefused(open, { query, variables: field.includes('$ids') ? { ids: ids(500) } : {} }, /can cost|Expected at most 5/);
  });

  test("isn't reduced by a negative number of rows", async () => {
    await expectRefused(cheap, { query: `{ a: jobs(first: -500) { ${steps} } b: jobs(first: 100) { ${steps} } }` }, /can cost/);
  });

  test('depends on the variables of each request', async () => {
    const started = await start({ maxCost: 1_050 });
    const query =
      'query ($n: Int, $no: Boolean = false, $f: JobFilter) { jobs(first: $n, filter: $f) @skip(if: $no) { nodes { id } } __typename }';
    for (let count = 0; count < 10; count += 1) {
      expect((await post(started, { query, variables: { n: 5 } })).status).toBe(200);
      await expectRefused(started, { query, variables: { n: 500 } }, /can cost/);
      expect((await post(started, { query, variables: { n: 500, no: true } })).status).toBe(200);
      await expectRefused(started, { query, variables: { n: 500, no: false } }, /can cost/);
    }
    const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { __typename } }';
    for (let count = 0; count < 10; count += 1) {
      expect((await post(started, { query: cancel, variables: { ids: ['kinetica:1'] } })).status).toBe(200);
      const ids = Array.from({ length: 1_200 }, (_, index) => `kinetica:${index}`);
      const { status } = await post(started, { query: cancel, variables: { ids } });
      expect(status).toBe(400);
    }
  });
});

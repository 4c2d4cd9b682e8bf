import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { type Body, post, repeat, start } from '../http/post.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  // Jobyard loads it with the first document that comes again and again, which would else be over before it is compiled.
  await import('graphql-jit');
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

describe('a repeated document', () => {
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
    [
      'an input field whose variable has no value',
      { query: 'query ($field: JobOrderField) { jobs(first: 3, orderBy: { field: $field }) { nodes { id } pageInfo { endCursor } } }' },
    ],
  ])('with %s has the same result each time', async (_what, body) => {
    expect((await tenTimes(body)).size).toBe(1);
    expect(globalThis).not.toHaveProperty('broken');
  });

  test('checks the scopes of each caller', async () => {
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

  test('with the same fields under many aliases has the same result each time, with and without errors', async () => {
    const started = await start({}, { access: accessFor({ some: ['jobs:read', 'jobs:logs'] }) });
    const ids = (['kinetica', 'kylin', 'aodocs'] as const).map((system) => addJob(started, system));
    const definitions = repeat(100, (index) => `$i${index}: ID!`);
    const found = repeat(100, (index) => `a${index}: job(id: $i${index}) { ...Shown ... on JobError { message } }`);
    const variables = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`i${index}`, index === 7 ? 'kylin:none' : ids[index % 3]]),
    );
    for (const further of ['', 'refused: jobSystem(id: "kylin") { id } denied: job(id: $i1) { ... on Job { raw } }']) {
      const query = `query ($same: [ID!]! = ["kylin:1"], ${definitions}) {
        ${found} ${further} other: jobsByIds(ids: $same) { __typename } page: jobs(first: 2) { nodes { id } } __typename
      } fragment Shown on Job { id name status type owner log(first: 1) { nodes { message } } }`;
      const answers: string[] = [];
      for (let count = 0; count < 8; count += 1) {
        const { data, errors } = await post(started, { query, variables }, as('some'));
        // Keys in their order.
        answers.push(JSON.stringify({ data, errors }));
      }
      expect(new Set(answers).size).toBe(1);
      const { data, errors } = JSON.parse(answers[0] as string);
      expect(data).toMatchObject({
        a0: { id: ids[0] },
        a7: { message: expect.stringContaining('UUID') },
        other: [{}],
        __typename: 'Query',
      });
      expect(errors?.map(({ path }: { path: unknown }) => path)).toEqual(further === '' ? undefined : [['refused'], ['denied', 'raw']]);
    }
  });

  test("doesn't block others for long while it is compiled, however large it is", async () => {
    const bodies = [
      `{ ${repeat(400, (index) => `a${index}: job(id: "x${index}") { __typename ... on Job { ${fields} } }`)} }`,
      `{ ${repeat(450, (index) => `a${index}: job(id: "x${index}") { ...F }`)} } fragment F on JobResult { ... on Job { ${fields} } }`,
    ];
    for (const query of bodies) {
      await post(jobyard, { query });
      let slowestMs = 0;
      for (let count = 0; count < 8; count += 1) {
        // Of this thread, in which the server runs: by the clock, other work on the machine would count.
        const before = process.threadCpuUsage();
        expect((await post(jobyard, { query })).status).toBe(200);
        const { user, system } = process.threadCpuUsage(before);
        slowestMs = Math.max(slowestMs, (user + system) / 1000);
      }
      expect(slowestMs).toBeLessThan(500);
    }
  });

  test('keeps nothing of unused variables', async () => {
    const query = '{ __typename }';
    await post(jobyard, { query });
    const before = await heapBytes();
    for (let count = 0; count < 60; count += 1) {
      await post(jobyard, { query, variables: { [`${count}${'x'.repeat(900_000)}`]: 1 } });
    }
    expect((await heapBytes()) - before).toBeLessThan(5_000_000);
  });
});

/** The size of the heap after everything unreachable was collected, including what was reachable until the end of the last request. */
async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let count = 0; count < 3; count += 1) {
    await setImmediate();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

test('errors without extensions stay the same however often a document is repeated', async () => {
  const jobyard = await startWithSandboxes({ jobs: 1 });
  onTestFinished(() => jobyard.close());
  const ask = () => jobyard.query('{ jobEvents(first: 2) { nodes { id } } }');
  const first = await ask();
  expect(first.errors).toMatchObject([
    { extensions: { code: 'STORE_UNAVAILABLE' }, path: ['jobEvents'], locations: [{ line: 1, column: 3 }] },
  ]);
  for (let count = 0; count < 20; count += 1) expect(await ask()).toEqual(first);
});

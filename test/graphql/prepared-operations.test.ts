import { hash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
let ids: string[];
beforeAll(async () => {
  // Loaded with the first document that comes again and again, which would else be over before it is compiled.
  await import('graphql-jit');
  const access = accessFor({ all: ['jobs:read', 'jobs:raw', 'systems:read', 'audit:read'], some: ['jobs:read'] });
  jobyard = await startWithSandboxes({ jobs: 3, access, limits: { maxCost: 5_000 } });
  ids = (['kinetica', 'kylin', 'aodocs'] as const).map((system) => addJob(jobyard, system));
  return () => jobyard.close();
});

interface Request {
  query: string;
  operationName: string | null | undefined;
  variables: unknown;
  accept: string | undefined;
  caller: string;
}

async function send({ query, operationName, variables, accept, caller }: Request, extensions?: object) {
  const response = await fetch(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...as(caller), ...(accept !== undefined && { accept }) },
    body: JSON.stringify({ query, operationName, variables, extensions }),
  });
  const { date: _date, 'x-request-id': _requestId, 'content-length': _length, ...headers } = Object.fromEntries(response.headers);
  // How long jobs have run.
  const body = (await response.text()).replaceAll(/"(\w*(?:duration|elapsed)\w*)":[\d.]+/g, '"$1":0');
  return { status: response.status, headers, body };
}

/** A document with its hash is for Apollo Server, which keeps it under the hash. */
function sendToApollo(request: Request) {
  return send(request, { persistedQuery: { version: 1, sha256Hash: hash('sha256', request.query) } });
}

const jobFields = [
  'id',
  'name',
  'status',
  'type',
  'raw',
  'owner',
  'createdAt',
  'system { id title }',
  'actions { action available }',
  '...Short',
];
const jobSelection = fc
  .subarray(jobFields, { minLength: 1 })
  .map((fields) => `{ ... on Job { ${fields.join(' ')} } ... on JobError { message } }`);
const rootField = fc.oneof(
  { weight: 4, arbitrary: jobSelection.map((selection) => `job(id: $id) ${selection}`) },
  { weight: 2, arbitrary: jobSelection.map((selection) => `jobsByIds(ids: [$id, "kylin:none", "nowhere:1"]) ${selection}`) },
  { weight: 2, arbitrary: fc.constant('jobs(first: $first) { nodes { id } complete }') },
  { weight: 2, arbitrary: fc.constant('jobSystems { id vendor } __typename') },
  { weight: 2, arbitrary: fc.constant('jobSystem(id: "kylin") { id @skip(if: $isShort) title }') },
  { weight: 2, arbitrary: fc.constant('jobEvents(first: 1) { nodes { id } }') },
  { weight: 1, arbitrary: fc.constant('nothing') },
);
const document = fc.tuple(fc.array(rootField, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([fields, hasTwo]) => {
  const aliased = fields.map((field, index) => `a${index}: ${field}`).join('\n');
  // Uses all that is declared, as a valid document must.
  const rest = 'b: job(id: $id) { ...Short } c: jobs(first: $first) { nodes { ...Short } }';
  const first = `query First($id: ID!, $first: Int = 2, $isShort: Boolean = false) { ${aliased} ${rest} }`;
  return `${first} fragment Short on Job { id stale ... @include(if: $isShort) { problem { code } } }${hasTwo ? ' query Second { __typename }' : ''}`;
});
const variables = fc.oneof(
  { weight: 6, arbitrary: fc.record({ id: fc.constantFrom('job 0', 'job 1', 'job 2', 'kylin:none', '') }) },
  fc.record({
    id: fc.constant('job 0'),
    first: fc.constantFrom(null, 0, 1, 3, 499, 501, 1.5, '2'),
    isShort: fc.constantFrom(true, false, null, 1),
  }),
  fc.constantFrom({}, null, undefined, { id: null }, { id: ['job 0'] }, { id: 'job 0', other: 1 }),
);
const request = fc.record({
  query: document,
  operationName: fc.constantFrom(undefined, null, 'First', 'First', 'Second', 'Third'),
  accept: fc.constantFrom(undefined, 'application/json', 'application/graphql-response+json', 'text/html', '*/*'),
  caller: fc.constantFrom('all', 'some'),
  variables,
});

test('a known document gets the same response as from Apollo Server', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.array(variables, { minLength: 1, maxLength: 3 }), async (first, others) => {
      const known = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value ?? null).replaceAll(/"job (\d)"/g, (_text, index) => JSON.stringify(ids[index])));
      // So often that it is compiled.
      for (let count = 0; count < 7; count += 1) await sendToApollo({ ...first, variables: { id: ids[0] }, operationName: 'First' });
      for (const each of [first.variables, ...others]) {
        const sent = { ...first, variables: known(each) };
        expect(await send(sent)).toEqual(await sendToApollo(sent));
      }
    }),
    { numRuns: 25 },
  );
});

const string = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('job 0', 'job 1', 'job 2', 'kylin:none', '') },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', ' ', '$', '{', '#', '\\', '\n', '\t', '\u0007', "'", 'é', '\ud800', '🎉'),
      maxLength: 5,
    }),
  },
);

test('a document that differs from known ones only in its strings gets the same response as from Apollo Server', {
  timeout: 120_000,
}, async () => {
  const strings = fc.array(string, { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(request, fc.array(strings, { minLength: 1, maxLength: 3 }), fc.boolean(), async (first, others, isEscaped) => {
      const toText = (value: string): string => {
        const id = value.replace(/^job (\d)$/, (_text, index) => ids[index] as string);
        return isEscaped ? JSON.stringify(id) : `"${id}"`;
      };
      const withStrings = (values: readonly string[]) => {
        let used = 0;
        const query = first.query.replace('$id: ID!, ', '').replaceAll('$id', () => toText(values[used++ % values.length] as string));
        return { ...first, query, operationName: 'First', variables: {} };
      };
      // After two of them, the third needs no Apollo Server.
      for (const warm of ['kylin:1', 'kylin:2']) await send(withStrings([warm]));
      for (const values of others) {
        const sent = withStrings(values);
        expect(await send(sent)).toEqual(await sendToApollo(sent));
      }
    }),
    { numRuns: 25 },
  );
});

test('errors of compiled code are located in the document that was sent', async () => {
  for (let count = 0; count < 10; count += 1) {
    const query = `{\n  job(id: "${ids[0]}${' '.repeat(count)}") { ... on JobError { message } } other: job(id: "${ids[0]}") { ... on Job { raw } } }`;
    const { body } = await send({ query, operationName: null, variables: {}, accept: undefined, caller: 'some' });
    const { errors } = JSON.parse(body);
    expect(errors).toEqual([
      expect.objectContaining({ locations: [{ line: 2, column: query.indexOf('raw') - 1 }], path: ['other', 'raw'] }),
    ]);
  }
});

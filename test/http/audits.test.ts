import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

const audits = serverAudits({ url: () => `${jobyard.origin}/graphql` });

/** Where Jobyard differs on purpose: it rejects a GET that any page can send without a preflight (CSRF). */
const declined = new Map([
  ['5A70', 'MAY accept application/x-www-form-urlencoded formatted GET requests'],
  ['D6D5', 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json'],
  ['6A70', 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json'],
]);

describe('the GraphQL over HTTP audits', () => {
  test.each(audits.filter(({ id }) => !declined.has(id)))('$id $name', async ({ fn }) => {
    const result = await fn();
    expect(result.status === 'ok' ? null : result.reason).toBeNull();
  });

  test.each([...declined])('%s is declined: %s', async (id, name) => {
    const audit = audits.find((candidate) => candidate.id === id);
    expect(audit?.name).toBe(name);
    const result = await audit?.fn();
    expect(result?.status).toBe('notice');
  });
});

describe('the status of a response', () => {
  const refusals = [
    ['a document that does not parse', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too deep a document',
      { query: `{ jobs { nodes { ${'system { jobs { nodes { '.repeat(5)}id${' } } }'.repeat(5)} } } }` },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['too costly an operation', { query: `{ ${listAliases(50)} }` }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a missing variable', { query: 'query ($id: ID!) { job(id: $id) { __typename } }' }, 'BAD_USER_INPUT'],
    [
      'a variable of another type',
      { query: 'query ($first: Int) { jobs(first: $first) { complete } }', variables: { first: 'x' } },
      'BAD_USER_INPUT',
    ],
    [
      'a null by way of a default',
      { query: 'query ($id: ID = "a:b") { job(id: $id) { __typename } }', variables: { id: null } },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no operation of that name', { query: 'query A { __typename }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
  ] as const;

  test.each(refusals)('%s: 200 as application/json, 400 as application/graphql-response+json', async (_what, body, code) => {
    for (const [accept, type, status] of [
      [undefined, 'application/json', 200],
      ['*/*', 'application/json', 200],
      ['application/json', 'application/json', 200],
      ['application/graphql-response+json', 'application/graphql-response+json', 400],
      ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json', 400],
    ] as const) {
      const answer = await post(body, accept);
      expect({ accept, ...answer }).toEqual({ accept, status, type, codes: [code], hasData: false });
    }
  });

  test.each(['application/json', 'application/graphql-response+json'])('%s: an error of one field is a 200', async (accept) => {
    const query = '{ jobSystems { id } jobs(first: 501) { complete } }';
    expect(await post({ query }, accept)).toEqual({ status: 200, type: accept, codes: ['BAD_USER_INPUT'], hasData: true });
  });

  test.each(['application/json', 'application/graphql-response+json'])(
    '%s: a request that is not GraphQL gets status 400',
    async (accept) => {
      for (const body of [{}, { query: '' }, { query: 7 }, [{ query: '{ __typename }' }]]) {
        const answer = await post(body, accept);
        expect({ body, ...answer }).toEqual({ body, status: 400, type: accept, codes: ['BAD_REQUEST'], hasData: false });
      }
    },
  );
});

/** More than limits.maxCost allows. */
function listAliases(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}: jobs(first: 500) { nodes { steps { name } } }`).join(' ');
}

async function post(body: unknown, accept?: string) {
  const response = await fetch(`${jobyard.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accept === undefined ? {} : { accept }) },
    body: JSON.stringify(body),
  });
  const { data, errors } = await response.json();
  return {
    status: response.status,
    type: response.headers.get('content-type')?.split(';')[0],
    codes: errors?.map(({ extensions }: { extensions: { code: string } }) => extensions.code),
    hasData: data !== undefined,
  };
}

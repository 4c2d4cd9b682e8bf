import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { countVendorRequests, post } from './post.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

describe('invalid IDs', () => {
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
  ])('%j belongs to no job and causes no vendor request', async (id) => {
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

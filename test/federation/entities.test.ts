import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { failReads, unknownIds } from '../end-to-end/jobs.ts';
import { followOverWebSocket } from '../live/clients.ts';
import { forEachSystem, fourSystems, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addJobs, countRequests, toParts, warmUp } from './jobs.ts';

// Sends the operations that gateways send to a subgraph.
let jobyard: WithSandboxes;
afterEach(() => jobyard.close());

function ask(representations: unknown[], selection: string, headers: Record<string, string> = {}) {
  return jobyard.query(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${selection} } }`,
    { representations },
    headers,
  );
}

const byId = (id: string) => ({ __typename: 'Job', id });
const byParts = (id: string) => ({ __typename: 'Job', ...toParts(id) });

describe('references', () => {
  beforeEach(async () => {
    jobyard = await startWithSandboxes({ jobs: 0 });
    await warmUp(jobyard);
  });

  test('1,000 jobs by both keys in turn: Kinetica 1, Vault 1, Kylin 1, AODocs 250', async () => {
    const added = addJobs(jobyard, 250);
    const ids = fourSystems.flatMap((system) => added[system]);
    const { data, errors } = await ask(
      ids.map((id, index) => (index % 2 === 0 ? byId(id) : byParts(id))),
      '... on Job { id status vendorStatus }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities.map((job: { id: string }) => job.id)).toEqual(ids);
    expect(data._entities.filter(({ status }: { status: string }) => status === 'UNKNOWN')).toEqual([]);
    expect(countRequests(jobyard)).toMatchObject({ kinetica: 1, 'veeva-vault': 1, kylin: 1, aodocs: 250 });
  });

  test('a job that is named several times, by both keys, is read once', async () => {
    const ids = Object.values(addJobs(jobyard, 1)).flat();
    const repeated = [...ids.map(byId), ...ids.map(byParts), ...ids.map(byId), ...ids.map((id) => ({ ...byId(id), ...toParts(id) }))];
    const { data, errors } = await ask(repeated, '... on Job { id status }');
    expect(errors).toBeUndefined();
    expect(data._entities.map((job: { id: string }) => job.id)).toEqual([...ids, ...ids, ...ids, ...ids]);
    expect(countRequests(jobyard)).toEqual(forEachSystem(() => 1));
  });

  test('lists of references in one operation, as gateways join them, are read together', async () => {
    const { kinetica } = addJobs(jobyard, 2);
    const { data } = await jobyard.query(
      `query ($a: [_Any!]!, $b: [_Any!]!) {
        a: _entities(representations: $a) { ... on Job { status } }
        b: _entities(representations: $b) { ... on Job { status } }
      }`,
      { a: kinetica.slice(0, 1).map(byId), b: kinetica.slice(1).map(byParts) },
    );
    expect(data).toEqual({ a: [{ status: 'RUNNING' }], b: [{ status: 'RUNNING' }] });
    expect(countRequests(jobyard).kinetica).toBe(1);
  });

  test('the fields of the key cost nothing', async () => {
    const ids = Object.values(addJobs(jobyard, 1)).flat();
    const { data } = await ask(ids.map(byParts), '... on Job { id systemId vendorId system { id title } }');
    expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(data._entities).toContainEqual(expect.objectContaining({ system: { id: 'kinetica', title: 'Kinetica' } }));
    expect(countRequests(jobyard)).toEqual(forEachSystem(() => 0));
  });

  test('returns the same as Query.job', async () => {
    const ids = Object.values(addJobs(jobyard, 1)).flat();
    // All but what changes from read to read, and what Vault's 10-second rule makes of a second read.
    const fields = `... on Job { id systemId vendorId name type status vendorStatus isTerminal owner createdAt startedAt finishedAt
      failureMessage problem { code } actions { action available reason } }`;
    const { data: direct } = await jobyard.query(`query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ${fields} } }`, { ids });
    const { data: referred } = await ask(ids.map(byParts), fields);
    expect(referred._entities).toEqual(direct.jobsByIds);
    expect(referred._entities[3]).toMatchObject({ __typename: 'Job', id: ids[3] });
  });

  test('a malformed one results in null and an error that explains it; the others have results', async () => {
    const [id = ''] = addJobs(jobyard, 1).kinetica;
    const malformed = [
      { representation: { __typename: 'Job', id: 'no colon' }, message: 'expected an id of the form systemId:vendorId' },
      { representation: { __typename: 'Job', id: 7 }, message: 'got 7' },
      { representation: { __typename: 'Job' }, message: 'expected a Job with id, or with systemId and vendorId' },
      { representation: { __typename: 'Job', systemId: 'kinetica' }, message: 'expected systemId and vendorId' },
      { representation: { __typename: 'Job', id, systemId: 'kylin', vendorId: '1' }, message: 'its keys name different jobs' },
      { representation: { __typename: 'Job', id: 'kinetica:one' }, message: 'A Kinetica job ID is a 64-bit integer' },
      { representation: { __typename: 'JobSystem' }, message: 'expected a JobSystem with an id' },
      { representation: { __typename: 'Incident', id: '1' }, message: 'expected __typename Job or JobSystem, got "Incident"' },
      { representation: { id }, message: 'expected __typename Job or JobSystem, got none' },
      { representation: 'text', message: 'expected an object' },
    ];
    const { data, errors } = await ask(
      [byId(id), ...malformed.map(({ representation }) => representation), byParts(id)],
      '... on Job { status }',
    );
    const job = { __typename: 'Job', status: 'RUNNING' };
    expect(data._entities).toEqual([job, ...malformed.map(() => null), job]);
    expect(errors).toHaveLength(malformed.length);
    for (const [index, { message }] of malformed.entries()) {
      const error = errors?.find(({ path }) => path?.[1] === index + 1);
      expect(error?.message).toContain(`representations[${index + 1}]: `);
      expect(error).toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } });
    }
  });

  test('more than 2,000 are rejected before any is read; 2,000 are not', async () => {
    const [id = ''] = addJobs(jobyard, 1).kinetica;
    const many = (count: number) => Array.from({ length: count }, (_, index) => (index % 2 === 0 ? byId(id) : byParts(id)));
    const refused = await ask(many(2_001), '... on Job { status }');
    expect(refused.errors).toMatchObject([
      {
        message: 'representations: expected at most 2000, got 2001. Request fewer rows at once.',
        path: ['_entities'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(countRequests(jobyard).kinetica).toBe(0);
    const { data, errors } = await ask(many(2_000), '... on Job { status }');
    expect(errors).toBeUndefined();
    expect(data._entities).toHaveLength(2_000);
    expect(countRequests(jobyard).kinetica).toBe(1);
  });

  test('have a cost that is checked before any is read: by their selected fields, over every transport and in every form', async () => {
    const [id = ''] = addJobs(jobyard, 1).aodocs;
    // 40 for the steps of each.
    const { errors } = await ask(
      Array.from({ length: 1_500 }, () => byId(id)),
      '... on Job { steps { name } }',
    );
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/can cost \d+, more than maxCost \(50000\)/), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    const literal = `{ _entities(representations: [${`{ __typename: "Job", id: "${id}" } `.repeat(1_100)}]) { ... on Job { steps { name } } } }`;
    const { end } = followOverWebSocket(jobyard.origin, literal);
    expect(await end).toMatchObject({ error: [{ message: expect.stringContaining('can cost') }] });
    expect(countRequests(jobyard).aodocs).toBe(0);
  });

  test('a job or a system that is not there is null, and no error', async () => {
    const [id = ''] = addJobs(jobyard, 1).aodocs;
    const { data, errors } = await ask(
      [...systemNames.map((system) => byId(unknownIds[system])), byId('nowhere:1'), { __typename: 'JobSystem', id: 'nowhere' }, byId(id)],
      '... on Job { id name }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([...systemNames.map(() => null), null, null, expect.objectContaining({ id })]);
  });

  test.each(systemNames)('a job of %s that is down is a stub with the problem, and spoils no other', async (down) => {
    const ids = addJobs(jobyard, 1);
    failReads(jobyard, down, { kind: 'reset', applied: false });
    const { data, errors } = await ask(
      systemNames.map((system) => byParts(ids[system][0] ?? '')),
      '... on Job { id systemId status stale problem { code retryable systemId } }',
    );
    expect(errors).toBeUndefined();
    for (const job of data._entities) {
      if (job.systemId === down) {
        expect(job).toEqual({
          __typename: 'Job',
          id: ids[down][0],
          systemId: down,
          status: 'UNKNOWN',
          stale: false,
          problem: { code: 'SYSTEM_UNAVAILABLE', retryable: true, systemId: down },
        });
      } else {
        expect(job).toMatchObject({ status: expect.not.stringMatching('UNKNOWN'), problem: null });
      }
    }
  });

  test('a system is found by its id', async () => {
    const { data, errors } = await ask(
      systemNames.map((id) => ({ __typename: 'JobSystem', id })),
      '... on JobSystem { id vendor title health { status } }',
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toContainEqual({
      __typename: 'JobSystem',
      id: 'aodocs',
      vendor: 'aodocs',
      title: 'AODocs',
      health: { status: 'UP' },
    });
  });
});

describe('with access configured', () => {
  const { key, sha256 } = createApiKey();
  const asReader = { authorization: `Bearer ${key}` };
  beforeEach(async () => {
    const grants = [
      { scope: 'jobs:read' as const, systems: ['kinetica'] },
      { scope: 'systems:read' as const, systems: ['kinetica'] },
    ];
    jobyard = await startWithSandboxes({ jobs: 0, access: { apiKeys: [{ name: 'reader', sha256, grants }], jwt: null } });
    await warmUp(jobyard, asReader);
  });

  test('a job or a system that the caller cannot read is null, without a vendor request', async () => {
    const ids = addJobs(jobyard, 1);
    const references = [
      byId(ids.kinetica[0] ?? ''),
      byId(ids.kylin[0] ?? ''),
      byParts(ids.aodocs[0] ?? ''),
      { __typename: 'JobSystem', id: 'kylin' },
    ];
    const read = await ask(references, '... on Job { status }', asReader);
    expect(read).toEqual({ data: { _entities: [{ __typename: 'Job', status: 'RUNNING' }, null, null, null] } });
    const unread = await ask(references, '... on Job { system { title } }', asReader);
    expect(unread).toEqual({ data: { _entities: [{ __typename: 'Job', system: { title: 'Kinetica' } }, null, null, null] } });
    expect(countRequests(jobyard)).toEqual({ ...forEachSystem(() => 0), kinetica: 1 });
  });

  test('a field that needs a scope needs it here too', async () => {
    const { kinetica } = addJobs(jobyard, 1);
    const { data, errors } = await ask(kinetica.map(byId), '... on Job { status raw }', asReader);
    expect(data._entities).toEqual([{ __typename: 'Job', status: 'RUNNING', raw: null }]);
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'raw'], extensions: { code: 'FORBIDDEN' } }]);
  });

  test('a caller without a key gets nothing', async () => {
    const { kinetica } = addJobs(jobyard, 1);
    const { data, errors } = await ask(kinetica.map(byId), '... on Job { id }');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('with introspection off', () => {
  beforeEach(async () => {
    jobyard = await startWithSandboxes({ jobs: 0, limits: { introspection: false } });
  });

  test('the schema is denied through _service, and references still work', async () => {
    const { errors } = await jobyard.query('{ _service { sdl } }');
    expect(errors).toMatchObject([
      { message: expect.stringContaining('npm run schema'), path: ['_service'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('type Job');
    const { data } = await ask(addJobs(jobyard, 1).kinetica.map(byId), '... on Job { status }');
    expect(data._entities).toEqual([{ __typename: 'Job', status: 'RUNNING' }]);
  });
});

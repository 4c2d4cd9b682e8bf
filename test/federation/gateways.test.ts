import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Incident, incidentsSdl, startIncidents } from '../../examples/federation/incidents.ts';
import { createApiKey } from '../../src/access/api-keys.ts';
import { type GatewayProfile, printSdl } from '../../src/graphql/type-definitions.ts';
import { everyMember, failReads, unknownIds } from '../end-to-end/jobs.ts';
import { fourSystems, type GraphqlAnswer, type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { composeOrThrow, composers } from './composers.ts';
import { type Document, documentsSdl, startDocuments } from './documents.ts';
import { type Gateway, gateways, startTap } from './gateways.ts';
import { addJobs, countRequests, forgetRequests, toParts, warmUp } from './jobs.ts';

/** Which gateway runs which profile. @apollo/gateway supports no access rules, and rejects what it can't enforce. */
const pairs = gateways.flatMap(({ gateway, start }) =>
  (gateway === '@apollo/gateway' ? (['core'] as const) : (['core', 'full'] as const)).flatMap((profile) =>
    composers.map(({ library, compose }) => ({ gateway, start, profile, library, compose })),
  ),
);

async function startFederation({ start, profile, compose }: (typeof pairs)[number], options: StartOptions = {}) {
  // The figures below are for four systems.
  const jobyard = await startWithSandboxes({ jobs: 0, systems: fourSystems, ...options });
  const incidents: Incident[] = [];
  const documents: Document[] = [];
  const tap = await startTap(`${jobyard.origin}/graphql`);
  const incidentsServer = await startIncidents(incidents);
  const documentsServer = await startDocuments(documents);
  const gateway: Gateway = await start(
    composeOrThrow(compose, [
      { name: 'jobyard', url: tap.url, sdl: printSdl(profile) },
      { name: 'incidents', url: incidentsServer.url, sdl: incidentsSdl },
      { name: 'documents', url: documentsServer.url, sdl: documentsSdl },
    ]),
  );
  return {
    jobyard,
    incidents,
    documents,
    tap,
    /** Asks the gateway. */
    async query(query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    async close() {
      await gateway.close();
      await tap.close();
      await Promise.all([jobyard.close(), incidentsServer.close(), documentsServer.close()]);
    },
  };
}

type Federation = Awaited<ReturnType<typeof startFederation>>;

const jobFields = `__typename id systemId vendorId name type status vendorStatus isTerminal owner createdAt startedAt finishedAt
  failureMessage problem { code } system { id vendor title } actions { action available reason }`;

describe.each(pairs)('$gateway on the $profile profile, composed by $library', (pair) => {
  let federation: Federation;
  let jobyard: WithSandboxes;
  beforeAll(async () => {
    federation = await startFederation(pair);
    jobyard = federation.jobyard;
    await warmUp(jobyard);
  });
  afterEach(() => {
    federation.incidents.length = 0;
    federation.documents.length = 0;
    federation.tap.operations.length = 0;
    forgetRequests(jobyard);
  });
  afterAll(() => federation.close());

  /** Both responses to the same operation, the gateway's first. */
  const askBoth = async (query: string, variables: Record<string, unknown> = {}) => {
    const [through, direct] = [await federation.query(query, variables), await jobyard.query(query, variables)];
    expect(direct.errors).toBeUndefined();
    return { through, direct };
  };

  test('reads by id as Jobyard itself does: jobs and every kind of problem', async () => {
    const ids = [...Object.values(addJobs(jobyard, 2)).flat(), ...fourSystems.map((system) => unknownIds[system]), 'nowhere:1', 'no colon'];
    const { through, direct } = await askBoth(
      `query ($ids: [ID!]!, $id: ID!) {
        job(id: $id) { ... on Job { ${jobFields} } }
        jobsByIds(ids: $ids) { ... on Job { ${jobFields} } ... on JobError { __typename jobId code message retryable retryAfterSeconds } }
      }`,
      { ids, id: ids[0] },
    );
    expect(through).toEqual(direct);
    expect(through.data.jobsByIds.map(({ __typename: name }: { __typename: string }) => name)).toEqual([
      ...Array.from({ length: 8 }, () => 'Job'),
      ...Array.from({ length: 6 }, () => 'JobNotFound'),
    ]);
  });

  test('lists and pages as Jobyard itself does', async () => {
    addJobs(jobyard, 3);
    const list = `query ($after: String) {
      jobs(first: 5, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
        edges { cursor node { id status } } nodes { ${jobFields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        complete systems { system { id title } status returnedCount problem { code } }
      }
      jobSystems { id vendor title capabilities { action support allowedStatuses maxBatchSize asynchronous } jobs(first: 1) { nodes { id } } }
      jobSystem(id: "kylin") { title health { status } }
    }`;
    const first = await askBoth(list);
    expect(first.through).toEqual(first.direct);
    expect(first.through.data.jobs).toMatchObject({ complete: true, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await askBoth(list, { after: first.through.data.jobs.pageInfo.endCursor });
    expect(second.through).toEqual(second.direct);
    expect(second.through.data.jobs.nodes[0].id).not.toBe(first.through.data.jobs.nodes[0].id);
  });

  test('cancels: one result per job, in order, and the mutation is sent once', async () => {
    const ids = [...Object.values(addJobs(jobyard, 1)).flat(), unknownIds.kinetica, 'nowhere:1'];
    const cancel = `mutation ($ids: [ID!]!, $dryRun: Boolean!) {
      cancelJobs(input: { ids: $ids, dryRun: $dryRun }) {
        results { ${everyMember} ... on CancelSuccess { job { id system { title } } } } summary { requested succeeded failed unknown }
      }
    }`;
    const { through, direct } = await askBoth(cancel, { ids, dryRun: true });
    expect(through).toEqual(direct);
    federation.tap.operations.length = 0;
    const { data, errors } = await federation.query(cancel, { ids, dryRun: false });
    expect(errors).toBeUndefined();
    expect(data.cancelJobs.summary).toEqual({ requested: 6, succeeded: 4, failed: 2, unknown: 0 });
    expect(data.cancelJobs.results[0]).toMatchObject({ __typename: 'CancelSuccess', jobId: ids[0], job: { id: ids[0] } });
    expect(data.cancelJobs.results[5]).toMatchObject({ __typename: 'JobNotFound', code: 'SYSTEM_NOT_FOUND' });
    expect(federation.tap.operations).toHaveLength(1);
  });

  test('returns the message and the code of Jobyard for an invalid argument', async () => {
    const { data, errors } = await federation.query('{ jobs(first: 501) { nodes { id } } }');
    const direct = await jobyard.query('{ jobs(first: 501) { nodes { id } } }');
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ message: direct.errors?.[0]?.message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('finds the jobs that incidents name by id and by vendor id, and their systems', async () => {
    const [cause, ...others] = Object.values(addJobs(jobyard, 1)).flat();
    federation.incidents.push(
      { id: '1', title: 'all', systemId: 'kylin', jobIds: others, causedBy: toParts(cause ?? '') },
      { id: '2', title: 'none', systemId: 'aodocs', jobIds: [], causedBy: null },
    );
    const { data, errors } = await federation.query(
      `{ incidents { title system { title health { status } } jobs { ${jobFields} } causedBy { ${jobFields} } } }`,
    );
    expect(errors).toBeUndefined();
    const direct = await jobyard.query(`query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { ${jobFields} } } }`, {
      ids: [cause, ...others],
    });
    const [causedBy, ...jobs] = direct.data.jobsByIds;
    expect(data.incidents).toEqual([
      { title: 'all', system: { title: 'Apache Kylin', health: { status: 'UP' } }, jobs, causedBy },
      { title: 'none', system: { title: 'AODocs', health: { status: 'UP' } }, jobs: [], causedBy: null },
    ]);
  });

  test('names jobs by both keys', async () => {
    const { kylin, kinetica } = addJobs(jobyard, 1);
    const [byId = '', byVendorId = ''] = [...kylin, ...kinetica];
    federation.incidents.push({ id: '1', title: 'by id', systemId: 'kylin', jobIds: [byId], causedBy: null });
    federation.documents.push({ id: 'D1', title: 'by vendor id', ...toParts(byVendorId) });
    const { data, errors } = await federation.query(
      '{ incidents { jobs { id status } } documents { edges { node { title job { id status } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      incidents: [{ jobs: [{ id: byId, status: 'RUNNING' }] }],
      documents: { edges: [{ node: { title: 'by vendor id', job: { id: byVendorId, status: 'RUNNING' } } }] },
    });
    expect(federation.tap.representations()).toEqual(
      expect.arrayContaining([
        { __typename: 'Job', id: byId },
        { __typename: 'Job', ...toParts(byVendorId) },
      ]),
    );
  });

  test('1,000 jobs of 10 incidents, each named twice: one operation, Kinetica 1, Vault 1, Kylin 1, AODocs 250', async () => {
    const ids = Object.values(addJobs(jobyard, 250)).flat();
    for (let index = 0; index < 10; index += 1) {
      const jobIds = ids.filter((_id, position) => position % 10 === index);
      federation.incidents.push({ id: `${index}`, title: 'large', systemId: 'kylin', jobIds: [...jobIds, ...jobIds], causedBy: null });
    }
    const { data, errors } = await federation.query('{ incidents { jobs { id status vendorStatus } } }');
    expect(errors).toBeUndefined();
    const jobs: { id: string; status: string }[] = data.incidents.flatMap((incident: { jobs: unknown[] }) => incident.jobs);
    expect(jobs).toHaveLength(2_000);
    expect(new Set(jobs.map(({ id }) => id))).toEqual(new Set(ids));
    expect(jobs.filter(({ status }) => status !== 'RUNNING' && status !== 'QUEUED')).toEqual([]);
    expect(federation.tap.operations).toHaveLength(1);
    expect(countRequests(jobyard)).toEqual({ kinetica: 1, 'veeva-vault': 1, kylin: 1, aodocs: 250 });
  });

  test('requests nothing from Jobyard for the fields of the keys', async () => {
    const [id = ''] = addJobs(jobyard, 1).aodocs;
    federation.incidents.push({ id: '1', title: 'keys', systemId: 'kylin', jobIds: [id], causedBy: toParts(id) });
    const { data } = await federation.query('{ incidents { system { id } jobs { id } causedBy { systemId vendorId } } }');
    expect(data.incidents).toEqual([{ system: { id: 'kylin' }, jobs: [{ id }], causedBy: toParts(id) }]);
    expect(federation.tap.operations).toEqual([]);
  });

  test('gives null for a job or a system that is not there; the incident and its other jobs stay', async () => {
    const [id = ''] = addJobs(jobyard, 1).kinetica;
    federation.incidents.push({
      id: '1',
      title: 'gone',
      systemId: 'nowhere',
      jobIds: [unknownIds.kylin, id, 'nowhere:1'],
      causedBy: toParts(unknownIds.aodocs),
    });
    const { data, errors } = await federation.query('{ incidents { title system { title } jobs { id status } causedBy { status } } }');
    expect(data.incidents).toEqual([{ title: 'gone', system: null, jobs: [null, { id, status: 'RUNNING' }, null], causedBy: null }]);
    // Hive's gateway adds an error of its own for each such null.
    expect(errors?.length ?? 0).toBe(pair.gateway === '@apollo/gateway' ? 0 : 4);
  });

  test('gives null and BAD_USER_INPUT for a reference that is malformed; the other jobs stay', async () => {
    const [id = ''] = addJobs(jobyard, 1).kinetica;
    federation.incidents.push({ id: '1', title: 'odd', systemId: 'kylin', jobIds: ['kinetica:one', id], causedBy: null });
    const { data, errors } = await federation.query('{ incidents { title jobs { id status } } }');
    expect(data.incidents).toEqual([{ title: 'odd', jobs: [null, { id, status: 'RUNNING' }] }]);
    expect(errors?.filter(({ extensions }) => extensions.code === 'BAD_USER_INPUT')).toMatchObject([
      { message: expect.stringContaining('A Kinetica job ID is a 64-bit integer') },
    ]);
  });

  test('shows a job whose system is down as a stub with the problem', async () => {
    // A separate system: Jobyard blocks requests to a failed system for some seconds.
    const own = await startFederation(pair);
    onTestFinished(() => own.close());
    const jobs = addJobs(own.jobyard, 1);
    const [down = '', up = ''] = [...jobs.kylin, ...jobs.kinetica];
    failReads(own.jobyard, 'kylin', { kind: 'reset', applied: false });
    own.incidents.push({ id: '1', title: 'down', systemId: 'kylin', jobIds: [up], causedBy: toParts(down) });
    const { data, errors } = await own.query(
      '{ incidents { jobs { id status problem { code } } causedBy { id status problem { code systemId } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.incidents).toEqual([
      {
        jobs: [{ id: up, status: 'RUNNING', problem: null }],
        causedBy: { id: down, status: 'UNKNOWN', problem: { code: 'SYSTEM_UNAVAILABLE', systemId: 'kylin' } },
      },
    ]);
  });

  test("pages through the other subgraph's lists and its fields of jobs with the shared PageInfo", async () => {
    const [id = ''] = addJobs(jobyard, 1).kinetica;
    for (let index = 1; index <= 3; index += 1) federation.documents.push({ id: `D${index}`, title: `part ${index}`, ...toParts(id) });
    const { data, errors } = await federation.query(
      `query ($id: ID!) {
        documents(first: 2) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
        jobs(first: 0) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
        job(id: $id) { ... on Job { status documents(first: 1, after: "D1") { edges { node { title } } pageInfo { endCursor } } } }
        node(id: "D3") { id ... on Document { job { id vendorStatus } } }
      }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data.documents).toEqual({
      edges: [{ node: { id: 'D1' } }, { node: { id: 'D2' } }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'D1', endCursor: 'D2' },
    });
    expect(data.jobs.pageInfo).toMatchObject({ hasPreviousPage: false, startCursor: null });
    expect(data.job).toEqual({ status: 'RUNNING', documents: { edges: [{ node: { title: 'part 2' } }], pageInfo: { endCursor: 'D2' } } });
    expect(data.node).toEqual({ id: 'D3', job: { id, vendorStatus: 'RUNNING' } });
  });
});

const strictest = pairs.filter(({ gateway, profile, library }) =>
  gateway === '@apollo/gateway' ? library === '@apollo/composition' : profile === 'full' && library === '@theguild/federation-composition',
);

describe.each(strictest)('$gateway, access configured at Jobyard', (pair) => {
  const { key, sha256 } = createApiKey();
  const asReader = { authorization: `Bearer ${key}` };
  let federation: Federation;
  beforeAll(async () => {
    const grants = [{ scope: 'jobs:read' as const, systems: ['kinetica'] }];
    federation = await startFederation(pair, { access: { apiKeys: [{ name: 'reader', sha256, grants }], jwt: null } });
  });
  afterAll(() => federation.close());

  test('a job that the caller cannot read is null, without a vendor request', async () => {
    const jobs = addJobs(federation.jobyard, 1);
    const [visible = '', hidden = ''] = [...jobs.kinetica, ...jobs.kylin];
    federation.incidents.push({ id: '1', title: 'half', systemId: 'kylin', jobIds: [hidden, visible], causedBy: toParts(hidden) });
    const { data } = await federation.query('{ incidents { title jobs { id status } causedBy { name } } }', {}, asReader);
    expect(data.incidents).toEqual([{ title: 'half', jobs: [null, { id: visible, status: 'RUNNING' }], causedBy: null }]);
    expect(countRequests(federation.jobyard).kylin).toBe(0);
  });

  test('Jobyard enforces @requiresScopes for requests through the gateway', async () => {
    const [id = ''] = addJobs(federation.jobyard, 1).kinetica;
    const cancel = 'mutation ($id: ID!) { cancelJobs(input: { ids: [$id] }) { summary { succeeded } } }';
    for (const [query, path] of [
      ['query ($id: ID!) { job(id: $id) { ... on Job { status raw } } }', ['job', 'raw']],
      ['{ jobSystems { id } }', ['jobSystems']],
      [cancel, ['cancelJobs']],
    ] as const) {
      const { errors } = await federation.query(query, { id }, asReader);
      const direct = await federation.jobyard.query(query, { id }, asReader);
      expect(direct.errors).toMatchObject([{ path, extensions: { code: 'FORBIDDEN' } }]);
      expect(errors).toMatchObject([{ message: direct.errors?.[0]?.message, extensions: { code: 'FORBIDDEN' } }]);
    }
    const { data } = await federation.query('query ($id: ID!) { job(id: $id) { ... on Job { status raw } } }', { id }, asReader);
    expect(data).toEqual({ job: { status: 'RUNNING', raw: null } });
  });

  test('a caller without a key gets nothing from Jobyard', async () => {
    const [id = ''] = addJobs(federation.jobyard, 1).kinetica;
    const query = 'query ($id: ID!) { job(id: $id) { ... on Job { status } } }';
    expect(await federation.query(query, { id }, asReader)).toEqual({ data: { job: { status: 'RUNNING' } } });
    const { data, errors } = await federation.query(query, { id });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(JSON.stringify(errors)).not.toContain('RUNNING');
  });
});

describe.each(composers)('a supergraph composed by $library', ({ compose }) => {
  const composeJobyard = (profile: GatewayProfile, url?: string) =>
    composeOrThrow(compose, [{ name: 'jobyard', sdl: printSdl(profile), ...(url && { url }) }]);

  test('of the full profile is rejected by @apollo/gateway for its access rules; the core profile is not', async () => {
    const start = gateways[0]?.start ?? expect.unreachable();
    await expect(start(composeJobyard('full'))).rejects.toThrow(/requiresScopes.* is for: SECURITY but is unsupported/);
    const gateway = await start(composeJobyard('core'));
    await gateway.close();
  });

  test('of the full profile lets Hive gateway reject operations that cost too much, without a request to Jobyard', async () => {
    const jobyard = await startWithSandboxes({ jobs: 1 });
    const tap = await startTap(`${jobyard.origin}/graphql`);
    const gateway = createGatewayRuntime({
      supergraph: composeJobyard('full', tap.url),
      logging: false,
      demandControl: { maxCost: 1_050, includeExtensionMetadata: true },
    });
    onTestFinished(async () => {
      await gateway[Symbol.asyncDispose]();
      await tap.close();
      await jobyard.close();
    });
    const ask = async (query: string) => {
      const headers = { 'content-type': 'application/json' };
      const response = await gateway.fetch('http://gateway.example/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
      const { errors, extensions } = await response.json();
      return { code: errors?.[0].extensions.code, cost: extensions.cost.estimated };
    };
    // The field's @cost, the page, and its rows by @listSize.
    expect(await ask('{ jobs(first: 10) { nodes { id } } }')).toEqual({ code: undefined, cost: 1_000 + 1 + 10 });
    expect(await ask('{ jobs(first: 10) { edges { node { id } } } }')).toEqual({ code: undefined, cost: 1_000 + 1 + 10 * 2 });
    expect(await ask('{ jobSystem(id: "kylin") { health { status } } }')).toEqual({ code: undefined, cost: 1 + 10 + 1 });
    expect(tap.operations).toHaveLength(3);
    expect(await ask('{ jobs(first: 90) { nodes { id } } }')).toEqual({ code: 'COST_ESTIMATED_TOO_EXPENSIVE', cost: 1_000 + 1 + 90 });
    expect(tap.operations).toHaveLength(3);
  });
});

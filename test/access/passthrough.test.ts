import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SystemConfig } from '../../src/config/systems.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { type GraphqlAnswer, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/*
 * Jobyard sends each caller's own credential to AODocs and Vault, through proxies that record the requests.
 * AODocs: dana administers the first library, amelie the second; neither sees the other's jobs.
 * Vault: ingrid may do everything; mei may log in and see no job.
 */
type Headers = Record<string, string>;
const withToken = (token: string): Headers => ({ 'x-jobyard-credential-aodocs': token });
const withSession = (session: string): Headers => ({ 'X-Jobyard-Credential-Veeva-Vault': session });

let jobyard: WithSandboxes;
let aodocs: RecordingProxy;
let vault: RecordingProxy;
let dana: { token: string; library: string };
let amelie: { token: string; library: string };
let ingrid: string;
let mei: string;

beforeAll(async () => {
  [aodocs, vault] = await Promise.all([startRecordingProxy(), startRecordingProxy()]);
  jobyard = await startPassingThrough();
  const { state } = jobyard.sandboxes.aodocs;
  const [first = '', second = ''] = state.libraries;
  const join = (name: string, library: string) => {
    state.addPerson({ email: `${name}@brightwater.example`, roles: { [library]: 'ADMIN' } });
    return { token: state.issueToken({ email: `${name}@brightwater.example` }), library };
  };
  dana = join('dana', first);
  amelie = join('amelie', second);
  const { administrator, withoutJobsAccess } = jobyard.sandboxes['veeva-vault'].state.users;
  ingrid = await logIn(administrator);
  mei = await logIn(withoutJobsAccess);
});
afterAll(async () => {
  await jobyard.close();
  await Promise.all([aodocs.close(), vault.close()]);
});
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
  aodocs.requests.length = 0;
  vault.requests.length = 0;
});

async function startPassingThrough(options: Parameters<typeof startWithSandboxes>[0] = {}): Promise<WithSandboxes> {
  const passThrough = (system: SystemConfig, proxy: RecordingProxy, settings: unknown): SystemConfig => ({
    ...system,
    credentials: 'passthrough',
    url: proxy.forwardTo(system.url),
    settings,
  });
  return startWithSandboxes({
    jobs: 12,
    ...options,
    change(system) {
      if (system.id === 'veeva-vault') return passThrough(system, vault, { version: 'v26.1' });
      if (system.id !== 'aodocs') return system;
      const { domain, libraries } = system.settings as { domain: string; libraries: string[] };
      return passThrough(system, aodocs, { domain, libraries: libraries.slice(0, 2) });
    },
  });
}

/** The id of a session, as a caller would get it. */
async function logIn({ username, password }: { username: string; password: string }): Promise<string> {
  const { url } = jobyard.sandboxes['veeva-vault'];
  const answer = await fetch(`${url}/api/v26.1/auth`, { method: 'POST', body: new URLSearchParams({ username, password }) });
  return ((await answer.json()) as { sessionId: string }).sessionId;
}

const job = (id: string, headers: Headers): Promise<GraphqlAnswer> =>
  jobyard.query('query ($id: ID!) { job(id: $id) { __typename ... on Job { status } ... on JobError { code message } } }', { id }, headers);
const cancel = (ids: string[], headers: Headers, from = jobyard): Promise<GraphqlAnswer> =>
  from.query(
    'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on JobError { code message } } } }',
    { ids },
    headers,
  );
const jobIn = (library: string) => `aodocs:${jobyard.sandboxes.aodocs.state.addJob({ libraryId: library })}`;
const seen = { __typename: 'Job', status: 'RUNNING' };

describe("the caller's own credential", () => {
  test('is the only credential for AODocs and Vault', async () => {
    const id = jobIn(dana.library);
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(addJob(jobyard, 'veeva-vault'), withSession(ingrid))).data.job.__typename).toBe('Job');
    expect(aodocs.authorizations()).toEqual([`Bearer ${dana.token}`]);
    expect(vault.authorizations()).toEqual([`Bearer ${ingrid}`]);
    for (const { headers } of [...aodocs.requests, ...vault.requests]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('x-jobyard'))).toEqual([]);
    }
  });

  test('decides in whose name an action is performed', async () => {
    const id = addJob(jobyard, 'veeva-vault');
    const { state } = jobyard.sandboxes['veeva-vault'];
    expect((await cancel([id], withSession(mei))).data.cancelJobs.results).toMatchObject([{ __typename: 'AccessDenied' }]);
    expect(state.job(Number(id.split(':')[1]))?.status).toBe('QUEUED');
    expect((await cancel([id], withSession(ingrid))).data.cancelJobs.results).toEqual([{ __typename: 'CancelSuccess' }]);
    expect(state.job(Number(id.split(':')[1]))?.modifiedBy).toBe(state.users.administrator.id);
  });

  test('is sent only to its own system', async () => {
    const { data } = await jobyard.query(
      '{ jobs(first: 0) { systems { system { id } status } } }',
      {},
      { ...withToken(dana.token), 'x-jobyard-credential-kylin': 'x', 'x-jobyard-credential-kinetica': 'y' },
    );
    expect(vault.requests).toEqual([]);
    const statusOf = (system: string) => data.jobs.systems.find((page: { system: { id: string } }) => page.system.id === system).status;
    expect([statusOf('kylin'), statusOf('kinetica'), statusOf('veeva-vault')]).not.toContain('UNAVAILABLE');
    expect(statusOf('veeva-vault')).toBe('ACCESS_DENIED');
    for (const authorization of aodocs.authorizations()) expect(authorization).toBe(`Bearer ${dana.token}`);
  });

  test('is used even if callers have API keys', async () => {
    const started = await startPassingThrough({ access: accessFor({ a: ['jobs:read', 'jobs:cancel'], b: ['jobs:read'] }) });
    try {
      const { state } = started.sandboxes.aodocs;
      const token = state.issueToken();
      const id = `aodocs:${state.addJob()}`;
      expect((await cancel([id], { ...as('b'), ...withToken(token) }, started)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' } },
      ]);
      expect(aodocs.requests).toEqual([]);
      expect((await cancel([id], { ...as('a'), ...withToken(token) }, started)).data.cancelJobs.results).toEqual([
        { __typename: 'CancelSuccess' },
      ]);
    } finally {
      await started.close();
      aodocs.forwardTo(jobyard.sandboxes.aodocs.url);
      vault.forwardTo(jobyard.sandboxes['veeva-vault'].url);
    }
  });
});

describe("a caller's results are shown to no other caller", () => {
  const listed = async (headers: Headers) => {
    const { data } = await jobyard.query('{ jobs(first: 500, filter: { systemIds: ["aodocs"] }) { nodes { vendorId } } }', {}, headers);
    return new Set<string>(data.jobs.nodes.map(({ vendorId }: { vendorId: string }) => vendorId));
  };
  const idsIn = (library: string) =>
    new Set(
      jobyard.sandboxes.aodocs.state
        .jobs()
        .filter(({ libraryId }) => libraryId === library)
        .map(({ jobId }) => jobId),
    );

  test('for lists, in sequence', async () => {
    jobIn(dana.library);
    jobIn(amelie.library);
    for (let round = 0; round < 3; round += 1) {
      expect(await listed(withToken(dana.token))).toEqual(idsIn(dana.library));
      expect(await listed(withToken(amelie.token))).toEqual(idsIn(amelie.library));
    }
  });

  test('for lists and jobs, all at once', async () => {
    const [hers, others] = [jobIn(dana.library), jobIn(amelie.library)];
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const [caller, own, foreign] = index % 2 === 0 ? [dana, hers, others] : [amelie, others, hers];
        const [list, mine, theirs] = await Promise.all([
          listed(withToken(caller.token)),
          job(own, withToken(caller.token)),
          job(foreign, withToken(caller.token)),
        ]);
        expect(list).toEqual(idsIn(caller.library));
        expect(mine.data.job).toEqual(seen);
        expect(theirs.data.job).toMatchObject({ __typename: 'AccessDenied', code: 'ACCESS_DENIED' });
      }),
    );
  });

  test('reads of the same job are neither shared nor batched across callers', async () => {
    const { switches, state } = jobyard.sandboxes.aodocs;
    switches.readAccess = 'members';
    const token = state.issueToken({ email: 'dana@brightwater.example' });
    const id = jobIn(dana.library);
    await Promise.all([job(id, withToken(dana.token)), job(id, withToken(token)), job(id, withToken(amelie.token))]);
    expect(aodocs.authorizations().sort()).toEqual([`Bearer ${amelie.token}`, `Bearer ${dana.token}`, `Bearer ${token}`].sort());
    switches.readAccess = 'restricted';

    const vaultId = addJob(jobyard, 'veeva-vault');
    await Promise.all([job(vaultId, withSession(ingrid)), job(vaultId, withSession(mei))]);
    expect(vault.authorizations().sort()).toEqual([`Bearer ${ingrid}`, `Bearer ${mei}`].sort());
  });

  test("cancels of several callers aren't sent together", async () => {
    const ids = [addJob(jobyard, 'veeva-vault'), addJob(jobyard, 'veeva-vault')];
    const [allowed, denied] = await Promise.all([cancel([ids[0] ?? ''], withSession(ingrid)), cancel([ids[1] ?? ''], withSession(mei))]);
    expect(allowed.data.cancelJobs.results).toEqual([{ __typename: 'CancelSuccess' }]);
    expect(denied.data.cancelJobs.results).toMatchObject([{ __typename: 'AccessDenied' }]);
    const sent = vault.requests.filter(({ target }) => target.includes('/actions/cancel'));
    expect(sent.map(({ headers, body }) => [headers.authorization, JSON.parse(body).length])).toEqual(
      expect.arrayContaining([
        [`Bearer ${ingrid}`, 1],
        [`Bearer ${mei}`, 1],
      ]),
    );
  });

  test('no cached copy replaces a job if the system is unavailable or limits reads', async () => {
    const id = jobIn(dana.library);
    const vaultId = addJob(jobyard, 'veeva-vault');
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(vaultId, withSession(ingrid))).data.job.__typename).toBe('Job');
    for (const system of ['aodocs', 'veeva-vault'] as const) {
      jobyard.sandboxes[system].faults.add({ fault: { kind: 'reset', applied: false }, times: 'always' });
    }
    for (const headers of [withToken(dana.token), withToken(amelie.token), {}]) {
      expect((await job(id, headers)).data.job).toMatchObject({ __typename: 'SystemUnavailable' });
    }
    for (const headers of [withSession(ingrid), withSession(mei), {}]) {
      expect((await job(vaultId, headers)).data.job).toMatchObject({ __typename: 'SystemUnavailable' });
    }
  });
});

describe('without the header', () => {
  const message = (system: string) => `${system} requires your own credential. Send it in the header x-jobyard-credential-${system}.`;

  test('the problem names the header, and nothing is sent to the vendor', async () => {
    for (const id of [jobIn(dana.library), addJob(jobyard, 'veeva-vault')]) {
      const system = id.slice(0, id.indexOf(':'));
      const expected = {
        __typename: 'SystemUnavailable',
        code: 'VENDOR_AUTHENTICATION_FAILED',
        message: expect.stringContaining(message(system)),
      };
      expect((await job(id, {})).data.job).toEqual(expected);
      expect((await cancel([id], {})).data.cancelJobs.results).toEqual([expected]);
    }
    const { data } = await jobyard.query(
      '{ jobs(first: 500) { complete nodes { systemId } systems { system { id } status problem { code message } } } }',
    );
    expect(data.jobs.complete).toBe(false);
    const own = ['aodocs', 'veeva-vault'];
    expect(new Set(data.jobs.nodes.map(({ systemId }: { systemId: string }) => systemId))).toEqual(
      new Set(systemNames.filter((system) => !own.includes(system))),
    );
    for (const system of own) {
      const page = data.jobs.systems.find((candidate: { system: { id: string } }) => candidate.system.id === system);
      expect(page).toMatchObject({
        status: 'ACCESS_DENIED',
        problem: { code: 'VENDOR_AUTHENTICATION_FAILED', message: expect.stringContaining(message(system)) },
      });
    }
    expect([...aodocs.requests, ...vault.requests]).toEqual([]);
  });

  test('an empty header counts as none', async () => {
    expect((await job(jobIn(dana.library), withToken(''))).data.job).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    expect(aodocs.requests).toEqual([]);
  });

  test('the health is unknown, not down; with it, it is checked once per operation, for this caller only', async () => {
    const health =
      '{ jobSystems { id a: health { status checkedAt problem { code message } } b: health { status } c: health { status } } }';
    const healthOf = async (headers: Headers) => {
      const { data } = await jobyard.query(health, {}, headers);
      return Object.fromEntries(data.jobSystems.map(({ id, ...checks }: { id: string }) => [id, checks]));
    };
    const unknown = (system: string) => ({
      a: { status: 'UNKNOWN', checkedAt: null, problem: { code: 'VENDOR_AUTHENTICATION_FAILED', message: message(system) } },
    });
    expect(await healthOf({})).toMatchObject({
      aodocs: unknown('aodocs'),
      'veeva-vault': unknown('veeva-vault'),
      kylin: { a: { status: 'UP' } },
    });
    expect([...aodocs.requests, ...vault.requests]).toEqual([]);

    expect(await healthOf({ ...withToken(dana.token), ...withSession(ingrid) })).toMatchObject({
      aodocs: { a: { status: 'UP' }, b: { status: 'UP' }, c: { status: 'UP' } },
      'veeva-vault': { a: { status: 'UP' } },
    });
    expect([aodocs.requests.length, vault.requests.length]).toEqual([1, 1]);
    expect(await healthOf(withSession(mei))).toMatchObject({
      'veeva-vault': { a: { status: 'DOWN', problem: { code: 'ACCESS_DENIED' } } },
    });
    expect(await healthOf({})).toMatchObject({ aodocs: unknown('aodocs'), 'veeva-vault': unknown('veeva-vault') });
  });
});

describe('a credential that the vendor rejects', () => {
  test('affects only its caller', async () => {
    const [id, vaultId] = [jobIn(dana.library), addJob(jobyard, 'veeva-vault')];
    for (let tries = 0; tries < 15; tries += 1) {
      expect((await job(id, withToken('ya29.nobody'))).data.job).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
      expect((await job(vaultId, withSession('NOBODY'))).data.job).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    }
    // Once each: no cool-down kept them back, and no other session was opened for them.
    expect([aodocs.requests.length, vault.requests.length]).toEqual([15, 15]);
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(vaultId, withSession(ingrid))).data.job.__typename).toBe('Job');
  });

  test.each(['html 401', 'html 403'])('also by a proxy (%s)', async (kind) => {
    const fault = { kind: 'answer', status: Number(kind.slice(-3)), applied: false } as const;
    for (const system of ['aodocs', 'veeva-vault'] as const) jobyard.sandboxes[system].faults.add({ fault, times: 1 });
    const [id, vaultId] = [jobIn(dana.library), addJob(jobyard, 'veeva-vault')];
    await Promise.all([job(id, withToken(amelie.token)), job(vaultId, withSession(mei))]);
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(vaultId, withSession(ingrid))).data.job.__typename).toBe('Job');
  });

  test("a throttled caller doesn't delay the others", async () => {
    const fault = { kind: 'answer', status: 429, headers: { 'retry-after': '120' }, applied: false } as const;
    for (const system of ['aodocs', 'veeva-vault'] as const) jobyard.sandboxes[system].faults.add({ fault, times: 1 });
    const [id, vaultId] = [jobIn(dana.library), addJob(jobyard, 'veeva-vault')];
    expect((await job(id, withToken(amelie.token))).data.job).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await job(vaultId, withSession(mei))).data.job).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(vaultId, withSession(ingrid))).data.job.__typename).toBe('Job');
  });
});

describe('a header without a usable credential', () => {
  test.each<[string, string | string[]]>([
    ['a space inside', 'a b'],
    ['a tab inside', 'a\tb'],
    ['a second header', ['ya29.one', 'ya29.two']],
    ['a letter that is not ASCII', 'caf\u00e9'],
    ['a control character of Latin-1', 'a\u0085b'],
    ['a comma and a scheme', 'x, Bearer y'],
  ])('(%s) reaches no vendor and affects no other caller', async (_what, value) => {
    const [id, vaultId] = [jobIn(dana.library), addJob(jobyard, 'veeva-vault')];
    for (let tries = 0; tries < 12; tries += 1) {
      for (const [jobId, name] of [
        [id, 'x-jobyard-credential-aodocs'],
        [vaultId, 'x-jobyard-credential-veeva-vault'],
      ] as const) {
        const { status, text } = await post({ [name]: value }, jobId);
        expect(status).toBe(200);
        expect(JSON.parse(text).data.job).toMatchObject({ __typename: 'SystemUnavailable', code: 'VENDOR_AUTHENTICATION_FAILED' });
        for (const part of [value].flat()) expect(text).not.toContain(part);
      }
    }
    expect([...aodocs.requests, ...vault.requests]).toEqual([]);
    expect((await job(id, withToken(dana.token))).data.job).toEqual(seen);
    expect((await job(vaultId, withSession(ingrid))).data.job.__typename).toBe('Job');
  });

  test('(too long to be read) is rejected with its request', async () => {
    const { status } = await post({ 'x-jobyard-credential-aodocs': 'x'.repeat(20_000) }, jobIn(dana.library));
    expect(status).toBe(431);
    expect(aodocs.requests).toEqual([]);
  });

  test("(of the maximum length) is the vendor's to reject", async () => {
    const { text } = await post({ 'x-jobyard-credential-aodocs': 'x'.repeat(12_000) }, jobIn(dana.library));
    expect(JSON.parse(text).data.job).toMatchObject({ __typename: 'SystemUnavailable' });
    expect((await job(jobIn(dana.library), withToken(dana.token))).data.job).toEqual(seen);
  });
});

/** Requests a job with headers that fetch wouldn't send. */
function post(headers: Record<string, string | string[]>, id: string) {
  const body = JSON.stringify({
    query: 'query ($id: ID!) { job(id: $id) { __typename ... on JobError { code message } } }',
    variables: { id },
  });
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(
      `${jobyard.origin}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject).end(body);
  });
}

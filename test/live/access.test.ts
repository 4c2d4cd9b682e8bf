import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accessFor, as, keyOf } from '../access/callers.ts';
import { addJob, countActions, countRequests, failAction } from '../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { type Following, openRawSocket, transports, upgradeAnswer } from './clients.ts';

const jobsChanged = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id status raw } }';

async function start(options: StartOptions): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 2, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** The errors of a rejected operation, for any transport. */
async function refusalOf({ answers, end }: Following): Promise<unknown> {
  const how = await end;
  return how === 'complete' ? answers[0]?.errors : how.error;
}

let guarded: WithSandboxes;
beforeAll(async () => {
  const callers = {
    reader: ['jobs:read'],
    raw: ['jobs:read', 'jobs:raw'],
    canceller: ['jobs:cancel'],
    kylinOnly: ['jobs:read@kylin'],
    unscoped: [],
  };
  guarded = await startWithSandboxes({ jobs: 2, access: accessFor(callers) });
});
afterAll(() => guarded.close());

describe.each(Object.entries(transports))('over %s', (transport, follow) => {
  test('rejects a caller without a key', async () => {
    const before = countRequests(guarded, 'kylin');
    const refusal = await refusalOf(follow(guarded.origin, jobsChanged, { variables: { ids: [addJob(guarded, 'kylin')] } }));
    if (transport === 'websocket')
      expect(refusal).toMatchObject({ code: 4401, reason: expect.stringMatching(/^Not authenticated: send an API key/) });
    else expect((refusal as { response: Response }).response.status).toBe(401);
    expect(countRequests(guarded, 'kylin')).toBe(before);
  });

  test('rejects an unknown key', async () => {
    const headers = { 'x-api-key': 'jobyard_guessed' };
    const refusal = await refusalOf(follow(guarded.origin, '{ jobSystems { id } }', { headers }));
    if (transport === 'websocket') expect(refusal).toMatchObject({ code: 4401, reason: 'Not authenticated: unknown API key.' });
    else expect((refusal as { response: Response }).response.status).toBe(401);
  });

  test.each([
    ['jobs:read', 'canceller', 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { id } }', 'jobsChanged'],
    ['jobs:read', 'canceller', 'query ($ids: [ID!]!) { waitForJobs(ids: $ids) { reached } }', 'waitForJobs'],
    ['jobs:cancel', 'reader', 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { summary { requested } } }', 'cancelJobs'],
  ])('without %s: %s is rejected', async (scope, caller, query, field) => {
    const ids = [addJob(guarded, 'kinetica')];
    const before = countRequests(guarded, 'kinetica');
    const refusal = await refusalOf(follow(guarded.origin, query, { variables: { ids }, headers: as(caller) }));
    const message = `${field} requires the scope ${scope}, which key:${caller} doesn't have.`;
    expect(refusal).toMatchObject([{ message, extensions: { code: 'FORBIDDEN' } }]);
    expect(countRequests(guarded, 'kinetica')).toBe(before);
    expect(countActions(guarded, 'kinetica')).toBe(0);
  });

  test('checks the scope of a nested field for every event', async () => {
    const ids = [addJob(guarded, 'kinetica')];
    const reader = follow(guarded.origin, jobsChanged, { variables: { ids }, headers: as('reader') });
    expect((await reader.answer(1)).errors).toMatchObject([{ path: ['jobsChanged', 'raw'], extensions: { code: 'FORBIDDEN' } }]);
    expect(JSON.stringify(reader.answers)).not.toContain('job_id');
    const raw = follow(guarded.origin, jobsChanged, { variables: { ids }, headers: as('raw') });
    expect((await raw.answer(1)).data.jobsChanged.raw).toHaveProperty('job_id');
  });

  test("a system that is not the caller's does not exist, beside one that is", async () => {
    const kinetica = addJob(guarded, 'kinetica');
    const kylin = addJob(guarded, 'kylin');
    const headers = as('kylinOnly');
    const before = countRequests(guarded, 'kinetica');
    const refusal = await refusalOf(follow(guarded.origin, jobsChanged, { variables: { ids: [kylin, kinetica] }, headers }));
    expect(refusal).toMatchObject([
      { message: 'ids: System "kinetica" not found, or access denied.', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const status = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status } }';
    const allowed = follow(guarded.origin, status, { variables: { ids: [kylin] }, headers });
    expect(await allowed.answer(1)).toEqual({ data: { jobsChanged: { status: 'RUNNING' } } });
    expect(countRequests(guarded, 'kinetica')).toBe(before);
  });

  test('of a system where the caller may act and not read, a job is one that can not be read', async () => {
    const access = accessFor({ mixed: ['jobs:read@kylin', 'jobs:cancel@kinetica'] });
    const jobyard = await start({ access });
    const ids = [addJob(jobyard, 'kinetica')];
    const before = countRequests(jobyard, 'kinetica');
    const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status problem { code } } }';
    const { answers, end } = follow(jobyard.origin, query, { variables: { ids }, headers: as('mixed') });
    expect(await end).toBe('complete');
    expect(answers).toEqual([{ data: { jobsChanged: { status: 'UNKNOWN', problem: { code: 'ACCESS_DENIED' } } } }]);
    expect(countRequests(jobyard, 'kinetica')).toBe(before);
  });

  test.each([
    ['maxTokens', { maxTokens: 100 }, `{ jobSystems { ${'id '.repeat(200)} } }`],
    ['maxDepth', { maxDepth: 3 }, 'subscription { jobsChanged(ids: ["kylin:1"]) { system { jobs { nodes { system { id } } } } } }'],
    ['maxAliases', { maxAliases: 2 }, '{ a: jobSystems { id } b: jobSystems { id } c: jobSystems { id } }'],
    ['maxDirectives', { maxDirectives: 1 }, 'subscription { jobsChanged(ids: ["kylin:1"]) { id @skip(if: false) name @skip(if: false) } }'],
    ['maxCost', { maxCost: 400 }, `subscription { jobsChanged(ids: [${'"kylin:1" '.repeat(500)}]) { id } }`],
    ['maxCost of a list', { maxCost: 1_200 }, 'subscription { jobListChanged(first: 500) { ... on JobEntered { job { id } } } }'],
    ['introspection', { introspection: false }, '{ __schema { types { name } } }'],
    ['the nesting', {}, '{'.repeat(300)],
    ['an unknown field', {}, 'subscription { jobsChanged(ids: ["kylin:1"]) { nonsense } }'],
    ['an unknown subscription', {}, 'subscription { nonsense }'],
    ['two subscriptions in one', {}, 'subscription { a: jobsChanged(ids: ["kylin:1"]) { id } b: jobsChanged(ids: ["kylin:2"]) { id } }'],
  ])('%s is checked', async (_what, limits, query) => {
    const jobyard = await start({ limits });
    const refusal = (await refusalOf(follow(jobyard.origin, query))) as { response?: Response };
    // As over HTTP: before the stream begins there is a status for it.
    if (refusal.response) expect(refusal.response.status).toBe(400);
    else expect(refusal).toMatchObject([{ extensions: { code: expect.stringMatching(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/) } }]);
    expect(JSON.stringify(refusal)).not.toContain('node_modules');
  });

  test('each operation counts towards requestsPerMinute', async () => {
    const jobyard = await start({ access: accessFor({ ann: ['systems:read'], bob: ['systems:read'] }), limits: { requestsPerMinute: 2 } });
    const ask = (caller: string) => follow(jobyard.origin, '{ jobSystems { id } }', { headers: as(caller) });
    for (let count = 0; count < 2; count += 1) expect(await ask('ann').end).toBe('complete');
    const refusal = (await refusalOf(ask('ann'))) as { response?: Response };
    if (refusal.response) expect(refusal.response.status).toBe(429);
    else
      expect(refusal).toMatchObject([
        { extensions: { code: 'RATE_LIMITED' }, message: expect.stringMatching(/^key:ann exceeded requestsPerMinute/) },
      ]);
    expect(await ask('bob').end).toBe('complete');
  });

  test('a caller has so many connections and no more; one that ends makes room', async () => {
    const jobyard = await start({ access: accessFor({ ann: ['jobs:read'], bob: ['jobs:read'] }), limits: { maxConnectionsPerCaller: 2 } });
    const ids = [addJob(jobyard, 'kinetica')];
    const query = 'subscription ($ids: [ID!]!) { jobsChanged(ids: $ids) { status } }';
    const open = (caller: string) => follow(jobyard.origin, query, { variables: { ids }, headers: as(caller) });
    const first = open('ann');
    await Promise.all([first.answer(1), open('ann').answer(1)]);
    const how = await open('ann').end;
    const error = how === 'complete' ? null : (how.error as { response?: Response });
    if (error?.response) expect(error.response.status).toBe(429);
    else
      expect(error).toMatchObject({
        code: 1013,
        reason: 'key:ann has 2 open connections, the maximum (maxConnectionsPerCaller). Close one.',
      });
    await open('bob').answer(1);
    first.stop();
    await expect
      .poll(async () =>
        open('ann')
          .answer(1)
          .catch(() => null),
      )
      .not.toBeNull();
  });

  test.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of this host at another port', { origin: 'http://127.0.0.1:1' }],
    ['of nowhere (a sandboxed frame, a file)', { origin: 'null' }],
    ['of another site without an origin', { 'sec-fetch-site': 'cross-site' }],
  ])('a page %s is rejected', async (_which, headers) => {
    const jobyard = await start({});
    const ids = [addJob(jobyard, 'kinetica')];
    const { end } = follow(jobyard.origin, jobsChanged, { variables: { ids }, headers });
    expect(await end).not.toBe('complete');
    expect(countRequests(jobyard, 'kinetica')).toBe(0);
  });

  test('a page of this host, and one that is allowed, is let in', async () => {
    const jobyard = await start({ allowedOrigins: ['https://console.example'] });
    for (const origin of [jobyard.origin, 'https://console.example']) {
      expect(await follow(jobyard.origin, '{ jobSystems { id } }', { headers: { origin } }).end).toBe('complete');
    }
  });
});

describe('WebSocket', () => {
  const url = (origin: string, path = '/graphql') => origin.replace('http', 'ws') + path;

  test("a browser, which can't send headers, authenticates in connection_init", async () => {
    for (const init of [{ Authorization: `Bearer ${keyOf('reader')}` }, { 'x-api-key': keyOf('reader') }]) {
      const raw = await openRawSocket(guarded.origin, { init });
      await raw.next('connection_ack');
      const id = addJob(guarded, 'kinetica');
      raw.send({ type: 'subscribe', id: '1', payload: { query: `{ job(id: "${id}") { ... on Job { status } } }` } });
      expect((await raw.next('next', '1')).payload).toEqual({ data: { job: { status: 'RUNNING' } } });
    }
  });

  test('the header is stronger than connection_init', async () => {
    const raw = await openRawSocket(guarded.origin, { headers: as('unscoped'), init: { authorization: `Bearer ${keyOf('reader')}` } });
    await raw.next('connection_ack');
    raw.send({ type: 'subscribe', id: '1', payload: { query: '{ job(id: "kylin:1") { __typename } }' } });
    expect(JSON.stringify((await raw.next('next', '1')).payload)).toContain("which key:unscoped doesn't have");
  });

  test.each([
    ['an operation before connection_init', [{ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }], 4401],
    ['what is no message', ['nonsense'], 4400],
    ['an unknown message', [{ type: 'nonsense' }], 4400],
    ['a second connection_init', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
    [
      'the same id twice',
      [
        { type: 'connection_init' },
        ...[1, 2].map(() => ({
          type: 'subscribe',
          id: '1',
          payload: { query: 'subscription { jobsChanged(ids: ["kinetica:1"]) { id } }' },
        })),
      ],
      4409,
    ],
  ])('%s closes the connection', async (_what, messages, code) => {
    const jobyard = await start({});
    jobyard.sandboxes.kinetica.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
    const raw = await openRawSocket(jobyard.origin, { init: null });
    for (const message of messages) {
      raw.send(message);
      if (typeof message === 'object' && message.type === 'connection_init' && code === 4409) await raw.next('connection_ack');
    }
    expect((await raw.closed).code).toBe(code);
  });

  test('closes a connection that never sends a message', async () => {
    const raw = await openRawSocket(guarded.origin, { init: null });
    expect((await raw.closed).code).toBe(4408);
  });

  test('a message larger than maxBodyBytes closes the connection', async () => {
    const jobyard = await start({ limits: { maxBodyBytes: 2048 } });
    const raw = await openRawSocket(jobyard.origin);
    await raw.next('connection_ack');
    raw.send({ type: 'subscribe', id: '1', payload: { query: `{ __typename } #${'x'.repeat(3000)}` } });
    expect((await raw.closed).code).toBe(1009);
    expect(await (await fetch(`${jobyard.origin}/livez`)).text()).toBe('ok\n');
  });

  test('a connection has so many operations and no more; one that ends makes room', async () => {
    const jobyard = await start({ limits: { maxSubscriptionsPerConnection: 2 } });
    const id = addJob(jobyard, 'kinetica');
    const raw = await openRawSocket(jobyard.origin);
    await raw.next('connection_ack');
    const subscribe = (operation: string) =>
      raw.send({ type: 'subscribe', id: operation, payload: { query: `subscription { jobsChanged(ids: ["${id}"]) { status } }` } });
    for (const operation of ['1', '2', '3']) subscribe(operation);
    expect((await raw.next('error')).payload).toMatchObject([
      {
        message: 'This connection has 2 open operations, the maximum (maxSubscriptionsPerConnection). Complete one first.',
        extensions: { code: 'RATE_LIMITED' },
      },
    ]);
    await Promise.all([raw.next('next', '1'), raw.next('next', '2')]);
    raw.send({ type: 'complete', id: '1' });
    subscribe('4');
    expect((await raw.next('next', '4')).payload).toEqual({ data: { jobsChanged: { status: 'RUNNING' } } });
  });

  test('an operation counts until it has ended, also where its client does not want the answer any more, which ends a query', async () => {
    const lines: string[] = [];
    const jobyard = await start({ limits: { maxSubscriptionsPerConnection: 2 }, log: (line) => lines.push(line) });
    const id = addJob(jobyard, 'kylin');
    failAction(jobyard, 'kylin', { kind: 'slow', ms: 1_000 }, 'always');
    const raw = await openRawSocket(jobyard.origin);
    await raw.next('connection_ack');
    const begin = (operation: string, query: string) => raw.send({ type: 'subscribe', id: operation, payload: { query } });
    begin('wait', `query Wait { waitForJobs(ids: ["${id}"], timeoutSeconds: 20) { reached } }`);
    begin('cancel', `mutation { cancelJobs(input: { ids: ["${id}"] }) { summary { succeeded } } }`);
    await expect.poll(() => countActions(jobyard, 'kylin'), { interval: 10 }).toBe(1);
    raw.send({ type: 'complete', id: 'cancel' });
    begin('third', '{ __typename }');
    expect((await raw.next('error')).payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    raw.send({ type: 'complete', id: 'wait' });
    await expect.poll(() => lines.some((line) => line.includes('"Wait"'))).toBe(true);
    begin('fourth', '{ __typename }');
    expect((await raw.next('next', 'fourth')).payload).toEqual({ data: { __typename: 'Query' } });
  });

  test('is at /graphql only, for names of this machine only where no access is configured', async () => {
    const jobyard = await start({});
    expect((await upgradeAnswer(url(jobyard.origin, '/'))).status).toBe(404);
    const answer = await upgradeAnswer(url(jobyard.origin), { host: 'evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('Host not allowed: without access, use a loopback host.');
    const page = await upgradeAnswer(url(jobyard.origin), { origin: 'https://evil.example' });
    expect(page).toMatchObject({ status: 403, body: expect.stringContaining('server.cors.origins') });
  });

  test('ignores other upgrades, and responds to the request', async () => {
    const { hostname, port } = new URL(guarded.origin);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write(`GET /livez HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('a client that reads nothing and continues to send requests is disconnected', async () => {
    const jobyard = await start({ jobs: 500 });
    const raw = await openRawSocket(jobyard.origin);
    await raw.next('connection_ack');
    raw.socket.pause();
    const payload = {
      query: '{ jobs(first: 500) { nodes { id name type status vendorStatus owner createdAt startedAt observedAt raw } } }',
    };
    let id = 0;
    const asking = setInterval(() => {
      for (let count = 0; count < 20; count += 1) raw.send({ type: 'ping', payload: { text: 'x'.repeat(16_000), id } });
      raw.send({ type: 'subscribe', id: String(id), payload });
      id += 1;
    }, 10);
    onTestFinished(() => clearInterval(asking));
    const [code] = await Promise.race([once(raw.socket, 'close'), once(raw.socket, 'error').then(() => [1006])]);
    expect(code).toBe(1006);
  });
});

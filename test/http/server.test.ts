import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { defaultServer } from '../../src/config/config.ts';
import { createConsoleFiles } from '../../src/http/console.ts';
import { createPlaygroundFiles } from '../../src/http/playground.ts';
import { startServer } from '../../src/http/server.ts';
import { consoleFolder, playgroundFolder } from '../../src/package.js';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 2 });
});
afterAll(() => jobyard.close());

/** What no response may contain: stack traces, paths on this machine, credentials. */
const telltale = /\n\s+at |node_modules|\.ts:\d|file:\/\/|stacktrace|KYLIN|securityCode/;

async function send(path: string, init: RequestInit = {}) {
  const response = await fetch(jobyard.origin + path, init);
  const body = await response.text();
  expect(body).not.toMatch(telltale);
  return { status: response.status, headers: response.headers, body };
}

const json = { 'content-type': 'application/json' };

function postBody(body: string, headers: Record<string, string> = json) {
  return send('/graphql', { method: 'POST', headers, body });
}

/** Checks that the server still responds to a valid request. */
async function expectAlive(): Promise<void> {
  expect((await postBody('{"query":"{ __typename }"}')).body).toContain('"Query"');
}

describe('a body', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/javascript',
    'json',
    'application/json-seq',
  ])('of the content type %s is not executed: any page could send it', async (contentType) => {
    const { status, body } = await postBody('{"query":"{ __typename }"}', { 'content-type': contentType });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(JSON.parse(body)).toEqual({ errors: [expect.objectContaining({ message: expect.stringMatching(/./) })] });
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/graphql+json'])(
    'of the content type %s is executed',
    async (contentType) => {
      const { status, body } = await postBody('{"query":"{ __typename }"}', { 'content-type': contentType });
      expect(status).toBe(200);
      expect(JSON.parse(body)).toEqual({ data: { __typename: 'Query' } });
    },
  );

  test.each(['', '{', '{"query":', "{'query': '{ __typename }'}", 'query { __typename }', '\u0000', '{"query":"{ __typename }"}}'])(
    'that is no JSON, %j, is rejected',
    async (body) => {
      const { status, body: answer } = await postBody(body);
      expect(status).toBe(400);
      expect(JSON.parse(answer).errors).toHaveLength(1);
    },
  );

  test.each([
    'null',
    '12',
    '"{ __typename }"',
    'true',
    '[]',
    '[{"query":"{ __typename }"}]',
    '{}',
    '{"query":12}',
    '{"query":null}',
    '{"query":"{ __typename }","variables":"x"}',
    '{"query":"{ __typename }","variables":[1]}',
  ])('that is JSON but not a request, %s, is rejected', async (body) => {
    const { status, body: answer } = await postBody(body);
    expect(status).toBe(400);
    expect(JSON.parse(answer)).toEqual({ errors: [expect.objectContaining({ message: expect.stringMatching(/./) })] });
  });

  test('with several operations in a list is rejected: no batching', async () => {
    const { status, body } = await postBody(JSON.stringify(Array(3).fill({ query: '{ __typename }' })));
    expect(status).toBe(400);
    expect(body).toContain('batching');
  });

  const tooLong = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(1024 * 1024) } });

  test('of more than 1 MiB is rejected with 413, with and without an announced length', async () => {
    expect(await postBody(tooLong)).toMatchObject({ status: 413 });
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(tooLong));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers: json, body: chunked, duplex: 'half' };
    expect(await send('/graphql', init)).toMatchObject({ status: 413 });
    await expectAlive();
  });

  test('that announces more than 1 MiB is rejected before it is sent', async () => {
    const call = request(`${jobyard.origin}/graphql`, { method: 'POST', headers: { ...json, 'content-length': '999999999999' } });
    onTestFinished(() => void call.destroy());
    call.on('error', () => {});
    const response = await new Promise<{ statusCode?: number | undefined }>((resolve) => {
      call.on('response', resolve);
      call.write('{');
    });
    expect(response.statusCode).toBe(413);
  });

  test('of just under 1 MiB is read', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(1024 * 1024 - 100) } });
    expect(await postBody(body)).toMatchObject({ status: 200 });
  });

  test('whose client disconnects halfway affects no other request', async () => {
    const { hostname, port } = new URL(jobyard.origin);
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(Number(port), hostname);
      await new Promise<void>((resolve) => {
        const head = `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":`;
        socket.write(head, () => resolve());
      });
      socket.destroy();
    }
    await expectAlive();
  });
});

describe('a method', () => {
  const query = `/graphql?query=${encodeURIComponent('{ __typename }')}`;

  test('GET is rejected if any page could send it, and served otherwise', async () => {
    expect(await send(query)).toMatchObject({ status: 400 });
    expect(await send(query, { headers: { 'apollo-require-preflight': '1' } })).toMatchObject({
      status: 200,
      body: '{"data":{"__typename":"Query"}}\n',
    });
  });

  test('GET changes nothing', async () => {
    const id = addJob(jobyard, 'aodocs');
    const mutation = `mutation { cancelJobs(input: { ids: ["${id}"] }) { summary { requested } } }`;
    const { status } = await send(`/graphql?query=${encodeURIComponent(mutation)}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(status).toBe(405);
    expect(jobyard.sandboxes.aodocs.state.job(id.slice('aodocs:'.length))?.status).toBe('IN_PROGRESS');
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    expect(await send('/graphql', { method, headers: json, body: '{"query":"{ __typename }"}' })).toMatchObject({ status: 405 });
  });
});

describe('a path', () => {
  test.each([
    '/nothing',
    '/graphql/',
    '/graphql/x',
    '/GRAPHQL',
    '//',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/src/main.ts',
    '/playground/x',
    '/livez/',
    '/*',
    '/%00',
    '/.env',
  ])('%s is 404, and reveals nothing about the machine', async (path) => {
    const { status, headers, body } = await send(path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/json');
    expect(JSON.parse(body).errors).toHaveLength(1);
  });

  test('/livez and /readyz return ok', async () => {
    expect(await send('/livez')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await send('/readyz?verbose')).toMatchObject({ status: 200, body: 'ok\n' });
  });

  test('/metrics counts the requests to vendors and to GraphQL', async () => {
    await postBody('{"query":"{ jobs { nodes { id } } }"}');
    const { headers, body } = await send('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    for (const system of systemNames)
      expect(body).toMatch(new RegExp(`^jobyard_vendor_requests_total\\{system="${system}",.*result="200"\\} [1-9]`, 'm'));
    expect(body).toMatch(/^jobyard_graphql_request_duration_seconds_count\{status="200"\} [1-9]/m);
  });
});

describe('a host', () => {
  function callAs(host: string): Promise<number | undefined> {
    const call = request(jobyard.origin, { path: '/livez', headers: { host } });
    return new Promise((resolve, reject) => {
      call
        .on('response', (response) => resolve(text(response).then(() => response.statusCode)))
        .on('error', reject)
        .end();
    });
  }

  test.each(['127.0.0.1', 'localhost:4000', '[::1]:80'])('%s is this machine', async (host) => {
    expect(await callAs(host)).toBe(200);
  });

  test.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:4000', 'x'])(
    '%j is not: its pages must not get at the jobs',
    async (host) => {
      expect(await callAs(host)).toBe(403);
    },
  );
});

test("bytes that aren't HTTP get 400 and don't stop the server", async () => {
  const { hostname, port } = new URL(jobyard.origin);
  for (const garbage of ['\u0000\u0001\u0002\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`]) {
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.end(garbage);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  await expectAlive();
});

test('a bug is logged, and its caller gets no detail', async () => {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const graphql = async () => {
    throw new Error('the password is swordfish');
  };
  const origins = { allowsHost: null, allowedOrigins: [] };
  const server = await startServer({
    ...defaultServer,
    port: 0,
    maxConnections: 10,
    metrics: createMetrics(),
    logger,
    graphql,
    consoleFiles: createConsoleFiles({ folder: consoleFolder, isEnabled: false }),
    playgroundFiles: createPlaygroundFiles({ folder: playgroundFolder, isEnabled: false }),
    isReady: () => true,
    upgrade: () => {},
    origins,
    recordRejection: () => {},
  });
  onTestFinished(() => server.close(0));
  const response = await fetch(`${server.origin}/graphql`);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ errors: [{ message: 'Internal error. It has been logged.' }] });
  expect(logged.join()).toContain('the password is swordfish');
});

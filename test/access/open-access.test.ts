import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, withSystem, writeTemporaryFile } from '../config/load.ts';
import { run, runJobyard } from '../processes.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';

const accessKey = `access: { apiKeys: [{ name: a, sha256: ${accessFor({ a: [] }).apiKeys[0]?.sha256}, scopes: [jobs:read] }] }`;

describe('without access', () => {
  const refusal = (host: string) =>
    `server.host: expected a loopback address (127.0.0.1, ::1, localhost) without access control, got "${host}"; configure the key access to listen elsewhere`;

  test.each([
    '0.0.0.0',
    '::',
    'example.org',
    '192.168.1.7',
    '127.0.0.1.example.org',
    '0',
    'localhost.example.org',
    'localhost.',
    '127.attacker.example',
    '127.1.1.999',
    '::ffff:10.0.0.1',
  ])('the host %s is an error, as a flag and as a variable', (host) => {
    expect(readConfig(['--host', host], {})).toEqual({ errors: [refusal(host)] });
    expect(readConfig([], { HOST: host })).toEqual({ errors: [refusal(host)] });
  });

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('the host %s is accepted', (host) => {
    expect(readConfig(['--host', host], {})).toMatchObject({ server: { host }, access: null });
  });

  test('rejects a start on another host with exit code 2 and one line', async () => {
    const jobyard = run('src/main.ts', ['--host', '0.0.0.0', '--port', '0']);
    expect(await jobyard.exit()).toBe(2);
    expect(jobyard.stderr()).toBe(`${refusal('0.0.0.0')}\n`);
    expect(jobyard.stdout()).toBe('');
  });

  test('rejects a file with such a host', async () => {
    const file = writeTemporaryFile(`server: { host: 0.0.0.0, port: 0 }\n${withSystem('')}`);
    const jobyard = run('src/main.ts', ['--config', file]);
    expect(await jobyard.exit()).toBe(2);
    expect(jobyard.stderr()).toMatch(/^\S+: server\.host: expected a loopback address [^\n]*\n$/);
  });

  test('a start listens on loopback only, and warns that access control is off', async () => {
    const jobyard = await runJobyard(['--config', writeTemporaryFile(withSystem(''))]);
    expect(jobyard.origin).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(jobyard.stdout()).toContain('Access control is off: every local user has full access.');
    const port = Number(new URL(jobyard.origin).port);
    expect(await connectTo('127.0.0.1', port)).toBe('connected');
    // Another address of this machine, at which a server on all addresses would respond.
    expect(await connectTo('127.0.0.2', port)).toBe('ECONNREFUSED');
  });
});

test("with access, listens on all addresses, doesn't warn, and requires a key", async () => {
  const file = writeTemporaryFile(`server: { host: 0.0.0.0 }\n${accessKey}\n${withSystem('')}`);
  const jobyard = await runJobyard(['--config', file]);
  expect(jobyard.stdout()).not.toContain('Access control is off');
  const origin = `http://127.0.0.2:${new URL(jobyard.origin).port}`;
  const ask = (headers: Record<string, string>) =>
    fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{__typename}"}',
    });
  expect((await ask({})).status).toBe(401);
  expect((await ask(as('a'))).status).toBe(200);
});

describe('the Host header', () => {
  let open: WithSandboxes;
  let guarded: WithSandboxes;
  beforeAll(async () => {
    [open, guarded] = await Promise.all([
      startWithSandboxes({ jobs: 1 }),
      startWithSandboxes({ jobs: 1, access: accessFor({ a: ['jobs:read'] }) }),
    ]);
  });
  afterAll(() => Promise.all([open.close(), guarded.close()]));

  const foreign = [
    'example.org',
    'example.org:4000',
    'localhost.example.org',
    '127.0.0.1.example.org',
    'localhost.',
    'localhost@example.org',
    'example.org@localhost',
    'example.org#localhost',
    'localhost/example.org',
    'localhost\\example.org',
    'localhost, example.org',
    'localhost example.org',
    'loca\tlhost',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0.0.0.0',
    '[::]',
    '[::ffff:10.0.0.1]',
    '127.attacker.example',
    '127.1.1.999',
    '127.0.0.1.',
    '[127.0.0.1]x',
    '169.254.169.254',
    'localhost%00.example.org',
    'localhost:4000:80',
    ':4000',
    '',
  ];

  test.each(foreign)('"%s" is rejected without access, on every path', async (host) => {
    for (const path of ['/graphql', '/', '/playground', '/metrics', '/livez', '/nowhere']) {
      const answer = await ask(open, host, path);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    }
  });

  test.each([
    'localhost',
    'LocalHost:1',
    '127.0.0.1',
    '127.0.0.1:65535',
    '127.8.9.1',
    '[::1]',
    '[::1]:4000',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('"%s" is accepted as a loopback host', async (host) => {
    expect((await ask(open, host, '/graphql')).status).toBe(200);
  });

  const getWithout = (path: string, version = '1.0', header = '') => sendRaw(open, `GET ${path} HTTP/${version}\r\n${header}\r\n`);

  test('a missing one, which HTTP/1.0 allows, is rejected', async () => {
    for (const path of ['/', '/metrics', '/graphql?query={__typename}', '/nowhere', '//livez', '/livez/..', '/livez/../graphql']) {
      expect(await getWithout(path)).toMatch(/^HTTP\/1\.1 403 /);
    }
    const post = 'POST /graphql HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{"query":"{__typename}"}';
    expect(await sendRaw(open, post)).toMatch(/^HTTP\/1\.1 403 /);
  });

  test.each(['/livez', '/readyz'])('is not required for %s, which load balancers request by HTTP/1.0', async (path) => {
    for (const asked of [path, `${path}?from=balancer`]) expect(await getWithout(asked)).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nok\n$/);
    expect(await getWithout(path, '1.0', 'Host: example.org\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await getWithout(path, '1.0', 'Host:\r\n')).toMatch(/^HTTP\/1\.1 403 /);
    expect(await getWithout(path, '1.1', 'Connection: close\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('every one is accepted with access, for authenticated callers', async () => {
    expect((await ask(guarded, 'jobyard.example.org', '/graphql')).status).toBe(401);
    expect((await ask(guarded, 'jobyard.example.org', '/graphql', as('a'))).status).toBe(200);
    expect((await ask(guarded, 'jobyard.example.org', '/livez')).status).toBe(200);
  });
});

describe("another site's page", () => {
  let open: WithSandboxes;
  beforeAll(async () => {
    open = await startWithSandboxes({ jobs: 1 });
  });
  afterAll(() => open.close());

  test("can't read, or send more than forms can", async () => {
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const answer = await fetch(`${open.origin}/graphql`, {
        method,
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
          'content-type': 'application/json',
        },
        ...(method === 'POST' && { body: '{"query":"{__typename}"}' }),
      });
      for (const [name] of answer.headers) expect(name).not.toMatch(/^access-control-/);
    }
  });

  test("can't show the playground in a frame", async () => {
    const { headers } = await fetch(`${open.origin}/`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

function ask({ origin }: { origin: string }, host: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const options = { method: 'POST', setHost: false, headers: { 'content-type': 'application/json', ...headers, host } };
    const sent = request(origin + path, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end('{"query":"{__typename}"}');
  });
}

/** Sends these bytes. Returns the whole response. */
function sendRaw({ origin }: { origin: string }, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(text));
  });
}

/** Resolves to "connected", or to the code of the error. */
function connectTo(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

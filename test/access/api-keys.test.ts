import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeTemporaryFile } from '../config/load.ts';
import { run, runJobyard } from '../processes.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as, keyOf } from './callers.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 5, access: accessFor({ reader: ['jobs:read', 'systems:read'] }) });
});
afterAll(() => jobyard.close());

const key = keyOf('reader');
const body = JSON.stringify({ query: '{ jobs(first: 1) { nodes { id } complete } }' });

/** Posts with exactly these headers, some of them twice. */
function post(headers: Record<string, string | string[]>, target = '/graphql') {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(
      `${jobyard.origin}${target}`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      },
    );
    sent.on('error', reject).end(body);
  });
}

function countVendorRequests(): number {
  return Object.values(jobyard.sandboxes).reduce((sum, { requests }) => sum + requests.count(), 0);
}

describe('an API key authenticates its caller', () => {
  test.each([
    ['as Bearer', { authorization: `Bearer ${key}` }],
    ['as bearer in another letter case', { authorization: `bEARER ${key}` }],
    ['as Bearer after several spaces', { authorization: `Bearer   ${key}` }],
    ['as x-api-key', { 'x-api-key': key }],
    ['as x-api-key beside an Authorization of a proxy', { authorization: 'Basic cHJveHk6cHJveHk=', 'x-api-key': key }],
  ])('%s', async (_how, headers) => {
    const answer = await post(headers);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ data: { jobs: { nodes: [{}], complete: true } } });
  });
});

describe('without a known key, requests are rejected', () => {
  const sha256 = accessFor({ reader: ['jobs:read'] }).apiKeys[0]?.sha256 ?? '';
  test.each<[string, Record<string, string | string[]>]>([
    ['no header', {}],
    ['an empty Authorization', { authorization: '' }],
    ['Bearer and nothing', { authorization: 'Bearer' }],
    ['Bearer and spaces', { authorization: 'Bearer    ' }],
    ['an empty x-api-key', { 'x-api-key': '' }],
    ['the key without Bearer', { authorization: key }],
    ['the key as Basic', { authorization: `Basic ${Buffer.from(`reader:${key}`).toString('base64')}` }],
    ['the key and more', { authorization: `Bearer ${key} x` }],
    ['a longer key', { authorization: `Bearer ${key}x` }],
    ['a shorter key', { authorization: `Bearer ${key.slice(0, -1)}` }],
    ['the key in capitals', { authorization: `Bearer ${key.toUpperCase()}` }],
    ['the hash of the key', { authorization: `Bearer ${sha256}` }],
    ['the name of the key', { 'x-api-key': 'reader' }],
    ['an unknown key', { 'x-api-key': keyOf('unknown') }],
    ['the key twice in one header', { 'x-api-key': [key, key] }],
    ['a wrong Bearer beside a right x-api-key', { authorization: 'Bearer wrong', 'x-api-key': key }],
    ['a value in the form of a token', { authorization: 'Bearer a.b.c' }],
    ['a property that every object has', { authorization: 'Bearer __proto__' }],
    ['a very long key', { authorization: `Bearer ${'k'.repeat(12_000)}` }],
  ])('%s', async (_what, headers) => {
    const before = countVendorRequests();
    const answer = await post(headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
    expect(JSON.parse(answer.text)).toEqual({
      errors: [{ message: expect.stringMatching(/^Not authenticated/), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(answer.text).not.toContain(key);
    expect(countVendorRequests()).toBe(before);
  });

  test('a key in the URL is rejected', async () => {
    const answer = await post({}, `/graphql?api_key=${key}&access_token=${key}&authorization=Bearer%20${key}`);
    expect(answer.status).toBe(401);
  });

  test('authenticates the caller before it reads the body', async () => {
    expect(await post({ 'content-length': '999999999' })).toMatchObject({ status: 401 });
    const batch = await fetch(`${jobyard.origin}/graphql`, { method: 'POST', body: 'no JSON' });
    expect(batch.status).toBe(401);
  });

  test('serves the playground and the probes without a key, and shows no job there', async () => {
    for (const path of ['/', '/livez', '/readyz', '/metrics']) {
      const answer = await fetch(`${jobyard.origin}${path}`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toMatch(/kinetica:\d/);
    }
  });
});

describe('npm run apikey', () => {
  test('prints a key and an entry that, in the configuration, authenticates only that key', async () => {
    const made = run('src/jobyard.js', ['apikey', 'ci.deploy_1-x']);
    expect(await made.exit()).toBe(0);
    const printedKey = /jobyard_\S+/.exec(made.stdout())?.[0] ?? '';
    const entry = made.stdout().slice(made.stdout().indexOf('access:'));
    expect(entry).toContain('ci.deploy_1-x');
    expect(entry).not.toContain(printedKey);
    expect(Buffer.from(printedKey.slice('jobyard_'.length), 'base64url')).toHaveLength(32);

    const kinetica = jobyard.sandboxes.kinetica;
    const system = `{ id: k, vendor: kinetica, url: "${kinetica.url}", username: ${kinetica.settings.username}, password: { env: PASSWORD } }`;
    const file = writeTemporaryFile(`systems: [${system}]\n${entry}`);
    const started = await runJobyard(['--config', file], { PASSWORD: String(kinetica.settings.password) });
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${started.origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return { status: answer.status, ...(await answer.json()) };
    };
    expect(await ask({ authorization: `Bearer ${printedKey}` })).toMatchObject({ status: 200, data: { jobs: { complete: true } } });
    expect(await ask({ authorization: `Bearer ${printedKey}x` })).toMatchObject({ status: 401 });
    expect(await ask({})).toMatchObject({ status: 401 });
    expect(started.stdout()).not.toContain('Access control is off');
  });

  test('never prints the same key twice', async () => {
    const made = [run('src/jobyard.js', ['apikey', 'a']), run('src/jobyard.js', ['apikey', 'a'])];
    await Promise.all(made.map(({ exit }) => exit()));
    expect(made[0]?.stdout()).not.toBe(made[1]?.stdout());
  });

  test.each([[[]], [['']], [['two', 'names']], [['with spaces']], [['x'.repeat(65)]]])(
    '%j is no name that the configuration takes: exit 2',
    async (names) => {
      const made = run('src/jobyard.js', ['apikey', ...names]);
      expect(await made.exit()).toBe(2);
      expect(made.stdout()).toBe('');
      expect(made.stderr()).toMatch(/^(?:NAME: expected 1 to 64 letters|command line: expected nothing more), [^\n]+\n$/);
    },
  );
});

test('limits keys to systems and scopes to one system, as configured', async () => {
  const { kylin, kinetica } = jobyard.sandboxes;
  const file = writeTemporaryFile(`systems:
  - { id: kylin, vendor: kylin, url: "${kylin.url}", username: ADMIN, password: { env: KYLIN } }
  - { id: kinetica, vendor: kinetica, url: "${kinetica.url}", username: ${kinetica.settings.username}, password: { env: KINETICA } }
access:
  apiKeys:
    - { name: narrow, sha256: ${hashOf('narrow')}, scopes: [jobs:read, systems:read], systems: [kylin] }
    - { name: mixed, sha256: ${hashOf('mixed').toUpperCase()}, scopes: [jobs:read, "systems:read@kinetica"] }
`);
  const started = await runJobyard(['--config', file], {
    KYLIN: String(kylin.settings.password),
    KINETICA: String(kinetica.settings.password),
  });
  const ask = async (name: string) => {
    const query = '{ jobs(first: 0) { systems { system { id } } } jobSystems { id } }';
    const headers = { 'content-type': 'application/json', ...as(name) };
    const { data } = await (await fetch(`${started.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
    const idsOf = (systems: { id: string }[]) => systems.map(({ id }) => id);
    return { jobsOf: idsOf(data.jobs.systems.map(({ system }: { system: { id: string } }) => system)), systems: idsOf(data.jobSystems) };
  };
  expect(await ask('narrow')).toEqual({ jobsOf: ['kylin'], systems: ['kylin'] });
  expect(await ask('mixed')).toEqual({ jobsOf: ['kylin', 'kinetica'], systems: ['kinetica'] });
});

function hashOf(name: string): string {
  return accessFor({ [name]: ['jobs:read'] }).apiKeys[0]?.sha256 ?? '';
}

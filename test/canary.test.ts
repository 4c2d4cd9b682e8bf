import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createApiKey } from '../src/access/api-keys.ts';
import { startJobyard } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import type { FaultRule } from '../src/sandbox-kit/faults.ts';
import { createSigningKey, type IdentityProvider, type SigningKey, sign, startIdentityProvider } from './access/identity-provider.ts';
import { type RecordingProxy, startRecordingProxy } from './access/recording-proxy.ts';
import { writeTemporaryFile } from './config/load.ts';
import { type ConfiguredSystems, configureSystems } from './configure-systems.ts';
import { runJobyard } from './processes.ts';
import { type Sandboxes, type SystemName, startSandboxes, systemNames } from './start.ts';
import { createUnavailableStore } from './unavailable-store.ts';
import { subjects } from './vendors/subjects.ts';

/*
 * A unique word is put into every credential and into every vendor field that can contain a secret.
 * Then everything that leaves the process is searched for it.
 */
let count = 0;
const canary = (where: string): string => {
  count += 1;
  const word = `Canary-${where}-${count}-${Math.random().toString(36).slice(2, 12)}`;
  plantedSecrets.set(where, word);
  return word;
};
/** The planted secrets, by place. */
const plantedSecrets = new Map<string, string>();

const { key, sha256 } = createApiKey();
let sandboxes: Sandboxes;
let proxies: Record<SystemName, RecordingProxy>;
let provider: IdentityProvider;
let tokens: { good: string; expired: string; foreign: string };
let jobIds: string[];
let googleToken: string;
/** The configured systems, with planted secrets; `own` has its callers' credentials. */
let configured: ConfiguredSystems;

beforeAll(async () => {
  const started = await Promise.all(systemNames.map(startRecordingProxy));
  proxies = Object.fromEntries(systemNames.map((system, index) => [system, started[index]])) as typeof proxies;
  sandboxes = await startSandboxes(8);
  const planted = systemNames.map((system) => ({ system, ...subjects[system].plantSecrets(sandboxes[system], canary) }));
  jobIds = planted.flatMap(({ system, vendorIds }) => vendorIds.map((vendorId) => `${system}:${vendorId}`));
  const urlOf = (system: SystemName) => proxies[system].forwardTo(sandboxes[system].url);
  configured = configureSystems(planted.map(({ system, settings }) => ({ vendor: system, url: urlOf(system), settings })));
  const vault = configured.systems.find(({ id }) => id === 'veeva-vault');
  if (vault) vault.password = { file: writePersistentFile(plantedSecrets.get('vault-password') ?? '') };
  const { libraries } = sandboxes.aodocs.state;
  configured.systems.push({ id: 'own', vendor: 'aodocs', url: urlOf('aodocs'), credentials: 'passthrough', libraries });
  googleToken = sandboxes.aodocs.state.issueToken();
  plantedSecrets.set('pass-through token', googleToken);

  provider = await startIdentityProvider();
  const [signer, stranger] = (await Promise.all([createSigningKey('RS256'), createSigningKey('RS256')])) as [SigningKey, SigningKey];
  provider.publish([signer]);
  const claims = {
    iss: 'https://idp.example',
    aud: 'jobyard',
    sub: 'dana',
    scope: 'jobs:read jobs:raw jobs:cancel jobs:operate systems:read',
  };
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  tokens = {
    good: await sign(signer, { ...claims, exp: inSeconds(600) }),
    expired: await sign(signer, { ...claims, exp: inSeconds(-600) }),
    foreign: await sign(stranger, { ...claims, exp: inSeconds(600) }),
  };
  for (const [name, token] of Object.entries(tokens)) {
    plantedSecrets.set(`${name} token`, token);
    plantedSecrets.set(`signature of the ${name} token`, token.split('.')[2] ?? '');
  }
  plantedSecrets.set('API key', key);
  plantedSecrets.set('hash of the API key', sha256);
});
afterAll(async () => {
  await Promise.all([...Object.values(sandboxes), ...Object.values(proxies), provider].map((each) => each.close()));
});

/** A configuration file with the systems, one API key and tokens of the provider; `more`: other keys, or instead of these. */
function writeConfiguration(more: object): string {
  const scopes = ['jobs:read', 'jobs:raw', 'jobs:cancel', 'jobs:operate', 'systems:read'];
  const access = {
    apiKeys: [{ name: 'canary', sha256, scopes }],
    jwt: { jwksUri: provider.jwksUri, issuer: 'https://idp.example', audience: 'jobyard' },
  };
  // JSON is YAML.
  return writeTemporaryFile(JSON.stringify({ access, systems: configured.systems, ...more }));
}

function writePersistentFile(text: string): string {
  // Not with writeTemporaryFile: outside of a test there is nothing that would remove it.
  const folder = mkdtempSync(join(tmpdir(), 'jobyard-canary-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'secret');
  writeFileSync(file, text);
  return file;
}

const everything = `id name type status vendorStatus owner failureMessage raw problem { message } progress { fraction }
  steps { id name status message } actions { action reason } system { id title health { status problem { message } } }`;
const operations = [
  `{ jobs(first: 500) { nodes { ${everything} } complete systems { system { id } status problem { code message } } } }`,
  `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { __typename ... on Job { ${everything} } ... on JobError { code message } } }`,
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Job { ${everything} } } }`,
  '{ jobSystems { id title health { status problem { code message } } capabilities { action } } }',
  `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, reason: "canary test" }) { results { __typename
    ... on CancelSuccess { job { ${everything} } } ... on JobError { code message } ... on VendorRejected { vendorCode } } } }`,
  'mutation ($ids: [ID!]!) { restartJobs(input: { ids: $ids }) { results { __typename ... on JobError { code message } } } }',
  '{ jobs(first: 1, after: "x") { complete } }',
  '{ nonsense }',
  'query ($ids: Int!) { __typename }',
];

/** Requests everything in the name of all callers, or a part in the name of some; returns all responses. */
async function askEverything(origin: string, some = operations, someCallers = Number.POSITIVE_INFINITY): Promise<string> {
  const own = { 'x-jobyard-credential-own': googleToken, 'x-jobyard-credential-kylin': canary('header-of-another-system') };
  const callers: Record<string, string>[] = [
    { authorization: `Bearer ${key}`, ...own },
    { 'x-api-key': key, 'x-jobyard-credential-own': canary('refused-credential') },
    { authorization: `Bearer ${tokens.good}`, 'x-jobyard-credential-own': `${canary('unusable-credential')} with spaces` },
    { authorization: `Bearer ${tokens.expired}` },
    { authorization: `Bearer ${tokens.foreign}` },
    { authorization: `Bearer ${canary('wrong-key')}` },
    { authorization: `Basic ${canary('basic')}`, 'x-api-key': canary('wrong-api-key') },
  ];
  const ids = [...jobIds, ...jobIds.filter((id) => id.startsWith('aodocs:')).map((id) => id.replace('aodocs:', 'own:'))];
  const variables = { ids, r: ids.map((id) => ({ __typename: 'Job', id })) };
  let output = '';
  const post = async (caller: Record<string, string>, body: string): Promise<void> => {
    const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...caller }, body });
    output += `${JSON.stringify([...answer.headers])}\n${await answer.text()}\n`;
  };
  await Promise.all(
    callers.slice(0, someCallers).map(async (caller) => {
      for (const query of some) await post(caller, JSON.stringify({ query, variables }));
      await post(caller, '{"query');
    }),
  );
  for (const path of ['/metrics', '/livez', '/readyz', '/nowhere']) output += await (await fetch(origin + path)).text();
  return output;
}

/** Expects no canary, no session, and no header of a vendor request in the text. */
function expectNoCanary(text: string): void {
  const secrets = new Map(plantedSecrets);
  for (const [system, proxy] of Object.entries(proxies)) {
    for (const authorization of new Set(proxy.authorizations())) {
      const secret = authorization.split(' ').at(-1) ?? '';
      if (secret !== '') secrets.set(`authorization of ${system}: ${secret}`, secret);
    }
  }
  const found = [...secrets]
    .filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
    .map(([where]) => where);
  expect(found).toEqual([]);
  // Neither stack traces of Kylin's nor of our own.
  expect(text).not.toMatch(/\bat org\.apache|\bat \S+ \(file:|node:internal/);
}

/** A Jobyard in this process that logs all it can. */
async function startHere() {
  const file = writeTemporaryFile('', 'audit.jsonl');
  const systems = configured.systems.map((system) => ({ ...system, timeoutMs: 120 }));
  const config = await loadConfig(['--port', '0', '--config', writeConfiguration({ systems, audit: { file } })], configured.environment);
  if ('errors' in config || !config.systems) throw new Error('The configuration is wrong');
  let logged = '';
  const logger = pino(
    { level: 'trace' },
    {
      write(line) {
        logged += line;
      },
    },
  );
  const jobyard = await startJobyard({ ...config, systems: config.systems, store: createUnavailableStore() }, logger);
  onTestFinished(() => jobyard.close());
  return { origin: jobyard.origin, written: () => logged + readFileSync(file, 'utf8') };
}

test('while all goes well, no secret leaves the process through responses, logs, the audit log, metrics, or traces', async () => {
  let traced = '';
  const collector = createServer((request, response) => {
    request.setEncoding('latin1').on('data', (chunk: string) => {
      traced += chunk;
    });
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  const file = writeTemporaryFile('', 'audit.jsonl');
  const started = await runJobyard(['--config', writeConfiguration({ audit: { file } })], {
    ...configured.environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
  const output = await askEverything(started.origin);
  started.child.kill('SIGTERM');
  expect(await started.exit()).toBe(0);
  const audit = readFileSync(file, 'utf8');

  // The ways out are open, and the fields are there that the canaries were planted beside.
  expect(output).toContain('ALTER USER loader SET PASSWORD ?');
  expect(output).toContain('"__typename":"CancelSuccess"');
  expect(output).toContain('jobyard_vendor_requests_total');
  expect(output).toContain('VENDOR_AUTHENTICATION_FAILED');
  expect(started.stdout()).toContain('"msg":"graphql"');
  expect(audit).toContain('"audit":"outcome"');
  expect(traced).toContain('jobyard.request_id');
  for (const proxy of Object.values(proxies)) expect(proxy.requests.length).toBeGreaterThan(5);
  expect(proxies.aodocs.authorizations()).toContain(`Bearer ${googleToken}`);
  expectNoCanary([output, started.stdout(), started.stderr(), audit, traced].join('\n'));
});

test('a start that fails shows no secret', async () => {
  const systems = configured.systems.map(({ username: usrname, securityCode, ...system }) => ({
    ...system,
    ...(usrname !== undefined && { usrname }),
    ...(securityCode !== undefined && { securityCode, token: { env: 'KYLIN_PASSWORD' } }),
  }));
  const config = await loadConfig(['--config', writeConfiguration({ systems, server: { port: 'x' } })], configured.environment);
  expect(config).toHaveProperty('errors');
  expectNoCanary(JSON.stringify(config));
});

const echo = '{{authorization}}';
const json = { 'content-type': 'application/json' };
const page = `<html><body>Request was: ${echo}</body></html>`;
const answer = (status: number, more: object = {}): FaultRule['fault'] => ({ kind: 'answer', status, applied: false, body: page, ...more });
const faults: Record<string, FaultRule['fault']> = {
  slow: { kind: 'slow', ms: 20 },
  'too slow': { kind: 'slow', ms: 200 },
  hang: { kind: 'hang', applied: false },
  'hang after the effect': { kind: 'hang', applied: true },
  reset: { kind: 'reset', applied: false },
  'reset after the effect': { kind: 'reset', applied: true },
  truncate: { kind: 'truncate' },
  empty: { kind: 'empty' },
  flood: { kind: 'flood', bytes: 2_000_000 },
  'a page with 200': answer(200),
  'a page with 302': answer(302, { headers: { location: `http://127.0.0.1:1/${echo}` } }),
  'a page with 400': answer(400),
  'a page with 401': answer(401),
  'a page with 403': answer(403),
  'a page with 404': answer(404),
  'a page with 429': answer(429, { headers: { 'retry-after': '30' } }),
  'a page with 500': answer(500),
  'a page with 502': answer(502),
  'a page with 503': answer(503),
  'JSON of another kind': answer(200, { headers: json, body: JSON.stringify({ echo, status: 'OK', data_str: `{"${echo}":1}` }) }),
};

describe('while requests fail, no secret leaves the process either', () => {
  const [list = '', byIds = '', , systems = '', cancel = ''] = operations;
  /** With whatever befalls all systems at once. */
  const askAmidst = async (fault: (system: SystemName) => FaultRule) => {
    const started = await startHere();
    for (const [system, sandbox] of Object.entries(sandboxes)) sandbox.faults.add(fault(system as SystemName));
    onTestFinished(() => {
      for (const sandbox of Object.values(sandboxes)) sandbox.faults.clear();
    });
    const output = await askEverything(started.origin, [list, byIds, cancel, systems], 2);
    return { output, all: `${output}\n${started.written()}` };
  };

  test.each(Object.entries(faults))(
    '%s, from the first request on',
    async (_what, fault) => {
      expectNoCanary((await askAmidst(() => ({ fault, times: 'always' }))).all);
    },
    60_000,
  );

  test.each(Object.entries(faults))(
    '%s, to the third request and those after it',
    async (_what, fault) => {
      expectNoCanary((await askAmidst(() => ({ fault, skip: 2, times: 'always' }))).all);
    },
    60_000,
  );

  test.each([0, 2])("redacts a vendor's rejection that quotes the request (after %d requests)", async (skip) => {
    const { output, all } = await askAmidst((system) => {
      const { status, body } = subjects[system].reject(echo);
      return { fault: answer(status, { headers: json, body: JSON.stringify(body) }), skip, times: 'always' };
    });
    expect(output).toMatch(/Nothing for|Access denied for|Bad request with|Illegal/);
    expectNoCanary(all);
  });
});

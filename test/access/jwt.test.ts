import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AccessSettings } from '../../src/config/access.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';
import { createSigningKey, type IdentityProvider, type SigningKey, sign, startIdentityProvider } from './identity-provider.ts';

const issuer = 'https://identity.example/realm';
const audience = 'jobyard';

let provider: IdentityProvider;
let jobyard: WithSandboxes;
let key: SigningKey;
beforeAll(async () => {
  provider = await startIdentityProvider();
  key = await createSigningKey('RS256');
  provider.publish([key]);
  jobyard = await startWithSandboxes({ jobs: 3, access: accessTo(provider) });
});
afterAll(async () => {
  await jobyard.close();
  await provider.close();
});

function accessTo({ jwksUri }: IdentityProvider, scopesClaim = 'scope'): AccessSettings {
  const { apiKeys } = accessFor({ reader: ['jobs:read'] });
  return { apiKeys, jwt: { jwksUri, issuer, audience, scopesClaim, clockToleranceSeconds: 30, certificateAuthorities: null } };
}

const nowSeconds = () => Math.floor(Date.now() / 1000);
const claims = (others: Record<string, unknown> = {}) => ({
  iss: issuer,
  aud: audience,
  sub: 'dana',
  exp: nowSeconds() + 300,
  scope: 'jobs:read systems:read',
  ...others,
});

async function ask(token: string, { origin }: { origin: string } = jobyard, query = '{ jobs(first: 1) { complete } }') {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}

/** The token is not good: 401, and why. */
async function expectRefused(token: string, reason: RegExp, where = jobyard) {
  const { status, headers, errors, data } = await ask(token, where);
  expect({ status, errors, data }).toEqual({
    status: 401,
    errors: [{ message: expect.stringMatching(reason), extensions: { code: 'UNAUTHENTICATED' } }],
    data: undefined,
  });
  expect(headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  expect(JSON.stringify(errors)).not.toContain(token);
}

describe('a token authenticates its caller', () => {
  test.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('signed with %s', async (alg) => {
    const other = await createSigningKey(alg);
    const itsProvider = await startIdentityProvider();
    itsProvider.publish([other]);
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(itsProvider) });
    onTestFinished(async () => {
      await started.close();
      await itsProvider.close();
    });
    expect(await ask(await sign(other, claims()), started)).toMatchObject({ status: 200, data: { jobs: { complete: true } } });
  });

  // Functions, as the times are those of the test: the file may start long before.
  test.each<[string, () => Record<string, unknown>]>([
    ['for several audiences', () => ({ aud: ['other', audience] })],
    ['that ended 20 s ago by our clock', () => ({ exp: nowSeconds() - 20 })],
    ['that begins in 20 s by our clock', () => ({ nbf: nowSeconds() + 20 })],
    ['with claims and scopes that are none of ours', () => ({ groups: ['x'], scope: 'openid jobs:read email jobs:everything' })],
  ])('%s', async (_what, others) => {
    expect(await ask(await sign(key, claims(others())))).toMatchObject({ status: 200, data: { jobs: {} } });
  });
});

describe('a token is rejected', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['that has expired', { exp: nowSeconds() - 40 }, /the token has expired/],
    ['that is not valid yet', { nbf: nowSeconds() + 300 }, /"nbf"/],
    ['without an end', { exp: undefined }, /"exp"/],
    ['without a subject', { sub: undefined }, /"sub"/],
    ['with an empty subject', { sub: '' }, /"sub"/],
    ['whose subject is a number', { sub: 7 }, /"sub"/],
    ['whose subject is an object', { sub: { name: 'dana' } }, /"sub"/],
    ['whose end is text', { exp: String(nowSeconds() + 300) }, /"exp"/],
    ['of another issuer', { iss: `${issuer}2` }, /"iss"/],
    ['of no issuer', { iss: undefined }, /"iss"/],
    ['for another audience', { aud: 'jobyard2' }, /"aud"/],
    ['for no audience', { aud: undefined }, /"aud"/],
  ])('%s', async (_what, others, reason) => {
    await expectRefused(await sign(key, claims(others)), reason);
  });

  test('signed by another key with the same name', async () => {
    await expectRefused(await sign(await createSigningKey('RS256'), claims()), /is invalid/);
  });

  test('changed after it was signed', async () => {
    const [header, , signature] = (await sign(key, claims({ scope: 'jobs:read' }))).split('.');
    const [, payload] = (await sign(key, claims({ scope: 'jobs:read jobs:cancel' }))).split('.');
    await expectRefused([header, payload, signature].join('.'), /is invalid/);
  });

  test.each(['none', 'None', 'NONE', ''])('whose algorithm is "%s"', async (alg) => {
    const unsigned = [encode({ alg, kid: key.kid }), encode(claims()), ''].join('.');
    await expectRefused(unsigned, /is invalid/);
    const [, , signature] = (await sign(key, claims())).split('.');
    await expectRefused([encode({ alg, kid: key.kid }), encode(claims()), signature].join('.'), /is invalid/);
  });

  test.each(['HS256', 'HS512'])('that is signed by %s with the public key as the secret', async (alg) => {
    for (const secret of [
      await exportSPKI(key.publicKey),
      (await exportSPKI(key.publicKey)).trim(),
      JSON.stringify(key.jwk),
      key.jwk.n ?? '',
    ]) {
      const content = `${encode({ alg, kid: key.kid })}.${encode(claims())}`;
      const signature = createHmac(alg.replace('HS', 'sha'), secret).update(content).digest('base64url');
      await expectRefused(`${content}.${signature}`, /is invalid/);
    }
  });

  test('with a key outside the key set, whatever location the token names', async () => {
    const own = await createSigningKey('RS256', 'own');
    let fetches = 0;
    const server = createServer((_request, response) => {
      fetches += 1;
      response.end(JSON.stringify({ keys: [own.jwk] }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const header of [{}, { jku: url }, { x5u: url }, { jwk: own.jwk }, { kid: '../../dev/null' }, { kid: key.kid }]) {
      await expectRefused(await sign(own, claims(), header), /is invalid/);
    }
    expect(fetches).toBe(0);
  });

  test.each([
    ['three words', 'a.b.c'],
    ['three empty parts', '..'],
    ['a header that is no JSON', `${Buffer.from('x').toString('base64url')}.e30.AA`],
    ['a header that is null', `${encode(null)}.e30.AA`],
    ['a critical extension', `${encode({ alg: 'RS256', crit: ['x'], x: 1 })}.e30.AA`],
    ['a payload that is not encoded', `${encode({ alg: 'RS256', b64: false, crit: ['b64'] })}.e30.AA`],
    ['a polluted header', `${Buffer.from('{"alg":"RS256","__proto__":{"kid":"RS256"}}').toString('base64url')}.e30.AA`],
  ])('that is %s', async (_what, token) => {
    await expectRefused(token, /Not authenticated/);
  });
});

describe('scopes', () => {
  const mayRead = '{ jobs(first: 0) { systems { system { id } } } }';
  const idsOf = (data: { jobs: { systems: { system: { id: string } }[] } }) => data.jobs.systems.map(({ system }) => system.id);

  test.each([
    ['text', 'jobs:read@kylin systems:read'],
    ['text with more spaces', '  jobs:read@kylin   systems:read '],
    ['a list', ['jobs:read@kylin', 'systems:read']],
    ['a list with other things in it', ['jobs:read@kylin', 7, null, { scope: 'jobs:read' }]],
  ])('come as %s', async (_what, scope) => {
    const { data } = await ask(await sign(key, claims({ scope })), jobyard, mayRead);
    expect(idsOf(data)).toEqual(['kylin']);
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a number', 7],
    ['an object', { 'jobs:read': true }],
    ['a list in a list', [['jobs:read']]],
    ['text with commas', 'jobs:read,systems:read'],
    ['another letter case', 'JOBS:READ'],
    ['a scope for the system of no name', 'jobs:read@'],
    ['a scope with a wildcard', 'jobs:* *'],
  ])('are empty if the claim contains %s', async (_what, scope) => {
    const { status, errors } = await ask(await sign(key, claims({ scope })), jobyard, mayRead);
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('are read from the configured claim only', async () => {
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(provider, 'https://jobyard.example/permissions') });
    onTestFinished(() => started.close());
    const good = await sign(key, claims({ scope: undefined, 'https://jobyard.example/permissions': ['jobs:read@aodocs'] }));
    expect(idsOf((await ask(good, started, mayRead)).data)).toEqual(['aodocs']);
    const { errors } = await ask(await sign(key, claims()), started, mayRead);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe("when the keys can't be fetched", () => {
  /** A Jobyard that has not seen any key yet. */
  const startFresh = async () => {
    const itsProvider = await startIdentityProvider();
    itsProvider.publish([key]);
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(itsProvider) });
    onTestFinished(async () => {
      await started.close();
      await itsProvider.close();
    });
    return { itsProvider, started };
  };
  const expectUnreachable = async (started: WithSandboxes) => {
    const answer = await ask(await sign(key, claims()), started);
    expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'IDENTITY_PROVIDER_UNAVAILABLE' } }] });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.headers.get('www-authenticate')).toBeNull();
  };

  test.each(['error', 'page', 'nonsense', 'silence'] as const)(
    '(%s) a token is answered 503 and not 401, and is good again afterwards',
    async (how) => {
      const { itsProvider, started } = await startFresh();
      itsProvider.breakDown(how);
      await expectUnreachable(started);
      // Keys need no provider.
      expect(await started.query('{ jobs(first: 0) { complete } }', {}, as('reader'))).toMatchObject({ data: { jobs: {} } });
      // A token that can't be valid is rejected without a fetch.
      await expectRefused('a.b.c', /is invalid/, started);
      itsProvider.breakDown(null);
      expect(await ask(await sign(key, claims()), started)).toMatchObject({ status: 200 });
    },
  );

  test('tokens in a row wait for the same fetch', async () => {
    const { itsProvider, started } = await startFresh();
    itsProvider.breakDown('error');
    await expectUnreachable(started);
    expect(itsProvider.fetches()).toBe(1);
    const waiting: Promise<void>[] = [];
    for (let count = 0; count < 10; count += 1) {
      waiting.push(expectUnreachable(started));
      await started.query('{ __typename }', {}, as('reader'));
    }
    await Promise.all(waiting);
    expect(itsProvider.fetches()).toBe(2);
  });

  test('so does an unreachable provider', async () => {
    const { itsProvider, started } = await startFresh();
    await itsProvider.shut();
    await expectUnreachable(started);
    await itsProvider.open();
    expect(await ask(await sign(key, claims()), started)).toMatchObject({ status: 200 });
  });
});

describe("when the keys can't be fetched again", () => {
  afterEach(() => void vi.useRealTimers());
  const minuteMs = 60_000;

  /** A Jobyard that has fetched the key, and a token that outlives all of it. */
  async function startWithKnownKeys() {
    const itsProvider = await startIdentityProvider();
    itsProvider.publish([key]);
    const lines: { msg: string; [field: string]: unknown }[] = [];
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(itsProvider), log: (line) => void lines.push(JSON.parse(line)) });
    onTestFinished(async () => {
      await started.close();
      await itsProvider.close();
    });
    vi.useFakeTimers({ toFake: ['Date'] });
    const fetchedAtMs = Date.now();
    const tokenOf = (signer: SigningKey) => sign(signer, claims({ exp: nowSeconds() + 10_800 }));
    const token = await tokenOf(key);
    const statusOf = async (asked = token) => (await ask(asked, started)).status;
    expect(await statusOf()).toBe(200);
    const failures = () => lines.filter(({ msg }) => msg === "the identity provider's keys can't be fetched");
    const countFailures = async () =>
      Number(/^jobyard_key_set_failures_total (\d+)$/m.exec(await (await fetch(`${started.origin}/metrics`)).text())?.[1]);
    return {
      itsProvider,
      started,
      fetchedAtMs,
      tokenOf,
      statusOf,
      failures,
      countFailures,
      setAge: (ms: number) => vi.setSystemTime(fetchedAtMs + ms),
    };
  }

  test.each(['error', 'page', 'nonsense'] as const)(
    '(%s) known keys stay valid for an hour after they were fetched, which the log and a metric report',
    async (how) => {
      const { itsProvider, fetchedAtMs, tokenOf, statusOf, failures, countFailures, setAge } = await startWithKnownKeys();
      itsProvider.breakDown(how);
      setAge(11 * minuteMs);
      expect(await statusOf()).toBe(200);
      expect(itsProvider.fetches()).toBe(2);
      const line = { level: 40, reason: expect.stringMatching(/\w/), keysGoodUntil: new Date(fetchedAtMs + 60 * minuteMs).toISOString() };
      expect(failures()).toMatchObject([line]);
      expect(await countFailures()).toBe(1);
      // Other tokens can't be checked.
      const other = await createSigningKey('ES256', 'other');
      expect(await statusOf(await tokenOf(other))).toBe(503);
      setAge(59 * minuteMs);
      expect(await statusOf()).toBe(200);
      setAge(60 * minuteMs + 1_000);
      expect(await statusOf()).toBe(503);
      expect(failures().at(-1)).toMatchObject({ keysGoodUntil: null });
      // As before the first fetch, tokens wait for the next one together.
      const fetches = itsProvider.fetches();
      const statuses = [statusOf()];
      for (let count = 0; count < 5; count += 1) {
        await countFailures();
        statuses.push(statusOf());
      }
      expect(await Promise.all(statuses)).toEqual(statuses.map(() => 503));
      expect(itsProvider.fetches()).toBe(fetches + 1);
      itsProvider.breakDown(null);
      setAge(61 * minuteMs);
      expect(await statusOf()).toBe(200);
    },
  );

  test("tokens with known keys don't wait for a silent provider, and a withdrawn key is rejected once the provider responds", async () => {
    const { itsProvider, tokenOf, statusOf, failures, setAge } = await startWithKnownKeys();
    itsProvider.breakDown('error');
    setAge(11 * minuteMs);
    expect(await statusOf()).toBe(200);
    itsProvider.breakDown('silence');
    setAge(12 * minuteMs);
    expect(await statusOf()).toBe(200);
    // It has not failed yet: its fetch has 5 seconds.
    expect(failures()).toHaveLength(1);
    const newer = await createSigningKey('ES256', 'newer');
    itsProvider.publish([newer]);
    itsProvider.breakDown(null);
    await expect.poll(failures, { timeout: 10_000 }).toHaveLength(2);
    setAge(13 * minuteMs);
    expect(await statusOf(await tokenOf(newer))).toBe(200);
    expect(await statusOf()).toBe(401);
  });

  test('rejects a key that was withdrawn while the provider failed, however long after', async () => {
    const { itsProvider, statusOf, setAge } = await startWithKnownKeys();
    itsProvider.breakDown('error');
    setAge(11 * minuteMs);
    expect(await statusOf()).toBe(200);
    itsProvider.publish([await createSigningKey('ES256', 'newer')]);
    itsProvider.breakDown(null);
    setAge(58 * minuteMs);
    expect(await statusOf()).toBe(401);
  });

  test('known keys survive a change of the API keys, but not of jwt', async () => {
    const { itsProvider, statusOf, started } = await startWithKnownKeys();
    itsProvider.breakDown('error');
    const jwt = accessTo(itsProvider)?.jwt ?? null;
    const { apiKeys } = accessFor({ other: [] });
    const reload = (access: AccessSettings) =>
      started.reload({ access, limits: { ...limitsSchema.parse({}), introspection: true }, allowedOrigins: [], systems: [] });
    await reload({ apiKeys, jwt });
    expect(await statusOf()).toBe(200);
    await reload({ apiKeys, jwt: jwt && { ...jwt, clockToleranceSeconds: 31 } });
    expect(await statusOf()).toBe(503);
  });

  test('tokens with known keys cause at most one fetch in 3 seconds', async () => {
    const { itsProvider, statusOf, setAge } = await startWithKnownKeys();
    itsProvider.breakDown('error');
    setAge(11 * minuteMs);
    const startedAtMs = performance.now();
    for (let count = 0; count < 20; count += 1) expect(await statusOf()).toBe(200);
    // One more for each 3 seconds that the requests took on a busy machine.
    expect(itsProvider.fetches()).toBeLessThanOrEqual(2 + Math.floor((performance.now() - startedAtMs) / 3_000));
  });
});

describe('key rotation', () => {
  afterEach(() => void vi.useRealTimers());

  test('accepts a token with a new key immediately, even if the keys were just fetched', async () => {
    const itsProvider = await startIdentityProvider();
    const [older, newer] = await Promise.all([createSigningKey('RS256', 'older'), createSigningKey('ES256', 'newer')]);
    itsProvider.publish([older]);
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(itsProvider) });
    onTestFinished(async () => {
      await started.close();
      await itsProvider.close();
    });
    const [byOlder, byNewer] = await Promise.all([older, newer].map((signer) => sign(signer, claims({ exp: nowSeconds() + 3600 }))));
    expect(await ask(byOlder ?? '', started)).toMatchObject({ status: 200 });
    expect(itsProvider.fetches()).toBe(1);

    itsProvider.publish([older, newer]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(byNewer ?? '', started)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await ask(byOlder ?? '', started)).toMatchObject({ status: 200 });
    expect(itsProvider.fetches()).toBe(2);

    vi.useFakeTimers({ toFake: ['Date'] });
    itsProvider.publish([newer]);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    await expectRefused(byOlder ?? '', /is invalid/, started);
    expect(await ask(byNewer ?? '', started)).toMatchObject({ status: 200 });
  });

  test('rejects tokens with unknown keys, without a fetch for each', async () => {
    const itsProvider = await startIdentityProvider();
    const [known, ...forged] = await Promise.all(['known', 'a', 'b', 'c'].map((kid) => createSigningKey('ES256', kid)));
    itsProvider.publish([known as SigningKey]);
    const started = await startWithSandboxes({ jobs: 1, access: accessTo(itsProvider) });
    onTestFinished(async () => {
      await started.close();
      await itsProvider.close();
    });
    const tokens = await Promise.all(forged.map((signer) => sign(signer, claims())));
    expect(await ask(await sign(known as SigningKey, claims()), started)).toMatchObject({ status: 200 });
    await Promise.all(tokens.map((token) => expectRefused(token, /is invalid/, started)));
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const token of tokens) await expectRefused(token, /is invalid/, started);
    expect(itsProvider.fetches()).toBe(2);
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

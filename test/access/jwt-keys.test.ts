import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AccessSettings } from '../../src/config/access.ts';
import { limitsSchema } from '../../src/config/limits.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';
import { createSigningKey, type SigningKey, sign, startIdentityProvider } from './identity-provider.ts';
import { accessTo, ask, claims, expectRejected, nowSeconds } from './jwt-callers.ts';

let key: SigningKey;
beforeAll(async () => {
  key = await createSigningKey('RS256');
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
      await expectRejected('a.b.c', /is invalid/, started);
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
    await expectRejected(byOlder ?? '', /is invalid/, started);
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
    await Promise.all(tokens.map((token) => expectRejected(token, /is invalid/, started)));
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const token of tokens) await expectRejected(token, /is invalid/, started);
    expect(itsProvider.fetches()).toBe(2);
  });
});

import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { createSigningKey, type IdentityProvider, type SigningKey, sign, startIdentityProvider } from './identity-provider.ts';
import { accessTo, ask, audience, claims, expectRejected, issuer, nowSeconds } from './jwt-callers.ts';

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
    expect(await ask(await sign(key, claims(others())), jobyard)).toMatchObject({ status: 200, data: { jobs: {} } });
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
    await expectRejected(await sign(key, claims(others)), reason, jobyard);
  });

  test('signed by another key with the same name', async () => {
    await expectRejected(await sign(await createSigningKey('RS256'), claims()), /is invalid/, jobyard);
  });

  test('changed after it was signed', async () => {
    const [header, , signature] = (await sign(key, claims({ scope: 'jobs:read' }))).split('.');
    const [, payload] = (await sign(key, claims({ scope: 'jobs:read jobs:cancel' }))).split('.');
    await expectRejected([header, payload, signature].join('.'), /is invalid/, jobyard);
  });

  test.each(['none', 'None', 'NONE', ''])('whose algorithm is "%s"', async (alg) => {
    const unsigned = [encode({ alg, kid: key.kid }), encode(claims()), ''].join('.');
    await expectRejected(unsigned, /is invalid/, jobyard);
    const [, , signature] = (await sign(key, claims())).split('.');
    await expectRejected([encode({ alg, kid: key.kid }), encode(claims()), signature].join('.'), /is invalid/, jobyard);
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
      await expectRejected(`${content}.${signature}`, /is invalid/, jobyard);
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
      await expectRejected(await sign(own, claims(), header), /is invalid/, jobyard);
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
    await expectRejected(token, /Not authenticated/, jobyard);
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

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

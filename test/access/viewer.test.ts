import { expect, onTestFinished, test } from 'vitest';
import { startWithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';
import { createSigningKey, sign, startIdentityProvider } from './identity-provider.ts';

const viewer = '{ viewer { name scopes { name systemIds } expiresAt } }';

test('a key learns its scopes, each once, and for which systems', async () => {
  const jobyard = await startWithSandboxes({
    jobs: 0,
    access: accessFor({
      console: ['jobs:cancel@kylin', 'jobs:read', 'jobs:read@kylin', 'jobs:cancel@kinetica', 'jobs:cancel@kylin'],
      nobody: [],
    }),
  });
  onTestFinished(() => jobyard.close());
  const { data } = await jobyard.query(viewer, {}, as('console'));
  expect(data.viewer).toEqual({
    name: 'key:console',
    scopes: [
      { name: 'jobs:read', systemIds: null },
      { name: 'jobs:cancel', systemIds: ['kinetica', 'kylin'] },
    ],
    expiresAt: null,
  });
  expect((await jobyard.query(viewer, {}, as('nobody'))).data.viewer).toEqual({ name: 'key:nobody', scopes: [], expiresAt: null });
});

test('without access control, everybody may do everything', async () => {
  const jobyard = await startWithSandboxes({ jobs: 0 });
  onTestFinished(() => jobyard.close());
  const { data } = await jobyard.query(viewer);
  expect(data.viewer).toMatchObject({ name: 'anonymous', expiresAt: null });
  expect(data.viewer.scopes).toHaveLength(7);
  expect(new Set(data.viewer.scopes.map(({ systemIds }: { systemIds: string[] | null }) => systemIds))).toEqual(new Set([null]));
});

test('a token tells when it expires, within the tolerance of clocks', async () => {
  const provider = await startIdentityProvider();
  onTestFinished(() => provider.close());
  const key = await createSigningKey('RS256');
  provider.publish([key]);
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = { iss: 'https://identity.example', aud: 'jobyard', sub: 'ann', scope: 'systems:read', exp };
  const jwt = {
    jwksUri: provider.jwksUri,
    issuer: claims.iss,
    audience: claims.aud,
    scopesClaim: 'scope',
    clockToleranceSeconds: 30,
    certificateAuthorities: null,
  };
  const jobyard = await startWithSandboxes({ jobs: 0, access: { apiKeys: [], jwt } });
  onTestFinished(() => jobyard.close());
  const { data } = await jobyard.query(viewer, {}, { authorization: `Bearer ${await sign(key, claims)}` });
  expect(data.viewer).toEqual({
    name: 'jwt:ann',
    scopes: [{ name: 'systems:read', systemIds: null }],
    expiresAt: new Date((exp + 30) * 1000).toISOString(),
  });
});

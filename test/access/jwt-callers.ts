import { expect } from 'vitest';
import type { AccessSettings } from '../../src/config/access.ts';
import { accessFor } from './callers.ts';
import type { IdentityProvider } from './identity-provider.ts';

export const issuer = 'https://identity.example/realm';
export const audience = 'jobyard';

export function accessTo({ jwksUri }: IdentityProvider, scopesClaim = 'scope'): AccessSettings {
  const { apiKeys } = accessFor({ reader: ['jobs:read'] });
  return { apiKeys, jwt: { jwksUri, issuer, audience, scopesClaim, clockToleranceSeconds: 30, certificateAuthorities: null } };
}

export const nowSeconds = () => Math.floor(Date.now() / 1000);
export const claims = (others: Record<string, unknown> = {}) => ({
  iss: issuer,
  aud: audience,
  sub: 'dana',
  exp: nowSeconds() + 300,
  scope: 'jobs:read systems:read',
  ...others,
});

/** The answer to a query with the token as `Authorization`. */
export async function ask(token: string, { origin }: { origin: string }, query = '{ jobs(first: 1) { complete } }') {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}

/** The token is not good: 401, and why. */
/** Expects 401 with the reason, and nothing of the token. */
export async function expectRejected(token: string, reason: RegExp, where: { origin: string }) {
  const { status, headers, errors, data } = await ask(token, where);
  expect({ status, errors, data }).toEqual({
    status: 401,
    errors: [{ message: expect.stringMatching(reason), extensions: { code: 'UNAUTHENTICATED' } }],
    data: undefined,
  });
  expect(headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  expect(JSON.stringify(errors)).not.toContain(token);
}

import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtSettings } from '../config/access.ts';
import { parseGrant } from '../config/grants.ts';
import { type Caller, createCaller } from './caller.ts';
import { createSigningKeys, type KeySetLink } from './signing-keys.ts';

/** `unreachable`: the keys couldn't be fetched, so the token can't be checked. */
export type JwtVerdict = { kind: 'caller'; caller: Caller } | { kind: 'rejected'; reason: string } | { kind: 'unreachable' };

// No symmetric algorithms: with these, anyone who can check a token can also create one.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

export type JwtCheck = (token: string) => Promise<JwtVerdict>;

export function createJwtCheck(settings: JwtSettings, link: KeySetLink): JwtCheck {
  const keys = createSigningKeys(settings, link);
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = settings;
  return async (token) => {
    let isUnreachable = false;
    const findKey: JWTVerifyGetKey = async (header, jws) => {
      try {
        return await keys(header, jws);
      } catch (error) {
        // Any other error is the provider's, such as an error page or an invalid key set.
        isUnreachable = !(error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys);
        throw error;
      }
    };
    try {
      const { payload } = await jwtVerify(token, findKey, { issuer, audience, clockTolerance, algorithms, requiredClaims: ['exp', 'sub'] });
      if (typeof payload.sub !== 'string' || payload.sub === '') return { kind: 'rejected', reason: invalidClaim('sub') };
      const grants = readScopes(payload[settings.scopesClaim]).flatMap((scope) => parseGrant(scope, null) ?? []);
      const expiresAtMs = ((payload.exp ?? 0) + clockTolerance) * 1000;
      return { kind: 'caller', caller: createCaller(`jwt:${payload.sub}`, grants, expiresAtMs) };
    } catch (error) {
      if (isUnreachable) return { kind: 'unreachable' };
      if (error instanceof errors.JWTExpired) return { kind: 'rejected', reason: 'the token has expired' };
      if (error instanceof errors.JWTClaimValidationFailed) return { kind: 'rejected', reason: invalidClaim(error.claim) };
      return { kind: 'rejected', reason: 'the token is invalid' };
    }
  };
}

function invalidClaim(name: string): string {
  return `the token's claim "${name}" is missing or has an unexpected value`;
}

function readScopes(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope) => typeof scope === 'string') : [];
}

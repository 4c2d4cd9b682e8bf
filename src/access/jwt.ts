import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { type Caller, createCaller, parseGrant } from './caller.ts';

/** How tokens of an identity provider are checked. */
export interface JwtSettings {
  jwksUri: string;
  issuer: string;
  audience: string;
  /** The claim that holds the scopes: text with spaces, or a list. */
  scopesClaim: string;
  /** How far the clocks of the two machines may differ. */
  clockToleranceSeconds: number;
}

/** `unreachable`: the keys could not be fetched, so nothing can be said of the token. */
export type JwtVerdict = { kind: 'caller'; caller: Caller } | { kind: 'refused'; reason: string } | { kind: 'unreachable' };

// No symmetric ones: with those whoever can check a token can make one.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

export function createJwtCheck(settings: JwtSettings): (token: string) => Promise<JwtVerdict> {
  const keys = createRemoteJWKSet(new URL(settings.jwksUri), { timeoutDuration: 5_000 });
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = settings;
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, clockTolerance, algorithms, requiredClaims: ['exp', 'sub'] });
      const grants = readScopes(payload[settings.scopesClaim]).flatMap((scope) => parseGrant(scope, null) ?? []);
      return { kind: 'caller', caller: createCaller(`jwt:${payload.sub}`, grants) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'refused', reason: 'the token has expired' };
      if (error instanceof errors.JWTClaimValidationFailed) return { kind: 'refused', reason: `its claim "${error.claim}" does not fit` };
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) return { kind: 'unreachable' };
      return { kind: 'refused', reason: 'the token is not valid' };
    }
  };
}

function readScopes(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope) => typeof scope === 'string') : [];
}

import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { AccessSettings, ApiKeyEntry, JwtSettings } from '../config/access.ts';
import { createApiKeyLookup } from './api-keys.ts';
import { anonymous, type Caller } from './caller.ts';
import type { JwtCheck } from './jwt.ts';
import type { KeySetLink } from './signing-keys.ts';

export type Authentication =
  | { kind: 'caller'; caller: Caller }
  /** HTTP 401: no valid credential. */
  | { kind: 'rejected'; message: string }
  /** HTTP 503: the identity provider can't be reached. */
  | { kind: 'unreachable'; message: string };

export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Authentication>;

/** Twice the size of tokens with hundreds of groups. A token costs time before its signature is verified. */
const maxCredentialLength = 16_384;

/** Creates an authenticator for these settings. If `jwt` is unchanged since the previous call, the fetched keys are reused. */
export function createAuthenticators(link: KeySetLink): (access: AccessSettings) => Authenticate {
  let latest: { settings: JwtSettings; check: Promise<JwtCheck> } | null = null;
  const checkFor = (settings: JwtSettings): Promise<JwtCheck> => {
    if (!latest || !isDeepStrictEqual(latest.settings, settings)) {
      // Loaded only if tokens are configured: startup is faster without.
      latest = { settings, check: import('./jwt.ts').then(({ createJwtCheck }) => createJwtCheck(settings, link)) };
    }
    return latest.check;
  };
  return (access) => (access ? createAuthenticator(access.apiKeys, access.jwt && checkFor(access.jwt)) : authenticateAnyone);
}

const authenticateAnyone: Authenticate = async () => ({ kind: 'caller', caller: anonymous });

/** Identifies the caller from `Authorization: Bearer …` or `x-api-key`. */
function createAuthenticator(apiKeys: readonly ApiKeyEntry[], jwtCheck: Promise<JwtCheck> | null): Authenticate {
  const findKey = createApiKeyLookup(apiKeys);
  return async (headers) => {
    const credential = readCredential(headers);
    if (credential === null) {
      return {
        kind: 'rejected',
        message: 'Not authenticated: send an API key or a token as "Authorization: Bearer …", or a key as "x-api-key".',
      };
    }
    if (credential.length > maxCredentialLength) {
      const message = `Not authenticated: the API key or token is longer than ${maxCredentialLength} characters.`;
      return { kind: 'rejected', message };
    }
    const caller = findKey(credential);
    if (caller) return { kind: 'caller', caller };
    if (!jwtCheck || credential.split('.').length !== 3) return { kind: 'rejected', message: 'Not authenticated: unknown API key.' };
    const checkJwt = await jwtCheck;
    const verdict = await checkJwt(credential);
    if (verdict.kind === 'caller') return verdict;
    if (verdict.kind === 'rejected') return { kind: 'rejected', message: `Not authenticated: ${verdict.reason}.` };
    return { kind: 'unreachable', message: "Can't check the token: the identity provider's keys can't be fetched. Retry." };
  };
}

function readCredential(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}

import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { AccessSettings, ApiKeyEntry, JwtSettings } from '../config/access.ts';
import { createApiKeyLookup } from './api-keys.ts';
import { anonymous, type Caller } from './caller.ts';
import type { JwtCheck } from './jwt.ts';
import type { KeySetLink } from './signing-keys.ts';

export type Authentication =
  | { kind: 'caller'; caller: Caller }
  /** 401: say who you are. */
  | { kind: 'rejected'; message: string }
  /** 503: the identity provider can't be asked. */
  | { kind: 'unreachable'; message: string };

export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Authentication>;

/** Tokens with hundreds of groups are half as long. Checking one takes time before its signature is known to be good. */
const maxCredentialLength = 16_384;

/** Creates an authenticator for these settings. If `jwt` is that of the one before, the keys that were fetched stay known. */
export function createAuthenticators(link: KeySetLink): (access: AccessSettings) => Authenticate {
  let latest: { settings: JwtSettings; check: Promise<JwtCheck> } | null = null;
  const checkFor = (settings: JwtSettings): Promise<JwtCheck> => {
    if (!latest || !isDeepStrictEqual(latest.settings, settings)) {
      // Only where tokens are taken: a start without is sooner.
      latest = { settings, check: import('./jwt.ts').then(({ createJwtCheck }) => createJwtCheck(settings, link)) };
    }
    return latest.check;
  };
  return (access) => (access ? createAuthenticator(access.apiKeys, access.jwt && checkFor(access.jwt)) : authenticateAnyone);
}

const authenticateAnyone: Authenticate = async () => ({ kind: 'caller', caller: anonymous });

/** Finds out who is calling from `Authorization: Bearer …` or `x-api-key`. */
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

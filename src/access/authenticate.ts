import type { IncomingHttpHeaders } from 'node:http';
import { type ApiKeyEntry, createApiKeyLookup } from './api-keys.ts';
import { anyone, type Caller } from './caller.ts';
import type { JwtSettings } from './jwt.ts';
import type { CreateKeySetFetch } from './signing-keys.ts';

/** Who may call. Null: nothing is configured, and everybody who can reach the server may do everything. */
export type AccessSettings = { apiKeys: readonly ApiKeyEntry[]; jwt: JwtSettings | null } | null;

export type Authentication =
  | { kind: 'caller'; caller: Caller }
  /** 401: say who you are. */
  | { kind: 'refused'; message: string }
  /** 503: the identity provider can't be asked; the reason is for the log. */
  | { kind: 'unreachable'; message: string; reason: string };

export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Authentication>;

/** Tokens with hundreds of groups are half as long. Checking one takes time before its signature is known to be good. */
const maxCredentialLength = 16_384;

/** Finds out who is calling from `Authorization: Bearer …` or `x-api-key`. */
export function createAuthenticator(access: AccessSettings, createKeySetFetch: CreateKeySetFetch): Authenticate {
  if (!access) return async () => ({ kind: 'caller', caller: anyone });
  const findKey = createApiKeyLookup(access.apiKeys);
  const { jwt } = access;
  // Only where tokens are taken: a start without is sooner.
  const jwtCheck = jwt && import('./jwt.ts').then(({ createJwtCheck }) => createJwtCheck(jwt, createKeySetFetch));
  return async (headers) => {
    const credential = readCredential(headers);
    if (credential === null) {
      return {
        kind: 'refused',
        message: 'Not authenticated: send an API key or a token as "Authorization: Bearer …", or a key as "x-api-key".',
      };
    }
    if (credential.length > maxCredentialLength) {
      const message = `Not authenticated: the API key or token is longer than ${maxCredentialLength} characters.`;
      return { kind: 'refused', message };
    }
    const caller = findKey(credential);
    if (caller) return { kind: 'caller', caller };
    if (!jwtCheck || credential.split('.').length !== 3)
      return { kind: 'refused', message: 'Not authenticated: the API key is not known.' };
    const checkJwt = await jwtCheck;
    const verdict = await checkJwt(credential);
    if (verdict.kind === 'caller') return verdict;
    if (verdict.kind === 'refused') return { kind: 'refused', message: `Not authenticated: ${verdict.reason}.` };
    return { kind: 'unreachable', message: "The identity provider's keys can't be fetched now; try again.", reason: verdict.reason };
  };
}

function readCredential(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const key = headers['x-api-key'];
  return typeof key === 'string' && key !== '' ? key : null;
}

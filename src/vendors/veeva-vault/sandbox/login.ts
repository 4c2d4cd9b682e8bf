import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import { type Envelope, failure, success } from './envelope.ts';
import type { Session, VaultSessions } from './session.ts';
import type { VaultSwitches } from './switches.ts';
import { otherVault, ownVault, type VaultUser, type VaultUsers } from './users.ts';

interface LoginParts {
  timeline: Timeline;
  switches: VaultSwitches;
  users: VaultUsers;
  sessions: VaultSessions;
}

/** The outcome of a login, with the session if one was opened. */
export interface LoginResult {
  envelope: Envelope;
  session?: Session;
}

/** The address of this Vault, as in the request. */
export interface OwnAddress {
  /** The host and port in the request. */
  host: string;
  /** Other hosts of this Vault. */
  otherNames: readonly string[];
  apiUrl: string;
}

/** User name and password → session. */
export function logIn(parts: LoginParts, form: URLSearchParams, own: OwnAddress): LoginResult {
  const password = form.get('password') ?? '';
  if (password === '') return rejected('NO_PASSWORD_PROVIDED', 'No password was provided for the login call.');
  const username = (form.get('username') ?? '').toLowerCase();
  const user = Object.values(parts.users).find((each) => each.username === username);
  if (!user?.active) return rejected('INACTIVE_USER', 'User is inactive or not found.');
  const problem = checkPassword(parts, user, password);
  return problem ?? enter(parts, user, form.get('vaultDNS') ?? '', own);
}

/** An identity provider's access token → session. Veeva documents no specific error for a wrong one. */
export function logInWithIdentityToken(parts: LoginParts, request: SandboxRequest, own: OwnAddress): LoginResult {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const user = Object.values(parts.users).find(({ identityToken }) => identityToken !== undefined && identityToken === token);
  if (!user?.active) return rejected('USERNAME_OR_PASSWORD_INCORRECT', 'The access token is not valid.');
  return enter(parts, user, readForm(request).get('vaultDNS') ?? '', own);
}

/** The fields of a form body, url-encoded or multipart; files and nested parts are not expected. */
export function readForm(request: SandboxRequest): URLSearchParams {
  const contentType = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data\s*;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return new URLSearchParams(/^application\/x-www-form-urlencoded/i.test(contentType) ? request.body : '');
  const form = new URLSearchParams();
  for (const part of request.body.split(`--${boundary}`)) {
    const cut = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(part.slice(0, cut))?.[1];
    if (cut >= 0 && name !== undefined) form.append(name, part.slice(cut + 4).replace(/\r\n$/, ''));
  }
  return form;
}

function checkPassword({ timeline, switches }: LoginParts, user: VaultUser, password: string): LoginResult | undefined {
  const nowMs = timeline.now();
  if (nowMs < user.lockedUntilMs) return rejected('USER_LOCKED_OUT', `User account is locked: ${user.username}`);
  if (password !== user.password) {
    user.wrongPasswords += 1;
    if (user.wrongPasswords >= switches.lockoutAfter) {
      user.wrongPasswords = 0;
      user.lockedUntilMs = nowMs + switches.lockoutMs;
    }
    return rejected('USERNAME_OR_PASSWORD_INCORRECT', `Authentication failed for user: ${user.username}`);
  }
  user.wrongPasswords = 0;
  return user.passwordExpired ? rejected('PASSWORD_CHANGE_REQUIRED', 'Password change required.') : undefined;
}

/** Opens a session in the requested Vault or, if the user can't access it, in the most relevant one. */
function enter({ sessions }: LoginParts, user: VaultUser, wantedDns: string, own: OwnAddress): LoginResult {
  const wanted = vaultOf(wantedDns.toLowerCase(), own);
  const vaultId = wanted !== undefined && user.vaultIds.includes(wanted) ? wanted : (user.lastVaultId ?? user.vaultIds[0]);
  if (vaultId === undefined) return rejected('INACTIVE_USER', 'User is not a member of any active Vault.');
  user.lastVaultId = vaultId;
  const session = sessions.open(user, vaultId);
  const vaults = [
    { ...ownVault, url: own.apiUrl },
    { id: otherVault.id, name: otherVault.name, url: `https://${otherVault.dns}/api` },
  ];
  return {
    session,
    envelope: success({
      sessionId: session.id,
      userId: user.id,
      vaultIds: vaults.filter(({ id }) => user.vaultIds.includes(id)),
      vaultId,
    }),
  };
}

function vaultOf(dns: string, own: OwnAddress): number | undefined {
  if (dns === '' || dns === own.host || own.otherNames.includes(dns)) return ownVault.id;
  return dns === otherVault.dns ? otherVault.id : undefined;
}

function rejected(type: string, message: string): LoginResult {
  const envelope = failure(type, message);
  envelope.body.errorType = 'AUTHENTICATION_FAILED';
  return { envelope };
}

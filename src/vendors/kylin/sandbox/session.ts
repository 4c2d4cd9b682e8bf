import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Account, type Accounts, lockLeftMs, noteLogin, noteWrongPassword } from './accounts.ts';
import { accountLocked, notLoggedIn, type Rejection, wrongLogin } from './rejections.ts';
import type { KylinSwitches } from './switches.ts';

/** `cookie`: the header of a new session, if one was opened. */
export type Login = { account: Account; cookie?: string } | Rejection;

export interface Sessions {
  /** The account of this request: by Basic credentials if there are any, else by session cookie. */
  authenticate(request: SandboxRequest, nowMs: number): Login;
  /** Ends all sessions at once, as a restart of the session store does. */
  expireAll(): void;
}

const idleLimitMs = 600_000;
/** A caller that ignores cookies opens a session with each request: only the newest are kept. */
const keptSessions = 1_000;
const cookieName = 'SESSION';

export function createSessions(accounts: Accounts, switches: KylinSwitches, random: Random): Sessions {
  const sessions = new Map<string, { account: Account; usedAtMs: number }>();

  function open(account: Account, nowMs: number): string {
    const id = random.uuid();
    sessions.set(id, { account, usedAtMs: nowMs });
    if (sessions.size > keptSessions) {
      for (const oldest of sessions.keys()) {
        sessions.delete(oldest);
        break;
      }
    }
    return `${cookieName}=${id}; Path=/kylin; HttpOnly; SameSite=Lax`;
  }

  function resume(cookieHeader: string | undefined, nowMs: number): Account | undefined {
    const id = cookieHeader
      ?.split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1);
    const session = id === undefined ? undefined : sessions.get(id);
    if (!session || nowMs - session.usedAtMs >= idleLimitMs) return undefined;
    session.usedAtMs = nowMs;
    return session.account;
  }

  function logIn(username: string, password: string, nowMs: number): Account | Rejection {
    const account = accounts.find(username, switches.loginNames === 'ignoreCase');
    if (!account) return wrongLogin();
    const leftMs = switches.lockout ? lockLeftMs(account, nowMs) : 0;
    if (leftMs > 0) return accountLocked(account.username, Math.max(1, Math.floor(leftMs / 1000)));
    if (account.password !== password) {
      if (switches.lockout) noteWrongPassword(account, nowMs);
      return wrongLogin();
    }
    noteLogin(account);
    return account;
  }

  return {
    authenticate(request, nowMs) {
      const known = resume(request.headers.cookie, nowMs);
      const basic = /^basic(?:\s+(.*))?$/i.exec(request.headers.authorization ?? '');
      if (!basic) return known ? { account: known } : notLoggedIn();
      const credentials = Buffer.from(basic[1] ?? '', 'base64').toString('utf8');
      const colon = credentials.indexOf(':');
      if (colon < 0) return wrongLogin();
      const login = logIn(credentials.slice(0, colon), credentials.slice(colon + 1), nowMs);
      if ('errorCode' in login) return login;
      return known === login ? { account: login } : { account: login, cookie: open(login, nowMs) };
    },
    expireAll: () => sessions.clear(),
  };
}

import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import type { VaultSwitches } from './switches.ts';
import { ownVault, type VaultUser, type VaultUsers } from './users.ts';

/** The caller: a user in a Vault, by a session or by an API access token. */
export interface Session {
  /** Empty for an API access token. */
  id: string;
  user: VaultUser;
  vaultId: number;
}

export interface VaultSessions {
  open(user: VaultUser, vaultId: number): Session;
  /** The session an `Authorization` header names, bare or as Bearer. Finding it renews its idle timer. */
  find(authorization: string | undefined): Session | undefined;
  end(session: Session): void;
  /** Ends every session at once, as a Vault's restart does. */
  endAll(): void;
  count(): number;
}

/** The documented maximum of every Vault, even for a session in use. */
const maxSessionMs = 48 * 3_600_000;

export function createSessions(parts: { timeline: Timeline; random: Random; switches: VaultSwitches; users: VaultUsers }): VaultSessions {
  const { timeline, random, switches, users } = parts;
  const sessions = new Map<string, Session & { openedAtMs: number; usedAtMs: number }>();

  function isAlive({ openedAtMs, usedAtMs }: { openedAtMs: number; usedAtMs: number }): boolean {
    const nowMs = timeline.now();
    return nowMs - usedAtMs < switches.sessionIdleMs && nowMs - openedAtMs < maxSessionMs;
  }

  return {
    open(user, vaultId) {
      for (const session of sessions.values()) if (!isAlive(session)) sessions.delete(session.id);
      const nowMs = timeline.now();
      const session = { id: random.text(128, '0123456789ABCDEF'), user, vaultId, openedAtMs: nowMs, usedAtMs: nowMs };
      sessions.set(session.id, session);
      return session;
    },
    find(authorization = '') {
      const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
      if (bearer?.startsWith('veeva-vault-')) {
        const user = Object.values(users).find(({ accessToken, active }) => accessToken === bearer && active);
        return user && { id: '', user, vaultId: ownVault.id };
      }
      const session = sessions.get(bearer ?? authorization.trim());
      // A session of another Vault is not valid here.
      if (!session || !isAlive(session) || !session.user.active || session.vaultId !== ownVault.id) return undefined;
      session.usedAtMs = timeline.now();
      return session;
    },
    end: (session) => void sessions.delete(session.id),
    endAll: () => sessions.clear(),
    count: () => sessions.size,
  };
}

import pg, { type ClientBase, type Pool } from 'pg';

/** LISTEN for the whole process over the one connection of a pool. */
export interface Notifications {
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  close(): void;
}

type Listener = (payload: string) => void;

/**
 * Makes a pool that has at most one connection, and prepares that with what it is given. Every `checkEveryMs` the connection is tried and,
 * where it is lost, made anew; null: that needs no check.
 */
export function createNotifications(
  createPool: (onConnect: (client: ClientBase) => Promise<void>) => Pool,
  checkEveryMs: number | null,
): Notifications & { pool: Pool } {
  const listeners = new Map<string, Set<Listener>>();

  const pool = createPool(async (client) => {
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    });
    const statements = Array.from(listeners.keys(), (channel) => `LISTEN ${pg.escapeIdentifier(channel)}`);
    if (statements.length > 0) await client.query(statements.join(';'));
  });
  const check = (): void => {
    if (listeners.size > 0) pool.query('SELECT 1').catch(() => {});
  };
  const checking = checkEveryMs === null ? null : setInterval(check, checkEveryMs).unref();

  return {
    pool,
    async listen(channel, onMessage) {
      // A function of its own, so that the same one may listen twice.
      const listener: Listener = (payload) => onMessage(payload);
      const present = listeners.get(channel) ?? new Set();
      listeners.set(channel, present.add(listener));
      // Where that fails, the next connection will listen.
      await pool.query(`LISTEN ${pg.escapeIdentifier(channel)}`).catch(() => {});
      return async () => {
        present.delete(listener);
        if (present.size > 0 || listeners.get(channel) !== present) return;
        listeners.delete(channel);
        await pool.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`).catch(() => {});
      };
    },
    close() {
      if (checking) clearInterval(checking);
    },
  };
}

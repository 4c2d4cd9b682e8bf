import { randomUUID } from 'node:crypto';
import pg, { type ClientBase, type Pool } from 'pg';

/** LISTEN for the whole process over the one connection of a pool. */
export interface Notifications {
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  close(): void;
}

/** How the connection is checked. */
export interface NotificationCheck {
  /** Every so often the connection is tried and replaced where it is lost. */
  checkEveryMs: number;
  /** Sends a notification over another connection. */
  probe(channel: string, payload: string): Promise<unknown>;
  /** Called with what the database's clock showed between two times of this process's. */
  onTime(sentAtMs: number, databaseNow: Date, receivedAtMs: number): void;
  /** Called once: the probe was sent and did not arrive, although the connection works. */
  onSilent(): void;
}

type Listener = (payload: string) => void;

/** Every 12th check. */
const probeEveryChecks = 12;
const probeChannel = 'jobyard_probe';

/** Makes a pool that has at most one connection, and prepares that with what it is given. `check`: null for a connection that needs none. */
export function createNotifications(
  createPool: (onConnect: (client: ClientBase) => Promise<void>) => Pool,
  check: NotificationCheck | null,
): Notifications & { pool: Pool } {
  const listeners = new Map<string, Set<Listener>>();
  const prober = check && createProber(check);

  const pool = createPool(async (client) => {
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === probeChannel) prober?.arrived(payload);
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    });
    const channels = [...listeners.keys(), ...(prober ? [probeChannel] : [])];
    if (channels.length > 0) await client.query(channels.map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join(';'));
    prober?.connected();
  });
  const tryConnection = (): void => {
    if (listeners.size === 0) return;
    const sentAtMs = Date.now();
    pool.query<{ now: Date }>('SELECT clock_timestamp() AS now').then(
      ({ rows: [row] }) => {
        if (row) check?.onTime(sentAtMs, row.now, Date.now());
        prober?.checked();
      },
      () => {},
    );
  };
  const checking = check && setInterval(tryConnection, check.checkEveryMs).unref();

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

/** Tells whether notifications arrive: a pooler accepts LISTEN and keeps what comes to itself. A probe that was sent must be there at the next check. */
function createProber({ probe, onSilent }: NotificationCheck) {
  let checksUntilProbe = 0;
  let awaited: { payload: string; isSent: boolean } | null = null;
  let saidSilent = false;
  return {
    /** A new connection listens: what was sent before is lost. */
    connected(): void {
      awaited = null;
      checksUntilProbe = 0;
    },
    arrived(payload: string): void {
      if (payload === awaited?.payload) awaited = null;
    },
    /** The connection has responded just now. */
    checked(): void {
      if (awaited) {
        if (!awaited.isSent) return;
        awaited = null;
        if (!saidSilent) onSilent();
        saidSilent = true;
      }
      if (checksUntilProbe-- > 0) return;
      checksUntilProbe = probeEveryChecks;
      const sent = { payload: randomUUID(), isSent: false };
      awaited = sent;
      probe(probeChannel, sent.payload).then(
        () => {
          sent.isSent = true;
        },
        () => {
          // The store is away: that says nothing.
          if (awaited === sent) awaited = null;
        },
      );
    },
  };
}

import { randomUUID } from 'node:crypto';
import pg, { type ClientBase, type Pool } from 'pg';

/** LISTEN for the whole process, over one connection. */
export interface Notifications {
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  close(): void;
}

/** The check of the connection. */
export interface NotificationCheck {
  /** The interval of the check. A lost connection is replaced. */
  checkEveryMs: number;
  /** Sends a notification over another connection. */
  probe(channel: string, payload: string): Promise<unknown>;
  /** Called with a time of the database's clock, and times of this process's clock before and after it. */
  onTime(sentAtMs: number, databaseNow: Date, receivedAtMs: number): void;
  /** Called once if a probe was sent and didn't arrive although the connection works. */
  onSilent(): void;
}

type Listener = (payload: string) => void;

/** A probe is sent with every 12th check. */
const probeEveryChecks = 12;
const probeChannel = 'jobyard_probe';

/** `createPool` creates a pool of at most one connection, and calls `onConnect` for each new one. `check`: null if the connection needs none. */
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
      // A new function, so that the same one may be registered twice.
      const listener: Listener = (payload) => onMessage(payload);
      const present = listeners.get(channel) ?? new Set();
      listeners.set(channel, present.add(listener));
      // If that fails, the next connection listens.
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

/** Detects whether notifications arrive: a pooler accepts LISTEN but doesn't forward notifications. A probe must arrive before the next check. */
function createProber({ probe, onSilent }: NotificationCheck) {
  let checksUntilProbe = 0;
  let awaited: { payload: string; isSent: boolean } | null = null;
  let reportedSilent = false;
  return {
    /** A new connection listens: notifications sent before it are lost. */
    connected(): void {
      awaited = null;
      checksUntilProbe = 0;
    },
    arrived(payload: string): void {
      if (payload === awaited?.payload) awaited = null;
    },
    /** The connection has just responded. */
    checked(): void {
      if (awaited) {
        if (!awaited.isSent) return;
        awaited = null;
        if (!reportedSilent) onSilent();
        reportedSilent = true;
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
          // The store is unavailable, so the probe proves nothing.
          if (awaited === sent) awaited = null;
        },
      );
    },
  };
}

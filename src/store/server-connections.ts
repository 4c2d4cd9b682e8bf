import pg, { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { type ClockComparison, createClockComparison } from './clocks.ts';
import type { Connections } from './connections.ts';
import { faultOf, throwStoreError } from './database-error.ts';
import { createNotifications } from './notifications.ts';
import { UnusableStoreError } from './unusable.ts';

export interface ServerOptions {
  url: string;
  /** For messages: the address without the password. */
  name: string;
  /** How long a statement may take. The server then cancels it; if the server doesn't respond, the connection is closed 5 seconds later. */
  statementTimeoutMs: number;
  /** How long connecting may take. */
  connectTimeoutMs: number;
  logger: Logger;
}

const giveUpAfterMs = 5_000;
const checkEveryMs = 5_000;
/** The first version that supports all statements of Jobyard and pg-boss. */
const minServerVersion = 130_000;
/** How long a transaction may be idle, so that a process that hangs or vanished doesn't block others for longer. */
const idleTransactionMs = 15_000;
/** Longer than that, so that a statement that waits for such a process gets the lock. */
const lockTimeoutMs = 30_000;
/** How the server detects that a replica's machine has vanished. */
const vanishedAfterSeconds = { idle: 20, interval: 10, count: 3, userTimeoutMs: 30_000 };

/** The limits of each transaction, for connections or for single transactions. */
function limitsOf(statementTimeoutMs: number): Record<string, number> {
  return {
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
  };
}

/** Connections to a PostgreSQL server, or to a pooler in front of one, also in transaction mode. */
export function connectServer({ url, name, statementTimeoutMs, connectTimeoutMs, logger }: ServerOptions): Connections {
  const limits = limitsOf(statementTimeoutMs);
  const clocks = createClockComparison();
  const settings: PoolConfig = {
    ...withOptions(url, limits),
    application_name: 'jobyard',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: vanishedAfterSeconds.idle * 1_000,
  };
  const pool = new Pool({ ...settings, max: 10, query_timeout: statementTimeoutMs + giveUpAfterMs });
  const notifications = listenOn(settings, pool, clocks, logger);
  /** If a pooler rejects or ignores the settings of connections, each transaction sets its own. */
  let begin = 'BEGIN';

  return {
    name,
    pool,
    isShared: true,
    isNew: false,
    keepsStatements: false,
    notifications,
    aheadMs: clocks.aheadMs,
    begin: () => begin,
    async prepare() {
      const client = await connect(pool, notifications.pool).catch(throwStoreError);
      try {
        const row = await readServer(client, clocks);
        assertSuitable(name, row);
        if (row.has_limits) return;
        begin = ['BEGIN', ...Object.entries(limits).map(([setting, ms]) => `SET LOCAL ${setting} = ${ms}`)].join('; ');
        logger.info('store: the pooler accepts no connection settings; each transaction sets its own limits');
      } finally {
        client.release();
      }
    },
    onLost() {},
    close: () => notifications.pool.end(),
  };
}

/** The connection that listens must stay open, so it has its own pool. It is replaced if it doesn't respond in time. */
function listenOn(settings: PoolConfig, pool: Pool, clocks: ClockComparison, logger: Logger): ReturnType<typeof createNotifications> {
  const notifications = createNotifications(
    (onConnect) => new Pool({ ...settings, max: 1, idleTimeoutMillis: 0, query_timeout: checkEveryMs, onConnect }),
    {
      checkEveryMs,
      onTime: clocks.note,
      probe: (channel, payload) => pool.query('SELECT pg_notify($1, $2)', [channel, payload]),
      onSilent: () =>
        logger.warn(
          "store: notifications of the database don't arrive, as behind a pooler in transaction mode. Replicas poll instead: " +
            'each polls all jobs itself, and bulk operations react within a second. To change that, connect directly to the server.',
        ),
    },
  );
  notifications.pool.on('error', () => {});
  return notifications;
}

/** A pooler may reject a connection because of its settings. If it accepts one without, all later connections of both pools have none. */
async function connect(pool: Pool, listening: Pool): Promise<PoolClient> {
  const { options } = pool.options;
  try {
    return await pool.connect();
  } catch (error) {
    if (options === undefined || !isRejection(error)) throw error;
    for (const each of [pool, listening]) delete each.options.options;
    return pool.connect().catch(() => {
      for (const each of [pool, listening]) each.options.options = options;
      throw error;
    });
  }
}

async function readServer(client: PoolClient, clocks: ClockComparison): Promise<ServerRow> {
  const sentAtMs = Date.now();
  const { rows } = await client.query<ServerRow>(serverQuery).catch(throwStoreError);
  const [row] = rows;
  if (!row) throw new Error('The query of settings returned no row');
  clocks.note(sentAtMs, row.now, Date.now());
  return row;
}

/** Whether the server or a pooler rejected the connection because of its settings. */
function isRejection(error: unknown): boolean {
  return error instanceof pg.DatabaseError && faultOf(error) !== 'configuration' && !/^(53|57)/.test(error.code ?? '');
}

/** The URL's own options come last, so they take precedence. */
function withOptions(url: string, limits: Record<string, number>): PoolConfig {
  const { idle, interval, count, userTimeoutMs } = vanishedAfterSeconds;
  const settings: Record<string, number | string> = {
    ...limits,
    tcp_user_timeout: userTimeoutMs,
    tcp_keepalives_idle: idle,
    tcp_keepalives_interval: interval,
    tcp_keepalives_count: count,
    // Meaningless to the server: shows whether the settings were applied.
    'jobyard.has_limits': 'yes',
  };
  const own = Object.entries(settings).map(([setting, value]) => `-c ${setting}=${value}`);
  const given = new URL(url).searchParams.get('options');
  return { connectionString: withoutOptions(url), options: [...own, ...(given ? [given] : [])].join(' ') };
}

function withoutOptions(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('options')) return url;
  parsed.searchParams.delete('options');
  return parsed.href;
}

interface ServerRow {
  version: number;
  encoding: string;
  has_limits: boolean;
  now: Date;
}

const serverQuery = `SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
  coalesce(current_setting('jobyard.has_limits', true), '') = 'yes' AS has_limits, clock_timestamp() AS now`;

function assertSuitable(name: string, row: ServerRow): void {
  if (row.version < minServerVersion) {
    throw new UnusableStoreError(
      `store: expected PostgreSQL ${minServerVersion / 10_000} or newer, got PostgreSQL ${Math.floor(row.version / 10_000)} at ${name}.`,
    );
  }
  if (row.encoding === 'UTF8') return;
  throw new UnusableStoreError(
    `store: expected a database with the encoding UTF8, got ${row.encoding} at ${name}. Create one WITH ENCODING 'UTF8'.`,
  );
}

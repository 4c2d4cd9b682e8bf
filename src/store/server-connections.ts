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
  /** How long a statement may take. The server ends it then; if the server doesn't respond, the connection is given up 5 seconds later. */
  statementTimeoutMs: number;
  /** How long connecting may take. */
  connectTimeoutMs: number;
  logger: Logger;
}

const giveUpAfterMs = 5_000;
const checkEveryMs = 5_000;
/** The first with all that Jobyard's statements and pg-boss's use. */
const minServerVersion = 130_000;
/** How long a transaction may do nothing: a process that vanished in it, or stands still, blocks others no longer. */
const idleTransactionMs = 15_000;
/** Longer than that, so that what waits for such a process gets the lock. */
const lockTimeoutMs = 30_000;
/** When the server notices that a replica's machine is gone. */
const vanishedAfterSeconds = { idle: 20, interval: 10, count: 3, userTimeoutMs: 30_000 };

/** Says which limits a transaction has whose connection has none of its own. */
function limitsOf(statementTimeoutMs: number): Record<string, number> {
  return {
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
  };
}

/** Connections to a PostgreSQL server, or to a pooler in front of one, even one that gives each transaction another connection. */
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
  /** A pooler refuses settings of a connection, or ignores them: then each transaction has its own. */
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
        logger.info('store: a pooler takes no settings of connections; each transaction sets its own limits');
      } finally {
        client.release();
      }
    },
    onLost() {},
    close: () => notifications.pool.end(),
  };
}

/** A connection that listens must stay: it has a pool of its own, and answers soon or is replaced. */
function listenOn(settings: PoolConfig, pool: Pool, clocks: ClockComparison, logger: Logger): ReturnType<typeof createNotifications> {
  const notifications = createNotifications(
    (onConnect) => new Pool({ ...settings, max: 1, idleTimeoutMillis: 0, query_timeout: checkEveryMs, onConnect }),
    {
      checkEveryMs,
      onTime: clocks.note,
      probe: (channel, payload) => pool.query('SELECT pg_notify($1, $2)', [channel, payload]),
      onSilent: () =>
        logger.warn(
          'store: notifications of the database do not arrive, as behind a pooler in transaction mode. Replicas poll instead: ' +
            'each polls all jobs itself, and bulk operations react after up to 1 second. To change that, connect to the server itself.',
        ),
    },
  );
  notifications.pool.on('error', () => {});
  return notifications;
}

/** A pooler may refuse a connection for its settings, and then accepts one without; all later ones of both pools are without, too. */
async function connect(pool: Pool, listening: Pool): Promise<PoolClient> {
  const { options } = pool.options;
  try {
    return await pool.connect();
  } catch (error) {
    if (options === undefined || !isRefusal(error)) throw error;
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
  if (!row) throw new Error('A query of settings came back as no row');
  clocks.note(sentAtMs, row.now, Date.now());
  return row;
}

/** Whether the server, or a pooler, has answered that it does not accept the connection as it was asked for. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && faultOf(error) !== 'configuration' && !/^(53|57)/.test(error.code ?? '');
}

/** The URL's own options come last, and so they win. */
function withOptions(url: string, limits: Record<string, number>): PoolConfig {
  const { idle, interval, count, userTimeoutMs } = vanishedAfterSeconds;
  const settings: Record<string, number | string> = {
    ...limits,
    tcp_user_timeout: userTimeoutMs,
    tcp_keepalives_idle: idle,
    tcp_keepalives_interval: interval,
    tcp_keepalives_count: count,
    // Of no meaning to the server: it tells whether the others have arrived.
    'jobyard.has_limits': 'yes',
  };
  const own = Object.entries(settings).map(([setting, value]) => `-c ${setting}=${value}`);
  const { searchParams } = new URL(url);
  const given = searchParams.get('options') ?? process.env.PGOPTIONS;
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
      `store: ${name} is PostgreSQL ${Math.floor(row.version / 10_000)}, and Jobyard needs ${minServerVersion / 10_000} or newer.`,
    );
  }
  if (row.encoding === 'UTF8') return;
  throw new UnusableStoreError(
    `store: ${name} has the encoding ${row.encoding}, and Jobyard needs UTF8. Create a database WITH ENCODING 'UTF8' and name that.`,
  );
}

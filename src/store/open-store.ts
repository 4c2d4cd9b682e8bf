import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { secretsOfUrl } from '../secrets/url-secrets.ts';
import { StoreFolderUnusable, takeFolderLock } from './folder-lock.ts';
import { createNotifications } from './notifications.ts';
import { createPgliteThread } from './pglite-connection.ts';
import { type Connections, createPoolStore } from './pool-store.ts';
import type { Store } from './store.ts';

/** Where the store is: in this process only, in a folder that one process at a time uses, or on a PostgreSQL server that any number share. */
export type StoreLocation = { kind: 'memory' } | { kind: 'folder'; folder: string } | { kind: 'server'; url: string };

export interface StoreOptions {
  /** Another process has taken the folder over: this one must end without writing anything more. Default: throws it where nobody catches. */
  onFolderLost?: (error: StoreFolderUnusable) => void;
  /** How long a statement on a server may take before it counts as not reachable. */
  statementTimeoutMs?: number;
}

const usualStatementTimeoutMs = 60_000;
/** Opening, and being connected, takes at most this long before a method gives up. */
const timeoutMs = 15_000;
const checkEveryMs = 5_000;
const vacuumEveryMs = 3_600_000;

/** A store that is not open yet: see Store.resume. Throws StoreFolderUnusable at once where the folder is another process's or can't be written. */
export function openStore(location: StoreLocation, logger: Logger, options: StoreOptions = {}): Store {
  return createPoolStore(connect(location, logger, options), timeoutMs, logger);
}

/** For an operator, without the password. */
export function describeStore(location: StoreLocation): string {
  if (location.kind === 'memory') return 'in memory, gone when Jobyard stops';
  if (location.kind === 'folder') return `the folder ${location.folder}`;
  const { protocol, username, host, pathname } = new URL(location.url);
  return `${protocol}//${username ? `${username}@` : ''}${host}${pathname}`;
}

/** The password of a server's URL; drivers' errors may show it. */
export function secretsOfStore(location: StoreLocation): string[] {
  if (location.kind !== 'server') return [];
  const asParameter = new URL(location.url).searchParams.get('password');
  return [...secretsOfUrl(location.url), ...(asParameter ? [asParameter] : [])];
}

function connect(location: StoreLocation, logger: Logger, { onFolderLost, statementTimeoutMs }: StoreOptions): Connections {
  if (location.kind === 'server') return connectServer(location.url, statementTimeoutMs ?? usualStatementTimeoutMs);
  if (location.kind === 'memory') return connectPglite('memory://', () => {});
  const unlock = lockFolder(location.folder, logger, onFolderLost);
  return connectPglite(join(location.folder, 'postgres'), unlock);
}

function connectServer(url: string, statementTimeoutMs: number): Connections {
  const settings: PoolConfig = {
    connectionString: url,
    application_name: 'jobyard',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
  };
  const pool = new Pool({ ...settings, max: 10, query_timeout: statementTimeoutMs });
  // A connection that listens must stay: it has a pool of its own, and answers soon or is replaced.
  const notifications = createNotifications(
    (onConnect) => new Pool({ ...settings, max: 1, idleTimeoutMillis: 0, query_timeout: checkEveryMs, onConnect }),
    checkEveryMs,
  );
  notifications.pool.on('error', () => {});
  return {
    pool,
    isShared: true,
    isNew: false,
    notifications,
    onLost() {},
    close: () => notifications.pool.end(),
  };
}

function connectPglite(dataDirectory: string, unlock: () => void): Connections {
  let onLost = (_error: Error): void => {};
  const thread = createPgliteThread(dataDirectory, (error) => onLost(error));
  // One connection, as PGlite has one session: transactions wait for each other here.
  const settings: PoolConfig = { stream: thread.connect, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: timeoutMs };
  const notifications = createNotifications((onConnect) => new Pool({ ...settings, onConnect }), null);
  const { pool } = notifications;
  // What PostgreSQL has a process for, which PGlite has not: without it deleted rows keep their room.
  const vacuuming = setInterval(() => {
    if (pool.totalCount > 0) pool.query('VACUUM (ANALYZE)').catch(() => {});
  }, vacuumEveryMs).unref();
  return {
    pool,
    isShared: false,
    isNew: !existsSync(dataDirectory),
    notifications,
    onLost(listener) {
      onLost = listener;
    },
    async close() {
      clearInterval(vacuuming);
      await thread.close();
      unlock();
    },
  };
}

/** PGlite itself takes no lock: two processes on one folder would silently lose what they write. It is within the folder, as that may be a volume of its own. */
function lockFolder(folder: string, logger: Logger, onFolderLost: StoreOptions['onFolderLost']): () => void {
  const onLost = (error: StoreFolderUnusable): void => {
    const lost = new StoreFolderUnusable(`store: the folder ${folder} is no longer this process's: ${error.message}. It ends at once.`);
    // Not where the lock's own timer would catch it.
    if (!onFolderLost)
      queueMicrotask(() => {
        throw lost;
      });
    else onFolderLost(lost);
  };
  const onTrouble = (error: unknown): void => logger.error({ err: error }, 'store: the lock could not be touched');
  try {
    mkdirSync(folder, { recursive: true });
    return takeFolderLock(join(folder, 'lock'), onLost, onTrouble);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'Stop that process, or give this one a store of its own (--store FOLDER, key store).';
    if (error instanceof StoreFolderUnusable) throw new StoreFolderUnusable(`store: can't use the folder ${folder}: ${reason}. ${remedy}`);
    throw new StoreFolderUnusable(`store: expected a folder that can be written, got ${folder}: ${reason}`);
  }
}

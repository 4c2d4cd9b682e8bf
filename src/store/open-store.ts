import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import type { StoreLocation } from '../config/store.ts';
import { secretsOfUrl } from '../secrets/url-secrets.ts';
import type { Connections } from './connections.ts';
import { checkDatabaseFolder, databaseFolderOf, prepareFolder } from './database-folder.ts';
import { acquireFolderLock } from './folder-lock.ts';
import type { Migration } from './migrate.ts';
import { createNotifications } from './notifications.ts';
import { createPgliteThread } from './pglite-connection.ts';
import { createPoolStore, type OpeningStore } from './pool-store.ts';
import { connectServer } from './server-connections.ts';
import { UnusableStoreError } from './unusable.ts';

export interface StoreOptions {
  /** Called when another process has taken over the folder: this one must end without writing anything more. Default: throws an uncaught error. */
  onFolderLost?: (error: UnusableStoreError) => void;
  /** Called if the store can't be opened at startup until an operator acts. Default: opening is retried. */
  onUnusable?: (error: UnusableStoreError) => void;
  /** How long a statement on a server may take before the server counts as unavailable. Default: 60 seconds. */
  statementTimeoutMs?: number;
  /** Default: the files in migrations/. */
  migrations?: readonly Migration[];
}

const defaultStatementTimeoutMs = 60_000;
/** How long a method waits for the store to open, and for a connection. */
const timeoutMs = 15_000;
const vacuumEveryMs = 3_600_000;

/**
 * A store that is not open yet; see Store.resume. Throws UnusableStoreError at once for a folder that another process uses, that can't be made
 * private or written to, or whose database is damaged or from another version.
 */
export function openStore(location: StoreLocation, logger: Logger, options: StoreOptions = {}): OpeningStore {
  const { onUnusable = () => {}, migrations } = options;
  return createPoolStore(connect(location, logger, options), {
    openingTimeoutMs: timeoutMs,
    onUnusable,
    logger,
    ...(migrations && { migrations }),
  });
}

/** The location of the store, for operators, without the password. */
export function describeStore(location: StoreLocation): string {
  if (location.kind === 'memory') return 'in memory, lost when Jobyard stops';
  if (location.kind === 'folder') return `the folder ${location.folder}`;
  const { protocol, username, host, pathname } = new URL(location.url);
  return `${protocol}//${username ? `${username}@` : ''}${host}${pathname}`;
}

/** The passwords in a server's URL, which drivers' errors may contain. */
export function secretsOfStore(location: StoreLocation): string[] {
  if (location.kind !== 'server') return [];
  const asParameter = new URL(location.url).searchParams.get('password');
  return [...secretsOfUrl(location.url), ...(asParameter ? [asParameter] : [])];
}

function connect(location: StoreLocation, logger: Logger, { onFolderLost, statementTimeoutMs }: StoreOptions): Connections {
  const name = describeStore(location);
  if (location.kind === 'server') {
    return connectServer({
      url: location.url,
      name,
      statementTimeoutMs: statementTimeoutMs ?? defaultStatementTimeoutMs,
      connectTimeoutMs: timeoutMs,
      logger,
    });
  }
  if (location.kind === 'memory') return connectPglite({ name, dataDirectory: 'memory://', isNew: true, unlock() {}, logger });
  const { isNew, unlock } = takeFolder(location.folder, logger, onFolderLost);
  return connectPglite({ name, dataDirectory: databaseFolderOf(location.folder), isNew, unlock, logger });
}

interface PgliteOptions {
  name: string;
  dataDirectory: string;
  isNew: boolean;
  unlock(): void;
  logger: Logger;
}

function connectPglite({ name, dataDirectory, isNew, unlock, logger }: PgliteOptions): Connections {
  let onLost = (_error: Error): void => {};
  const thread = createPgliteThread({
    dataDirectory,
    isNew,
    onCreated: () => logger.info({ folder: dataDirectory }, 'store: created a new, empty database'),
    onFailure: (error) => onLost(error),
  });
  // One connection, because PGlite has one session: transactions wait for each other here.
  const settings: PoolConfig = { stream: thread.connect, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: timeoutMs };
  const notifications = createNotifications((onConnect) => new Pool({ ...settings, onConnect }), null);
  const { pool } = notifications;
  // PGlite has no autovacuum: without this, deleted rows keep their space.
  const vacuuming = setInterval(() => {
    if (pool.totalCount > 0) pool.query('VACUUM (ANALYZE)').catch(() => {});
  }, vacuumEveryMs).unref();
  return {
    name,
    pool,
    isShared: false,
    isNew,
    keepsStatements: true,
    notifications,
    // Both clocks are this machine's.
    aheadMs: () => 0,
    async prepare() {},
    begin: () => 'BEGIN',
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

interface TakenFolder {
  /** Whether it has no database yet. */
  isNew: boolean;
  unlock(): void;
}

/**
 * Makes the folder private, locks it, and checks its database. PGlite itself has no lock: two processes on one folder would silently lose
 * writes. The lock is inside the folder, which may be a volume of its own.
 */
function takeFolder(folder: string, logger: Logger, onFolderLost: StoreOptions['onFolderLost']): TakenFolder {
  const onLost = (error: UnusableStoreError): void => {
    const lost = new UnusableStoreError(`store: this process lost the folder ${folder} and ends at once: ${error.message}.`);
    // In a microtask: the lock's timer would catch it here.
    if (!onFolderLost)
      queueMicrotask(() => {
        throw lost;
      });
    else onFolderLost(lost);
  };
  const onFailure = (error: unknown): void => logger.error({ err: error }, 'store: lock not touched');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    prepareFolder(folder);
    const unlock = acquireFolderLock(join(folder, 'lock'), onLost, onFailure);
    try {
      return { isNew: checkDatabaseFolder(databaseFolderOf(folder)) === 'absent', unlock };
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    if (error instanceof UnusableStoreError) throw new UnusableStoreError(`store: can't use the folder ${folder}: ${error.message}`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableStoreError(`store: expected a folder that Jobyard can write to, got ${folder}: ${reason}`);
  }
}

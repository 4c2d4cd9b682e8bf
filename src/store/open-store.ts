import { mkdirSync, realpathSync } from 'node:fs';
import { Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { StoreFolderUnusable, takeFolderLock } from './folder-lock.ts';
import { createNotifications } from './notifications.ts';
import { createPgliteThread } from './pglite-connection.ts';
import { type Connections, createPoolStore } from './pool-store.ts';
import type { Store } from './store.ts';

/** Where the store is: in this process only, in a folder that one process at a time uses, or on a PostgreSQL server that any number share. */
export type StoreLocation = { kind: 'memory' } | { kind: 'folder'; folder: string } | { kind: 'server'; url: string };

/** Opening, and being connected, takes at most this long before a method gives up. */
const timeoutMs = 15_000;
const checkEveryMs = 5_000;

/** Opens in the background. Throws StoreFolderUnusable at once where the folder is another process's or can't be written. */
export function openStore(location: StoreLocation, logger: Logger): Store {
  return createPoolStore(connect(location), timeoutMs, logger);
}

function connect(location: StoreLocation): Connections {
  if (location.kind === 'server') return connectServer(location.url);
  if (location.kind === 'memory') return connectPglite('memory://', () => {});
  return connectPglite(location.folder, lockFolder(location.folder));
}

function connectServer(url: string): Connections {
  const settings: PoolConfig = {
    connectionString: url,
    application_name: 'jobyard',
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
  };
  const pool = new Pool({ ...settings, max: 10 });
  // A connection that listens must stay: it has a pool of its own, and answers soon or is replaced.
  const listening = new Pool({ ...settings, max: 1, idleTimeoutMillis: 0, query_timeout: checkEveryMs });
  listening.on('error', () => {});
  return { pool, notifications: createNotifications(listening, checkEveryMs), close: () => listening.end() };
}

function connectPglite(dataDirectory: string, unlock: () => void): Connections {
  const thread = createPgliteThread(dataDirectory);
  // One connection, as PGlite has one session: transactions wait for each other here.
  const pool = new Pool({ stream: thread.connect, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: timeoutMs });
  return {
    pool,
    notifications: createNotifications(pool, null),
    async close() {
      await thread.close();
      unlock();
    },
  };
}

/** PGlite itself takes no lock: two processes on one folder would silently lose what they write. */
function lockFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true });
    return takeFolderLock(`${realpathSync(folder)}.lock`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'Stop that process, or give this one a store of its own (--store FOLDER, key store).';
    if (error instanceof StoreFolderUnusable) throw new StoreFolderUnusable(`store: can't use the folder ${folder}: ${reason}. ${remedy}`);
    throw new StoreFolderUnusable(`store: expected a folder that can be written, got ${folder}: ${reason}`);
  }
}

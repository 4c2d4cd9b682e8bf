import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Logger } from 'pino';
import type { Connections } from './connections.ts';
import { describeDatabaseError, faultOf } from './database-error.ts';
import { type MigrateOptions, type Migration, migrate } from './migrate.ts';
import { createOpening } from './opening.ts';
import { runStatement, runTransaction } from './statements.ts';
import { type Store, StoreUnavailableError } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

/** A store that is opened in the background. */
export interface OpeningStore extends Store {
  /** Also resolves, when the first attempt to open the store has ended, successfully or not. */
  resume(): Promise<void>;
}

/** The limit of a migration's statement, which may rewrite a large table. */
const migrationTimeoutMs = 600_000;
const closeTimeoutMs = 5_000;

export interface PoolStoreOptions {
  /** How long a method waits for the store to open. */
  openingTimeoutMs: number;
  /** Called if the store can't be opened at startup until an operator acts. Later failures are retried. */
  onUnusable(error: UnusableStoreError): void;
  /** Default: the files in migrations/. */
  migrations?: readonly Migration[];
  logger: Logger;
}

/** Opens in the background, and retries until that succeeds. */
export function createPoolStore(
  connections: Connections,
  { openingTimeoutMs, onUnusable, migrations, logger }: PoolStoreOptions,
): OpeningStore {
  const { pool, isShared, isNew, keepsStatements, notifications } = connections;
  const availability = createAvailability();
  const opening = createOpening({
    attempt: () => availability.observe(openDatabase(connections, { logger, ...(migrations && { migrations }) })),
    timeoutMs: openingTimeoutMs,
    toUnusable: (error) => toUnusable(error, connections.name),
    onUnusable,
    logger,
  });

  // An idle connection was lost: the next use creates another.
  pool.on('error', (error) => logger.warn({ reason: describeDatabaseError(error) }, 'store: connection lost'));
  connections.onLost((error) => {
    availability.noteLoss();
    opening.openAgain(error);
  });

  return {
    isShared,
    opened: opening.firstOpened,
    isUp: availability.isUp,
    whenOpen: opening.whenOpen,
    aheadMs: connections.aheadMs,
    async resume() {
      if (!isNew && !opening.isClosed()) await opening.resume();
    },
    async query(text, values, name) {
      await opening.whenOpen();
      return availability.observe(runStatement(pool, text, { values, name: keepsStatements ? name : undefined }));
    },
    async transaction(work) {
      await opening.whenOpen();
      return availability.observe(runTransaction(connections, work));
    },
    async listen(channel, onMessage) {
      await opening.whenOpen();
      return notifications.listen(channel, onMessage);
    },
    async notify(channel, payload) {
      await opening.whenOpen();
      await availability.observe(runStatement(pool, 'SELECT pg_notify($1, $2)', { values: [channel, payload] }));
    },
    async close() {
      if (!opening.isClosed()) await closeConnections(connections, opening.close());
    },
  };
}

async function closeConnections(connections: Connections, opened: Promise<void>): Promise<void> {
  const { pool, isShared, notifications } = connections;
  notifications.close();
  const ended = opened.then(() => pool.end());
  // Doesn't wait for a server that no longer responds.
  if (isShared) await Promise.race([ended, wait(closeTimeoutMs, null, { ref: false })]);
  else await ended;
  await connections.close();
}

async function openDatabase(connections: Connections, options: MigrateOptions): Promise<void> {
  await connections.prepare();
  await runTransaction(connections, (query) => migrate(query, options), migrationTimeoutMs);
}

interface Availability {
  /** Whether the database was available at its last use; null: it was not used. */
  isUp(): boolean | null;
  observe<Value>(work: Promise<Value>): Promise<Value>;
  noteLoss(): void;
}

function createAvailability(): Availability {
  let isUp: boolean | null = null;
  return {
    isUp: () => isUp,
    async observe(work) {
      try {
        const value = await work;
        isUp = true;
        return value;
      } catch (error) {
        if (error instanceof StoreUnavailableError) isUp = false;
        throw error;
      }
    },
    noteLoss() {
      isUp = false;
    },
  };
}

/** The error if an operator must act before the store can be opened; null: another attempt may succeed. */
function toUnusable(error: unknown, name: string): UnusableStoreError | null {
  if (error instanceof UnusableStoreError) return error;
  const fault = faultOf(error);
  const reason = describeDatabaseError(error);
  if (fault === 'configuration') {
    return new UnusableStoreError(
      `store: can't use ${name}: ${reason}. Correct the store's URL and password, or create the database and grant the privileges.`,
    );
  }
  if (!(error instanceof DatabaseError) || fault === 'transient') return null;
  return new UnusableStoreError(
    `store: can't create or change the tables in ${name}: ${reason}. Restore a backup, or use an empty database.`,
  );
}

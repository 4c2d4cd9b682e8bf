import { setTimeout as wait } from 'node:timers/promises';
import { type ClientBase, DatabaseError, type Pool, type QueryConfig, type QueryResult } from 'pg';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, faultOf, throwStoreError } from './database-error.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Notifications } from './notifications.ts';
import { type Query, type Store, StoreUnavailableError } from './store.ts';
import { UnusableStoreError } from './unusable.ts';

/** What differs between an embedded store and a server. */
export interface Connections {
  /** For messages: where it is, without a password. */
  name: string;
  pool: Pool;
  isShared: boolean;
  /** Nothing is in it yet, so nothing in it waits to go on. */
  isNew: boolean;
  /** Whether a statement that was prepared is there for the next one: not behind a pooler. */
  keepsStatements: boolean;
  notifications: Notifications;
  /** How far the store's clock is ahead. */
  aheadMs(): number;
  /** Finds out, each time the store is opened, what the connections can do. Throws StoreUnusable where that is not enough. */
  prepare(): Promise<void>;
  /** The text that begins a transaction. */
  begin(): string;
  /** Calls back when the database itself has ended; the next connection starts it again, and it may be empty then. */
  onLost(listener: (error: Error) => void): void;
  /** Once the store has stopped using them. */
  close(): Promise<void>;
}

/** A store that is opened in the background. */
export interface OpeningStore extends Store {
  /** Resolves, too, once the first attempt to open it is over, whatever came of it. */
  resume(): Promise<void>;
}

const openingBackoff = { firstMs: 250, maxMs: 10_000 };
/** Of a statement of a migration, which may have a large table to rewrite. */
const migrationTimeoutMs = 600_000;
const closeTimeoutMs = 5_000;

export interface PoolStoreOptions {
  /** How long a method waits for the store to open. */
  openingTimeoutMs: number;
  /** Called if `resume` finds that it can't be opened until an operator acts. What is met later is retried. */
  onUnusable(error: UnusableStoreError): void;
  /** Default: the files of migrations/. */
  migrations?: readonly Migration[];
  logger: Logger;
}

/** Opens in the background, and tries again until it has succeeded. */
export function createPoolStore(
  connections: Connections,
  { openingTimeoutMs, onUnusable, migrations, logger }: PoolStoreOptions,
): OpeningStore {
  const { pool, isShared, isNew, notifications } = connections;
  const closing = new AbortController();
  const firstOpened = Promise.withResolvers<void>();
  const firstAttempt = Promise.withResolvers<void>();
  let opening: Promise<void> | null = null;
  let isOpen = false;
  let wasOpen = false;
  /** Whether it is opened by the start of the process, and not by its first use. */
  let isStart = false;
  let isUp: boolean | null = null;
  let lastFailure: string | null = 'it is being opened';

  const attempt = async (): Promise<void> => {
    await connections.prepare();
    await transact((query) => migrate(query, { logger, ...(migrations && { migrations }) }), migrationTimeoutMs);
  };

  const open = async (): Promise<void> => {
    const startedAtMs = performance.now();
    for (let retry = 1; !closing.signal.aborted; retry += 1) {
      try {
        await observe(attempt());
        isOpen = true;
        wasOpen = true;
        firstAttempt.resolve();
        firstOpened.resolve();
        logger.info({ durationMs: Math.round(performance.now() - startedAtMs) }, 'store: open');
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        lastFailure = describeDatabaseError(error);
        logger.error({ reason: lastFailure, ...(faultOf(error) === 'bug' && { err: error }) }, 'store: not open yet');
        const unusable = isStart && !wasOpen ? toUnusable(error, connections.name) : null;
        if (unusable) onUnusable(unusable);
        firstAttempt.resolve();
        await wait(backoffMs(retry, openingBackoff), null, { signal: closing.signal }).catch(() => {});
      }
    }
  };

  const transact = async <Value>(work: (query: Query) => Promise<Value>, timeoutMs?: number): Promise<Value> => {
    const client = await pool.connect().catch(throwStoreError);
    // Statements fail with it too; unheard it would end the process.
    const onError = (): void => {};
    client.on('error', onError);
    let isUsable = true;
    try {
      await client.query(connections.begin()).catch(throwStoreError);
      const value = await work((text, values, name) =>
        run(client, text, values, connections.keepsStatements ? name : undefined, timeoutMs),
      );
      const { command } = await client.query('COMMIT').catch(throwStoreError);
      if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed: all of it was undone.');
      return value;
    } catch (error) {
      // On a connection that does not answer the server undoes it by itself, once that is closed.
      isUsable = !(error instanceof StoreUnavailableError) || error.isAnswer;
      if (isUsable) {
        await client.query('ROLLBACK').catch(() => {
          isUsable = false;
        });
      }
      throw error;
    } finally {
      client.off('error', onError);
      client.release(!isUsable);
    }
  };

  const whenOpen = async (): Promise<void> => {
    if (closing.signal.aborted) throw new StoreUnavailableError('The store is closed.');
    if (isOpen) return;
    opening ??= open();
    const timer = new AbortController();
    await Promise.race([opening, wait(openingTimeoutMs, null, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    if (!isOpen) throw new StoreUnavailableError('The store is not available.', { detail: lastFailure });
  };

  const observe = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      const value = await work;
      isUp = true;
      return value;
    } catch (error) {
      if (error instanceof StoreUnavailableError) isUp = false;
      throw error;
    }
  };

  // A connection that is lost while nobody uses it: the next use makes another.
  pool.on('error', (error) => logger.warn({ reason: describeDatabaseError(error) }, 'store: connection lost'));
  connections.onLost((error) => {
    isUp = false;
    // What is being opened fails with the same.
    if (!isOpen) return;
    logger.error({ reason: describeDatabaseError(error) }, 'store: ended, is started again');
    isOpen = false;
    opening = open();
  });

  return {
    isShared,
    opened: firstOpened.promise,
    isUp: () => isUp,
    aheadMs: connections.aheadMs,
    async resume() {
      if (isNew || closing.signal.aborted) return;
      isStart ||= !opening;
      opening ??= open();
      await firstAttempt.promise;
    },
    async query(text, values, name) {
      await whenOpen();
      return observe(run(pool, text, values, connections.keepsStatements ? name : undefined));
    },
    async transaction(work) {
      await whenOpen();
      return observe(transact(work));
    },
    async listen(channel, onMessage) {
      await whenOpen();
      return notifications.listen(channel, onMessage);
    },
    async notify(channel, payload) {
      await whenOpen();
      await observe(run(pool, 'SELECT pg_notify($1, $2)', [channel, payload]));
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      firstAttempt.resolve();
      notifications.close();
      const ended = (opening ?? Promise.resolve()).then(() => pool.end());
      // A server that has stopped answering is not waited for.
      if (isShared) await Promise.race([ended, wait(closeTimeoutMs, null, { ref: false })]);
      else await ended;
      await connections.close();
    },
  };
}

async function run<Row extends object>(
  client: Pool | ClientBase,
  text: string,
  values?: readonly unknown[],
  name?: string,
  timeoutMs?: number,
): Promise<Row[]> {
  // What of the pool it takes the place of, node-postgres' types leave out.
  const timeout = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
  const statement: QueryConfig = { text, ...(values && { values: [...values] }), ...(name && { name }), ...timeout };
  const result: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(statement).catch(throwStoreError);
  // Without values a text may hold several statements.
  return Array.isArray(result) ? result.flatMap(({ rows }: QueryResult<Row>) => rows) : result.rows;
}

/** What an operator must mend before the store can be opened; null: another attempt may do. */
function toUnusable(error: unknown, name: string): UnusableStoreError | null {
  if (error instanceof UnusableStoreError) return error;
  const fault = faultOf(error);
  const reason = describeDatabaseError(error);
  if (fault === 'configuration') {
    return new UnusableStoreError(
      `store: can't use ${name}: ${reason}. Correct the store's URL and password, or create the database and grant the rights.`,
    );
  }
  if (!(error instanceof DatabaseError) || fault === 'passing') return null;
  return new UnusableStoreError(
    `store: can't create or change the tables in ${name}: ${reason}. Restore a backup, or name an empty database.`,
  );
}

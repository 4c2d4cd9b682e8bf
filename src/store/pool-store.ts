import { setTimeout as wait } from 'node:timers/promises';
import pg, { type ClientBase, type Pool, type QueryConfig, type QueryResult } from 'pg';
import type { Logger } from 'pino';
import { migrate } from './migrate.ts';
import type { Notifications } from './notifications.ts';
import { type Query, type Store, StoreUnavailable } from './store.ts';

/** What differs between an embedded store and a server. */
export interface Connections {
  pool: Pool;
  isShared: boolean;
  /** Nothing is in it yet, so nothing in it waits to go on. */
  isNew: boolean;
  notifications: Notifications;
  /** Calls back when the database itself has ended; the next connection starts it again, and it may be empty then. */
  onLost(listener: (error: Error) => void): void;
  /** Once the store has stopped using them. */
  close(): Promise<void>;
}

/**
 * What of SQLSTATE says that the database could not do its work, and nothing about the statement: connection, credentials,
 * conflicts with other transactions, room, statements that are cancelled, shutdown, its disk.
 */
const unavailableStates = /^(08|28|3D|40|53|55P03|57014|57P|58|25006)/;
const notAvailable = 'The store is not available.';
const longestDelayMs = 10_000;
/** Of a statement of a migration, which may have a large table to rewrite. */
const migrationTimeoutMs = 600_000;
const closeTimeoutMs = 5_000;

/** Opens in the background, and tries again until it has succeeded. A method waits for that up to `openingTimeoutMs`. */
export function createPoolStore(connections: Connections, openingTimeoutMs: number, logger: Logger): Store {
  const { pool, isShared, isNew, notifications } = connections;
  const closing = new AbortController();
  const firstOpened = Promise.withResolvers<void>();
  let opening: Promise<void> | null = null;
  let isOpen = false;
  let isUp: boolean | null = null;
  let lastFailure: string | null = 'it is being opened';

  const open = async (): Promise<void> => {
    const startedAtMs = performance.now();
    for (let delayMs = 250; !closing.signal.aborted; delayMs = Math.min(2 * delayMs, longestDelayMs)) {
      try {
        await observe(runTransaction(pool, migrate, migrationTimeoutMs));
        isOpen = true;
        firstOpened.resolve();
        logger.info({ durationMs: Math.round(performance.now() - startedAtMs) }, 'store: open');
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        lastFailure = error instanceof StoreUnavailable ? error.detail : describe(error);
        logger.error({ err: error }, 'store: not open yet');
        await wait(delayMs, null, { signal: closing.signal }).catch(() => {});
      }
    }
  };

  const whenOpen = async (): Promise<void> => {
    if (closing.signal.aborted) throw new StoreUnavailable('The store is closed.');
    if (isOpen) return;
    opening ??= open();
    const timer = new AbortController();
    await Promise.race([opening, wait(openingTimeoutMs, null, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    if (!isOpen) throw new StoreUnavailable(notAvailable, { detail: lastFailure });
  };

  const observe = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      const value = await work;
      isUp = true;
      return value;
    } catch (error) {
      if (error instanceof StoreUnavailable) isUp = false;
      throw error;
    }
  };

  // A connection that is lost while nobody uses it: the next use makes another.
  pool.on('error', (error) => logger.warn({ err: error }, 'store: connection lost'));
  connections.onLost((error) => {
    logger.error({ err: error }, 'store: ended, is started again');
    isUp = false;
    if (!isOpen) return;
    isOpen = false;
    opening = open();
  });

  return {
    isShared,
    opened: firstOpened.promise,
    isUp: () => isUp,
    resume() {
      if (!isNew && !closing.signal.aborted) opening ??= open();
    },
    async query(text, values, name) {
      await whenOpen();
      return observe(run(pool, text, values, name));
    },
    async transaction(work) {
      await whenOpen();
      return observe(runTransaction(pool, work));
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
  const result: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(statement).catch(explain);
  // Without values a text may hold several statements.
  return Array.isArray(result) ? result.flatMap(({ rows }: QueryResult<Row>) => rows) : result.rows;
}

async function runTransaction<Value>(pool: Pool, work: (query: Query) => Promise<Value>, timeoutMs?: number): Promise<Value> {
  const client = await pool.connect().catch(explain);
  // Statements fail with it too; unheard it would end the process.
  const onError = (): void => {};
  client.on('error', onError);
  let isUsable = true;
  try {
    await client.query('BEGIN').catch(explain);
    const value = await work((text, values, name) => run(client, text, values, name, timeoutMs));
    const { command } = await client.query('COMMIT').catch(explain);
    if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed: all of it was undone.');
    return value;
  } catch (error) {
    // On a connection that does not answer the server undoes it by itself, once that is closed.
    isUsable = !(error instanceof StoreUnavailable) || error.isAnswer;
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
}

/** A fault of the database or of the way to it is StoreUnavailable; a wrong statement or value is a bug and stays what it is. */
function explain(error: unknown): never {
  const isBug = error instanceof pg.DatabaseError ? !unavailableStates.test(error.code ?? '') : error instanceof TypeError;
  if (isBug) throw error;
  throw new StoreUnavailable(notAvailable, { isAnswer: error instanceof pg.DatabaseError, detail: describe(error) });
}

/** Of several addresses that all failed the message is empty, and the code says it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

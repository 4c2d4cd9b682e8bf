import type { ClientBase, Pool, QueryConfig, QueryResult } from 'pg';
import type { Connections } from './connections.ts';
import { throwStoreError } from './database-error.ts';
import { type Query, StoreUnavailableError, type Transaction } from './store.ts';

export interface StatementOptions {
  values?: readonly unknown[] | undefined;
  /** See Query. */
  name?: string | undefined;
  /** Replaces the pool's limit. */
  timeoutMs?: number | undefined;
}

/** Runs one statement and returns its rows. */
export async function runStatement<Row extends object>(
  client: Pool | ClientBase,
  text: string,
  { values, name, timeoutMs }: StatementOptions = {},
): Promise<Row[]> {
  // node-postgres's types lack this option of a statement.
  const timeout = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
  const statement: QueryConfig = { text, ...(values && { values: [...values] }), ...(name && { name }), ...timeout };
  const result: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(statement).catch(throwStoreError);
  // A text without values may have several statements.
  return Array.isArray(result) ? result.flatMap(({ rows }: QueryResult<Row>) => rows) : result.rows;
}

/** Runs `work` in a transaction on its own connection; see Store. `timeoutMs`: replaces the pool's limit for each statement. */
export async function runTransaction<Value>(
  connections: Pick<Connections, 'pool' | 'begin' | 'keepsStatements'>,
  work: (query: Query, afterCommit: Transaction['afterCommit']) => Promise<Value>,
  timeoutMs?: number,
): Promise<Value> {
  const callbacks: (() => void)[] = [];
  const value = await commit(connections, timeoutMs, (query) => work(query, (callback) => callbacks.push(callback)));
  for (const callback of callbacks) callback();
  return value;
}

async function commit<Value>(
  { pool, begin, keepsStatements }: Pick<Connections, 'pool' | 'begin' | 'keepsStatements'>,
  timeoutMs: number | undefined,
  work: (query: Query) => Promise<Value>,
): Promise<Value> {
  const client = await pool.connect().catch(throwStoreError);
  // Statements fail with the same error. Without a listener, it would end the process.
  const onError = (): void => {};
  client.on('error', onError);
  let isUsable = true;
  try {
    await client.query(begin()).catch(throwStoreError);
    const value = await work((text, values, name) =>
      runStatement(client, text, { values, name: keepsStatements ? name : undefined, timeoutMs }),
    );
    const { command } = await client.query('COMMIT').catch(throwStoreError);
    if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed, so the transaction was rolled back.');
    return value;
  } catch (error) {
    // If the connection doesn't respond, closing it makes the server roll back.
    isUsable = !(error instanceof StoreUnavailableError) || error.isResponse;
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

import type { Db, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Query, Store } from './store.ts';

/** pg-boss, which claims, retries, and expires queued work, over the connections of `store`. Its tables are in the schema `pgboss`. Not started yet. */
export async function createQueueEngine(store: Store, logger: Logger): Promise<PgBoss> {
  // Loaded when a store is first used, so that startup is faster.
  const { PgBoss } = await import('pg-boss');
  const db: Db = {
    ...queueDatabase(store.query),
    async listen(channel, onNotification, onReconnect) {
      const stop = await store.listen(channel, onNotification);
      onReconnect();
      return { close: stop };
    },
  };
  const engine = new PgBoss({
    db,
    useListenNotify: true,
    schedule: false,
    // How soon the work of a replica that died is taken over.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    registerInstance: false,
    // Only useful for tables that are larger than these.
    reindex: false,
    monitorVacuum: false,
  });
  engine.on('error', (error) => logger.error({ err: error }, 'queue engine'));
  engine.on('warning', (warning) => logger.warn({ warning }, 'queue engine'));
  return engine;
}

/** The `db` for pg-boss, so that it queues work within a transaction of the store. */
export function queueDatabase(query: Query): Db {
  return {
    executeSql: async (text, values) => ({ rows: await query(text, values) }),
  };
}

/** The queues that have due work. */
export async function listDueQueues({ query }: Pick<Store, 'query'>, names: readonly string[]): Promise<Set<string>> {
  const rows = await query<{ name: string }>(
    "SELECT DISTINCT name FROM pgboss.job WHERE name = ANY($1::text[]) AND state < 'active' AND start_after <= now()",
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

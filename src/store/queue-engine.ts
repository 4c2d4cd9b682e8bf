import type { Db, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Query, Store } from './store.ts';

/** pg-boss, which claims, retries and expires what is queued, over the connections of `store`; its tables are in the schema `pgboss`. To be started. */
export async function createQueueEngine(store: Store, logger: Logger): Promise<PgBoss> {
  // Loaded with the first store that is used: a start is sooner without.
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
    // How soon it is noticed that a replica died with work in its hands.
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    registerInstance: false,
    // For tables of a size that these never have.
    reindex: false,
    monitorVacuum: false,
  });
  engine.on('error', (error) => logger.error({ err: error }, 'queue engine'));
  engine.on('warning', (warning) => logger.warn({ warning }, 'queue engine'));
  return engine;
}

/** What pg-boss takes as `db`, so that it queues within a transaction of the store. */
export function queueDatabase(query: Query): Db {
  return {
    executeSql: async (text, values) => ({ rows: await query(text, values) }),
  };
}

/** Which of these queues hold work that is due. */
export async function listDueQueues({ query }: Pick<Store, 'query'>, names: readonly string[]): Promise<Set<string>> {
  const rows = await query<{ name: string }>(
    "SELECT DISTINCT name FROM pgboss.job WHERE name = ANY($1::text[]) AND state < 'active' AND start_after <= now()",
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

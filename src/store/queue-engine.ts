import { type Db, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Query, Store } from './store.ts';

/** pg-boss, which claims, retries and expires what is queued, over the connections of `store`; its tables are in the schema `pgboss`. Tries until the store is there. */
export async function startQueueEngine(store: Store, logger: Logger): Promise<PgBoss> {
  const db: Db = {
    ...queueDatabase(store.query),
    async listen(channel, onNotification, onReconnect) {
      const stop = await store.listen(channel, onNotification);
      onReconnect();
      return { close: stop };
    },
  };
  const engine = new PgBoss({ db, useListenNotify: true, schedule: false });
  engine.on('error', (error) => logger.error({ err: error }, 'queue engine'));
  engine.on('warning', (warning) => logger.warn({ warning }, 'queue engine'));
  return engine.start({ attempts: Number.MAX_SAFE_INTEGER });
}

/** What pg-boss takes as `db`, so that it queues within a transaction of the store. */
export function queueDatabase(query: Query): Db {
  return {
    executeSql: async (text, values) => ({ rows: await query(text, values) }),
  };
}

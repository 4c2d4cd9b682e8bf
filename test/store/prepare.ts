import { pino } from 'pino';
import type { StoreLocation } from '../../src/config/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createQueueEngine } from '../../src/store/queue-engine.ts';
import { keepOriginal } from './spare.ts';

/** Makes all tables in an empty store, which takes seconds: each test has a copy of it. */
export async function prepareStore(location: StoreLocation): Promise<void> {
  const logger = pino({ level: 'silent' });
  const store = openStore(location, logger);
  // On a busy machine it takes longer than a request would wait.
  store.query('SELECT 1').catch(() => {});
  await store.opened;
  const engine = await createQueueEngine(store, logger);
  await engine.start();
  await engine.stop();
  await keepOriginal(store);
  await store.close();
}

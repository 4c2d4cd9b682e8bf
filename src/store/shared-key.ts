import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import type { Clock } from '../concurrency/clock.ts';
import type { Store } from './store.ts';

const backoff = { firstMs: 1_000, maxMs: 30_000 };

/** A random key of 32 bytes that all replicas and later processes share. The first one to read it creates it. Throws StoreUnavailableError. */
export async function readSharedKey({ query }: Pick<Store, 'query'>, name: string): Promise<Buffer> {
  const created = randomBytes(32).toString('base64');
  await query('INSERT INTO jobyard.shared_key (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [name, created]);
  const [row] = await query<{ value: string }>('SELECT value FROM jobyard.shared_key WHERE name = $1', [name]);
  return Buffer.from(row?.value ?? created, 'base64');
}

export interface SharedKeyWait {
  name: string;
  /** Called once. */
  onKey(key: Buffer): void;
  clock: Clock;
  logger: Logger;
}

/** Reads the key when the store is open, and retries until that succeeds. The function it returns stops it. */
export function awaitSharedKey(store: Pick<Store, 'query' | 'opened'>, { name, onKey, clock, logger }: SharedKeyWait): () => void {
  let isStopped = false;
  let stopWaiting = (): void => {};
  const read = async (retry: number): Promise<void> => {
    if (isStopped) return;
    try {
      const key = await readSharedKey(store, name);
      if (!isStopped) onKey(key);
    } catch (error) {
      if (isStopped) return;
      const retryMs = backoffMs(retry, backoff);
      logger.warn({ err: error, key: name, retryMs }, 'key that replicas share not read yet');
      stopWaiting = clock.at(clock.nowMs() + retryMs, () => void read(retry + 1));
    }
  };
  void store.opened.then(() => read(1));
  return () => {
    isStopped = true;
    stopWaiting();
  };
}

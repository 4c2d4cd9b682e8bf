import type { Logger } from 'pino';
import type { Store } from './store.ts';

export interface RemovalOptions {
  store: Store;
  /** The name of the data, for the log. */
  what: string;
  /** Deletes some old data. Resolves to whether there may be more. */
  removeSome(): Promise<boolean>;
  logger: Logger;
}

export interface Removal {
  /** Waits for the deletion in progress. */
  close(): Promise<void>;
}

const intervalMs = 3_600_000;

/** Deletes old data when the store is open, and then every hour. */
export function startRemoval({ store, what, removeSome, logger }: RemovalOptions): Removal {
  let stopped = false;
  const removeAll = async (): Promise<void> => {
    while (!stopped && (await removeSome()));
  };
  let round = Promise.resolve();
  const run = (): void => {
    round = removeAll().catch((error: unknown) => logger.warn({ err: error }, `old ${what} not deleted`));
  };
  let timer: NodeJS.Timeout | null = null;
  store.opened.then(() => {
    if (stopped) return;
    timer = setInterval(run, intervalMs).unref();
    run();
  });
  return {
    async close() {
      stopped = true;
      if (timer) clearInterval(timer);
      await round;
    },
  };
}

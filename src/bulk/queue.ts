import { setTimeout as wait } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { createQueueEngine, queueDatabase } from '../store/queue-engine.ts';
import { type Query, type Store, StoreUnavailableError } from '../store/store.ts';
import { listPendingChunks } from './chunk-run.ts';
import { type ChunkRetry, createQueues, paced, queueNames, queueOf, selections, toInsert } from './queues.ts';
import { startWorkers, type WorkerTasks } from './workers.ts';

export interface BulkQueue {
  /** Both are part of the transaction of `query`. Work that is queued already stays unchanged. */
  enqueueSelection(operationId: string, query: Query): Promise<void>;
  enqueueChunks(operationId: string, query: Query): Promise<void>;
  /** Throws StoreUnavailableError if the engine has not started in time. Call it before the two above, and outside of a transaction. */
  whenReady(): Promise<void>;
  /** Starts nothing more, and finishes what is being sent within `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export interface BulkQueueOptions extends WorkerTasks {
  store: Store;
  systemIds: readonly string[];
  retry: ChunkRetry;
  logger: Logger;
  /** Called before the workers start, and again if it failed. */
  onReady(): Promise<void>;
}

const readyTimeoutMs = 15_000;
/** Between attempts to start. */
const storeBackoff = { firstMs: 250, maxMs: 10_000 };

/** The pg-boss queues of bulk operations. pg-boss claims work, retries it, and takes over the work of replicas that died. */
export function createBulkQueue(options: BulkQueueOptions): BulkQueue {
  const { store, systemIds, logger } = options;
  const closing = new AbortController();
  /** Null until the store is open and the engine is loaded. */
  let engine: PgBoss | null = null;
  let isReady = false;
  const requireEngine = (): PgBoss => {
    if (!engine || !isReady) throw new Error('The queue was used before it was ready');
    return engine;
  };
  const prepare = async (): Promise<void> => {
    engine ??= await createQueueEngine(store, logger);
    // Closed while the engine was loading: nothing would stop it later.
    if (!closing.signal.aborted) await prepareEngine(engine, options);
  };
  const start = async (): Promise<void> => {
    await store.opened;
    await retryUntilDone(prepare, closing.signal, logger);
    if (closing.signal.aborted) throw shuttingDown();
    isReady = true;
    await retryUntilDone(options.onReady, closing.signal, logger);
    if (!closing.signal.aborted) await startWorkers(requireEngine(), { ...options, closing: closing.signal });
  };
  const started = start().catch((error: unknown) => {
    if (!closing.signal.aborted) logger.error({ err: error }, "bulk operations can't run");
    throw error;
  });
  started.catch(() => {});

  return {
    async enqueueSelection(operationId, query) {
      await requireEngine().send(selections, { operationId }, { singletonKey: operationId, db: queueDatabase(query) });
    },
    async enqueueChunks(operationId, query) {
      await enqueueChunks(requireEngine(), systemIds, operationId, query);
    },
    async whenReady() {
      if (closing.signal.aborted) throw shuttingDown();
      // An unused store opens at its first use.
      await store.query('SELECT 1');
      await readyInTime(started);
    },
    async close(timeoutMs) {
      closing.abort();
      await engine?.stop({ graceful: true, timeout: timeoutMs, close: false });
    },
  };
}

async function prepareEngine(boss: PgBoss, { store, systemIds, retry }: BulkQueueOptions): Promise<void> {
  await boss.start();
  await createQueues(boss, systemIds, retry);
  // No other process can be running the work that an earlier process left.
  if (!store.isShared) for (const name of queueNames(systemIds)) await boss.deleteAllJobs(name);
}

/** Retries until the step succeeds or the process shuts down: the store may be unavailable at any time. */
async function retryUntilDone(step: () => Promise<void>, closing: AbortSignal, logger: Logger): Promise<void> {
  for (let retry = 1; !closing.aborted; retry += 1) {
    try {
      return await step();
    } catch (error) {
      if (closing.aborted) return;
      logger.error({ err: error }, "bulk operations can't run yet");
      await wait(backoffMs(retry, storeBackoff), null, { signal: closing }).catch(() => {});
    }
  }
}

async function enqueueChunks(boss: PgBoss, systemIds: readonly string[], operationId: string, query: Query): Promise<void> {
  const pending = await listPendingChunks(operationId, query);
  const byQueue = Map.groupBy(pending, ({ chunk, isPaced }) => (isPaced ? paced : queueOf(chunk.systemId)));
  for (const [name, ofQueue] of byQueue) {
    // The items of a system that is no longer configured wait until it is.
    if (name !== paced && !systemIds.some((systemId) => queueOf(systemId) === name)) continue;
    const jobs = ofQueue.map(({ chunk }) => toInsert(chunk, name));
    await boss.insert(name, jobs, { db: queueDatabase(query) });
  }
}

async function readyInTime(started: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new StoreUnavailableError('Bulk operations are not ready: the store is being opened. Retry later.')),
    readyTimeoutMs,
  );
  await Promise.race([started, late]).finally(() => clearTimeout(timer));
}

function shuttingDown(): StoreUnavailableError {
  return new StoreUnavailableError('Jobyard is shutting down. Retry.');
}

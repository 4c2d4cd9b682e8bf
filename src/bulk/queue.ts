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
  /** Both are part of the transaction that `query` belongs to. What is queued already stays as it is. */
  enqueueSelection(operationId: string, query: Query): Promise<void>;
  enqueueChunks(operationId: string, query: Query): Promise<void>;
  /** Throws StoreUnavailable where the engine has not started in time. Before the two above, and not within a transaction. */
  whenReady(): Promise<void>;
  /** Finishes what is being sent, for at most `timeoutMs`, and begins nothing more from the moment of the call. */
  close(timeoutMs: number): Promise<void>;
}

export interface BulkQueueOptions extends WorkerTasks {
  store: Store;
  systemIds: readonly string[];
  retry: ChunkRetry;
  logger: Logger;
  /** Called before the workers start, and once more where it has failed. */
  onReady(): Promise<void>;
}

const readyTimeoutMs = 15_000;
/** Between tries to start. */
const storeBackoff = { firstMs: 250, maxMs: 10_000 };

/** The queues of pg-boss that carry bulk operations: it claims, tries again, and takes over from replicas that died. */
export function createBulkQueue(options: BulkQueueOptions): BulkQueue {
  const { store, systemIds, logger } = options;
  const closing = new AbortController();
  /** Once the store is open and the engine is loaded. */
  let engine: PgBoss | null = null;
  let isReady = false;
  const requireEngine = (): PgBoss => {
    if (!engine || !isReady) throw new Error('The queue was used before it was ready');
    return engine;
  };
  const prepare = async (): Promise<void> => {
    engine ??= await createQueueEngine(store, logger);
    // Closed while it was being loaded: nothing would stop it later.
    if (!closing.signal.aborted) await prepareEngine(engine, options);
  };
  const start = async (): Promise<void> => {
    await store.opened;
    await untilDone(prepare, closing.signal, logger);
    if (closing.signal.aborted) throw stopping();
    isReady = true;
    await untilDone(options.onReady, closing.signal, logger);
    if (!closing.signal.aborted) await startWorkers(requireEngine(), { ...options, closing: closing.signal });
  };
  const started = start().catch((error: unknown) => {
    if (!closing.signal.aborted) logger.error({ err: error }, 'bulk operations can not run');
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
      if (closing.signal.aborted) throw stopping();
      // A store that nobody has used yet opens at its first use.
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
  // Nobody else can be at what a process before this one left behind.
  if (!store.isShared) for (const name of queueNames(systemIds)) await boss.deleteAllJobs(name);
}

/** The store may go away at any time: again and again, until it has succeeded or this process is to end. */
async function untilDone(step: () => Promise<void>, closing: AbortSignal, logger: Logger): Promise<void> {
  for (let retry = 1; !closing.aborted; retry += 1) {
    try {
      return await step();
    } catch (error) {
      if (closing.aborted) return;
      logger.error({ err: error }, 'bulk operations can not run yet');
      await wait(backoffMs(retry, storeBackoff), null, { signal: closing }).catch(() => {});
    }
  }
}

async function enqueueChunks(boss: PgBoss, systemIds: readonly string[], operationId: string, query: Query): Promise<void> {
  const pending = await listPendingChunks(operationId, query);
  const byQueue = Map.groupBy(pending, ({ chunk, isPaced }) => (isPaced ? paced : queueOf(chunk.systemId)));
  for (const [name, ofQueue] of byQueue) {
    // The system is not configured any more: its items wait until it is again.
    if (name !== paced && !systemIds.some((systemId) => queueOf(systemId) === name)) continue;
    const jobs = ofQueue.map(({ chunk }) => toInsert(chunk, name));
    await boss.insert(name, jobs, { db: queueDatabase(query) });
  }
}

async function readyInTime(started: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new StoreUnavailableError('Bulk operations are not ready yet: the store is being opened.')),
    readyTimeoutMs,
  );
  await Promise.race([started, late]).finally(() => clearTimeout(timer));
}

function stopping(): StoreUnavailableError {
  return new StoreUnavailableError('This Jobyard is stopping, and begins nothing more.');
}

import type { Job, PgBoss } from 'pg-boss';
import { listDueQueues, queueDatabase } from '../store/queue-engine.ts';
import type { Query, Store } from '../store/store.ts';
import type { Chunk, ChunkRun } from './chunk-run.ts';
import { abandoned, type ChunkRetry, maxPersistentRetries, paced, queueOf, selections, toInsert } from './queues.ts';

/** The tasks that workers run for the entries of the queues. */
export interface WorkerTasks {
  /** `signal`: aborted when another replica has taken over the selection, or when this process shuts down. */
  select(operationId: string, signal: AbortSignal): Promise<void>;
  runChunk(run: ChunkRun): Promise<void>;
}

export interface WorkerOptions extends WorkerTasks {
  store: Pick<Store, 'query'>;
  systemIds: readonly string[];
  retry: ChunkRetry;
  /** Aborted when this process shuts down. */
  closing: AbortSignal;
}

/** More than one: a system whose lists are slow must not delay every other start. */
const selectionWorkers = 4;
const workersPerSystem = 2;
const pacedWorkers = 8;
/** Workers are notified of new work at once. One query finds due retries for all of them: 21 workers polling each second cost a tenth of a CPU. */
const pollEveryMs = 1_000;

/** Starts the workers of all queues. They start nothing more once the engine is stopped. */
export async function startWorkers(boss: PgBoss, { store, systemIds, retry, closing, ...tasks }: WorkerOptions): Promise<void> {
  const workers: Worker[] = [];
  const add = async <Data extends object>(
    queue: string,
    count: number,
    runJob: (job: Job<Data>) => Promise<void>,
    settings: { groupConcurrency?: number } = {},
  ): Promise<void> => {
    for (let added = 0; added < count; added++) workers.push(await addWorker(boss, queue, runJob, settings));
  };
  const runChunk = (job: Job<Chunk>): Promise<void> => tasks.runChunk(toRun(boss, job, { closing, maxRetries: retry.times }));
  await add<{ operationId: string }>(selections, selectionWorkers, ({ data, signal }) =>
    tasks.select(data.operationId, AbortSignal.any([signal, closing])),
  );
  await add<Chunk>(abandoned, 1, (job) =>
    tasks.runChunk({ ...toRun(boss, job, { closing, maxRetries: maxPersistentRetries }), isAbandoned: true }),
  );
  for (const systemId of systemIds) await add(queueOf(systemId), workersPerSystem, runChunk);
  await add(paced, pacedWorkers, runChunk, { groupConcurrency: 1 });
  if (closing.aborted) return;
  // If the store is unavailable, the next poll finds the work.
  const polling = setInterval(() => void wakeDue(boss, store, workers).catch(() => {}), pollEveryMs).unref();
  closing.addEventListener('abort', () => clearInterval(polling), { once: true });
}

interface Worker {
  id: string;
  queue: string;
}

async function addWorker<Data extends object>(
  boss: PgBoss,
  queue: string,
  runJob: (job: Job<Data>) => Promise<void>,
  settings: { groupConcurrency?: number },
): Promise<Worker> {
  const id = await boss.work<Data>(queue, settings, async ([job]) => {
    if (!job) return;
    // There may be more work, which the worker would otherwise fetch only after a notification.
    await runJob(job).finally(() => boss.notifyWorker(id));
  });
  return { id, queue };
}

async function wakeDue(boss: PgBoss, store: Pick<Store, 'query'>, workers: readonly Worker[]): Promise<void> {
  const due = await listDueQueues(store, [...new Set(workers.map(({ queue }) => queue))]);
  for (const { id, queue } of workers) if (due.has(queue)) boss.notifyWorker(id);
}

function toRun(boss: PgBoss, job: Job<Chunk>, { closing, maxRetries }: { closing: AbortSignal; maxRetries: number }): ChunkRun {
  const complete = async (query: Query): Promise<void> => {
    await boss.complete(job.name, { id: job.id, retryCount: job.retryCount }, null, { db: queueDatabase(query) });
  };
  return {
    chunk: job.data,
    claim: job.signal,
    closing,
    isLast: job.retryCount >= maxRetries,
    isAbandoned: false,
    complete,
    async putBack(afterSeconds, query) {
      await complete(query);
      await boss.insert(job.name, [{ ...toInsert(job.data, job.name), startAfter: afterSeconds }], { db: queueDatabase(query) });
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobInsert, PgBoss, Queue } from 'pg-boss';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { createQueueEngine, queueDatabase } from '../store/queue-engine.ts';
import { type Query, type Store, StoreUnavailableError } from '../store/store.ts';

/** Items of one system, told by the first and last position. */
export interface Chunk {
  operationId: string;
  systemId: string;
  first: number;
  last: number;
}

/** One try at a chunk. */
export interface ChunkRun {
  chunk: Chunk;
  /** Aborted where another replica has taken the chunk over. */
  claim: AbortSignal;
  /** Aborted when this process is to end: begin nothing more. */
  closing: AbortSignal;
  /** Nobody tries again after this: every item has to be settled. */
  isLast: boolean;
  /** Tries before this one were given up: send nothing, find out what came of it. */
  isAbandoned: boolean;
  /** Marks the chunk as done, in a transaction of the store. */
  complete(query: Query): Promise<void>;
  /** Gives it back as if it had not been tried, for `afterSeconds` from now. */
  putBack(afterSeconds: number, query: Query): Promise<void>;
}

export interface BulkQueue {
  /** Both are part of the transaction that `query` belongs to. What is queued already stays as it is. */
  enqueueSelection(operationId: string, query: Query): Promise<void>;
  enqueueChunks(operationId: string, query: Query): Promise<void>;
  /** Throws StoreUnavailable where the engine has not started in time. Before the two above, and not within a transaction. */
  whenReady(): Promise<void>;
  /** Finishes what is being sent, for at most `timeoutMs`, and begins nothing more from the moment of the call. */
  close(timeoutMs: number): Promise<void>;
}

export interface BulkQueueOptions {
  store: Store;
  systemIds: readonly string[];
  /** How often a chunk whose system can't be reached is tried again, and after how long at first and at most. */
  retry: { times: number; delaySeconds: number; maxDelaySeconds: number };
  logger: Logger;
  /** `signal`: aborted where another replica has taken it over, or this process is to end. */
  select(operationId: string, signal: AbortSignal): Promise<void>;
  runChunk(run: ChunkRun): Promise<void>;
  /** Called before the workers start, and once more where it has failed. */
  onReady(): Promise<void>;
}

/** Thrown by `runChunk`: the rest of the chunk is to be tried again later. */
export class RetryLaterError extends Error {
  override readonly name = 'TryLater';
}

const selections = 'bulk-selection';
const abandoned = 'bulk-abandoned';
/** Operations with maxPerSecond: they hold a worker while they wait, and must not hold up the others. */
const paced = 'bulk-paced';
const queueOf = (systemId: string): string => `bulk-${systemId}-chunks`;

function toInsert(chunk: Chunk, queue: string): JobInsert<Chunk> {
  const { operationId, first } = chunk;
  return { data: chunk, singletonKey: `${operationId}:${first}`, ...(queue === paced && { group: { id: operationId } }) };
}

const readyTimeoutMs = 15_000;
/** Between tries to start. */
const storeBackoff = { firstMs: 250, maxMs: 10_000 };
const yearSeconds = 365 * 24 * 3600;
/** Workers are told of new work at once, and of what is due again by one look for all of them: 21 that look each second are a tenth of a processor. */
const lookEveryMs = 1_000;

/** The queues of pg-boss that carry bulk operations: it claims, tries again, and takes over from replicas that died. */
export function createBulkQueue(options: BulkQueueOptions): BulkQueue {
  const { store, systemIds, retry, logger } = options;
  const closing = new AbortController();
  /** Once the store is open and the engine is loaded. */
  let engine: PgBoss | null = null;
  let isReady = false;

  const common = {
    // One of a key at a time, queued or under way: what is put in twice is there once.
    policy: 'exclusive',
    notify: true,
    heartbeatSeconds: 10,
    expireInSeconds: 6 * 3600,
    retentionSeconds: yearSeconds,
    deleteAfterSeconds: 3600,
    retryBackoff: true,
  } satisfies Omit<Queue, 'name'>;
  const chunks = {
    ...common,
    retryLimit: retry.times,
    retryDelay: retry.delaySeconds,
    ...(retry.delaySeconds > 0 ? { retryDelayMax: retry.maxDelaySeconds } : { retryBackoff: false }),
    deadLetter: abandoned,
  };
  const persistent = { ...common, retryLimit: 1_000, retryDelay: 1, retryDelayMax: 60 };

  const createQueues = async (boss: PgBoss): Promise<void> => {
    await boss.createQueue(selections, persistent);
    // A dead letter carries no key: of an exclusive queue only one would be kept.
    await boss.createQueue(abandoned, { ...persistent, policy: 'standard' });
    for (const name of [paced, ...systemIds.map(queueOf)]) await boss.createQueue(name, chunks);
  };

  const workers: { id: string; queue: string }[] = [];
  const addWorkers = async <Data extends object>(
    boss: PgBoss,
    queue: string,
    count: number,
    runJob: (job: Job<Data>) => Promise<void>,
    settings: { groupConcurrency?: number } = {},
  ): Promise<void> => {
    for (let added = 0; added < count; added++) {
      const id = await boss.work<Data>(queue, settings, async ([job]) => {
        if (!job) return;
        // There may be more: without this it would wait until somebody tells it.
        await runJob(job).finally(() => boss.notifyWorker(id));
      });
      workers.push({ id, queue });
    }
  };
  const look = async (boss: PgBoss): Promise<void> => {
    const due = await store.query<{ name: string }>(
      "SELECT DISTINCT name FROM pgboss.job WHERE name = ANY($1::text[]) AND state < 'active' AND start_after <= now()",
      [[...new Set(workers.map(({ queue }) => queue))]],
    );
    for (const { id, queue } of workers) if (due.some(({ name }) => name === queue)) boss.notifyWorker(id);
  };
  let looking: NodeJS.Timeout | null = null;

  const work = async (boss: PgBoss): Promise<void> => {
    // More than one: a system that is slow to tell its jobs must not hold up every other start.
    await addWorkers<{ operationId: string }>(boss, selections, 4, ({ data, signal }) =>
      options.select(data.operationId, AbortSignal.any([signal, closing.signal])),
    );
    const runOne = async (job: Job<Chunk>, retryLimit: number, isAbandoned: boolean): Promise<void> => {
      const complete = async (query: Query): Promise<void> => {
        await boss.complete(job.name, { id: job.id, retryCount: job.retryCount }, null, { db: queueDatabase(query) });
      };
      await options.runChunk({
        chunk: job.data,
        claim: job.signal,
        closing: closing.signal,
        isLast: job.retryCount >= retryLimit,
        isAbandoned,
        complete,
        putBack: async (afterSeconds, query) => {
          await complete(query);
          await boss.insert(job.name, [{ ...toInsert(job.data, job.name), startAfter: afterSeconds }], { db: queueDatabase(query) });
        },
      });
    };
    await addWorkers<Chunk>(boss, abandoned, 1, (job) => runOne(job, persistent.retryLimit, true));
    const runChunk = (job: Job<Chunk>): Promise<void> => runOne(job, retry.times, false);
    for (const systemId of systemIds) await addWorkers(boss, queueOf(systemId), 2, runChunk);
    await addWorkers(boss, paced, 8, runChunk, { groupConcurrency: 1 });
    // Where the store is away just now, the next look tells.
    looking = setInterval(() => void look(boss).catch(() => {}), lookEveryMs).unref();
  };

  /** The store may go away at any time: again and again, until it has succeeded or this process is to end. */
  const untilDone = async (step: () => Promise<void>): Promise<void> => {
    for (let retry = 1; !closing.signal.aborted; retry += 1) {
      try {
        return await step();
      } catch (error) {
        if (closing.signal.aborted) return;
        logger.error({ err: error }, 'bulk operations can not run yet');
        await wait(backoffMs(retry, storeBackoff), null, { signal: closing.signal }).catch(() => {});
      }
    }
  };

  const start = async (): Promise<void> => {
    await store.opened;
    await untilDone(async () => {
      engine ??= await createQueueEngine(store, logger);
      // Closed while it was being loaded: nobody would stop it.
      if (closing.signal.aborted) return;
      const boss = engine;
      await boss.start();
      await createQueues(boss);
      // Nobody else can be at what a process before this one left behind.
      if (!store.isShared) for (const name of [selections, abandoned, paced, ...systemIds.map(queueOf)]) await boss.deleteAllJobs(name);
    });
    if (closing.signal.aborted) throw stopping();
    isReady = true;
    await untilDone(options.onReady);
    if (!closing.signal.aborted) await work(requireEngine());
  };
  const started = start().catch((error: unknown) => {
    if (!closing.signal.aborted) logger.error({ err: error }, 'bulk operations can not run');
    throw error;
  });
  started.catch(() => {});

  const requireEngine = (): PgBoss => {
    if (!engine || !isReady) throw new Error('The queue was used before it was ready');
    return engine;
  };

  return {
    async enqueueSelection(operationId, query) {
      await requireEngine().send(selections, { operationId }, { singletonKey: operationId, db: queueDatabase(query) });
    },
    async enqueueChunks(operationId, query) {
      const boss = requireEngine();
      const rows = await query<{ system_id: string; first: number; last: number; is_paced: boolean }>(pendingChunks, [operationId]);
      const byQueue = Map.groupBy(rows, (row) => (row.is_paced ? paced : queueOf(row.system_id)));
      for (const [name, ofQueue] of byQueue) {
        // The system is not configured any more: its items wait until it is again.
        if (name !== paced && !systemIds.some((systemId) => queueOf(systemId) === name)) continue;
        const jobs = ofQueue.map(({ system_id: systemId, first, last }) => toInsert({ operationId, systemId, first, last }, name));
        await boss.insert(name, jobs, { db: queueDatabase(query) });
      }
    },
    async whenReady() {
      if (closing.signal.aborted) throw stopping();
      // A store that nobody has used yet opens at its first use.
      await store.query('SELECT 1');
      const timer = new AbortController();
      const timeout = new Promise<never>((_, reject) => {
        const id = setTimeout(
          () => reject(new StoreUnavailableError('Bulk operations are not ready yet: the store is being opened.')),
          readyTimeoutMs,
        );
        timer.signal.addEventListener('abort', () => clearTimeout(id));
      });
      await Promise.race([store.query('SELECT').then(() => started), timeout]).finally(() => timer.abort());
    },
    async close(timeoutMs) {
      closing.abort();
      if (looking) clearInterval(looking);
      await engine?.stop({ graceful: true, timeout: timeoutMs, close: false });
    },
  };
}

function stopping(): StoreUnavailableError {
  return new StoreUnavailableError('This Jobyard is stopping, and begins nothing more.');
}

/** The chunks of an operation that still hold pending items; they begin at the same items each time. */
const pendingChunks = `
  SELECT system_id, min(position) AS first, max(position) AS last, bool_or(is_paced) AS is_paced FROM (
    SELECT i.system_id, i.position, i.outcome, o.max_per_second IS NOT NULL AS is_paced,
      (row_number() OVER (PARTITION BY i.system_id ORDER BY i.position) - 1) / p.chunk_size AS chunk
    FROM jobyard.bulk_item i
    JOIN jobyard.bulk_progress p USING (operation_id, system_id)
    JOIN jobyard.bulk_operation o ON o.id = i.operation_id
    WHERE i.operation_id = $1
  ) AS items
  GROUP BY system_id, chunk HAVING bool_or(outcome = 'PENDING') ORDER BY min(position)`;

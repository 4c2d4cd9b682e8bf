import type { JobInsert, PgBoss, Queue } from 'pg-boss';
import type { Chunk } from './chunk-run.ts';

/** How often a chunk of an unavailable system is retried, and the first and the maximum delay. */
export interface ChunkRetry {
  times: number;
  delaySeconds: number;
  maxDelaySeconds: number;
}

/** Operations whose jobs must be selected. */
export const selections = 'bulk-selection';
/** Chunks whose retries are used up. */
export const abandoned = 'bulk-abandoned';
/** Chunks of operations with maxPerSecond: they occupy a worker while they wait, and must not delay other chunks. */
export const paced = 'bulk-paced';

/** The chunks of one system. */
export function queueOf(systemId: string): string {
  return `bulk-${systemId}-chunks`;
}

export function queueNames(systemIds: readonly string[]): string[] {
  return [selections, abandoned, paced, ...systemIds.map(queueOf)];
}

/** Retries of work that doesn't depend on one system. */
export const maxPersistentRetries = 1_000;
const yearSeconds = 365 * 24 * 3600;

const common = {
  // One entry per key, queued or running: a second insert is ignored.
  policy: 'exclusive',
  notify: true,
  heartbeatSeconds: 10,
  expireInSeconds: 6 * 3600,
  retentionSeconds: yearSeconds,
  deleteAfterSeconds: 3600,
  retryBackoff: true,
} satisfies Omit<Queue, 'name'>;
const persistent = { ...common, retryLimit: maxPersistentRetries, retryDelay: 1, retryDelayMax: 60 };

/** Creates the missing queues. */
export async function createQueues(boss: PgBoss, systemIds: readonly string[], retry: ChunkRetry): Promise<void> {
  await boss.createQueue(selections, persistent);
  // Dead letters have no key: an exclusive queue would store only one.
  await boss.createQueue(abandoned, { ...persistent, policy: 'standard' });
  const chunks = {
    ...common,
    retryLimit: retry.times,
    retryDelay: retry.delaySeconds,
    ...(retry.delaySeconds > 0 ? { retryDelayMax: retry.maxDelaySeconds } : { retryBackoff: false }),
    deadLetter: abandoned,
  };
  for (const name of [paced, ...systemIds.map(queueOf)]) await boss.createQueue(name, chunks);
}

/** The pg-boss job of a chunk. */
export function toInsert(chunk: Chunk, queue: string): JobInsert<Chunk> {
  const { operationId, first } = chunk;
  return { data: chunk, singletonKey: `${operationId}:${first}`, ...(queue === paced && { group: { id: operationId } }) };
}

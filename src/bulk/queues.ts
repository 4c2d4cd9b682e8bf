import type { JobInsert, PgBoss, Queue } from 'pg-boss';
import type { Chunk } from './chunk-run.ts';

/** How often a chunk whose system can't be reached is tried again, and after how long at first and at most. */
export interface ChunkRetry {
  times: number;
  delaySeconds: number;
  maxDelaySeconds: number;
}

/** Operations whose jobs are to be selected. */
export const selections = 'bulk-selection';
/** Chunks whose tries were given up. */
export const abandoned = 'bulk-abandoned';
/** Chunks of operations with maxPerSecond: they hold a worker while they wait, and must not hold up the others. */
export const paced = 'bulk-paced';

/** The chunks of one system. */
export function queueOf(systemId: string): string {
  return `bulk-${systemId}-chunks`;
}

export function queueNames(systemIds: readonly string[]): string[] {
  return [selections, abandoned, paced, ...systemIds.map(queueOf)];
}

/** Retries of what is in no system's hands. */
export const maxPersistentRetries = 1_000;
const yearSeconds = 365 * 24 * 3600;

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
const persistent = { ...common, retryLimit: maxPersistentRetries, retryDelay: 1, retryDelayMax: 60 };

/** Creates those that are missing. */
export async function createQueues(boss: PgBoss, systemIds: readonly string[], retry: ChunkRetry): Promise<void> {
  await boss.createQueue(selections, persistent);
  // A dead letter carries no key: of an exclusive queue only one would be kept.
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

/** What pg-boss is given to queue a chunk. */
export function toInsert(chunk: Chunk, queue: string): JobInsert<Chunk> {
  const { operationId, first } = chunk;
  return { data: chunk, singletonKey: `${operationId}:${first}`, ...(queue === paced && { group: { id: operationId } }) };
}

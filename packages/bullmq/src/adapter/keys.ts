/** The key of a part of a queue, such as `wait`, or of a job by its ID. */
export type KeyOf = (part: string) => string;

export function createKeyOf(prefix: string, queue: string): KeyOf {
  return (part) => `${prefix}:${queue}:${part}`;
}

/**
 * The words after a queue's name in the keys of its parts: a job with such an ID would share its key with that part. From the key list of
 * bullmq 6.7.0.
 */
export const reservedWords: ReadonlySet<string> = new Set([
  'active',
  'completed',
  'de',
  'delayed',
  'events',
  'failed',
  'id',
  'limiter',
  'marker',
  'meta',
  'paused',
  'pc',
  'prioritized',
  'repeat',
  'stalled',
  'stalled-check',
  'wait',
  'waiting-children',
]);

/** The pattern for SCAN of the keys that show that a queue exists. */
export function createMetaPattern(prefix: string): string {
  return `${prefix.replaceAll(/[\\*?[\]]/g, '\\$&')}:*:meta`;
}

/** The queue that a key of this pattern belongs to. Null: it is another one's, such as a job `a:b:meta` or the relay's. */
export function queueOfMetaKey(prefix: string, key: string): string | null {
  const queue = key.slice(prefix.length + 1, -':meta'.length);
  return queue === '' || queue.includes(':') ? null : queue;
}

import type { ChainableCommander } from 'ioredis';
import { createKeyOf } from './keys.ts';
import type { PrivateField } from './settings.ts';

/** BullMQ's words for where a job is. `unknown`: it has data, but is in none of the queue's lists. */
export type State = 'waiting' | 'prioritized' | 'delayed' | 'waiting-children' | 'active' | 'completed' | 'failed' | 'unknown';

/** A job as Redis has it at one instant. Texts are as stored. */
export interface StoredJob {
  queue: string;
  id: string;
  state: State;
  /** Whether the queue was paused. */
  isPaused: boolean;
  /** When a delayed job is due, in epoch milliseconds; null: it isn't delayed. */
  dueAtMs: number | null;
  fields: Readonly<Partial<Record<Field, string>>>;
}

/** The fields of a job's hash that are always read. */
const publicFields = [
  'name',
  'timestamp',
  'processedOn',
  'finishedOn',
  'delay',
  'priority',
  'atm',
  'ats',
  'stc',
  'opts',
  'failedReason',
  'progress',
  'pb',
  'parentKey',
  'rjk',
  'deid',
] as const;
export type Field = (typeof publicFields)[number] | PrivateField;

/** `broken`: the key has another type than a job's. */
export type StoredRead = { kind: 'job'; job: StoredJob } | { kind: 'notFound' } | { kind: 'broken'; message: string };

/** The sorted sets of jobs, in the order in which BullMQ searches for a job. */
const sets = ['completed', 'failed', 'delayed', 'prioritized', 'waiting-children'] as const;
/** How many replies come before those of the jobs. */
const replyCount = sets.length + 4;

/** One BullMQ score holds the due time and a counter of 12 bits. */
const scorePerMs = 4096;

export interface ReadOptions {
  prefix: string;
  queue: string;
  ids: readonly string[];
  privateFields: readonly PrivateField[];
}

/**
 * Adds the commands that read jobs of one queue: as a transaction, they show one instant. Unlike BullMQ's own state of a job, they never
 * search the list of waiting jobs. Redis 6.2.
 */
export function addReads(commands: ChainableCommander, { prefix, queue, ids, privateFields }: ReadOptions): void {
  const keyOf = createKeyOf(prefix, queue);
  for (const set of sets) commands.call('ZMSCORE', keyOf(set), ...ids);
  commands.lrange(keyOf('active'), 0, -1);
  commands.hexists(keyOf('meta'), 'paused');
  commands.llen(keyOf('wait'));
  // Of producers and workers before version 6.
  commands.llen(keyOf('paused'));
  for (const id of ids) commands.hmget(keyOf(id), ...publicFields, ...privateFields);
}

type Replies = readonly [error: Error | null, reply: unknown][];

/** Each job by its ID, from the replies to `addReads`. Throws the error of a reply that concerns all jobs. */
export function toStoredReads({ queue, ids, privateFields }: ReadOptions, replies: Replies): Map<string, StoredRead> {
  const value = (index: number): unknown => {
    const [error, reply] = replies[index] ?? missing;
    if (error) throw error;
    return reply;
  };
  // Redis replies with one score per ID, in order.
  const scores = sets.map((set, index) => ({ set, byId: new Map(zip(ids, toTexts(value(index)))) }));
  const active = new Set(toTexts(value(sets.length)));
  const isPaused = value(sets.length + 1) === 1 || Number(value(sets.length + 3)) > 0;
  const nothingWaits = Number(value(sets.length + 2)) + Number(value(sets.length + 3)) === 0;
  const toRead = (id: string, [error, reply]: Replies[number]): StoredRead => {
    if (error) return { kind: 'broken', message: error.message };
    const fields = toFields(toTexts(reply), privateFields);
    if (Object.keys(fields).length === 0) return { kind: 'notFound' };
    const scored = scores.find(({ byId }) => byId.get(id) != null);
    const state = scored?.set ?? (active.has(id) ? 'active' : nothingWaits ? 'unknown' : 'waiting');
    const dueAtMs = scored?.set === 'delayed' ? Math.floor(Number(scored.byId.get(id)) / scorePerMs) : null;
    return { kind: 'job', job: { queue, id, state, isPaused, dueAtMs, fields } };
  };
  return new Map(zip(ids, replies.slice(replyCount)).map(([id, reply]) => [id, toRead(id, reply ?? missing)]));
}

const missing: Replies[number] = [new Error('Replies are missing'), null];

/** Each item with the value at its place; null: there is none. */
function zip<Item, Value>(items: readonly Item[], values: readonly Value[]): [Item, Value | null][] {
  return items.map((item, index) => [item, values[index] ?? null]);
}

/** A reply with a list of texts, null where Redis has none. */
function toTexts(reply: unknown): (string | null)[] {
  return Array.isArray(reply) ? reply.map((text) => (typeof text === 'string' ? text : null)) : [];
}

function toFields(values: readonly (string | null)[], privateFields: readonly PrivateField[]): StoredJob['fields'] {
  const names: readonly Field[] = [...publicFields, ...privateFields];
  return Object.fromEntries(zip(names, values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

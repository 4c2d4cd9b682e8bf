import { type CallContext, createProblem, type Problem } from 'jobyard/adapter';
import type { Reply, Send } from './calls.ts';
import { describeError } from './errors.ts';
import { checkQueueName } from './job-id.ts';
import { createMetaPattern, queueOfMetaKey } from './keys.ts';
import type { Link } from './link.ts';
import type { Slot } from './slot.ts';

/** The queues of one prefix. */
export interface Queues {
  /** Searches for them if the known ones are too old. A problem: none are known. */
  find(call: CallContext): Promise<Problem | null>;
  /** The known queues, or those of these that can exist. */
  list(scopes: readonly string[] | null): readonly string[];
}

export interface QueuesOptions {
  systemId: string;
  prefix: string;
  scan: ScanKeys;
  nowMs?: () => number;
}

/** Reads the keys that Redis finds at a cursor, in one round trip. */
export type ScanKeys = (cursor: string, call: CallContext) => Promise<Reply<ScanPage>>;

interface ScanPage {
  /** The next cursor; 0 at the end. */
  next: string;
  keys: readonly string[];
}

/** BullMQ has no list of queues: after this time, they are searched for again, and lists meanwhile use the known ones. */
const refreshAfterMs = 60_000;
/** The time limit of a search that no caller waits for. */
const refreshMs = 60_000;
/** Keys that Redis checks in one round trip. */
const scanCount = 1_000;

export function createConfiguredQueues(names: readonly string[]): Queues {
  return {
    find: async () => null,
    list: (scopes) => names.filter((name) => scopes?.includes(name) ?? true),
  };
}

export function createDiscoveredQueues(options: QueuesOptions): Queues {
  const { nowMs = Date.now } = options;
  let known: readonly string[] | null = null;
  let foundAtMs = Number.NEGATIVE_INFINITY;
  let isFinding = false;

  const find = async (call: CallContext): Promise<Problem | null> => {
    const found = await findAll(options, call);
    if (!Array.isArray(found)) return found;
    known = found;
    foundAtMs = nowMs();
    return null;
  };

  /** No caller waits for it. */
  const refresh = (): void => {
    isFinding = true;
    find({ caller: 'bullmq queues', credential: null, signal: AbortSignal.timeout(refreshMs) }).finally(() => {
      isFinding = false;
    });
  };

  return {
    async find(call) {
      if (nowMs() - foundAtMs < refreshAfterMs) return null;
      // Another call's search may end with its caller.
      if (known === null) return find(call);
      if (!isFinding) refresh();
      return null;
    },
    list(scopes) {
      // A queue can be newer than the last search.
      return scopes ? scopes.filter((scope) => checkQueueName(scope) === null) : (known ?? []);
    },
  };
}

/** Scans the keys of all queues of a prefix. */
export function createKeyScan({ prefix, send, slot }: { prefix: string; send: Send; slot: Slot }): ScanKeys {
  return (cursor, call) => send<ScanPage>('read', slot, (link, start) => (start() ? scanFrom(link, prefix, cursor) : noReply()), call);
}

/** The names of all queues in order, or why they can't be found. */
async function findAll({ systemId, prefix, scan }: QueuesOptions, call: CallContext): Promise<string[] | Problem> {
  const queues = new Set<string>();
  for (let cursor = '0'; ; ) {
    const reply = await scan(cursor, call);
    if (reply.kind === 'failed') return reply.problem;
    if (reply.kind === 'error') return describeError(systemId, reply.error);
    for (const key of reply.value.keys) {
      const queue = queueOfMetaKey(prefix, key);
      if (queue !== null) queues.add(queue);
    }
    cursor = reply.value.next;
    if (cursor === '0') return [...queues].sort();
    if (call.signal.aborted)
      return createProblem('TIMED_OUT', `${systemId} has too many keys to find its queues in time. Configure queues.`);
  }
}

async function scanFrom({ redis }: Link, prefix: string, cursor: string): Promise<ScanPage> {
  const [next, keys] = await redis.scan(cursor, 'MATCH', createMetaPattern(prefix), 'COUNT', scanCount);
  return { next, keys };
}

async function noReply(): Promise<null> {
  return null;
}

import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkOperation } from './operation.ts';

const minUpdateMs = 250;
/** A notification may be lost with the connection. */
const pollEveryMs = 5_000;

type Find = (id: string) => Promise<BulkOperation | null>;

/**
 * The operation now, then after changes. Null: it doesn't exist, or `maySee` denies it. Ends when the operation has finished, is deleted, or is
 * no longer visible; ends at once on `return`.
 */
export type WatchOperation = (
  id: string,
  maySee: (operation: BulkOperation) => boolean,
) => Promise<AsyncIterableIterator<BulkOperation> | null>;

/** Reads each operation once for all its watchers in this process. */
export function createOperationWatch(find: Find, changes: ChangeNotifier): WatchOperation {
  const feeds = new Map<string, Feed>();
  return async (id, maySee) => {
    let feed = feeds.get(id);
    if (!feed) {
      feed = startFeed((signal, publish) => pollChanges(id, find, changes, signal, publish));
      const started = feed;
      feeds.set(id, started);
      // A later watcher starts a new feed: failed items of a finished operation may be retried.
      started.ended.addEventListener('abort', () => feeds.get(id) === started && feeds.delete(id), { once: true });
    }
    return watch(feed, maySee);
  };
}

/** The states of one operation, shared by its watchers. */
interface Feed {
  /** Rejects if the store is unavailable. */
  first: Promise<BulkOperation | null>;
  /** A different object only if the operation has changed. Throws the store's error. */
  newest(): BulkOperation | null;
  /** Aborted when no more states follow, or the last watcher has left. */
  ended: AbortSignal;
  /** Calls `wake` when there may be a new state, until the returned function is called. The last watcher to leave ends the feed. */
  join(wake: () => void): () => void;
}

function startFeed(poll: (signal: AbortSignal, publish: (operation: BulkOperation | null) => void) => Promise<void>): Feed {
  const { promise, resolve, reject } = Promise.withResolvers<BulkOperation | null>();
  const wakes = new Set<() => void>();
  const stop = new AbortController();
  const ended = new AbortController();
  let newest: BulkOperation | null = null;
  let failure: { error: unknown } | null = null;
  const wakeAll = (): void => {
    for (const wake of wakes) wake();
  };
  const publish = (operation: BulkOperation | null): void => {
    newest = operation;
    if (!operation || operation.finishedAt) ended.abort();
    resolve(operation);
    wakeAll();
  };
  poll(stop.signal, publish).catch((error: unknown) => {
    failure = { error };
    ended.abort();
    reject(error);
    wakeAll();
  });
  return {
    first: promise,
    newest() {
      if (failure) throw failure.error;
      return newest;
    },
    ended: ended.signal,
    join(wake) {
      wakes.add(wake);
      return () => {
        wakes.delete(wake);
        if (wakes.size > 0) return;
        stop.abort();
        ended.abort();
      };
    },
  };
}

/** The states for one watcher. */
async function watch(feed: Feed, maySee: (operation: BulkOperation) => boolean): Promise<AsyncIterableIterator<BulkOperation> | null> {
  let wake = (): void => {};
  let isOver = false;
  const leaveFeed = feed.join(() => wake());
  const leave = (): void => {
    isOver = true;
    leaveFeed();
    wake();
  };
  async function* values(): AsyncGenerator<BulkOperation, void> {
    try {
      let last: BulkOperation | null = null;
      while (!isOver) {
        const operation = feed.newest();
        if (!operation || (operation !== last && !maySee(operation))) return;
        if (operation === last) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        yield operation;
        last = operation;
        if (operation.finishedAt) return;
      }
    } finally {
      leave();
    }
  }
  const operation = await feed.first.catch((error: unknown) => {
    leave();
    throw error;
  });
  if (operation && maySee(operation)) return endedAtOnce(values(), leave);
  leave();
  return null;
}

/** The same values, but `return` ends the iterator at once. A generator's `return` waits for its pending `await`. */
function endedAtOnce<Value>(iterator: AsyncGenerator<Value, void>, leave: () => void): AsyncIterableIterator<Value> {
  return {
    next: () => iterator.next(),
    return() {
      leave();
      return iterator.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function pollChanges(
  id: string,
  find: Find,
  changes: ChangeNotifier,
  signal: AbortSignal,
  publish: (operation: BulkOperation | null) => void,
): Promise<void> {
  let last: string | null = null;
  while (!signal.aborted) {
    // Registered before the read, so that a change in between isn't missed.
    const changed = changes.waitForChange(id, pollEveryMs, signal);
    const operation = await find(id);
    const state = JSON.stringify(operation);
    if (state !== last) publish(operation);
    last = state;
    if (!operation || operation.finishedAt) return;
    await changes.waitForChange('', minUpdateMs, signal);
    await changed;
  }
}

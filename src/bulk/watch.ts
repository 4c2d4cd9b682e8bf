import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkOperation } from './operation.ts';

const tellEveryMs = 250;
/** A notice may be lost with the connection. */
const lookEveryMs = 5_000;

type Find = (id: string) => Promise<BulkOperation | null>;

/**
 * The operation as it stands and after changes, for who may see it; null: there is none. Ends when the operation is over or gone. Given up
 * by `return`, it ends at once.
 */
export type WatchOperation = (
  id: string,
  maySee: (operation: BulkOperation) => boolean,
) => Promise<AsyncIterableIterator<BulkOperation> | null>;

/** Each operation is looked at once for all who watch it in this process. */
export function createOperationWatch(find: Find, changes: ChangeNotifier): WatchOperation {
  const looks = new Map<string, Look>();
  return async (id, maySee) => {
    let look = looks.get(id);
    if (!look) {
      look = beginLook((signal, tell) => followChanges(id, find, changes, signal, tell));
      const begun = look;
      looks.set(id, begun);
      // Whoever comes from now on looks anew: what is over may be tried once more.
      begun.ended.addEventListener('abort', () => looks.get(id) === begun && looks.delete(id), { once: true });
    }
    return watch(look, maySee);
  };
}

/** What all who watch one operation share. */
interface Look {
  /** Rejected where the store could not be asked. */
  first: Promise<BulkOperation | null>;
  /** Replaced only by one that differs. Throws what the store could not be asked for. */
  newest(): BulkOperation | null;
  /** Aborted when nothing more is told, or nobody watches any more. */
  ended: AbortSignal;
  /** Calls `wake` when there may be something new, until the function that it returns is called. The last to leave ends the look. */
  join(wake: () => void): () => void;
}

function beginLook(follow: (signal: AbortSignal, tell: (operation: BulkOperation | null) => void) => Promise<void>): Look {
  const { promise, resolve, reject } = Promise.withResolvers<BulkOperation | null>();
  const wakes = new Set<() => void>();
  const stop = new AbortController();
  const ended = new AbortController();
  let newest: BulkOperation | null = null;
  let failure: { error: unknown } | null = null;
  const wakeAll = (): void => {
    for (const wake of wakes) wake();
  };
  const tell = (operation: BulkOperation | null): void => {
    newest = operation;
    if (!operation || operation.finishedAt) ended.abort();
    resolve(operation);
    wakeAll();
  };
  follow(stop.signal, tell).catch((error: unknown) => {
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

/** One watcher's view. */
async function watch(look: Look, maySee: (operation: BulkOperation) => boolean): Promise<AsyncIterableIterator<BulkOperation> | null> {
  let wake = (): void => {};
  let isOver = false;
  const leaveLook = look.join(() => wake());
  const leave = (): void => {
    isOver = true;
    leaveLook();
    wake();
  };
  async function* values(): AsyncGenerator<BulkOperation, void> {
    try {
      let told: BulkOperation | null = null;
      while (!isOver) {
        const operation = look.newest();
        if (!operation || (operation !== told && !maySee(operation))) return;
        if (operation === told) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        yield operation;
        told = operation;
        if (operation.finishedAt) return;
      }
    } finally {
      leave();
    }
  }
  const operation = await look.first.catch((error: unknown) => {
    leave();
    throw error;
  });
  if (operation && maySee(operation)) return endedAtOnce(values(), leave);
  leave();
  return null;
}

/** The same values. A generator that waits would end by `return` only when its wait does. */
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

async function followChanges(
  id: string,
  find: Find,
  changes: ChangeNotifier,
  signal: AbortSignal,
  tell: (operation: BulkOperation | null) => void,
): Promise<void> {
  let told: string | null = null;
  while (!signal.aborted) {
    // Asked for before the look: what changes in between is not missed.
    const changed = changes.waitForChange(id, lookEveryMs, signal);
    const operation = await find(id);
    const state = JSON.stringify(operation);
    if (state !== told) tell(operation);
    told = state;
    if (!operation || operation.finishedAt) return;
    await changes.waitForChange('', tellEveryMs, signal);
    await changed;
  }
}

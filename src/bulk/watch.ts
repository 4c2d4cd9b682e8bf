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

/** What all who watch one operation share. */
interface Look {
  /** Rejected where the store could not be asked. */
  first: Promise<BulkOperation | null>;
  /** Replaced only by one that differs. */
  newest: BulkOperation | null;
  failure: { error: unknown } | null;
  wakes: Set<() => void>;
  stop: AbortController;
}

/** Each operation is looked at once for all who watch it in this process. */
export function createOperationWatch(find: Find, changes: ChangeNotifier): WatchOperation {
  const looks = new Map<string, Look>();

  const begin = (id: string): Look => {
    const { promise, resolve, reject } = Promise.withResolvers<BulkOperation | null>();
    const look: Look = { first: promise, newest: null, failure: null, wakes: new Set(), stop: new AbortController() };
    looks.set(id, look);
    const end = (): void => {
      if (looks.get(id) === look) looks.delete(id);
    };
    look.stop.signal.addEventListener('abort', end, { once: true });
    const tell = (operation: BulkOperation | null): void => {
      look.newest = operation;
      // Whoever comes from now on looks anew: what is over may be tried once more.
      if (!operation || operation.finishedAt) end();
      resolve(operation);
      for (const wake of look.wakes) wake();
    };
    followChanges(id, find, changes, look.stop.signal, tell).catch((error: unknown) => {
      look.failure = { error };
      end();
      reject(error);
      for (const wake of look.wakes) wake();
    });
    return look;
  };

  return async (id, maySee) => {
    const look = looks.get(id) ?? begin(id);
    let wake = (): void => {};
    let isOver = false;
    const onChange = (): void => wake();
    look.wakes.add(onChange);
    const leave = (): void => {
      isOver = true;
      look.wakes.delete(onChange);
      if (look.wakes.size === 0) look.stop.abort();
      wake();
    };
    async function* values(): AsyncGenerator<BulkOperation, void> {
      try {
        let told: BulkOperation | null = null;
        while (!isOver) {
          if (look.failure) throw look.failure.error;
          const operation = look.newest;
          if (operation !== told || !operation) {
            if (!operation || !maySee(operation)) return;
            yield operation;
            told = operation;
            if (operation.finishedAt) return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        leave();
      }
    }
    try {
      const operation = await look.first;
      if (!operation || !maySee(operation)) {
        leave();
        return null;
      }
    } catch (error) {
      leave();
      throw error;
    }
    const iterator = values();
    const watching: AsyncIterableIterator<BulkOperation> = {
      next: () => iterator.next(),
      // A generator that waits would end only when its wait does.
      return() {
        leave();
        return iterator.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    return watching;
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

import { type Query, type Store, StoreUnavailableError } from './store.ts';

/**
 * The store for an operation that ends when `signal` aborts: statements and transactions that are not complete by then reject with
 * StoreUnavailableError. Such a statement may still complete; a transaction is rolled back unless all its statements were complete.
 */
export function storeInTime(store: Store, signal: AbortSignal): Store {
  return {
    ...store,
    whenOpen: () => inTime(store.whenOpen(), signal),
    query: <Row extends object>(...statement: Parameters<Query>) => inTime(store.query<Row>(...statement), signal),
    transaction: (work) =>
      inTime(
        store.transaction(async (query, afterCommit) => {
          const value = await work(query, afterCommit);
          if (signal.aborted) throw deadlinePassed();
          return value;
        }),
        signal,
      ),
  };
}

/** Resolves as `work` does. Rejects with StoreUnavailableError if `signal` aborts first; `work` continues. */
export function inTime<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(deadlinePassed());
    const settle = (): void => signal.removeEventListener('abort', giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(settle);
    if (signal.aborted) giveUp();
  });
}

function deadlinePassed(): StoreUnavailableError {
  return new StoreUnavailableError("Jobyard's store didn't respond before the deadline. Retry, or raise deadlineMs.");
}

import { type Query, type Store, StoreUnavailableError } from './store.ts';

/**
 * The store for an operation that ends when `signal` aborts: statements and transactions that are not done by then reject with
 * StoreUnavailable. The statement goes on and may still be done; the transaction is rolled back unless all its statements were done.
 */
export function storeInTime(store: Store, signal: AbortSignal): Store {
  return {
    ...store,
    query: <Row extends object>(...statement: Parameters<Query>) => inTime(store.query<Row>(...statement), signal),
    transaction: (work) =>
      inTime(
        store.transaction(async (query, afterCommit) => {
          const value = await work(query, afterCommit);
          if (signal.aborted) throw timeIsUp();
          return value;
        }),
        signal,
      ),
  };
}

/** Resolves as `work` does. Rejects with StoreUnavailable if `signal` aborts first; `work` goes on. */
export function inTime<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(timeIsUp());
    const settle = (): void => signal.removeEventListener('abort', giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(settle);
    if (signal.aborted) giveUp();
  });
}

function timeIsUp(): StoreUnavailableError {
  return new StoreUnavailableError("Jobyard's store did not respond before the operation's deadline.");
}

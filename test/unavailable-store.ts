import { type Store, StoreUnavailableError } from '../src/store/store.ts';

/** As if the database were down: for tests of what needs no store, which takes seconds to open. */
export function createUnavailableStore(): Store {
  const fail = async () => {
    throw new StoreUnavailableError('The store is not available: this test has none.');
  };
  return {
    isShared: true,
    opened: new Promise(() => {}),
    isUp: () => false,
    whenOpen: fail,
    aheadMs: () => 0,
    resume() {},
    query: fail,
    transaction: fail,
    listen: fail,
    notify: fail,
    async close() {},
  };
}

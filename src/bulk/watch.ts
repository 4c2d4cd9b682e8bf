import type { Changes } from './changes.ts';
import type { BulkOperation } from './operation.ts';

const tellEveryMs = 250;
/** A notice may be lost with the connection. */
const lookEveryMs = 5_000;

/** The operation that `find` gives, as it stands and after changes; ends when it is over or gone. Given up by `return`, it ends at once. */
export function watchOperation(
  find: () => Promise<BulkOperation | null>,
  id: string,
  changes: Changes,
): AsyncIterableIterator<BulkOperation> {
  // A generator that waits would end only when its wait does.
  const stop = new AbortController();
  const values = watch(find, id, changes, stop.signal);
  return {
    next: () => values.next(),
    return() {
      stop.abort();
      return values.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* watch(
  find: () => Promise<BulkOperation | null>,
  id: string,
  changes: Changes,
  signal: AbortSignal,
): AsyncGenerator<BulkOperation, void> {
  let told = '';
  for (;;) {
    // Asked for before the look: what changes in between is not missed.
    const changed = changes.next(id, lookEveryMs, signal);
    const operation = await find();
    if (!operation || signal.aborted) return;
    const state = JSON.stringify(operation);
    if (state !== told) yield operation;
    told = state;
    if (operation.finishedAt) return;
    await changes.next('', tellEveryMs, signal);
    await changed;
  }
}

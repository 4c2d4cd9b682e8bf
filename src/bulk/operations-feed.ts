import { createNewestByKey, type NewestByKey } from '../concurrency/newest-by-key.ts';
import { ignoreUnavailable } from '../store/store.ts';
import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkOperation } from './operation.ts';

/** Sends all operations to subscribers. They are read once for all subscribers in this process. */
export interface OperationsFeed {
  /**
   * The unfinished operations that `accepts` accepts, then each that starts or changes, at most four times per second, until `return`. Operations
   * that still select their jobs are left out. A slow reader may miss intermediate states, never the latest. Rejects with StoreUnavailableError if
   * the first read fails; later, the feed continues when the store is available again.
   */
  subscribe(accepts: (operation: BulkOperation) => boolean): Promise<NewestByKey<BulkOperation>>;
  close(): void;
}

/** Reads the operations that are unfinished or have finished in the last minute, and those with these IDs. */
export type ReadOperations = (changedIds: readonly string[]) => Promise<BulkOperation[]>;

interface Subscriber {
  values: NewestByKey<BulkOperation>;
  accepts(operation: BulkOperation): boolean;
}

const minUpdateMs = 250;
/** A notification may be lost with the connection. */
const pollEveryMs = 5_000;

export interface OperationsFeedOptions {
  read: ReadOperations;
  changes: ChangeNotifier;
  onBug(error: unknown): void;
}

export function createOperationsFeed(options: OperationsFeedOptions): OperationsFeed {
  const subscribers = new Set<Subscriber>();
  let round: Round | null = null;
  let closed = false;
  const end = (): void => {
    round?.stop.abort();
    round = null;
  };
  return {
    async subscribe(accepts) {
      const values = createNewestByKey<BulkOperation>(() => {
        subscribers.delete(subscriber);
        if (subscribers.size === 0) end();
      });
      const subscriber: Subscriber = { values, accepts };
      subscribers.add(subscriber);
      round ??= startRound(options, subscribers);
      const { first, newest } = round;
      try {
        await first;
      } catch (error) {
        await values.return();
        throw error;
      }
      for (const { operation } of newest.values()) if (!operation.finishedAt) offer(subscriber, operation);
      if (closed) values.finish();
      return values;
    },
    close() {
      closed = true;
      for (const { values } of subscribers) values.finish();
    },
  };
}

/** The reads from the first subscriber to the last. */
interface Round {
  stop: AbortController;
  /** The first read. */
  first: Promise<void>;
  /** By ID, with the text that tells whether an operation has changed. */
  newest: Map<string, { operation: BulkOperation; state: string }>;
}

function startRound({ read, changes, onBug }: OperationsFeedOptions, subscribers: ReadonlySet<Subscriber>): Round {
  const stop = new AbortController();
  const newest: Round['newest'] = new Map();
  const changedIds = new Set<string>();
  const stopListening = changes.onChange((id) => void changedIds.add(id));
  stop.signal.addEventListener('abort', stopListening, { once: true });
  const readChanged = async (): Promise<BulkOperation[]> => {
    const ids = [...changedIds];
    changedIds.clear();
    return takeRead(newest, await read(ids));
  };
  const first = readChanged().then(() => {});
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await changes.waitForChange('', minUpdateMs, stop.signal);
      if (changedIds.size === 0) await changes.waitForAnyChange(pollEveryMs, stop.signal);
      if (stop.signal.aborted) return;
      // The next read finds what a failed one missed.
      const changed = await readChanged().catch(ignoreUnavailable);
      for (const operation of changed ?? []) for (const subscriber of subscribers) offer(subscriber, operation);
    }
  };
  // Each subscriber gets the failure of the first read.
  first.then(
    () => run().catch(onBug),
    () => stop.abort(),
  );
  return { stop, first, newest };
}

/** Returns the operations that have changed. Forgets those that the store no longer returns. */
function takeRead(newest: Round['newest'], operations: readonly BulkOperation[]): BulkOperation[] {
  const before = new Map(newest);
  newest.clear();
  return operations.filter((operation) => {
    const state = JSON.stringify(operation);
    const known = before.get(operation.id);
    newest.set(operation.id, known?.state === state ? known : { operation, state });
    return known?.state !== state;
  });
}

function offer({ values, accepts }: Subscriber, operation: BulkOperation): void {
  if (operation.status !== 'SELECTING' && accepts(operation)) values.put(operation.id, operation);
}

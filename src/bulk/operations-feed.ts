import { createNewestByKey, type NewestByKey } from '../concurrency/newest-by-key.ts';
import { StoreUnavailableError } from '../store/store.ts';
import type { ChangeNotifier } from './change-notifier.ts';
import type { BulkOperation } from './operation.ts';

/** Follows all operations. They are read once for all followers in this process. */
export interface OperationsFeed {
  /**
   * The unfinished operations that `accepts` accepts, then each that starts or changes, at most four times per second, until `return`. Operations
   * that still select their jobs are left out. A slow reader may miss intermediate states, never the latest. Rejects with StoreUnavailableError if
   * the first read fails; later, the feed continues when the store is available again.
   */
  follow(accepts: (operation: BulkOperation) => boolean): Promise<NewestByKey<BulkOperation>>;
  close(): void;
}

/** Reads the operations that are unfinished or have finished in the last minute, and those with these IDs. */
export type ReadOperations = (changedIds: readonly string[]) => Promise<BulkOperation[]>;

interface Follower {
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
  const followers = new Set<Follower>();
  let round: Round | null = null;
  let closed = false;
  const end = (): void => {
    round?.stop.abort();
    round = null;
  };
  return {
    async follow(accepts) {
      const values = createNewestByKey<BulkOperation>(() => {
        followers.delete(follower);
        if (followers.size === 0) end();
      });
      const follower: Follower = { values, accepts };
      followers.add(follower);
      round ??= startRound(options, followers);
      const { first, newest } = round;
      try {
        await first;
      } catch (error) {
        await values.return();
        throw error;
      }
      for (const { operation } of newest.values()) if (!operation.finishedAt) offer(follower, operation);
      if (closed) values.finish();
      return values;
    },
    close() {
      closed = true;
      for (const { values } of followers) values.finish();
    },
  };
}

/** The reads from the first follower to the last. */
interface Round {
  stop: AbortController;
  /** The first read. */
  first: Promise<void>;
  /** By ID, with the text that tells whether an operation has changed. */
  newest: Map<string, { operation: BulkOperation; state: string }>;
}

function startRound({ read, changes, onBug }: OperationsFeedOptions, followers: ReadonlySet<Follower>): Round {
  const stop = new AbortController();
  const newest: Round['newest'] = new Map();
  const changedIds = new Set<string>();
  const stopListening = changes.onChange((id) => void changedIds.add(id));
  stop.signal.addEventListener('abort', stopListening, { once: true });
  const look = async (): Promise<BulkOperation[]> => {
    const ids = [...changedIds];
    changedIds.clear();
    return takeRead(newest, await read(ids));
  };
  const first = look().then(() => {});
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await changes.waitForChange('', minUpdateMs, stop.signal);
      if (changedIds.size === 0) await changes.waitForAnyChange(pollEveryMs, stop.signal);
      if (stop.signal.aborted) return;
      const changed = await look().catch(ignoreUnavailable);
      for (const operation of changed) for (const follower of followers) offer(follower, operation);
    }
  };
  // Each follower gets the failure of the first read.
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

function offer({ values, accepts }: Follower, operation: BulkOperation): void {
  if (operation.status !== 'SELECTING' && accepts(operation)) values.put(operation.id, operation);
}

/** The next read finds what this one missed. */
function ignoreUnavailable(error: unknown): BulkOperation[] {
  if (error instanceof StoreUnavailableError) return [];
  throw error;
}

import type { Logger } from 'pino';
import { type Query, type Store, StoreUnavailableError, type Transaction } from '../store/store.ts';
import { createEventDrain } from './event-drain.ts';
import { type EventGroup, groupEvents, storeGroups } from './event-groups.ts';
import { countEvents, createEventQueue } from './event-queue.ts';
import type { NewJobEvent } from './job-event.ts';

/** Stores events in the background. */
export interface EventWriter {
  /** Queues the events and returns at once. While the store is unavailable, drops and logs the newest ones beyond 100,000. */
  write(events: readonly NewJobEvent[]): void;
  /** Stores the events as part of the transaction. */
  writeWithin(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** Resolves when all events written before are stored, except groups that only the database rejects. Rejects with StoreUnavailableError. */
  flush(): Promise<void>;
  /** Events that are not stored yet. */
  waitingCount(): number;
  /** Events since the start that are not stored and never will be. The audit log has each of them. */
  lostCounts(): LostCounts;
  /** Stores what still waits, for at most 5 seconds. */
  close(): Promise<void>;
}

export interface LostCounts {
  /** The database never accepts such a row, because of a value in it (SQLSTATE classes 22 and 23). */
  setAside: number;
  /** The store was unavailable until the queue was full, or until the process ended. */
  dropped: number;
}

export interface EventWriterOptions {
  store: Store;
  /** Systems whose jobs can be read in the background. */
  trackedSystemIds: readonly string[];
  /** Called with the systems of the unresolved actions that were stored. */
  onUnresolved(systemIds: ReadonlySet<string>): void;
  /** Called when events were stored. Default: nothing. */
  onStored?(): void;
  logger: Logger;
}

/** The systems of one mutation respond at different times, and a statement costs more than its rows. Readers flush instead of waiting. */
const gatherMs = 50;
const maxInStatement = 2_000;
const maxWaiting = 100_000;
const closeWithinMs = 5_000;

export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { store, onUnresolved, onStored = () => {}, logger } = options;
  const queue = createEventQueue(maxInStatement);
  const lost: LostCounts = { setAside: 0, dropped: 0 };
  const drain = createEventDrain({
    queue,
    async storeGroups(groups, perhapsStored) {
      // The events are dated by the store's clock, which is unknown before.
      await store.whenOpen();
      const unresolved = await storeIn(store.query, groups, perhapsStored, options);
      onStored();
      if (unresolved.size > 0) onUnresolved(unresolved);
    },
    onSetAside(groups) {
      lost.setAside += countEvents(groups);
    },
    logger,
  });

  return {
    write(events) {
      const taken = Math.min(events.length, maxWaiting - queue.countEvents());
      queue.push(groupEvents(events.slice(0, taken)));
      if (taken < events.length) {
        lost.dropped += events.length - taken;
        logger.error({ dropped: events.length - taken }, 'job events dropped: the store was unavailable too long');
      }
      if (taken > 0) drain.drainLater(gatherMs);
    },
    async writeWithin({ query, afterCommit }, events) {
      if (events.length === 0) return;
      const unresolved = await storeIn(query, groupEvents(events), false, options);
      afterCommit(onStored);
      if (unresolved.size > 0) afterCommit(() => onUnresolved(unresolved));
    },
    flush: drain.flush,
    waitingCount: queue.countEvents,
    lostCounts: () => ({ ...lost }),
    async close() {
      drain.stop();
      queue.unpark();
      await rejectLate(drain.flush()).catch((error: unknown) => {
        logger.error({ err: error, lost: queue.countEvents() }, 'job events lost: the store is unavailable');
      });
      lost.dropped += queue.countEvents();
      // The flush may have planned a retry of a parked group.
      drain.stop();
    },
  };
}

function storeIn(
  query: Query,
  groups: readonly EventGroup[],
  perhapsStored: boolean,
  { store, trackedSystemIds }: EventWriterOptions,
): Promise<Set<string>> {
  return storeGroups(query, groups, { perhapsStored, trackedSystemIds, aheadMs: store.aheadMs() });
}

async function rejectLate(flushed: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StoreUnavailableError("Jobyard's store did not respond in time.")), closeWithinMs).unref();
  await Promise.race([flushed, late]).finally(() => clearTimeout(timer));
}

import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, isBadRow } from '../store/database-error.ts';
import { type Query, type Store, StoreUnavailableError, type Transaction } from '../store/store.ts';
import { type EventGroup, groupEvents, storeGroups } from './event-groups.ts';
import { countEvents, createEventQueue, type EventQueue } from './event-queue.ts';
import type { NewJobEvent } from './job-event.ts';

/** Brings events into the store in the background. */
export interface EventWriter {
  /** Takes them and returns at once. While the store can't be reached, the newest are dropped beyond 100,000, and the log says so. */
  write(events: readonly NewJobEvent[]): void;
  /** Stores them as part of the transaction. */
  writeWithin(transaction: Transaction, events: readonly NewJobEvent[]): Promise<void>;
  /** When all that was taken before is stored, other than groups that the database alone refuses. Rejects with StoreUnavailable where it can't be. */
  flush(): Promise<void>;
  /** Events that are not stored yet. */
  waitingCount(): number;
  /** Events that are not stored and never will be, since the start. The audit log has each. */
  lostCounts(): LostCounts;
  /** Stores what still waits, for at most 5 seconds. */
  close(): Promise<void>;
}

export interface LostCounts {
  /** The database never takes a row like theirs: a value in it is bad (SQLSTATE classes 22 and 23). */
  setAside: number;
  /** The store was away for so long that they had no room to wait, or until the process ended. */
  dropped: number;
}

export interface EventWriterOptions {
  store: Store;
  /** Systems whose jobs can be read in the background. */
  followedSystemIds: readonly string[];
  /** Told of the systems of stored actions whose end is still to be seen. */
  onOpened(systemIds: ReadonlySet<string>): void;
  logger: Logger;
}

/** The systems of one mutation end at different times, and a statement costs more than what is in it. A reader does not wait for it. */
const gatherMs = 50;
const maxInStatement = 2_000;
const maxWaiting = 100_000;
const backoff = { firstMs: 1_000, maxMs: 30_000 };
const closeWithinMs = 5_000;

export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { onOpened, logger } = options;
  const queue = createEventQueue(maxInStatement);
  const lost: LostCounts = { setAside: 0, dropped: 0 };
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let retry = 1;

  const drain = (): Promise<void> => {
    draining ??= storeWaiting(queue, options, (events) => {
      lost.setAside += events;
    })
      .then(() => {
        if (queue.hasParked()) drainLater(nextRetryMs());
        else retry = 1;
      })
      .finally(() => {
        draining = null;
      });
    return draining;
  };
  const nextRetryMs = (): number => {
    const ms = backoffMs(retry, backoff);
    retry += 1;
    return ms;
  };
  const drainLater = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      queue.unpark();
      drain().catch((error: unknown) => {
        const retryMs = nextRetryMs();
        logger.warn({ err: error, waiting: queue.countEvents(), retryMs }, 'job events wait for the store');
        drainLater(retryMs);
      });
    }, afterMs).unref();
  };
  const stopTimer = (): void => {
    if (timer) clearTimeout(timer);
  };
  const flush = async (): Promise<void> => {
    // A drain that is just ending may not have seen the last of them.
    while (queue.hasWaiting()) await drain();
  };

  return {
    write(events) {
      const taken = Math.min(events.length, maxWaiting - queue.countEvents());
      queue.push(groupEvents(events.slice(0, taken)));
      if (taken < events.length) {
        lost.dropped += events.length - taken;
        logger.error({ dropped: events.length - taken }, 'job events dropped: the store has been away too long');
      }
      if (taken > 0) drainLater(gatherMs);
    },
    async writeWithin({ query, afterCommit }, events) {
      if (events.length === 0) return;
      const opened = await storeIn(query, groupEvents(events), false, options);
      if (opened.size > 0) afterCommit(() => onOpened(opened));
    },
    flush,
    waitingCount: queue.countEvents,
    lostCounts: () => ({ ...lost }),
    async close() {
      stopTimer();
      queue.unpark();
      await flushInTime(flush).catch((error: unknown) => {
        logger.error({ err: error, lost: queue.countEvents() }, "job events lost: the store can't be reached");
      });
      lost.dropped += queue.countEvents();
      // Drained after that: the timer of a group that is parked.
      stopTimer();
    },
  };
}

/** Stores what waits, statement by statement. Throws StoreUnavailable if nothing can be stored now. */
async function storeWaiting(queue: EventQueue, options: EventWriterOptions, onSetAside: (events: number) => void): Promise<void> {
  const { store, onOpened, logger } = options;
  let mayPark = true;
  for (let portion = queue.begin(); portion; portion = queue.begin()) {
    const { groups, perhapsStored } = portion;
    const stored = await storeIn(store.query, groups, perhapsStored > 0, options).catch((error: unknown) => ({ error }));
    if (!('error' in stored)) {
      queue.finish(portion);
      mayPark = true;
      if (stored.size > 0) onOpened(stored);
      continue;
    }
    const { error } = stored;
    const next = decideRefused(error, groups.length, mayPark);
    queue.giveBack(portion, next !== 'away');
    if (next === 'away') throw error;
    if (next === 'halve') continue;
    logRefused(logger, groups, error, next);
    if (next === 'giveUp') {
      throw new StoreUnavailableError('The store does not take the job events.', { detail: describeDatabaseError(error) });
    }
    if (next === 'park') {
      queue.park(portion);
      mayPark = false;
    } else {
      onSetAside(countEvents(groups));
      queue.finish(portion);
    }
  }
}

function storeIn(
  query: Query,
  groups: readonly EventGroup[],
  perhapsStored: boolean,
  { store, followedSystemIds }: EventWriterOptions,
): Promise<Set<string>> {
  return storeGroups(query, groups, { perhapsStored, followedSystemIds, aheadMs: store.aheadMs() });
}

/**
 * What becomes of groups that could not be stored. Pure.
 * - `away`: the store can't be reached.
 * - `halve`: one of them, or their number, is in the way.
 * - `setAside`: the database never takes the group.
 * - `park`: the database does not take the group now; it does not hold up the others. `mayPark`: some have been stored since one was parked.
 * - `giveUp`: the group before was refused, too, so it is not this one's fault.
 */
export function decideRefused(error: unknown, groupCount: number, mayPark: boolean): 'away' | 'halve' | 'setAside' | 'park' | 'giveUp' {
  if (error instanceof StoreUnavailableError) return 'away';
  if (groupCount > 1) return 'halve';
  if (isBadRow(error)) return 'setAside';
  return mayPark ? 'park' : 'giveUp';
}

function logRefused(logger: Logger, groups: readonly EventGroup[], error: unknown, next: 'setAside' | 'park' | 'giveUp'): void {
  const message =
    next === 'setAside'
      ? 'job events not stored: the database does not take a value of theirs'
      : 'job events not stored, and tried again later';
  for (const group of groups) logger.error({ err: error, ...identityOf(group) }, message);
}

async function flushInTime(flush: () => Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StoreUnavailableError('The store took too long.')), closeWithinMs).unref();
  await Promise.race([flush(), late]).finally(() => clearTimeout(timer));
}

/** What finds them in the audit's file, which has the rest. */
function identityOf({ first, jobIds }: EventGroup): object {
  const { actionId, action } = first.batch;
  return { actionId, jobIds, action, outcome: first.result.outcome };
}

import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, isBadRow } from '../store/database-error.ts';
import { type Query, type Store, StoreUnavailableError } from '../store/store.ts';
import { type EventGroup, groupEvents, storeGroups } from './event-groups.ts';
import type { NewJobEvent } from './job-event.ts';

/** Brings events into the store in the background. */
export interface EventWriter {
  /** Takes them and returns at once. While the store can't be reached, the newest are dropped beyond 100,000, and the log says so. */
  write(events: readonly NewJobEvent[]): void;
  /** Stores them in the transaction that `query` belongs to. What it gives back is to be called when that is done. */
  writeWithin(query: Query, events: readonly NewJobEvent[]): Promise<() => void>;
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

export function createEventWriter({ store, followedSystemIds, onOpened, logger }: EventWriterOptions): EventWriter {
  const waiting: EventGroup[] = [];
  /** Groups that the database alone refused, for a reason that may pass: the others don't wait for them. */
  let parked: EventGroup[] = [];
  const lost: LostCounts = { setAside: 0, dropped: 0 };
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let retry = 1;
  /** How many of the first groups that wait may have been stored by a statement whose answer was lost. */
  let perhapsStored = 0;
  /** Fewer after a failure: what is too much at once goes in parts, and one that is refused is found by halves. */
  let most = maxInStatement;

  /** What becomes of groups that could not be stored. Throws StoreUnavailable where nothing can be stored now. */
  const onRefused = (groups: readonly EventGroup[], error: unknown, isFirstParked: boolean): 'halve' | 'setAside' | 'park' => {
    if (error instanceof StoreUnavailableError) throw error;
    if (groups.length > 1) return 'halve';
    const [group] = groups as [EventGroup];
    if (isBadRow(error)) {
      logger.error({ err: error, ...identityOf(group) }, 'job events not stored: the database does not take a value of theirs');
      return 'setAside';
    }
    logger.error({ err: error, ...identityOf(group) }, 'job events not stored, and tried again later');
    if (isFirstParked) return 'park';
    // Not this group's fault: the next one is refused, too.
    throw new StoreUnavailableError('The store does not take the job events.', { detail: describeDatabaseError(error) });
  };

  const drain = (): Promise<void> => {
    draining ??= (async () => {
      let isFirstParked = true;
      while (waiting.length > 0) {
        const perhapsBefore = perhapsStored;
        const groups = takeFirst(perhapsBefore > 0 ? waiting.slice(0, perhapsBefore) : waiting, most);
        perhapsStored = Math.max(perhapsBefore, groups.length);
        let opened = new Set<string>();
        try {
          opened = await storeGroups(store.query, groups, {
            perhapsStored: perhapsBefore > 0,
            followedSystemIds,
            aheadMs: store.aheadMs(),
          });
          isFirstParked = true;
        } catch (error) {
          most = Math.ceil(countEvents(groups) / 2);
          // It has answered: nothing of them is stored.
          if (!(error instanceof StoreUnavailableError)) perhapsStored = perhapsBefore;
          const next = onRefused(groups, error, isFirstParked);
          if (next === 'halve') continue;
          if (next === 'park') {
            parked.push(...groups);
            isFirstParked = false;
          } else lost.setAside += countEvents(groups);
        }
        most = Math.min(2 * most, maxInStatement);
        perhapsStored = Math.max(0, perhapsBefore - groups.length);
        waiting.splice(0, groups.length);
        if (opened.size > 0) onOpened(opened);
      }
      if (parked.length === 0) retry = 1;
      else drainLater(nextRetryMs());
    })().finally(() => {
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
      waiting.push(...parked);
      parked = [];
      drain().catch((error: unknown) => {
        logger.warn({ err: error, waiting: waitingCount(), retryMs: backoffMs(retry, backoff) }, 'job events wait for the store');
        drainLater(nextRetryMs());
      });
    }, afterMs).unref();
  };

  const waitingCount = (): number => countEvents(waiting) + countEvents(parked);

  const flush = async (): Promise<void> => {
    // A drain that is just ending may not have seen the last of them.
    while (waiting.length > 0) await drain();
  };

  return {
    write(events) {
      const taken = Math.min(events.length, maxWaiting - waitingCount());
      for (const group of groupEvents(events.slice(0, taken))) waiting.push(group);
      if (taken < events.length) {
        lost.dropped += events.length - taken;
        logger.error({ dropped: events.length - taken }, 'job events dropped: the store has been away too long');
      }
      if (taken > 0) drainLater(gatherMs);
    },
    async writeWithin(query, events) {
      if (events.length === 0) return () => {};
      const opened = await storeGroups(query, groupEvents(events), { perhapsStored: false, followedSystemIds, aheadMs: store.aheadMs() });
      return () => {
        if (opened.size > 0) onOpened(opened);
      };
    },
    flush,
    waitingCount,
    lostCounts: () => ({ ...lost }),
    async close() {
      if (timer) clearTimeout(timer);
      waiting.push(...parked);
      parked = [];
      if (waiting.length === 0) return;
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new StoreUnavailableError('The store took too long.')), closeWithinMs).unref();
      });
      await Promise.race([flush(), late]).catch((error: unknown) => {
        logger.error({ err: error, lost: waitingCount() }, "job events lost: the store can't be reached");
      });
      lost.dropped += waitingCount();
      // Drained after that: the timer of a group that is parked.
      if (timer) clearTimeout(timer);
    },
  };
}

function countEvents(groups: readonly EventGroup[]): number {
  return groups.reduce((sum, { jobIds }) => sum + jobIds.length, 0);
}

/** The first groups that have at most so many events together; one at least. */
function takeFirst(groups: readonly EventGroup[], most: number): EventGroup[] {
  let events = 0;
  const end = groups.findIndex(({ jobIds }) => {
    events += jobIds.length;
    return events > most;
  });
  return groups.slice(0, end < 0 ? groups.length : Math.max(end, 1));
}

/** What finds them in the audit's file, which has the rest. */
function identityOf({ first, jobIds }: EventGroup): object {
  const { actionId, action } = first.batch;
  return { actionId, jobIds, action, settledAs: first.outcome.settledAs };
}

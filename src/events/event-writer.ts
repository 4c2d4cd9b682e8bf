import type { Logger } from 'pino';
import { type Query, type Store, StoreUnavailable } from '../store/store.ts';
import { type EventGroup, groupEvents, storeGroups } from './event-groups.ts';
import type { NewJobEvent } from './job-event.ts';

/** Brings events into the store in the background. */
export interface EventWriter {
  /** Takes them and returns at once. While the store can't be reached, the newest are dropped beyond 100,000, and the log says so. */
  write(events: readonly NewJobEvent[]): void;
  /** Stores them in the transaction that `query` belongs to. What it gives back is to be called when that is done. */
  writeWithin(query: Query, events: readonly NewJobEvent[]): Promise<() => void>;
  /** When all that was taken before is stored. Rejects with StoreUnavailable where it can't be. */
  flush(): Promise<void>;
  /** Stores what still waits, for at most 5 seconds. */
  close(): Promise<void>;
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
const mostInStatement = 2_000;
const mostWaiting = 100_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
const closeWithinMs = 5_000;

export function createEventWriter({ store, followedSystemIds, onOpened, logger }: EventWriterOptions): EventWriter {
  const waiting: EventGroup[] = [];
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let retryMs = firstRetryMs;
  /** How many of the first groups that wait may have been stored by a statement whose answer was lost. */
  let perhapsStored = 0;
  /** Fewer after a failure: what is too much at once goes in parts, and one that is refused is found by halves. */
  let most = mostInStatement;

  const drain = (): Promise<void> => {
    draining ??= (async () => {
      while (waiting.length > 0) {
        const perhapsBefore = perhapsStored;
        const groups = takeFirst(perhapsBefore > 0 ? waiting.slice(0, perhapsBefore) : waiting, most);
        perhapsStored = Math.max(perhapsBefore, groups.length);
        const opened = await storeGroups(store.query, groups, { perhapsStored: perhapsBefore > 0, followedSystemIds }).catch(
          (error: unknown) => {
            if (error instanceof StoreUnavailable) {
              most = Math.ceil(countEvents(groups) / 2);
              throw error;
            }
            if (groups.length > 1) return null;
            // It would stand in the way of all that come after it.
            logger.error({ err: error, ...identityOf(groups[0] as EventGroup) }, 'job events not stored');
            return new Set<string>();
          },
        );
        if (opened === null) {
          perhapsStored = perhapsBefore;
          most = Math.ceil(countEvents(groups) / 2);
          continue;
        }
        most = Math.min(2 * most, mostInStatement);
        perhapsStored = Math.max(0, perhapsBefore - groups.length);
        waiting.splice(0, groups.length);
        if (opened.size > 0) onOpened(opened);
      }
      retryMs = firstRetryMs;
    })().finally(() => {
      draining = null;
    });
    return draining;
  };

  const drainLater = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      drain().catch((error: unknown) => {
        logger.warn({ err: error, waiting: countEvents(waiting), retryMs }, 'job events wait for the store');
        drainLater(retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      });
    }, afterMs).unref();
  };

  const flush = async (): Promise<void> => {
    // A drain that is just ending may not have seen the last of them.
    while (waiting.length > 0) await drain();
  };

  return {
    write(events) {
      const taken = Math.min(events.length, mostWaiting - countEvents(waiting));
      for (const group of groupEvents(events.slice(0, taken))) waiting.push(group);
      if (taken < events.length) logger.error({ dropped: events.length - taken }, 'job events dropped: the store has been away too long');
      if (taken > 0) drainLater(gatherMs);
    },
    async writeWithin(query, events) {
      if (events.length === 0) return () => {};
      const opened = await storeGroups(query, groupEvents(events), { perhapsStored: false, followedSystemIds });
      return () => {
        if (opened.size > 0) onOpened(opened);
      };
    },
    flush,
    async close() {
      if (timer) clearTimeout(timer);
      if (waiting.length === 0) return;
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(() => reject(new StoreUnavailable('The store took too long.')), closeWithinMs).unref();
      });
      await Promise.race([flush(), late]).catch((error: unknown) => {
        logger.error({ err: error, lost: countEvents(waiting) }, "job events lost: the store can't be reached");
      });
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
  const { batchId, action } = first.batch;
  return { batchId, jobIds, action, settledAs: first.outcome.settledAs };
}

import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, isBadRow } from '../store/database-error.ts';
import { StoreUnavailableError } from '../store/store.ts';
import type { EventGroup } from './event-groups.ts';
import type { EventQueue } from './event-queue.ts';

/** Stores the groups of a queue in the background, statement by statement. */
export interface EventDrain {
  /** Starts storing after this time, unless an earlier start is planned. Retries until the queue is empty. */
  drainLater(afterMs: number): void;
  /** Resolves when no group waits, other than parked ones. Rejects with StoreUnavailableError if they can't be stored. */
  flush(): Promise<void>;
  /** Plans no more starts. */
  stop(): void;
}

export interface EventDrainOptions {
  queue: EventQueue;
  /** `perhapsStored`: whether an earlier statement may have stored some of these groups. */
  storeGroups(groups: readonly EventGroup[], perhapsStored: boolean): Promise<void>;
  /** The database never accepts these groups. */
  onSetAside(groups: readonly EventGroup[]): void;
  logger: Logger;
}

const backoff = { firstMs: 1_000, maxMs: 30_000 };

export function createEventDrain(options: EventDrainOptions): EventDrain {
  const { queue, logger } = options;
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let retry = 1;

  const nextRetryMs = (): number => {
    const ms = backoffMs(retry, backoff);
    retry += 1;
    return ms;
  };
  const drain = (): Promise<void> => {
    draining ??= storeWaiting(options)
      .then(() => {
        if (queue.hasParked()) drainLater(nextRetryMs());
        else retry = 1;
      })
      .finally(() => {
        draining = null;
      });
    return draining;
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

  return {
    drainLater,
    async flush() {
      // A drain that is about to end may have missed the last groups.
      while (queue.hasWaiting()) await drain();
    },
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}

/** Stores what waits. Throws StoreUnavailableError if nothing can be stored now. */
async function storeWaiting({ queue, storeGroups, onSetAside, logger }: EventDrainOptions): Promise<void> {
  let canPark = true;
  for (let statement = queue.begin(); statement; statement = queue.begin()) {
    const { groups, perhapsStored } = statement;
    const failure = await storeGroups(groups, perhapsStored > 0).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    if (!failure) {
      queue.finish(statement);
      canPark = true;
      continue;
    }
    const { error } = failure;
    const next = decideRejected(error, groups.length, canPark);
    queue.giveBack(statement, next !== 'away');
    if (next === 'away') throw error;
    if (next === 'halve') continue;
    logRejected(logger, groups, error, next);
    if (next === 'giveUp') {
      throw new StoreUnavailableError('The store rejects job events.', { detail: describeDatabaseError(error) });
    }
    if (next === 'park') {
      queue.park(statement);
      canPark = false;
    } else {
      onSetAside(groups);
      queue.finish(statement);
    }
  }
}

/**
 * Decides what to do with groups that could not be stored. Pure.
 * - `away`: the store is unavailable.
 * - `halve`: one of the groups, or their number, is the reason. Find it by halves.
 * - `setAside`: the database never accepts the group.
 * - `park`: the database doesn't accept the group now; the others don't wait for it. `canPark`: some were stored since the last was parked.
 * - `giveUp`: the database also rejected the group before, so this one isn't the reason.
 */
export function decideRejected(error: unknown, groupCount: number, canPark: boolean): 'away' | 'halve' | 'setAside' | 'park' | 'giveUp' {
  if (error instanceof StoreUnavailableError) return 'away';
  if (groupCount > 1) return 'halve';
  if (isBadRow(error)) return 'setAside';
  return canPark ? 'park' : 'giveUp';
}

function logRejected(logger: Logger, groups: readonly EventGroup[], error: unknown, next: 'setAside' | 'park' | 'giveUp'): void {
  const message =
    next === 'setAside' ? 'job events not stored: the database rejects one of their values' : 'job events not stored yet: will be retried';
  for (const group of groups) logger.error({ err: error, ...identityOf(group) }, message);
}

/** Identifies the events in the audit log, which has the rest. */
function identityOf({ first, jobIds }: EventGroup): object {
  const { actionId, action } = first.batch;
  return { actionId, jobIds, action, outcome: first.result.outcome };
}

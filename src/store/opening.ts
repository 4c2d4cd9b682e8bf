import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, faultOf } from './database-error.ts';
import { StoreUnavailableError } from './store.ts';
import type { UnusableStoreError } from './unusable.ts';

/** Opens a store in the background: at the start or with its first use, and again after its database has ended. */
export interface Opening {
  /** Resolves once the store has been open. */
  firstOpened: Promise<void>;
  /** Opens it, unless that has begun. Resolves once the first attempt is over, whatever came of it. */
  resume(): Promise<void>;
  /** Opens it, unless that has begun, and waits. Throws StoreUnavailable if it is not open in time, or closed. */
  whenOpen(): Promise<void>;
  /** The database has ended. */
  openAgain(error: Error): void;
  isClosed(): boolean;
  /** Begins no further attempt; resolves when the one under way is over. */
  close(): Promise<void>;
}

export interface OpeningOptions {
  /** Throws if the store can't be opened now. */
  attempt(): Promise<void>;
  /** How long `whenOpen` waits. */
  timeoutMs: number;
  /** What an operator must mend before the store can be opened; null: another attempt may do. */
  toUnusable(error: unknown): UnusableStoreError | null;
  /** Called if `resume` finds that it can't be opened until an operator acts. What is met later is retried. */
  onUnusable(error: UnusableStoreError): void;
  logger: Logger;
}

const openingBackoff = { firstMs: 250, maxMs: 10_000 };

/** Opens nothing yet. An attempt that failed is made again until one succeeds. */
export function createOpening({ attempt, timeoutMs, toUnusable, onUnusable, logger }: OpeningOptions): Opening {
  const closing = new AbortController();
  const firstOpened = Promise.withResolvers<void>();
  const firstAttempt = Promise.withResolvers<void>();
  let opening: Promise<void> | null = null;
  let isOpen = false;
  let wasOpen = false;
  /** Whether it is opened by the start of the process, and not by its first use. */
  let isStart = false;
  let lastFailure = 'it is being opened';

  const onOpen = (): void => {
    isOpen = true;
    wasOpen = true;
    firstAttempt.resolve();
    firstOpened.resolve();
  };
  const onFailure = (error: unknown): void => {
    lastFailure = describeDatabaseError(error);
    logger.error({ reason: lastFailure, ...(faultOf(error) === 'bug' && { err: error }) }, 'store: not open yet');
    const unusable = isStart && !wasOpen ? toUnusable(error) : null;
    if (unusable) onUnusable(unusable);
    firstAttempt.resolve();
  };
  const open = (): Promise<void> => openUntilDone({ attempt, onOpen, onFailure, closing: closing.signal, logger });

  return {
    firstOpened: firstOpened.promise,
    async resume() {
      isStart ||= !opening;
      opening ??= open();
      await firstAttempt.promise;
    },
    async whenOpen() {
      if (closing.signal.aborted) throw new StoreUnavailableError('The store is closed.');
      if (isOpen) return;
      opening ??= open();
      await inTime(opening, timeoutMs);
      if (!isOpen) throw new StoreUnavailableError('The store is not available.', { detail: lastFailure });
    },
    openAgain(error) {
      // What is being opened fails with the same.
      if (!isOpen) return;
      logger.error({ reason: describeDatabaseError(error) }, 'store: ended, is started again');
      isOpen = false;
      opening = open();
    },
    isClosed: () => closing.signal.aborted,
    async close() {
      closing.abort();
      firstAttempt.resolve();
      await opening;
    },
  };
}

interface Attempts {
  attempt(): Promise<void>;
  onOpen(): void;
  onFailure(error: unknown): void;
  closing: AbortSignal;
  logger: Logger;
}

async function openUntilDone({ attempt, onOpen, onFailure, closing, logger }: Attempts): Promise<void> {
  const startedAtMs = performance.now();
  for (let retry = 1; !closing.aborted; retry += 1) {
    try {
      await attempt();
      onOpen();
      logger.info({ durationMs: Math.round(performance.now() - startedAtMs) }, 'store: open');
      return;
    } catch (error) {
      if (closing.aborted) return;
      onFailure(error);
      await wait(backoffMs(retry, openingBackoff), null, { signal: closing }).catch(() => {});
    }
  }
}

async function inTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, wait(timeoutMs, null, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

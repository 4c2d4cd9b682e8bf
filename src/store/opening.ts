import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from '../concurrency/backoff.ts';
import { describeDatabaseError, faultOf } from './database-error.ts';
import { StoreUnavailableError, storeUnavailable } from './store.ts';
import type { UnusableStoreError } from './unusable.ts';

/** Opens a store in the background: at startup or at its first use, and again after its database has ended. */
export interface Opening {
  /** Resolves when the store is open for the first time. */
  firstOpened: Promise<void>;
  /** Starts opening the store, unless that has started. Resolves when the first attempt has ended, successfully or not. */
  resume(): Promise<void>;
  /** Starts opening the store, unless that has started, and waits. Throws StoreUnavailableError if it is not open in time, or closed. */
  whenOpen(): Promise<void>;
  /** Call it when the database has ended. */
  openAgain(error: Error): void;
  isClosed(): boolean;
  /** Starts no more attempts; resolves when the current one has ended. */
  close(): Promise<void>;
}

export interface OpeningOptions {
  /** Throws if the store can't be opened now. */
  attempt(): Promise<void>;
  /** How long `whenOpen` waits. */
  timeoutMs: number;
  /** The error if an operator must act before the store can be opened; null: another attempt may succeed. */
  toUnusable(error: unknown): UnusableStoreError | null;
  /** Called if the store can't be opened at startup until an operator acts. Later failures are retried. */
  onUnusable(error: UnusableStoreError): void;
  logger: Logger;
}

const openingBackoff = { firstMs: 250, maxMs: 10_000 };

/** Doesn't open the store yet. Failed attempts are retried until one succeeds. */
export function createOpening({ attempt, timeoutMs, toUnusable, onUnusable, logger }: OpeningOptions): Opening {
  const closing = new AbortController();
  const firstOpened = Promise.withResolvers<void>();
  const firstAttempt = Promise.withResolvers<void>();
  let opening: Promise<void> | null = null;
  let isOpen = false;
  let wasOpen = false;
  /** Whether startup opens the store, not its first use. */
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
      if (!isOpen) throw new StoreUnavailableError(storeUnavailable, { detail: lastFailure });
    },
    openAgain(error) {
      // The attempt in progress fails with the same error.
      if (!isOpen) return;
      logger.error({ reason: describeDatabaseError(error) }, 'store: database ended, restarting it');
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

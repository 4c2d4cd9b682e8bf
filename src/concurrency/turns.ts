import { createTurnQueue } from './turn-queue.ts';

/**
 * The time of the event loop, shared between callers. Work that takes milliseconds (a document, a vendor's answer, the rows of a page) takes a turn before it
 * begins. After each slice of some milliseconds the process looks after input and output, so that no caller waits long for another with much work.
 */
export interface Turns {
  /**
   * Null: begin now. Otherwise resolves when the turn has come. Of all callers that wait, the one whose turns have taken the least time goes first; a caller's
   * own turns of one size keep their order. Where small and large ones wait, each size takes half of the time: a small request does not wait for the large ones of
   * fifty other callers.
   */
  take(caller: string, size?: TurnSize): Promise<void> | null;
  /** A connection has come in. Node takes in one per round of the event loop: the next slice begins after a round without one, or some rounds later. */
  noteConnection(): void;
}

/** Small: work of a millisecond, as far as can be seen before it begins. */
export type TurnSize = 'small' | 'large';

/** Work begins for so long before input and output are looked after. */
const sliceMs = 10;
/** How far ahead a caller begins that wanted nothing lately: it goes before most of those that have waited in turn. */
const headStartMs = 2 * sliceMs;
/** A stream of new connections holds work up for no more rounds. */
const maxRoundsForConnections = 64;

/** A body or message up to this length is worth a small turn. */
const maxSmallText = 4_000;

/** The size of the turn in which a text of a caller's is parsed and begun. */
export function turnSizeOf(bytes: number): TurnSize {
  return bytes <= maxSmallText ? 'small' : 'large';
}

/** The turns of both sizes that wait. */
interface TurnQueues {
  isEmpty(): boolean;
  join(size: TurnSize, caller: string, begin: () => void): void;
  /** Begins the next turn. What it gives back is to be told how long that took. */
  callNext(): (tookMs: number) => void;
  /** Forgets what callers have used who want nothing more. */
  forget(): void;
}

/** Where turns of both sizes wait, each size gets half of the time. */
function createQueues(): TurnQueues {
  const small = createTurnQueue(headStartMs);
  const large = createTurnQueue(headStartMs);
  /** How much more time small turns have had than large ones since both wait. */
  let smallAheadMs = 0;

  const chooseSize = (): TurnSize => {
    const isSmallWaiting = small.waitingCount() > 0;
    if (isSmallWaiting && large.waitingCount() > 0) return smallAheadMs <= 0 ? 'small' : 'large';
    smallAheadMs = 0;
    return isSmallWaiting ? 'small' : 'large';
  };

  return {
    isEmpty: () => small.waitingCount() === 0 && large.waitingCount() === 0,
    join: (size, caller, begin) => (size === 'small' ? small : large).join(caller, begin),
    callNext() {
      const size = chooseSize();
      const charge = (size === 'small' ? small : large).callNext();
      return (tookMs) => {
        charge(tookMs);
        smallAheadMs += size === 'small' ? tookMs : -tookMs;
      };
    },
    forget() {
      small.forget();
      large.forget();
    },
  };
}

/** `nowMs`: not the time that this process used: others wait by the clock. */
export function createTurns(nowMs: () => number = () => performance.now()): Turns {
  const queues = createQueues();
  /** Since when work has begun in this round; null: none has. */
  let sliceStartedAtMs: number | null = null;
  let hasConnection = false;
  let roundsForConnections = 0;

  const hasTime = (): boolean => sliceStartedAtMs !== null && nowMs() - sliceStartedAtMs < sliceMs;
  const beginSlice = (): void => {
    sliceStartedAtMs = nowMs();
    setImmediate(endSlice);
  };
  const endSlice = (): void => {
    sliceStartedAtMs = null;
    if (queues.isEmpty()) {
      queues.forget();
      return;
    }
    beginSlice();
    if (hasConnection && roundsForConnections < maxRoundsForConnections) {
      hasConnection = false;
      roundsForConnections += 1;
      return;
    }
    hasConnection = false;
    roundsForConnections = 0;
    callNext();
  };
  const callNext = (): void => {
    if (queues.isEmpty()) return;
    const startedAtMs = nowMs();
    const charge = queues.callNext();
    // When what it led to has been done, as far as it waits for nothing.
    queueMicrotask(() =>
      process.nextTick(() => {
        charge(nowMs() - startedAtMs);
        if (hasTime()) callNext();
      }),
    );
  };

  return {
    take(caller, size = 'large') {
      if (queues.isEmpty()) {
        if (sliceStartedAtMs === null) {
          beginSlice();
          return null;
        }
        if (hasTime()) return null;
      }
      return new Promise((resolve) => queues.join(size, caller, resolve));
    },
    noteConnection() {
      hasConnection = true;
    },
  };
}

/** Those of this process, which has one event loop. */
export const turns: Turns = createTurns();

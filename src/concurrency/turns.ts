import { createTurnQueue } from './turn-queue.ts';

/**
 * The time of the event loop, shared between callers. Work that takes milliseconds (a document, a vendor's response, the rows of a page) takes a
 * turn before it begins. After each slice of 10 milliseconds, the process handles I/O, so that no caller waits long for another one's work.
 */
export interface Turns {
  /**
   * Null: begin now. Otherwise resolves when it is this turn's time. Of all waiting callers, the one whose turns have taken the least time goes
   * first; a caller's own turns of one size keep their order. If small and large turns wait, each size gets half of the time, so that a small
   * request doesn't wait for the large requests of 50 other callers.
   */
  take(caller: string, size?: TurnSize): Promise<void> | null;
  /** Call it for each new connection. Node accepts one per round of the event loop: the next slice begins after a round without one, or after 64 rounds. */
  noteConnection(): void;
}

/** Small: about a millisecond of work, as estimated before it begins. */
export type TurnSize = 'small' | 'large';

/** How long work may begin before I/O is handled. */
const sliceMs = 10;
/** The head start of a caller that had no recent turns: it goes before most waiting callers. */
const headStartMs = 2 * sliceMs;
/** New connections delay work for at most this many rounds. */
const maxRoundsForConnections = 64;

/** The maximum length of a body or message for a small turn. */
const maxSmallText = 4_000;

/** The size of the turn in which a caller's text is parsed and its work begins. */
export function turnSizeOf(bytes: number): TurnSize {
  return bytes <= maxSmallText ? 'small' : 'large';
}

/** The waiting turns of both sizes. */
interface TurnQueues {
  isEmpty(): boolean;
  join(size: TurnSize, caller: string, begin: () => void): void;
  /** Begins the next turn. Call the returned function with the time that the turn took. */
  callNext(): (tookMs: number) => void;
  /** Discards the used time of callers that no longer wait. */
  forget(): void;
}

/** If turns of both sizes wait, each size gets half of the time. */
function createQueues(): TurnQueues {
  const small = createTurnQueue(headStartMs);
  const large = createTurnQueue(headStartMs);
  /** How much more time small turns than large ones have had since both wait. */
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

/** `nowMs`: wall-clock time, not CPU time, because callers wait by the clock. */
export function createTurns(nowMs: () => number = () => performance.now()): Turns {
  const queues = createQueues();
  /** When the first work of this round began; null: none has. */
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
    // After the synchronous work of the turn and its microtasks.
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

/** The turns of this process, which has one event loop. */
export const turns: Turns = createTurns();

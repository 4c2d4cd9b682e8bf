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

/** A caller that waits, or has lately had turns. */
interface Line {
  waiting: (() => void)[];
  /** The time that its turns have taken, in ms. It begins with what the turns of each caller have taken by then. */
  usedMs: number;
}

/** The turns of one size that wait. */
interface Queue {
  waitingCount(): number;
  join(caller: string, begin: () => void): void;
  /** Begins the next turn. What it gives back is to be told how long that took. */
  callNext(): (tookMs: number) => void;
  /** Forgets what callers have used who want nothing more. */
  forget(): void;
}

function createQueue(): Queue {
  const lines = new Map<string, Line>();
  let waitingCount = 0;
  /** What the turns of a caller have taken that has waited all the time. */
  let servedMs = 0;

  const findNext = (): Line => {
    let next: Line | null = null;
    for (const [caller, line] of lines) {
      if (line.waiting.length === 0) {
        // A caller that is new begins with as little.
        if (line.usedMs <= servedMs - headStartMs) lines.delete(caller);
      } else if (!next || line.usedMs < next.usedMs) next = line;
    }
    if (!next) throw new Error('No turn waits');
    return next;
  };

  return {
    waitingCount: () => waitingCount,
    join(caller, begin) {
      const least = servedMs - headStartMs;
      const line = lines.get(caller) ?? { waiting: [], usedMs: least };
      // Time in which it wanted nothing is not saved up.
      if (line.waiting.length === 0) line.usedMs = Math.max(line.usedMs, least);
      lines.set(caller, line);
      line.waiting.push(begin);
      waitingCount += 1;
    },
    callNext() {
      const line = findNext();
      servedMs = Math.max(servedMs, line.usedMs);
      waitingCount -= 1;
      line.waiting.shift()?.();
      return (tookMs) => {
        line.usedMs += tookMs;
        servedMs += tookMs / Math.max(1, lines.size);
      };
    },
    forget: () => lines.clear(),
  };
}

/** `nowMs`: not the time that this process used: others wait by the clock. */
export function createTurns(nowMs: () => number = () => performance.now()): Turns {
  const queues = { small: createQueue(), large: createQueue() };
  /** How much more time small turns have had than large ones since both wait. */
  let smallAheadMs = 0;
  /** Since when work has begun in this round; null: none has. */
  let sliceStartedAtMs: number | null = null;
  let hasConnection = false;
  let roundsForConnections = 0;

  const hasTime = (): boolean => sliceStartedAtMs !== null && nowMs() - sliceStartedAtMs < sliceMs;
  const isNobodyWaiting = (): boolean => queues.small.waitingCount() === 0 && queues.large.waitingCount() === 0;
  const beginSlice = (): void => {
    sliceStartedAtMs = nowMs();
    setImmediate(endSlice);
  };
  const endSlice = (): void => {
    sliceStartedAtMs = null;
    if (isNobodyWaiting()) {
      queues.small.forget();
      queues.large.forget();
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
  const chooseSize = (): TurnSize => {
    const isSmallWaiting = queues.small.waitingCount() > 0;
    if (isSmallWaiting && queues.large.waitingCount() > 0) return smallAheadMs <= 0 ? 'small' : 'large';
    smallAheadMs = 0;
    return isSmallWaiting ? 'small' : 'large';
  };
  const callNext = (): void => {
    if (isNobodyWaiting()) return;
    const size = chooseSize();
    const startedAtMs = nowMs();
    const charge = queues[size].callNext();
    // When what it led to has been done, as far as it waits for nothing.
    queueMicrotask(() =>
      process.nextTick(() => {
        const tookMs = nowMs() - startedAtMs;
        charge(tookMs);
        smallAheadMs += size === 'small' ? tookMs : -tookMs;
        if (hasTime()) callNext();
      }),
    );
  };

  return {
    take(caller, size = 'large') {
      if (isNobodyWaiting()) {
        if (sliceStartedAtMs === null) {
          beginSlice();
          return null;
        }
        if (hasTime()) return null;
      }
      return new Promise((resolve) => queues[size].join(caller, resolve));
    },
    noteConnection() {
      hasConnection = true;
    },
  };
}

/** Those of this process, which has one event loop. */
export const turns: Turns = createTurns();

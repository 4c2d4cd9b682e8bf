/**
 * The time of the event loop, shared between callers. Work that takes milliseconds (a document, a vendor's answer, the rows of a page) takes a turn before it
 * begins. After each slice of some milliseconds the process looks after input and output, so that no caller waits long for another with much work.
 */
export interface Turns {
  /**
   * Null: begin now. Otherwise resolves when the turn has come. Of all callers that wait, the one whose turns have taken the least time goes first; a caller's
   * own turns keep their order.
   */
  take(caller: string): Promise<void> | null;
  /** A connection has come in. Node takes in one per round of the event loop: the next slice begins after a round without one, or some rounds later. */
  noteConnection(): void;
}

/** Work begins for so long before input and output are looked after. */
const sliceMs = 10;
/** How far ahead a caller begins that wanted nothing lately: it goes before most of those that have waited in turn. */
const headStartMs = 2 * sliceMs;
/** A stream of new connections holds work up for no more rounds. */
const maxRoundsForConnections = 32;

/** A caller that waits, or has lately had turns. */
interface Line {
  waiting: (() => void)[];
  /** The time that its turns have taken, in ms. It begins with what the turns of each caller have taken by then. */
  usedMs: number;
}

/** `nowMs`: not the time that this process used: others wait by the clock. */
export function createTurns(nowMs: () => number = () => performance.now()): Turns {
  const lines = new Map<string, Line>();
  let waitingCount = 0;
  /** What the turns of a caller have taken that has waited all the time. */
  let servedMs = 0;
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
    if (waitingCount === 0) {
      lines.clear();
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
  const findNext = (): Line | null => {
    let next: Line | null = null;
    for (const [caller, line] of lines) {
      if (line.waiting.length === 0) {
        // A caller that is new begins with as little.
        if (line.usedMs <= servedMs - headStartMs) lines.delete(caller);
      } else if (!next || line.usedMs < next.usedMs) next = line;
    }
    return next;
  };
  const callNext = (): void => {
    const line = findNext();
    if (!line) return;
    const startedAtMs = nowMs();
    servedMs = Math.max(servedMs, line.usedMs);
    waitingCount -= 1;
    line.waiting.shift()?.();
    // When what it led to has been done, as far as it waits for nothing.
    queueMicrotask(() =>
      process.nextTick(() => {
        const tookMs = nowMs() - startedAtMs;
        line.usedMs += tookMs;
        servedMs += tookMs / Math.max(1, lines.size);
        if (hasTime()) callNext();
      }),
    );
  };
  const lineOf = (caller: string): Line => {
    const least = servedMs - headStartMs;
    const line = lines.get(caller) ?? { waiting: [], usedMs: least };
    // Time in which it wanted nothing is not saved up.
    if (line.waiting.length === 0) line.usedMs = Math.max(line.usedMs, least);
    lines.set(caller, line);
    return line;
  };

  return {
    take(caller) {
      if (waitingCount === 0) {
        if (sliceStartedAtMs === null) {
          beginSlice();
          return null;
        }
        if (hasTime()) return null;
      }
      waitingCount += 1;
      return new Promise((resolve) => void lineOf(caller).waiting.push(resolve));
    },
    noteConnection() {
      hasConnection = true;
    },
  };
}

/** Those of this process, which has one event loop. */
export const turns: Turns = createTurns();

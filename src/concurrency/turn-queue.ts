/** A caller that waits, or has lately had turns. */
interface Line {
  waiting: (() => void)[];
  /** The time that its turns have taken, in ms. It begins with what the turns of each caller have taken by then. */
  usedMs: number;
}

/** The turns of one size that wait. */
export interface TurnQueue {
  waitingCount(): number;
  join(caller: string, begin: () => void): void;
  /** Begins the next turn. What it gives back is to be told how long that took. */
  callNext(): (tookMs: number) => void;
  /** Forgets what callers have used who want nothing more. */
  forget(): void;
}

/** `headStartMs`: how far ahead a caller begins that wanted nothing lately. */
export function createTurnQueue(headStartMs: number): TurnQueue {
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

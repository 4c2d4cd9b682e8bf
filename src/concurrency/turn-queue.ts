/** A caller that waits, or recently had turns. */
interface Line {
  waiting: (() => void)[];
  /** The time that its turns have taken, in ms. Starts at the time that each caller's turns have taken by then. */
  usedMs: number;
}

/** The waiting turns of one size. */
export interface TurnQueue {
  waitingCount(): number;
  join(caller: string, begin: () => void): void;
  /** Begins the next turn. Call the returned function with the time that the turn took. */
  callNext(): (tookMs: number) => void;
  /** Discards the used time of callers that no longer wait. */
  forget(): void;
}

/** `headStartMs`: the head start of a caller that had no recent turns. */
export function createTurnQueue(headStartMs: number): TurnQueue {
  const lines = new Map<string, Line>();
  let waitingCount = 0;
  /** The time that the turns of a continuously waiting caller have taken. */
  let servedMs = 0;

  const findNext = (): Line => {
    let next: Line | null = null;
    for (const [caller, line] of lines) {
      if (line.waiting.length === 0) {
        // A new caller starts with this much.
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
      // Idle time gives no more than the head start.
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

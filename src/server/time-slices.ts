/** Processor time, shared between callers: whoever has much to do lets the others go first. */
export interface TimeSlices {
  /** Null: now. Otherwise resolves when it is the caller's turn. */
  take(callerName: string): Promise<void> | null;
}

/** How long operations and events begin one after the other until input and output are looked after again. */
const sliceMs = 10;

/** Turns by caller, one each, in the order in which they came. `nowMs` tells how much the process has worked. */
export function createTimeSlices(nowMs: () => number = processorTimeMs): TimeSlices {
  // By caller; the caller whose turn it is next comes first.
  const lines = new Map<string, (() => void)[]>();
  /** Since when this round of the event loop has been at it; null: it has not begun anything. */
  let sliceStartedAtMs: number | null = null;

  const hasTime = (): boolean => sliceStartedAtMs !== null && nowMs() - sliceStartedAtMs < sliceMs;
  const beginSlice = (): void => {
    sliceStartedAtMs = nowMs();
    setImmediate(endSlice);
  };
  const endSlice = (): void => {
    sliceStartedAtMs = null;
    if (lines.size === 0) return;
    beginSlice();
    callNext();
  };
  const callNext = (): void => {
    const [first] = lines;
    if (!first) return;
    const [name, line] = first;
    const go = line.shift();
    // To the end of the round.
    lines.delete(name);
    if (line.length > 0) lines.set(name, line);
    go?.();
    // When what it led to has been done, as far as it waits for nothing.
    queueMicrotask(() =>
      process.nextTick(() => {
        if (hasTime()) callNext();
      }),
    );
  };

  return {
    take(callerName) {
      if (lines.size === 0) {
        if (sliceStartedAtMs === null) {
          beginSlice();
          return null;
        }
        if (hasTime()) return null;
      }
      return new Promise((resolve) => {
        const line = lines.get(callerName);
        if (line) line.push(resolve);
        else lines.set(callerName, [resolve]);
      });
    },
  };
}

/** Not by the clock, which goes on where others use the processor. */
function processorTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Time for what comes back by itself. Tests bring one that they move. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Calls back once when that time has come, never at once. The function it gives back calls it off. */
  at(timeMs: number, happen: () => void): () => void;
}

/** The longest wait that Node's timers take. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: Date.now,
  at(timeMs, happen) {
    const timer = setTimeout(happen, Math.min(maxTimerMs, Math.max(0, timeMs - Date.now())));
    return () => clearTimeout(timer);
  },
};

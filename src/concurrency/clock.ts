/** The time, and timers. Tests use one that they control. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Calls `callback` once at that time, never synchronously. The returned function cancels it. */
  at(timeMs: number, callback: () => void): () => void;
}

/** The maximum delay of Node's timers. */
const maxTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: Date.now,
  at(timeMs, callback) {
    const timer = setTimeout(callback, Math.min(maxTimerMs, Math.max(0, timeMs - Date.now())));
    return () => clearTimeout(timer);
  },
};

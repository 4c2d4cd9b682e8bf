/** A sandbox's time: epoch milliseconds that move with the machine, or stand still until a test moves them. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Moves the clock forward at once; what fell due on the way happens before the next request is answered. */
  advance(ms: number): void;
}

/** A clock that starts at `startAtMs` (default: now) and goes on with real time, or stands still where `frozen`. */
export function createClock(options: { startAtMs?: number; frozen?: boolean } = {}): Clock {
  const startedAtMs = Date.now();
  let offsetMs = (options.startAtMs ?? startedAtMs) - startedAtMs;
  return {
    now: () => (options.frozen ? startedAtMs : Date.now()) + offsetMs,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock only goes forward; got ${ms} ms`);
      offsetMs += ms;
    },
  };
}

/** Things that happen to a sandbox's jobs by themselves, in order of their time. */
export interface Timeline {
  /** The clock's time or, while something due is happening, the moment it was due. */
  now(): number;
  /** Calls `happen` once when the clock has reached `atMs`. */
  at(atMs: number, happen: () => void): void;
  /** Lets everything due by now happen, in order; what that schedules and is due too happens as well. */
  runDue(): void;
}

export function createTimeline(clock: Clock): Timeline {
  // Sorted by time; a later entry of the same time comes after the earlier one.
  const entries: { atMs: number; happen: () => void }[] = [];
  let happeningAtMs: number | undefined;
  return {
    now: () => happeningAtMs ?? clock.now(),
    at(atMs, happen) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((entries[middle] as { atMs: number }).atMs <= atMs) low = middle + 1;
        else high = middle;
      }
      entries.splice(low, 0, { atMs, happen });
    },
    runDue() {
      const nowMs = clock.now();
      try {
        for (let next = entries[0]; next && next.atMs <= nowMs; next = entries[0]) {
          entries.shift();
          happeningAtMs = next.atMs;
          next.happen();
        }
      } finally {
        happeningAtMs = undefined;
      }
    },
  };
}

/** A sandbox's time, in epoch milliseconds: runs with real time, or is frozen until a test advances it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Advances the clock. What becomes due happens before the next response. */
  advance(ms: number): void;
}

/** Creates a clock that starts at `startAtMs` (default: now) and runs with real time, or stays if `frozen`. */
export function createClock(options: { startAtMs?: number; frozen?: boolean } = {}): Clock {
  const startedAtMs = Date.now();
  let offsetMs = (options.startAtMs ?? startedAtMs) - startedAtMs;
  return {
    now: () => (options.frozen ? startedAtMs : Date.now()) + offsetMs,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`expected 0 or more milliseconds, got ${ms}`);
      offsetMs += ms;
    },
  };
}

/** Scheduled changes of a sandbox's jobs, in order of time. */
export interface Timeline {
  /** The clock's time; during a scheduled change, the time when it was due. */
  now(): number;
  /** Calls `happen` once the clock has reached `atMs`. */
  at(atMs: number, happen: () => void): void;
  /** Runs everything that is due, in order, including what this schedules. */
  runDue(): void;
}

export function createTimeline(clock: Clock): Timeline {
  // Sorted by time. A later entry of the same time follows the earlier one.
  const entries: { atMs: number; happen: () => void }[] = [];
  let happeningAtMs: number | undefined;
  return {
    now: () => happeningAtMs ?? clock.now(),
    at(atMs, happen) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        // Between the two, so there is one.
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

/**
 * Compares this process's clock with the store's, which may differ by minutes. Stored times are by the store's clock: they are converted when they
 * are written, and when they are compared with this process's clock.
 */
export interface ClockComparison {
  /** The store's clock showed `storeNow` between these times of this process's clock, in epoch milliseconds. */
  note(sentAtMs: number, storeNow: Date, receivedAtMs: number): void;
  /** How far the store's clock is ahead; 0 for less than 2 seconds. */
  aheadMs(): number;
}

/** Smaller differences count as none. */
const minDifferenceMs = 2_000;

export function createClockComparison(): ClockComparison {
  let aheadMs = 0;
  return {
    note(sentAtMs, storeNow, receivedAtMs) {
      const storeMs = storeNow.getTime();
      const difference = Math.min(0, storeMs - sentAtMs) || Math.max(0, storeMs - receivedAtMs);
      aheadMs = Math.abs(difference) < minDifferenceMs ? 0 : difference;
    },
    aheadMs: () => aheadMs,
  };
}

/** Converts a time of the store's clock to this process's clock. */
export function toLocalTime(time: Date, aheadMs: number): Date {
  return aheadMs === 0 ? time : new Date(time.getTime() - aheadMs);
}

/** Converts a time of this process's clock to the store's clock. */
export function toStoreTime(time: Date, aheadMs: number): Date {
  return aheadMs === 0 ? time : new Date(time.getTime() + aheadMs);
}

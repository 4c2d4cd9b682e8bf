/**
 * Compares this process's clock with the store's: the machines' clocks may differ by minutes. The store's decides. What is written is converted to
 * it, and what is compared with this process's clock is converted back.
 */
export interface ClockComparison {
  /** The store's clock showed `storeNow` at some time between these of this process's clock, in milliseconds since 1970. */
  note(sentAtMs: number, storeNow: Date, receivedAtMs: number): void;
  /** How far the store's clock is ahead; 0 for less than 2 seconds. */
  aheadMs(): number;
}

/** Below this clocks count as the same. */
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

/** A time of the store's clock as this process's clock showed it. */
export function toLocalTime(time: Date, aheadMs: number): Date {
  return aheadMs === 0 ? time : new Date(time.getTime() - aheadMs);
}

/** A time of this process's clock as the store's showed it. */
export function toStoreTime(time: Date, aheadMs: number): Date {
  return aheadMs === 0 ? time : new Date(time.getTime() + aheadMs);
}

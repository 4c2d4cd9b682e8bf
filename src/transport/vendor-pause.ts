/** The time until which the vendor requested a pause. */
export interface VendorPause {
  /** The seconds until a request may be sent, rounded up. 0: now. */
  secondsLeft(): number;
  /** In epoch milliseconds. */
  untilMs(): number;
  /** The vendor requested a pause of this length from now on. */
  begin(seconds: number): void;
}

/** Caps the length, which can be wrong. */
const maxPauseSeconds = 300;

export function createVendorPause(nowMs: () => number = Date.now): VendorPause {
  let pausedUntilMs = 0;
  return {
    secondsLeft: () => Math.max(0, Math.ceil((pausedUntilMs - nowMs()) / 1000)),
    untilMs: () => pausedUntilMs,
    begin(seconds) {
      pausedUntilMs = nowMs() + Math.min(seconds, maxPauseSeconds) * 1000;
    },
  };
}

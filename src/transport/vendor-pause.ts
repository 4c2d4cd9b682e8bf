import type { CallContext } from '../jobs/adapter.ts';
import type { WireResponse } from './exchange.ts';
import { retryAfterSeconds } from './failures.ts';

/** The time until which the vendor requested a pause. */
export interface VendorPause {
  /** The seconds until a request may be sent, rounded up. 0: now. */
  secondsLeft(): number;
  /** Reads a response's Retry-After. */
  note(response: WireResponse, call: CallContext): void;
}

/** Caps Retry-After, which can be wrong. */
const maxPauseSeconds = 300;

export function createVendorPause(nowMs: () => number = Date.now): VendorPause {
  let pausedUntilMs = 0;
  return {
    secondsLeft: () => Math.max(0, Math.ceil((pausedUntilMs - nowMs()) / 1000)),
    note(response, call) {
      // A 429 to a caller's own credential concerns that caller only, not the others.
      if (response.status !== 503 && (response.status !== 429 || call.credential !== null)) return;
      const afterSeconds = retryAfterSeconds(response);
      if (afterSeconds !== null) pausedUntilMs = nowMs() + Math.min(afterSeconds, maxPauseSeconds) * 1000;
    },
  };
}

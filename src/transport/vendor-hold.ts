import type { CallContext } from '../jobs/adapter.ts';
import type { WireResponse } from './exchange.ts';
import { retryAfterSeconds } from './failures.ts';

/** Until when the vendor asked that nothing be sent to it. */
export interface VendorHold {
  /** Seconds until something may be sent, rounded up; 0: now. */
  secondsLeft(): number;
  /** Takes in what a response says. */
  note(response: WireResponse, call: CallContext): void;
}

/** A mistaken Retry-After must not shut a system out for the day. */
const maxHoldSeconds = 300;

export function createVendorHold(nowMs: () => number = Date.now): VendorHold {
  let heldUntilMs = 0;
  return {
    secondsLeft: () => Math.max(0, Math.ceil((heldUntilMs - nowMs()) / 1000)),
    note(response, call) {
      // 429 to a caller's own credential means that caller, who must not hold up the others.
      if (response.status !== 503 && (response.status !== 429 || call.credential !== null)) return;
      const afterSeconds = retryAfterSeconds(response);
      if (afterSeconds !== null) heldUntilMs = nowMs() + Math.min(afterSeconds, maxHoldSeconds) * 1000;
    },
  };
}

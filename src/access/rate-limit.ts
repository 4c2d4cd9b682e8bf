import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { anonymous, type Caller } from './caller.ts';

/**
 * Counts per caller and minute. Seconds the caller has to wait; 0: go ahead. What is refused counts too. `perMinute`: asked each time, as a reload may have
 * changed it; null: no limit.
 */
export function createRateLimit(perMinute: () => number | null): (caller: Caller, count?: number) => Promise<number> {
  const limiter = new RateLimiterMemory({ points: 0, duration: 60 });
  return async (caller, count = 1) => {
    const points = perMinute();
    // Without configured access all callers are one: one of them would use up the share of all.
    if (caller === anonymous || points === null) return 0;
    limiter.points = points;
    try {
      await limiter.consume(caller.name, count);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw refusal;
    }
  };
}

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { anonymous, type Caller } from './caller.ts';

/**
 * Counts `count` units for a caller, per minute. Returns the seconds that the caller must wait (0: allowed). Rejected units count too.
 * `perMinute` is read on each call, as a reload can change it. Null: no limit.
 */
export function createRateLimit(perMinute: () => number | null): (caller: Caller, count?: number) => Promise<number> {
  const limiter = new RateLimiterMemory({ points: 0, duration: 60 });
  return async (caller, count = 1) => {
    const points = perMinute();
    // While access control is off, all callers have one name: one of them would use up the share of all.
    if (caller === anonymous || points === null) return 0;
    limiter.points = points;
    try {
      await limiter.consume(caller.name, count);
      return 0;
    } catch (rejection) {
      if (rejection instanceof RateLimiterRes) return Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
      throw rejection;
    }
  };
}

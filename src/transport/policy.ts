import { CircuitState, ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleWhenResult, retry, TaskCancelledError } from 'cockatiel';
import { backoffMs } from '../concurrency/backoff.ts';
import type { Place } from '../concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest, type Places } from '../concurrency/places.ts';

/**
 * Thrown if too many requests of the caller wait for a place. A single error, as a stack for each of thousands of requests would cost time.
 */
export const queueFull = new Error('Too many requests of the caller wait');

/** `half_open`: one request probes the system. */
export type BreakerState = 'closed' | 'open' | 'half_open';

const breakerStates: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  // Opened manually, which Jobyard doesn't do.
  [CircuitState.Isolated]: 'open',
};

export interface PolicyOptions {
  /** The maximum number of concurrent requests to the system. Further ones wait. */
  concurrency: number;
  /** The maximum number of a caller's waiting requests, counted separately for reads and actions. */
  maxQueuedPerCaller: number;
  /** After this many failures in a row, the circuit breaker blocks requests for `breakForMs`. */
  breakAfterFailures: number;
  breakForMs: number;
  /** The maximum number of retries of a read. */
  maxRetries: number;
  /**
   * The retries that a system starts with. Each read without a retry adds a tenth of one, up to this number. Without any left, failures are
   * final, which prevents retry storms.
   */
  retryBudget: number;
}

/**
 * `lendPlace` must be called when the system has responded, if the attempt continues: requests of other callers needn't wait for its end.
 */
type AttemptInPlace<Attempt> = (lendPlace: () => void) => Promise<Attempt>;

/**
 * One system's policies for attempts with the result `Attempt`, shared by all its requests. Each attempt waits for a place: throws
 * `TaskCancelledError` if it is aborted first, `queueFull` if it may not wait.
 */
export function createPolicies<Attempt>(
  options: PolicyOptions,
  isFailure: (attempt: Attempt) => boolean,
  mayRetry: (attempt: Attempt) => { afterMs: number | null } | null,
  onBreakerChange: (state: BreakerState) => void = () => {},
) {
  // cockatiel's type of a result is unknown, here and below: it is what `attempt` returned.
  const isAttemptFailure = (result: unknown) => isFailure(result as Attempt);
  const breaker = circuitBreaker(handleWhenResult(isAttemptFailure), {
    halfOpenAfter: options.breakForMs,
    breaker: new ConsecutiveBreaker(options.breakAfterFailures),
  });
  breaker.onStateChange((state) => onBreakerChange(breakerStates[state]));
  const { concurrency, maxQueuedPerCaller } = options;
  const places = createPlaces({ size: concurrency, perCaller: concurrency, maxWaitingPerCaller: maxQueuedPerCaller });
  const once = async (attempt: AttemptInPlace<Attempt>, request: PlaceRequest): Promise<Attempt> => {
    // A free place costs no promise.
    const place = places.take(request) ?? toPlace(await places.wait(request));
    try {
      return await breaker.execute(() => attempt(() => places.lend(place)), request.signal);
    } finally {
      places.leave(place);
    }
  };
  const budget = createRetryBudget(options.retryBudget);
  const retries = retry(
    handleWhenResult((result) => {
      const isWorthIt = mayRetry(result as Attempt) !== null;
      if (!isWorthIt) budget.earn();
      return isWorthIt && budget.isLeft();
    }),
    {
      maxAttempts: options.maxRetries,
      // Called only for a retry.
      backoff: new DelegateBackoff((context) => {
        budget.spend();
        const wantedMs = 'value' in context.result ? (mayRetry(context.result.value as Attempt)?.afterMs ?? null) : null;
        // Full jitter: callers that failed together don't retry together.
        const jitterMs = Math.random() * backoffMs(context.attempt, { firstMs: 100 });
        return wantedMs === null ? jitterMs : wantedMs + earliestAfterHoldMs + jitterMs;
      }),
    },
  );
  return {
    once,
    repeated: (attempt: AttemptInPlace<Attempt>, request: PlaceRequest): Promise<Attempt> =>
      retries.execute(() => once(attempt, request), request.signal),
    counts: places.counts,
    isProbing: () => breaker.state === CircuitState.HalfOpen,
  };
}

function toPlace(waited: Awaited<ReturnType<Places['wait']>>): Place {
  if (waited === 'aborted') throw new TaskCancelledError();
  if (waited === 'full') throw queueFull;
  return waited;
}

/** A timer may fire a little early, and nothing may be sent before the time that the vendor named. */
const earliestAfterHoldMs = 20;

function createRetryBudget(max: number): { earn(): void; isLeft(): boolean; spend(): void } {
  let left = max;
  return {
    earn() {
      left = Math.min(max, left + 0.1);
    },
    isLeft: () => left >= 1,
    spend() {
      left -= 1;
    },
  };
}

import { CircuitState, ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleWhenResult, retry, TaskCancelledError } from 'cockatiel';
import { backoffMs } from '../concurrency/backoff.ts';
import type { Place } from '../concurrency/place-lines.ts';
import { createPlaces, type PlaceRequest, type Places } from '../concurrency/places.ts';

/** Thrown if too many requests of the caller wait for a place. One for all: to a caller who sends thousands, each stack would be work. */
export const queueFull = new Error('Too many requests of the caller wait');

/** `half_open`: one request tries whether the system is back. */
export type BreakerState = 'closed' | 'open' | 'half_open';

const breakerStates: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  // Kept open by hand, which nothing here does.
  [CircuitState.Isolated]: 'open',
};

export interface PolicyOptions {
  /** Most requests to the system at one time; further ones wait. */
  concurrency: number;
  /** Most requests of one caller that wait, reads and actions counted apart. */
  maxQueuedPerCaller: number;
  /** After this many failures in a row, the circuit breaker blocks requests for `breakForMs`. */
  breakAfterFailures: number;
  breakForMs: number;
  /** Attempts after the first, for reads. */
  maxRetries: number;
  /** Retries a system starts with; each read that needs none earns a tenth of one back. Spent: failures are final, and no storm follows. */
  retryBudget: number;
}

/** `lendPlace`: to be called when the system has answered, if the attempt goes on. Requests of other callers need not wait for its end. */
type AttemptInPlace<Attempt> = (lendPlace: () => void) => Promise<Attempt>;

/**
 * One system's policies over attempts whose result is `Attempt`, shared by all its requests. Each attempt waits for a place of its own:
 * `TaskCancelledError` if it was called off before, `queueFull` if it may not even wait.
 */
export function createPolicies<Attempt>(
  options: PolicyOptions,
  isFailure: (attempt: Attempt) => boolean,
  mayRetry: (attempt: Attempt) => { afterMs: number | null } | null,
  onBreakerChange: (state: BreakerState) => void = () => {},
) {
  const isAttemptFailure = (result: unknown) => isFailure(result as Attempt);
  const breaker = circuitBreaker(handleWhenResult(isAttemptFailure), {
    halfOpenAfter: options.breakForMs,
    breaker: new ConsecutiveBreaker(options.breakAfterFailures),
  });
  breaker.onStateChange((state) => onBreakerChange(breakerStates[state]));
  const { concurrency, maxQueuedPerCaller } = options;
  const places = createPlaces({ size: concurrency, perCaller: concurrency, maxWaitingPerCaller: maxQueuedPerCaller });
  const once = async (attempt: AttemptInPlace<Attempt>, request: PlaceRequest): Promise<Attempt> => {
    // One that is free costs no promise.
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
      // Asked only when there is a retry.
      backoff: new DelegateBackoff((context) => {
        budget.spend();
        const wantedMs = 'value' in context.result ? (mayRetry(context.result.value as Attempt)?.afterMs ?? null) : null;
        // Full jitter: callers that failed together don't come back together.
        const jitterMs = Math.random() * backoffMs(context.attempt, { firstMs: 100 });
        return wantedMs === null ? jitterMs : wantedMs + earliestAfterHoldMs + jitterMs;
      }),
    },
  );
  return {
    once,
    repeated: (attempt: AttemptInPlace<Attempt>, request: PlaceRequest): Promise<Attempt> =>
      retries.execute(() => once(attempt, request), request.signal),
    isProbing: () => breaker.state === CircuitState.HalfOpen,
  };
}

function toPlace(waited: Awaited<ReturnType<Places['wait']>>): Place {
  if (waited === 'aborted') throw new TaskCancelledError();
  if (waited === 'full') throw queueFull;
  return waited;
}

/** A timer may be a little early, and not even then may anything be sent before the time that the vendor named. */
const earliestAfterHoldMs = 20;

function createRetryBudget(most: number): { earn(): void; isLeft(): boolean; spend(): void } {
  let left = most;
  return {
    earn() {
      left = Math.min(most, left + 0.1);
    },
    isLeft: () => left >= 1,
    spend() {
      left -= 1;
    },
  };
}

import {
  BrokenCircuitError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  retry,
  TaskCancelledError,
  wrap,
} from 'cockatiel';

export { BrokenCircuitError, TaskCancelledError };

/** `halfOpen`: one request tries whether the system is back. */
export type BreakerState = 'closed' | 'open' | 'halfOpen';

const breakerStates: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'halfOpen',
  // Kept open by hand, which nothing here does.
  [CircuitState.Isolated]: 'open',
};

export interface PolicyOptions {
  /** Most requests to the system at one time; further ones wait. */
  concurrency: number;
  /** Failures in a row after which the system is left alone for a while. */
  breakAfterFailures: number;
  breakForMs: number;
  /** Attempts after the first, for reads. */
  maxRetries: number;
  /** Retries a system starts with; each read that needs none earns a tenth of one back. Spent: failures are final, and no storm follows. */
  retryBudget: number;
}

/** One system's policies over attempts whose result is `Attempt`, wrapped once and shared by all its requests. */
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
  const once = wrap(bulkhead(options.concurrency, Number.POSITIVE_INFINITY), breaker);
  const budget = createRetryBudget(options.retryBudget);
  const retries = retry(
    handleWhenResult((result) => {
      const isWorthIt = mayRetry(result as Attempt) !== null;
      // Not by the policies' onSuccess: a bulkhead's, which a wrapped policy passes on, is never called.
      if (!isWorthIt) budget.earn();
      return isWorthIt && budget.isLeft();
    }),
    {
      maxAttempts: options.maxRetries,
      // Asked only when there is a retry.
      backoff: new DelegateBackoff((context) => {
        budget.spend();
        const wantedMs = 'value' in context.result ? (mayRetry(context.result.value as Attempt)?.afterMs ?? null) : null;
        // Full jitter over 100 ms, 200 ms, 400 ms …: callers that failed together don't come back together.
        const jitterMs = Math.random() * 100 * 2 ** (context.attempt - 1);
        return wantedMs === null ? jitterMs : wantedMs + earliestAfterHoldMs + jitterMs;
      }),
    },
  );
  return {
    once,
    repeated: wrap(retries, once),
    isProbing: () => breaker.state === CircuitState.HalfOpen,
  };
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

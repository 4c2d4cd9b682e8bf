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
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';

export { BrokenCircuitError, TaskCancelledError };

export interface PolicyOptions {
  /** Most requests to the system at one time; further ones wait. */
  concurrency: number;
  /** One attempt's time on the wire; waiting for a free place does not count. */
  timeoutMs: number;
  /** Failures in a row after which the system is left alone for a while. */
  breakAfterFailures: number;
  breakForMs: number;
  /** Attempts after the first, for reads. */
  maxRetries: number;
  /** Retries a system starts with; each request that succeeds earns a tenth of one back. Spent: failures are final, and no storm follows. */
  retryBudget: number;
}

/** One system's policies over attempts whose result is `Attempt`, wrapped once and shared by all its requests. */
export function createPolicies<Attempt>(
  options: PolicyOptions,
  isFailure: (attempt: Attempt) => boolean,
  mayRetry: (attempt: Attempt) => { afterMs: number | null } | null,
) {
  const isAttemptFailure = (result: unknown) => isFailure(result as Attempt);
  const breaker = circuitBreaker(handleWhenResult(isAttemptFailure), {
    halfOpenAfter: options.breakForMs,
    breaker: new ConsecutiveBreaker(options.breakAfterFailures),
  });
  const once = wrap(
    bulkhead(options.concurrency, Number.POSITIVE_INFINITY),
    breaker,
    timeout(options.timeoutMs, TimeoutStrategy.Cooperative),
  );
  const budget = createRetryBudget(options.retryBudget);
  once.onSuccess(budget.earn);
  const retries = retry(
    handleWhenResult((result) => mayRetry(result as Attempt) !== null && budget.spend()),
    {
      maxAttempts: options.maxRetries,
      backoff: new DelegateBackoff((context) => {
        const wanted = 'value' in context.result ? mayRetry(context.result.value as Attempt)?.afterMs : null;
        // Full jitter over 100 ms, 200 ms, 400 ms …: callers that failed together don't come back together.
        return wanted ?? Math.random() * 100 * 2 ** context.attempt;
      }),
    },
  );
  return { once, repeated: wrap(retries, once), isOpen: () => breaker.state === CircuitState.Open };
}

function createRetryBudget(most: number): { earn(): void; spend(): boolean } {
  let left = most;
  return {
    earn() {
      left = Math.min(most, left + 0.1);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

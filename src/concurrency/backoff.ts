export interface BackoffLimits {
  /** The wait before the first retry. */
  firstMs: number;
  /** The maximum wait. Default: no limit. */
  maxMs?: number;
}

/** The wait before a retry. `retry`: counted from 1; each one doubles the wait. Add jitter if many requests could fail and retry at the same time. */
export function backoffMs(retry: number, { firstMs, maxMs = Number.POSITIVE_INFINITY }: BackoffLimits): number {
  return Math.min(maxMs, firstMs * 2 ** (retry - 1));
}

export interface BackoffLimits {
  /** The wait before the first retry. */
  firstMs: number;
  /** No wait is longer. Default: no limit. */
  maxMs?: number;
}

/** The wait before a retry, counted from 1: each doubles it. Add jitter where many who failed together would come back together. */
export function backoffMs(retry: number, { firstMs, maxMs = Number.POSITIVE_INFINITY }: BackoffLimits): number {
  return Math.min(maxMs, firstMs * 2 ** (retry - 1));
}

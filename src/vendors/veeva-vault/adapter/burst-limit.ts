import type { WireResponse } from '../../../transport/exchange.ts';

/** The window of the general limit. */
const windowMs = 5 * 60_000;
const maxGapMs = 2_000;

/**
 * The minimum time between reads after this response, in milliseconds; null if the response doesn't contain the limit.
 * All programs of a company share one limit, and when it is used up the Vault delays all of them. So Jobyard spreads its reads of the last
 * tenth over the whole window. Actions never wait.
 */
export function readGapMs({ headers }: WireResponse): number | null {
  const limit = numberIn(headers['x-vaultapi-burstlimit']);
  const remaining = numberIn(headers['x-vaultapi-burstlimitremaining']);
  if (limit === null || remaining === null) return null;
  return remaining > limit / 10 ? 0 : Math.min(maxGapMs, windowMs / (limit / 10));
}

function numberIn(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

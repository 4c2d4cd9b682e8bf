import type { WireResponse } from '../../../transport/exchange.ts';

/** The general limit's window. */
const windowMs = 5 * 60_000;
const maxGapMs = 2_000;

/**
 * How far apart reads should be from this answer on, in milliseconds; null where it does not tell.
 * All programs of a company share one allowance, and when it is used up the Vault answers all of them late. So of the last
 * tenth Jobyard's reads take no more than would make it last for the whole window; actions never wait.
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

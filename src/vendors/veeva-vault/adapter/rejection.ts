import type { Envelope } from './wire.ts';

/** Why a Vault said no. `type` is stable within an API version; `message` is for people only and never decides anything. */
export interface Rejection {
  type: string | null;
  message: string | null;
  /** responseStatus EXCEPTION: the server failed. */
  exception: boolean;
  /** A login that was refused for what its user or password is. */
  authenticationFailed: boolean;
  /** Veeva documents no Retry-After; it counts if it comes. */
  retryAfterSeconds: number | null;
}

/** Null: neither FAILURE nor EXCEPTION, so that nobody can tell what it means. */
export function toRejection({ responseStatus, errors, errorType }: Envelope, retryAfter: number | null = null): Rejection | null {
  if (responseStatus !== 'FAILURE' && responseStatus !== 'EXCEPTION') return null;
  const first = errors?.[0];
  return {
    type: first?.type ?? null,
    message: first?.message ?? null,
    exception: responseStatus === 'EXCEPTION',
    authenticationFailed: errorType === 'AUTHENTICATION_FAILED',
    retryAfterSeconds: retryAfter,
  };
}

import type { Envelope } from './wire.ts';

/** Why a Vault rejected a request. `type` is stable within an API version; `message` is only for people and decides nothing. */
export interface Rejection {
  type: string | null;
  message: string | null;
  /** responseStatus EXCEPTION: the server failed. */
  exception: boolean;
  /** The Vault rejected a login because of its user or password. */
  authenticationFailed: boolean;
  /** Veeva documents no Retry-After; Jobyard uses it if a response has it. */
  retryAfterSeconds: number | null;
}

/** Null: neither FAILURE nor EXCEPTION, so the meaning is unknown. */
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

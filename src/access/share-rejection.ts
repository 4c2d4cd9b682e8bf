/** Why a caller must wait. Over HTTP, this is the status with Retry-After; otherwise, an error with the code. */
export interface ShareRejection {
  status: 429 | 503;
  code: 'RATE_LIMITED' | 'UNAVAILABLE';
  message: string;
  retryAfterSeconds: number;
}

/** When a caller can retry that must first finish requests of its own. */
export const endOfOwnSeconds = 5;

/** The rejection of a caller that uses as much as allowed. */
export function rateLimited(reason: string): ShareRejection {
  const message = `${reason} Retry in ${endOfOwnSeconds} seconds.`;
  return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: endOfOwnSeconds };
}

/** Why a caller has to wait. Over HTTP a status with Retry-After, elsewhere an error of that code. */
export interface ShareRefusal {
  status: 429 | 503;
  code: 'RATE_LIMITED' | 'UNAVAILABLE';
  message: string;
  retryAfterSeconds: number;
}

/** In how many seconds a caller may come again for which something of its own has to end first. */
export const endOfOwnSeconds = 5;

/** The caller has as much in use as it may. */
export function rateLimited(reason: string): ShareRefusal {
  const message = `${reason} Retry in ${endOfOwnSeconds} seconds.`;
  return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds: endOfOwnSeconds };
}

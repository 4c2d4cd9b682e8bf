import type { ServerConfig } from '../config/config.ts';

/** How long a stop takes at most, in milliseconds: what hasn't ended by then is abandoned. A platform must wait longer before it kills. */
export function maxStopMs({ drainMs, deadlineMs }: Pick<ServerConfig, 'drainMs' | 'deadlineMs'>): number {
  return drainMs + deadlineMs + 5_000;
}

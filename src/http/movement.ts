/** The transfer in one direction of a connection. */
export interface Movement {
  /** The transferred request or message. A change starts a new transfer. */
  of: unknown;
  startedAtMs: number;
  startedAtBytes: number;
  movedAtMs: number;
  bytes: number;
}

/** The minimum average speed of a long transfer, slower than any network that can load a page. */
const minBytesPerSecond = 4_096;

/** Updates the transfer, or starts a new one. `of` null: nothing is being transferred. */
export function move(before: Movement | null, of: unknown, bytes: number, nowMs: number): Movement | null {
  if (of === null) return null;
  if (!before || before.of !== of) return { of, startedAtMs: nowMs, startedAtBytes: bytes, movedAtMs: nowMs, bytes };
  if (before.bytes !== bytes) before.movedAtMs = nowMs;
  before.bytes = bytes;
  return before;
}

/** Whether it made no progress for this long or, after three times this long, was too slow. */
export function isStalled(movement: Movement | null, nowMs: number, stalledTimeoutMs: number): boolean {
  if (!movement) return false;
  if (nowMs - movement.movedAtMs >= stalledTimeoutMs) return true;
  const tookMs = nowMs - movement.startedAtMs;
  return tookMs >= 3 * stalledTimeoutMs && movement.bytes - movement.startedAtBytes < (tookMs / 1000) * minBytesPerSecond;
}

/** What is under way in one direction of a connection. */
export interface Movement {
  /** What moves: another one begins anew. */
  of: unknown;
  startedAtMs: number;
  startedAtBytes: number;
  movedAtMs: number;
  bytes: number;
}

/** Slower than any network that carries a page; of a request or response that takes long, on average. */
const minBytesPerSecond = 4_096;

/** The movement as it is now; `of` null: nothing is under way. Changes the one before, if it goes on. */
export function move(before: Movement | null, of: unknown, bytes: number, nowMs: number): Movement | null {
  if (of === null) return null;
  if (!before || before.of !== of) return { of, startedAtMs: nowMs, startedAtBytes: bytes, movedAtMs: nowMs, bytes };
  if (before.bytes !== bytes) before.movedAtMs = nowMs;
  before.bytes = bytes;
  return before;
}

/** Whether it has not moved for this long or, three times as long, has moved too slowly. */
export function isStalled(movement: Movement | null, nowMs: number, stalledTimeoutMs: number): boolean {
  if (!movement) return false;
  if (nowMs - movement.movedAtMs >= stalledTimeoutMs) return true;
  const tookMs = nowMs - movement.startedAtMs;
  return tookMs >= 3 * stalledTimeoutMs && movement.bytes - movement.startedAtBytes < (tookMs / 1000) * minBytesPerSecond;
}

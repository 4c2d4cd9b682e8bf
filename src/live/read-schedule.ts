/** When a watched job was read by id, and when it is read again. */
export interface ReadSchedule {
  /** By whichever request. */
  readAtMs: number;
  intervalMs: number;
  dueAtMs: number;
}

export interface ReadBounds {
  nowMs: number;
  /** The vendor allows no shorter interval. */
  minMs: number;
}

export interface ReadOutcome {
  changed: boolean;
  /** By how much longer than its interval the job waits: another replica may read it meanwhile. */
  patience: number;
  /** What the vendor asked for. */
  retryAfterMs: number;
}

/** A job is read as often as this, or as its vendor allows where that is less often. */
export const minIntervalMs = 1_000;
/** A job that does not change is read less and less often, down to this. */
export const maxIntervalMs = 15_000;
const backoffFactor = 1.5;
/** Reads fall due on marks this far apart, so that jobs share a request. */
const markMs = 250;

export function firstSchedule(waitMs: number, { nowMs, minMs }: ReadBounds): ReadSchedule {
  return { readAtMs: Number.NEGATIVE_INFINITY, intervalMs: minMs, dueAtMs: nowMs + waitMs };
}

export function scheduleAfterRead(
  { intervalMs }: ReadSchedule,
  { changed, patience, retryAfterMs }: ReadOutcome,
  { nowMs, minMs }: ReadBounds,
): ReadSchedule {
  const nextMs = changed ? minMs : Math.max(minMs, Math.min(maxIntervalMs, intervalMs * backoffFactor));
  return { readAtMs: nowMs, intervalMs: nextMs, dueAtMs: nextMark(nowMs + Math.max(nextMs * patience, retryAfterMs)) };
}

/** The job has probably changed: as soon as it may be read, and then as often. */
export function scheduleSoon({ readAtMs, dueAtMs }: ReadSchedule, { nowMs, minMs }: ReadBounds): ReadSchedule {
  return { readAtMs, intervalMs: minMs, dueAtMs: Math.max(nowMs, Math.min(dueAtMs, readAtMs + minMs)) };
}

function nextMark(timeMs: number): number {
  return Math.ceil(timeMs / markMs) * markMs;
}

/** When a watched job was last read by ID, and when it is read again. */
export interface ReadSchedule {
  /** By any request. */
  readAtMs: number;
  intervalMs: number;
  dueAtMs: number;
}

export interface ReadBounds {
  nowMs: number;
  /** The minimum interval that the vendor allows. */
  minMs: number;
}

export interface ReadOutcome {
  changed: boolean;
  /** Multiplies the interval: above 1, another replica reads the job first. */
  factor: number;
  /** The vendor's Retry-After, in milliseconds; 0: none. */
  retryAfterMs: number;
}

/** The minimum interval between reads of a job, unless the vendor requires a longer one. */
export const minIntervalMs = 1_000;
/** The interval grows up to this while a job doesn't change. */
export const maxIntervalMs = 15_000;
const backoffFactor = 1.5;
/** Reads are due at multiples of this time, so that jobs share a request. */
const markMs = 250;

export function firstSchedule(waitMs: number, { nowMs, minMs }: ReadBounds): ReadSchedule {
  return { readAtMs: Number.NEGATIVE_INFINITY, intervalMs: minMs, dueAtMs: nowMs + waitMs };
}

export function scheduleAfterRead(
  { intervalMs }: ReadSchedule,
  { changed, factor, retryAfterMs }: ReadOutcome,
  { nowMs, minMs }: ReadBounds,
): ReadSchedule {
  const nextMs = changed ? minMs : Math.max(minMs, Math.min(maxIntervalMs, intervalMs * backoffFactor));
  return { readAtMs: nowMs, intervalMs: nextMs, dueAtMs: nextMark(nowMs + Math.max(nextMs * factor, retryAfterMs)) };
}

/** The job has probably changed: read it as soon as allowed, and then at the minimum interval. */
export function scheduleSoon({ readAtMs, dueAtMs }: ReadSchedule, { nowMs, minMs }: ReadBounds): ReadSchedule {
  return { readAtMs, intervalMs: minMs, dueAtMs: Math.max(nowMs, Math.min(dueAtMs, readAtMs + minMs)) };
}

function nextMark(timeMs: number): number {
  return Math.ceil(timeMs / markMs) * markMs;
}

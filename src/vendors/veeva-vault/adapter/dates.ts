/** Reads one of Vault's dates; null if the value is not a date. `isScheduled`: the date belongs to a scheduled job. */
export type ReadDate = (text: unknown, isScheduled: boolean) => Date | null;

const datePattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/;
/** The form of nearly all dates. Without groups: each of a list's dates would cost an array of them. */
const utcPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;
/** Offsets from UTC change at quarters of an hour only. */
const quarterMs = 15 * 60_000;
const maxOffsets = 10_000;

/**
 * Dates are UTC, as their `Z` shows. Two kinds are wall times in the Vault's own zone: dates without a zone, and dates of scheduled jobs,
 * which are in that zone despite their `Z` (Vault API Reference, Retrieve Job Status). `timeZone`: an IANA name.
 */
export function createDateReader(timeZone: string): ReadDate {
  const toMs = timeZone === 'UTC' ? (wallMs: number) => wallMs : createWallClock(timeZone);
  const toDate = (ms: number, isWallTime: boolean): Date | null => (Number.isNaN(ms) ? null : new Date(isWallTime ? toMs(ms) : ms));
  return (text, isScheduled) => {
    if (!isScheduled && typeof text === 'string' && utcPattern.test(text)) return toDate(Date.parse(text), false);
    const [, local, zone] = (typeof text === 'string' && datePattern.exec(text)) || [];
    if (local === undefined) return null;
    const isWallTime = zone === undefined || (zone === 'Z' && isScheduled);
    return toDate(Date.parse(`${local}${isWallTime ? 'Z' : zone}`), isWallTime);
  };
}

/** Whether this runtime supports a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Converts a wall time, written as if it were UTC, to the instant at which the zone's clocks show it. In the hour that clocks repeat in
 * fall, the first instant; in the hour that they skip in spring, as if they had not changed yet.
 */
function createWallClock(timeZone: string): (wallMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();

  const offsetAt = (ms: number): number => {
    const quarter = Math.floor(ms / quarterMs);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(format.formatToParts(quarter * quarterMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * quarterMs;
    if (offsets.size >= maxOffsets) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };

  return (wallMs) => {
    // The offsets a day before and after: one of them applies, and they differ only around a change of the clocks.
    const before = offsetAt(wallMs - 24 * 3_600_000);
    const after = offsetAt(wallMs + 24 * 3_600_000);
    if (before === after) return wallMs - before;
    const isAt = (offset: number): boolean => offsetAt(wallMs - offset) === offset;
    return wallMs - (isAt(before) || !isAt(after) ? before : after);
  };
}

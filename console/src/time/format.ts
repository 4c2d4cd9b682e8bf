import type { Zone } from './zone.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface Formats {
  clock: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  dayOfYear: Intl.DateTimeFormat;
}

const formats: Record<Zone, Formats> = { local: createFormats({}), utc: createFormats({ timeZone: 'UTC' }) };

function createFormats(options: Intl.DateTimeFormatOptions): Formats {
  return {
    clock: new Intl.DateTimeFormat('en-GB', { ...options, hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    day: new Intl.DateTimeFormat('en-GB', { ...options, day: 'numeric', month: 'short' }),
    dayOfYear: new Intl.DateTimeFormat('en-GB', { ...options, day: 'numeric', month: 'short', year: 'numeric' }),
  };
}

/** `14:32:07`; `27 Nov 14:32:07` on another day, `27 Nov 2025 14:32:07` in another year. */
export function formatTime(timeMs: number, zone: Zone, nowMs: number): string {
  const { clock, day, dayOfYear } = formats[zone];
  const time = clock.format(timeMs);
  const full = dayOfYear.format(timeMs);
  const today = dayOfYear.format(nowMs);
  if (full === today) return time;
  return `${full.slice(-4) === today.slice(-4) ? day.format(timeMs) : full} ${time}`;
}

/** One unit, rounded down: `9 s`, `2 min`, `5 h`, `3 d`. Negative durations count as 0. */
export function formatAge(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / secondMs))} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}

/** Two units: `56 s`, `1 min 57 s`, `6 h 12 min`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  const ms = Math.max(0, seconds) * secondMs;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ${pad(Math.floor((ms % minuteMs) / secondMs))} s`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h ${pad(Math.floor((ms % hourMs) / minuteMs))} min`;
  return `${Math.floor(ms / dayMs)} d ${Math.floor((ms % dayMs) / hourMs)} h`;
}

/** Both zones and ISO 8601, for tooltips. */
export function formatInFull(timeMs: number): string {
  const local = `${formats.local.dayOfYear.format(timeMs)} ${formats.local.clock.format(timeMs)}`;
  const utc = `${formats.utc.dayOfYear.format(timeMs)} ${formats.utc.clock.format(timeMs)}`;
  return `${local} local · ${utc} UTC · ${new Date(timeMs).toISOString()}`;
}

export const formatCount = (count: number): string => count.toLocaleString('en-US');

function pad(count: number): string {
  return String(count).padStart(2, '0');
}

import { isOddRow, type ListedJob, type OddRow } from '../../../jobs/adapter.ts';

/*
 * Histories in windows of time, newest first. A window has the jobs whose compared date (a job's end or its start; never earlier than its
 * creation) is in it, so no job of the windows after it was created later than its end. The width of a window depends on how many jobs the
 * one before had: each needs about two responses.
 */

/** Part of the histories: jobs whose compared date is from `fromMs` to `toMs`. Null: open on that side. */
export interface TimeWindow {
  fromMs: number | null;
  toMs: number | null;
  /** How many jobs this window and those after it have, according to the totals. */
  left: number;
}

export interface WindowLimits {
  nowMs: number;
  /** No window needs to begin before this time; null: no such limit. */
  earliestMs: number | null;
}

/** Up to this number, histories are read as one list. */
export const wholeListRows = 1_000;
/** Two responses, of which the second begins with the last row of the first. */
const targetRows = 390;
const minWidthMs = 60_000;
/** Vault doesn't document whether a bound is inclusive. Bounds are whole seconds. */
const overlapMs = 2_000;
const windowPattern = /^histories:(\d{1,15})?:(\d{1,15})?:(\d{1,9})$/;

export function windowName({ fromMs, toMs, left }: TimeWindow): string {
  return `histories:${fromMs ?? ''}:${toMs ?? ''}:${left}`;
}

/** Null if the text is not the name of a window. */
export function parseWindow(name: string | null): TimeWindow | null {
  const [whole, from, to, left] = windowPattern.exec(name ?? '') ?? [];
  if (whole === undefined) return null;
  return { fromMs: from === undefined ? null : Number(from), toMs: to === undefined ? null : Number(to), left: Number(left) };
}

/**
 * The window to read instead of the whole list (`window` null) or of a window that is too large; null: neither is too large.
 * `rows`, `total`: the first response.
 */
export function firstWindow(
  window: TimeWindow | null,
  rows: readonly (ListedJob | OddRow)[],
  total: number | null,
  { nowMs, earliestMs }: WindowLimits,
): TimeWindow | null {
  if (total === null || total <= wholeListRows) return null;
  if (window && window.fromMs === null) return null;
  const endMs = window?.toMs ?? nowMs;
  const widthMs = window ? (endMs - (window.fromMs ?? endMs)) * (targetRows / total) : widthFor(rows, endMs);
  if (window && endMs - (window.fromMs ?? endMs) <= minWidthMs) return null;
  const fromMs = endMs - Math.max(minWidthMs, widthMs);
  if (fromMs <= (earliestMs ?? 0)) return null;
  return { fromMs: Math.floor(fromMs), toMs: window?.toMs ?? null, left: window?.left ?? total };
}

/** The window after this one, whose total is known; null: this is the last one. */
export function nextWindow(
  { fromMs, toMs, left }: TimeWindow,
  total: number | null,
  { nowMs, earliestMs }: WindowLimits,
): TimeWindow | null {
  if (fromMs === null) return null;
  const widthMs = (toMs ?? nowMs) - fromMs;
  const growth = Math.min(4, Math.max(1 / 4, targetRows / Math.max(1, total ?? targetRows)));
  const nextFromMs = Math.floor(fromMs - Math.max(minWidthMs, widthMs * growth));
  const nextLeft = Math.max(0, left - (total ?? 0));
  const isLast = nextLeft <= targetRows || nextFromMs <= (earliestMs ?? 0);
  return { fromMs: isLast ? null : nextFromMs, toMs: fromMs + overlapMs, left: nextLeft };
}

/** The time in which as many jobs ended as a window should have, if the rows are the newest ones. */
function widthFor(rows: readonly (ListedJob | OddRow)[], nowMs: number): number {
  const endsMs = rows.flatMap((row) => (isOddRow(row) ? [] : (row.toFields().finishedAt?.getTime() ?? [])));
  const oldestMs = endsMs.reduce((oldest, endMs) => Math.min(oldest, endMs), nowMs);
  return ((nowMs - oldestMs) / Math.max(1, endsMs.length)) * targetRows;
}

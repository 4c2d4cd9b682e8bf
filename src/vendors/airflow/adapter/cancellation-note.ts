import { toLine } from '../../../jobs/storable-text.ts';

/*
 * Airflow has no canceled runs: a canceled run is a failed one. A line in its note shows later that Jobyard canceled it. A restart keeps the
 * note, but changes the time at which the run was queued, so the line contains that time: it applies to one execution of the run.
 */

/** The maximum length of a note, in characters. */
const maxNote = 1_000;

/** The parts of a run that decide what its note means. */
export interface NotedRun {
  note: string | null;
  /** As Airflow writes it; null: never queued. */
  queuedAt: string | null;
}

/** Who canceled a run, and why. Null: unknown. */
export interface Cancellation {
  caller: string | null;
  reason: string | null;
}

/** Whether Jobyard canceled this execution of the run. */
export function isCanceledThroughJobyard({ note, queuedAt }: NotedRun): boolean {
  const start = lineStart(queuedAt);
  return note?.split('\n').some((line) => line.startsWith(start)) === true;
}

/**
 * The note with a line about the cancellation, or null if not even the shortest line fits: nothing of a note is ever removed. A line that is
 * too long loses the end of its reason, then its reason, then its caller.
 */
export function addCancellation({ note, queuedAt }: NotedRun, { caller, reason }: Cancellation): string | null {
  const before = note === null || note === '' ? '' : `${note}\n`;
  const room = maxNote - lengthOf(before);
  const start = lineStart(queuedAt);
  const withCaller = caller === null ? start : `${start} by ${toLine(caller)}`;
  const words = reason === null ? '' : toLine(reason, maxNote);
  const longest = words === '' ? withCaller : `${withCaller}: ${words}`;
  const cut = words === '' ? withCaller : `${withCaller}: ${cutTo(words, room - lengthOf(withCaller) - 2)}`;
  const line = [longest, cut, withCaller, start].find((text) => lengthOf(text) <= room);
  return line === undefined ? null : before + line;
}

/** Whether a cancellation of this run would be visible in its note. */
export function hasRoomForCancellation(run: NotedRun): boolean {
  return addCancellation(run, { caller: null, reason: null }) !== null;
}

function lineStart(queuedAt: string | null): string {
  return `Canceled through Jobyard (run queued ${queuedAt ?? 'at no time'})`;
}

/** Airflow counts characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}

const minReasonCharacters = 10;

/** Keeps the beginning of the reason: a few characters say nothing. */
function cutTo(text: string, length: number): string {
  return `${[...text].slice(0, Math.max(minReasonCharacters, length - 1)).join('')}…`;
}

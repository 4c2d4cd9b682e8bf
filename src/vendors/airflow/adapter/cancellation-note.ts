import { fitLine, lengthOf, maxNote, type Requester } from './note-line.ts';

/*
 * Airflow has no canceled runs: a canceled run is a failed one. A line in its note shows later that Jobyard canceled it. A restart keeps the
 * note, but changes the time at which the run was queued, so the line contains that time: it applies to one execution of the run.
 */

/** The parts of a run that decide what its note means. */
export interface NotedRun {
  note: string | null;
  /** As Airflow writes it; null: never queued. */
  queuedAt: string | null;
}

/** Whether Jobyard canceled this execution of the run. */
export function isCanceledThroughJobyard({ note, queuedAt }: NotedRun): boolean {
  const start = lineStart(queuedAt);
  return note?.split('\n').some((line) => line.startsWith(start)) === true;
}

/** The note with a line about the cancellation, or null if not even the shortest line fits: nothing of a note is ever removed. */
export function addCancellation({ note, queuedAt }: NotedRun, requester: Requester): string | null {
  const before = note === null || note === '' ? '' : `${note}\n`;
  const line = fitLine(lineStart(queuedAt), requester, maxNote - lengthOf(before));
  return line === null ? null : before + line;
}

/** Whether a cancellation of this run would be visible in its note. */
export function hasRoomForCancellation(run: NotedRun): boolean {
  return addCancellation(run, { caller: null, reason: null }) !== null;
}

function lineStart(queuedAt: string | null): string {
  return `Canceled through Jobyard (run queued ${queuedAt ?? 'at no time'})`;
}

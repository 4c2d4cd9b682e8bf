import { toLine } from '../../../jobs/storable-text.ts';

/** The maximum length of a note, in characters. */
export const maxNote = 1_000;

/** Who requested an action, and why. Null: unknown. */
export interface Requester {
  caller: string | null;
  reason: string | null;
}

/**
 * A line of a note: what Jobyard did, for whom, and why. A line that is longer than the room loses the end of its reason, then its reason, then
 * its caller. Null: `start` alone is too long.
 */
export function fitLine(start: string, { caller, reason }: Requester, room: number): string | null {
  const withCaller = caller === null ? start : `${start} by ${toLine(caller)}`;
  const words = reason === null ? '' : toLine(reason, maxNote);
  const longest = words === '' ? withCaller : `${withCaller}: ${words}`;
  const cut = words === '' ? withCaller : `${withCaller}: ${cutTo(words, room - lengthOf(withCaller) - 2)}`;
  return [longest, cut, withCaller, start].find((text) => lengthOf(text) <= room) ?? null;
}

/** Airflow counts characters, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length;
}

const minReasonCharacters = 10;

/** Keeps the beginning of the reason: a few characters say nothing. */
function cutTo(text: string, length: number): string {
  return `${[...text].slice(0, Math.max(minReasonCharacters, length - 1)).join('')}…`;
}

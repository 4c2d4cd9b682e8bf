import { toBoundedText } from '../jobs/storable-text.ts';

/** Of each text in a line; what is longer is cut and ends in `…`. */
export const maxTextLength = 1_000;
/** Of the entries of a list: as many jobs as one action may name. */
export const maxListLength = 2_000;
/** Of a line, in UTF-16 units. If it would be longer, its texts are cut to `maxTextLengthOfLongLine`. */
export const maxLineLength = 4 * 1024 * 1024;
const maxTextLengthOfLongLine = 100;

/** The entry as one line of JSON, whatever callers and vendors have put into it. */
export function toBoundedLine(entry: object): string {
  // Bounded while it is written, not after: a long text that is named 2,000 times would be more than a string can hold.
  const line = stringify(entry, maxTextLength);
  return line.length < maxLineLength ? line : stringify(entry, maxTextLengthOfLongLine);
}

function stringify(entry: object, maxLength: number): string {
  const bound = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return value.length > maxLength ? toBoundedText(value, maxLength) : value;
    if (Array.isArray(value) && value.length > maxListLength) {
      return [...value.slice(0, maxListLength), `… ${value.length - maxListLength} more`];
    }
    return value;
  };
  return `${JSON.stringify(entry, bound)}\n`;
}

import { toBoundedText } from '../jobs/storable-text.ts';

/** The maximum length of a text in an entry; a longer one is cut and ends in `…`. */
export const maxTextLength = 1_000;
/** The maximum number of elements of a list: as many jobs as one action may have. */
export const maxListLength = 2_000;
/** The maximum length of a line, in UTF-16 units. If it would be longer, its texts are cut to `maxTextLengthOfLongLine`. */
export const maxLineLength = 4 * 1024 * 1024;
const maxTextLengthOfLongLine = 100;

/** The entry as one JSON line of bounded length, whatever it contains. */
export function toBoundedLine(entry: object): string {
  // Bounded while it is written: 2,000 copies of a long text would exceed the maximum length of a string.
  const line = stringify(entry, maxTextLength);
  return line.length < maxLineLength ? line : stringify(entry, maxTextLengthOfLongLine);
}

function stringify(entry: object, maxLength: number): string {
  // JSON.stringify takes four times as long with a replacer, and nearly no entry needs one.
  if (isBounded(entry, maxLength)) return `${JSON.stringify(entry)}\n`;
  const bound = (_key: string, value: unknown): unknown => {
    if (typeof value === 'string') return value.length > maxLength ? toBoundedText(value, maxLength) : value;
    if (Array.isArray(value) && value.length > maxListLength) {
      return [...value.slice(0, maxListLength), `… ${value.length - maxListLength} more`];
    }
    return value;
  };
  return `${JSON.stringify(entry, bound)}\n`;
}

function isBounded(value: unknown, maxLength: number): boolean {
  if (typeof value === 'string') return value.length <= maxLength;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value) && value.length > maxListLength) return false;
  for (const member of Array.isArray(value) ? value : Object.values(value)) if (!isBounded(member, maxLength)) return false;
  return true;
}

const unstorable = /[\0\ud800-\udfff]/;

/** The text as PostgreSQL can store it: without NUL and without half a surrogate pair. */
export function toStorableText(text: string): string {
  // Nearly always unchanged, and a test costs less than a copy.
  return unstorable.test(text) ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}

/** The text as PostgreSQL can store it, at most `maxLength` UTF-16 units long: a longer one is cut between two characters and ends in `…`. */
export function toBoundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return toStorableText(text);
  const cutsPair = isHighSurrogate(text.charCodeAt(maxLength - 2)) && isLowSurrogate(text.charCodeAt(maxLength - 1));
  return toStorableText(`${text.slice(0, cutsPair ? maxLength - 2 : maxLength - 1)}…`);
}

/** The maximum length of a quote of the vendor in a message. */
const maxQuote = 300;

/** The text on one line, for a message: white space and control characters become spaces, and a long text is cut. */
export function toLine(text: string, maxLength = maxQuote): string {
  return toBoundedText(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), maxLength);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

const unstorable = /[\0\ud800-\udfff]/;

/** The text as PostgreSQL can hold it: it takes no NUL and no half of a surrogate pair. */
export function toStorableText(text: string): string {
  // Nearly always as it is; looking costs less than copying.
  return unstorable.test(text) ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}

/** The text as PostgreSQL can hold it, and at most `most` UTF-16 units of it: a longer one is cut between two characters and ends in `…`. */
export function toBoundedText(text: string, most: number): string {
  if (text.length <= most) return toStorableText(text);
  const cutsPair = isHighSurrogate(text.charCodeAt(most - 2)) && isLowSurrogate(text.charCodeAt(most - 1));
  return toStorableText(`${text.slice(0, cutsPair ? most - 2 : most - 1)}…`);
}

/** The most characters of a vendor's words inside a message of ours. */
const maxQuote = 300;

/** The text on one line, as it stands in a message: white space and control characters become spaces, and a long text is cut. */
export function toLine(text: string, maxLength = maxQuote): string {
  return toBoundedText(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), maxLength);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

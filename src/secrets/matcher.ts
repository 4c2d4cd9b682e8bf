import { mayBeEscaped } from './decodings.ts';
import { createFormIndex } from './form-index.ts';
import { formsOf, minFormLength, partsOf } from './forms.ts';

/** `[start, end)` of a text. */
export type Span = readonly [number, number];

/** Finds any form of some secrets in a text. */
export interface Matcher {
  /** False: the text contains no form, escaped or truncated. Cheap, as nearly every text is checked and nearly none must be searched. */
  needsSearch(text: string): boolean;
  /** The positions of forms, without decoding escapes, including the start of a truncated one (`…`). They may overlap. */
  find(text: string): Span[];
  /** Whether an identifier contains a form. A short secret counts as a whole word only, as numbers and names contain anything by chance. */
  isInIdentifier(text: string): boolean;
  /** Adds the forms of another secret. */
  add(secret: string): void;
}

/** The mark at the end of a text that Jobyard or a vendor truncated. */
export const cutMark = '…';
const needsDecoding = new RegExp(`${mayBeEscaped.source}|${cutMark}`);
/** Fewer characters of a form before the mark may be anything. */
const minCutLength = 4;
/** In an identifier, shorter forms are found as whole words only. */
const minIdentifierLength = 8;

export function createMatcher(secrets: Iterable<string> = []): Matcher {
  const index = createFormIndex();
  const beginnings = createBeginnings();
  const words = new Set<string>();
  let wordPattern: RegExp | null = null;

  const add = (secret: string): void => {
    for (const part of partsOf(secret)) if (part.length < minFormLength && part.trim() !== '') words.add(part);
    wordPattern = words.size === 0 ? null : new RegExp([...words].map(wholeWord).join('|'), 'gu');
    for (const form of formsOf(secret)) {
      index.add(form);
      beginnings.add(form.text);
    }
  };
  for (const secret of secrets) add(secret);

  const findWords = (text: string): Span[] =>
    wordPattern ? Array.from(text.matchAll(wordPattern), ({ 0: word, index: start }): Span => [start, start + word.length]) : [];

  return {
    add,
    needsSearch: (text) => needsDecoding.test(text) || index.has(text) || (wordPattern !== null && findWords(text).length > 0),
    find(text) {
      const spans = findWords(text);
      let lastRun: Span = [0, 0];
      for (const { start, form } of index.find(text)) {
        const span: Span = [start, start + form.text.length];
        if (!form.isBase64) spans.push(span);
        // A run is scanned once, however often it contains the form.
        else if (span[1] > lastRun[1]) {
          lastRun = wholeRun(text, span);
          spans.push(lastRun);
        }
      }
      if (text.includes(cutMark)) spans.push(...findCut(text, beginnings));
      return spans;
    },
    isInIdentifier: (text) =>
      findWords(text).length > 0 ||
      index
        .find(text)
        .some(({ start, form: { text: form } }) => form.length >= minIdentifierLength || isWholeWord(text, start, start + form.length)),
  };
}

function wholeWord(text: string): string {
  return `(?<![\\p{L}\\p{N}])${text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`;
}

function isWholeWord(text: string, start: number, end: number): boolean {
  // Two units, as one character may have two.
  return !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) && !/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2));
}

/** The whole Base64 text around the form: its other characters would reveal the secret's ends and padding. */
function wholeRun(text: string, [start, end]: Span): Span {
  const isPart = (at: number): boolean => /^[A-Za-z0-9+/_-]$/.test(text.charAt(at));
  let first = start;
  while (isPart(first - 1)) first -= 1;
  let last = end;
  while (isPart(last)) last += 1;
  while (text[last] === '=') last += 1;
  return [first, last];
}

/** An escape whose end was truncated. */
const cutEscape = /(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3})?|&#?[0-9a-z]{0,8})$/i;

/** Finds the start of a form at the end of a text. */
interface Beginnings {
  add(form: string): void;
  /** The number of characters at the end of `text` that start a form, or 0. At least `minCutLength`. */
  longestAtEnd(text: string): number;
}

function createBeginnings(): Beginnings {
  const formsByStart = new Map<string, string[]>();
  let maxLength = 0;
  return {
    add(form) {
      const start = form.slice(0, minCutLength);
      formsByStart.set(start, [...(formsByStart.get(start) ?? []), form]);
      maxLength = Math.max(maxLength, form.length);
    },
    longestAtEnd(text) {
      for (let at = Math.max(0, text.length - maxLength); at <= text.length - minCutLength; at += 1) {
        const forms = formsByStart.get(text.slice(at, at + minCutLength));
        if (forms?.some((form) => form.startsWith(text.slice(at)))) return text.length - at;
      }
      return 0;
    },
  };
}

/** The starts of forms before each truncation mark. */
function findCut(text: string, beginnings: Beginnings): Span[] {
  const spans: Span[] = [];
  // Only up to the previous mark, so that each character is checked once.
  for (let from = 0, mark = text.indexOf(cutMark); mark >= 0; from = mark + 1, mark = text.indexOf(cutMark, from)) {
    const whole = text.slice(from, mark);
    for (const before of new Set([whole, whole.replace(cutEscape, '')])) {
      const length = beginnings.longestAtEnd(before);
      if (length > 0) spans.push([from + before.length - length, mark]);
    }
  }
  return spans;
}

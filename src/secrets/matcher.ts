import { mayBeEscaped } from './decodings.ts';
import { createFormIndex } from './form-index.ts';
import { formsOf, minFormLength, partsOf } from './forms.ts';

/** `[start, end)` of a text. */
export type Span = readonly [number, number];

/** Finds any form of some secrets in a text. */
export interface Matcher {
  /** False: no form is in it, escaped or cut. Cheap, as nearly every text is asked and nearly none has to be searched. */
  needsSearch(text: string): boolean;
  /** Where forms are, escapes not undone; also the beginning of one that was cut (`…`). They may overlap. */
  find(text: string): Span[];
  /** Whether it stands in an identifier, where a short secret counts as a whole word only: numbers and names hold anything by chance. */
  isInIdentifier(text: string): boolean;
  /** Adds the forms of another secret. */
  add(secret: string): void;
}

/** The mark that Jobyard and some vendors end a cut text with. */
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
        // A run is walked once, however often the form is in it.
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

/** The whole of the Base64 text around: what its other characters would tell of the secret's ends, and padding. */
function wholeRun(text: string, [start, end]: Span): Span {
  const isPart = (at: number): boolean => /^[A-Za-z0-9+/_-]$/.test(text.charAt(at));
  let first = start;
  while (isPart(first - 1)) first -= 1;
  let last = end;
  while (isPart(last)) last += 1;
  while (text[last] === '=') last += 1;
  return [first, last];
}

/** An escape of which the end was cut off. */
const cutEscape = /(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3})?|&#?[0-9a-z]{0,8})$/i;

/** Finds the beginning of a form at the end of a text. */
interface Beginnings {
  add(form: string): void;
  /** How many characters at the end of `text` are the first ones of a form, or 0. At least `minCutLength`. */
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

/** The beginnings of forms before each mark of a cut. */
function findCut(text: string, beginnings: Beginnings): Span[] {
  const spans: Span[] = [];
  // Between two marks, so that each character is looked at for one mark only.
  for (let from = 0, mark = text.indexOf(cutMark); mark >= 0; from = mark + 1, mark = text.indexOf(cutMark, from)) {
    const whole = text.slice(from, mark);
    for (const before of new Set([whole, whole.replace(cutEscape, '')])) {
      const length = beginnings.longestAtEnd(before);
      if (length > 0) spans.push([from + before.length - length, mark]);
    }
  }
  return spans;
}

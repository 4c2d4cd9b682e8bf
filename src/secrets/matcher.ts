import { mayBeEscaped } from './decodings.ts';
import { type Form, formsOf, minFormLength, partsOf } from './forms.ts';

/** `[start, end)` of a text. */
export type Span = readonly [number, number];

/** Finds any form of some secrets in a text. */
export interface Matcher {
  /** False: certainly no form is in it, escaped or cut. Cheap, as nearly every text is asked and nearly none has to be searched. */
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
/** Groups of three characters are hashed into so many places. */
const tableSize = 16_384;

export function createMatcher(secrets: Iterable<string> = []): Matcher {
  const forms = new Map<string, Form>();
  const words = new Set<string>();
  // Of each form, the groups of three characters that one look at every `stride` characters can't miss.
  const groups = new Uint8Array(tableSize);
  let shortest = Number.POSITIVE_INFINITY;
  let stride = Number.POSITIVE_INFINITY;
  let minLength = Number.POSITIVE_INFINITY;
  let pattern: RegExp | null = null;
  let identifierPattern: RegExp | null = null;

  const addGroups = ({ text }: Form): void => {
    for (let at = 0; at < stride; at += 1) groups[hashGroup(text, at)] = 1;
  };

  const add = (secret: string): void => {
    for (const part of partsOf(secret)) if (part.length < minFormLength && part.trim() !== '') words.add(part);
    for (const form of formsOf(secret)) {
      if (forms.has(form.text)) continue;
      forms.set(form.text, form);
      const isShortest = form.text.length < shortest;
      shortest = Math.min(shortest, form.text.length);
      stride = shortest - 2;
      if (isShortest) {
        groups.fill(0);
        for (const known of forms.values()) addGroups(known);
      } else addGroups(form);
    }
    minLength = Math.min(shortest, ...Array.from(words, (word) => word.length));
    pattern = null;
    identifierPattern = null;
  };
  for (const secret of secrets) add(secret);

  const longestFirst = (): string[] => [...forms.keys()].sort((one, other) => other.length - one.length);

  return {
    add,
    needsSearch(text) {
      const { length } = text;
      // An escape is longer than what it stands for.
      if (length < minLength) return false;
      for (let at = 0; at < length - 2; at += stride) if (groups[hashGroup(text, at)] === 1) return true;
      if (words.size > 0) for (const word of words) if (text.includes(word)) return true;
      return needsDecoding.test(text);
    },
    find(text) {
      pattern ??= new RegExp([...longestFirst().map(escapePattern), ...[...words].map(wholeWord)].join('|') || '(?!)', 'gu');
      const spans: Span[] = [];
      let lastRun: Span = [0, 0];
      pattern.lastIndex = 0;
      for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
        const span: Span = [match.index, match.index + match[0].length];
        if (!forms.get(match[0])?.isBase64) spans.push(span);
        // A run is walked once, however often the form is in it.
        else if (span[1] > lastRun[1]) {
          lastRun = wholeRun(text, span);
          spans.push(lastRun);
        }
        // Forms may overlap. Not into the middle of a character, from where it would be found again.
        pattern.lastIndex = match.index + ((text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1);
      }
      if (text.includes(cutMark)) spans.push(...findCut(text, [...forms.keys()]));
      return spans;
    },
    isInIdentifier(text) {
      identifierPattern ??= new RegExp(
        [
          ...longestFirst().map((form) => (form.length < minIdentifierLength ? wholeWord(form) : escapePattern(form))),
          ...[...words].map(wholeWord),
        ].join('|') || '(?!)',
        'u',
      );
      return identifierPattern.test(text);
    },
  };
}

function hashGroup(text: string, at: number): number {
  return ((text.charCodeAt(at) * 61 + text.charCodeAt(at + 1)) * 61 + text.charCodeAt(at + 2)) & (tableSize - 1);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function wholeWord(text: string): string {
  return `(?<![\\p{L}\\p{N}])${escapePattern(text)}(?![\\p{L}\\p{N}])`;
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

/** The beginnings of forms before each mark of a cut. */
function findCut(text: string, forms: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (let mark = text.indexOf(cutMark); mark >= 0; mark = text.indexOf(cutMark, mark + 1)) {
    const whole = text.slice(0, mark);
    for (const before of new Set([whole, whole.replace(cutEscape, '')])) {
      for (const form of forms) {
        const length = longestBeginning(form, before);
        if (length >= minCutLength) spans.push([before.length - length, mark]);
      }
    }
  }
  return spans;
}

/** How many of the form's first characters the text ends with. */
function longestBeginning(form: string, text: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= minCutLength; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

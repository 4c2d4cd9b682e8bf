// Keeping secrets out of whatever Jobyard shows, in every form in which a vendor may repeat them.

import { type Decoded, decodingsOf, mayBeEscaped } from './decodings.ts';
import { createMatcher, cutMark, type Matcher, type Span } from './matcher.ts';

/** Takes secrets out of what Jobyard shows, in every form in which a vendor may have sent them back. */
export interface Redactor {
  /** The text with `…` in the place of each form of each secret. */
  redactText(text: string): string;
  /** A copy of JSON data without secrets in texts, names and numbers; the value itself if there is none. */
  redactData(value: unknown): unknown;
  /** Whether a text that can't be changed, as it names something, holds a secret. Of fewer than 8 characters only whole words count. */
  isInIdentifier(text: string): boolean;
  /** Keeps this secret out from now on, until the process ends. */
  add(secret: string): void;
  /** The same for one that comes and goes, as sessions do: the latest 100 are kept. */
  learn(secret: string): void;
  /** One that also keeps out a secret which must not be kept: a caller's own. */
  with(secret: string): Redactor;
}

const maxLearned = 100;
const redacted = cutMark;
/** Deeper data is stood in for by a text. */
const maxDepth = 200;
/** Of longer texts with escapes the rest is left out: nothing that Jobyard shows is as long. */
const maxEscapedLength = 100_000;

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const lasting = new Set(secrets);
  const learned = new Set<string>();
  let matcher = createMatcher(lasting);

  const learn = (secret: string): void => {
    if (learned.has(secret)) return;
    learned.add(secret);
    if (learned.size <= maxLearned) {
      matcher.add(secret);
      return;
    }
    // Rarely, as the matcher forgets nothing by itself.
    for (const oldest of [...learned].slice(0, maxLearned / 2)) learned.delete(oldest);
    matcher = createMatcher([...lasting, ...learned]);
  };
  const own: Redactor = {
    ...createViews(
      (text) => matcher.needsSearch(text),
      () => [matcher],
    ),
    add(secret) {
      if (lasting.has(secret)) return;
      lasting.add(secret);
      matcher.add(secret);
    },
    learn,
    with(secret) {
      const further = createMatcher([secret]);
      const views = createViews(
        (text) => matcher.needsSearch(text) || further.needsSearch(text),
        () => [matcher, further],
      );
      return { ...own, ...views };
    },
  };
  return own;
}

function createViews(
  needsSearch: (text: string) => boolean,
  matchers: () => readonly Matcher[],
): Pick<Redactor, 'redactText' | 'redactData' | 'isInIdentifier'> {
  const redactText = (text: string): string => (needsSearch(text) ? search(text) : text);

  const search = (whole: string): string => {
    const isTooLong = whole.length > maxEscapedLength && mayBeEscaped.test(whole);
    const text = isTooLong ? `${whole.slice(0, maxEscapedLength)}${cutMark}` : whole;
    const spans = decodingsOf(text).flatMap((decoded) => matchers().flatMap((matcher) => findIn(decoded, matcher)));
    return spans.length === 0 ? text : replaceSpans(text, spans);
  };

  const isInIdentifier = (text: string): boolean =>
    needsSearch(text) && decodingsOf(text).some(({ text: decoded }) => matchers().some((matcher) => matcher.isInIdentifier(decoded)));

  const redactData = (value: unknown, depth = 0): unknown => {
    if (typeof value === 'string') return redactText(value);
    if (typeof value === 'number' || typeof value === 'bigint') return isInIdentifier(String(value)) ? redacted : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > maxDepth) return '(not shown: nested too deep)';
    if (Array.isArray(value)) return value.map((item) => redactData(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [redactText(name), redactData(field, depth + 1)]));
  };

  return { redactText, redactData: (value) => redactData(value), isInIdentifier };
}

/** A line of the log, in JSON, as one whole line without secrets: in a text that was replaced or cut as a whole the JSON could end early. */
export function redactLogLine(line: string, redactor: Redactor): string {
  if (redactor.redactText(line) === line) return line;
  return `${JSON.stringify(redactor.redactData(JSON.parse(line)))}\n`;
}

/** Where forms are in the text as it came. */
function findIn({ text, origins }: Decoded, matcher: Matcher): Span[] {
  const spans = matcher.find(text);
  if (!origins) return spans;
  return spans.map(([start, end]) => [origins.starts[start] ?? 0, origins.ends[end - 1] ?? 0]);
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = '';
  let copiedTo = 0;
  /** The mark of a cut that follows a form that was cut is left out. */
  const copy = (to: number): string => {
    const from = copiedTo > 0 && copiedTo < to && text.startsWith(cutMark, copiedTo) ? copiedTo + cutMark.length : copiedTo;
    return text.slice(from, to);
  };
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    // Overlapping or touching: one mark for both.
    if (start > copiedTo || copiedTo === 0) result += `${copy(start)}${redacted}`;
    copiedTo = Math.max(copiedTo, end);
  }
  return result + copy(text.length);
}

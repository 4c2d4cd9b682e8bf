// Secrets: keeps secrets out of everything that Jobyard shows, in every form in which a vendor may repeat them.

import { type Decoded, decodingsOf, mayBeEscaped } from './decodings.ts';
import { createMatcher, cutMark, type Matcher, type Span } from './matcher.ts';

/** Removes secrets from what Jobyard shows, in every form in which a vendor may return them. */
export interface Redactor {
  /** The text with `…` for each form of each secret. */
  redactText(text: string): string;
  /** A copy of JSON data without secrets in texts, names, and numbers; the value itself if it contains none. */
  redactData(value: unknown): unknown;
  /** Whether an unchangeable text, such as an ID, contains a secret. Secrets of fewer than 8 characters count as whole words only. */
  isInIdentifier(text: string): boolean;
  /** Redacts this secret until the process ends. */
  add(secret: string): void;
  /** The same for short-lived secrets, such as sessions: the latest 100 are kept. */
  learn(secret: string): void;
  /**
   * The same, with the latest 100 of each source, such as a system's sessions: a vendor can return any number, and must not make Jobyard forget a
   * session that is in use. Default: `learn`.
   */
  learnFrom?(source: string, secret: string): void;
  /** A redactor that also removes a secret that must not be kept: a caller's own. */
  with(secret: string): Redactor;
}

const maxLearned = 100;
const redacted = cutMark;
/** Deeper data is replaced by a text. */
const maxDepth = 200;
/** Longer texts with escapes are truncated: Jobyard shows no text of this length. */
const maxEscapedLength = 100_000;

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const lasting = new Set(secrets);
  const learned = new Map<string, Set<string>>();
  let matcher = createMatcher(lasting);

  const learnFrom = (source: string, secret: string): void => {
    const ofSource = learned.get(source) ?? new Set();
    learned.set(source, ofSource);
    const isKnown = ofSource.delete(secret);
    // The latest again.
    ofSource.add(secret);
    if (isKnown) return;
    if (ofSource.size <= maxLearned) {
      matcher.add(secret);
      return;
    }
    // Rebuilt rarely, because the matcher can't remove a single secret.
    for (const oldest of [...ofSource].slice(0, maxLearned / 2)) ofSource.delete(oldest);
    matcher = createMatcher([...lasting, ...[...learned.values()].flatMap((secretsOfOne) => [...secretsOfOne])]);
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
    learn: (secret) => learnFrom('', secret),
    learnFrom,
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

/** Redacts a JSON log line as a whole: replacing or truncating within the text could end the JSON early. */
export function redactLogLine(line: string, redactor: Redactor): string {
  if (redactor.redactText(line) === line) return line;
  return `${JSON.stringify(redactor.redactData(JSON.parse(line)))}\n`;
}

/** The positions of forms in the original text. */
function findIn({ text, origins }: Decoded, matcher: Matcher): Span[] {
  const spans = matcher.find(text);
  if (!origins) return spans;
  return spans.map(([start, end]) => [origins.starts[start] ?? 0, origins.ends[end - 1] ?? 0]);
}

function replaceSpans(text: string, spans: readonly Span[]): string {
  let result = '';
  let copiedTo = 0;
  /** Omits the mark that follows a truncated form. */
  const copy = (to: number): string => {
    const from = copiedTo > 0 && copiedTo < to && text.startsWith(cutMark, copiedTo) ? copiedTo + cutMark.length : copiedTo;
    return text.slice(from, to);
  };
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    // Overlapping or adjacent: one mark for both.
    if (start > copiedTo || copiedTo === 0) result += `${copy(start)}${redacted}`;
    copiedTo = Math.max(copiedTo, end);
  }
  return result + copy(text.length);
}

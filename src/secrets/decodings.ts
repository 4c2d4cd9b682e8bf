/** A text after some escapes were decoded. */
export interface Decoded {
  text: string;
  /** The start and end of each UTF-16 unit in the original text. Null: this is the original text. */
  origins: Origins | null;
}

interface Origins {
  starts: readonly number[];
  ends: readonly number[];
}

/** The characters that may start an escape, and the mark of a truncated text. */
export const mayBeEscaped = /[\\%&]/;

/** The maximum depth of escapes in escapes: a response may quote a request that quotes another. */
const maxDepth = 4;
/** The maximum number of decoded texts per original text, and of their characters: few texts have more than one kind of escape. */
const maxTexts = 64;
const maxUnits = 1_000_000;

type Decoding = (match: RegExpExecArray) => string | null;

/** Each pattern finds one kind of escape. Kinds are decoded one at a time, as decoding one may produce another. */
const decodings: readonly { pattern: RegExp; decode: Decoding }[] = [
  { pattern: /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|(["'\\/bfnrt]))/gi, decode: decodeBackslash },
  { pattern: /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi, decode: decodePercent },
  { pattern: /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos|sol|bsol|percnt|equals|plus|colon|nbsp));?/gi, decode: decodeEntity },
];

/** The text and its possible originals before escaping: as JSON, in a URL or form, in HTML or XML, and in any order of these. */
export function decodingsOf(text: string): Decoded[] {
  const all: Decoded[] = [{ text, origins: null }];
  if (!mayBeEscaped.test(text)) return all;
  const seen = new Set([text]);
  const max = Math.min(maxTexts, Math.ceil(maxUnits / text.length));
  let newest = all;
  for (let depth = 0; depth < maxDepth && newest.length > 0; depth += 1) {
    const found: Decoded[] = [];
    for (const from of newest) {
      for (const decoding of decodings) {
        const decoded = undo(from, decoding);
        if (!decoded || seen.has(decoded.text) || seen.size > max) continue;
        seen.add(decoded.text);
        found.push(decoded);
      }
    }
    all.push(...found);
    newest = found;
  }
  return all;
}

function undo({ text, origins }: Decoded, { pattern, decode }: { pattern: RegExp; decode: Decoding }): Decoded | null {
  const starts: number[] = [];
  const ends: number[] = [];
  let decodedText = '';
  let copiedTo = 0;
  /** The units of `piece` come from the range of `text`. */
  const add = (piece: string, from: number, to: number): void => {
    for (let unit = 0; unit < piece.length; unit += 1) {
      starts.push(origins?.starts[from] ?? from);
      ends.push(origins?.ends[to - 1] ?? to);
    }
    decodedText += piece;
  };
  const copy = (to: number): void => {
    for (; copiedTo < to; copiedTo += 1) add(text.charAt(copiedTo), copiedTo, copiedTo + 1);
  };
  for (const match of text.matchAll(pattern)) {
    const decoded = decode(match);
    if (decoded === null) continue;
    copy(match.index);
    for (const character of decoded) {
      const length = match[0].length === 3 * decoded.length ? 3 : lengthOf(character, match[0]);
      add(character, copiedTo, copiedTo + length);
      if (isRun(match[0])) copiedTo += length;
    }
    copiedTo = match.index + match[0].length;
  }
  if (copiedTo === 0) return null;
  copy(text.length);
  return { text: decodedText, origins: { starts, ends } };
}

/** In a run of `%XX`, each character comes from its own bytes; in anything else, from the whole escape. */
function lengthOf(character: string, escaped: string): number {
  return isRun(escaped) ? 3 * Buffer.byteLength(character) : escaped.length;
}

function isRun(escaped: string): boolean {
  return /^%[^u]/i.test(escaped);
}

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function decodeBackslash([, unit, point, byte, short]: RegExpExecArray): string | null {
  if (short !== undefined) return shortEscapes[short.toLowerCase()] ?? short;
  return unit !== undefined ? String.fromCharCode(Number.parseInt(unit, 16)) : fromPoint(Number.parseInt(point ?? byte ?? '', 16));
}

function decodePercent([run, unit]: RegExpExecArray): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  try {
    return decodeURIComponent(run);
  } catch {
    // Not UTF-8: each byte is a Latin-1 character.
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  bsol: '\\',
  percnt: '%',
  equals: '=',
  plus: '+',
  colon: ':',
  nbsp: ' ',
};

function decodeEntity([, hex, decimal, name]: RegExpExecArray): string | null {
  if (name !== undefined) return entities[name.toLowerCase()] ?? null;
  return fromPoint(hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10));
}

function fromPoint(point: number): string | null {
  return point <= 0x10ffff ? String.fromCodePoint(point) : null;
}

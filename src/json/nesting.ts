import { backslash, braceBit, closingBrace, openingBrace, openingBracket, quote } from './characters.ts';

/** The maximum levels of arrays and objects in callers' JSON. Ordinary variables have about ten. */
export const maxCallerNesting = 100;
/** The maximum levels of arrays and objects in JSON from vendors and identity providers. */
export const maxVendorNesting = 250;

/** The rest of a longer string is skipped with a native search. */
const longString = 64;

/**
 * Whether arrays and objects are nested in more than `maxDepth` levels, in UTF-8 or as text. Call it before every JSON.parse of external text:
 * V8 parses deep nesting ten times slower than other JSON, and code that walks the value recurses.
 * Text with at most `maxDepth` opening brackets, such as one job, costs almost nothing; other text one linear pass without recursion, which takes a
 * third to a half of the time of JSON.parse. For text that is not JSON, the result is undefined.
 */
export function isNestedTooDeep(json: string | Uint8Array, maxDepth: number): boolean {
  if (json.length <= maxDepth || hasFewBrackets(json, maxDepth)) return false;
  // Encoding the text and reading bytes is faster than reading the characters of a string.
  return scan(typeof json === 'string' ? Buffer.from(json) : json, maxDepth);
}

function hasFewBrackets(json: string | Uint8Array, max: number): boolean {
  let count = 0;
  for (const bracket of ['[', '{']) {
    const find = (from: number): number =>
      typeof json === 'string' ? json.indexOf(bracket, from) : json.indexOf(bracket.charCodeAt(0), from);
    for (let at = find(0); at >= 0; at = find(at + 1)) {
      count += 1;
      if (count > max) return false;
    }
  }
  return true;
}

function scan(bytes: Uint8Array, maxDepth: number): boolean {
  const { length } = bytes;
  let depth = 0;
  for (let at = 0; at < length; at += 1) {
    // Within the array.
    const byte = bytes[at] as number;
    if (byte === quote) {
      at = endOfString(bytes, at + 1) - 1;
    } else if (byte >= openingBracket) {
      const brace = byte | braceBit;
      if (brace === openingBrace) {
        depth += 1;
        if (depth > maxDepth) return true;
      } else if (brace === closingBrace) depth -= 1;
    }
  }
  return false;
}

/** The index after the closing quote of the string whose first character is at `from`; the length of the bytes if there is none. */
export function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  for (const to = Math.min(bytes.length, from + longString); at < to; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  for (;;) {
    const found = bytes.indexOf(quote, at);
    if (found < 0) return bytes.length;
    let backslashes = 0;
    while (found - backslashes > at && bytes[found - backslashes - 1] === backslash) backslashes += 1;
    at = found + 1;
    if (backslashes % 2 === 0) return at;
  }
}

/** The most levels of arrays and objects in JSON that callers send. Their variables have about ten. */
export const maxCallerNesting = 100;
/** The most levels of arrays and objects in JSON that vendors and identity providers send. */
export const maxVendorNesting = 250;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBracket = 0x5b;
/** Makes braces of brackets, and leaves braces as they are. */
const braceBit = 0x20;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * Whether arrays and objects are nested in more than `maxDepth` levels, in UTF-8 or as text. Must come before every JSON.parse of text
 * that others sent: V8 parses deep nesting ten times slower than other JSON, and code that walks the value recurses.
 * One linear pass without recursion; of an ordinary vendor response about a quarter of the time of JSON.parse. Text that is not JSON
 * gets either answer.
 */
export function isNestedTooDeep(json: string | Uint8Array, maxDepth: number): boolean {
  if (json.length <= maxDepth) return false;
  // Encoding the text and reading bytes is faster than reading the characters of a string.
  return scan(typeof json === 'string' ? Buffer.from(json) : json, maxDepth);
}

function scan(bytes: Uint8Array, maxDepth: number): boolean {
  const { length } = bytes;
  let depth = 0;
  for (let at = 0; at < length; at += 1) {
    let byte = bytes[at] as number;
    if (byte === quote) {
      for (at += 1; at < length; at += 1) {
        byte = bytes[at] as number;
        if (byte === quote) break;
        if (byte === backslash) at += 1;
      }
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

/** Whether JSON in UTF-8 certainly holds more than `maxValues` values: containers, and entries but the first of each. One linear pass. */
export function hasMoreValues(json: Uint8Array, maxValues: number): boolean {
  let values = 1;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (isInText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isInText = false;
    } else if (byte === quote) isInText = true;
    else if (byte === comma || (byte | braceBit) === openingBrace) {
      values += 1;
      if (values > maxValues) return true;
    }
  }
  return false;
}

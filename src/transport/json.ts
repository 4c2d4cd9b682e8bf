const longMember = /((?<!\\)"\s*:\s*)(-?[1-9][0-9]{15,})(?=\s*[,}])/g;
const bareLongDigits = /(?<!["0-9-])-?[0-9]{16}/;
const integer = /^-?[0-9]+$/;

/**
 * JSON.parse for vendors whose ids are 64-bit numbers: an integer that a JavaScript number can't hold exactly
 * arrives as a string of its digits. Returns undefined for text that is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return hasLongDigits(text) ? parseLongIntegers(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether 16 digits stand in a row. Looks at every 16th character first: a pattern, which looks at all, costs more than the parse. */
function hasLongDigits(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    if (!isDigit(text, at)) continue;
    let first = at;
    while (isDigit(text, first - 1)) first -= 1;
    let last = at;
    while (isDigit(text, last + 1)) last += 1;
    if (last - first >= 15) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function parseLongIntegers(text: string): unknown {
  // A reviver sees every value and costs many times the plain parse, so members of objects are quoted in the text first.
  const quoted = text.replace(longMember, (member, key, digits) => (Number.isSafeInteger(Number(digits)) ? member : `${key}"${digits}"`));
  try {
    return bareLongDigits.test(quoted) ? JSON.parse(quoted, keepLongIntegers) : JSON.parse(quoted);
  } catch {
    // Only the start of a string can look like a member (`": 1…,"`; further quotes are escaped), and quoted it is no JSON any more.
    return JSON.parse(text, keepLongIntegers);
  }
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source && integer.test(context.source) ? context.source : value;
}

/** A value that JSON.stringify writes as this bare integer, whatever its length. Throws on text that is no integer. */
export function jsonInteger(digits: string): unknown {
  const number = Number(digits);
  if (Number.isSafeInteger(number) && String(number) === digits) return number;
  if (!integer.test(digits)) throw new TypeError(`Not an integer: ${digits}`);
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(digits);
}

const longDigits = /[0-9]{16}/;
const longMember = /((?<!\\)"\s*:\s*)(-?[1-9][0-9]{15,})(?=\s*[,}])/g;
const bareLongDigits = /(?<!["0-9-])-?[0-9]{16}/;
const integer = /^-?[0-9]+$/;

/**
 * JSON.parse for vendors whose ids are 64-bit numbers: an integer that a JavaScript number can't hold exactly
 * arrives as a string of its digits. Returns undefined for text that is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return longDigits.test(text) ? parseLongIntegers(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
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
  if (!integer.test(digits)) throw new TypeError(`Not an integer: ${digits}`);
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(digits);
}

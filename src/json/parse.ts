/// <reference path="./raw-json.d.ts" />
// Parses external JSON: 64-bit integers, deep nesting, and large texts without blocking the event loop.

import { isNestedTooDeep, maxVendorNesting } from './nesting.ts';

const longMember = /(?<=(?<!\\)"\s*:\s*)-?[1-9][0-9]{15,}(?=\s*[,}])/y;
const integer = /^-?[0-9]+$/;
/** With so few digits that a JavaScript number represents it exactly. */
const shortInteger = /^(?:0|-?[1-9][0-9]{0,14})$/;

/**
 * JSON.parse for vendors with 64-bit IDs: an integer that a JavaScript number can't represent exactly becomes a string of its digits.
 * Returns undefined for text that is not JSON or has more than 250 levels of nesting.
 */
export function parseJson(text: string): unknown {
  return isNestedTooDeep(text, maxVendorNesting) ? undefined : parseUnnested(text);
}

/** `parseJson` for a text whose nesting was checked before. */
export function parseUnnested(text: string): unknown {
  try {
    return findLongDigits(text, 0) ? parseLongIntegers(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseLongIntegers(text: string): unknown {
  // A reviver is called for every value and takes many times as long as the parse, so members of objects are quoted in the text first.
  let quoted = '';
  let copiedTo = 0;
  let needsReviver = false;
  for (let found = findLongDigits(text, 0); found; found = findLongDigits(text, found.end)) {
    const start = text[found.start - 1] === '-' ? found.start - 1 : found.start;
    const digits = text.slice(start, found.end);
    const before = text[start - 1];
    if (Number.isSafeInteger(Number(digits)) || before === '"' || before === '.') continue;
    longMember.lastIndex = start;
    if (longMember.test(text)) {
      quoted += `${text.slice(copiedTo, start)}"${digits}"`;
      copiedTo = found.end;
    } else {
      needsReviver = true;
    }
  }
  quoted += text.slice(copiedTo);
  try {
    return needsReviver ? JSON.parse(quoted, keepLongIntegers) : JSON.parse(quoted);
  } catch {
    // Only the start of a string can be mistaken for a member (`": 1…,"`; other quotes are escaped), and the quotes made it invalid.
    return JSON.parse(text, keepLongIntegers);
  }
}

/** The next run of at least 16 digits. Checks every 16th character first: a regular expression, which checks all, takes longer than the parse. */
function findLongDigits(text: string, from: number): { start: number; end: number } | null {
  for (let at = from + 15; at < text.length; at += 16) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start -= 1;
    let end = at + 1;
    while (isDigit(text, end)) end += 1;
    if (end - start >= 16) return { start, end };
  }
  return null;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source && integer.test(context.source) ? context.source : value;
}

/** JSON.parse, except that JSON.stringify writes each number of the value as the text has it: `1.0`, and integers with any number of digits. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? JSON.rawJSON(context.source) : value,
  );
}

/** A value that JSON.stringify writes as this integer, with any number of digits. Throws if the text is not an integer. */
export function jsonInteger(digits: string): unknown {
  if (shortInteger.test(digits)) return Number(digits);
  if (!integer.test(digits)) throw new TypeError(`Not an integer: ${digits}`);
  return JSON.rawJSON(digits);
}

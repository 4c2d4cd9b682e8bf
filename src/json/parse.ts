// Reading JSON that others sent: long integers, deep nesting, and large texts without holding others up.

import { isNestedTooDeep, maxVendorNesting } from './nesting.ts';

const longMember = /(?<=(?<!\\)"\s*:\s*)-?[1-9][0-9]{15,}(?=\s*[,}])/y;
const integer = /^-?[0-9]+$/;
/** Of so few digits that a JavaScript number holds each. */
const shortInteger = /^(?:0|-?[1-9][0-9]{0,14})$/;

/**
 * JSON.parse for vendors whose ids are 64-bit numbers: an integer that a JavaScript number can't hold exactly
 * arrives as a string of its digits. Returns undefined for text that is not JSON or is nested in more than 250 levels.
 */
export function parseJson(text: string): unknown {
  return isNestedTooDeep(text, maxVendorNesting) ? undefined : parseUnnested(text);
}

/** `parseJson` for a text whose nesting was looked at before. */
export function parseUnnested(text: string): unknown {
  try {
    return findLongDigits(text, 0) ? parseLongIntegers(text) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseLongIntegers(text: string): unknown {
  // A reviver sees every value and costs many times the plain parse, so members of objects are quoted in the text first.
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
    // Only the start of a string can look like a member (`": 1…,"`; further quotes are escaped), and quoted it is no JSON any more.
    return JSON.parse(text, keepLongIntegers);
  }
}

/** The next 16 digits or more in a row. Looks at every 16th character first: a pattern, which looks at all, costs more than the parse. */
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

/** A value that JSON.stringify writes as this bare integer, whatever its length. Throws on text that is no integer. */
export function jsonInteger(digits: string): unknown {
  if (shortInteger.test(digits)) return Number(digits);
  if (!integer.test(digits)) throw new TypeError(`Not an integer: ${digits}`);
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(digits);
}

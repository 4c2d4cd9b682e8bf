import type { ListedJob, OddRow } from '../jobs/adapter.ts';
import { createProblem } from '../jobs/problem.ts';
import { isNumber, isText } from './optional-field.ts';

/** The required content of a field in a vendor's list row. */
export interface FieldRule {
  /** The name of the field on the wire. */
  name: string;
  /** For messages: `text`. */
  expected: string;
  isOfKind: (value: unknown) => boolean;
  /** Whether the vendor may omit the field or send null. */
  optional: boolean;
}

/** A field that always contains text. */
export function requiredText(name: string): FieldRule {
  return { name, expected: 'text', isOfKind: isText, optional: false };
}

export function optionalText(name: string): FieldRule {
  return { name, expected: 'text', isOfKind: isText, optional: true };
}

export function optionalNumber(name: string): FieldRule {
  return { name, expected: 'a number', isOfKind: isNumber, optional: true };
}

/** A 64-bit integer, which vendors send as a number or as text. */
export function optionalInteger(name: string): FieldRule {
  return { name, expected: 'a number or its digits', isOfKind: isInteger, optional: true };
}

function isInteger(value: unknown): boolean {
  return isNumber(value) || (isText(value) && /^-?\d+$/.test(value));
}

/** The first rule that the row breaks, or null. Called for each row of each list, so it only checks types. */
export function findBrokenRule(row: Readonly<Record<string, unknown>>, rules: readonly FieldRule[]): FieldRule | null {
  for (const rule of rules) if (isBroken(rule, row[rule.name])) return rule;
  return null;
}

export function isBroken({ optional, isOfKind }: FieldRule, value: unknown): boolean {
  return value === undefined || value === null ? !optional : !isOfKind(value);
}

/** `job`: the usable part of the row, with null for the field. */
export function createOddRow(systemId: string, { name, expected }: FieldRule, value: unknown, job: ListedJob): OddRow {
  const message = `${systemId} returned an invalid row: ${name} of job ${job.vendorId} is ${describeValue(value)}, expected ${expected}.`;
  return { problem: createProblem('INVALID_VENDOR_RESPONSE', message), job };
}

/** A row without a usable ID. `index` counts from 0 within the vendor's response. */
export function createRowWithoutId(systemId: string, name: string, index: number, value: unknown): OddRow {
  const message = `${systemId} returned an invalid row: ${name} of row ${index + 1} is ${describeValue(value)}, expected an ID. The row is omitted.`;
  return { problem: createProblem('INVALID_VENDOR_RESPONSE', message), job: null };
}

/** `missing`, `null`, or the first 60 characters of the value as JSON. */
function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = toJson(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // Nested too deep to serialize.
    return Array.isArray(value) ? 'a list' : 'an object';
  }
}

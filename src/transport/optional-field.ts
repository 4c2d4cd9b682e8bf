import { z } from 'zod';

/**
 * A field of a vendor's response that Jobyard can do without: absent stays absent, and a value of another type counts as null, so that it
 * doesn't cost a page of jobs. One step for zod, where `.nullish().catch(null)` takes four for each field of each row.
 */
export function optionalField<Value>(isOfKind: (value: unknown) => value is Value) {
  return z.transform((value: unknown) => (value === undefined || isOfKind(value) ? value : null));
}

/** The same for rows that are read without zod: only some of a row's many fields are used. */
export function textOrNull(value: unknown): string | null {
  return isText(value) ? value : null;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** A 64-bit integer, sent as a number or as text. */
export function isNumberOrText(value: unknown): value is number | string {
  return isText(value) || isNumber(value);
}

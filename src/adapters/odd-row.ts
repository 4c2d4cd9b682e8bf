import { createProblem, type Problem } from '../jobs/problem.ts';

/** A field of a list's row that is not of the documented type. */
export interface OddField {
  /** The vendor's name of the field. */
  field: string;
  /** The documented type: `text`. */
  expected: string;
  value: unknown;
}

/**
 * Why a row of a list can't be shown as the vendor sent it. `vendorId`: null if the row has no usable id.
 * Example: `kylin sent an odd row in its list: job_name of job 6c1f0a34 is 7, expected text.`
 */
export function describeOddRow(systemId: string, vendorId: string | null, { field, expected, value }: OddField): Problem {
  const owner = vendorId === null ? 'a row' : `job ${vendorId}`;
  return createProblem(
    'BAD_VENDOR_ANSWER',
    `${systemId} sent an odd row in its list: ${field} of ${owner} is ${quote(value)}, expected ${expected}.`,
  );
}

const longestQuote = 60;

/** A few words for a value of any size and depth. */
function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > longestQuote ? `${value.slice(0, longestQuote - 1)}…` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return value === undefined ? 'missing' : String(value);
}

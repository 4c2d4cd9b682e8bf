import type { ListedJob, OddRow } from '../../../jobs/adapter.ts';
import type { LeftOutFact } from '../../../jobs/job.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { isNumberOrText, isText } from '../../../transport/optional-field.ts';
import type { ReadDate } from './dates.ts';
import { fromRest, readCreatedAt, toVaultId } from './map.ts';
import type { VaultFields } from './wire.ts';

/**
 * A row of monitors or histories: the job, or what can be shown of a row that breaks the contract of the Vault API Reference.
 * `leftOut`: what another way of reading shows.
 */
export function toListRow(systemId: string, row: unknown, readDate: ReadDate, leftOut: readonly LeftOutFact[] = []): ListedJob | OddRow {
  if (!isFields(row)) return { job: null, problem: oddRow(systemId, 'a row', 'an object', row) };
  const vendorId = toVaultId(row.job_id);
  if (vendorId === null) return { job: null, problem: oddRow(systemId, 'job_id of a row', 'a whole number', row.job_id) };
  const job: ListedJob = {
    vendorId,
    createdAtMs: readCreatedAt(row, readDate)?.getTime() ?? null,
    toFields: () => ({ ...fromRest(vendorId, row, readDate), ...(leftOut.length > 0 && { leftOut }) }),
  };
  const problem = findOddity(systemId, vendorId, row, job);
  return problem === null ? job : { job, problem };
}

export function isFields(value: unknown): value is VaultFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function findOddity(systemId: string, vendorId: string, row: VaultFields, job: ListedJob): Problem | null {
  const { status, title, created_by: owner, created_date: created } = row;
  const odd = (field: string, expected: string, value: unknown): Problem =>
    oddRow(systemId, `${field} of job ${vendorId}`, expected, value);
  if (!isText(status)) return odd('status', 'text', status);
  if (title != null && !isText(title)) return odd('title', 'text', title);
  if (owner != null && !isNumberOrText(owner)) return odd('created_by', 'a user id', owner);
  if (created != null && job.createdAtMs === null) return odd('created_date', 'a date', created);
  return null;
}

const maxQuote = 80;

function oddRow(systemId: string, what: string, expected: string, value: unknown): Problem {
  return createProblem(
    'INVALID_VENDOR_RESPONSE',
    `${systemId} sent an odd row in its list: ${what} is ${describe(value)}, expected ${expected}.`,
  );
}

/** What came, for people: short, and without what is inside an object or a list. */
export function describe(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (isText(value)) return `the text "${value.slice(0, maxQuote)}${value.length > maxQuote ? '…' : ''}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}

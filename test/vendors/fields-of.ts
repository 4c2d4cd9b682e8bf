import { isOddRow, type ListedJob, type OddRow } from '../../src/jobs/adapter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import type { Problem } from '../../src/jobs/problem.ts';

/** The row with all fields of its job. */
export function fieldsOf(row: ListedJob | OddRow): JobFields | { problem: Problem; job: JobFields | null } {
  if (!isOddRow(row)) return fieldsOfListed(row);
  return { problem: row.problem, job: row.job && fieldsOfListed(row.job) };
}

/** Also checks what the core takes from the row itself. */
function fieldsOfListed(job: ListedJob): JobFields {
  const fields = job.toFields();
  const { vendorId, createdAt } = fields;
  if (vendorId !== job.vendorId) throw new Error(`The row is of ${job.vendorId}, its fields of ${vendorId}`);
  const createdAtMs = createdAt?.getTime() ?? null;
  if (createdAtMs !== job.createdAtMs) throw new Error(`The row was created at ${job.createdAtMs}, by its fields at ${createdAtMs}`);
  return fields;
}

import type { ListedJob } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';

/** A row that was read by ID. */
export interface ReadRow extends ListedJob {
  copy: Job;
}

/** The copy of a row that was read by ID, which may be stale. Null for the row of a vendor's list. */
export function copyOf(row: ListedJob): Job | null {
  return 'copy' in row ? (row as ReadRow).copy : null;
}

/** A row with a copy that was read by ID. */
export function toRow(copy: Job): ReadRow {
  return { vendorId: copy.vendorId, createdAtMs: copy.createdAt?.getTime() ?? null, toFields: () => copy, copy };
}

import type { JobOrder, ListedJob, OrderField } from '../jobs/adapter.ts';
import { durationSecondsOf } from '../jobs/duration.ts';
import { displayName, foldText } from '../jobs/filter.ts';
import { type JobFields, jobStatuses } from '../jobs/job.ts';
import { toName } from '../jobs/vendor-facts.ts';

/** What jobs are sorted by: the times that vendors can sort by, and facts that only Jobyard sorts by. */
export type SortField = OrderField | 'UPDATED_AT' | 'NAME' | 'STATUS' | 'DURATION';

export interface SortOrder {
  field: SortField;
  direction: JobOrder['direction'];
}

/** What a job is sorted by: epoch milliseconds, seconds, the place of its status, or its name. Null if the job doesn't have it. */
export type SortKey = number | string | null;

const vendorFields: ReadonlySet<SortField> = new Set<OrderField>(['CREATED_AT', 'STARTED_AT', 'FINISHED_AT']);

/** The order that a vendor may apply. Null: Jobyard sorts, so any order will do. */
export function toVendorOrder(order: SortOrder | null): JobOrder | null {
  return order !== null && isVendorOrder(order) ? order : null;
}

function isVendorOrder(order: SortOrder): order is JobOrder {
  return vendorFields.has(order.field);
}

export function sortKeyOf(listed: ListedJob, { field }: Pick<SortOrder, 'field'>): SortKey {
  return field === 'CREATED_AT' ? listed.createdAtMs : keyOf(listed.toFields(), { field });
}

/** As `sortKeyOf`, for a time that vendors can sort by. */
export function timeOf(listed: ListedJob, { field }: Pick<JobOrder, 'field'>): number | null {
  if (field === 'CREATED_AT') return listed.createdAtMs;
  const { startedAt, finishedAt } = listed.toFields();
  return (field === 'STARTED_AT' ? startedAt : finishedAt)?.getTime() ?? null;
}

/** The key of a job whose fields were made. */
export function keyOf(job: JobFields, { field }: Pick<SortOrder, 'field'>): SortKey {
  switch (field) {
    case 'CREATED_AT':
      return job.createdAt?.getTime() ?? null;
    case 'STARTED_AT':
      return job.startedAt?.getTime() ?? null;
    case 'FINISHED_AT':
      return job.finishedAt?.getTime() ?? null;
    case 'UPDATED_AT':
      return job.updatedAt?.getTime() ?? null;
    case 'DURATION':
      return durationSecondsOf(job);
    case 'STATUS':
      return jobStatuses.indexOf(job.status);
    case 'NAME':
      return toNameKey(displayName(job));
  }
}

/** Each cursor contains a key. */
const maxNameKey = 100;

/** Letters without their case, composed, and no language's own alphabet, so that all replicas have the same order. */
function toNameKey(name: string): string {
  return foldText(toName(name) ?? '')
    .slice(0, maxNameKey)
    .toWellFormed();
}

/** Negative if `a` comes first. Nulls come last in both directions. */
export function compareKeys(a: SortKey, b: SortKey, direction: SortOrder['direction']): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === (direction === 'ASC') ? -1 : 1;
}

/** A time as a number that grows along the order. A job without the time comes after every rank. */
export function toRank(timeMs: number, direction: SortOrder['direction']): number {
  return direction === 'ASC' ? timeMs : -timeMs;
}

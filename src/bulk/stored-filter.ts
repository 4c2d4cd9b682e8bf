import { createHash } from 'node:crypto';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { toCursorBinding } from '../listing/cursor.ts';

/** A filter from its stored JSON, which only Jobyard writes, from a value of this type. */
export function fromStoredFilter(value: unknown): JobFilter {
  const filter = { ...(value as JobFilter) };
  for (const bound of timeBounds) {
    const time = filter[bound];
    if (time) filter[bound] = new Date(time);
  }
  return filter;
}

/** JSON has them as text. */
const timeBounds = ['createdFrom', 'createdTo', 'finishedFrom', 'finishedTo'] as const;

/** The same text for the same action and equivalent filters. */
export function bindAction(action: JobAction, filter: JobFilter): string {
  return `${action} ${toCursorBinding(filter, { field: 'CREATED_AT', direction: 'DESC' })}`;
}

export function hashOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

import { createHash } from 'node:crypto';
import type { JobFilter } from '../jobs/filter.ts';
import type { JobAction } from '../jobs/job.ts';
import { toCursorBinding } from '../listing/cursor.ts';

/** A filter from its stored JSON. */
export function fromStoredFilter(value: unknown): JobFilter {
  const { createdFrom, createdTo, ...rest } = value as Omit<JobFilter, 'createdFrom' | 'createdTo'> & {
    createdFrom?: string | null;
    createdTo?: string | null;
  };
  return { ...rest, createdFrom: createdFrom ? new Date(createdFrom) : null, createdTo: createdTo ? new Date(createdTo) : null };
}

/** The same text for the same action and equivalent filters. */
export function bindAction(action: JobAction, filter: JobFilter): string {
  return `${action} ${toCursorBinding(filter, { field: 'CREATED_AT', direction: 'DESC' })}`;
}

export function hashOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

import type { BulkRowFragment } from '../api/generated/graphql.ts';

/** The list, newest first, after a bulk operation has started or changed. At most `max` are left. */
export function withOperation(operations: readonly BulkRowFragment[], changed: BulkRowFragment, max: number): readonly BulkRowFragment[] {
  if (operations.some(({ id }) => id === changed.id)) return operations.map((each) => (each.id === changed.id ? changed : each));
  const older = operations.findIndex(({ createdAt }) => createdAt <= changed.createdAt);
  return operations.toSpliced(older < 0 ? operations.length : older, 0, changed).slice(0, max);
}

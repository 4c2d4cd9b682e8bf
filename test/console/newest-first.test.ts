import { expect, test } from 'vitest';
import type { BulkRowFragment } from '../../console/src/api/generated/graphql.ts';
import { withOperation } from '../../console/src/bulk/newest-first.ts';

const counts = { selected: 1, pending: 1, succeeded: 0, failed: 0, unknown: 0 };
/** `started`: the second of the start, and the ID. */
const operation = (started: number, status: BulkRowFragment['status'] = 'RUNNING'): BulkRowFragment => ({
  ...{ id: String(started), action: 'CANCEL', reason: 'test', startedBy: 'key:ann', status, counts, finishedAt: null },
  createdAt: `2026-03-02T18:14:0${started}.000Z`,
});
const list = [operation(8), operation(6), operation(4)];
const idsAfter = (changed: BulkRowFragment, max = 10) => withOperation(list, changed, max).map(({ id }) => id);

test('an operation that has started is listed by its start, and the oldest one makes room', () => {
  expect(idsAfter(operation(9))).toEqual(['9', '8', '6', '4']);
  expect(idsAfter(operation(5))).toEqual(['8', '6', '5', '4']);
  expect(idsAfter(operation(2))).toEqual(['8', '6', '4', '2']);
  expect(idsAfter(operation(9), 3)).toEqual(['9', '8', '6']);
  // An old one that is retried.
  expect(idsAfter(operation(2), 3)).toEqual(['8', '6', '4']);
  expect(withOperation([], operation(1), 3)).toEqual([operation(1)]);
});

test('an operation that has changed stays in its place', () => {
  expect(withOperation(list, operation(6, 'SUCCEEDED'), 3)).toEqual([operation(8), operation(6, 'SUCCEEDED'), operation(4)]);
});

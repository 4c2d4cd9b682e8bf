import { expect, test } from 'vitest';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import { listJobs } from '../../src/listing/list-jobs.ts';
import { callOf, connectMemory, jobFields, type MemoryList, memoryList } from '../jobs/memory-adapter.ts';

const rowsFrom = (startMs: number, count: number): MemoryList['rows'] =>
  Array.from({ length: count }, (_, spot) => ({
    spot,
    fields: jobFields(`job-${startMs + spot}`, { status: 'RUNNING', createdAt: new Date(startMs + spot) }),
  }));
const connect = (id: string, lists: Record<string, MemoryList['rows']>): ServedSystem =>
  connectMemory({ id, lists: Object.entries(lists).map(([name, rows]) => memoryList({ name, rows })) }).system;

const readPage = (systems: ServedSystem[], after: string | null) =>
  listJobs(systems, { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 15, after }, () => callOf());

test.each([
  [
    'another list contains the jobs of one that has ended: the page reports that jobs may come again',
    { whole: rowsFrom(1_000, 10) },
    false,
  ],
  ['a list that has ended is gone: nothing is missing', { second: [] }, true],
])('%s', async (_name, listsLater, isComplete) => {
  const slow = connect('slow', { only: rowsFrom(0, 30) });
  const first = await readPage([connect('changing', { first: rowsFrom(1_000, 10), second: [] }), slow], null);
  expect(first?.complete).toBe(true);
  const next = await readPage([connect('changing', listsLater), slow], first?.endCursor() ?? null);
  expect(next?.complete).toBe(isComplete);
});

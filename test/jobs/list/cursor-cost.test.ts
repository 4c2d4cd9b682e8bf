import { expect, test } from 'vitest';
import { listJobs } from '../../../src/jobs/list/list-jobs.ts';
import { callOf, connectMemory, jobFields, type MemoryRow, memoryList } from '../memory-adapter.ts';

test('the cursors of all rows of a page cost no more than reading it, however many rows are left over', async () => {
  const toRow = (_: unknown, spot: number): MemoryRow => ({
    spot,
    fields: jobFields(`job-${spot}`, { createdAt: new Date(spot * 1_000) }),
  });
  const list = memoryList({ ordered: false, paging: 'TOKEN', mostRows: 20_000, rows: Array.from({ length: 20_000 }, toRow) });
  const { system } = connectMemory({ lists: [list], scanLimit: 20_000 });
  const startedMs = performance.now();
  const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 500, after: null } as const;
  const page = await listJobs([system], options, () => callOf());
  const readMs = performance.now() - startedMs;
  const cursors = page?.jobs.map((_job, index) => page.cursorAt(index));
  expect(new Set(cursors).size).toBe(500);
  // They took nine times as long when each looked at every row.
  expect((performance.now() - startedMs - readMs) / readMs).toBeLessThan(3);
});

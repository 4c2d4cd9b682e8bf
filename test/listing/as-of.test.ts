import { expect, test } from 'vitest';
import { type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import { callOf, connectMemory, jobFields, type MemoryRow, memoryList } from '../jobs/memory-adapter.ts';

test('when thousands of jobs started in one second, cursors stay short, every job is returned once, and the first page reports what may be missing', async () => {
  const startedAt = new Date(1_700_000_000_000);
  const toRow = (_: unknown, spot: number): MemoryRow => ({ spot, fields: jobFields(`job-${spot}`, { status: 'RUNNING', startedAt }) });
  const rows = Array.from({ length: 3_000 }, toRow);
  const pages: JobPage[] = [];
  for (let after: string | null = null; pages.length < 10; ) {
    // A process each that has forgotten what the one before it read.
    const { system } = connectMemory({ lists: [memoryList({ ordered: false, paging: 'TOKEN', maxRows: 5_000, rows })] });
    const options = { filter: {}, order: { field: 'STARTED_AT', direction: 'DESC' }, first: 500, after } as const;
    const page: JobPage | null = await listJobs([system], options, () => callOf());
    if (!page) throw new Error('The cursor was refused');
    pages.push(page);
    if (!page.hasNextPage) break;
    after = page.endCursor();
    expect(after?.length).toBeLessThan(300);
  }
  expect(pages[0]).toMatchObject({ complete: false, systems: [{ problem: { message: expect.stringContaining('have the latest time') } }] });
  const ids = pages.flatMap(({ jobs }) => jobs.map(({ id }) => id));
  expect([ids.length, new Set(ids).size]).toEqual([3_000, 3_000]);
});

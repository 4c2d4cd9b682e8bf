import { expect, test } from 'vitest';
import type { ListedJob, ListSource } from '../../src/jobs/adapter.ts';
import { listJobs } from '../../src/listing/list-jobs.ts';
import { callOf, connectMemory, jobFields, type MemoryRow, memoryList } from '../jobs/memory-adapter.ts';

const rowCount = 20_000;

test('the cursors of a page process the remaining rows once, not once per cursor', async () => {
  const toRow = (_: unknown, spot: number): MemoryRow => ({
    spot,
    fields: jobFields(`job-${spot}`, { createdAt: new Date(spot * 1_000) }),
  });
  const list = memoryList({ ordered: false, paging: 'TOKEN', maxRows: rowCount, rows: Array.from({ length: rowCount }, toRow) });
  const { system } = connectMemory({ lists: [list], scanLimit: rowCount });
  let reads = 0;
  const listSources = system.adapter.listJobs;
  system.adapter.listJobs = (query) => listSources(query).map((source) => countReads(source, () => (reads += 1)));

  const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 500, after: null } as const;
  const page = await listJobs([system], options, () => callOf());
  reads = 0;
  const cursors = page?.jobs.map((_job, index) => page.cursorAt(index));

  expect(new Set(cursors).size).toBe(500);
  // Each cursor reads the rows after it in the page, and all together read the others about ten times; if each read them, ten million.
  expect(reads).toBeLessThan(1_000_000);
});

/** A list whose rows count the reads of their IDs. */
function countReads(source: ListSource, onRead: () => void): ListSource {
  const watch = (row: ListedJob): ListedJob => ({
    createdAtMs: row.createdAtMs,
    toFields: row.toFields,
    get vendorId() {
      onRead();
      return row.vendorId;
    },
  });
  return {
    ...source,
    async readPage(at, count, call) {
      const page = await source.readPage(at, count, call);
      return page.ok ? { ok: true, value: { ...page.value, rows: page.value.rows.map((row) => ('job' in row ? row : watch(row))) } } : page;
    },
  };
}

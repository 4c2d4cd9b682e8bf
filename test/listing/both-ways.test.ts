import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { Job } from '../../src/jobs/job.ts';
import { type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import type { PageRange } from '../../src/listing/list-options.ts';
import type { SortOrder } from '../../src/reading/order.ts';
import {
  callOf,
  connectMemory,
  down,
  jobFields,
  type MemoryRow,
  type MemorySystem,
  memoryList,
  memoryRows,
} from '../jobs/memory-adapter.ts';
import { connectAll, expectedRows, filters, isSorted, memorySystems, orders, sortValueOf } from './arbitraries.ts';

const sizes = fc.array(fc.constantFrom(1, 2, 3, 7, 50), { minLength: 1, maxLength: 4 });
const runs = { numRuns: 100 };
const maxPages = 400;

interface Listing {
  filter: JobFilter;
  order: SortOrder;
}

async function read(connected: readonly MemorySystem[], listing: Listing, range: PageRange): Promise<JobPage> {
  const systems = connected.map(({ system }) => system);
  const page = await listJobs(systems, { ...listing, ...range }, () => callOf());
  if (!page) throw new Error('The cursor was refused');
  return page;
}

const idsOf = (jobs: readonly { id: string }[]): string[] => jobs.map(({ id }) => id);
const keysOf = (jobs: readonly Job[], { field }: SortOrder) => jobs.map((job) => sortValueOf(job, field));

/** All pages from the end, the last page first. */
async function* walkBack(connected: readonly MemorySystem[], listing: Listing, pageSizes: readonly number[]): AsyncGenerator<JobPage> {
  let before: string | null = null;
  for (let count = 0; count < maxPages; count += 1) {
    const page: JobPage = await read(connected, listing, { last: pageSizes[count % pageSizes.length] ?? 1, before });
    yield page;
    if (!page.hasPreviousPage) return;
    before = page.startCursor();
  }
  throw new Error('The walk does not end');
}

describe('walking from the end', () => {
  test('returns the rows of one large page, each page in order, with true hasPreviousPage and hasNextPage', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems(), filters, orders, sizes, async (lists, filter, order, pageSizes) => {
        const listing = { filter, order };
        const all = await read(connectAll(lists), listing, { first: 500, after: null });
        expect(idsOf(all.jobs).sort()).toEqual(idsOf(expectedRows(lists, filter, order)).sort());
        const walked: Job[] = [];
        let turn = 0;
        for await (const page of walkBack(connectAll(lists), listing, pageSizes)) {
          expect(page.hasNextPage).toBe(walked.length > 0);
          walked.unshift(...page.jobs);
          expect(page.jobs).toHaveLength(
            Math.min(pageSizes[turn % pageSizes.length] ?? 1, all.jobs.length - walked.length + page.jobs.length),
          );
          expect(page.hasPreviousPage).toBe(walked.length < all.jobs.length);
          expect(page.complete).toBe(true);
          turn += 1;
        }
        expect(idsOf(walked)).toEqual(idsOf(all.jobs));
        expect(isSorted(keysOf(walked, order), order.direction)).toBe(true);
      }),
      runs,
    );
  });

  test('loses and repeats no job if lists fail sometimes, and incomplete pages report it', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems({ failing: true }), filters, orders, sizes, async (lists, filter, order, pageSizes) => {
        const connected = connectAll(lists);
        const expected = expectedRows(lists, filter, order);
        const walked: Job[] = [];
        let before: string | null = null;
        for (let count = 0; ; count += 1) {
          expect(count).toBeLessThan(maxPages);
          const page: JobPage = await read(connected, { filter, order }, { last: pageSizes[count % pageSizes.length] ?? 1, before });
          walked.push(...page.jobs);
          expect(page.complete).toBe(page.systems.every(({ problem }) => problem === null));
          if (page.complete) expect(page.hasPreviousPage).toBe(walked.length < expected.length);
          if (page.complete && !page.hasPreviousPage) break;
          before = page.startCursor();
        }
        expect(idsOf(walked).sort()).toEqual(idsOf(expected).sort());
      }),
      runs,
    );
  });
});

test('from the cursor of any row, pages in both directions have the rows right beside it', async () => {
  const step = fc.record({ isBackward: fc.boolean(), size: fc.constantFrom(1, 2, 5, 50), row: fc.nat({ max: 49 }) });
  await fc.assert(
    fc.asyncProperty(
      memorySystems(),
      filters,
      orders,
      fc.array(step, { minLength: 1, maxLength: 8 }),
      async (lists, filter, order, steps) => {
        const listing = { filter, order };
        const all = idsOf((await read(connectAll(lists), listing, { first: 500, after: null })).jobs);
        const connected = connectAll(lists);
        let at: { cursor: string; index: number } | null = null;
        for (const { isBackward, size, row } of steps) {
          const cursor: string | null = at?.cursor ?? null;
          const page = await read(connected, listing, isBackward ? { last: size, before: cursor } : { first: size, after: cursor });
          const start: number = isBackward ? Math.max(0, (at?.index ?? all.length) - size) : at ? at.index + 1 : 0;
          const end = isBackward ? (at?.index ?? all.length) : start + size;
          expect(idsOf(page.jobs)).toEqual(all.slice(start, end));
          if (isBackward) expect(page.hasPreviousPage).toBe(start > 0);
          else expect(page.hasNextPage).toBe(end < all.length);
          expect(page.complete).toBe(true);
          if (page.jobs.length === 0) continue;
          const chosen = Math.min(row, page.jobs.length - 1);
          at = { cursor: page.cursorAt(chosen), index: start + chosen };
        }
      },
    ),
    runs,
  );
});

describe('if jobs are added and deleted meanwhile', () => {
  const changes = fc.array(fc.record({ adds: fc.boolean(), system: fc.nat(), list: fc.nat(), row: fc.nat() }), { maxLength: 6 });

  test.each([
    // Row numbers can't show whether rows without the sort time have moved.
    { paging: 'ROW_NUMBER', keyless: false },
    { paging: 'TOKEN', keyless: true },
  ] as const)('each job that stays comes exactly once, and none twice ($paging)', async (settings) => {
    await fc.assert(
      fc.asyncProperty(memorySystems(settings), filters, orders, sizes, changes, async (lists, filter, order, pageSizes, moves) => {
        const current = lists.map((ofSystem) => ofSystem.map((list) => ({ ...list, rows: [...list.rows] })));
        const connected = current.map((ofSystem, index) => {
          const { adapter } = (connectAll([[]])[0] as MemorySystem).system;
          const refuseAction: NonNullable<typeof adapter.checkEligibility> = (action, job) =>
            adapter.checkEligibility?.(action, job) ?? null;
          return connectMemory({ id: `system-${index}`, lists: ofSystem, actions: adapter.actions, refuseAction });
        });
        const staying = new Set(idsOf(expectedRows(lists, filter, order)));
        const walked: string[] = [];
        let turn = 0;
        for await (const page of walkBack(connected, { filter, order }, pageSizes)) {
          walked.push(...idsOf(page.jobs));
          const move = moves[turn++];
          if (!move) continue;
          const systemIndex = move.system % current.length;
          const rows = current[systemIndex]?.[move.list % (current[systemIndex]?.length ?? 1)]?.rows ?? [];
          if (move.adds) rows.push(rowBehind(order, `new ${turn}`));
          else
            for (const { fields } of rows.splice(move.row % (rows.length || 1), 1))
              staying.delete(`system-${systemIndex}:${fields.vendorId}`);
        }
        expect(new Set(walked).size).toBe(walked.length);
        expect([...staying].filter((id) => !walked.includes(id))).toEqual([]);
      }),
      runs,
    );
  });

  /** A new job at the end of the list, which was passed. */
  function rowBehind({ direction }: SortOrder, vendorId: string): MemoryRow {
    const instant = new Date(direction === 'ASC' ? 100_000 : 1);
    return {
      spot: 9_000,
      fields: jobFields(vendorId, { createdAt: instant, startedAt: instant, finishedAt: instant, updatedAt: instant }),
    };
  }
});

describe('the number of vendor requests', () => {
  const newestFirst = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' } } as const;
  const connect = (list: Parameters<typeof memoryList>[0]): MemorySystem =>
    connectMemory({ lists: [memoryList({ rows: memoryRows(1_000), maxRows: 100, everyJobHasTime: true, ...list })] });

  test('is one for the last page of a list whose vendor sorts, if every job has the time', async () => {
    const connected = connect({ paging: 'ROW_NUMBER' });
    const page = await read([connected], newestFirst, { last: 3, before: null });
    expect(idsOf(page.jobs)).toEqual(['memory:j997', 'memory:j998', 'memory:j999']);
    expect(connected.pages).toHaveLength(1);
  });

  test('covers the whole list if a job without the time may be anywhere in it', async () => {
    const rows = [...memoryRows(300), { spot: 150, fields: jobFields('none', { createdAt: null }) }];
    const connected = connect({ rows, everyJobHasTime: false });
    const page = await read([connected], newestFirst, { last: 2, before: null });
    expect(idsOf(page.jobs)).toEqual(['memory:j299', 'memory:none']);
    expect(connected.pages).toHaveLength(4);
  });

  test.each([
    ['filters by time', { filters: 'ALL' }],
    ['numbers its rows', { filters: 'NONE', paging: 'ROW_NUMBER' }],
  ] as const)('does not grow with the rows after the page if the vendor %s', async (_how, list) => {
    const connected = connect(list);
    const first = await read([connected], newestFirst, { first: 40, after: null });
    connected.pages.length = 0;
    const back = await read([connected], newestFirst, { last: 5, before: first.cursorAt(30) });
    expect(idsOf(back.jobs)).toEqual([25, 26, 27, 28, 29].map((index) => `memory:j${index}`));
    expect(connected.pages.length).toBeLessThanOrEqual(2);
  });
});

test('a list that returns a job without the time, although it declares that each has one, is reported if it was read from its end', async () => {
  const rows = [{ spot: 2_000_000_000, fields: jobFields('none', { createdAt: null }) }, ...memoryRows(30)];
  const connected = connectMemory({ lists: [memoryList({ rows, everyJobHasTime: true, maxRows: 5 })] });
  const listing = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' } } as const;
  const page = await read([connected], listing, { last: 50, before: null });
  expect(page).toMatchObject({
    complete: false,
    systems: [{ problem: { code: 'INCOMPLETE_LIST', message: expect.stringContaining('job none') } }],
  });
});

test('a system whose lists are unknown is reported, and its jobs are on the page before the cursor when they are known', async () => {
  const failing = connectMemory({ id: 'failing', lists: [memoryList({ rows: memoryRows(3, { createdAt: new Date(5) }) })] });
  const other = connectMemory({ id: 'other', lists: [memoryList({ rows: memoryRows(4) })] });
  let isKnown = false;
  failing.system.adapter.findLists = async () => (isKnown ? null : down);
  const listing = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' } } as const;
  const last = await read([failing, other], listing, { last: 2, before: null });
  expect([idsOf(last.jobs), last.complete, last.hasPreviousPage]).toEqual([['other:j2', 'other:j3'], false, true]);
  const still = await read([failing, other], listing, { last: 1, before: last.startCursor() });
  expect([idsOf(still.jobs), still.complete]).toEqual([['other:j1'], false]);
  isKnown = true;
  const before = await read([failing, other], listing, { last: 10, before: still.startCursor() });
  expect(idsOf(before.jobs)).toEqual(['other:j0', 'failing:j0', 'failing:j1', 'failing:j2']);
  expect([before.complete, before.hasPreviousPage]).toEqual([true, false]);
});

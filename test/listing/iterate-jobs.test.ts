import fc from 'fast-check';
import { assert, describe, expect, test } from 'vitest';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { Job } from '../../src/jobs/job.ts';
import { type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import type { SortOrder } from '../../src/reading/order.ts';
import { callOf, connectMemory, jobFields, type MemoryList, type MemorySystem, memoryList } from '../jobs/memory-adapter.ts';
import { belongs, connectAll, type Expected, expectedRows, filters, isSorted, memorySystems, orders, sortValueOf } from './arbitraries.ts';

const sizes = fc.array(fc.constantFrom(1, 2, 3, 7, 50, 500), { minLength: 1, maxLength: 4 });
const runs = { numRuns: 150 };

interface Listing {
  filter: JobFilter;
  order: SortOrder;
}

async function readPage(connected: readonly MemorySystem[], listing: Listing, first: number, after: string | null): Promise<JobPage> {
  const systems = connected.map(({ system }) => system);
  const page = await listJobs(systems, { ...listing, first, after }, () => callOf());
  if (!page) throw new Error('The cursor was refused');
  return page;
}

const maxPages = 400;

/** Reads page after page, each of the next size, until there is no next one. */
async function* walk(
  connected: readonly MemorySystem[],
  listing: Listing,
  pageSizes: readonly number[],
): AsyncGenerator<[JobPage, number]> {
  let after: string | null = null;
  for (let count = 0; count < maxPages; count += 1) {
    const first = pageSizes[count % pageSizes.length] ?? 1;
    const page: JobPage = await readPage(connected, listing, first, after);
    yield [page, first];
    if (!page.hasNextPage) return;
    after = page.endCursor();
  }
  throw new Error('The walk does not end');
}

const sortedIds = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).sort();
const keysOf = (jobs: readonly Job[], order: SortOrder): (number | string | null)[] => jobs.map((job) => sortValueOf(job, order.field));

describe('walking all pages', () => {
  test('returns every matching job exactly once, sorted, nulls last, with a true hasNextPage', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems(), filters, orders, sizes, async (lists, filter, order, pageSizes) => {
        const connected = connectAll(lists);
        const expected = expectedRows(lists, filter, order);
        const walked: Job[] = [];
        for await (const [page, first] of walk(connected, { filter, order }, pageSizes)) {
          const left = expected.length - walked.length;
          assert(page.hasPreviousPage === walked.length > 0, 'hasPreviousPage');
          walked.push(...page.jobs);
          assert(page.jobs.length === Math.min(first, left), 'jobs');
          assert(page.hasNextPage === walked.length < expected.length, 'hasNextPage');
          assert(page.complete, 'complete');
          expectTruth(page, connected, lists, expected);
        }
        expect(sortedIds(walked)).toEqual(sortedIds(expected));
        expect(isSorted(keysOf(walked, order), order.direction)).toBe(true);
      }),
      runs,
    );
  });

  test('continues right after any row, by the cursor of that row', async () => {
    const hops = fc.array(fc.tuple(fc.constantFrom(1, 3, 10, 50), fc.nat({ max: 49 })), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(memorySystems(), filters, orders, hops, async (lists, filter, order, turns) => {
        const connected = connectAll(lists);
        const expected = expectedRows(lists, filter, order);
        const walked: Job[] = [];
        let after: string | null = null;
        for (let count = 0; walked.length < expected.length; count += 1) {
          const [first, wanted] = turns[count % turns.length] ?? [1, 0];
          const page = await readPage(connected, { filter, order }, first, after);
          const index = Math.min(wanted, page.jobs.length - 1);
          expect(index).toBeGreaterThanOrEqual(0);
          walked.push(...page.jobs.slice(0, index + 1));
          after = page.cursorAt(index);
        }
        expect(sortedIds(walked)).toEqual(sortedIds(expected));
        expect(isSorted(keysOf(walked, order), order.direction)).toBe(true);
        if (walked.length > 0) expect((await readPage(connected, { filter, order }, 5, after)).jobs).toEqual([]);
      }),
      runs,
    );
  });

  test('gives the same pages every time', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems(), filters, orders, sizes, async (lists, filter, order, pageSizes) => {
        const read = async () => {
          const pages: string[][] = [];
          for await (const [page] of walk(connectAll(lists), { filter, order }, pageSizes)) pages.push(page.jobs.map(({ id }) => id));
          return pages;
        };
        expect(await read()).toEqual(await read());
      }),
      { numRuns: 50 },
    );
  });
});

describe('if lists fail sometimes', () => {
  test('no job is lost or repeated when they respond again, each list keeps its order, and incomplete pages report it', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems({ failing: true }), filters, orders, sizes, async (lists, filter, order, pageSizes) => {
        const connected = connectAll(lists);
        const expected = expectedRows(lists, filter, order);
        const walked: Job[] = [];
        let after: string | null = null;
        for (let count = 0; ; count += 1) {
          expect(count).toBeLessThan(maxPages);
          const page: JobPage = await readPage(connected, { filter, order }, pageSizes[count % pageSizes.length] ?? 1, after);
          walked.push(...page.jobs);
          const ailing = page.systems.filter(({ problem }) => problem !== null);
          expect(page.complete).toBe(ailing.length === 0);
          for (const { status, problem } of ailing) expect([status, problem?.code]).toEqual(['UNAVAILABLE', 'SYSTEM_UNAVAILABLE']);
          if (page.complete) expect(page.hasNextPage).toBe(walked.length < expected.length);
          if (page.complete && !page.hasNextPage) break;
          after = page.endCursor();
          // Without a row there is no new cursor: the same page is requested again.
          if (walked.length === 0) expect(after).toBeNull();
        }
        expect(sortedIds(walked)).toEqual(sortedIds(expected));
        for (const ofList of Map.groupBy(walked, ({ id }) => listOf(expected, id)).values()) {
          expect(isSorted(keysOf(ofList, order), order.direction)).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe('if jobs are added and deleted during the listing', () => {
  const changes = fc.array(
    fc.record({ kind: fc.constantFrom('ADD_FIRST', 'REMOVE', 'REMOVE_MANY'), system: fc.nat(), list: fc.nat(), row: fc.nat() }),
    { maxLength: 6 },
  );

  test.each([
    // Row numbers can't show whether rows without the sort time have moved.
    { paging: 'ROW_NUMBER', keyless: false },
    { paging: 'TOKEN', keyless: true },
  ] as const)('each job that stays comes exactly once, and none twice ($paging)', async (settings) => {
    await fc.assert(
      fc.asyncProperty(memorySystems(settings), filters, orders, sizes, changes, async (lists, filter, order, pageSizes, moves) => {
        const current = lists.map((ofSystem) => ofSystem.map((list) => memoryList({ ...list, rows: [...list.rows] })));
        const connected = current.map((ofSystem, index) => connectChanging(`system-${index}`, ofSystem));
        const staying = new Map(expectedRows(lists, filter, order).map((row) => [row.id, row]));
        const known = new Set(staying.keys());
        const walked: Job[] = [];
        let turn = 0;
        for await (const [page] of walk(connected, { filter, order }, pageSizes)) {
          walked.push(...page.jobs);
          const move = moves[turn++];
          if (!move) continue;
          const systemIndex = move.system % current.length;
          const list = current[systemIndex]?.[move.list % (current[systemIndex]?.length ?? 1)];
          if (!list) throw new Error('No such list');
          if (move.kind === 'ADD_FIRST') list.rows.push(rowBefore(order, `new ${turn}`));
          else {
            const count = move.kind === 'REMOVE' ? 1 : Math.ceil(list.rows.length / 2);
            for (const { fields } of list.rows.splice(move.row % (list.rows.length || 1), count)) {
              staying.delete(`system-${systemIndex}:${fields.vendorId}`);
            }
          }
        }
        const ids = walked.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect([...staying.keys()].filter((id) => !ids.includes(id))).toEqual([]);
        for (const job of walked) {
          expect(known.has(job.id) || job.vendorId.startsWith('new ')).toBe(true);
          expect(belongs(filter, job)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('a job that is repeated in an unordered list is returned once, as in its later row', async () => {
    const list = memoryList({
      ordered: false,
      maxRows: 2,
      rows: [
        { fields: jobFields('a', { status: 'RUNNING' }), spot: 0 },
        { fields: jobFields('b', { status: 'RUNNING' }), spot: 1 },
        { fields: jobFields('c', { status: 'SUCCEEDED' }), spot: 2 },
        { fields: jobFields('a', { status: 'SUCCEEDED' }), spot: 3 },
      ],
    });
    const order = { field: 'CREATED_AT', direction: 'DESC' } as const;
    const ended = await readPage(
      [connectMemory({ lists: [{ ...list, filters: 'NONE' }] })],
      { filter: { statuses: ['SUCCEEDED'] }, order },
      9,
      null,
    );
    expect(ended.jobs.map(({ id, status }) => [id, status])).toEqual([
      ['memory:a', 'SUCCEEDED'],
      ['memory:c', 'SUCCEEDED'],
    ]);
    const running = await readPage(
      [connectMemory({ lists: [{ ...list, filters: 'NONE' }] })],
      { filter: { statuses: ['RUNNING'] }, order },
      9,
      null,
    );
    expect(running.jobs.map(({ id }) => id)).toEqual(['memory:b']);
    expect(running.systems[0]?.totalCount).toBe(1);
  });
});

function connectChanging(id: string, lists: MemoryList[]): MemorySystem {
  const [connected] = connectAll([[]]);
  if (!connected) throw new Error('Not connected');
  const { adapter } = connected.system;
  return connectMemory({
    id,
    lists,
    actions: adapter.actions,
    refuseAction: (action, job) => adapter.checkEligibility?.(action, job) ?? null,
  });
}

/** A new job that comes before all others in this order. */
function rowBefore({ direction }: SortOrder, vendorId: string) {
  const instant = new Date(direction === 'ASC' ? 1 : 100_000);
  return { spot: -1, fields: jobFields(vendorId, { createdAt: instant, startedAt: instant, finishedAt: instant }) };
}

function listOf(expected: readonly Expected[], id: string): string {
  const row = expected.find((candidate) => candidate.id === id);
  return row ? `${row.system}/${row.list}` : 'none';
}

function expectTruth(
  page: JobPage,
  connected: readonly MemorySystem[],
  lists: readonly MemoryList[][],
  expected: readonly Expected[],
): void {
  for (const { system, status, returnedCount, totalCount, problem } of page.systems) {
    const all = expected.filter((row) => row.system === system.id);
    assert(returnedCount === page.jobs.filter(({ systemId }) => systemId === system.id).length, 'returnedCount');
    assert(problem === null, 'problem');
    assert(status === 'END_REACHED' || (status === 'OK' && page.hasNextPage), 'status');
    assert(totalCount === null || totalCount === all.length, 'totalCount');
    const index = connected.findIndex((candidate) => candidate.system === system);
    const isCounted = lists[index]?.every((list) => !list.ordered) ?? false;
    if (isCounted && !page.hasPreviousPage) expect(totalCount).toBe(all.length);
  }
}

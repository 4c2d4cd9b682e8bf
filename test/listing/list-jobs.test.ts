import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/jobs/job.ts';
import { createProblem, fail, type ProblemCode } from '../../src/jobs/problem.ts';
import { type JobPage, listJobs } from '../../src/listing/list-jobs.ts';
import type { ListOptions } from '../../src/listing/list-options.ts';
import {
  callOf,
  cancelSupport,
  connectMemory,
  jobFields,
  type MemoryList,
  type MemoryRow,
  type MemorySystem,
  memoryList,
  memoryRows,
} from '../jobs/memory-adapter.ts';

const newestFirst = { field: 'CREATED_AT', direction: 'DESC' } as const;

async function read(
  connected: readonly MemorySystem[],
  options: Partial<ListOptions & { first: number; after: string | null }> = {},
): Promise<JobPage> {
  const systems = connected.map(({ system }) => system);
  const page = await listJobs(systems, { filter: {}, order: newestFirst, first: 10, after: null, ...options }, () => callOf());
  if (!page) throw new Error('The cursor was refused');
  return page;
}

const idsOf = (jobs: readonly Job[]): string[] => jobs.map(({ vendorId }) => vendorId);
const countRows = (count: number): string[] => Array.from({ length: count }, (_, index) => `j${index}`);
const connectOne = (list: Partial<MemoryList>, scanLimit = 10_000): MemorySystem =>
  connectMemory({ lists: [memoryList(list)], scanLimit, actions: { CANCEL: cancelSupport } });

describe('the number of vendor requests', () => {
  test('is one per list if the first pages suffice, each for the wanted number of rows and ten more', async () => {
    const connected = ['a', 'b', 'c'].map((id) =>
      connectMemory({ id, lists: [memoryList({ name: 'one', rows: memoryRows(30) }), memoryList({ name: 'two', rows: memoryRows(30) })] }),
    );
    await read(connected);
    for (const { pages } of connected) {
      expect(pages).toEqual([
        { list: 'one', part: null, row: 0, count: 20 },
        { list: 'two', part: null, row: 0, count: 20 },
      ]);
    }
  });

  test('is one per page for a list with stable positions', async () => {
    const connected = connectOne({ rows: memoryRows(30) });
    let after: string | null = null;
    const walked: string[] = [];
    for (const hasNextPage of [true, true, false]) {
      const page = await read([connected], { after });
      walked.push(...idsOf(page.jobs));
      expect(page.hasNextPage).toBe(hasNextPage);
      after = page.endCursor();
    }
    expect(walked).toEqual(countRows(30));
    expect(connected.pages.length).toBeLessThanOrEqual(3);
  });

  test('is one per page if rows have numbers: it begins one row earlier, which shows that no row has moved', async () => {
    const connected = connectOne({ rows: memoryRows(30), paging: 'ROW_NUMBER' });
    const first = await read([connected]);
    const second = await read([connected], { after: first.endCursor() });
    await read([connected], { after: second.endCursor() });
    expect(connected.pages.map(({ row }) => row)).toEqual([0, 9, 19]);
  });

  test('is one for a row in the middle of a page', async () => {
    const connected = connectOne({ rows: memoryRows(30), paging: 'ROW_NUMBER' });
    const first = await read([connected]);
    const second = await read([connected], { after: first.cursorAt(3), first: 5 });
    expect(idsOf(second.jobs)).toEqual(['j4', 'j5', 'j6', 'j7', 'j8']);
    expect(connected.pages.slice(1).map(({ row }) => row)).toEqual([3]);
  });

  test('does not grow with the rows that were skipped because they did not match', async () => {
    const rows = memoryRows(200).map((row, index): MemoryRow => {
      return { ...row, fields: { ...row.fields, owner: index % 100 === 0 ? 'bob' : 'ada' } };
    });
    const sparse = connectMemory({ id: 'sparse', lists: [memoryList({ rows, filters: 'NONE', paging: 'ROW_NUMBER' })] });
    const dense = connectMemory({ id: 'dense', lists: [memoryList({ rows: memoryRows(50, { owner: 'bob', createdAt: new Date(2e9) }) })] });
    const options = { filter: { owners: ['bob'] }, first: 10 };
    const first = await read([sparse, dense], options);
    const second = await read([sparse, dense], { ...options, after: first.endCursor() });
    expect(sparse.pages).toHaveLength(2);
    // j0 was returned. j100, found after ten pages, is kept and not searched again.
    const third = await read([sparse], { ...options, first: 1, after: second.endCursor() });
    expect(idsOf(third.jobs)).toEqual(['j0']);
    sparse.pages.length = 0;
    const fourth = await read([sparse], { ...options, first: 1, after: third.endCursor() });
    expect(idsOf(fourth.jobs)).toEqual(['j100']);
    // From the row before j100 to the last one, and whether a row follows: that is all that the response could contain.
    expect(sparse.pages.map(({ row }) => row)).toEqual([99, 197]);
  });

  test('is as many as show whether more rows match, if the vendor does not filter', async () => {
    const connected = connectOne({ rows: memoryRows(250), filters: 'NONE' });
    const page = await read([connected], { filter: { text: 'j249' }, first: 1 });
    expect(idsOf(page.jobs)).toEqual(['j249']);
    expect(page.hasNextPage).toBe(false);
    // Not one page for each row that does not match.
    expect(connected.pages).toHaveLength(2);
  });

  test('is 0 for rows that an earlier page did not return, even after an empty page in between', async () => {
    const connected = connectOne({ rows: memoryRows(30), ordered: false });
    const first = await read([connected]);
    const after = first.endCursor();
    const empty = await read([connected], { after, first: 0 });
    connected.pages.length = 0;
    const second = await read([connected], { after: empty.endCursor() });
    expect(idsOf(second.jobs)).toHaveLength(10);
    expect(connected.pages).toEqual([]);
  });

  test('is 0 for systems and lists that have ended or can contain no match', async () => {
    const ending = connectMemory({ id: 'ending', lists: [memoryList({ rows: memoryRows(3) })] });
    const going = connectMemory({ id: 'going', lists: [memoryList({ rows: memoryRows(30, { createdAt: new Date(1) }) })] });
    const first = await read([ending, going]);
    const second = await read([ending, going], { after: first.endCursor() });
    expect(ending.pages).toHaveLength(1);
    expect(second.systems.map(({ system, status, returnedCount }) => [system.id, status, returnedCount])).toEqual([
      ['ending', 'END_REACHED', 0],
      ['going', 'OK', 10],
    ]);
    const third = await read([ending, going], { filter: { systemIds: ['going'] } });
    expect(third.systems.map(({ system }) => system.id)).toEqual(['going']);
    expect(ending.pages).toHaveLength(1);
  });
});

describe('the size of a page', () => {
  test('of 0 returns no rows but whether rows exist, and the next page begins at the same row', async () => {
    const connected = connectOne({ rows: memoryRows(3) });
    const nothing = await read([connected], { first: 0 });
    expect([nothing.jobs, nothing.hasNextPage, nothing.endCursor(), nothing.systems[0]?.totalCount]).toEqual([[], true, null, 3]);
    const two = await read([connected], { first: 2 });
    const again = await read([connected], { first: 0, after: two.endCursor() });
    expect(again.endCursor()).toBe(two.endCursor());
    expect(again.hasNextPage).toBe(true);
    expect((await read([connectOne({})], { first: 0 })).hasNextPage).toBe(false);
  });

  test.each([1, 500])('of %i is kept, however small the pages of the vendor are', async (first) => {
    const connected = connectOne({ rows: memoryRows(600), maxRows: 7 });
    const page = await read([connected], { first });
    expect(idsOf(page.jobs)).toEqual(countRows(first));
    const rest = await read([connected], { first: 500, after: page.endCursor() });
    expect(idsOf(rest.jobs)).toEqual(countRows(600).slice(first, first + 500));
  });

  test('without any system is 0, and complete', async () => {
    expect(await read([])).toMatchObject({ jobs: [], hasNextPage: false, complete: true, systems: [] });
  });
});

describe('a cursor', () => {
  test('of another filter or order, or a changed one, is rejected without a request', async () => {
    const connected = connectOne({ rows: memoryRows(30) });
    const cursor = (await read([connected], { first: 3 })).endCursor() ?? '';
    const attempts: Partial<ListOptions>[] = [
      { after: cursor, filter: { owners: ['ada'] } },
      { after: cursor, order: { ...newestFirst, direction: 'ASC' } },
      { after: cursor, order: { ...newestFirst, field: 'STARTED_AT' } },
      { after: `${cursor}A` },
      { after: cursor.slice(1) },
      { after: '' },
    ];
    for (const attempt of attempts) {
      const options = { filter: {}, order: newestFirst, first: 3, after: null, ...attempt };
      expect(await listJobs([connected.system], options, () => callOf())).toBeNull();
    }
    expect(connected.pages).toHaveLength(1);
    expect(idsOf((await read([connected], { after: cursor, first: 2 })).jobs)).toEqual(['j3', 'j4']);
  });

  test('continues within the vendor pages that one page was made of', async () => {
    const connected = connectOne({ rows: memoryRows(6), maxRows: 3 });
    const page = await read([connected], { first: 6 });
    for (let index = 0; index < 5; index += 1) {
      expect(idsOf((await read([connected], { after: page.cursorAt(index) })).jobs)).toEqual(countRows(6).slice(index + 1));
    }
  });

  test('continues with rows that were postponed because they lack the time', async () => {
    const rows = memoryRows(6).map((row, index) =>
      index === 1 ? { fields: jobFields('none', { createdAt: null }), spot: 999_998_500 } : row,
    );
    const connected = connectOne({ rows, maxRows: 2 });
    const page = await read([connected], { first: 4 });
    expect(idsOf(page.jobs)).toEqual(['j0', 'j2', 'j3', 'j4']);
    expect(idsOf((await read([connected], { after: page.endCursor() })).jobs)).toEqual(['j5', 'none']);
  });
});

describe('the total', () => {
  test('is the sum of all lists if all are counted', async () => {
    const lists = [
      memoryList({ name: 'one', rows: memoryRows(30) }),
      memoryList({ name: 'two', ordered: false, counts: false, filters: 'NONE', rows: memoryRows(4) }),
    ];
    const page = await read([connectMemory({ lists })]);
    expect(page.systems[0]?.totalCount).toBe(34);
  });

  test.each<[string, Partial<MemoryList>, ListOptions['filter']]>([
    ['the vendor does not count', { counts: false }, {}],
    ['the vendor counts what does not match', { filters: 'NONE' }, { owners: ['ada'] }],
    ['the kind of job decides too', {}, { availableAction: 'CANCEL' }],
  ])('is unknown if %s', async (_why, list, filter) => {
    const connected = connectMemory({
      lists: [memoryList({ rows: memoryRows(30), ...list })],
      actions: { CANCEL: cancelSupport },
      refuseAction: (_action, { vendorId }) => (vendorId === 'j1' ? 'Not this one.' : null),
    });
    expect((await read([connected], { filter })).systems[0]?.totalCount).toBeNull();
  });

  test('is not the sum of the remaining lists', async () => {
    const lists = [
      memoryList({ name: 'one', rows: memoryRows(5) }),
      memoryList({ name: 'two', rows: memoryRows(30, { createdAt: new Date(1) }) }),
    ];
    const connected = connectMemory({ lists });
    const first = await read([connected]);
    expect(first.systems[0]?.totalCount).toBe(35);
    expect((await read([connected], { after: first.endCursor() })).systems[0]?.totalCount).toBeNull();
  });
});

describe('a next page', () => {
  test('is not announced for jobs of a type that does not allow the action', async () => {
    const rows = memoryRows(4);
    const connected = connectMemory({
      lists: [memoryList({ rows, maxRows: 2 })],
      actions: { CANCEL: cancelSupport },
      refuseAction: (_action, { vendorId }) => (vendorId > 'j1' ? 'Not this one.' : null),
    });
    const page = await read([connected], { first: 2, filter: { availableAction: 'CANCEL' } });
    expect([idsOf(page.jobs), page.hasNextPage]).toEqual([['j0', 'j1'], false]);
  });
});

describe('if a system fails', () => {
  test.each<[ProblemCode, string]>([
    ['SYSTEM_UNAVAILABLE', 'UNAVAILABLE'],
    ['INVALID_VENDOR_RESPONSE', 'UNAVAILABLE'],
    ['TIMED_OUT', 'TIMED_OUT'],
    ['RATE_LIMITED', 'RATE_LIMITED'],
    ['ACCESS_DENIED', 'ACCESS_DENIED'],
    ['VENDOR_AUTHENTICATION_FAILED', 'ACCESS_DENIED'],
  ])('with %s, the page reports %s and contains the rows of the others', async (code, status) => {
    const problem = createProblem(code, 'No.');
    const broken = connectMemory({ id: 'broken', lists: [memoryList({ rows: memoryRows(3) })] });
    const [source] = broken.system.adapter.listJobs({ ...anyQuery });
    if (!source) throw new Error('No list');
    broken.system.adapter.listJobs = () => [{ ...source, readPage: async () => fail(problem) }];
    const page = await read([broken, connectOne({ rows: memoryRows(2) })]);
    expect(idsOf(page.jobs)).toEqual(['j0', 'j1']);
    expect(page.complete).toBe(false);
    expect(page.systems[0]).toMatchObject({ status, returnedCount: 0, totalCount: null, problem });
    expect(page.systems[1]).toMatchObject({ status: 'END_REACHED', returnedCount: 2, totalCount: 2, problem: null });
    expect(page.hasNextPage).toBe(true);
  });

  test('and there are no other rows, there is no next page', async () => {
    const connected = connectOne({ rows: memoryRows(3), failsAt: new Set([0, 1]) });
    for (const after of [null, null]) {
      const page = await read([connected], { after });
      expect([page.jobs, page.hasNextPage, page.endCursor(), page.complete]).toEqual([[], false, null, false]);
    }
    expect(idsOf((await read([connected])).jobs)).toEqual(['j0', 'j1', 'j2']);
  });

  test('after some rows, the page contains the rows read before, and the next page the rest', async () => {
    const connected = connectOne({ rows: memoryRows(6), maxRows: 2, failsAt: new Set([1]) });
    const page = await read([connected]);
    // A row after j1 could have the same time and precede j1.
    expect([idsOf(page.jobs), page.complete, page.hasNextPage]).toEqual([['j0'], false, true]);
    const rest = await read([connected], { after: page.endCursor() });
    expect([idsOf(rest.jobs), rest.complete, rest.hasNextPage]).toEqual([['j1', 'j2', 'j3', 'j4', 'j5'], true, false]);
  });
});

describe('the scan limit', () => {
  test('cuts a list that the core must sort: the page is incomplete, has the problem, and announces only rows that were read', async () => {
    const connected = connectOne({ rows: memoryRows(30), ordered: false, maxRows: 5 }, 12);
    const page = await read([connected]);
    expect(connected.pages).toHaveLength(3);
    expect([page.jobs.length, page.complete, page.hasNextPage]).toEqual([10, false, true]);
    expect(page.systems[0]).toMatchObject({ status: 'OK', totalCount: null, problem: { code: 'SCAN_LIMIT_REACHED', retryable: false } });
    expect(page.systems[0]?.problem?.message).toContain('Only the first 15 jobs in the list jobs of memory');
    const last = await read([connected], { after: page.endCursor() });
    expect([idsOf(last.jobs), last.complete, last.hasNextPage]).toEqual([countRows(15).slice(10), false, false]);
  });

  test('cuts nothing if it equals the number of rows', async () => {
    const connected = connectOne({ rows: memoryRows(15), ordered: false, maxRows: 5 }, 15);
    expect(await read([connected], { first: 20 })).toMatchObject({
      complete: true,
      hasNextPage: false,
      systems: [{ totalCount: 15, problem: null }],
    });
  });

  test('bounds the search for a match in an ordered list, and the next page continues after it', async () => {
    const connected = connectOne({ rows: memoryRows(30), filters: 'NONE', maxRows: 5 }, 10);
    const options = { filter: { text: 'j27' } };
    const first = await read([connected], options);
    expect([first.jobs, first.complete, first.hasNextPage]).toEqual([[], false, true]);
    expect(first.systems[0]).toMatchObject({ status: 'OK', problem: { code: 'SCAN_LIMIT_REACHED' } });
    expect(connected.pages).toHaveLength(2);
    const second = await read([connected], { ...options, after: first.endCursor() });
    expect([second.jobs, second.complete, second.hasNextPage]).toEqual([[], false, true]);
    const third = await read([connected], { ...options, after: second.endCursor() });
    expect([idsOf(third.jobs), third.complete, third.hasNextPage]).toEqual([['j27'], true, false]);
    expect(connected.pages).toHaveLength(6);
  });

  test('lets the next page continue after a row without the time, which comes after all others', async () => {
    const rows = [{ fields: jobFields('none', { createdAt: null }), spot: 2_000_000_000 }, ...memoryRows(30, { owner: 'bob' })];
    const connected = connectOne({ rows, filters: 'NONE', maxRows: 5 }, 10);
    const options = { filter: { owners: ['ada'] } };
    const found: string[] = [];
    let page = await read([connected], options);
    for (; page.hasNextPage; page = await read([connected], { ...options, after: page.endCursor() })) found.push(...idsOf(page.jobs));
    expect([...found, ...idsOf(page.jobs)]).toEqual(['none']);
  });
});

describe('rows', () => {
  test('of the same time are ordered by system, as configured', async () => {
    const same = { createdAt: new Date(5) };
    const connected = ['b', 'a'].map((id) => connectMemory({ id, lists: [memoryList({ rows: memoryRows(2, same) })] }));
    expect((await read(connected)).jobs.map(({ id }) => id)).toEqual(['b:j0', 'b:j1', 'a:j0', 'a:j1']);
  });

  test('without the time come last in both directions', async () => {
    const rows = [...memoryRows(2), { fields: jobFields('none', { createdAt: null }), spot: 0 }];
    for (const ordered of [true, false]) {
      for (const direction of ['ASC', 'DESC'] as const) {
        const page = await read([connectOne({ rows, ordered })], { order: { field: 'CREATED_AT', direction } });
        expect(idsOf(page.jobs).at(-1)).toBe('none');
      }
    }
  });

  test('that new rows move back while a page is read come once, also after its cursors', async () => {
    const owners = ['ada', 'bob', 'bob', 'bob', 'bob', 'bob'];
    const rows = memoryRows(6).map((row, index) => ({ ...row, fields: { ...row.fields, owner: owners[index] ?? null } }));
    const added = ['new 1', 'new 2'].map((id): MemoryRow => ({ fields: jobFields(id, { createdAt: new Date(2e9) }), spot: 0 }));
    const list = memoryList({
      rows,
      filters: 'NONE',
      paging: 'ROW_NUMBER',
      maxRows: 2,
      beforeRead: (count) => (count === 1 ? rows.push(...added) : undefined),
    });
    const connected = connectMemory({ lists: [list] });
    const filter = { owners: ['bob'] };
    const page = await read([connected], { filter, first: 3 });
    expect(idsOf(page.jobs)).toEqual(['j1', 'j2', 'j3']);
    for (const index of [0, 1, 2]) {
      const rest = await read([connected], { filter, after: page.cursorAt(index) });
      expect(idsOf(rest.jobs)).toEqual(countRows(6).slice(index + 2));
    }
  });

  test('that deletions move are found if the page before does not reach this one', async () => {
    const rows = memoryRows(30);
    const connected = connectOne({ rows, paging: 'ROW_NUMBER', maxRows: 3 });
    const first = await read([connected], { first: 9 });
    rows.splice(0, 1);
    expect(idsOf((await read([connected], { first: 2, after: first.endCursor() })).jobs)).toEqual(['j9', 'j10']);
    expect(idsOf((await read([connected], { first: 9, after: first.endCursor() })).jobs).slice(0, 2)).toEqual(['j9', 'j10']);
  });

  test('that deletions move before the start of the page are found', async () => {
    const rows = memoryRows(30);
    const connected = connectOne({ rows, paging: 'ROW_NUMBER' });
    const first = await read([connected], { first: 10 });
    const second = await read([connected], { first: 10, after: first.endCursor() });
    rows.splice(0, 15);
    expect(idsOf((await read([connected], { after: second.endCursor() })).jobs)).toEqual(countRows(30).slice(20));
  });
});

const anyQuery = {
  statuses: null,
  types: null,
  owners: null,
  scopes: null,
  text: null,
  createdFrom: null,
  createdTo: null,
  order: newestFirst,
};

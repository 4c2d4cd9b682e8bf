import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountedFact } from '../../src/counting/cell.ts';
import { countSystem } from '../../src/counting/count-system.ts';
import { createTally } from '../../src/counting/tally.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { JobFields, JobStatus } from '../../src/jobs/job.ts';
import { callOf, cancelSupport, connectMemory, jobFields, type MemorySystem, memoryList, memoryRows } from '../jobs/memory-adapter.ts';
import { belongs, connectAll, filters, memorySystems } from '../listing/arbitraries.ts';

async function count({ system }: MemorySystem, facts: readonly CountedFact[], filter: JobFilter = {}) {
  const by = new Set(facts);
  return countSystem({ system, filter, by, tally: createTally(by), call: callOf() });
}

/** The cells with their numbers, in a form that can be compared. */
const numbersOf = (cells: readonly { status: unknown; type: unknown; owner: unknown; scope: unknown; count: number }[]) =>
  Object.fromEntries(
    cells
      .filter((cell) => cell.count > 0)
      .map(({ status, type, owner, scope, count: jobs }) => [JSON.stringify([status, type, owner, scope]), jobs]),
  );

const statusesOf = async (connected: MemorySystem, filter: JobFilter = {}) => {
  const { cells } = await count(connected, ['status'], filter);
  return Object.fromEntries(cells.map(({ status, count: jobs }) => [status, jobs]));
};

/** So many jobs of each status, mixed. */
function rowsOf(numbers: Partial<Record<JobStatus, number>>) {
  const statuses = Object.entries(numbers).flatMap(([status, jobs]) => Array<JobStatus>(jobs).fill(status as JobStatus));
  return memoryRows(statuses.length).map(({ fields, spot }, index) => ({
    spot,
    fields: { ...fields, status: statuses[(index * 7) % statuses.length] as JobStatus },
  }));
}

const numbered = { paging: 'ROW_NUMBER', ordered: false } as const;

describe('all matching jobs', () => {
  const facts = fc.subarray<CountedFact>(['status', 'type', 'owner', 'scope']);

  test('are counted once each, by any facts, however the vendor lists and counts them', async () => {
    await fc.assert(
      fc.asyncProperty(memorySystems(), filters, facts, async (lists, filter, by) => {
        for (const [index, connected] of connectAll(lists).entries()) {
          const jobs = (lists[index] ?? []).flatMap(({ rows }) => rows.map(({ fields }) => fields)).filter((job) => belongs(filter, job));
          const expected: Record<string, number> = {};
          for (const job of jobs) {
            const fact = (name: CountedFact) => (by.includes(name) ? job[name] : null);
            const key = JSON.stringify([fact('status'), fact('type'), fact('owner'), fact('scope')]);
            expected[key] = (expected[key] ?? 0) + 1;
          }
          const { cells, precision, problem } = await count(connected, by, filter);
          expect(numbersOf(cells)).toEqual(expected);
          expect([precision, problem]).toEqual(['EXACT', null]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('are counted with the facts of the later row if a job is listed twice', async () => {
    const rows = [jobFields('a', { status: 'RUNNING' }), jobFields('b'), jobFields('a', { status: 'SUCCEEDED' })].map((fields, spot) => ({
      fields,
      spot,
    }));
    const connected = connectMemory({ lists: [memoryList({ ordered: false, filters: 'NONE', counts: false, maxRows: 1, rows })] });
    expect(await statusesOf(connected)).toEqual({ RUNNING: 1, SUCCEEDED: 1 });
    expect(await statusesOf(connected, { statuses: ['RUNNING'] })).toEqual({ RUNNING: 1 });
  });

  test('are counted by facts that the list leaves out, which are read only if they are counted by', async () => {
    const rows = memoryRows(3, { type: null, leftOut: ['type'] });
    const { system, pages } = connectMemory({ lists: [memoryList({ rows })] });
    let reads = 0;
    system.adapter.readLeftOut = async (jobs) => {
      reads += 1;
      return jobs.map((job): { kind: 'job'; job: JobFields } => ({
        kind: 'job',
        job: { ...job, type: job.vendorId === 'j0' ? 'copy' : 'load' },
      }));
    };
    const connected = { system, pages, reads: [], sent: [] };
    expect(numbersOf((await count(connected, ['owner'])).cells)).toEqual({ '[null,null,"ada",null]': 3 });
    expect(reads).toBe(0);
    expect(numbersOf((await count(connected, ['type'])).cells)).toEqual({ '[null,"copy",null,null]': 1, '[null,"load",null,null]': 2 });
    expect(reads).toBe(1);
  });

  test('have one name if filters do not distinguish its spellings, and two if filters do', async () => {
    const rows = ['é', 'e\u0301'].map((owner, spot) => ({ spot, fields: jobFields(`j${spot}`, { owner, scope: owner }) }));
    const connected = connectMemory({ lists: [memoryList({ rows })] });
    expect((await count(connected, ['owner'])).cells).toHaveLength(1);
    expect((await count(connected, ['scope'])).cells).toHaveLength(2);
  });
});

describe("the vendor's own counts", () => {
  test('of all jobs cost one request for one row per list', async () => {
    const lists = ['a', 'b'].map((name) => memoryList({ ...numbered, name, rows: rowsOf({ RUNNING: 600, FAILED: 10 }) }));
    const connected = connectMemory({ lists });
    const { cells, precision } = await count(connected, []);
    expect([cells, precision]).toEqual([[expect.objectContaining({ count: 1_220, isExact: true })], 'EXACT']);
    expect(connected.pages.map(({ list, count: rows }) => [list, rows])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  test('of each status are used only if a scan needs more requests', async () => {
    // One request for each of the 9 statuses, or one for each 100 jobs.
    const few = connectMemory({ lists: [memoryList({ ...numbered, maxRows: 100, rows: rowsOf({ RUNNING: 700, FAILED: 200 }) })] });
    expect(await statusesOf(few)).toEqual({ RUNNING: 700, FAILED: 200 });
    expect(few.pages.every(({ count: rows }) => rows > 1)).toBe(true);
    const many = connectMemory({ lists: [memoryList({ ...numbered, maxRows: 100, rows: rowsOf({ RUNNING: 1_100, FAILED: 200 }) })] });
    expect(await statusesOf(many)).toMatchObject({ RUNNING: 1_100, FAILED: 200, PAUSED: 0 });
    expect(many.pages).toHaveLength(1 + 9);
    expect(many.pages.slice(1).every(({ count: rows }) => rows === 1)).toBe(true);
  });

  test('of one status need no scan', async () => {
    const connected = connectMemory({ lists: [memoryList({ ...numbered, rows: rowsOf({ RUNNING: 30, FAILED: 20 }) })] });
    expect(await statusesOf(connected, { statuses: ['FAILED'] })).toEqual({ FAILED: 20 });
    expect(connected.pages.map(({ count: rows }) => rows)).toEqual([1]);
  });

  test('are exact where a scan would be cut off', async () => {
    const connected = connectMemory({
      scanLimit: 100,
      lists: [memoryList({ ...numbered, maxRows: 100, rows: rowsOf({ RUNNING: 1_100, QUEUED: 5 }) })],
    });
    const { cells, precision } = await count(connected, ['status']);
    expect([cells.find(({ status }) => status === 'RUNNING')?.count, precision]).toEqual([1_100, 'EXACT']);
  });

  test('replace those of a scan that was cut off, as far as the vendor has any', async () => {
    const connected = connectMemory({
      scanLimit: 300,
      lists: [memoryList({ ...numbered, maxRows: 100, rows: rowsOf({ RUNNING: 700, FAILED: 300 }) })],
    });
    const { adapter } = connected.system;
    const { listJobs } = adapter;
    const isCounted = (statuses: ReadonlySet<JobStatus> | null) => statuses?.size === 1 && statuses.has('RUNNING');
    adapter.listJobs = (query) => listJobs(query).map((list) => ({ ...list, counts: isCounted(query.statuses) }));
    const { cells, precision, problem } = await count(connected, ['status']);
    expect([precision, problem?.code]).toEqual(['AT_LEAST', 'SCAN_LIMIT_REACHED']);
    expect(cells.find(({ status }) => status === 'RUNNING')).toMatchObject({ count: 700, isExact: true });
    const failed = cells.find(({ status }) => status === 'FAILED');
    expect(failed?.isExact).toBe(false);
    expect(failed?.count).toBeLessThan(300);
  });

  test('tell the number of one more status: none if the others are all jobs; otherwise, the jobs are read', async () => {
    const withoutUnknown = (connected: MemorySystem) => {
      const { adapter } = connected.system;
      const { listJobs } = adapter;
      adapter.listJobs = (query) =>
        listJobs(query).map((list) => ({ ...list, exact: query.statuses === null || !query.statuses.has('UNKNOWN') }));
      return connected;
    };
    const list = { ...numbered, maxRows: 100 };
    const none = withoutUnknown(connectMemory({ lists: [memoryList({ ...list, rows: rowsOf({ RUNNING: 1_500 }) })] }));
    expect(await statusesOf(none)).toMatchObject({ RUNNING: 1_500, UNKNOWN: 0 });
    expect(none.pages).toHaveLength(1 + 8 + 1);
    const some = withoutUnknown(connectMemory({ lists: [memoryList({ ...list, rows: rowsOf({ RUNNING: 1_500, UNKNOWN: 7 }) })] }));
    expect(await statusesOf(some)).toMatchObject({ RUNNING: 1_500, UNKNOWN: 7 });
  });

  test('are not used if Jobyard itself filters', async () => {
    const rows = rowsOf({ RUNNING: 5 });
    const connected = connectMemory({
      lists: [memoryList({ ...numbered, rows })],
      actions: { CANCEL: cancelSupport },
      refuseAction: (_action, { vendorId }) => (vendorId === 'j0' ? 'It runs to its end.' : null),
    });
    expect((await count(connected, [], { availableAction: 'CANCEL' })).cells).toMatchObject([{ count: 4 }]);
  });

  test('are not used if a response has none', async () => {
    const connected = connectMemory({ lists: [memoryList({ ...numbered, counts: false, rows: rowsOf({ RUNNING: 5 }) })] });
    const { listJobs } = connected.system.adapter;
    connected.system.adapter.listJobs = (query) => listJobs(query).map((list) => ({ ...list, counts: true }));
    expect((await count(connected, [])).cells).toMatchObject([{ count: 5, isExact: true }]);
  });
});

describe('precision', () => {
  test('is AT_LEAST if the scan was cut off at scanLimit, over all lists', async () => {
    const lists = ['a', 'b'].map((name) =>
      memoryList({
        name,
        counts: false,
        maxRows: 10,
        rows: memoryRows(50).map(({ fields, spot }) => ({ spot, fields: { ...fields, vendorId: `${name}${spot}` } })),
      }),
    );
    const connected = connectMemory({ scanLimit: 30, concurrency: 1, lists });
    const { cells, precision, problem } = await count(connected, ['owner']);
    expect([precision, problem?.code]).toEqual(['AT_LEAST', 'SCAN_LIMIT_REACHED']);
    expect(problem?.message).toContain('scanLimit: 30');
    expect(cells[0]?.count).toBeGreaterThanOrEqual(25);
    expect(cells[0]?.isExact).toBe(false);
    expect(connected.pages.length).toBeLessThan(8);
  });

  test('is AT_LEAST if only a list that was not read may have more', async () => {
    const lists = [memoryList({ counts: false, rows: memoryRows(50) }), memoryList({ name: 'other', counts: false, rows: memoryRows(5) })];
    const connected = connectMemory({ scanLimit: 50, concurrency: 1, lists });
    expect(await count(connected, ['owner'])).toMatchObject({ precision: 'AT_LEAST', cells: [{ count: 50 }] });
    expect(connected.pages.map(({ list }) => list)).toEqual(['jobs']);
  });

  test('is AT_LEAST, not UNKNOWN, if a cut scan found no match', async () => {
    const connected = connectMemory({
      scanLimit: 10,
      lists: [memoryList({ filters: 'NONE', counts: false, maxRows: 10, rows: memoryRows(50) })],
    });
    expect(await count(connected, [], { owners: ['bob'] })).toMatchObject({ cells: [], precision: 'AT_LEAST' });
  });

  test('is EXACT if the last row is the one at scanLimit', async () => {
    const connected = connectMemory({ scanLimit: 50, lists: [memoryList({ counts: false, maxRows: 50, rows: memoryRows(50) })] });
    expect(await count(connected, ['owner'])).toMatchObject({ precision: 'EXACT', cells: [{ count: 50 }] });
  });

  test.each([
    ['the vendor counts', true],
    ['the jobs are read', false],
  ])('is UNKNOWN if the system fails at once and %s', async (_how, counts) => {
    const connected = connectMemory({ lists: [memoryList({ ...numbered, counts, rows: memoryRows(5), failsAt: new Set([0]) })] });
    expect(await count(connected, [])).toMatchObject({ cells: [], precision: 'UNKNOWN', problem: { code: 'SYSTEM_UNAVAILABLE' } });
    // A scan would fail, too.
    expect(connected.pages).toHaveLength(1);
  });

  test('is AT_LEAST if the system fails after some rows', async () => {
    const connected = connectMemory({ lists: [memoryList({ counts: false, maxRows: 10, rows: memoryRows(50), failsAt: new Set([2]) })] });
    const { cells, precision, problem } = await count(connected, ['status']);
    expect([precision, problem?.code]).toEqual(['AT_LEAST', 'SYSTEM_UNAVAILABLE']);
    expect(cells).toMatchObject([{ status: 'RUNNING', isExact: false }]);
  });

  test('is EXACT for a filter that no job of the system can match, without a request', async () => {
    const connected = connectMemory({ hasScopes: false, lists: [memoryList({ rows: memoryRows(5) })] });
    expect(await count(connected, ['status'], { scopes: ['x'] })).toEqual({ cells: [], precision: 'EXACT', problem: null });
    expect(connected.pages).toEqual([]);
  });
});

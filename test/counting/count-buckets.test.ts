import { describe, expect, test } from 'vitest';
import { type Cell, type CountedFact, toExactCell } from '../../src/counting/cell.ts';
import { toBuckets, toTotal } from '../../src/counting/count-buckets.ts';
import type { CountOfSystem } from '../../src/counting/count-jobs.ts';
import { type JobStatus, jobStatuses } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobSystem } from '../../src/jobs/system.ts';
import { connectMemory, memoryList } from '../jobs/memory-adapter.ts';

const cell = (count: number, facts: Partial<Cell> = {}): Cell => ({ ...toExactCell(count), ...facts });
const systemOf = (id: string): JobSystem => connectMemory({ id, lists: [memoryList()] }).system;
const exact = (id: string, ...cells: Cell[]): CountOfSystem<JobSystem> => ({
  ...{ system: systemOf(id), cells, precision: 'EXACT', problem: null, observedAt: new Date(0) },
});
const cut = createProblem('SCAN_LIMIT_REACHED', 'There are more.');
const atLeast = (id: string, ...cells: Cell[]): CountOfSystem<JobSystem> => ({
  ...exact(id, ...cells.map((each) => ({ ...each, isExact: false }))),
  ...{ precision: 'AT_LEAST', problem: cut },
});
const down = createProblem('SYSTEM_UNAVAILABLE', 'It is down.');
const unknown = (id: string): CountOfSystem<JobSystem> => ({ ...exact(id), precision: 'UNKNOWN', problem: down });

const bucketsOf = (counts: readonly CountOfSystem<JobSystem>[], facts: readonly CountedFact[], bySystem = false, statuses?: JobStatus[]) =>
  toBuckets(counts, { by: new Set(facts), bySystem, filter: statuses ? { statuses } : {} }).map(
    ({ status, type, owner, system, count, precision, problem }) => ({
      ...{ key: [status, type, owner, system?.id].filter((part) => part != null).join(' '), count, precision },
      ...(problem && { problem: `${problem.system.id} ${problem.problem.code}` }),
    }),
  );

describe('buckets', () => {
  test('by status add up all systems, the largest first, with 0 for statuses that no job has', () => {
    const counts = [exact('a', cell(2, { status: 'RUNNING' }), cell(1, { status: 'FAILED' })), exact('b', cell(4, { status: 'FAILED' }))];
    const buckets = bucketsOf(counts, ['status']);
    expect(buckets.slice(0, 2)).toEqual([
      { key: 'FAILED', count: 5, precision: 'EXACT' },
      { key: 'RUNNING', count: 2, precision: 'EXACT' },
    ]);
    expect(buckets.map(({ key }) => key).toSorted()).toEqual(jobStatuses.toSorted());
    expect(buckets.slice(2).every(({ count, precision }) => count === 0 && precision === 'EXACT')).toBe(true);
  });

  test('by status are only those of the filter', () => {
    expect(bucketsOf([exact('a')], ['status'], false, ['FAILED', 'FAILED'])).toEqual([{ key: 'FAILED', count: 0, precision: 'EXACT' }]);
  });

  test('by status and system have UNKNOWN for a system that failed, and 0 for statuses that its jobs never have', () => {
    const failed = unknown('b');
    const { adapter } = failed.system;
    const { listJobs } = adapter;
    adapter.listJobs = (query) => (query.statuses && !query.statuses.has('RUNNING') ? [] : listJobs(query));
    const buckets = bucketsOf([exact('a', cell(2, { status: 'RUNNING' })), failed], ['status'], true, ['RUNNING', 'PAUSED']);
    expect(buckets).toEqual([
      { key: 'RUNNING a', count: 2, precision: 'EXACT' },
      { key: 'PAUSED a', count: 0, precision: 'EXACT' },
      { key: 'PAUSED b', count: 0, precision: 'EXACT' },
      { key: 'RUNNING b', count: null, precision: 'UNKNOWN', problem: 'b SYSTEM_UNAVAILABLE' },
    ]);
  });

  test('are AT_LEAST if one of the systems failed or was cut off, and UNKNOWN if all failed', () => {
    const running = cell(2, { status: 'RUNNING' });
    const precisionOf = (counts: readonly CountOfSystem<JobSystem>[]) => bucketsOf(counts, ['status'], false, ['RUNNING'])[0];
    expect(precisionOf([exact('a', running), unknown('b')])).toEqual({
      ...{ key: 'RUNNING', count: 2, precision: 'AT_LEAST', problem: 'b SYSTEM_UNAVAILABLE' },
    });
    expect(precisionOf([atLeast('a', running), exact('b')])).toMatchObject({
      count: 2,
      precision: 'AT_LEAST',
      problem: 'a SCAN_LIMIT_REACHED',
    });
    expect(precisionOf([atLeast('a')])).toMatchObject({ count: 0, precision: 'AT_LEAST' });
    expect(precisionOf([unknown('a'), unknown('b')])).toMatchObject({ count: null, precision: 'UNKNOWN', problem: 'a SYSTEM_UNAVAILABLE' });
  });

  test('by type and owner are those that occur, and a count by more facts serves', () => {
    const counts = [
      exact('a', cell(2, { type: 'load', owner: 'ada', status: 'RUNNING' }), cell(3, { type: 'load', owner: 'ada', status: 'FAILED' })),
      exact('b', cell(1, { type: 'load', owner: 'bob', status: 'FAILED' })),
    ];
    expect(bucketsOf(counts, ['type', 'owner'])).toEqual([
      { key: 'load ada', count: 5, precision: 'EXACT' },
      { key: 'load bob', count: 1, precision: 'EXACT' },
    ]);
    expect(bucketsOf(counts, ['type'])).toEqual([{ key: 'load', count: 6, precision: 'EXACT' }]);
    expect(bucketsOf([...counts, unknown('c')], ['type'])).toMatchObject([{ count: 6, precision: 'AT_LEAST' }]);
    expect(bucketsOf([...counts, unknown('c')], ['type'], true).map(({ key }) => key)).toEqual(['load a', 'load b']);
  });

  test('by system have one for each system', () => {
    expect(bucketsOf([exact('a'), unknown('b')], [], true)).toMatchObject([
      { key: 'a', count: 0 },
      { key: 'b', count: null, precision: 'UNKNOWN' },
    ]);
  });

  test('keep exact numbers of a count that was cut off, but no sum of them is exact', () => {
    const refined = { ...atLeast('a'), cells: [cell(700, { status: 'RUNNING' })] };
    expect(bucketsOf([refined], ['status'], false, ['RUNNING', 'FAILED'])).toEqual([
      { key: 'RUNNING', count: 700, precision: 'EXACT' },
      { key: 'FAILED', count: 0, precision: 'AT_LEAST', problem: 'a SCAN_LIMIT_REACHED' },
    ]);
    expect(bucketsOf([refined], [])).toMatchObject([{ count: 700, precision: 'AT_LEAST' }]);
    expect(toTotal([refined])).toMatchObject({ count: 700, precision: 'AT_LEAST' });
  });
});

test('the total of no systems is exactly 0', () => {
  expect(toTotal([])).toEqual({ count: 0, precision: 'EXACT', problem: null });
});

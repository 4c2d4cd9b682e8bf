import { describe, expect, test } from 'vitest';
import {
  type ActionResponse,
  allJobs,
  type CallContext,
  isOddRow,
  type JobQuery,
  type JobSystemAdapter,
  type ListedJob,
  type OddRow,
  startOfList,
} from '../../src/jobs/adapter.ts';
import { problemOf } from '../../src/jobs/create-job.ts';
import { succeed } from '../../src/jobs/problem.ts';
import { createJobReader } from '../../src/reading/reader.ts';
import { containAdapter } from '../../src/systems/contained-adapter.ts';
import { connectMemory, jobFields, memoryList } from '../jobs/memory-adapter.ts';

const call: CallContext = { caller: 'test', signal: new AbortController().signal, credential: null };
const targets = [
  { vendorId: '1', job: null },
  { vendorId: '2', job: null },
];
const bug = new TypeError('secret is not a function');
const broken = async (): Promise<never> => {
  throw bug;
};
const problem = {
  code: 'INVALID_VENDOR_RESPONSE',
  message: "The adapter of night failed. This is a bug in it: see Jobyard's log.",
};

function contain(overrides: Partial<JobSystemAdapter>): { adapter: JobSystemAdapter; bugs: unknown[] } {
  const bugs: unknown[] = [];
  const adapter = { ...connectMemory().system.adapter, ...overrides };
  return { adapter: containAdapter('night', adapter, (error) => bugs.push(error)), bugs };
}

/** The contained adapter of these jobs in one list, of which some throw. */
function containRows(ids: readonly string[], broken: readonly string[], overrides: Partial<JobSystemAdapter> = {}) {
  const rows = ids.map((id, spot) => ({ fields: jobFields(id, { status: 'RUNNING', createdAt: new Date(7) }), spot }));
  const { listJobs } = connectMemory({ lists: [memoryList({ rows })] }).system.adapter;
  const breakRow = (row: ListedJob | OddRow): ListedJob | OddRow => {
    const isBroken = !isOddRow(row) && broken.includes(row.vendorId);
    return isBroken ? { ...row, toFields: () => throwBug() } : row;
  };
  const contained = contain({
    listJobs: (query) =>
      listJobs(query).map((source) => ({
        ...source,
        async readPage(at, count, of) {
          const page = await source.readPage(at, count, of);
          return page.ok ? succeed({ ...page.value, rows: page.value.rows.map(breakRow) }) : page;
        },
      })),
    ...overrides,
  });
  const readRows = async (query: JobQuery) => {
    const [source] = contained.adapter.listJobs(query);
    const page = await source?.readPage(startOfList, 10, call);
    return page?.ok ? page.value.rows : [];
  };
  return { ...contained, readRows };
}

function throwBug(): never {
  throw bug;
}

describe('an adapter that throws on one job', () => {
  const unread = { vendorId: '2', status: 'UNKNOWN', name: null, createdAt: new Date(7) };
  const message = "The adapter of night failed on job 2. This is a bug in it: see Jobyard's log.";

  test('has a placeholder with the problem in the place of its fields, which are made once', async () => {
    const { readRows, bugs } = containRows(['1', '2', '3'], ['2']);
    const rows = await readRows(allJobs);
    expect(bugs).toEqual([]);
    const fields = rows.flatMap((row) => (isOddRow(row) ? [] : [row.toFields(), row.toFields()]));
    expect(fields.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING', 'UNKNOWN', 'UNKNOWN', 'RUNNING', 'RUNNING']);
    expect(fields[2]).toMatchObject(unread);
    expect(fields[2] && problemOf(fields[2])).toMatchObject({ ...problem, message });
    expect(bugs).toEqual([bug]);
  });

  test('has an invalid row if the query needs the fields of all rows', async () => {
    const { readRows, bugs } = containRows(['1', '2'], ['2']);
    const [good, odd] = await readRows({ ...allJobs, statuses: new Set(['RUNNING']) });
    expect(good).toMatchObject({ vendorId: '1' });
    expect(odd).toMatchObject({ problem: { ...problem, message }, job: { vendorId: '2' } });
    expect(odd && isOddRow(odd) && odd.job?.toFields()).toMatchObject(unread);
    expect(bugs).toEqual([bug]);
  });

  test('reads the others by ID, with few calls more', async () => {
    const calls: (readonly string[])[] = [];
    const { adapter, bugs } = contain({
      async getJobs(ids) {
        calls.push(ids);
        return ids.map((id) => (id === '6' ? throwBug() : { kind: 'notFound' }));
      },
    });
    const kinds = async (ids: readonly string[]) => (await adapter.getJobs?.(ids, call))?.map(({ kind }) => kind);
    const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
    expect(await kinds(ids)).toEqual(ids.map((id) => (id === '6' ? 'problem' : 'notFound')));
    expect(calls).toHaveLength(7);
    expect(bugs).toEqual([bug]);
  });

  test('is not called again for each job if it throws on all', async () => {
    let calls = 0;
    const getJobs = async (): Promise<never> => {
      calls += 1;
      throw bug;
    };
    const { adapter, bugs } = contain({ getJobs });
    expect(await adapter.getJobs?.(['1', '2', '3', '4'], call)).toHaveLength(4);
    expect(calls).toBe(3);
    expect(bugs).toEqual([bug]);
  });

  test('has a problem of this job if Jobyard searches its lists for jobs', async () => {
    const { adapter } = containRows(['1', '2'], ['2']);
    const { getJobs: _getJobs, ...listOnly } = adapter;
    const reader = createJobReader({ systemId: 'night', adapter: listOnly, concurrency: 1, scanLimit: 100 });
    expect(await reader.read(['1', '2', '3'], call)).toMatchObject([
      { kind: 'job', job: { status: 'RUNNING' } },
      { kind: 'problem', problem: { ...problem, message } },
      { kind: 'notFound' },
    ]);
    expect(reader.findCopy('2', call)).toBeNull();
  });
});

describe('an adapter that throws', () => {
  test('leaves the outcome of an action open, as it may have been sent', async () => {
    const { adapter, bugs } = contain({ performAction: broken, resolveInconclusive: broken });
    const inconclusive = targets.map(() => ({ kind: 'inconclusive', problem: expect.objectContaining(problem) }));
    expect(await adapter.performAction('CANCEL', targets, call)).toEqual(inconclusive);
    expect(await adapter.resolveInconclusive?.('CANCEL', targets, call)).toEqual(inconclusive);
    expect(bugs).toEqual([bug, bug]);
  });

  test('returns a problem for each job that it reads', async () => {
    const { adapter, bugs } = contain({ getJobs: broken, getStepsOfJobs: broken });
    expect(await adapter.getJobs?.(['1', '2'], call)).toMatchObject([
      { kind: 'problem', problem },
      { kind: 'problem', problem },
    ]);
    expect(bugs).toEqual([bug]);
  });

  test('has lists that report the problem', async () => {
    const [source] = contain({
      listJobs() {
        throw bug;
      },
    }).adapter.listJobs(allJobs);
    expect(await source?.readPage(startOfList, 10, call)).toMatchObject({ ok: false, problem });
    const [own] = connectMemory({ lists: [memoryList()] }).system.adapter.listJobs(allJobs);
    if (!own) throw new Error('No list');
    const [list] = contain({ listJobs: () => [{ ...own, readPage: broken }] }).adapter.listJobs(allJobs);
    expect(await list?.readPage(startOfList, 10, call)).toMatchObject({ ok: false, problem });
  });

  test('is not healthy', async () => {
    expect(await contain({ checkHealth: broken }).adapter.checkHealth(call)).toMatchObject(problem);
  });
});

test('an adapter that returns another number of results than it got jobs is broken, too', async () => {
  const accepted: ActionResponse = { kind: 'accepted', job: null };
  const { adapter, bugs } = contain({ performAction: async () => [accepted] });
  expect(await adapter.performAction('CANCEL', targets, call)).toMatchObject([
    { kind: 'inconclusive', problem },
    { kind: 'inconclusive', problem },
  ]);
  expect(bugs).toEqual([new Error('Expected 2 results, one per job, got 1')]);
});

test('the results of an adapter without bugs stay as they are', async () => {
  const accepted: ActionResponse = { kind: 'accepted', job: null };
  const { adapter, bugs } = contain({ performAction: async () => [accepted, accepted] });
  expect(await adapter.performAction('CANCEL', targets, call)).toEqual([accepted, accepted]);
  expect(bugs).toEqual([]);
});

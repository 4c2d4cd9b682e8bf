import { describe, expect, test } from 'vitest';
import { type ActionResponse, allJobs, type CallContext, type JobSystemAdapter, startOfList } from '../../src/jobs/adapter.ts';
import { containAdapter } from '../../src/systems/contained-adapter.ts';
import { connectMemory, memoryList } from '../jobs/memory-adapter.ts';

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

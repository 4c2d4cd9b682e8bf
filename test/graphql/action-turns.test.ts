import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createActionTurns } from '../../src/graphql/action-turns.ts';

const patient = 60_000;

describe('turns', () => {
  test('are granted immediately while there is room, and in order when room is released', async () => {
    const turns = createActionTurns({ maxJobsPerCaller: 10, maxJobs: 15, maxWaitMs: patient });
    const first = await turns.take('ann', 8);
    const begun: string[] = [];
    const second = turns.take('ann', 5).then((end) => begun.push('ann') && end);
    const other = await turns.take('bob', 7);
    expect(begun).toEqual([]);
    first?.();
    const end = await second;
    expect([typeof other, typeof end, begun]).toEqual(['function', 'function', ['ann']]);
  });

  test('alternate between callers, however many requests one caller has waiting', async () => {
    const turns = createActionTurns({ maxJobsPerCaller: 100, maxJobs: 1, maxWaitMs: patient });
    const first = await turns.take('zoe', 1);
    const order: string[] = [];
    const wait = (caller: string): Promise<void> =>
      turns.take(caller, 1).then((end) => {
        order.push(caller);
        end?.();
      });
    const waiting = ['ann', 'ann', 'ann', 'bob', 'cat', 'bob'].map(wait);
    first?.();
    await Promise.all(waiting);
    expect(order).toEqual(['ann', 'bob', 'cat', 'ann', 'bob', 'ann']);
  });

  test('are denied after the maximum wait, without losing room', async () => {
    const turns = createActionTurns({ maxJobsPerCaller: 10, maxJobs: 10, maxWaitMs: 20 });
    const end = await turns.take('ann', 10);
    expect(await Promise.all([turns.take('bob', 3), turns.take('bob', 4)])).toEqual([null, null]);
    end?.();
    end?.();
    expect(await turns.take('bob', 10)).not.toBeNull();
    expect(await turns.take('ann', 1)).toBeNull();
  });

  test('let a request above a limit start when nothing else counts against the limit', async () => {
    const turns = createActionTurns({ maxJobsPerCaller: 10, maxJobs: 20, maxWaitMs: 20 });
    const end = await turns.take('ann', 50);
    expect(end).not.toBeNull();
    expect(await turns.take('bob', 1)).toBeNull();
    end?.();
    expect(await turns.take('bob', 1)).not.toBeNull();
  });

  test("of callers that can't be distinguished are only limited together", async () => {
    const turns = createActionTurns({ maxJobsPerCaller: 1, maxJobs: 4, maxWaitMs: 20 });
    expect([await turns.take(null, 2), await turns.take(null, 2)]).toEqual([expect.any(Function), expect.any(Function)]);
    expect(await turns.take(null, 1)).toBeNull();
  });
});

test('in any order: no limit is exceeded, every request that can start does, and all room is released', async () => {
  const request = fc.record({ caller: fc.constantFrom('ann', 'bob', 'cat', null), jobCount: fc.integer({ min: 1, max: 150 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.nat()), async (requests, picks) => {
      const bounds = { maxJobsPerCaller: 100, maxJobs: 200 };
      const turns = createActionTurns({ ...bounds, maxWaitMs: patient });
      const active: { caller: string | null; jobCount: number; end: () => void }[] = [];
      let served = 0;
      const taken = requests.map(async ({ caller, jobCount }) => {
        const end = await turns.take(caller, jobCount);
        if (!end) throw new Error('Refused within its time');
        served += 1;
        active.push({ caller, jobCount, end });
        const ofCaller = active.filter((each) => each.caller === caller);
        const sum = (list: typeof active): number => list.reduce((total, each) => total + each.jobCount, 0);
        expect(active.length === 1 || sum(active) <= bounds.maxJobs).toBe(true);
        expect(caller === null || ofCaller.length === 1 || sum(ofCaller) <= bounds.maxJobsPerCaller).toBe(true);
      });
      while (served < requests.length || active.length > 0) {
        await new Promise(setImmediate);
        if (active.length > 0) active.splice(picks.next().value % active.length, 1)[0]?.end();
      }
      await Promise.all(taken);
      const all = await turns.take('dan', bounds.maxJobs);
      expect(all).not.toBeNull();
    }),
    { numRuns: 60 },
  );
});

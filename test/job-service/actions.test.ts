import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ActionAudit, ActionIntent } from '../../src/actions/audit.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { abortedSignal } from '../jobs/memory-adapter.ts';
import { act, begin, connect, describeLookup, support } from './begin.ts';

describe('actions', () => {
  test('carry to the vendor who requests them, and why', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING' });
    await begin([a.system], { caller: 'anonymous 7f3a', requestedBy: 'anonymous' }).performAction('CANCEL', ['a:1'], {
      ...act,
      reason: 'wrong table',
    });
    await begin([a.system], { caller: 'key:ops' }).performAction('CANCEL', ['a:2'], act);
    const sent = a.calls.filter((call) => call.requestedBy !== undefined);
    expect(sent).toContainEqual(expect.objectContaining({ requestedBy: 'anonymous', reason: 'wrong table' }));
    expect(sent).toContainEqual(expect.objectContaining({ requestedBy: 'key:ops', reason: null }));
  });

  test('give one result per position, and send each job once', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'SUCCEEDED' });
    const b = connect('b', { '1': 'RUNNING' });
    const ids = ['a:1', 'nonsense', 'b:1', 'a:2', 'a:1', 'a:007', 'c:1', 'b:1'];
    const results = await begin([a.system, b.system]).performAction('CANCEL', ids, act);
    expect(results.map(({ jobId }) => jobId)).toEqual(ids);
    expect(results.map(({ result }) => result.outcome)).toEqual([
      'CONFIRMED',
      'JOB_NOT_FOUND',
      'CONFIRMED',
      'ACTION_NOT_ALLOWED',
      'CONFIRMED',
      'JOB_NOT_FOUND',
      'JOB_NOT_FOUND',
      'CONFIRMED',
    ]);
    expect([a.sent, b.sent]).toEqual([[['1']], [['1']]]);
  });

  test('keep the copies that were read after them, and none that were read before', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 RUNNING');
    await operation.performAction('CANCEL', ['a:1'], act);
    const readsBefore = a.reads.length;
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 CANCELLED');
    expect(a.reads).toHaveLength(readsBefore);
  });

  test("on jobs that another operation is sending end with the operation's own read of them, before it has sent the others", async () => {
    const released = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const statuses = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [String(index + 1), 'RUNNING' as const]));
    const a = connect('a', statuses, {
      actions: { CANCEL: { ...support, requestSize: 1 } },
      concurrency: 1,
      async answerAction(_action, targets) {
        if (a.sent.length === 2) {
          waiting.resolve();
          await released.promise;
        }
        for (const { vendorId } of targets) a.jobs.set(vendorId, 'CANCELLED');
        return targets.map(() => ({ kind: 'accepted', job: null }));
      },
    });
    const many = begin([a.system]).performAction('CANCEL', ['a:1', 'a:2', 'a:3', 'a:4'], act);
    await waiting.promise;
    expect(await begin([a.system]).performAction('CANCEL', ['a:1'], act)).toMatchObject([{ result: { outcome: 'CONFIRMED' } }]);
    expect(a.sent).toEqual([['1'], ['2']]);
    released.resolve();
    expect((await many).map(({ result }) => result.outcome)).toEqual(Array(4).fill('CONFIRMED'));
    expect(a.reads).toEqual([['1', '2', '3', '4'], ['1'], ['2', '3', '4']]);
  });

  test('on jobs of a rejected batch wait for no other job that is sent again', async () => {
    const released = Promise.withResolvers<void>();
    const waiting = Promise.withResolvers<void>();
    const ids = Array.from({ length: 8 }, (_, index) => String(index + 1));
    const a = connect('a', Object.fromEntries(ids.map((id) => [id, 'RUNNING' as const])), {
      concurrency: 1,
      async answerAction(_action, targets) {
        const problem = createProblem('VENDOR_REJECTED', 'One of them, no.');
        if (targets.length > 1) return targets.map(() => ({ kind: 'batchRejected', problem, vendorCode: null }));
        if (targets[0]?.vendorId === '1') {
          waiting.resolve();
          await released.promise;
        }
        for (const { vendorId } of targets) a.jobs.set(vendorId, 'CANCELLED');
        return targets.map(() => ({ kind: 'accepted', job: null }));
      },
    });
    const many = begin([a.system]).performAction(
      'CANCEL',
      ids.map((id) => `a:${id}`),
      act,
    );
    await waiting.promise;
    expect(await begin([a.system]).performAction('CANCEL', ['a:8'], act)).toMatchObject([{ result: { outcome: 'CONFIRMED' } }]);
    expect(a.sent).toEqual([ids, ['1'], ['8']]);
    released.resolve();
    expect((await many).map(({ result }) => result.outcome)).toEqual(Array(8).fill('CONFIRMED'));
    expect(a.sent.flat().filter((id) => id === '8')).toHaveLength(2);
  });

  test('on jobs that another operation has sent meanwhile take no turn for them', async () => {
    const begun: string[] = [];
    const a = connect(
      'a',
      { '1': 'RUNNING', '2': 'RUNNING', '3': 'RUNNING', '4': 'RUNNING' },
      {
        actions: { CANCEL: { ...support, requestSize: 1 } },
        concurrency: 1,
        async answerAction(_action, targets) {
          if (a.sent.length === 1) await begin([a.system]).performAction('CANCEL', ['a:4'], act);
          for (const { vendorId } of targets) a.jobs.set(vendorId, 'CANCELLED');
          return targets.map(() => ({ kind: 'accepted', job: null }));
        },
      },
    );
    const { performAction } = a.system.adapter;
    a.system.adapter.performAction = (action, targets, call) => {
      begun.push(...targets.map(({ vendorId }) => vendorId));
      return performAction(action, targets, call);
    };
    const many = await begin([a.system]).performAction('CANCEL', ['a:1', 'a:2', 'a:3', 'a:4'], act);
    expect(many.map(({ result }) => result.outcome)).toEqual(Array(4).fill('CONFIRMED'));
    expect(begun).toEqual(['1', '4', '2', '3']);
  });

  test('are never cached: each is performed', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    await operation.performAction('CANCEL', ['a:1'], act);
    a.jobs.set('1', 'RUNNING');
    await operation.performAction('CANCEL', ['a:1'], act);
    expect(a.sent).toEqual([['1'], ['1']]);
  });

  test('of the same kind in one tick go together, others never', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING', '3': 'RUNNING', '4': 'RUNNING' });
    const operation = begin([a.system]);
    const [, , paused, checked] = await Promise.all([
      operation.performAction('CANCEL', ['a:1'], act),
      operation.performAction('CANCEL', ['a:2', 'a:1'], act),
      operation.performAction('PAUSE', ['a:3'], act),
      operation.performAction('CANCEL', ['a:4'], { ...act, dryRun: true }),
    ]);
    expect(paused).toMatchObject([{ jobId: 'a:3', result: { outcome: 'CONFIRMED', job: { status: 'PAUSED' } } }]);
    expect(checked).toMatchObject([{ jobId: 'a:4', result: { outcome: 'DRY_RUN_PASSED' } }]);
    expect(a.sent.toSorted()).toEqual([['1', '2'], ['3']]);
    expect(Object.fromEntries(a.jobs)).toEqual({ '1': 'CANCELLED', '2': 'CANCELLED', '3': 'PAUSED', '4': 'RUNNING' });
  });

  test('have their own signal: a caller that disconnects stops none', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const [result] = await begin([a.system], { readSignal: abortedSignal() }).performAction('CANCEL', ['a:1'], act);
    expect(result).toMatchObject({ result: { outcome: 'CONFIRMED' } });
    a.jobs.set('1', 'RUNNING');
    const [late] = await begin([a.system], { actSignal: abortedSignal() }).performAction('CANCEL', ['a:1'], act);
    expect(late?.result.outcome).toBe('NOT_ATTEMPTED');
    expect(a.sent).toHaveLength(1);
  });

  test('are recorded before, while, and after they are performed', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'SUCCEEDED' });
    const { performAction: perform, entries, intents } = begin([a.system]);
    await perform('CANCEL', ['a:1', 'a:2', 'a:1'], { dryRun: false, reason: 'runaway' });
    expect(entries).toEqual(['intend CANCEL a:1,a:2', 'send a:1', 'settle a:1,a:2']);
    expect(intents).toMatchObject([{ systemId: 'a', reason: 'runaway', dryRun: false }]);
  });

  test('have the time of the last request that named the job', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    const times = new Map<string, number | undefined>();
    const a = connect(
      'a',
      { '1': 'RUNNING', '2': 'SUCCEEDED', '3': 'RUNNING', '4': 'RUNNING' },
      {
        concurrency: 1,
        actions: { CANCEL: { ...support, requestSize: 2 } },
        answerAction(_action, targets) {
          vi.setSystemTime(Date.now() + 1_000);
          // Rejected as a batch because of one of two: both are sent once more, each alone.
          if (targets.length > 1)
            return targets.map(() => ({ kind: 'batchRejected', problem: createProblem('VENDOR_REJECTED', 'No.'), vendorCode: null }));
          return targets.map(() => ({ kind: 'accepted', job: null }));
        },
      },
    );
    const audit: ActionAudit = {
      recordIntent: () => {},
      recordSent: () => {},
      recordOutcomes(_batchId, settled) {
        for (const { jobId, sentAt } of settled) times.set(jobId, sentAt?.getTime());
      },
      recordDenial: () => {},
    };
    await begin([a.system], { audit }).performAction('CANCEL', ['a:1', 'a:2', 'a:3', 'a:4'], act);
    expect(a.sent).toEqual([['1', '3'], ['4'], ['1'], ['3']]);
    expect([...times]).toEqual([
      ['a:1', 2_000],
      ['a:2', undefined],
      ['a:3', 3_000],
      ['a:4', 1_000],
    ]);
  });

  test("that can't be recorded are performed on no system", async () => {
    const [a, b] = [connect('a', { '1': 'RUNNING' }), connect('b', { '1': 'RUNNING' })];
    const audit = {
      recordIntent({ systemId }: ActionIntent) {
        if (systemId === 'b') throw new Error('The disk is full');
      },
      recordSent: () => {},
      recordOutcomes: () => {},
      recordDenial: () => {},
    };
    await expect(begin([a.system, b.system], { audit }).performAction('CANCEL', ['a:1', 'b:1'], act)).rejects.toThrow('The disk is full');
    expect([a.sent, b.sent]).toEqual([[], []]);
  });
});

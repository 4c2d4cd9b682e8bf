import { describe, expect, test } from 'vitest';
import { performAction } from '../../src/actions/perform-action.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { abortedSignal, callOf, cancelSupport, down } from '../jobs/memory-adapter.ts';
import { batchSupport, connect, describeAll, together } from './statuses-vendor.ts';

describe("the action isn't sent", () => {
  const ids = ['a', 'b', 'c', 'd'];
  const running = Object.fromEntries(ids.map((id): [string, JobStatus] => [id, 'RUNNING']));

  test('after the operation has ended', async () => {
    const { system, sent } = connect(running, cancelSupport);
    const results = await performAction(system, 'CANCEL', ids, { dryRun: false }, callOf({ signal: abortedSignal() }));
    expect(new Set(Object.values(describeAll(results)))).toEqual(new Set(['NOT_ATTEMPTED NOT_ATTEMPTED']));
    expect(results.get('a')).toMatchObject({
      problem: { retryable: true, message: 'Not sent to memory: the deadline passed. Retry, or raise deadlineMs.' },
    });
    expect(sent).toEqual([]);
  });

  test('after a deadline in the middle of the batches; the jobs that were sent have their true outcomes', async () => {
    const ending = new AbortController();
    const vendor = connect(running, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) => {
        if (vendor.sent.length === 2) ending.abort();
        return vendor.cancel(targets);
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf({ signal: ending.signal }));
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'CONFIRMED',
      c: 'NOT_ATTEMPTED NOT_ATTEMPTED',
      d: 'NOT_ATTEMPTED NOT_ATTEMPTED',
    });
    expect(vendor.sent).toEqual([['a'], ['b']]);
  });

  test('after a request that could not be sent; the other jobs give the reason', async () => {
    const limited = createProblem('RATE_LIMITED', 'Slow down.', 30);
    const vendor = connect(running, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) =>
        vendor.sent.length < 2 ? vendor.cancel(targets) : targets.map(() => ({ kind: 'notSent', problem: limited })),
    });
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'SYSTEM_UNAVAILABLE RATE_LIMITED',
      c: 'NOT_ATTEMPTED NOT_ATTEMPTED',
      d: 'NOT_ATTEMPTED NOT_ATTEMPTED',
    });
    expect(results.get('d')).toMatchObject({ problem: { retryAfterSeconds: 30, message: expect.stringContaining('Slow down.') } });
    expect(vendor.sent).toEqual([['a'], ['b']]);
  });

  test('a second time after the deadline, for the jobs of a rejected batch', async () => {
    const vendor = connect(
      running,
      { ...batchSupport, requestSize: 2 },
      {
        concurrency: 1,
        answerAction: (_action, targets) => targets.map(() => (vendor.sent.length === 1 ? together : { kind: 'notSent', problem: down })),
      },
    );
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());
    // Not NotAttempted: they were sent, and rejected with the batch.
    expect(describeAll(results)).toEqual({
      a: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      b: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      c: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      d: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
    });
    expect(vendor.sent).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test("if the jobs couldn't be read first", async () => {
    const { system, sent } = connect(running, batchSupport, {
      answerRead: () => ({ kind: 'problem', problem: createProblem('ACCESS_DENIED', 'No.') }),
    });
    expect(describeAll(await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf()))).toEqual({
      a: 'ACCESS_DENIED ACCESS_DENIED',
    });
    expect(sent).toEqual([]);
  });
});

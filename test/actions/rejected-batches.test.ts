import { describe, expect, test } from 'vitest';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionResponse, ActionSupport } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import { callOf, down, jobFields } from '../jobs/memory-adapter.ts';
import { batchSupport, connect, describeAll, refusal, together } from './statuses-vendor.ts';

describe('a rejected batch', () => {
  /** Rejects every request that names a culprit, as Kylin does. */
  function refusing(culprits: readonly string[], statuses: Record<string, JobStatus>, support: ActionSupport, alone: ActionResponse) {
    const vendor = connect(statuses, support, {
      answerAction: (_action, targets) => {
        if (!targets.some(({ vendorId }) => culprits.includes(vendorId))) return vendor.cancel(targets);
        return targets.map(() => (targets.length > 1 ? together : alone));
      },
    });
    return vendor;
  }
  const refusedAlone: ActionResponse = { kind: 'rejected', problem: refusal, vendorCode: 'E1' };

  test('is sent once more without the jobs whose state explains the rejection', async () => {
    const { system, sent, jobs } = refusing(
      ['c'],
      { a: 'RUNNING', b: 'RUNNING', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: false },
      refusedAlone,
    );
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'CONFIRMED',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect(sent).toEqual([
      ['a', 'b', 'c', 'missing'],
      ['a', 'b'],
    ]);
    expect(jobs.get('c')).toBe('SUCCEEDED');
  });

  test('is sent once more, one job at a time, if no state explains the rejection', async () => {
    const { system, sent } = refusing(['b'], { a: 'RUNNING', b: 'RUNNING', c: 'RUNNING' }, batchSupport, refusedAlone);
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: 'VENDOR_REJECTED VENDOR_REJECTED', c: 'CONFIRMED' });
    expect(sent).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  test.each<[ProblemCode, string]>([
    ['NOT_ELIGIBLE', 'ACTION_NOT_ALLOWED NOT_ELIGIBLE'],
    ['ACCESS_DENIED', 'ACCESS_DENIED ACCESS_DENIED'],
  ])("with %s doesn't fail the other jobs", async (code, culpritResult) => {
    const problem = createProblem(code, 'One of them, no.');
    const vendor = connect({ a: 'RUNNING', b: 'RUNNING' }, batchSupport, {
      answerAction: (_action, targets) => {
        if (!targets.some(({ vendorId }) => vendorId === 'b')) return vendor.cancel(targets);
        return targets.map(() => ({ kind: targets.length > 1 ? 'batchRejected' : 'rejected', problem, vendorCode: null }));
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: culpritResult });
  });

  test('is not sent a third time', async () => {
    const vendor = connect(
      { a: 'RUNNING', b: 'RUNNING', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: false },
      {
        answerAction: (_action, targets) => targets.map(() => together),
      },
    );
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'VENDOR_REJECTED VENDOR_REJECTED',
      b: 'VENDOR_REJECTED VENDOR_REJECTED',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
    });
    expect(vendor.sent).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
    ]);
  });

  test('that was performed in part has the outcome that each job shows', async () => {
    const vendor = connect({ a: 'RUNNING', b: 'RUNNING' }, batchSupport, {
      answerAction: (_action, targets) => {
        vendor.jobs.set('a', 'CANCELLED');
        return targets.map(() => (targets.length > 1 ? together : refusedAlone));
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: 'VENDOR_REJECTED VENDOR_REJECTED' });
    expect(vendor.sent).toEqual([['a', 'b'], ['b']]);
  });

  test('is not sent again for a job that could not be read', async () => {
    let reads = 0;
    const { system, sent } = connect({}, batchSupport, {
      answerRead: (id) => (reads++ < 2 || id === 'b' ? { kind: 'job', job: jobFields(id) } : { kind: 'problem', problem: down }),
      answerAction: (_action, targets) => targets.map(() => (targets.length > 1 ? together : refusedAlone)),
    });
    const results = await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'OUTCOME_UNKNOWN OUTCOME_UNKNOWN', b: 'VENDOR_REJECTED VENDOR_REJECTED' });
    expect(sent).toEqual([['a', 'b'], ['b']]);
  });
});

import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../src/actions/action-result.ts';
import type { ReadOutcomes } from '../../src/actions/executions.ts';
import { performAction } from '../../src/actions/perform-action.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { callOf, cancelSupport, down } from '../jobs/memory-adapter.ts';
import { batchSupport, connect, describeAll, together } from './statuses-vendor.ts';

describe('an action on jobs of which another request sends some', () => {
  test('is sent without them, and they get no result', async () => {
    const { system, sent } = connect({ a: 'RUNNING', b: 'RUNNING', c: 'RUNNING' }, { ...batchSupport, requestSize: 2 });
    const recorded: (readonly string[])[] = [];
    const options = {
      dryRun: false,
      claim: (ids: readonly string[]) => ids.filter((id) => id !== 'b' && id !== 'c'),
      onSend: (ids: readonly string[]) => recorded.push(ids),
    };
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c'], options, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED' });
    expect([sent, recorded]).toEqual([[['a']], [['a']]]);
  });

  test('that is known before their turn costs no place and no connection for them', async () => {
    const { system, sent } = connect({ a: 'RUNNING', b: 'RUNNING', c: 'RUNNING' }, { ...batchSupport, requestSize: 2 });
    const { performAction: send } = system.adapter;
    const begun: string[][] = [];
    system.adapter.performAction = (action, targets, call) => {
      begun.push(targets.map(({ vendorId }) => vendorId));
      return send(action, targets, call);
    };
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false, isFree: (id) => id === 'a' }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED' });
    expect([begun, sent]).toEqual([[['a']], [['a']]]);
  });

  test('that is rejected as a batch is sent once more without them', async () => {
    const vendor = connect(
      { a: 'RUNNING', b: 'SUCCEEDED', c: 'RUNNING' },
      { ...batchSupport, readBeforeAction: false },
      { answerAction: (_action, targets) => (targets.length > 1 ? targets.map(() => together) : vendor.cancel(targets)) },
    );
    const claim = (ids: readonly string[]): string[] => ids.filter((id) => id !== 'c');
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false, claim }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: 'ACTION_NOT_ALLOWED WRONG_STATUS' });
    expect(vendor.sent).toEqual([['a', 'b'], ['a']]);
  });
});

describe('an outcome that another request reads while jobs are sent', () => {
  /** Sends the jobs `a` and `b` one after the other, first together if the vendor rejects batches. Before the vendor gets the second request, `meanwhile` runs. */
  async function performWith(
    { isRejected = false, isReadable = () => true }: { isRejected?: boolean; isReadable?: (caller: string) => boolean },
    meanwhile: (readOutcomes: ReadOutcomes, jobs: Map<string, JobStatus>) => unknown,
  ) {
    let readOutcomes: ReadOutcomes = () => Promise.reject(new Error('Nothing was sent'));
    const support = { ...(isRejected ? batchSupport : cancelSupport), readBeforeAction: false };
    const vendor = connect({ a: 'RUNNING', b: 'RUNNING' }, support, {
      concurrency: 1,
      async answerAction(_action, targets) {
        if (vendor.sent.length === 2) await meanwhile(readOutcomes, vendor.jobs);
        return targets.length > 1 ? targets.map(() => together) : vendor.cancel(targets);
      },
    });
    const { getJobs } = vendor.system.adapter;
    if (!getJobs) throw new Error('The stub reads by ID');
    vendor.system.adapter.getJobs = async (ids, call) =>
      isReadable(call.caller) ? getJobs(ids, call) : ids.map(() => ({ kind: 'problem', problem: down }));
    const known: string[] = [];
    const rejected: (readonly string[])[] = [];
    const options = {
      dryRun: false,
      onRejected: (ids: readonly string[]) => rejected.push(ids),
      onResponse(_ids: readonly string[], read: ReadOutcomes) {
        readOutcomes = read;
      },
      onResult: (id: string, { outcome }: ActionResult) => known.push(`${id} ${outcome}`),
    };
    await performAction(vendor.system, 'CANCEL', ['a', 'b'], options, callOf());
    return { ...vendor, known, rejected };
  }

  test("is recorded at once, and the job isn't read again", async () => {
    const { known, reads } = await performWith({}, (readOutcomes) => readOutcomes(['a'], callOf()));
    expect(known).toEqual(['a CONFIRMED', 'b CONFIRMED']);
    expect(reads).toEqual([['a'], ['b']]);
  });

  test('counts once, if both read it at the same time', async () => {
    const early: Promise<unknown>[] = [];
    const { known, reads } = await performWith({}, (readOutcomes) => {
      early.push(readOutcomes(['a'], callOf()));
    });
    await Promise.all(early);
    expect(reads.flat()).toEqual(['a', 'a', 'b']);
    expect(known).toEqual(['a CONFIRMED', 'b CONFIRMED']);
  });

  test('is left to the others if the read fails', async () => {
    const { known } = await performWith({ isReadable: (caller) => caller !== 'bob' }, (readOutcomes) =>
      readOutcomes(['a'], callOf({ caller: 'bob' })),
    );
    expect(known).toEqual(['a CONFIRMED', 'b CONFIRMED']);
  });

  test('of a rejected batch is reported as rejected once, and not when the jobs are being sent again', async () => {
    const late: Promise<void>[] = [];
    const { rejected, sent } = await performWith({ isRejected: true }, (readOutcomes) => {
      late.push(readOutcomes(['b'], callOf()));
    });
    await Promise.all(late);
    expect(rejected).toEqual([['a', 'b']]);
    expect(sent).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  test('of a rejected batch is recorded if the read proves it, and the job is not sent again', async () => {
    const { known, sent } = await performWith({ isRejected: true }, async (readOutcomes, jobs) => {
      await readOutcomes(['b'], callOf());
      jobs.set('b', 'CANCELLED');
      await readOutcomes(['b'], callOf());
    });
    expect(known).toEqual(['b CONFIRMED', 'a CONFIRMED']);
    expect(sent).toEqual([['a', 'b'], ['a']]);
  });
});

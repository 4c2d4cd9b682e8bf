import { describe, expect, test } from 'vitest';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionSupport } from '../../src/jobs/adapter.ts';
import { callOf, cancelSupport, down } from '../jobs/memory-adapter.ts';
import { batchSupport, connect, describeAll } from './statuses-vendor.ts';

describe('an action', () => {
  test("sends and reads nothing if the vendor doesn't support it", async () => {
    const { system, sent, reads } = connect({ a: 'RUNNING' }, batchSupport);
    const results = await performAction(system, 'PAUSE', ['a', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'ACTION_NOT_ALLOWED ACTION_NOT_SUPPORTED',
      missing: 'ACTION_NOT_ALLOWED ACTION_NOT_SUPPORTED',
    });
    expect([sent, reads]).toEqual([[], []]);
  });

  test('with readBeforeAction sends only eligible jobs, in one request, and reads them once more', async () => {
    const { system, sent, reads } = connect({ a: 'RUNNING', b: 'CANCELLED', c: 'CANCELLING', d: 'SUCCEEDED', e: 'QUEUED' }, batchSupport);
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'd', 'e', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'ALREADY_DONE',
      c: 'ACCEPTED',
      d: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      e: 'CONFIRMED',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect(sent).toEqual([['a', 'e']]);
    expect(reads).toEqual([
      ['a', 'b', 'c', 'd', 'e', 'missing'],
      ['a', 'e'],
    ]);
  });

  test('has the priority of actions for the read after it, not for the read before it', async () => {
    const { system } = connect({ a: 'RUNNING' }, batchSupport);
    const { getJobs } = system.adapter;
    if (!getJobs) throw new Error('The stub reads by id');
    const settling: boolean[] = [];
    system.adapter.getJobs = (ids, call) => {
      settling.push(call.resolvesAction ?? false);
      return getJobs(ids, call);
    };
    await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf());
    expect(settling).toEqual([false, true]);
  });

  test('sends no empty request if no job is eligible', async () => {
    const { system, sent } = connect({ a: 'CANCELLED', b: 'SUCCEEDED' }, batchSupport);
    await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    await performAction(system, 'CANCEL', [], { dryRun: false }, callOf());
    expect(sent).toEqual([]);
  });

  test('without readBeforeAction costs one request, and no read if acceptance proves the state', async () => {
    const support: ActionSupport = {
      ...batchSupport,
      readBeforeAction: false,
      acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' },
    };
    const { system, sent, reads } = connect({ a: 'RUNNING', b: 'RUNNING' }, support);
    const results = await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'ACCEPTED', b: 'ACCEPTED' });
    expect([sent, reads]).toEqual([[['a', 'b']], []]);
  });

  test('updates the cached copy with the state that acceptance proves', async () => {
    const support: ActionSupport = {
      ...batchSupport,
      readBeforeAction: false,
      acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' },
    };
    const { system, reads } = connect({ a: 'RUNNING' }, support, { reads: { minIntervalMs: 10_000 }, nowMs: () => 1_700_000_000_000 });
    await system.reader.read(['a'], callOf());
    await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf());
    expect(await system.reader.read(['a'], callOf())).toMatchObject([{ kind: 'job', job: { status: 'CANCELLING', stale: true } }]);
    expect(reads).toHaveLength(1);
  });

  test('is split into requests by size and by batch key', async () => {
    const ids = ['a1', 'b1', 'a2', 'b2', 'a3'];
    const support: ActionSupport = { ...batchSupport, requestSize: 2, batchKey: ({ vendorId }) => vendorId.slice(0, 1) };
    const { system, sent } = connect(Object.fromEntries(ids.map((id) => [id, 'RUNNING'])), support);
    const results = await performAction(system, 'CANCEL', ids, { dryRun: false }, callOf());
    expect([...results.keys()].sort()).toEqual([...ids].sort());
    expect(sent).toEqual([['a1', 'a2'], ['a3'], ['b1', 'b2']]);
  });

  test('calls onSend right before each request', async () => {
    const calls: string[] = [];
    const { system } = connect({ a: 'RUNNING', b: 'RUNNING' }, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) => {
        calls.push(`asked ${targets.map(({ vendorId }) => vendorId)}`);
        return targets.map(() => ({ kind: 'notFound' }));
      },
    });
    await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false, onSend: (ids) => calls.push(`onSend ${ids}`) }, callOf());
    expect(calls).toEqual(['onSend a', 'asked a', 'onSend b', 'asked b']);
  });
});

describe('a dry run', () => {
  test.each([true, false])('runs all checks and sends nothing (readBeforeAction %s)', async (readBeforeAction) => {
    const calls: unknown[] = [];
    const { system, sent } = connect(
      { a: 'RUNNING', b: 'CANCELLED', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: readBeforeAction },
      { refuseAction: () => null },
    );
    const options = { dryRun: true, onSend: (ids: readonly string[]) => calls.push(ids) };
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'missing'], options, callOf());
    expect(describeAll(results)).toEqual({
      a: 'DRY_RUN_PASSED',
      b: 'ALREADY_DONE',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect([sent, calls]).toEqual([[], []]);
  });

  test("reports jobs that can't be read", async () => {
    const { system } = connect({}, batchSupport, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const results = await performAction(system, 'CANCEL', ['a'], { dryRun: true }, callOf());
    expect(describeAll(results)).toEqual({ a: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE' });
  });
});

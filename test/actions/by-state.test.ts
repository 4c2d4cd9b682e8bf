import { describe, expect, test } from 'vitest';
import { shareResults } from '../../src/actions/action-result.ts';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionResponse, ActionSupport } from '../../src/jobs/adapter.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { callOf, cancelSupport, connectMemory, jobFields, type MemoryOptions } from '../jobs/memory-adapter.ts';

/** As a queue cancels: a queued job at once, a running one later or never. */
const support: ActionSupport = {
  ...cancelSupport,
  support: 'NATIVE_BATCH',
  maxBatchSize: null,
  requestSize: 10,
  readBeforeAction: true,
  allowedStatuses: ['QUEUED', 'RUNNING'],
  asynchronous: (before) => before?.status === 'RUNNING',
  safeToRetry: (before) => before?.status === 'QUEUED',
  acceptedState: (before) => (before?.status === 'QUEUED' ? { status: 'CANCELLED', vendorStatus: 'removed' } : null),
  unchangedOutcome: (before) => (before?.status === 'RUNNING' ? 'ACCEPTED' : 'VENDOR_REJECTED'),
};
const lost: ActionResponse = { kind: 'inconclusive', problem: createProblem('TIMED_OUT', 'Lost.') };
const accepted: ActionResponse = { kind: 'accepted', job: null };

/** A vendor with a queued job and a running one, which no action changes. */
function connect(options: MemoryOptions) {
  return connectMemory({
    actions: { CANCEL: support },
    answerRead: (id) => ({ kind: 'job', job: jobFields(id, { status: id === 'queued' ? 'QUEUED' : 'RUNNING' }) }),
    ...options,
  });
}

const cancel = ({ system }: ReturnType<typeof connect>) =>
  performAction(system, 'CANCEL', ['queued', 'running'], { dryRun: false }, callOf());

test("an action's outcome depends on the state of its job", async () => {
  const connected = connect({ answerAction: (_action, targets) => targets.map(() => accepted) });
  const results = await cancel(connected);
  expect(results.get('queued')).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED', vendorStatus: 'removed' } });
  expect(results.get('running')).toMatchObject({ outcome: 'ACCEPTED', job: { status: 'RUNNING' } });
  expect(connected.reads.at(-1)).toEqual(['running']);
});

test('whether a lost action can be retried depends on the state of its job, also where results are shared', async () => {
  const results = await cancel(connect({ answerAction: (_action, targets) => targets.map(() => lost) }));
  expect(results.get('queued')).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', safeToRetry: true });
  expect(results.get('running')).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', safeToRetry: false });
  const share = shareResults();
  const unknown = { outcome: 'OUTCOME_UNKNOWN', problem: lost.problem, attemptedAt: new Date(0), job: null } as const;
  expect([true, false].map((safeToRetry) => share({ ...unknown, safeToRetry }))).toMatchObject([
    { safeToRetry: true },
    { safeToRetry: false },
  ]);
});

describe('the last read after an inconclusive response', () => {
  test('decides what reading the job leaves unknown', async () => {
    const looks: (readonly string[])[] = [];
    const connected = connect({
      answerRead: (id) =>
        connected.sent.length === 0 ? { kind: 'job', job: jobFields(id, { status: 'QUEUED', name: 'nightly' }) } : { kind: 'notFound' },
      answerAction: (_action, targets) => targets.map(() => lost),
      async resolveInconclusive(action, targets, call) {
        expect([action, call.resolvesAction]).toEqual(['CANCEL', true]);
        looks.push(targets.map(({ vendorId }) => vendorId));
        return targets.map(({ vendorId }) => (vendorId === 'queued' ? accepted : lost));
      },
    });
    const results = await cancel(connected);
    expect(looks).toEqual([['queued', 'running']]);
    expect(results.get('queued')).toMatchObject({ outcome: 'JOB_GONE', job: { name: 'nightly', status: 'UNKNOWN' } });
    expect(results.get('running')).toMatchObject({
      outcome: 'OUTCOME_UNKNOWN',
      problem: { message: 'Lost. memory no longer lists the job.' },
    });
    expect(connected.sent).toHaveLength(1);
  });

  test("isn't taken if the read shows the outcome, or the response was conclusive", async () => {
    let looks = 0;
    const connected = connect({
      answerRead: (id) => ({ kind: 'job', job: jobFields(id, { status: connected.sent.length === 0 ? 'RUNNING' : 'CANCELLED' }) }),
      answerAction: (_action, targets) => targets.map(({ vendorId }) => (vendorId === 'queued' ? accepted : lost)),
      async resolveInconclusive(_action, targets) {
        looks += 1;
        return targets.map(() => lost);
      },
    });
    const results = await cancel(connected);
    expect([...results.values()].map(({ outcome }) => outcome)).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(looks).toBe(0);
  });
});

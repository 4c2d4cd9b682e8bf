import { expect, test } from 'vitest';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionResponse, ActionSupport, CallContext } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { callOf, cancelSupport, down, type MemoryOptions } from '../jobs/memory-adapter.ts';
import { connect } from './statuses-vendor.ts';

const creating: ActionSupport = { ...cancelSupport, allowedStatuses: ['SUCCEEDED'], creates: true, readBeforeAction: true };
const lost = { kind: 'inconclusive', problem: createProblem('SYSTEM_UNAVAILABLE', 'The response was lost.') } as const;

/** A vendor with one job that has ended, and the job that a start of it creates if `exists`. */
function connectCreating(response: ActionResponse, exists: boolean, support: Partial<ActionSupport> = {}, options: MemoryOptions = {}) {
  const statuses: Record<string, JobStatus> = { a: 'SUCCEEDED', ...(exists && { created: 'QUEUED' }) };
  return connect(statuses, cancelSupport, { actions: { START: { ...creating, ...support } }, answerAction: () => [response], ...options });
}

async function start({ system }: ReturnType<typeof connect>, call: CallContext = callOf()) {
  const results = await performAction(system, 'START', ['a'], { dryRun: false }, call);
  return results.get('a');
}

const accepted: ActionResponse = { kind: 'accepted', job: null, createdVendorId: 'created' };
const unknown = { outcome: 'OUTCOME_UNKNOWN', job: { status: 'SUCCEEDED' } };

test.each([
  ['accepted, and the created job exists', accepted, true, { outcome: 'CONFIRMED', createdJobId: 'memory:created' }],
  [
    'lost, and the created job exists',
    { ...lost, createdVendorId: 'created' },
    true,
    { outcome: 'CONFIRMED', createdJobId: 'memory:created' },
  ],
  ["accepted, and the created job doesn't exist", accepted, false, { ...unknown, createdJobId: 'memory:created' }],
  [
    "lost, and the created job doesn't exist",
    { ...lost, createdVendorId: 'created' },
    false,
    { ...unknown, createdJobId: 'memory:created' },
  ],
  ['lost, and the created job is unknown', lost, true, { ...unknown, createdJobId: null }],
  ['accepted, and the created job is unknown', { kind: 'accepted', job: null }, true, { ...unknown, createdJobId: null }],
] as const)('an action that creates a job, %s', async (_what, response, exists, expected) => {
  const vendor = connectCreating(response, exists);
  expect(await start(vendor)).toMatchObject(expected);
  // The named job is read before, never after.
  const readAfter = 'createdVendorId' in response ? [['created']] : [];
  expect(vendor.reads).toEqual([['a'], ...readAfter]);
});

test('an action whose created job cannot be read is unknown', async () => {
  const vendor = connectCreating(
    accepted,
    true,
    { readBeforeAction: false },
    {
      answerRead: (id) => (id === 'created' ? { kind: 'problem', problem: down } : { kind: 'notFound' }),
    },
  );
  expect(await start(vendor)).toMatchObject({
    outcome: 'OUTCOME_UNKNOWN',
    problem: { message: `memory accepted the start. memory:created, the job that it creates, couldn't be read: ${down.message}` },
  });
});

test('an action that creates a job is never safe for a caller to retry', async () => {
  expect(await start(connectCreating(lost, false, { safeToRetry: true }))).toMatchObject({ safeToRetry: false });
});

test('an action that creates a job ignores what shows on the named job', async () => {
  let asked = 0;
  const proving = { acceptedState: { status: 'RUNNING', vendorStatus: 'x' }, tookEffect: () => true } as const;
  const vendor = connectCreating({ ...lost, createdVendorId: 'created' }, false, proving, {
    async resolveInconclusive() {
      asked += 1;
      return [accepted];
    },
  });
  expect(await start(vendor)).toMatchObject(unknown);
  expect(asked).toBe(0);
  const confirmed = connectCreating(accepted, true, proving);
  expect(await start(confirmed)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'SUCCEEDED' } });
  expect(confirmed.system.reader.findCopy('a', callOf())).toMatchObject({ status: 'SUCCEEDED' });
});

test('a rejection of an action that creates a job is decided by the named job', async () => {
  const rejected: ActionResponse = { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', 'no'), vendorCode: null };
  const vendor = connectCreating(rejected, false);
  expect(await start(vendor)).toMatchObject({ outcome: 'VENDOR_REJECTED', job: { status: 'SUCCEEDED' } });
  expect(vendor.reads).toEqual([['a'], ['a']]);
});

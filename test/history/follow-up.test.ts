import { describe, expect, test } from 'vitest';
import { contradictedBy, determineFollowUp, type UnresolvedAction } from '../../src/history/follow-up.ts';
import { type ActionSupport, unsupportedAction } from '../../src/jobs/adapter.ts';
import { createUnreadJob } from '../../src/jobs/create-job.ts';
import { type JobAction, type JobStatus, jobStatuses } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/job-read.ts';
import { connectMemory } from '../jobs/memory-adapter.ts';

const sentAtMs = Date.parse('2026-03-02T12:00:00Z');
const overdueAfterMs = 600_000;
const problem = createProblem('TIMED_OUT', 'No answer.');
const support: ActionSupport = { ...unsupportedAction, support: 'ONE_BY_ONE', allowedStatuses: ['QUEUED', 'RUNNING'] };
const actions = Object.fromEntries(['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'].map((action) => [action, support]));

interface Reading {
  /** The time of the decision, after the action was sent. */
  afterMs?: number;
  /** When the copy was read. */
  observedAfterMs?: number;
  action?: JobAction;
  allowedStatuses?: readonly JobStatus[];
}

function followUp(outcome: UnresolvedAction['outcome'], read: JobStatus | 'absent' | 'problem', reading: Reading = {}) {
  const { afterMs = 1000, observedAfterMs = afterMs, action = 'CANCEL', allowedStatuses = support.allowedStatuses } = reading;
  const { adapter } = connectMemory({ actions: { ...actions, [action]: { ...support, allowedStatuses } } }).system;
  const job = { ...createUnreadJob('s', '1', problem, new Date(sentAtMs + observedAfterMs)), problem: null };
  const jobRead: JobRead =
    read === 'absent'
      ? { kind: 'notFound' }
      : read === 'problem'
        ? { kind: 'problem', problem }
        : { kind: 'job', job: { ...job, status: read } };
  const options = { systemId: 's', adapter, now: new Date(sentAtMs + afterMs), overdueAfterMs };
  return determineFollowUp({ action, outcome, sentAt: new Date(sentAtMs) }, jobRead, options);
}

function settle(...parameters: Parameters<typeof followUp>) {
  const settlement = followUp(...parameters);
  return settlement && [settlement.outcome, settlement.isFinal, settlement.problem?.code ?? null];
}

const long = { afterMs: overdueAfterMs + 1 };
const over = ['SUCCEEDED', 'FAILED'] as const;
const goingOn = jobStatuses.filter((status) => !['CANCELLED', 'CANCELLING', 'UNKNOWN', ...over].includes(status));

describe('a cancel that was accepted', () => {
  test('is CONFIRMED when the job is canceled', () => expect(settle('ACCEPTED', 'CANCELLED')).toEqual(['CONFIRMED', true, null]));
  test.each(over)('is contradicted by a job that %s', (status) =>
    expect(settle('ACCEPTED', status)).toEqual(['CONTRADICTED', true, 'WRONG_STATUS']),
  );
  test.each(goingOn)('is unresolved while the job is %s, and contradicted by it when it is overdue', (status) => {
    expect(settle('ACCEPTED', status)).toBeNull();
    expect(settle('ACCEPTED', status, long)).toEqual(['CONTRADICTED', false, 'VENDOR_REJECTED']);
  });
  test('stays open for ever while the job is CANCELLING, or its word is not known', () => {
    expect(settle('ACCEPTED', 'CANCELLING', long)).toBeNull();
    expect(settle('ACCEPTED', 'UNKNOWN', long)).toBeNull();
  });
  test("is final when the system hasn't listed the job for too long", () => {
    expect(settle('ACCEPTED', 'absent')).toBeNull();
    expect(settle('ACCEPTED', 'absent', long)).toEqual(['JOB_GONE', true, null]);
    expect(settle('JOB_GONE', 'absent', long)).toEqual(['JOB_GONE', true, null]);
  });
  test('is decided by the job if it is listed again', () => {
    expect(settle('JOB_GONE', 'CANCELLED')).toEqual(['CONFIRMED', true, null]);
    expect(settle('JOB_GONE', 'SUCCEEDED')).toEqual(['CONTRADICTED', true, 'WRONG_STATUS']);
  });
});

describe('a cancel with an unknown outcome', () => {
  test('is CONFIRMED when the job is canceled', () => expect(settle('OUTCOME_UNKNOWN', 'CANCELLED')).toEqual(['CONFIRMED', true, null]));
  test.each(over)('had no effect on a job that %s', (status) =>
    expect(settle('OUTCOME_UNKNOWN', status)).toEqual(['ACTION_NOT_ALLOWED', true, 'WRONG_STATUS']),
  );
  test('is unresolved for any time while the job continues', () => {
    for (const status of [...goingOn, 'CANCELLING'] as const) expect(settle('OUTCOME_UNKNOWN', status, long)).toBeNull();
  });
  test('may still take effect if the vendor cancels failed jobs', () => {
    const allowedStatuses: JobStatus[] = ['RUNNING', 'FAILED'];
    expect(settle('OUTCOME_UNKNOWN', 'FAILED', { allowedStatuses })).toBeNull();
    expect(settle('OUTCOME_UNKNOWN', 'FAILED', { ...long, allowedStatuses })).toEqual(['ACTION_NOT_ALLOWED', true, 'WRONG_STATUS']);
  });
  test('of a job that is not listed for long stays unknown: the job may have been canceled and removed', () => {
    expect(settle('OUTCOME_UNKNOWN', 'absent')).toBeNull();
    expect(settle('OUTCOME_UNKNOWN', 'absent', long)).toEqual(['OUTCOME_UNKNOWN', true, 'OUTCOME_UNKNOWN']);
  });
});

test.each([
  ['PAUSE', 'PAUSED', 'RUNNING'],
  ['RESUME', 'RUNNING', 'PAUSED'],
  ['START', 'RUNNING', 'SCHEDULED'],
] as const)('%s is done when the job is %s, and open while it is %s', (action, effect, before) => {
  expect(settle('OUTCOME_UNKNOWN', effect, { action })).toEqual(['CONFIRMED', true, null]);
  expect(settle('OUTCOME_UNKNOWN', before, { action })).toBeNull();
});

test('a failed read, and a copy from before the action, prove nothing', () => {
  expect(settle('ACCEPTED', 'problem', long)).toBeNull();
  expect(settle('ACCEPTED', 'SUCCEEDED', { ...long, observedAfterMs: -1 })).toBeNull();
});

test('a stale copy counts for the time at which it was read', () => {
  expect(settle('ACCEPTED', 'SUCCEEDED', { ...long, observedAfterMs: 1000 })).toEqual(['CONTRADICTED', true, 'WRONG_STATUS']);
  expect(settle('ACCEPTED', 'RUNNING', { ...long, observedAfterMs: 1000 })).toBeNull();
});

test('a follow-up has the job that it follows from, of which only a contradiction has the status', () => {
  for (const status of ['SUCCEEDED', 'CANCELLED'] as const) expect(followUp('ACCEPTED', status)?.job).toMatchObject({ status });
  expect(followUp('ACCEPTED', 'absent', long)?.job).toBeNull();
  expect(contradictedBy('CONTRADICTED', 'SUCCEEDED')).toBe('SUCCEEDED');
  expect(contradictedBy('CONFIRMED', 'CANCELLED')).toBeNull();
});

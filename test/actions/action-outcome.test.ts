import { describe, expect, test } from 'vitest';
import { type ActionResult, needsReread, settleAction, settleBeforehand } from '../../src/actions/action-outcome.ts';
import type { ActionResponse, ActionSupport, JobSystemAdapter } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import { type Job, type JobAction, type JobFields, type JobStatus, jobStatuses } from '../../src/jobs/job.ts';
import { createProblem, type ProblemCode } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/reader.ts';
import { cancelSupport, connectMemory, jobFields } from '../jobs/memory-adapter.ts';

const attemptedAt = new Date(9_000);
const vendorSays = (code: ProblemCode) => createProblem(code, 'The vendor says so.');
const jobIn = (status: JobStatus, overrides: Partial<JobFields> = {}): Job =>
  createJob('memory', jobFields('1', { status, ...overrides }), new Date(5_000));

/** FAILED jobs can be cancelled too, as Kylin's can. */
const support: ActionSupport = { ...cancelSupport, allowedStatuses: ['QUEUED', 'RUNNING', 'FAILED'], safeToRetry: true };
const pauseSupport: ActionSupport = { ...support, allowedStatuses: ['RUNNING'], safeToRetry: false };

function adapterWith(overrides: Partial<ActionSupport> = {}): JobSystemAdapter {
  const actions = {
    CANCEL: { ...support, ...overrides },
    PAUSE: { ...pauseSupport, ...overrides },
    RESUME: { ...support, allowedStatuses: ['PAUSED'], ...overrides },
    RESTART: { ...support, allowedStatuses: ['RUNNING', 'FAILED'], safeToRetry: false, ...overrides },
    START: { ...support, allowedStatuses: ['SCHEDULED'], ...overrides },
  } satisfies Record<JobAction, ActionSupport>;
  return connectMemory({ actions }).system.adapter;
}

const answers = {
  accepted: { kind: 'accepted', job: null },
  rejected: { kind: 'rejected', problem: vendorSays('VENDOR_REJECTED'), vendorCode: 'E1' },
  rejectedForNow: { kind: 'rejected', problem: { ...vendorSays('VENDOR_REJECTED'), retryable: true }, vendorCode: 'E1' },
  denied: { kind: 'rejected', problem: vendorSays('ACCESS_DENIED'), vendorCode: 'E2' },
  notEligible: { kind: 'rejected', problem: vendorSays('NOT_ELIGIBLE'), vendorCode: 'E3' },
  together: { kind: 'batchRejected', problem: vendorSays('VENDOR_REJECTED'), vendorCode: 'E4' },
  togetherDenied: { kind: 'batchRejected', problem: vendorSays('ACCESS_DENIED'), vendorCode: 'E5' },
  togetherNotEligible: { kind: 'batchRejected', problem: vendorSays('NOT_ELIGIBLE'), vendorCode: 'E6' },
  absent: { kind: 'notFound' },
  down: { kind: 'notSent', problem: vendorSays('SYSTEM_UNAVAILABLE') },
  limited: { kind: 'notSent', problem: vendorSays('RATE_LIMITED') },
  notAttempted: { kind: 'notSent', problem: vendorSays('NOT_ATTEMPTED') },
  unsettled: { kind: 'inconclusive', problem: vendorSays('TIMED_OUT') },
} satisfies Record<string, ActionResponse>;

type After = JobStatus | 'absent' | 'problem' | null;

/** "kind", "succeeded how", or "kind CODE". */
function describeResult(result: ActionResult): string {
  return result.kind === 'succeeded' ? `succeeded ${result.how}` : `${result.kind} ${result.problem.code}`;
}

function toRead(after: After): JobRead | null {
  if (after === null) return null;
  if (after === 'absent') return { kind: 'notFound' };
  if (after === 'problem') return { kind: 'problem', problem: vendorSays('TIMED_OUT') };
  return { kind: 'job', job: jobIn(after) };
}

interface Case {
  answer: keyof typeof answers;
  before: JobStatus | null;
  after: After;
  result: string;
  action?: JobAction;
  support?: Partial<ActionSupport>;
}

const uncertain: Partial<ActionSupport> = { uncertain: { statuses: ['RUNNING'], reason: 'It depends.' } };
const pending: Partial<ActionSupport> = { unchangedOutcome: 'PENDING' };
const cancelling: Partial<ActionSupport> = { acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' } };
const cancelled: Partial<ActionSupport> = { acceptedState: { status: 'CANCELLED', vendorStatus: 'stopped' } };

const cancelCases: Case[] = [
  // Accepted: what the job shows decides.
  ...[null, 'RUNNING' as const].flatMap((before): Case[] => [
    { answer: 'accepted', before, after: 'CANCELLED', result: 'succeeded DONE' },
    { answer: 'accepted', before, after: 'CANCELLING', result: 'succeeded PENDING' },
    { answer: 'accepted', before, after: 'absent', result: 'succeeded GONE' },
    { answer: 'accepted', before, after: 'problem', result: 'unknown OUTCOME_UNKNOWN' },
    { answer: 'accepted', before, after: 'SUCCEEDED', result: 'notAllowed WRONG_STATUS' },
    { answer: 'accepted', before, after: 'RUNNING', result: 'rejected VENDOR_REJECTED' },
    { answer: 'accepted', before, after: 'RUNNING', support: pending, result: 'succeeded PENDING' },
    { answer: 'accepted', before, after: 'SUCCEEDED', support: pending, result: 'notAllowed WRONG_STATUS' },
    { answer: 'accepted', before, after: 'UNKNOWN', support: pending, result: 'succeeded PENDING' },
    { answer: 'accepted', before, after: null, support: cancelling, result: 'succeeded PENDING' },
    { answer: 'accepted', before, after: null, support: cancelled, result: 'succeeded DONE' },
  ]),
  // A status from which the vendor cancels is not the end.
  { answer: 'accepted', before: 'FAILED', after: 'FAILED', result: 'rejected VENDOR_REJECTED' },
  { answer: 'accepted', before: 'FAILED', after: 'FAILED', support: pending, result: 'succeeded PENDING' },
  { answer: 'unsettled', before: 'FAILED', after: 'FAILED', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'unsettled', before: 'FAILED', after: 'FAILED', support: { allowedStatuses: ['RUNNING'] }, result: 'notAllowed WRONG_STATUS' },

  // Refused for this job: the vendor's no, or what the job shows where that says more.
  { answer: 'rejected', before: 'RUNNING', after: 'RUNNING', result: 'rejected VENDOR_REJECTED' },
  { answer: 'rejected', before: null, after: 'CANCELLED', result: 'succeeded ALREADY' },
  { answer: 'rejected', before: null, after: 'CANCELLING', result: 'succeeded PENDING' },
  { answer: 'rejected', before: 'RUNNING', after: 'SUCCEEDED', result: 'notAllowed WRONG_STATUS' },
  { answer: 'rejected', before: 'RUNNING', after: 'absent', result: 'notFound JOB_NOT_FOUND' },
  { answer: 'rejected', before: 'RUNNING', after: 'problem', result: 'rejected VENDOR_REJECTED' },
  { answer: 'denied', before: null, after: null, result: 'denied ACCESS_DENIED' },
  { answer: 'notEligible', before: 'RUNNING', after: null, result: 'notAllowed NOT_ELIGIBLE' },

  // Refused in a status in which the vendor accepts some jobs only: it doesn't accept this one.
  { answer: 'rejected', before: null, after: 'RUNNING', support: uncertain, result: 'notAllowed NOT_ELIGIBLE' },
  { answer: 'rejected', before: 'RUNNING', after: 'problem', support: uncertain, result: 'notAllowed NOT_ELIGIBLE' },
  { answer: 'rejected', before: null, after: 'QUEUED', support: uncertain, result: 'rejected VENDOR_REJECTED' },
  { answer: 'rejected', before: null, after: 'problem', support: uncertain, result: 'rejected VENDOR_REJECTED' },
  { answer: 'rejectedForNow', before: null, after: 'RUNNING', support: uncertain, result: 'rejected VENDOR_REJECTED' },
  { answer: 'together', before: 'RUNNING', after: 'RUNNING', support: uncertain, result: 'rejected VENDOR_REJECTED' },

  // Refused as a whole: part of it may have been carried out.
  { answer: 'together', before: 'RUNNING', after: 'RUNNING', result: 'rejected VENDOR_REJECTED' },
  { answer: 'together', before: 'RUNNING', after: 'CANCELLED', result: 'succeeded DONE' },
  { answer: 'together', before: 'RUNNING', after: 'CANCELLING', result: 'succeeded PENDING' },
  { answer: 'together', before: 'RUNNING', after: 'SUCCEEDED', result: 'notAllowed WRONG_STATUS' },
  { answer: 'together', before: 'RUNNING', after: 'absent', result: 'notFound JOB_NOT_FOUND' },
  { answer: 'together', before: 'RUNNING', after: 'problem', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'togetherDenied', before: 'RUNNING', after: 'RUNNING', result: 'denied ACCESS_DENIED' },
  { answer: 'togetherDenied', before: 'RUNNING', after: 'CANCELLED', result: 'succeeded DONE' },
  { answer: 'togetherNotEligible', before: null, after: 'SUCCEEDED', result: 'notAllowed WRONG_STATUS' },
  { answer: 'togetherNotEligible', before: null, after: 'RUNNING', result: 'notAllowed NOT_ELIGIBLE' },

  // Lost: only what the job shows, and never a failure.
  { answer: 'unsettled', before: 'RUNNING', after: 'CANCELLED', result: 'succeeded DONE' },
  { answer: 'unsettled', before: 'RUNNING', after: 'CANCELLING', result: 'succeeded PENDING' },
  { answer: 'unsettled', before: 'RUNNING', after: 'SUCCEEDED', result: 'notAllowed WRONG_STATUS' },
  { answer: 'unsettled', before: 'RUNNING', after: 'RUNNING', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'unsettled', before: 'RUNNING', after: 'UNKNOWN', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'unsettled', before: 'RUNNING', after: 'problem', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'unsettled', before: 'RUNNING', after: 'absent', result: 'unknown OUTCOME_UNKNOWN' },
  { answer: 'unsettled', before: null, after: 'absent', result: 'notFound JOB_NOT_FOUND' },
  { answer: 'unsettled', before: null, after: 'RUNNING', support: pending, result: 'unknown OUTCOME_UNKNOWN' },

  // Without effect.
  { answer: 'absent', before: null, after: null, result: 'notFound JOB_NOT_FOUND' },
  { answer: 'absent', before: 'RUNNING', after: null, result: 'notFound JOB_NOT_FOUND' },
  { answer: 'down', before: 'RUNNING', after: null, result: 'unavailable SYSTEM_UNAVAILABLE' },
  { answer: 'limited', before: null, after: null, result: 'unavailable RATE_LIMITED' },
  { answer: 'notAttempted', before: null, after: null, result: 'notAttempted NOT_ATTEMPTED' },
];

const otherCases: Case[] = [
  { action: 'PAUSE', answer: 'accepted', before: 'RUNNING', after: 'PAUSED', result: 'succeeded DONE' },
  { action: 'PAUSE', answer: 'accepted', before: 'RUNNING', after: 'RUNNING', support: pending, result: 'succeeded PENDING' },
  { action: 'PAUSE', answer: 'accepted', before: 'RUNNING', after: 'RUNNING', result: 'rejected VENDOR_REJECTED' },
  { action: 'PAUSE', answer: 'accepted', before: 'RUNNING', after: 'SUCCEEDED', support: pending, result: 'notAllowed WRONG_STATUS' },
  { action: 'PAUSE', answer: 'accepted', before: 'RUNNING', after: 'absent', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'PAUSE', answer: 'unsettled', before: 'RUNNING', after: 'FAILED', result: 'notAllowed WRONG_STATUS' },
  { action: 'PAUSE', answer: 'rejected', before: 'RUNNING', after: 'PAUSED', result: 'notAllowed WRONG_STATUS' },
  { action: 'RESUME', answer: 'accepted', before: 'PAUSED', after: 'RUNNING', result: 'succeeded DONE' },
  { action: 'RESUME', answer: 'accepted', before: 'PAUSED', after: 'QUEUED', result: 'succeeded DONE' },
  { action: 'RESUME', answer: 'accepted', before: 'PAUSED', after: 'PAUSED', result: 'rejected VENDOR_REJECTED' },
  { action: 'RESUME', answer: 'accepted', before: 'PAUSED', after: 'CANCELLED', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'RESUME', answer: 'accepted', before: 'PAUSED', after: 'FAILED', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'RESUME', answer: 'unsettled', before: 'PAUSED', after: 'SUCCEEDED', result: 'succeeded DONE' },
  { action: 'RESUME', answer: 'unsettled', before: 'PAUSED', after: 'PAUSED', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'RESUME', answer: 'unsettled', before: 'PAUSED', after: 'CANCELLED', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'START', answer: 'accepted', before: 'SCHEDULED', after: 'QUEUED', result: 'succeeded DONE' },
  { action: 'START', answer: 'unsettled', before: 'SCHEDULED', after: 'SCHEDULED', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'START', answer: 'unsettled', before: 'SCHEDULED', after: 'UNKNOWN', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'START', answer: 'accepted', before: 'SCHEDULED', after: 'SCHEDULED', support: pending, result: 'succeeded PENDING' },
  { action: 'RESTART', answer: 'unsettled', before: 'RUNNING', after: 'RUNNING', result: 'unknown OUTCOME_UNKNOWN' },
  { action: 'RESTART', answer: 'unsettled', before: 'RUNNING', after: 'SUCCEEDED', result: 'unknown OUTCOME_UNKNOWN' },
  {
    action: 'RESUME',
    answer: 'unsettled',
    before: 'PAUSED',
    after: 'FAILED',
    support: { tookEffect: (before, after) => before?.status === 'PAUSED' && after.status === 'FAILED' },
    result: 'succeeded DONE',
  },
];

function settle({ action = 'CANCEL', answer, before, after, support: overrides = {} }: Case): ActionResult {
  const evidence = {
    systemId: 'memory',
    adapter: adapterWith(overrides),
    action,
    before: before && jobIn(before),
    answer: answers[answer],
  };
  return settleAction({ ...evidence, after: toRead(after), attemptedAt });
}

describe('what came of an action', () => {
  const name = ({ action = 'CANCEL', answer, before, after, support: overrides, result }: Case) =>
    `${action} ${answer}: ${before} → ${after}${overrides ? ` ${JSON.stringify(overrides)}` : ''}: ${result}`;
  test.each([...cancelCases, ...otherCases].map((row) => [name(row), row] as const))('%s', (_name, row) => {
    expect(describeResult(settle(row))).toBe(row.result);
  });

  test('is never a failure where the answer was lost, unless the job shows that it came too late', () => {
    for (const before of [null, ...jobStatuses]) {
      for (const after of [...jobStatuses, 'problem', 'absent'] as const) {
        for (const action of ['CANCEL', 'PAUSE', 'RESUME', 'RESTART', 'START'] as const) {
          const result = settle({ action, answer: 'unsettled', before, after, result: '' });
          if (result.kind === 'notAllowed') {
            expect(['CANCELLED', 'SUCCEEDED', 'FAILED']).toContain(after);
            expect(adapterWith().actions[action].allowedStatuses).not.toContain(after);
          } else if (result.kind === 'notFound') expect([before, after]).toEqual([null, 'absent']);
          else expect(['succeeded', 'unknown']).toContain(result.kind);
        }
      }
    }
  });

  test('shows the newest copy of the job', () => {
    expect(settle({ answer: 'rejected', before: 'RUNNING', after: 'problem', result: '' })).toMatchObject({
      job: { status: 'RUNNING' },
      vendorCode: 'E1',
    });
    expect(settle({ answer: 'rejected', before: 'QUEUED', after: 'RUNNING', result: '' })).toMatchObject({ job: { status: 'RUNNING' } });
    expect(settle({ answer: 'accepted', before: 'RUNNING', after: 'absent', result: '' })).toMatchObject({
      job: { status: 'UNKNOWN', problem: { code: 'JOB_NOT_FOUND' } },
    });
    expect(settle({ answer: 'unsettled', before: 'QUEUED', after: 'RUNNING', result: '' })).toMatchObject({ job: { status: 'RUNNING' } });
    expect(settle({ answer: 'unsettled', before: 'QUEUED', after: 'problem', result: '' })).toMatchObject({ job: null });
    const confirmed = settle({ answer: 'accepted', before: 'RUNNING', after: null, support: cancelling, result: '' });
    expect(confirmed).toMatchObject({ job: { status: 'CANCELLING', vendorStatus: 'stopping', vendorId: '1' } });
  });

  test('where it is unknown tells when it was tried and whether it may be repeated', () => {
    const lost = { answer: 'unsettled', before: 'RUNNING', after: 'RUNNING', result: '' } as const;
    expect(settle(lost)).toMatchObject({ attemptedAt, safeToRetry: true });
    expect(settle({ ...lost, action: 'RESTART' })).toMatchObject({ attemptedAt, safeToRetry: false });
  });

  test('of a restart shows in a later creation or start', () => {
    const evidence = { systemId: 'memory', adapter: adapterWith(), action: 'RESTART', answer: answers.unsettled, attemptedAt } as const;
    const times = (createdAt: number | null, startedAt: number | null): Partial<JobFields> => ({
      createdAt: createdAt === null ? null : new Date(createdAt),
      startedAt: startedAt === null ? null : new Date(startedAt),
    });
    const kindOf = (before: Partial<JobFields> | null, after: Partial<JobFields>) =>
      settleAction({ ...evidence, before: before && jobIn('RUNNING', before), after: { kind: 'job', job: jobIn('RUNNING', after) } }).kind;
    expect(kindOf(times(1, 1), times(2, 1))).toBe('succeeded');
    expect(kindOf(times(1, 1), times(1, 2))).toBe('succeeded');
    expect(kindOf(times(1, 1), times(1, 1))).toBe('unknown');
    expect(kindOf(times(1, 1), times(1, null))).toBe('unknown');
    expect(kindOf(times(1, null), times(1, 2))).toBe('unknown');
    expect(kindOf(null, times(2, 2))).toBe('unknown');
  });
});

describe('reading the job again', () => {
  const needs = (answer: ActionResponse, overrides: Partial<ActionSupport> = {}) =>
    needsReread({ systemId: 'memory', adapter: adapterWith(overrides), action: 'CANCEL', before: jobIn('RUNNING'), answer });

  test.each([
    ['accepted', true],
    ['rejected', true],
    ['denied', false],
    ['notEligible', false],
    ['together', true],
    ['togetherDenied', true],
    ['togetherNotEligible', true],
    ['absent', false],
    ['down', false],
    ['notAttempted', false],
    ['unsettled', true],
  ] as const)('after %s: %s', (answer, expected) => {
    expect(needs(answers[answer])).toBe(expected);
  });

  test('is spared where acceptance proves the state, or the answer shows the effect', () => {
    expect(needs(answers.accepted, cancelling)).toBe(false);
    expect(needs({ kind: 'accepted', job: jobFields('1', { status: 'CANCELLED' }) })).toBe(false);
    expect(needs({ kind: 'accepted', job: jobFields('1', { status: 'RUNNING' }) })).toBe(true);
  });
});

describe('before anything is sent', () => {
  const decide = (action: JobAction, status: JobStatus) => {
    const result = settleBeforehand(adapterWith(), action, jobIn(status));
    return result && describeResult(result);
  };

  test.each(jobStatuses)('cancelling a job that is %s', (status) => {
    const results: Record<JobStatus, string | null> = {
      SCHEDULED: 'notAllowed WRONG_STATUS',
      QUEUED: null,
      RUNNING: null,
      PAUSED: 'notAllowed WRONG_STATUS',
      CANCELLING: 'succeeded PENDING',
      CANCELLED: 'succeeded ALREADY',
      SUCCEEDED: 'notAllowed WRONG_STATUS',
      FAILED: null,
      UNKNOWN: 'notAllowed WRONG_STATUS',
    };
    expect(decide('CANCEL', status)).toBe(results[status]);
  });

  test('pausing a cancelled job is no success', () => {
    expect(decide('PAUSE', 'CANCELLED')).toBe('notAllowed WRONG_STATUS');
    expect(decide('PAUSE', 'PAUSED')).toBe('notAllowed WRONG_STATUS');
  });
});

import { describe, expect, test } from 'vitest';
import { type ActionResult, isFailure } from '../../src/actions/action-result.ts';
import { decideRetry } from '../../src/bulk/decide-retry.ts';
import { type ActionSupport, unsupportedAction } from '../../src/jobs/adapter.ts';
import { createJob, createUnreadJob } from '../../src/jobs/create-job.ts';
import type { JobAction, JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/job-read.ts';
import { connectMemory } from '../jobs/memory-adapter.ts';

const begunAt = new Date('2026-03-02T18:14:42Z');

/** A system whose cancel may be repeated and whose restart may not. */
const support: ActionSupport = { ...unsupportedAction, support: 'ONE_BY_ONE', allowedStatuses: ['RUNNING', 'FAILED'] };
const { system } = connectMemory({
  actions: {
    CANCEL: { ...support, safeToRetry: true },
    RESTART: { ...support, safeToRetry: false },
    PAUSE: { ...support, safeToRetry: true },
    RESUME: { ...support, allowedStatuses: ['PAUSED', 'FAILED'], safeToRetry: true },
    START: { ...support, allowedStatuses: ['SCHEDULED'], safeToRetry: false },
  },
});

const describeResult = (result: ActionResult): string => (isFailure(result) ? `${result.outcome} ${result.problem.code}` : result.outcome);

function readAs(what: JobStatus | 'absent' | 'down'): JobRead {
  if (what === 'absent') return { kind: 'notFound' };
  const problem = createProblem('SYSTEM_UNAVAILABLE', 'down');
  if (what === 'down') return { kind: 'problem', problem };
  return { kind: 'job', job: createJob('memory', { ...createUnreadJob('memory', '1', problem, begunAt), status: what }, new Date()) };
}

test.each<[JobStatus | 'absent' | 'down', string]>([
  // Another attempt with the same key creates nothing, and its result is that of the first one.
  ['SUCCEEDED', 'send'],
  // A rejection now would hide the job that the first attempt created.
  ['RUNNING', 'OUTCOME_UNKNOWN'],
  ['absent', 'OUTCOME_UNKNOWN'],
  ['down', 'OUTCOME_UNKNOWN'],
])('an item that may have created a job, whose named job is %s: %s', (what, expected) => {
  const creating = connectMemory({
    actions: { START: { ...support, allowedStatuses: ['SUCCEEDED'], safeToRetry: true, creates: true } },
  });
  const decision = decideRetry(creating.system, 'START', { begunAt, selectedStatus: 'SUCCEEDED' }, readAs(what));
  expect(decision.kind === 'send' ? 'send' : decision.result.outcome).toBe(expected);
});

describe('an item that was tried before and is read again', () => {
  test.each<[JobAction, JobStatus | null, JobStatus, string]>([
    // Not to be taken as the job was: it runs and ends by itself.
    ['RESUME', 'SUCCEEDED', 'SUCCEEDED', 'ACTION_NOT_ALLOWED WRONG_STATUS'],
    ['RESUME', 'RUNNING', 'SUCCEEDED', 'ACTION_NOT_ALLOWED WRONG_STATUS'],
    ['START', 'RUNNING', 'RUNNING', 'ACTION_NOT_ALLOWED WRONG_STATUS'],
    ['CANCEL', 'CANCELLED', 'CANCELLED', 'ALREADY_DONE'],
    // The job reached a status that allows the action, perhaps because of the action.
    ['RESUME', 'RUNNING', 'PAUSED', 'send'],
    // Only the action moves the job to this status.
    ['CANCEL', 'QUEUED', 'CANCELLED', 'CONFIRMED'],
    ['PAUSE', 'QUEUED', 'PAUSED', 'CONFIRMED'],
    // The status at the selection allowed the action.
    ['RESUME', 'PAUSED', 'RUNNING', 'CONFIRMED'],
    ['RESUME', 'PAUSED', 'SUCCEEDED', 'CONFIRMED'],
    ['START', 'SCHEDULED', 'RUNNING', 'CONFIRMED'],
    ['CANCEL', 'RUNNING', 'CANCELLED', 'CONFIRMED'],
    // The status at the selection is unknown.
    ['RESUME', null, 'RUNNING', 'CONFIRMED'],
    ['RESUME', 'UNKNOWN', 'RUNNING', 'CONFIRMED'],
  ])('%s perhaps sent, selected as %s, now %s: %s', (action, selectedStatus, now, expected) => {
    const decision = decideRetry(system, action, { begunAt, selectedStatus }, readAs(now));
    const { kind } = decision;
    if (kind === 'send') return expect(kind).toBe(expected);
    const { result } = decision;
    expect(describeResult(result)).toBe(expected);
  });

  test.each<[JobAction, Date | null, Parameters<typeof readAs>[0], string]>([
    // It may have been sent.
    ['CANCEL', begunAt, 'CANCELLED', 'CONFIRMED'],
    ['CANCEL', begunAt, 'CANCELLING', 'ACCEPTED'],
    ['CANCEL', begunAt, 'RUNNING', 'send'],
    ['CANCEL', begunAt, 'FAILED', 'send'],
    ['CANCEL', begunAt, 'SUCCEEDED', 'ACTION_NOT_ALLOWED WRONG_STATUS'],
    ['CANCEL', begunAt, 'absent', 'OUTCOME_UNKNOWN OUTCOME_UNKNOWN'],
    ['CANCEL', begunAt, 'down', 'unread OUTCOME_UNKNOWN OUTCOME_UNKNOWN'],
    ['RESTART', begunAt, 'RUNNING', 'OUTCOME_UNKNOWN OUTCOME_UNKNOWN'],
    ['RESTART', begunAt, 'down', 'unread OUTCOME_UNKNOWN OUTCOME_UNKNOWN'],
    // It certainly had no effect.
    ['CANCEL', null, 'RUNNING', 'send'],
    ['CANCEL', null, 'CANCELLED', 'ALREADY_DONE'],
    ['CANCEL', null, 'SUCCEEDED', 'ACTION_NOT_ALLOWED WRONG_STATUS'],
    ['CANCEL', null, 'absent', 'JOB_NOT_FOUND JOB_NOT_FOUND'],
    ['CANCEL', null, 'down', 'unread SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE'],
    ['RESTART', null, 'RUNNING', 'send'],
  ])('%s begun at %s, now %s: %s', (action, begun, what, expected) => {
    const decision = decideRetry(system, action, { begunAt: begun, selectedStatus: null }, readAs(what));
    const words = decision.kind === 'send' ? ['send'] : [describeResult(decision.result)];
    expect([...(decision.kind === 'unread' ? ['unread'] : []), ...words].join(' ')).toBe(expected);
    if (decision.kind !== 'send' && decision.result.outcome === 'OUTCOME_UNKNOWN') {
      expect(decision.result).toMatchObject({ attemptedAt: begunAt, safeToRetry: action === 'CANCEL' });
    }
  });
});

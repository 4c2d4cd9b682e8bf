import { describe, expect, test } from 'vitest';
import { decideRetry } from '../../src/bulk/decide-retry.ts';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import { unsupportedAction } from '../../src/jobs/adapter.ts';
import { createJob, createUnreadJob } from '../../src/jobs/create-job.ts';
import type { JobAction, JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/reader.ts';

const begunAt = new Date('2026-03-02T18:14:42Z');

/** A system whose cancel may be repeated and whose restart may not. */
const support = { ...unsupportedAction, support: 'ONE_BY_ONE' as const, allowedStatuses: ['RUNNING', 'FAILED'] as JobStatus[] };
const system = {
  id: 'memory',
  adapter: {
    actions: {
      CANCEL: { ...support, safeToRetry: true },
      RESTART: { ...support, safeToRetry: false },
      PAUSE: { ...support, safeToRetry: true },
      RESUME: { ...support, allowedStatuses: ['PAUSED', 'FAILED'], safeToRetry: true },
      START: { ...support, allowedStatuses: ['SCHEDULED'], safeToRetry: false },
    },
  },
} as unknown as ServedSystem;

function readAs(what: JobStatus | 'absent' | 'down'): JobRead {
  if (what === 'absent') return { kind: 'notFound' };
  const problem = createProblem('SYSTEM_UNAVAILABLE', 'down');
  if (what === 'down') return { kind: 'problem', problem };
  return { kind: 'job', job: createJob('memory', { ...createUnreadJob('memory', '1', problem, begunAt), status: what }, new Date()) };
}

describe('an item that was tried before and is read again', () => {
  test.each<[JobAction, JobStatus | null, JobStatus, string]>([
    // Not to be taken as the job was: it runs and ends by itself.
    ['RESUME', 'SUCCEEDED', 'SUCCEEDED', 'notAllowed WRONG_STATUS'],
    ['RESUME', 'RUNNING', 'SUCCEEDED', 'notAllowed WRONG_STATUS'],
    ['START', 'RUNNING', 'RUNNING', 'notAllowed WRONG_STATUS'],
    ['CANCEL', 'CANCELLED', 'CANCELLED', 'succeeded ALREADY'],
    // Moved to where it can be taken, and perhaps sent there.
    ['RESUME', 'RUNNING', 'PAUSED', 'send'],
    // Nobody else gets it there.
    ['CANCEL', 'QUEUED', 'CANCELLED', 'succeeded DONE'],
    ['PAUSE', 'QUEUED', 'PAUSED', 'succeeded DONE'],
    // To be taken as the job was.
    ['RESUME', 'PAUSED', 'RUNNING', 'succeeded DONE'],
    ['RESUME', 'PAUSED', 'SUCCEEDED', 'succeeded DONE'],
    ['START', 'SCHEDULED', 'RUNNING', 'succeeded DONE'],
    ['CANCEL', 'RUNNING', 'CANCELLED', 'succeeded DONE'],
    // Nobody knows how it was.
    ['RESUME', null, 'RUNNING', 'succeeded DONE'],
    ['RESUME', 'UNKNOWN', 'RUNNING', 'succeeded DONE'],
  ])('%s perhaps sent, selected as %s, now %s: %s', (action, selectedStatus, now, expected) => {
    const decision = decideRetry(system, action, { begunAt, selectedStatus }, readAs(now));
    const { kind } = decision;
    if (kind === 'send') return expect(kind).toBe(expected);
    const { result } = decision;
    expect(`${result.kind} ${result.kind === 'succeeded' ? result.how : result.problem.code}`).toBe(expected);
  });

  test.each<[JobAction, Date | null, Parameters<typeof readAs>[0], string]>([
    // It may have been sent.
    ['CANCEL', begunAt, 'CANCELLED', 'succeeded DONE'],
    ['CANCEL', begunAt, 'CANCELLING', 'succeeded PENDING'],
    ['CANCEL', begunAt, 'RUNNING', 'send'],
    ['CANCEL', begunAt, 'FAILED', 'send'],
    ['CANCEL', begunAt, 'SUCCEEDED', 'notAllowed WRONG_STATUS'],
    ['CANCEL', begunAt, 'absent', 'unknown OUTCOME_UNKNOWN'],
    ['CANCEL', begunAt, 'down', 'unread unknown OUTCOME_UNKNOWN'],
    ['RESTART', begunAt, 'RUNNING', 'unknown OUTCOME_UNKNOWN'],
    ['RESTART', begunAt, 'down', 'unread unknown OUTCOME_UNKNOWN'],
    // It certainly had no effect.
    ['CANCEL', null, 'RUNNING', 'send'],
    ['CANCEL', null, 'CANCELLED', 'succeeded ALREADY'],
    ['CANCEL', null, 'SUCCEEDED', 'notAllowed WRONG_STATUS'],
    ['CANCEL', null, 'absent', 'notFound JOB_NOT_FOUND'],
    ['CANCEL', null, 'down', 'unread unavailable SYSTEM_UNAVAILABLE'],
    ['RESTART', null, 'RUNNING', 'send'],
  ])('%s begun at %s, now %s: %s', (action, begun, what, expected) => {
    const decision = decideRetry(system, action, { begunAt: begun, selectedStatus: null }, readAs(what));
    const words =
      decision.kind === 'send'
        ? ['send']
        : [decision.result.kind, decision.result.kind === 'succeeded' ? decision.result.how : decision.result.problem.code];
    expect([...(decision.kind === 'unread' ? ['unread'] : []), ...words].join(' ')).toBe(expected);
    if (decision.kind !== 'send' && decision.result.kind === 'unknown') {
      expect(decision.result).toMatchObject({ attemptedAt: begunAt, safeToRetry: action === 'CANCEL' });
    }
  });
});

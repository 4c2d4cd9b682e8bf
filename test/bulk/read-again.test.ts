import { describe, expect, test } from 'vitest';
import { decideAgain } from '../../src/bulk/read-again.ts';
import { unsupportedAction } from '../../src/jobs/adapter.ts';
import { createJob, createUnreadJob, type JobAction, type JobStatus } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/jobs/reader.ts';
import type { JobSystem } from '../../src/jobs/system.ts';

const begunAt = new Date('2026-03-02T18:14:42Z');

/** A system whose cancel may be repeated and whose restart may not. */
const support = { ...unsupportedAction, support: 'ONE_BY_ONE' as const, fromStatuses: ['RUNNING', 'FAILED'] as JobStatus[] };
const system = {
  id: 'memory',
  adapter: {
    actions: {
      CANCEL: { ...support, repeatIsSafe: true },
      RESTART: { ...support, repeatIsSafe: false },
      PAUSE: unsupportedAction,
      RESUME: unsupportedAction,
      START: unsupportedAction,
    },
  },
} as unknown as JobSystem;

function readAs(what: JobStatus | 'absent' | 'down'): JobRead {
  if (what === 'absent') return { kind: 'absent' };
  const problem = createProblem('SYSTEM_UNAVAILABLE', 'down');
  if (what === 'down') return { kind: 'problem', problem };
  return { kind: 'job', job: createJob('memory', { ...createUnreadJob('memory', '1', problem, begunAt), status: what }, new Date()) };
}

describe('an item that was tried before and is read again', () => {
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
    const decision = decideAgain(system, action, { begunAt: begun }, readAs(what));
    const words =
      decision.kind === 'send'
        ? ['send']
        : [decision.result.kind, decision.result.kind === 'succeeded' ? decision.result.how : decision.result.problem.code];
    expect([...(decision.kind === 'unread' ? ['unread'] : []), ...words].join(' ')).toBe(expected);
    if (decision.kind !== 'send' && decision.result.kind === 'unknown') {
      expect(decision.result).toMatchObject({ attemptedAt: begunAt, repeatIsSafe: action === 'CANCEL' });
    }
  });
});

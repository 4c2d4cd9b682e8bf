import { describe, expect, test } from 'vitest';
import { type ActionResult, calmGroups, groupOf, groups } from '../../console/src/actions/group.ts';
import { describeGroup } from '../../console/src/actions/group-words.ts';
import type { SuccessOutcome } from '../../console/src/api/generated/graphql.ts';

const job = { id: 'kylin:1', systemId: 'kylin', name: 'one', status: 'RUNNING' } as const;
const error = { jobId: job.id, code: 'OUTCOME_UNKNOWN', message: '', retryable: false, retryAfterSeconds: null } as const;
const success = (outcome: SuccessOutcome): ActionResult => ({
  __typename: 'CancelSuccess',
  jobId: job.id,
  outcome,
  availability: null,
  job,
});

describe('the group of a result', () => {
  test.each(['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE', 'DRY_RUN_PASSED'] as const)(
    'of a success is its outcome %s, which asks nothing of the caller',
    (outcome) => {
      expect(groupOf(success(outcome))).toBe(outcome);
      expect(calmGroups.has(outcome)).toBe(true);
    },
  );

  test.each([
    ['NotAttempted', 'NOT_ATTEMPTED'],
    ['SystemUnavailable', 'NOT_ATTEMPTED'],
    ['AccessDenied', 'ACCESS_DENIED'],
    ['IdempotencyConflict', 'IDEMPOTENCY_CONFLICT'],
    ['ActionNotAllowed', 'ACTION_NOT_ALLOWED'],
    ['JobNotFound', 'JOB_NOT_FOUND'],
  ] as const)('of %s is %s, which needs attention', (__typename, group) => {
    expect(groupOf({ ...error, __typename })).toBe(group);
    expect(calmGroups.has(group)).toBe(false);
  });

  test.each([
    ['OPEN', null, false, 'ACCEPTED'],
    ['OVERDUE', null, false, 'ACCEPTED'],
    [null, '2026-03-02T12:00:00Z', true, 'CONFIRMED'],
    ['CONTRADICTED', '2026-03-02T12:00:00Z', true, 'CONTRADICTED'],
    ['CONTRADICTED', null, false, 'CONTRADICTED'],
  ] as const)('of an accepted cancellation is what the API says: state %s, resolved at %s', (state, resolvedAt, isTerminal, group) => {
    const cancellation = {
      state,
      resolvedAt,
      requestedAt: '',
      requestedBy: 'ann',
      reason: null,
      overdue: false,
      contradictingStatus: null,
    };
    expect(groupOf(success('ACCEPTED'), { status: 'RUNNING', isTerminal, cancellation })).toBe(group);
  });

  test.each([
    ['SUCCEEDED', true, 'ENDED'],
    ['CANCELLED', true, 'ENDED'],
    ['CANCELLING', false, 'ACCEPTED'],
  ] as const)(
    'of an accepted cancellation, for a caller without audit:read, is no verdict on a job that is %s',
    (status, isTerminal, group) => {
      expect(groupOf(success('ACCEPTED'), { status, isTerminal, cancellation: null })).toBe(group);
      expect(calmGroups.has(group)).toBe(true);
    },
  );

  test('of an unknown outcome stays unknown, whatever the job shows later', () => {
    const unknown: ActionResult = { ...error, __typename: 'OutcomeUnknown', attemptedAt: '', safeToRetry: true };
    expect(groupOf(unknown, { status: 'CANCELLED', isTerminal: true, cancellation: null })).toBe('OUTCOME_UNKNOWN');
  });

  test('has words of its own', () => {
    const labels = groups.map((group) => describeGroup(group, 'CANCEL').label);
    expect(new Set(labels).size).toBe(groups.length);
    expect(labels.join(' ')).not.toMatch(/cancell/i);
  });
});

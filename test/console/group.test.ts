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
  test.each([
    ['CONFIRMED', 'done'],
    ['ACCEPTED', 'accepted'],
    ['ALREADY_DONE', 'already'],
    ['JOB_GONE', 'gone'],
    ['DRY_RUN_PASSED', 'would-do'],
  ] as const)('of a success with the outcome %s is %s, which asks nothing of the caller', (outcome, group) => {
    expect(groupOf(success(outcome))).toBe(group);
    expect(calmGroups.has(group)).toBe(true);
  });

  test.each([
    ['NotAttempted', 'not-sent'],
    ['SystemUnavailable', 'not-sent'],
    ['AccessDenied', 'denied'],
    ['IdempotencyConflict', 'key-used'],
    ['ActionNotAllowed', 'not-allowed'],
    ['JobNotFound', 'not-found'],
  ] as const)('of %s is %s, which needs attention', (__typename, group) => {
    expect(groupOf({ ...error, __typename })).toBe(group);
    expect(calmGroups.has(group)).toBe(false);
  });

  test('of an accepted cancellation follows the job', () => {
    const accepted = success('ACCEPTED');
    expect(groupOf(accepted, 'CANCELLING')).toBe('accepted');
    expect(groupOf(accepted, 'CANCELLED')).toBe('done');
    expect(groupOf(accepted, 'SUCCEEDED')).toBe('contradicted');
    expect(groupOf(accepted, 'FAILED')).toBe('contradicted');
  });

  test('of an unknown outcome stays unknown, whatever the job shows later', () => {
    const unknown: ActionResult = { ...error, __typename: 'OutcomeUnknown', attemptedAt: '', safeToRetry: true };
    expect(groupOf(unknown, 'CANCELLED')).toBe('unknown');
  });

  test('has words of its own', () => {
    const labels = groups.map((group) => describeGroup(group, 'CANCEL').label);
    expect(new Set(labels).size).toBe(groups.length);
    expect(labels.join(' ')).not.toMatch(/cancell/i);
  });
});

import { describe, expect, test } from 'vitest';
import { precheckAction } from '../../src/actions/precheck.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import { checkAvailability, checkEligibility, listAvailability } from '../../src/jobs/eligibility.ts';
import { jobActions, jobStatuses } from '../../src/jobs/job.ts';
import { cancelSupport, connectMemory, jobFields } from './memory-adapter.ts';

const { adapter } = connectMemory({
  actions: { CANCEL: cancelSupport, PAUSE: { ...cancelSupport, allowedStatuses: ['RUNNING'] } },
  refuseAction: (action, { type }) => (action === 'CANCEL' && type === 'insert' ? 'An insert runs to its end.' : null),
}).system;

const jobOf = (status: (typeof jobStatuses)[number], type = 'load') =>
  createJob('memory', jobFields('1', { status, type }), new Date(5_000));

describe('the eligibility check', () => {
  test.each(jobStatuses.flatMap((status) => jobActions.map((action) => ({ status, action }))))(
    '$action of a job that is $status: as the system declares it',
    ({ status, action }) => {
      const possible = adapter.actions[action].allowedStatuses.includes(status);
      const refusal = checkEligibility(adapter, action, jobOf(status));
      expect(refusal === null).toBe(possible);
      if (action !== 'CANCEL' && action !== 'PAUSE') expect(refusal?.code).toBe('ACTION_NOT_SUPPORTED');
      else if (!possible) expect(refusal?.code).toBe('WRONG_STATUS');
    },
  );

  test("names the job's status and the required statuses in the message", () => {
    const refusal = checkEligibility(adapter, 'CANCEL', jobOf('SUCCEEDED'));
    expect(refusal?.message).toBe("Can't cancel a SUCCEEDED job. Cancel requires QUEUED or RUNNING.");
    expect(refusal?.retryable).toBe(false);
  });

  test("returns NOT_ELIGIBLE with the adapter's reason for a kind of job that never allows the action", () => {
    expect(checkEligibility(adapter, 'CANCEL', jobOf('RUNNING', 'insert'))).toMatchObject({
      code: 'NOT_ELIGIBLE',
      message: 'An insert runs to its end.',
    });
    expect(checkEligibility(adapter, 'PAUSE', jobOf('RUNNING', 'insert'))).toBeNull();
  });

  test('checks the status before the kind of job', () => {
    expect(checkEligibility(adapter, 'CANCEL', jobOf('FAILED', 'insert'))?.code).toBe('WRONG_STATUS');
  });

  test("lists every action once, with a reason only if it isn't available", () => {
    for (const status of jobStatuses) {
      for (const type of ['load', 'insert']) {
        const job = jobOf(status, type);
        const listed = listAvailability(adapter, job);
        expect(listed.map(({ action }) => action)).toEqual(jobActions);
        for (const { action, availability, available, reason } of listed) {
          expect(availability).toBe(available ? 'AVAILABLE' : 'UNAVAILABLE');
          expect(reason).toBe(checkEligibility(adapter, action, job)?.message ?? null);
          expect(available).toBe(reason === null);
        }
      }
    }
  });

  test('is MAYBE, with the declared reason, in a status in which the system accepts the action for some jobs only', () => {
    const uncertain = { statuses: ['RUNNING' as const], reason: 'Some types only.' };
    const connected = connectMemory({
      actions: { CANCEL: { ...cancelSupport, uncertain } },
      refuseAction: (_action, { type }) => (type === 'insert' ? 'An insert runs to its end.' : null),
    }).system.adapter;
    const availability = (['QUEUED', 'RUNNING', 'FAILED'] as const).map((status) => checkAvailability(connected, 'CANCEL', jobOf(status)));
    expect(availability).toMatchObject([
      { availability: 'AVAILABLE', available: true, reason: null },
      { availability: 'MAYBE', available: true, reason: 'Some types only.' },
      { availability: 'UNAVAILABLE', available: false, reason: expect.stringContaining('FAILED') },
    ]);
    expect(checkAvailability(connected, 'CANCEL', jobOf('RUNNING', 'insert'))).toMatchObject({
      availability: 'UNAVAILABLE',
      reason: 'An insert runs to its end.',
    });
  });

  test('sends an action exactly if it is listed as available', () => {
    for (const status of jobStatuses) {
      for (const { action, available } of listAvailability(adapter, jobOf(status))) {
        expect(precheckAction(adapter, action, jobOf(status)) === null).toBe(available);
      }
    }
  });
});

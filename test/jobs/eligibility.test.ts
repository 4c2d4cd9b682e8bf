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

describe('whether an action is possible', () => {
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

  test('the message names the statuses and the status', () => {
    const refusal = checkEligibility(adapter, 'CANCEL', jobOf('SUCCEEDED'));
    expect(refusal?.message).toBe("Can't cancel a SUCCEEDED job. Cancel requires QUEUED or RUNNING.");
    expect(refusal?.retryable).toBe(false);
  });

  test('a kind of job that can never take it is NOT_ELIGIBLE, in the words of the adapter', () => {
    expect(checkEligibility(adapter, 'CANCEL', jobOf('RUNNING', 'insert'))).toMatchObject({
      code: 'NOT_ELIGIBLE',
      message: 'An insert runs to its end.',
    });
    expect(checkEligibility(adapter, 'PAUSE', jobOf('RUNNING', 'insert'))).toBeNull();
  });

  test('the status is told before the kind', () => {
    expect(checkEligibility(adapter, 'CANCEL', jobOf('FAILED', 'insert'))?.code).toBe('WRONG_STATUS');
  });

  test('every action is listed once, with a reason exactly where it is not available', () => {
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

  test('an action that the system accepts on some jobs of a status only may be available there, for the declared reason', () => {
    const uncertain = { statuses: ['RUNNING' as const], reason: 'Some types only.' };
    const connected = connectMemory({
      actions: { CANCEL: { ...cancelSupport, uncertain } },
      refuseAction: (_action, { type }) => (type === 'insert' ? 'An insert runs to its end.' : null),
    }).system.adapter;
    const said = (['QUEUED', 'RUNNING', 'FAILED'] as const).map((status) => checkAvailability(connected, 'CANCEL', jobOf(status)));
    expect(said).toMatchObject([
      { availability: 'AVAILABLE', available: true, reason: null },
      { availability: 'MAYBE', available: true, reason: 'Some types only.' },
      { availability: 'UNAVAILABLE', available: false, reason: expect.stringContaining('FAILED') },
    ]);
    expect(checkAvailability(connected, 'CANCEL', jobOf('RUNNING', 'insert'))).toMatchObject({
      availability: 'UNAVAILABLE',
      reason: 'An insert runs to its end.',
    });
  });

  test('what is listed as available is sent, and what is not is not', () => {
    for (const status of jobStatuses) {
      for (const { action, available } of listAvailability(adapter, jobOf(status))) {
        expect(precheckAction(adapter, action, jobOf(status)) === null).toBe(available);
      }
    }
  });
});

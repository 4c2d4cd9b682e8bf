import { describe, expect, test } from 'vitest';
import { describeProgress } from '../../console/src/job/cancellation-progress.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 2, 12, 0, seconds)).toISOString();
const open = { outcome: 'ACCEPTED', resolvedAt: null } as const;
const running = { status: 'RUNNING', isTerminal: false, finishedAt: null } as const;
const canceled = { status: 'CANCELLED', isTerminal: true, finishedAt: at(10) } as const;

describe('a cancellation', () => {
  test.each(['CONFIRMED', 'ACCEPTED', 'JOB_GONE'] as const)(
    'with the outcome %s is accepted, whatever the status of the job',
    (outcome) => {
      expect(describeProgress({ ...open, outcome }, running).isAccepted).toBe(true);
    },
  );

  test('whose response was lost is not, also when the job ended otherwise', () => {
    const lost = { ...open, outcome: 'OUTCOME_UNKNOWN' } as const;
    expect(describeProgress(lost, running).isAccepted).toBe(false);
    expect(describeProgress({ ...lost, resolvedAt: at(11) }, { ...canceled, status: 'SUCCEEDED' }).isAccepted).toBe(false);
  });

  test.each(['CANCELLING', 'CANCELLED'] as const)('whose response was lost is, once the job is %s', (status) => {
    expect(describeProgress({ ...open, outcome: 'OUTCOME_UNKNOWN' }, { ...running, status }).isAccepted).toBe(true);
  });
});

describe('the end after a cancellation', () => {
  test('is unknown until it is observed', () => {
    expect(describeProgress(open, running).end).toBeNull();
  });

  test('has the time when the job finished', () => {
    expect(describeProgress({ ...open, resolvedAt: at(40) }, canceled).end).toEqual({
      status: 'CANCELLED',
      at: at(10),
      isObservation: false,
    });
  });

  test('has the time of the observation if the system reports no end', () => {
    expect(describeProgress({ ...open, resolvedAt: at(40) }, { ...canceled, finishedAt: null }).end).toEqual({
      status: 'CANCELLED',
      at: at(40),
      isObservation: true,
    });
  });

  test.each([
    ['runs again', running],
    ['has ended again', { ...canceled, status: 'SUCCEEDED', finishedAt: at(3_600) }],
  ] as const)('is not that of a later run: a job that %s', (_, job) => {
    expect(describeProgress({ ...open, resolvedAt: at(40) }, job).end).toEqual({ status: null, at: at(40), isObservation: true });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ActionResult, isFailure, shareResults } from '../../src/actions/action-result.ts';
import { type Attempt, decide, needsObservation, observeAfter } from '../../src/actions/decide.ts';
import { precheckAction, precheckRead } from '../../src/actions/precheck.ts';
import type { ActionResponse, ActionSupport } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import { type Job, type JobAction, type JobFields, type JobStatus, jobActions, jobStatuses } from '../../src/jobs/job.ts';
import { isSuccess } from '../../src/jobs/outcome.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { JobRead } from '../../src/reading/job-read.ts';
import { jobFields } from '../jobs/memory-adapter.ts';
import {
  adapterWith,
  attemptedAt,
  beforeNames,
  type Combination,
  decideCombination,
  jobIn,
  observationNames,
  problemOf,
  responseNames,
  responses,
  type SupportName,
  supports,
  words,
  writeVerdict,
} from './verdict-table.ts';

const supportNames = Object.keys(supports) as SupportName[];

interface Row extends Pick<Combination, 'action'> {
  response: string;
  support: string;
  before: string;
  verdicts: string[];
}

function readTable(): Row[] {
  const rows: Row[] = [];
  let action: JobAction = 'CANCEL';
  for (const line of readFileSync(new URL('verdicts.txt', import.meta.url), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const response = line.slice(0, 19).trim();
    const [support = '', before = '', ...verdicts] = line.slice(19).trim().split(/ +/);
    const header = jobActions.find((each) => each === response);
    if (header) action = header;
    else rows.push({ action, response, support, before, verdicts });
  }
  return rows;
}

const has = (names: string, name: string): boolean => names === '*' || names.split('+').includes(name);

describe('the table of verdicts', () => {
  const rows = readTable();

  test.each(rows.map((row) => [`${row.action} ${row.response}, ${row.support}, before: ${row.before}`, row] as const))(
    '%s',
    (_name, { action, response, support, before, verdicts }) => {
      const own = responseNames.find((each) => each === response);
      if (!own) throw new Error(`There is no response ${response}`);
      for (const supportName of supportNames.filter((each) => has(support, each))) {
        for (const beforeName of beforeNames.filter((each) => has(before, each))) {
          const decided = observationNames.map((observation) =>
            writeVerdict(decideCombination({ action, response: own, support: supportName, before: beforeName, observation })),
          );
          expect(decided).toEqual(verdicts);
        }
      }
    },
  );

  test('has one row for each combination', () => {
    for (const action of jobActions) {
      for (const response of responseNames) {
        for (const support of supportNames) {
          for (const before of beforeNames) {
            const own = rows.filter(
              (row) => row.action === action && row.response === response && has(row.support, support) && has(row.before, before),
            );
            expect(own, `${action} ${response} ${support} ${before}`).toHaveLength(1);
          }
        }
      }
    }
  });
});

const all = (): Combination[] =>
  jobActions.flatMap((action) =>
    responseNames.flatMap((response) =>
      supportNames.flatMap((support) =>
        beforeNames.flatMap((before) => observationNames.map((observation) => ({ action, response, support, before, observation }))),
      ),
    ),
  );

describe('a verdict', () => {
  test('on a job that ended otherwise is the same at once, while a caller waits, and during tracking', () => {
    for (const action of ['CANCEL', 'PAUSE'] as const) {
      for (const observation of ['SUCCEEDED', 'CANCELLED'] as const) {
        for (const support of supportNames) {
          const verdicts = (['accepted', 'under way', 'under way for long'] as const).map((response) => {
            const { result, isFinal } = decideCombination({ action, response, support, before: 'none', observation });
            return { outcome: result.outcome, problem: isFailure(result) ? result.problem : null, isFinal };
          });
          expect(verdicts).toEqual([verdicts[0], verdicts[0], verdicts[0]]);
        }
      }
    }
  });

  test('of a lost response is no failure, unless the job shows that the action came too late or was ruled out', () => {
    for (const combination of all().filter(({ response }) => response.startsWith('lost'))) {
      const { result } = decideCombination(combination);
      if (isSuccess(result.outcome) || result.outcome === 'OUTCOME_UNKNOWN') continue;
      expect(result.outcome).toBe('ACTION_NOT_ALLOWED');
      const endedOtherwise = ['CANCELLED', 'SUCCEEDED', 'FAILED'].includes(combination.observation);
      expect(endedOtherwise || combination.before === 'ended').toBe(true);
    }
  });

  test('is never a success with an effect if the response reports that nothing changed', () => {
    for (const combination of all()) {
      const { response } = combination;
      if (!['rejected', 'denied', 'ineligible', 'not found', 'down', 'throttled', 'not sent'].includes(response)) continue;
      const { outcome } = decideCombination(combination).result;
      // Someone else's cancel may be under way.
      if (outcome === 'ACCEPTED') expect(combination).toMatchObject({ action: 'CANCEL', observation: 'CANCELLING' });
      else expect(['CONFIRMED', 'JOB_GONE', 'DRY_RUN_PASSED', 'OUTCOME_UNKNOWN']).not.toContain(outcome);
    }
  });

  test('of a status that can not be mapped is never that nothing happened', () => {
    for (const combination of all().filter(({ observation }) => observation === 'UNKNOWN')) {
      if (!combination.response.startsWith('accepted') && !combination.response.startsWith('under way')) continue;
      expect(['ACCEPTED', 'OUTCOME_UNKNOWN']).toContain(decideCombination(combination).result.outcome);
    }
  });

  test('has isOfBatch only for a request of several jobs, and only if the job was observed unchanged', () => {
    for (const combination of all()) {
      const { isOfBatch, result } = decideCombination(combination);
      if (!isOfBatch) continue;
      expect(combination.response).toMatch(/^batch/);
      expect(['unread', 'failed', 'absent']).not.toContain(combination.observation);
      expect(['VENDOR_REJECTED', 'ACCESS_DENIED', 'ACTION_NOT_ALLOWED']).toContain(result.outcome);
    }
    const rejected = {
      action: 'CANCEL',
      response: 'batch rejected',
      support: 'prompt',
      before: 'allowed',
      observation: 'RUNNING',
    } as const;
    expect(decideCombination(rejected).isOfBatch).toBe(true);
    // The job's own status is a reason of its own.
    expect(decideCombination({ ...rejected, observation: 'SUCCEEDED' }).isOfBatch).toBe(false);
  });
});

const cancelling: Partial<ActionSupport> = { acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' } };
const cancelled: Partial<ActionSupport> = { acceptedState: { status: 'CANCELLED', vendorStatus: 'stopped' } };

function attemptOf(changes: Partial<Attempt> & { support?: Partial<ActionSupport> } = {}): Attempt {
  const { support = {}, ...rest } = changes;
  return {
    systemId: 'memory',
    adapter: adapterWith({ unchangedOutcome: 'VENDOR_REJECTED', ...support }),
    action: 'CANCEL',
    before: jobIn('RUNNING'),
    response: responses.accepted,
    attemptedAt,
    overdueAt: null,
    ...rest,
  };
}

const seen = (job: Job): JobRead => ({ kind: 'job', job });
const resultOf = (attempt: Attempt, read: JobRead | null): ActionResult => decide(attempt, read, new Date(30_000)).result;

describe('the result', () => {
  test('of an acceptance that proves the state needs no observation', () => {
    expect(resultOf(attemptOf({ support: cancelling }), null)).toMatchObject({
      outcome: 'ACCEPTED',
      job: { status: 'CANCELLING', vendorStatus: 'stopping', vendorId: '1' },
    });
    expect(resultOf(attemptOf({ support: cancelled }), null)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(resultOf(attemptOf({ support: cancelling, before: null }), null)).toEqual({ outcome: 'ACCEPTED', job: null });
  });

  test('shows the newest copy of the job', () => {
    expect(resultOf(attemptOf({ response: responses.rejected }), { kind: 'problem', problem: problemOf('TIMED_OUT') })).toMatchObject({
      job: { status: 'RUNNING' },
      vendorCode: 'E1',
    });
    const queued = attemptOf({ before: jobIn('QUEUED') });
    expect(resultOf({ ...queued, response: responses.rejected }, seen(jobIn('RUNNING')))).toMatchObject({ job: { status: 'RUNNING' } });
    expect(resultOf({ ...queued, response: responses.lost }, seen(jobIn('RUNNING')))).toMatchObject({ job: { status: 'RUNNING' } });
    expect(resultOf(attemptOf(), { kind: 'notFound' })).toMatchObject({ job: { status: 'UNKNOWN', problem: { code: 'JOB_NOT_FOUND' } } });
    expect(resultOf({ ...queued, response: responses.lost }, { kind: 'problem', problem: problemOf('TIMED_OUT') })).toMatchObject({
      job: null,
    });
  });

  test('has the time of the attempt and safeToRetry if it is unknown', () => {
    const lost = attemptOf({ response: responses.lost });
    expect(resultOf(lost, seen(jobIn('RUNNING')))).toMatchObject({ attemptedAt, safeToRetry: true });
    expect(resultOf({ ...lost, action: 'RESTART' }, seen(jobIn('RUNNING')))).toMatchObject({ attemptedAt, safeToRetry: false });
  });

  test('names the system, the action, and the final status in the message', () => {
    const message = (response: Attempt['response']): string => {
      const result = resultOf(attemptOf({ response }), seen(jobIn('SUCCEEDED')));
      return isFailure(result) ? result.problem.message : '';
    };
    expect(message(responses.accepted)).toBe('memory accepted the cancellation, but the job ended as SUCCEEDED.');
    expect(message({ kind: 'acceptedBefore' })).toBe('memory accepted the cancellation, but the job ended as SUCCEEDED.');
    expect(message(responses.confirmed)).toBe('memory showed the effect of the cancellation, but the job ended as SUCCEEDED.');
    expect(message(responses.lost)).toBe('The job ended as SUCCEEDED before memory could cancel it.');
  });

  test('of a restart shows in a later creation or start', () => {
    const times = (createdAt: number | null, startedAt: number | null): Partial<JobFields> => ({
      createdAt: createdAt === null ? null : new Date(createdAt),
      startedAt: startedAt === null ? null : new Date(startedAt),
    });
    const running = (fields: Partial<JobFields>): Job =>
      createJob('memory', jobFields('1', { status: 'RUNNING', ...fields }), new Date(10_000));
    const outcomeOf = (before: Partial<JobFields> | null, after: Partial<JobFields>) =>
      resultOf(attemptOf({ action: 'RESTART', response: responses.lost, before: before && running(before) }), seen(running(after))).outcome;
    expect(outcomeOf(times(1, 1), times(2, 1))).toBe('CONFIRMED');
    expect(outcomeOf(times(1, 1), times(1, 2))).toBe('CONFIRMED');
    expect(outcomeOf(times(1, 1), times(1, 1))).toBe('OUTCOME_UNKNOWN');
    expect(outcomeOf(times(1, 1), times(1, null))).toBe('OUTCOME_UNKNOWN');
    expect(outcomeOf(times(1, null), times(1, 2))).toBe('OUTCOME_UNKNOWN');
    expect(outcomeOf(null, times(2, 2))).toBe('OUTCOME_UNKNOWN');
  });

  test("uses the adapter's tookEffect if there is one", () => {
    const tookEffect: ActionSupport['tookEffect'] = (before, after) => before?.status === 'PAUSED' && after.status === 'FAILED';
    const attempt = attemptOf({ action: 'RESUME', before: jobIn('PAUSED'), response: responses.lost, support: { tookEffect } });
    expect(resultOf(attempt, seen(jobIn('FAILED'))).outcome).toBe('CONFIRMED');
    expect(resultOf(attempt, seen(jobIn('RUNNING'))).outcome).toBe('OUTCOME_UNKNOWN');
  });
});

describe('a confirmed cancel', () => {
  const attempt = attemptOf({ before: null, response: { kind: 'confirmedBefore', confirmedAt: new Date(9_500) } });
  const succeeded = (fields: Partial<JobFields>): Job =>
    createJob('memory', jobFields('1', { status: 'SUCCEEDED', createdAt: null, startedAt: null, ...fields }), new Date(10_000));

  test('is disproved by another end of the same run only', () => {
    expect(resultOf(attempt, seen(succeeded({}))).outcome).toBe('ACTION_NOT_ALLOWED');
    expect(resultOf(attempt, seen(succeeded({ startedAt: new Date(9_400) }))).outcome).toBe('ACTION_NOT_ALLOWED');
    expect(resultOf(attempt, seen(succeeded({ startedAt: new Date(9_600) }))).outcome).toBe('CONFIRMED');
    expect(resultOf(attempt, seen(succeeded({ createdAt: new Date(9_600) }))).outcome).toBe('CONFIRMED');
    expect(resultOf(attempt, seen({ ...succeeded({}), stale: true })).outcome).toBe('CONFIRMED');
  });
});

describe('an observation', () => {
  test('is a read that shows the job as it was after the attempt', () => {
    const at = (ms: number): JobRead => seen(jobIn('RUNNING', new Date(ms)));
    const newer = at(10_001);
    expect(observeAfter(newer, new Date(10_000))).toBe(newer);
    expect(observeAfter(at(10_000), new Date(10_000))).toBeNull();
    expect(observeAfter({ kind: 'notFound' }, new Date(10_000))).toEqual({ kind: 'notFound' });
    expect(observeAfter({ kind: 'problem', problem: problemOf('TIMED_OUT') }, new Date(0))).toBeNull();
    expect(observeAfter(undefined, new Date(0))).toBeNull();
  });

  const needs = (response: ActionResponse, support: Partial<ActionSupport> = {}) => {
    const { systemId, adapter, action, before } = attemptOf({ support });
    return needsObservation({ systemId, adapter, action, before, response }, new Date());
  };

  test.each([
    ['accepted', true],
    ['rejected', true],
    ['denied', false],
    ['ineligible', false],
    ['batch rejected', true],
    ['batch denied', true],
    ['batch ineligible', true],
    ['not found', false],
    ['down', false],
    ['not sent', false],
    ['lost', true],
  ] as const)('after %s is needed: %s', (response, expected) => {
    expect(needs(responses[response])).toBe(expected);
  });

  test('is spared if acceptance proves the state, or the response shows the effect', () => {
    expect(needs(responses.accepted, cancelling)).toBe(false);
    expect(needs({ kind: 'accepted', job: jobFields('1', { status: 'CANCELLED' }) })).toBe(false);
    expect(needs({ kind: 'accepted', job: jobFields('1', { status: 'RUNNING' }) })).toBe(true);
  });
});

describe('before anything is sent', () => {
  const precheck = (action: JobAction, status: JobStatus) => {
    const result = precheckAction(adapterWith(), action, jobIn(status));
    return result && words[result.outcome];
  };

  test.each(jobStatuses)('canceling a job that is %s', (status) => {
    const expected: Record<JobStatus, string | null> = {
      SCHEDULED: 'ruled-out',
      QUEUED: null,
      RUNNING: null,
      PAUSED: 'ruled-out',
      CANCELLING: 'accepted',
      CANCELLED: 'done',
      SUCCEEDED: 'ruled-out',
      FAILED: null,
      UNKNOWN: 'ruled-out',
    };
    expect(precheck('CANCEL', status)).toBe(expected[status]);
  });

  test('pausing a canceled job is no success', () => {
    expect(precheck('PAUSE', 'CANCELLED')).toBe('ruled-out');
    expect(precheck('PAUSE', 'PAUSED')).toBe('ruled-out');
  });

  test('a job that is not there or can not be read is not sent', () => {
    const outcomeOf = (read: JobRead) => precheckRead('memory', adapterWith(), 'CANCEL', read)?.outcome ?? null;
    expect(outcomeOf({ kind: 'notFound' })).toBe('JOB_NOT_FOUND');
    expect(outcomeOf({ kind: 'problem', problem: problemOf('TIMED_OUT') })).toBe('SYSTEM_UNAVAILABLE');
    expect(outcomeOf({ kind: 'problem', problem: problemOf('ACCESS_DENIED') })).toBe('ACCESS_DENIED');
    expect(outcomeOf({ kind: 'problem', problem: problemOf('NOT_ATTEMPTED') })).toBe('NOT_ATTEMPTED');
    expect(outcomeOf({ kind: 'job', job: jobIn('RUNNING') })).toBeNull();
  });
});

describe('equal results', () => {
  test('are one object, also with other results in between', () => {
    const share = shareResults();
    const accepted = share({ outcome: 'ACCEPTED', job: null });
    const rejected = share({ outcome: 'VENDOR_REJECTED', problem: problemOf('VENDOR_REJECTED'), vendorCode: 'E1', job: null });
    expect(share({ outcome: 'ACCEPTED', job: null })).toBe(accepted);
    expect(share({ outcome: 'VENDOR_REJECTED', problem: problemOf('VENDOR_REJECTED'), vendorCode: 'E1', job: null })).toBe(rejected);
  });

  test('stay separate if they differ', () => {
    const share = shareResults();
    const unknown = { outcome: 'OUTCOME_UNKNOWN', problem: problemOf('TIMED_OUT'), attemptedAt, safeToRetry: true, job: null } as const;
    const rejected = { outcome: 'VENDOR_REJECTED', problem: problemOf('VENDOR_REJECTED'), vendorCode: 'E1', job: null } as const;
    const different: ActionResult[] = [
      { outcome: 'DRY_RUN_PASSED', job: null, doubt: null },
      { outcome: 'DRY_RUN_PASSED', job: null, doubt: 'It depends.' },
      { outcome: 'CONFIRMED', job: null },
      { outcome: 'CONFIRMED', job: jobIn('CANCELLED') },
      { outcome: 'CONFIRMED', job: null, createdJobId: 'memory:1' },
      { outcome: 'CONFIRMED', job: null, createdJobId: 'memory:2' },
      unknown,
      { ...unknown, createdJobId: null },
      { ...unknown, createdJobId: 'memory:1' },
      { ...unknown, attemptedAt: new Date(1) },
      rejected,
      { ...rejected, vendorCode: 'E2' },
      { ...rejected, problem: createProblem('VENDOR_REJECTED', 'Another reason.') },
      { ...rejected, problem: createProblem('VENDOR_REJECTED', 'The reason.', 5) },
    ];
    expect(different.map(share)).toEqual(different);
    expect(new Set(different.map(share)).size).toBe(different.length);
  });
});

import { describe, expect, test } from 'vitest';
import type { JobServiceOptions } from '../../src/job-service/job-service.ts';
import type { Permissions } from '../../src/jobs/permissions.ts';
import { act, begin, connect, describeLookup } from './begin.ts';

describe('permissions', () => {
  const only = (overrides: Partial<Permissions>): Partial<JobServiceOptions> => ({
    permissions: {
      mayRead: () => false,
      mayReadRaw: () => false,
      mayReadLogs: () => false,
      mayAct: () => false,
      mayReadEvents: () => false,
      maySeeSystem: () => false,
      ...overrides,
    },
  });

  test('to nothing hide the system', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system], only({}));
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('notFound SYSTEM_NOT_FOUND');
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([
      { jobId: 'a:1', result: { outcome: 'JOB_NOT_FOUND', problem: { code: 'SYSTEM_NOT_FOUND' } } },
    ]);
    expect([operation.readableSystems, operation.visibleSystems]).toEqual([[], []]);
    expect([a.reads, a.sent]).toEqual([[], []]);
  });

  test('to read allow no action', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system], only({ mayRead: () => true }));
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([
      { result: { outcome: 'ACCESS_DENIED', problem: { code: 'ACCESS_DENIED' } } },
    ]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 RUNNING');
    expect(a.sent).toEqual([]);
  });

  test('to act show no status of a job in a message either', async () => {
    const a = connect(
      'a',
      { '1': 'RUNNING' },
      { answerAction: (_action, targets) => targets.map(() => ({ kind: 'accepted', job: null })) },
    );
    const unchanged = {
      outcome: 'VENDOR_REJECTED',
      job: null,
      problem: { message: "The job's status doesn't show that the action was performed." },
    };
    const mayCancel = only({ mayAct: () => true });
    expect(await begin([a.system], mayCancel).performAction('CANCEL', ['a:1'], act)).toMatchObject([{ result: unchanged }]);
  });

  test('to one action allow no other, and show no job', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING' });
    const operation = begin([a.system], only({ mayAct: (_systemId, action) => action === 'CANCEL' }));
    expect(await operation.performAction('PAUSE', ['a:2'], act)).toMatchObject([{ result: { outcome: 'ACCESS_DENIED' } }]);
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([{ result: { outcome: 'CONFIRMED', job: null } }]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('problem ACCESS_DENIED');
    expect(a.sent).toEqual([['1']]);
  });
});

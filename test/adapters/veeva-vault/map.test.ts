import { describe, expect, it } from 'vitest';
import { fromRow, fromStatus, toJobStatus, toStep } from '../../../src/adapters/veeva-vault/map.ts';
import { jobListSchema, jobStatusSchema, taskListSchema, type VaultJobRow } from '../../../src/adapters/veeva-vault/wire.ts';

const ended = {
  job_id: 81399,
  title: 'Export Documents',
  status: 'ERRORS_ENCOUNTERED',
  created_by: 20417,
  created_date: '2026-03-02T08:11:40.000Z',
  modified_by: 20417,
  modified_date: '2026-03-02T08:14:03.000Z',
  run_start_date: '2026-03-02T08:11:43.000Z',
  run_end_date: '2026-03-02T08:14:03.000Z',
};

function row(fields: Record<string, unknown>): VaultJobRow {
  const [parsed] = jobListSchema.parse({ jobs: [{ ...ended, ...fields }] }).jobs;
  if (!parsed) throw new Error('No row');
  return parsed;
}

describe('statuses', () => {
  it.each([
    ['SCHEDULED', 'SCHEDULED'],
    ['QUEUEING', 'QUEUED'],
    ['QUEUED', 'QUEUED'],
    ['RUNNING', 'RUNNING'],
    ['CANCELLING', 'CANCELLING'],
    ['CANCELLED', 'CANCELLED'],
    ['SUCCESS', 'SUCCEEDED'],
    ['ERRORS_ENCOUNTERED', 'FAILED'],
    ['FAILED_TO_RUN', 'FAILED'],
    ['TIMEOUT', 'FAILED'],
    ['MISSED_SCHEDULE', 'FAILED'],
    ['COMPLETED_DUE_TO_INACTIVITY', 'FAILED'],
    ['FAILURE', 'FAILED'],
    ['COMPLETED', 'UNKNOWN'],
    ['success', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
  ])('%s is %s', (vendorStatus, status) => {
    expect(toJobStatus(vendorStatus)).toBe(status);
    expect(fromRow(row({ status: vendorStatus }))).toMatchObject({ status, vendorStatus });
  });
});

describe('a row of the lists', () => {
  it('becomes a job', () => {
    const { raw, ...fields } = fromRow(row({}));
    expect(fields).toEqual({
      vendorId: '81399',
      name: 'Export Documents',
      type: null,
      status: 'FAILED',
      vendorStatus: 'ERRORS_ENCOUNTERED',
      owner: '20417',
      createdAt: new Date('2026-03-02T08:11:40Z'),
      startedAt: new Date('2026-03-02T08:11:43Z'),
      finishedAt: new Date('2026-03-02T08:14:03Z'),
      durationSeconds: null,
      progress: null,
      scope: null,
      waitSeconds: null,
      dataRange: null,
    });
    expect(raw()).toEqual(ended);
  });

  it.each([
    ['SCHEDULED', {}, false],
    ['QUEUEING', {}, false],
    ['QUEUED', {}, false],
    ['SOMETHING_NEW', {}, false],
    ['RUNNING', { run_end_date: undefined }, true],
    ['CANCELLING', { run_end_date: undefined }, true],
    ['CANCELLING', { run_end_date: undefined, run_start_date: '2026-03-03T06:00:00.000Z' }, false],
    ['CANCELLED', {}, true],
    ['CANCELLED', { run_start_date: '2026-03-03T06:00:00.000Z' }, false],
    ['SUCCESS', {}, true],
    ['TIMEOUT', {}, true],
    ['MISSED_SCHEDULE', {}, false],
    ['FAILED_TO_RUN', {}, false],
  ])('that is %s with %j has started: %s', (status, fields, started) => {
    expect(fromRow(row({ status, ...fields })).startedAt !== null).toBe(started);
  });

  it('takes absent and null fields alike, and unusable ones as absent', () => {
    const bare = { vendorId: '7', name: null, owner: null, createdAt: null, startedAt: null, finishedAt: null };
    const nulls = { title: null, created_by: null, created_date: null, run_start_date: null, run_end_date: null };
    const odd = { title: 5, created_by: {}, created_date: 17, run_start_date: 'soon', run_end_date: [] };
    const parsed = jobListSchema.parse({
      jobs: [
        { job_id: 7, status: 'RUNNING' },
        { job_id: 7, status: 'RUNNING', ...nulls },
        { job_id: 7, status: 'RUNNING', ...odd },
      ],
    });
    for (const wire of parsed.jobs) expect(fromRow(wire)).toMatchObject(bare);
    const [first] = parsed.jobs;
    expect(first && fromRow(first).raw()).toEqual({ job_id: 7, status: 'RUNNING' });
  });

  it('keeps an id that came as text', () => {
    expect(fromRow(row({ job_id: '9007199254740993' })).vendorId).toBe('9007199254740993');
  });
});

describe('the fields for people', () => {
  it('are the job’s own, without secrets, at any depth', () => {
    const links = [{ rel: 'self', href: '/api/v26.1/services/jobs/7', accessToken: 'canary' }];
    const raw = fromRow(row({ links, sessionId: 'canary', progress: [{ status: 'SUCCESS', size: 3 }] })).raw();
    expect(JSON.stringify(raw)).not.toContain('canary');
    expect(raw).toMatchObject({ links: [{ rel: 'self', href: '/api/v26.1/services/jobs/7' }], progress: [{ status: 'SUCCESS', size: 3 }] });
  });

  it('are cut where they go deeper than anything Vault documents', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(() => JSON.stringify(fromRow(row({ deep })).raw())).not.toThrow();
  });
});

describe('the answer of Retrieve Job Status', () => {
  it('becomes a job without a name', () => {
    const { data } = jobStatusSchema.parse({ data: { id: 81399, status: 'QUEUED', method: 'POST', created_by: 1 } });
    expect(fromStatus(data)).toMatchObject({ vendorId: '81399', name: null, status: 'QUEUED', owner: '1', startedAt: null });
    expect(fromStatus(data).raw()).toEqual({ id: 81399, status: 'QUEUED', method: 'POST', created_by: 1 });
  });
});

describe('a task', () => {
  it.each([
    [{ id: 'Batch-1', state: 'RUNNING' }, 'RUNNING', 'RUNNING'],
    [{ id: 'Batch-1', status: 'ERRORS_ENCOUNTERED' }, 'FAILED', 'ERRORS_ENCOUNTERED'],
    [{ id: 'Batch-1' }, 'UNKNOWN', null],
  ])('%j is %s', (task, status, vendorStatus) => {
    const [parsed] = taskListSchema.parse({ tasks: [task] }).tasks;
    expect(parsed && toStep(parsed)).toEqual({
      id: 'Batch-1',
      name: 'Batch-1',
      status,
      vendorStatus,
      startedAt: null,
      finishedAt: null,
      durationSeconds: null,
      waitSeconds: null,
      message: null,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
    });
  });
});

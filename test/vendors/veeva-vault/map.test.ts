import { describe, expect, it } from 'vitest';
import type { JobFields } from '../../../src/jobs/job.ts';
import { createDateReader } from '../../../src/vendors/veeva-vault/adapter/dates.ts';
import { fromRest, toListRow, toRestStatus, toStatus, toStep } from '../../../src/vendors/veeva-vault/adapter/map.ts';
import { fieldsOf } from '../fields-of.ts';

const readDate = createDateReader('UTC');

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

/** The job of a row of a list, even if the row is odd. */
function fromRow(row: unknown): JobFields {
  const job = fieldsOf(toListRow('vault', row, readDate));
  if (!('problem' in job)) return job;
  if (!job.job) throw new Error(job.problem.message);
  return job.job;
}

const row = (fields: Record<string, unknown>) => ({ ...ended, ...fields });

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
    expect(toStatus(vendorStatus)).toBe(status);
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
      scheduledFor: null,
      updatedAt: new Date('2026-03-02T08:14:03Z'),
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

  it('treats absent and null fields alike, and unusable ones as absent', () => {
    const bare = { vendorId: '7', name: null, owner: null, createdAt: null, startedAt: null, finishedAt: null };
    const nulls = { title: null, created_by: null, created_date: null, run_start_date: null, run_end_date: null };
    const odd = { title: 5, created_by: {}, created_date: 17, run_start_date: 'soon', run_end_date: [] };
    const rows = [
      { job_id: 7, status: 'RUNNING' },
      { job_id: 7, status: 'RUNNING', ...nulls },
      { job_id: 7, status: 'RUNNING', ...odd },
    ];
    for (const wire of rows) expect(fromRow(wire)).toMatchObject(bare);
    expect(fromRow(rows[0]).raw()).toEqual({ job_id: 7, status: 'RUNNING' });
  });

  it('keeps an id that came as text', () => {
    expect(fromRow(row({ job_id: '9007199254740993' })).vendorId).toBe('9007199254740993');
  });
});

describe('the fields for people', () => {
  it('contain the values of the job without secrets, at any depth', () => {
    const links = [{ rel: 'self', href: '/api/v26.1/services/jobs/7', accessToken: 'canary' }];
    const raw = fromRow(row({ links, sessionId: 'canary', progress: [{ status: 'SUCCESS', size: 3 }] })).raw();
    expect(JSON.stringify(raw)).not.toContain('canary');
    expect(raw).toMatchObject({ links: [{ rel: 'self', href: '/api/v26.1/services/jobs/7' }], progress: [{ status: 'SUCCESS', size: 3 }] });
  });

  it('are cut if they are nested deeper than anything Vault documents', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(() => JSON.stringify(fromRow(row({ deep })).raw())).not.toThrow();
  });
});

describe('the response of Retrieve Job Status', () => {
  it('becomes a job without a name', () => {
    const data = { id: 81399, status: 'QUEUED', method: 'POST', created_by: 1 };
    const job = fromRest('81399', data, readDate);
    expect(job).toMatchObject({ vendorId: '81399', name: null, status: 'QUEUED', owner: '1', startedAt: null });
    expect(job.raw()).toEqual(data);
  });
});

describe('a status in a query', () => {
  it.each([
    ['RUNNING', 'RUNNING'],
    ['running', 'RUNNING'],
    ['errors_encountered__sys', 'ERRORS_ENCOUNTERED'],
    [['queueing__v'], 'QUEUEING'],
    ['Running now', null],
    [['RUNNING', 'QUEUED'], null],
    [[], null],
    [null, null],
    [7, null],
  ])('%j is %s', (literal, word) => {
    expect(toRestStatus(literal)).toBe(word);
  });
});

describe('odd rows', () => {
  it.each([
    [null, null, 'a row is null, expected an object'],
    [[], null, 'a row is a list, expected an object'],
    [row({ job_id: null }), null, 'job_id of a row is null, expected a whole number'],
    [row({ job_id: undefined }), null, 'job_id of a row is absent'],
    [row({ job_id: 1.5 }), null, 'job_id of a row is the number 1.5'],
    [row({ job_id: 'x'.repeat(500) }), null, `job_id of a row is the text "${'x'.repeat(80)}…"`],
    [row({ status: null }), { status: 'UNKNOWN', vendorStatus: null }, 'status of job 81399 is null, expected text'],
    [row({ status: undefined }), { status: 'UNKNOWN' }, 'status of job 81399 is absent'],
    [row({ status: 7 }), { status: 'UNKNOWN', vendorStatus: null }, 'status of job 81399 is the number 7'],
    [row({ title: {} }), { name: null }, 'title of job 81399 is an object, expected text'],
    [row({ created_by: {} }), { owner: null }, 'created_by of job 81399 is an object, expected a user id'],
    [row({ created_date: 5 }), { createdAt: null }, 'created_date of job 81399 is the number 5, expected a date'],
    [row({ created_date: 'soon' }), { createdAt: null }, 'created_date of job 81399 is the text "soon"'],
  ])('%j shows %j', (odd, job, words) => {
    const shown = fieldsOf(toListRow('vault', odd, readDate));
    expect(shown).toMatchObject({ problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining(words) } });
    expect(shown).toMatchObject({ problem: { message: expect.stringMatching(/^vault returned an invalid row: /) } });
    if (job === null) expect(shown).toMatchObject({ job: null });
    else expect(shown).toMatchObject({ job: { vendorId: '81399', ...job } });
  });

  it('do not include rows with an absent optional field, an unknown word, or an ID as text', () => {
    for (const fine of [
      { title: null, created_by: undefined, created_date: null },
      { status: 'PONDERING' },
      { job_id: '7' },
      { modified_by: {} },
    ]) {
      expect(toListRow('vault', row(fine), readDate)).not.toHaveProperty('problem');
    }
  });
});

describe('a task', () => {
  it.each([
    ['RUNNING', 'RUNNING'],
    ['ERRORS_ENCOUNTERED', 'FAILED'],
    [null, 'UNKNOWN'],
  ])('that is %s is %s', (vendorStatus, status) => {
    const times = { queuedAt: new Date(1_000), startedAt: new Date(3_000), finishedAt: null };
    expect(toStep('Batch-1', vendorStatus, times)).toEqual({
      id: 'Batch-1',
      name: 'Batch-1',
      status,
      vendorStatus,
      startedAt: new Date(3_000),
      finishedAt: null,
      durationSeconds: null,
      waitSeconds: 2,
      message: null,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
    });
  });
});

import { describe, expect, it } from 'vitest';
import { toJobFields, toStatus, toStep, toVendorStatuses } from '../../../src/adapters/kylin/map.ts';
import { isJobId, jobListSchema, stepSchema } from '../../../src/adapters/kylin/wire.ts';
import { parseJson } from '../../../src/transport/json.ts';

const row = {
  id: '6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10',
  last_modified: 1767604812345,
  duration: 182411,
  total_duration: 190523,
  exec_start_time: 1767604629900,
  exec_end_time: 0,
  create_time: 1767604621788,
  wait_time: 8112,
  steps: [],
  progress: 0.0,
  step_ratio: 0.41666666,
  job_status: 'RUNNING',
  scheduler_state: 'RUNNING',
  job_name: 'INC_BUILD',
  target_subject: 'sales_daily',
  project: 'retail',
  submitter: 'ADMIN',
  tag: null,
};

const map = (fields: object) => toJobFields({ ...row, ...fields });

describe('A job of the list', () => {
  it('is mapped field by field', () => {
    const { raw, ...job } = map({});
    expect(job).toEqual({
      vendorId: row.id,
      name: 'sales_daily',
      type: 'INC_BUILD',
      status: 'RUNNING',
      vendorStatus: 'RUNNING',
      owner: 'ADMIN',
      createdAt: new Date(1767604621788),
      startedAt: new Date(1767604629900),
      finishedAt: null,
      durationSeconds: 182.411,
      progress: { fraction: 0.41666666, succeededTasks: null, failedTasks: null, remainingTasks: null },
      scope: 'retail',
      waitSeconds: null,
      dataRange: null,
    });
    expect(raw()).toMatchObject({ wait_time: 8112, scheduler_state: 'RUNNING' });
  });

  it.each([
    ['PENDING', 'QUEUED'],
    ['RUNNING', 'RUNNING'],
    ['STOPPED', 'PAUSED'],
    ['ERROR', 'FAILED'],
    ['FINISHED', 'SUCCEEDED'],
    ['DISCARDED', 'CANCELLED'],
    ['SKIP', 'UNKNOWN'],
    ['WARNING', 'UNKNOWN'],
    ['NEW', 'UNKNOWN'],
    ['SUICIDAL', 'UNKNOWN'],
    ['LAUNCHING_ERROR', 'UNKNOWN'],
    ['running', 'UNKNOWN'],
    ['', 'UNKNOWN'],
    [null, 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('with job_status %s is %s', (word, status) => {
    expect(toStatus(word)).toBe(status);
    expect(map({ job_status: word })).toMatchObject({ status, vendorStatus: word ?? null });
  });

  it.each([
    ['FINISHED', true],
    ['DISCARDED', true],
    ['ERROR', true],
    ['STOPPED', false],
    ['PENDING', false],
    ['SKIP', false],
  ])('with job_status %s has finished where an end is given: %s', (job_status, hasFinished) => {
    expect(map({ job_status, exec_end_time: 1767604700000 }).finishedAt).toEqual(hasFinished ? new Date(1767604700000) : null);
    expect(map({ job_status, exec_end_time: 0 }).finishedAt).toBeNull();
  });

  it('may lack everything but its id', () => {
    const { raw, ...job } = toJobFields({ id: 'a' });
    expect(job).toEqual({
      vendorId: 'a',
      name: null,
      type: null,
      status: 'UNKNOWN',
      vendorStatus: null,
      owner: null,
      createdAt: null,
      startedAt: null,
      finishedAt: null,
      durationSeconds: null,
      progress: null,
      scope: null,
      waitSeconds: null,
      dataRange: null,
    });
    expect(raw()).toEqual({ id: 'a', tag: null });
  });

  it('is not spoilt by fields of another type', () => {
    const job = map({
      submitter: 7,
      create_time: 'yesterday',
      step_ratio: null,
      target_segments: { a: 1 },
      project: ['retail'],
      duration: '5',
    });
    expect(job).toMatchObject({ owner: null, createdAt: null, progress: null, scope: null, durationSeconds: null, status: 'RUNNING' });
  });

  it('has no date where the number is none: 0, negative, beyond the year 9999', () => {
    for (const create_time of [0, -1, 253_402_300_800_000, Number.MAX_SAFE_INTEGER]) expect(map({ create_time }).createdAt).toBeNull();
    expect(map({ create_time: 253_402_300_799_999 }).createdAt?.toISOString()).toBe('9999-12-31T23:59:59.999Z');
  });

  it('has progress between 0 and 1', () => {
    expect(map({ step_ratio: 1.5 }).progress?.fraction).toBe(1);
    expect(map({ step_ratio: -0.5 }).progress?.fraction).toBe(0);
    expect(map({ step_ratio: 0 }).progress?.fraction).toBe(0);
  });

  it('shows its tag in raw, but not one that may hold a secret, is long or can not be written', () => {
    const shown = (tag: unknown) => map({ tag }).raw();
    const hidden = { tag: expect.stringContaining('not shown') };
    expect(shown({ ticket: 'DATA-4711' })).toMatchObject({ tag: { ticket: 'DATA-4711' } });
    expect(shown('nightly')).toMatchObject({ tag: 'nightly' });
    expect(shown({ deep: [{ dbPassword: 'hunter2' }] })).toMatchObject(hidden);
    expect(shown('token=abc')).toMatchObject(hidden);
    expect(shown('x'.repeat(3_000))).toMatchObject(hidden);
    const deep = parseJson(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(deep).toBeDefined();
    expect(shown(deep)).toMatchObject(hidden);
  });

  it('shows no field in raw that is not known', () => {
    expect(map({ internal_credentials: 'x' }).raw()).not.toHaveProperty('internal_credentials');
  });

  it('makes the whole list unreadable only where it has no id', () => {
    expect(jobListSchema.safeParse({ value: [row, { ...row, id: null }] }).success).toBe(false);
    expect(jobListSchema.safeParse({ value: [row, { id: 'a' }] }).success).toBe(true);
    expect(jobListSchema.safeParse({ value: null, total_size: 0 }).success).toBe(false);
  });
});

describe('Statuses to ask Kylin for', () => {
  it('are its own words', () => {
    expect(toVendorStatuses(new Set(['QUEUED', 'PAUSED', 'FAILED', 'SUCCEEDED', 'CANCELLED', 'RUNNING']))).toEqual([
      'PENDING',
      'RUNNING',
      'STOPPED',
      'ERROR',
      'FINISHED',
      'DISCARDED',
    ]);
  });

  it('leave out what no job of Kylin is, and can not cover UNKNOWN', () => {
    expect(toVendorStatuses(new Set(['SCHEDULED', 'CANCELLING']))).toEqual([]);
    expect(toVendorStatuses(new Set(['SCHEDULED', 'RUNNING']))).toEqual(['RUNNING']);
    expect(toVendorStatuses(new Set(['UNKNOWN', 'RUNNING']))).toBeNull();
  });
});

describe('A step', () => {
  const step = (fields: object) => toStep(stepSchema.parse({ id: 'job_00', ...fields }));

  it.each([
    ['FINISHED', 'SUCCEEDED'],
    ['SKIP', 'SUCCEEDED'],
    ['WARNING', 'SUCCEEDED'],
    ['ERROR', 'FAILED'],
    ['STOPPED', 'PAUSED'],
    ['DISCARDED', 'CANCELLED'],
    ['PENDING', 'QUEUED'],
    ['NEW', 'UNKNOWN'],
  ])('with step_status %s is %s', (step_status, status) => {
    expect(step({ step_status })).toMatchObject({ status, vendorStatus: step_status, name: 'job_00' });
  });

  it('tells the first line of why it failed, at most 300 characters, and never the stack', () => {
    const failed = { step_status: 'ERROR', failed_stack: 'java.lang.X\n\tat a.b.C' };
    expect(step({ ...failed, failed_msg: 'Out of memory\n\tat org.apache.spark.X' }).message).toBe('Out of memory');
    expect(step({ ...failed, failed_msg: null, failed_reason: 'No space' }).message).toBe('No space');
    expect(step({ ...failed, failed_msg: 'x'.repeat(500) }).message).toHaveLength(300);
    expect(step(failed).message).toBeNull();
  });
});

describe('A job id', () => {
  it.each([
    ['6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10', true],
    ['6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10-9a4c7d52-7f5e-4c40-a6ce-0b1f1d2e3c4b', true],
    ['6C1F0A34-1F0E-4B7A-9A55-7F3D4B6C2F10', false],
    ['6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10 ', false],
    ['6c1f0a34-1f0e-4b7a-9a55-7f3d4b6c2f10\n', false],
    ['6c1f0a34-1f0e-4b7a-9a55', false],
    ['sales_daily', false],
    ['%', false],
    ['', false],
  ])('%j: %s', (text, isId) => {
    expect(isJobId(text)).toBe(isId);
  });
});

import { describe, expect, test } from 'vitest';
import { toDate, toJobFields, toListRow } from '../../../src/vendors/aodocs/adapter/map.ts';
import { jobSchema } from '../../../src/vendors/aodocs/adapter/wire.ts';
import { fieldsOf } from '../fields-of.ts';

const fromWire = (fields: Record<string, unknown>) => {
  const job = jobSchema.parse({ jobId: 'S7hQk2p8TzR0wYcLmVd', ...fields });
  return toJobFields(job, job.jobId);
};

const whole = {
  kind: 'aodocs#job',
  jobId: 'S7hQk2p8TzR0wYcLmVd',
  libraryId: 'Rk31ZqV8dPxUe5NnAa',
  type: 'MOVE_DOCUMENTS_AND_FOLDERS',
  status: 'IN_PROGRESS',
  completed: false,
  requestor: 'dana.ruiz@example.com',
  startedAt: '1781000123456',
  lastActivityAt: '1781000187002',
  remainingTasks: 118,
  succeededTasks: 402,
  failedTasks: 3,
  taskRetries: 5,
};

test('a job with all fields', () => {
  const { raw, ...fields } = fromWire(whole);
  expect(fields).toEqual({
    vendorId: 'S7hQk2p8TzR0wYcLmVd',
    name: null,
    type: 'MOVE_DOCUMENTS_AND_FOLDERS',
    status: 'RUNNING',
    vendorStatus: 'IN_PROGRESS',
    owner: 'dana.ruiz@example.com',
    createdAt: new Date(1781000123456),
    startedAt: new Date(1781000123456),
    finishedAt: null,
    updatedAt: new Date(1781000187002),
    durationSeconds: null,
    progress: { fraction: 405 / 523, succeededTasks: 402, failedTasks: 3, remainingTasks: 118 },
    scope: 'Rk31ZqV8dPxUe5NnAa',
    waitSeconds: null,
    dataRange: null,
  });
  const { kind, ...shown } = whole;
  expect(raw()).toEqual(shown);
});

test('a job with only an ID', () => {
  const { raw, ...fields } = fromWire({});
  expect(fields).toEqual({
    vendorId: 'S7hQk2p8TzR0wYcLmVd',
    name: null,
    type: null,
    status: 'UNKNOWN',
    vendorStatus: null,
    owner: null,
    createdAt: null,
    startedAt: null,
    finishedAt: null,
    updatedAt: null,
    durationSeconds: null,
    progress: null,
    scope: null,
    waitSeconds: null,
    dataRange: null,
  });
});

test('null fields are as absent ones', () => {
  const nulls = Object.fromEntries(Object.keys(whole).map((name) => [name, null]));
  const { raw, ...fields } = fromWire({ ...nulls, jobId: 'S7hQk2p8TzR0wYcLmVd' });
  const { raw: rawOfNothing, ...nothing } = fromWire({});
  expect(fields).toEqual(nothing);
});

test.each([
  ['IN_PROGRESS', 'RUNNING', false],
  ['COMPLETED', 'SUCCEEDED', true],
  ['FAILED', 'FAILED', true],
  ['CANCELLED', 'CANCELLED', true],
  ['PAUSED_BY_ADMIN', 'UNKNOWN', false],
  ['completed', 'UNKNOWN', false],
  ['', 'UNKNOWN', false],
])('status %s is %s; it has ended: %s', (word, status, ended) => {
  const job = fromWire({ ...whole, status: word });
  expect(job.status).toBe(status);
  expect(job.vendorStatus).toBe(word);
  expect(job.finishedAt).toEqual(ended ? new Date(1781000187002) : null);
});

describe('progress', () => {
  test.each([
    ['IN_PROGRESS', { succeededTasks: 30, failedTasks: 10, remainingTasks: 60 }, 0.4],
    ['IN_PROGRESS', { succeededTasks: 0, failedTasks: 0, remainingTasks: 7 }, 0],
    ['IN_PROGRESS', { succeededTasks: 0, failedTasks: 0, remainingTasks: 0 }, null],
    ['IN_PROGRESS', { succeededTasks: 30, failedTasks: 10 }, null],
    ['IN_PROGRESS', { succeededTasks: 30, remainingTasks: 60 }, null],
    ['IN_PROGRESS', { failedTasks: 10, remainingTasks: 60 }, null],
    ['CANCELLED', { succeededTasks: 75, failedTasks: 0, remainingTasks: 25 }, 0.75],
    ['FAILED', { succeededTasks: 3, failedTasks: 1, remainingTasks: 0 }, 1],
    ['COMPLETED', { succeededTasks: 386, failedTasks: 14, remainingTasks: 0 }, 1],
    ['COMPLETED', { succeededTasks: 0, failedTasks: 0, remainingTasks: 0 }, 1],
    ['COMPLETED', {}, 1],
  ])('%s with %o is %s', (status, counters, fraction) => {
    expect(fromWire({ status, ...counters }).progress).toEqual({
      fraction,
      succeededTasks: null,
      failedTasks: null,
      remainingTasks: null,
      ...counters,
    });
  });

  test('a job in progress without any counter has none', () => {
    expect(fromWire({ status: 'IN_PROGRESS' }).progress).toBeNull();
  });

  test('counters that are no such numbers count as absent', () => {
    for (const counter of ['12', -1, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER, {}, true]) {
      const { progress } = fromWire({ ...whole, failedTasks: counter });
      expect(progress).toEqual({ fraction: null, succeededTasks: 402, failedTasks: null, remainingTasks: 118 });
    }
  });
});

test.each([
  ['1781000123456', '2026-06-09T10:15:23.456Z'],
  [1781000123456, '2026-06-09T10:15:23.456Z'],
  ['999999999999', '2001-09-09T01:46:39.999Z'],
  ['253402300799999', '9999-12-31T23:59:59.999Z'],
  ['253402300800000', null],
  ['9223372036854775807', null],
  ['0', null],
  ['-1', null],
  ['', null],
  ['soon', null],
  ['2026-06-09', null],
  [1781000123456.5, null],
  [null, null],
  [undefined, null],
])('the time %s is %s', (value, iso) => {
  expect(toDate(value)?.toISOString() ?? null).toBe(iso);
});

test('a time of another type spoils nothing else', () => {
  const job = fromWire({ ...whole, startedAt: { seconds: 5 }, lastActivityAt: [] });
  expect(job.createdAt).toBeNull();
  expect(job.type).toBe('MOVE_DOCUMENTS_AND_FOLDERS');
});

test('raw has only the documented fields', () => {
  const raw = fromWire({ ...whole, securityCode: '5f0c', nested: { token: 'ya29' } }).raw();
  expect(JSON.stringify(raw)).not.toMatch(/5f0c|ya29/);
});

describe('a row of a list', () => {
  const place = { systemId: 'aodocs', libraryId: 'Rk31ZqV8dPxUe5NnAa', index: 2 };

  test.each([
    ['status', null, 'null', 'text', { status: 'UNKNOWN', vendorStatus: null }],
    ['status', undefined, 'missing', 'text', { status: 'UNKNOWN', vendorStatus: null }],
    ['status', 1, '1', 'text', { status: 'UNKNOWN', vendorStatus: null }],
    ['requestor', {}, '{}', 'text', { owner: null, status: 'RUNNING' }],
    ['type', 7, '7', 'text', { type: null }],
    ['libraryId', ['a'], '["a"]', 'text', { scope: 'Rk31ZqV8dPxUe5NnAa' }],
    ['startedAt', 'soon', '"soon"', 'a number or its digits', { createdAt: null }],
    ['startedAt', true, 'true', 'a number or its digits', { createdAt: null, startedAt: null }],
  ])('whose %s is %j is shown without it, and reports it', (field, value, shown, expected, job) => {
    const message = `aodocs returned an invalid row: ${field} of job S7hQk2p8TzR0wYcLmVd is ${shown}, expected ${expected}.`;
    const row = fieldsOf(toListRow({ ...whole, [field]: value }, place));
    expect(row).toMatchObject({ job: { vendorId: whole.jobId, ...job }, problem: { code: 'INVALID_VENDOR_RESPONSE', message } });
    if ('problem' in row) expect(JSON.stringify(row.job?.raw())).toContain(whole.jobId);
  });

  test.each([[null], [undefined], [''], [{}], [7.5], [true]])('whose ID is %j is left out and reported', (jobId) => {
    const is = jobId === undefined ? 'missing' : JSON.stringify(jobId);
    const message = `aodocs returned an invalid row: jobId of row 3 is ${is}, expected an ID. The row is omitted.`;
    expect(toListRow({ ...whole, jobId }, place)).toEqual({
      job: null,
      problem: expect.objectContaining({ code: 'INVALID_VENDOR_RESPONSE', message }),
    });
  });

  test.each([[null], [7], ['text'], [[]]])('that is %j is left out', (row) => {
    expect(toListRow(row, place)).toMatchObject({ job: null, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
  });

  test('whose id is a number has its digits as id', () => {
    const row = fieldsOf(toListRow({ ...whole, jobId: 42 }, place));
    expect(row).toMatchObject({ vendorId: '42', status: 'RUNNING' });
    if ('raw' in row) expect(row.raw()).toMatchObject({ jobId: '42' });
  });

  test('without its library belongs to the library of the list', () => {
    const { libraryId, ...domainJob } = whole;
    expect(fieldsOf(toListRow(domainJob, place))).toMatchObject({ vendorId: whole.jobId, scope: libraryId });
    expect(fieldsOf(toListRow({ ...whole, libraryId: 'other' }, place))).toMatchObject({ scope: 'other' });
  });

  test('with absent or null optional fields is not odd', () => {
    const row = toListRow({ jobId: 'x', status: 'COMPLETED', type: null, requestor: null }, place);
    expect(fieldsOf(row)).toMatchObject({ vendorId: 'x', type: null });
  });
});

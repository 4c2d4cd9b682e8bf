import { describe, expect, it } from 'vitest';
import { type JobRow, toJobFields, toListRows, toProgress, toStatus, withoutLiterals } from '../../../src/vendors/kinetica/adapter/map.ts';
import { showJobsSchema } from '../../../src/vendors/kinetica/adapter/wire.ts';
import { fieldsOf } from '../fields-of.ts';

const row: JobRow = {
  job_id: '971413',
  status: 'RUNNING',
  endpoint_name: '/execute/sql',
  time_received: 1_781_000_123_456,
  auth_id: 'etl_user',
  source_ip: '10.20.0.14',
  query_text: "SELECT COUNT(*) FROM fleet.track WHERE plate = 'B-XY 12'",
  user_data: 'nightly-rollup',
  flags: '',
};

describe('the status', () => {
  it.each([
    ['RUNNING', 'RUNNING'],
    ['EXECUTING', 'RUNNING'],
    ['STARTED', 'RUNNING'],
    ['IN PROGRESS', 'RUNNING'],
    ['PENDING', 'QUEUED'],
    ['QUEUED', 'QUEUED'],
    ['WAITING', 'QUEUED'],
    ['BLOCKED', 'QUEUED'],
    ['PAUSED', 'PAUSED'],
    ['DONE', 'SUCCEEDED'],
    ['COMPLETE', 'SUCCEEDED'],
    ['COMPLETED', 'SUCCEEDED'],
    ['FINISHED', 'SUCCEEDED'],
    ['ERROR', 'FAILED'],
    ['FAILED', 'FAILED'],
    ['CANCELLING', 'CANCELLING'],
    ['CANCELLED', 'CANCELLED'],
    ['CANCELED', 'CANCELLED'],
    ['KILLED', 'CANCELLED'],
    [' running ', 'RUNNING'],
    ['Rolling Back', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    ['', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('%j is %s', (word, status) => {
    expect(toStatus(word)).toBe(status);
  });

  it('keeps the word as the vendor wrote it', () => {
    expect(toJobFields({ ...row, status: ' Rolling Back ' })).toMatchObject({ status: 'UNKNOWN', vendorStatus: ' Rolling Back ' });
  });
});

describe('a job', () => {
  it('has the facts of its row, and null for facts that Kinetica does not return', () => {
    expect(toJobFields(row)).toEqual({
      vendorId: '971413',
      name: 'nightly-rollup',
      type: '/execute/sql',
      status: 'RUNNING',
      vendorStatus: 'RUNNING',
      owner: 'etl_user',
      createdAt: new Date(1_781_000_123_456),
      startedAt: null,
      finishedAt: null,
      durationSeconds: null,
      progress: undefined,
      scope: null,
      waitSeconds: null,
      dataRange: null,
      raw: expect.any(Function),
    });
  });

  it('has no name, type or owner where the vendor sends empty texts', () => {
    expect(toJobFields({ ...row, user_data: '', endpoint_name: '', auth_id: '' })).toMatchObject({ name: null, type: null, owner: null });
  });

  it.each([
    [1, '1970-01-01T00:00:00.001Z'],
    [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  ])('was created at %d ms', (ms, date) => {
    expect(toJobFields({ ...row, time_received: ms }).createdAt?.toISOString()).toBe(date);
  });

  it.each([null, 0, -1, 253_402_300_800_000, 1e300, Number.NaN])('has no creation date for %s', (ms) => {
    expect(toJobFields({ ...row, time_received: ms }).createdAt).toBeNull();
  });

  it('shows its own fields as raw, with the literals of the SQL left out', () => {
    expect(toJobFields(row).raw()).toEqual({ ...row, query_text: 'SELECT COUNT(*) FROM fleet.track WHERE plate = ?' });
    expect(toJobFields({ ...row, query_text: null }).raw()).toEqual({ ...row, query_text: null });
  });
});

describe('the SQL shown', () => {
  it.each([
    ["SELECT a FROM t WHERE b = 'it''s' AND c = 12.5", 'SELECT a FROM t WHERE b = ?? AND c = ?'],
    ["CREATE USER u IDENTIFIED BY 'canary'", 'CREATE USER u IDENTIFIED BY ?'],
    ["CREATE USER u IDENTIFIED BY 'canary, cut off by the ser", 'CREATE USER u IDENTIFIED BY ?'],
    ["-- don't\nCREATE USER u IDENTIFIED BY 'canary'", '\nCREATE USER u IDENTIFIED BY ?'],
    ["/* don't */ CREATE USER u IDENTIFIED BY 'canary'", ' CREATE USER u IDENTIFIED BY ?'],
    ['CREATE USER u /* canary', 'CREATE USER u '],
    ['SELECT "plate no" FROM "fleet"."track_2"', 'SELECT "plate no" FROM "fleet"."track_2"'],
    [`SELECT "it's" FROM t WHERE b = 'canary'`, 'SELECT ? FROM t WHERE b = ?'],
    [`SELECT 5" WHERE b = 'canary'`, 'SELECT ??'],
    ["SELECT 'it\\'s canary'", "(not shown: its literals can't be identified)"],
    ['SELECT $tag$canary$tag$', "(not shown: its literals can't be identified)"],
    ['', ''],
  ])('of %j is %j', (sql, shown) => {
    expect(withoutLiterals(sql)).toBe(shown);
  });

  it('is cut at 10,000 characters, a literal at the cut included', () => {
    const shown = withoutLiterals(`SELECT ${'a, '.repeat(3330)}'${'canary'.repeat(1_000_000)}'`);
    expect(shown.endsWith('?…')).toBe(true);
    expect(shown).not.toContain('canary');
  });
});

describe('a list', () => {
  const list = showJobsSchema.parse({
    job_id: [1, '9007199254740993', 3],
    status: ['RUNNING', 'DONE', 'RUNNING', 'one too many'],
    endpoint_name: ['/execute/sql', null, '/admin/show/jobs'],
    time_received: [1_781_000_123_456, '99999999999999999999', 1],
    auth_id: ['a'],
    user_data: null,
  });

  it('gives a job per id, null where a column is absent or short, and none for the listing itself', () => {
    const jobs = toListRows('kin', list, null).map(fieldsOf);
    expect(jobs).toMatchObject([
      { vendorId: '1', type: '/execute/sql', owner: 'a', name: null, createdAt: new Date(1_781_000_123_456) },
      { vendorId: '9007199254740993', type: null, owner: null, name: null, createdAt: null },
    ]);
  });

  it('gives rows that keep nothing of the list but their own', () => {
    const columns = { status: ['RUNNING'], endpoint_name: ['/a'], user_data: ['nightly'] };
    const [row] = toListRows('kin', { job_id: [7], ...columns }, null);
    for (const column of Object.values(columns)) column.length = 0;
    expect(row && fieldsOf(row)).toMatchObject({ status: 'RUNNING', type: '/a', name: 'nightly' });
  });

  it('gives only the jobs wanted', () => {
    expect(toListRows('kin', list, new Set(['9007199254740993', '5']))).toMatchObject([{ vendorId: '9007199254740993' }]);
  });

  it.each([[1.5], [2 ** 53], ['007'], ['-05'], ['-0'], ['9223372036854775808'], ['-9223372036854775809'], [null], [true]])(
    'leaves out the row whose ID is %j, and reports it',
    (id) => {
      const rows = toListRows('kin', showJobsSchema.parse({ job_id: [7, id], status: ['RUNNING', 'RUNNING'] }), null);
      const message = `kin returned an invalid row: job_id of row 2 is ${JSON.stringify(id)}, expected an ID. The row is omitted.`;
      expect(rows).toMatchObject([{ vendorId: '7' }, { job: null, problem: { code: 'INVALID_VENDOR_RESPONSE', message } }]);
    },
  );

  it.each([
    ['status', null, 'null', 'text', { status: 'UNKNOWN', vendorStatus: null, type: '/a' }],
    ['status', 7, '7', 'text', { status: 'UNKNOWN', vendorStatus: null }],
    ['endpoint_name', 7, '7', 'text', { type: null, status: 'RUNNING' }],
    ['auth_id', { name: 'x'.repeat(99) }, `{"name":"${'x'.repeat(50)}…`, 'text', { owner: null }],
    ['user_data', ['a'], '["a"]', 'text', { name: null }],
    ['time_received', 'soon', '"soon"', 'a number or its digits', { createdAt: null }],
  ])('shows a row whose %s is odd without it, and reports it', (field, value, shown, expected, job) => {
    const columns = {
      job_id: [7],
      status: ['RUNNING'],
      endpoint_name: ['/a'],
      auth_id: ['b'],
      user_data: ['c'],
      time_received: [1_781_000_123_456],
    };
    const [row] = toListRows('kin', showJobsSchema.parse({ ...columns, [field]: [value] }), null);
    const message = `kin returned an invalid row: ${field} of job 7 is ${shown}, expected ${expected}.`;
    expect(row && fieldsOf(row)).toMatchObject({ job: { vendorId: '7', ...job }, problem: { code: 'INVALID_VENDOR_RESPONSE', message } });
  });

  it('treats absent and null fields alike', () => {
    const rows = toListRows('kin', showJobsSchema.parse({ job_id: [7], status: ['RUNNING'], endpoint_name: [null], auth_id: [] }), null);
    expect(rows.map(fieldsOf)).toMatchObject([{ vendorId: '7', type: null, owner: null }]);
  });

  it('rejects a response with fewer statuses than jobs', () => {
    expect(showJobsSchema.safeParse({ job_id: [7, 8], status: ['RUNNING'] }).success).toBe(false);
  });
});

describe('the progress', () => {
  it.each([
    [{ job_status: 'RUNNING', progress: 37 }, 0.37],
    [{ job_status: 'CANCELLED', progress: 40 }, 0.4],
    [{ job_status: 'RUNNING', progress: 140 }, 1],
    [{ job_status: 'RUNNING', progress: -1 }, 0],
    [{ job_status: 'DONE', progress: 0 }, 1],
    [{ job_status: 'DONE' }, 1],
  ])('of %j is %d', (answer, fraction) => {
    expect(toProgress(answer)).toEqual({ fraction, succeededTasks: null, failedTasks: null, remainingTasks: null });
  });

  it('is null without a measure', () => {
    expect(toProgress({ job_status: 'RUNNING', progress: null })).toBeNull();
    expect(toProgress({})).toBeNull();
  });

  it('is whole for a job that is done, with no request, and open for the others', () => {
    expect(toJobFields({ ...row, status: 'DONE' }).progress?.fraction).toBe(1);
    for (const status of ['RUNNING', 'WAITING', 'ERROR', 'CANCELLED', '?'])
      expect(toJobFields({ ...row, status }).progress).toBeUndefined();
  });
});

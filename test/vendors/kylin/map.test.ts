import { describe, expect, it } from 'vitest';
import { checkVendorId } from '../../../src/vendors/kylin/adapter/job-id.ts';
import { toJobFields, toListRow, toStatus, toVendorStatuses } from '../../../src/vendors/kylin/adapter/map.ts';
import { toSteps } from '../../../src/vendors/kylin/adapter/steps.ts';
import { jobListSchema } from '../../../src/vendors/kylin/adapter/wire.ts';
import { fieldsOf } from '../fields-of.ts';

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

const map = (fields: object) => toJobFields({ ...row, ...fields }, row.id);

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
      updatedAt: new Date(1767604812345),
      durationSeconds: 182.411,
      progress: { fraction: 0.41666666, succeededTasks: null, failedTasks: null, remainingTasks: null },
      scope: 'retail',
      waitSeconds: 8.112,
      tags: null,
      dataRange: expect.any(Function),
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
    const { raw, ...job } = toJobFields({ id: 'a' }, 'a');
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
      updatedAt: null,
      durationSeconds: null,
      progress: null,
      scope: null,
      waitSeconds: null,
      tags: null,
      dataRange: expect.any(Function),
    });
    expect(job.dataRange?.()).toBeNull();
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

  it('shows its tag in raw, unless it may contain a secret, is long, or is nested too deeply', () => {
    const shown = (tag: unknown) => map({ tag }).raw();
    const hidden = { tag: expect.stringContaining('not shown') };
    expect(shown({ ticket: 'DATA-4711' })).toMatchObject({ tag: { ticket: 'DATA-4711' } });
    expect(shown('nightly')).toMatchObject({ tag: 'nightly' });
    expect(shown({ deep: [{ dbPassword: 'hunter2' }] })).toMatchObject(hidden);
    expect(shown('token=abc')).toMatchObject(hidden);
    expect(shown('x'.repeat(3_000))).toMatchObject(hidden);
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(deep).toBeDefined();
    expect(shown(deep)).toMatchObject(hidden);
  });

  it('shows only documented fields in raw', () => {
    expect(map({ internal_credentials: 'x' }).raw()).not.toHaveProperty('internal_credentials');
  });

  it('has its data range, in which 0 and the largest 64-bit integer are open', () => {
    const from = Date.UTC(2025, 0, 1);
    const to = Date.UTC(2025, 1, 1);
    const range = (data_range_start: unknown, data_range_end: unknown) => map({ data_range_start, data_range_end }).dataRange?.();
    expect(range(from, to)).toEqual({ from: new Date(from), to: new Date(to) });
    expect(range(String(from), String(to))).toEqual({ from: new Date(from), to: new Date(to) });
    expect(range(0, '9223372036854775807')).toEqual({ from: null, to: null });
    expect(range('0', 2 ** 63)).toEqual({ from: null, to: null });
    expect(range(-86_400_000, to)).toEqual({ from: new Date(-86_400_000), to: new Date(to) });
    expect(range(-(2 ** 60), to)).toEqual({ from: null, to: new Date(to) });
    for (const odd of [null, undefined, 'today', '', {}, '1e9', Number.NaN]) expect(range(from, odd), String(odd)).toBeNull();
  });

  it('makes the whole list unreadable only if it is no list', () => {
    expect(jobListSchema.safeParse({ value: [row, { ...row, id: null }, 7, null] }).success).toBe(true);
    expect(jobListSchema.safeParse({ value: null, total_size: 0 }).success).toBe(false);
  });
});

describe('An odd row of a list', () => {
  const rowOf = (fields: object) => fieldsOf(toListRow({ ...row, ...fields }, { systemId: 'kyl', project: null, index: 3 }));
  const odd = (words: string, job: unknown) => ({
    problem: expect.objectContaining({ code: 'INVALID_VENDOR_RESPONSE', message: `kyl returned an invalid row: ${words}.` }),
    job,
  });

  it.each([
    ['status', 'job_status', null, 'null, expected text', { status: 'UNKNOWN', vendorStatus: null }],
    ['status', 'job_status', undefined, 'missing, expected text', { status: 'UNKNOWN', vendorStatus: null }],
    ['type', 'job_name', 7, '7, expected text', { type: null }],
    ['owner', 'submitter', {}, '{}, expected text', { owner: null }],
    ['name', 'target_subject', ['a'], '["a"], expected text', { name: null }],
    ['creation time', 'create_time', 'x'.repeat(5_000), `"${'x'.repeat(58)}…, expected a number`, { createdAt: null }],
  ])('with an unusable %s (%s) is a job without it, and a problem', (_name, field, value, words, known) => {
    const job = expect.objectContaining({ vendorId: row.id, scope: 'retail', ...known });
    expect(rowOf({ [field]: value })).toEqual(odd(`${field} of job ${row.id} is ${words}`, job));
  });

  it.each([
    ['null', null, 'null'],
    ['missing', undefined, 'missing'],
    ['a list', [1], '[1]'],
    ['empty', '', '""'],
    ['no safe integer', 2 ** 60, String(2 ** 60)],
  ])('whose id is %s is no job', (_name, id, quoted) => {
    expect(rowOf({ id })).toEqual(odd(`id of row 4 is ${quoted}, expected an ID. The row is omitted`, null));
  });

  it.each([[null], [7], [['a']], ['row']])('that is %j is no job', (value) => {
    expect(toListRow(value, { systemId: 'kyl', project: null, index: 0 })).toEqual(
      odd('id of row 1 is missing, expected an ID. The row is omitted', null),
    );
  });

  it('is described even if it is nested too deep to be written', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(rowOf({ submitter: deep })).toEqual(odd(`submitter of job ${row.id} is a list, expected text`, expect.anything()));
    expect(rowOf({ id: { deep } })).toMatchObject({ job: null });
  });

  it('is none with a number for an id, unknown words, or null in what may be left out', () => {
    expect(rowOf({ id: 4711 })).toMatchObject({ vendorId: '4711', status: 'RUNNING' });
    expect(rowOf({ job_status: 'LIMBO' })).toMatchObject({ status: 'UNKNOWN', vendorStatus: 'LIMBO' });
    expect(rowOf({ job_name: null, submitter: null, target_subject: null, create_time: null, duration: [], project: 7 })).toMatchObject({
      vendorId: row.id,
      type: null,
    });
  });
});

describe('Statuses in a filter', () => {
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
  const step = (fields: object) => toSteps([{ id: 'job_00', ...fields }])[0];

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

  it('has the first line of its failure, at most 300 characters, and never the stack', () => {
    const failed = { step_status: 'ERROR', failed_stack: 'java.lang.X\n\tat a.b.C' };
    expect(step({ ...failed, failed_msg: 'Out of memory\n\tat org.apache.spark.X' })?.message).toBe('Out of memory');
    expect(step({ ...failed, failed_msg: null, failed_reason: 'No space' })?.message).toBe('No space');
    expect(step({ ...failed, failed_msg: 'x'.repeat(500) })?.message).toHaveLength(300);
    expect(step(failed)?.message).toBeNull();
  });

  it('has the code of the failure and the advice of Kylin', () => {
    const failed = { step_status: 'ERROR', failed_msg: 'Out of memory', failed_resolve: 'Raise spark.executor.memory.\nThen resume.' };
    expect(step({ ...failed, failed_code: 'KE-030001004(Out of Memory):' })).toMatchObject({
      failureCode: 'KE-030001004',
      advice: 'Raise spark.executor.memory.',
    });
    expect(step({ ...failed, failed_code: ' OOM ' })?.failureCode).toBe('OOM');
    expect(step({ ...failed, failed_code: '', failed_resolve: 7 })).toMatchObject({ failureCode: null, advice: null });
  });

  it('has its running and waiting time, but no running time before it starts', () => {
    const times = { duration: 1_500, wait_time: 250 };
    expect(step({ ...times, exec_start_time: 1_767_604_629_900 })).toMatchObject({ durationSeconds: 1.5, waitSeconds: 0.25 });
    expect(step({ ...times, exec_start_time: 0 })).toMatchObject({ durationSeconds: null, waitSeconds: 0.25 });
    expect(step({ duration: '7', wait_time: null })).toMatchObject({ durationSeconds: null, waitSeconds: null });
  });

  it('has its stages as substeps, one level deep, and explains at the stage what failed there', () => {
    const stages = [
      { id: 'job_00_00', step_status: 'FINISHED', sub_stages: [{ id: 'job_00_00_00' }] },
      { id: 'job_00_01', name: 'Build', step_status: 'ERROR' },
      { name: 'without an id' },
      'odd',
    ];
    const failed = { failed_msg: 'Out of memory', failed_code: 'KE-030001004', failed_step_id: 'job_00_01' };
    expect(step({ ...failed, sub_stages: stages })).toMatchObject({
      message: 'Out of memory',
      substeps: [
        { id: 'job_00_00', status: 'SUCCEEDED', message: null, substeps: [] },
        { id: 'job_00_01', name: 'Build', status: 'FAILED', message: 'Out of memory', failureCode: 'KE-030001004', substeps: [] },
      ],
    });
    expect(step({ sub_stages: 'none' })?.substeps).toEqual([]);
    let deep: object = { id: 'x' };
    for (let level = 0; level < 100_000; level += 1) deep = { id: 'x', sub_stages: [deep] };
    expect(step({ sub_stages: [deep] })?.substeps).toHaveLength(1);
  });

  it('links to the web pages among its information', () => {
    const links = (info: unknown) => step({ info })?.links;
    expect(
      links({
        node_info: 'node1:7070',
        yarn_application_tracking_url: 'http://yarn.example:8088/proxy/application_1/',
        spark_history_application_tracking_url: 'https://history.example/1',
        grafana: 'HTTPS://grafana.example/d/1',
        script: 'javascript:alert("http://a.example/")',
        count: 7,
      }),
    ).toEqual([
      { title: 'YARN application', url: 'http://yarn.example:8088/proxy/application_1/' },
      { title: 'Spark history', url: 'https://history.example/1' },
      { title: 'grafana', url: 'HTTPS://grafana.example/d/1' },
    ]);
    for (const odd of [null, undefined, 'https://a.example/', []]) expect(links(odd)).toEqual([]);
  });

  it('that is unreadable does not affect other rows', () => {
    const steps = toSteps([{ id: 'a' }, null, {}, { id: null }, { id: '' }, 'b', { id: 7, name: {}, step_status: 9 }]);
    expect(steps.map(({ id, name, status }) => [id, name, status])).toEqual([
      ['a', 'a', 'UNKNOWN'],
      ['7', '7', 'UNKNOWN'],
    ]);
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
    expect(checkVendorId(text) === null).toBe(isId);
  });
});

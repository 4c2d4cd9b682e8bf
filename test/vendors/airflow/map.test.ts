import { describe, expect, it } from 'vitest';
import { isOddRow } from '../../../src/jobs/adapter.ts';
import {
  addCancellation,
  hasRoomForCancellation,
  isCanceledThroughJobyard,
} from '../../../src/vendors/airflow/adapter/cancellation-note.ts';
import { checkVendorId, parseVendorId } from '../../../src/vendors/airflow/adapter/job-id.ts';
import { toJobFields, toListRow, toVendorStates } from '../../../src/vendors/airflow/adapter/map.ts';
import { toStep } from '../../../src/vendors/airflow/adapter/steps.ts';
import { taskSchema } from '../../../src/vendors/airflow/adapter/wire.ts';
import { fieldsOf } from '../fields-of.ts';

const webUrl = 'https://airflow.example/team/';
const vendorId = 'etl/manual__2026-11-30T00:06:20+00:00';

/** As Airflow 3.3.2 sent it. */
const run = {
  dag_run_id: 'manual__2026-11-30T00:06:20+00:00',
  dag_id: 'etl',
  logical_date: null,
  queued_at: '2026-11-30T00:06:21.806439Z',
  start_date: '2026-11-30T00:06:22.218583Z',
  end_date: '2026-11-30T00:06:40.439983Z',
  duration: 18.2214,
  data_interval_start: null,
  data_interval_end: null,
  run_after: '2026-11-30T00:06:20.863444Z',
  last_scheduling_decision: '2026-11-30T00:06:39.433317Z',
  run_type: 'manual',
  state: 'failed',
  triggered_by: 'rest_api',
  triggering_user_name: 'op',
  conf: { seconds: 600 },
  note: null,
  dag_versions: [{ version_number: 1 }],
  bundle_version: null,
  dag_display_name: 'Sleeps a while',
  partition_key: null,
};
const line = 'Canceled through Jobyard (run queued 2026-11-30T00:06:21.806439Z)';

const map = (fields: object) => toJobFields({ ...run, ...fields }, vendorId, webUrl);

describe('A run', () => {
  it('is mapped field by field', () => {
    const { raw, dataRange, links, ...job } = map({});
    expect(job).toEqual({
      vendorId,
      name: 'Sleeps a while',
      type: 'manual',
      status: 'FAILED',
      vendorStatus: 'failed',
      owner: 'op',
      createdAt: new Date('2026-11-30T00:06:20.863Z'),
      startedAt: new Date('2026-11-30T00:06:22.218Z'),
      finishedAt: new Date('2026-11-30T00:06:40.439Z'),
      scheduledFor: new Date('2026-11-30T00:06:20.863Z'),
      durationSeconds: 18.2214,
      progress: undefined,
      scope: 'etl',
      waitSeconds: 0.412,
      tags: null,
      leftOut: ['tags'],
    });
    expect(dataRange?.()).toBeNull();
    const url = 'https://airflow.example/team/dags/etl/runs/manual__2026-11-30T00%3A06%3A20%2B00%3A00';
    expect(links?.()).toEqual([{ title: 'Airflow', url }]);
    expect(raw()).toMatchObject({
      queued_at: '2026-11-30T00:06:21.806439Z',
      conf: { seconds: 600 },
      url,
    });
  });

  it.each([
    ['queued', null, 'QUEUED'],
    ['running', null, 'RUNNING'],
    ['success', null, 'SUCCEEDED'],
    ['failed', null, 'FAILED'],
    ['retired', null, 'UNKNOWN'],
    ['queued', line, 'CANCELLING'],
    ['running', line, 'CANCELLING'],
    ['success', line, 'SUCCEEDED'],
    ['failed', line, 'CANCELLED'],
    ['failed', `see DATA-4711\n${line} by key:ops: wrong table\nagreed`, 'CANCELLED'],
    // Of an execution before a restart.
    ['failed', line.replace('21.806439', '01.000000'), 'FAILED'],
    ['failed', `not ${line}`, 'FAILED'],
  ])('with the state %s and the note %j is %s', (state, note, status) => {
    expect(map({ state, note })).toMatchObject({ status, vendorStatus: state });
  });

  it('has no end while it is queued or runs again, and no duration before its start', () => {
    expect(map({ state: 'running' }).finishedAt).toBeNull();
    expect(map({ state: 'queued', start_date: null, duration: 3 })).toMatchObject({
      startedAt: null,
      durationSeconds: null,
      waitSeconds: null,
    });
  });

  it('of Airflow 3.0 has no owner, duration, and display name', () => {
    const { triggering_user_name, duration, dag_display_name, ...older } = run;
    expect(toJobFields(older, vendorId, webUrl)).toMatchObject({ name: 'etl', owner: null, durationSeconds: null });
  });

  it('hides a conf that may contain a secret', () => {
    expect(map({ conf: { db_password: 'hunter2' } }).raw()).toMatchObject({ conf: expect.stringMatching(/not shown/) });
  });

  it('has its data interval as data range', () => {
    const times = { data_interval_start: '2026-01-01T00:00:00Z', data_interval_end: '2026-01-02T00:00:00Z' };
    expect(map(times).dataRange?.()).toEqual({ from: new Date('2026-01-01'), to: new Date('2026-01-02') });
    expect(map({ data_interval_start: '2026-01-02T00:00:00Z', data_interval_end: '2026-01-01T00:00:00Z' }).dataRange?.()).toBeNull();
  });
});

describe('A row of a list', () => {
  const list = (row: unknown) => toListRow(row, { systemId: 'flow', webUrl, index: 4 });

  it('is a job with the time that lists are sorted by', () => {
    const row = list(run);
    expect(row).toMatchObject({ vendorId, createdAtMs: Date.parse('2026-11-30T00:06:20.863Z') });
    expect(fieldsOf(row)).toMatchObject({ vendorId, status: 'FAILED' });
  });

  it.each([null, 7, {}, { ...run, dag_run_id: null }, { ...run, dag_id: '~' }, { ...run, dag_run_id: 'a/b' }, { ...run, dag_id: 'a/b' }])(
    'without a usable ID is none: %j',
    (row) => {
      expect(list(row)).toMatchObject({ job: null, problem: { message: expect.stringContaining('dag_run_id of row 5 is') } });
    },
  );

  it.each([
    { state: 7 },
    { state: null },
    { run_after: null },
    { run_after: 'soon' },
    { run_type: {} },
    { dag_display_name: 1 },
    { triggering_user_name: [] },
  ])('with an invalid field keeps the rest: %j', (fields) => {
    const row = list({ ...run, ...fields });
    expect(isOddRow(row) && row.job?.vendorId).toBe(vendorId);
    expect(row).toMatchObject({ problem: { message: expect.stringContaining(`${Object.keys(fields)[0]} of job ${vendorId} is`) } });
  });
});

describe('Statuses in a filter', () => {
  it.each([
    [['QUEUED'], ['queued'], false],
    [['QUEUED', 'RUNNING', 'CANCELLING'], ['queued', 'running'], true],
    [['SUCCEEDED'], ['success'], true],
    [['FAILED'], ['failed'], false],
    [['FAILED', 'CANCELLED'], ['failed'], true],
    [['PAUSED', 'SCHEDULED'], [], true],
  ] as const)('%j are %j, exactly: %j', (statuses, words, exact) => {
    expect(toVendorStates(new Set(statuses))).toEqual({ words, exact });
  });

  it('has no words for unknown states', () => {
    expect(toVendorStates(new Set(['UNKNOWN', 'FAILED']))).toBeNull();
  });
});

describe('An ID', () => {
  it('is the DAG and the run, split at the first slash', () => {
    expect(parseVendorId(vendorId)).toEqual({ dagId: 'etl', runId: 'manual__2026-11-30T00:06:20+00:00' });
    expect(checkVendorId(vendorId)).toBeNull();
  });

  it.each(['', 'etl', '/x', 'etl/', '~/x', 'etl/~', './x', '../x', 'etl/..', 'etl/a/b', 'etl/a\nb', 'etl/\ud800'])('is not %j', (text) => {
    expect(checkVendorId(text)).toContain('DAG_ID/RUN_ID');
  });
});

describe('The line in a note', () => {
  const queuedAt = run.queued_at;
  const by = { caller: 'key:ops', reason: 'wrong table' };

  it('names who canceled the run, and why, below what was there', () => {
    expect(addCancellation({ note: null, queuedAt }, by)).toBe(`${line} by key:ops: wrong table`);
    expect(addCancellation({ note: 'one\ntwo', queuedAt }, { caller: null, reason: null })).toBe(`one\ntwo\n${line}`);
  });

  it('is one line, whatever the reason is', () => {
    const note = addCancellation({ note: null, queuedAt }, { caller: 'key:ops', reason: 'a\nb\r\n\tc' });
    expect(note).toBe(`${line} by key:ops: a b c`);
  });

  it('loses the end of its reason, its reason, and its caller if the note is nearly full, and is left out if it is full', () => {
    const lengths: (number | null)[] = [];
    for (const taken of [700, 900, 915, 925, 930, 935, 960]) {
      const before = 'x'.repeat(taken);
      const note = addCancellation({ note: before, queuedAt }, { caller: 'key:ops', reason: 'y'.repeat(300) });
      if (note !== null) {
        expect(note.startsWith(`${before}\n${line}`)).toBe(true);
        expect(isCanceledThroughJobyard({ note, queuedAt })).toBe(true);
        expect(note.length).toBeLessThanOrEqual(1_000);
      }
      lengths.push(note === null ? null : note.length - taken);
    }
    expect(lengths[0]).toBe(300);
    expect(lengths.at(-1)).toBeNull();
    expect(hasRoomForCancellation({ note: 'x'.repeat(960), queuedAt })).toBe(false);
    expect(hasRoomForCancellation({ note: 'x'.repeat(900), queuedAt })).toBe(true);
  });

  it('counts characters as Airflow does', () => {
    const note = addCancellation({ note: '😀'.repeat(900), queuedAt }, by);
    expect([...(note ?? '')].length).toBeLessThanOrEqual(1_000);
    expect(note).toContain(line);
  });

  it('applies to a run that was never queued, too', () => {
    const note = addCancellation({ note: null, queuedAt: null }, by);
    expect(isCanceledThroughJobyard({ note, queuedAt: null })).toBe(true);
    expect(isCanceledThroughJobyard({ note, queuedAt })).toBe(false);
  });
});

describe('A task', () => {
  const task = {
    task_id: 'load',
    map_index: -1,
    task_display_name: 'Load it',
    state: 'failed',
    try_number: 2,
    max_tries: 1,
    queued_when: '2026-11-30T00:06:42.000000Z',
    start_date: '2026-11-30T00:06:43.500000Z',
    end_date: '2026-11-30T00:06:44.500000Z',
    duration: 1,
  };
  const step = (fields: object) => toStep(taskSchema.parse({ ...task, ...fields }), { vendorId }, webUrl);

  it('is a step with a link', () => {
    expect(step({})).toMatchObject({
      id: 'load',
      name: 'Load it',
      status: 'FAILED',
      vendorStatus: 'failed',
      durationSeconds: 1,
      waitSeconds: 1.5,
      links: [{ title: 'Airflow', url: expect.stringMatching(/\/runs\/[^/]+\/tasks\/load$/) }],
    });
  });

  it('that is mapped has the index in its ID, name, and link', () => {
    expect(step({ map_index: 3 })).toMatchObject({
      id: 'load/3',
      name: 'Load it [3]',
      links: [{ url: expect.stringMatching(/\/tasks\/load\/mapped\/3$/) }],
    });
  });

  it.each([
    [null, 'SCHEDULED'],
    ['scheduled', 'QUEUED'],
    ['queued', 'QUEUED'],
    ['up_for_retry', 'QUEUED'],
    ['up_for_reschedule', 'QUEUED'],
    ['running', 'RUNNING'],
    ['restarting', 'RUNNING'],
    ['deferred', 'RUNNING'],
    ['awaiting_input', 'PAUSED'],
    ['success', 'SUCCEEDED'],
    ['failed', 'FAILED'],
    ['skipped', 'CANCELLED'],
    ['upstream_failed', 'CANCELLED'],
    ['removed', 'CANCELLED'],
    ['new_in_4', 'UNKNOWN'],
  ])('with the state %s is %s', (state, status) => {
    expect(step({ state }).status).toBe(status);
  });
});

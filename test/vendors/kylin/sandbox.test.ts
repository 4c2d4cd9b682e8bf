import { expect, test } from 'vitest';
import { startMs, startSandbox } from './sandbox-client.ts';

const minuteMs = 60_000;

test('a job in a list has the fields of the source, in its order, with nulls and plain numbers', async () => {
  const { state, list } = await startSandbox();
  const id = state.addJob({
    state: 'RUNNING',
    createTime: startMs - 68_000,
    startTime: startMs - 60_000,
    runMs: 120_000,
    segments: ['41c6ae5c-56c0-4c7a-8f55-3c9d5c2f8b11', '0e0d5f1e-9d4c-4b60-8f0e-0c2f0a1b2c3d'],
    tag: { ticket: 7 },
  });
  const { status, headers, text, body } = await list('time_filter=4');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/vnd.apache.kylin-v4-public+json');
  expect(Object.keys(body)).toEqual(['code', 'data', 'msg']);
  expect(Object.keys(body.data)).toEqual(['value', 'total_size', 'offset', 'limit']);
  expect(body.data.value[0]).toEqual({
    id,
    last_modified: body.data.value[0].last_modified,
    duration: 60_000,
    total_duration: 68_000,
    exec_start_time: startMs - 60_000,
    exec_end_time: 0,
    create_time: startMs - 68_000,
    wait_time: 8_000,
    steps: [],
    progress: 0,
    step_ratio: body.data.value[0].step_ratio,
    job_status: 'RUNNING',
    scheduler_state: 'RUNNING',
    job_name: 'INC_BUILD',
    job_scheduler_mode: 'CHAIN',
    data_range_start: 0,
    data_range_end: 2 ** 63,
    target_model: '9a4c7d52-7f5e-4c40-a6ce-0b1f1d2e3c4b',
    target_subject: 'sales_daily',
    target_subject_error: false,
    target_segments: ['41c6ae5c-56c0-4c7a-8f55-3c9d5c2f8b11', '0e0d5f1e-9d4c-4b60-8f0e-0c2f0a1b2c3d'],
    related_segment: '41c6ae5c-56c0-4c7a-8f55-3c9d5c2f8b11,0e0d5f1e-9d4c-4b60-8f0e-0c2f0a1b2c3d',
    segments: null,
    snapshot_data_range: null,
    project: 'retail',
    submitter: 'ADMIN',
    discard_safety: true,
    tag: { ticket: 7 },
    version: null,
  });
  expect(text).toMatch(/^\{"code":"000","data":\{"value":\[\{"id":"[^"]+","last_modified":\d+,"duration":60000,"total_duration":68000,/);
  expect(text).toContain('"data_range_end":9223372036854775807,');
  expect(text).toContain('"progress":0.0,"step_ratio":0.');
});

test('step_ratio is the text of a 32-bit float, and 1.0 and 0.0 keep their fraction', async () => {
  const { state, list, clock } = await startSandbox();
  const ratioOf = async () => /"step_ratio":([^,]+),/.exec((await list('time_filter=4')).text)?.[1];
  state.addJob({ type: 'SNAPSHOT_BUILD', state: 'RUNNING', runMs: 90_000 });
  expect(await ratioOf()).toBe('0.0');
  clock.advance(20_000);
  expect(await ratioOf()).toBe('0.33333334');
  clock.advance(69_500);
  expect(await ratioOf()).toBe('0.99');
  clock.advance(500);
  expect(await ratioOf()).toBe('1.0');
});

test('the documented shape of a job is that of the sample in the manual', async () => {
  const { state, list, switches } = await startSandbox();
  state.addJob({ state: 'SUCCEED' });
  switches.listShape = 'documented';
  const { data } = (await list('time_filter=4')).body;
  expect(Object.keys(data)).toEqual(['value', 'offset', 'limit', 'total_size']);
  expect(Object.keys(data.value[0])).toEqual(
    (
      'id last_modified duration exec_start_time steps job_status job_name data_range_start data_range_end target_model target_segments ' +
      'step_ratio create_time wait_time target_subject target_subject_error project submitter exec_end_time tag'
    ).split(' '),
  );
  expect(data.value[0].steps).toBeNull();
});

test('shows a text instead of the name of a deleted target', async () => {
  const { state, row } = await startSandbox();
  const subjectOf = async (fields: Parameters<typeof state.addJob>[0]) => {
    const { target_subject, target_subject_error } = await row(state.addJob({ subject: 'S', ...fields }));
    return [target_subject, target_subject_error];
  };
  expect(await subjectOf({ type: 'INC_BUILD' })).toEqual(['S', false]);
  expect(await subjectOf({ type: 'INC_BUILD', target: 'deleted' })).toEqual(['The model is deleted', true]);
  expect(await subjectOf({ type: 'INC_BUILD', target: 'broken' })).toEqual(['S broken', true]);
  expect(await subjectOf({ type: 'TABLE_SAMPLING', target: 'deleted' })).toEqual(['S deleted', true]);
  expect(await subjectOf({ type: 'SNAPSHOT_BUILD', target: 'deleted', state: 'SUCCEED' })).toEqual(['The snapshot is deleted', true]);
});

test('a new job waits for the next tick of ten seconds, runs, and succeeds', async () => {
  const { state, row, clock } = await startSandbox();
  clock.advance(3_000);
  const id = state.addJob({ runMs: 5 * minuteMs });
  expect(await row(id)).toMatchObject({
    job_status: 'PENDING',
    scheduler_state: 'READY',
    exec_start_time: 0,
    create_time: startMs + 3_000,
  });
  clock.advance(6_999);
  expect(await row(id)).toMatchObject({ job_status: 'PENDING', wait_time: 6_999, total_duration: 6_999 });
  clock.advance(1);
  expect(await row(id)).toMatchObject({ job_status: 'RUNNING', exec_start_time: startMs + 10_000, exec_end_time: 0, wait_time: 7_000 });
  clock.advance(2 * minuteMs);
  const half = await row(id);
  expect(half.duration).toBe(2 * minuteMs);
  expect(half.step_ratio).toBeGreaterThan(0.2);
  expect(half.step_ratio).toBeLessThan(0.8);
  expect(half.last_modified).toBeGreaterThan(startMs + 10_000);
  expect(half.last_modified).toBeLessThanOrEqual(clock.now());
  clock.advance(10 * minuteMs);
  expect(await row(id)).toMatchObject({
    job_status: 'FINISHED',
    scheduler_state: 'SUCCEED',
    step_ratio: 1,
    exec_end_time: startMs + 10_000 + 5 * minuteMs,
    last_modified: startMs + 10_000 + 5 * minuteMs,
    duration: 5 * minuteMs,
  });
});

test('no more than twenty jobs run at the same time, the oldest first', async () => {
  const { state, list, clock } = await startSandbox();
  const ids = Array.from({ length: 25 }, (_, index) => state.addJob({ createTime: startMs - 1_000 * index, runMs: 60 * minuteMs }));
  clock.advance(10_000);
  const running = (await list('time_filter=4&statuses=RUNNING&page_size=100')).body.data;
  expect(running.total_size).toBe(20);
  expect(running.value.map((job: { id: string }) => job.id).sort()).toEqual(ids.slice(5).sort());
  const waiting = (await list('time_filter=4&statuses=PENDING&page_size=100')).body.data.value;
  expect(new Set(waiting.map((job: { scheduler_state: string }) => job.scheduler_state))).toEqual(new Set(['READY']));
  clock.advance(10_000);
  const later = (await list('time_filter=4&statuses=PENDING&page_size=100')).body.data.value;
  expect(later.map((job: { scheduler_state: string }) => job.scheduler_state)).toEqual(Array(5).fill('PENDING'));
});

test('a job can fail, and can be ended by the system because its target changed', async () => {
  const { state, row, clock } = await startSandbox();
  const failing = state.addJob({ state: 'RUNNING', runMs: 10 * minuteMs, mishap: { state: 'ERROR', afterMs: 4 * minuteMs } });
  const suicidal = state.addJob({ state: 'RUNNING', runMs: 10 * minuteMs, mishap: { state: 'SUICIDAL', afterMs: minuteMs } });
  clock.advance(5 * minuteMs);
  expect(await row(failing)).toMatchObject({ job_status: 'ERROR', exec_end_time: startMs + 4 * minuteMs, duration: 4 * minuteMs });
  expect(await row(suicidal)).toMatchObject({ job_status: 'DISCARDED', scheduler_state: 'SUICIDAL', exec_end_time: startMs + minuteMs });
  expect((await row(failing)).step_ratio).toBeLessThan(0.99);
});

test('the same seed and clock give the same jobs, another seed others', async () => {
  const answer = async (seed: number) => {
    const { list, clock } = await startSandbox({ jobs: 120, seed, switches: { arrivals: true } });
    clock.advance(30 * minuteMs);
    return (await list('time_filter=4&page_size=500')).text;
  };
  const first = await answer(5);
  expect(await answer(5)).toBe(first);
  expect(await answer(6)).not.toBe(first);
});

test('the seeded jobs cover every status, types, projects and times of weeks', async () => {
  const { list } = await startSandbox({ jobs: 120 });
  const total = async (query: string) => (await list(query)).body.data.total_size;
  expect(await total('time_filter=4')).toBe(120);
  for (const status of ['PENDING', 'RUNNING', 'STOPPED', 'ERROR', 'FINISHED', 'DISCARDED']) {
    expect(await total(`time_filter=4&statuses=${status}`), status).toBeGreaterThanOrEqual(3);
  }
  const [day, week, month, year] = await Promise.all([0, 1, 2, 3].map((filter) => total(`time_filter=${filter}`)));
  expect(day).toBeGreaterThan(20);
  expect(week).toBeGreaterThan(day);
  expect(month).toBeGreaterThan(week);
  expect(year).toBe(120);
  const jobs = (await list('time_filter=4&page_size=200')).body.data.value;
  expect(new Set(jobs.map((job: { project: string }) => job.project)).size).toBe(3);
  expect(new Set(jobs.map((job: { job_name: string }) => job.job_name)).size).toBeGreaterThan(6);
  expect(jobs.filter((job: { target_subject_error: boolean }) => job.target_subject_error).length).toBeGreaterThanOrEqual(4);
  expect(jobs.filter((job: { scheduler_state: string }) => job.scheduler_state === 'SUICIDAL').length).toBeGreaterThanOrEqual(1);
  expect(jobs.filter((job: { discard_safety: boolean }) => !job.discard_safety)).toHaveLength(1);
  expect(jobs.filter((job: { snapshot_data_range: string | null }) => job.snapshot_data_range?.startsWith('['))).toHaveLength(1);
  expect(jobs.filter((job: { segments: unknown }) => job.segments)).toMatchObject([{ segments: [{ status_to_display: 'LOADING' }] }]);
  for (const job of jobs) {
    expect(job.last_modified).toBeLessThanOrEqual(startMs);
    expect(job.create_time).toBeLessThanOrEqual(job.last_modified);
    expect(job.total_duration).toBe(job.duration + job.wait_time);
  }
});

test('new jobs arrive every 20 to 60 seconds, and old ended ones drop out', async () => {
  const { list, clock, state, switches } = await startSandbox({ jobs: 10, switches: { arrivals: true } });
  clock.advance(60 * minuteMs);
  await list('time_filter=4');
  expect(state.jobCount()).toBeGreaterThanOrEqual(10 + 60);
  expect(state.jobCount()).toBeLessThanOrEqual(10 + 180);
  clock.advance(3 * 24 * 60 * minuteMs);
  await list('time_filter=4');
  expect(state.jobCount()).toBe(2_000);
  switches.arrivals = false;
  clock.advance(60 * minuteMs);
  const { data } = (await list('time_filter=4&statuses=RUNNING,PENDING')).body;
  expect(data.total_size).toBe(0);
});

test('a list of 50,000 jobs and a request with 2,000 actions each need less than a second', async () => {
  const { state, list, put } = await startSandbox();
  const ids = Array.from({ length: 50_000 }, (_, index) => state.addJob({ state: 'PAUSED', createTime: startMs - index }));
  const elapsed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  expect(await elapsed(() => list('time_filter=4&sort_by=create_time&page_offset=250&page_size=100'))).toBeLessThan(1_000);
  expect(await elapsed(() => put({ action: 'DISCARD', project: 'retail', job_ids: ids.slice(0, 2_000) }))).toBeLessThan(1_000);
  expect((await list('time_filter=4&statuses=DISCARDED&page_size=0')).body.data).toEqual({
    value: [],
    total_size: 2_000,
    offset: 0,
    limit: 0,
  });
});

test('faults of the kit befall its requests', async () => {
  const { state, put, faults, row, requests } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  faults.add({ fault: { kind: 'reset', applied: true }, method: 'PUT' });
  await expect(put({ action: 'PAUSE', job_ids: [id] })).rejects.toThrow();
  expect(await row(id)).toMatchObject({ job_status: 'STOPPED' });
  faults.add({ fault: { kind: 'answer', status: 503, applied: false }, method: 'PUT' });
  expect(await put({ action: 'RESUME', job_ids: [id] })).toMatchObject({ status: 503, body: undefined });
  expect(await row(id)).toMatchObject({ job_status: 'STOPPED' });
  expect(requests.count('PUT', '/kylin/api/jobs/status')).toBe(2);
});

test('unexpected failures carry HTTP 500 and no error code, before or after their work', async () => {
  const { state, put, row } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  state.failUnexpectedly();
  const before = await put({ action: 'PAUSE', job_ids: [id] });
  expect(before).toMatchObject({ status: 500, body: { code: '999', error_code: null, msg: 'KE-000000001(UNKNOWN ERRORCODE): null' } });
  expect(await row(id)).toMatchObject({ job_status: 'RUNNING' });
  state.failUnexpectedly({ applied: true });
  expect((await put({ action: 'PAUSE', job_ids: [id] })).status).toBe(500);
  expect(await row(id)).toMatchObject({ job_status: 'STOPPED' });
});

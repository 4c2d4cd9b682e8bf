import { describe, expect, it } from 'vitest';
import { refusal, startMs, startQuiet } from './sandbox-setup.ts';

const tickMs = 5_000;

describe('a cancel', () => {
  it('of a job in progress returns CANCELLED and drops its pending tasks', async () => {
    const { add, cancel, clock, get, state } = await startQuiet();
    const jobId = add({ remainingTasks: 40, succeededTasks: 60, startedAtMs: startMs - 60_000 });
    clock.advance(1000);
    const { status, body } = await cancel(jobId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ jobId, status: 'CANCELLED', remainingTasks: 40, succeededTasks: 60, completed: false });
    expect(body.lastActivityAt).toBe(String(startMs + 1000));
    expect(state.job(jobId)?.events.at(-1)).toMatchObject({
      severity: 'WARN',
      message: 'Cancelled by svc-jobyard@brightwater.example, 37 pending tasks will not be executed',
    });

    // Three tasks were running and still end.
    clock.advance(tickMs);
    expect((await get(`/job/v1/${jobId}`)).body).toMatchObject({ remainingTasks: 39, lastActivityAt: String(startMs + 1000 + tickMs) });
    clock.advance(60_000);
    expect((await get(`/job/v1/${jobId}`)).body).toMatchObject({ status: 'CANCELLED', remainingTasks: 37, succeededTasks: 63 });
  });

  it('freezes the counters where running tasks do not finish', async () => {
    const { add, cancel, clock, state } = await startQuiet({ runningTasksFinish: false });
    const jobId = add({ remainingTasks: 40 });
    await cancel(jobId);
    clock.advance(60_000);
    expect(state.job(jobId)?.remainingTasks).toBe(40);
  });

  it('stops a job that was making progress', async () => {
    const { state, cancel, clock } = await startQuiet({ runningTasksFinish: false }, { jobs: 60 });
    const running = state.jobs().filter((job) => job.status === 'IN_PROGRESS');
    expect(running.length).toBeGreaterThan(3);
    await Promise.all(running.map((job) => cancel(job.jobId)));
    clock.advance(3_600_000);
    for (const { jobId, remainingTasks } of running) expect(state.job(jobId)).toMatchObject({ status: 'CANCELLED', remainingTasks });
  });

  it.each(['COMPLETED', 'FAILED', 'CANCELLED'])(
    'of a job that is %s is rejected as the switch demands, and changes nothing',
    async (status) => {
      const { add, cancel, sandbox, state } = await startQuiet();
      const jobId = add({ status });
      const before = state.job(jobId);
      const strict = await cancel(jobId);
      expect(refusal(strict)).toMatchObject({ http: 412, code: 412, reason: 'conditionNotMet' });
      expect(refusal(strict).message).toContain(status);
      sandbox.switches.terminalCancel = 'idempotent';
      expect(await cancel(jobId)).toMatchObject({ status: 200, body: { jobId, status } });
      sandbox.switches.terminalCancel = 'conflict';
      const conflict = await cancel(jobId);
      expect(refusal(conflict)).toMatchObject({ http: 409, reason: 'conflict' });
      expect(conflict.headers.get('x-aodocs-retryable')).toBe('false');
      sandbox.switches.terminalCancel = 'badRequest';
      expect(refusal(await cancel(jobId))).toMatchObject({ http: 400, reason: 'badRequest' });
      expect(state.job(jobId)).toEqual(before);
    },
  );

  it('can be lazy: IN_PROGRESS at first, CANCELLED a tick later', async () => {
    const { add, cancel, clock, get, state } = await startQuiet({ cancelAnswer: 'lazy', runningTasksFinish: false });
    const jobId = add();
    expect(await cancel(jobId)).toMatchObject({ status: 200, body: { status: 'IN_PROGRESS' } });
    clock.advance(tickMs - 1);
    expect(await cancel(jobId)).toMatchObject({ status: 200, body: { status: 'IN_PROGRESS' } });
    clock.advance(1);
    expect((await get(`/job/v1/${jobId}`)).body).toMatchObject({ status: 'CANCELLED', lastActivityAt: String(startMs + tickMs) });
    clock.advance(tickMs);
    expect(state.job(jobId)?.events).toHaveLength(1);
  });

  it('loses a lazy race against the end of the job', async () => {
    const { add, cancel, clock, state } = await startQuiet({ cancelAnswer: 'lazy' });
    const jobId = add();
    await cancel(jobId);
    state.changeJob(jobId, { status: 'COMPLETED', remainingTasks: 0 });
    clock.advance(tickMs);
    expect(state.job(jobId)?.status).toBe('COMPLETED');
  });

  it('can be ignored although the response is a 200', async () => {
    const { add, cancel, clock, state } = await startQuiet({ cancelAnswer: 'ignored' });
    const jobId = add();
    expect(await cancel(jobId)).toMatchObject({ status: 200, body: { status: 'IN_PROGRESS' } });
    clock.advance(600_000);
    expect(state.job(jobId)?.status).toBe('IN_PROGRESS');
  });

  it('can arrive after the job has ended', async () => {
    const { add, cancel, get, state } = await startQuiet();
    const jobId = add();
    state.beforeNextCancel(jobId, { status: 'COMPLETED', remainingTasks: 0 });
    expect((await get(`/job/v1/${jobId}`)).body.status).toBe('IN_PROGRESS');
    expect(refusal(await cancel(jobId)).reason).toBe('conditionNotMet');
    expect(state.job(jobId)?.status).toBe('COMPLETED');
    state.changeJob(jobId, { status: 'IN_PROGRESS' });
    expect((await cancel(jobId)).body.status).toBe('CANCELLED');
  });

  it('of an unknown or forgotten job is a 404', async () => {
    const { add, cancel, state } = await startQuiet();
    const jobId = add();
    state.removeJob(jobId);
    expect(refusal(await cancel(jobId))).toMatchObject({ http: 404, reason: 'notFound' });
    expect(refusal(await cancel('NoSuchJob'))).toMatchObject({ http: 404, reason: 'notFound' });
  });

  it('accepts no body, or any JSON object', async () => {
    const { add, call, sandbox, state } = await startQuiet();
    const send = (jobId: string, body: string, type = 'application/json') =>
      call('POST', `/job/v1/${jobId}/cancel`, { body, headers: { 'content-type': type } });
    expect((await send(add(), '{}')).status).toBe(200);
    expect((await send(add(), '{"jobId":"x"}', 'text/plain')).status).toBe(200);
    const jobId = add();
    for (const body of ['[]', '1', 'null']) expect(refusal(await send(jobId, body))).toMatchObject({ http: 400, reason: 'badRequest' });
    expect(refusal(await send(jobId, '{"a":'))).toMatchObject({ http: 400, reason: 'parseError' });
    sandbox.switches.contentTypeValidation = true;
    expect(refusal(await send(jobId, '{}', 'text/plain'))).toMatchObject({ http: 404, reason: 'unsupportedProtocol' });
    expect(state.job(jobId)?.status).toBe('IN_PROGRESS');
    expect((await call('POST', `/job/v1/${jobId}/cancel`)).status).toBe(200);
  });

  it('carries through 2,000 times', async () => {
    const { add, cancel, state } = await startQuiet();
    const jobs = Array.from({ length: 2_000 }, () => add());
    for (let start = 0; start < jobs.length; start += 100) await Promise.all(jobs.slice(start, start + 100).map(cancel));
    expect(state.jobs().every((job) => job.status === 'CANCELLED')).toBe(true);
  }, 20_000);
});

// The traps of src/vendors/kylin/README.md, which lists the source of each.
import { describe, expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import { listJobs } from '../../../src/listing/list-jobs.ts';
import {
  call,
  connect,
  listOf,
  minuteMs,
  nowMs,
  read,
  readAll,
  readPage,
  sentActions,
  sentQueries,
  start,
  startSandbox,
  targetsOf,
  toSystem,
} from './setup.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';
const reader = { username: 'maria.keller', password: 'only-looking' };

describe('Traps of the Kylin wire', () => {
  it('sends an action as a JSON body', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'RUNNING' });

    const answers = await adapter.performAction('PAUSE', await targetsOf(adapter, id), call);

    expect(answers).toEqual([{ kind: 'accepted', job: null }]);
    expect(sandbox.state.getJob(id)?.state).toBe('PAUSED');
    const put = sandbox.requests.all().at(-1);
    expect(put).toEqual({
      method: 'PUT',
      target: '/kylin/api/jobs/status',
      body: JSON.stringify({ action: 'PAUSE', project: 'retail', job_ids: [id] }),
    });
  });

  it('counts page_offset in pages', async () => {
    const { sandbox, adapter } = await start();
    const ids = Array.from({ length: 25 }, (_, index) => sandbox.state.addJob({ state: 'SUCCEED', createTime: nowMs - index * minuteMs }));

    const jobs = await readAll(adapter, {}, 10);

    expect(jobs.map(({ vendorId }) => vendorId)).toEqual(ids);
    expect(sentQueries(sandbox).map(({ page_offset, page_size }) => [page_offset, page_size])).toEqual([
      ['0', '10'],
      // Rows 0 to 19 and 15 to 29: the last row of the page before is read again, to see whether rows have moved.
      ['0', '20'],
      ['1', '15'],
    ]);
  });

  it('judges a response by error_code, not by the HTTP status or by code', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'SUCCEED' });
    const done = await targetsOf(adapter, id);

    const [absent] = await adapter.performAction('CANCEL', [{ vendorId: unknownId, job: null }], call);
    const [refused] = await adapter.performAction('CANCEL', done, call);
    sandbox.state.failUnexpectedly();
    const [broken] = await adapter.performAction('CANCEL', done, call);

    // All three are HTTP 500 with code 999.
    expect(absent).toEqual({ kind: 'notFound' });
    expect(refused).toMatchObject({ kind: 'rejected', vendorCode: 'KE-010032217', problem: { code: 'VENDOR_REJECTED' } });
    expect(broken).toMatchObject({ kind: 'inconclusive' });
  });

  it("retries a 500 only for reads, and only without a code of Kylin's", async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();

    sandbox.state.failUnexpectedly();
    expect((await read(adapter, id)).vendorId).toBe(id);
    expect(sandbox.requests.count('GET')).toBe(2);

    const [target] = await targetsOf(adapter, id);
    if (!target?.job || !adapter.getSteps) throw new Error('No job to ask for');
    sandbox.requests.clear();
    const steps = await adapter.getSteps({ ...target.job, vendorId: unknownId }, call);
    expect(steps).toMatchObject({ ok: false, problem: { code: 'JOB_NOT_FOUND' } });
    expect(sandbox.requests.count('GET')).toBe(1);

    sandbox.state.failUnexpectedly();
    await adapter.performAction('PAUSE', [target], call);
    expect(sandbox.requests.count('PUT')).toBe(1);
  });

  it('reads a job again after a success with the wrong project', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.projects.add('finance');
    const id = sandbox.state.addJob({ project: 'retail' });
    const [target] = await targetsOf(adapter, id);
    if (!target?.job) throw new Error('No job');

    const answers = await adapter.performAction('CANCEL', [{ ...target, job: { ...target.job, scope: 'finance' } }], call);
    expect(answers).toEqual([{ kind: 'accepted', job: null }]);
    expect(sandbox.state.getJob(id)?.state).toBe('READY');
    expect(adapter.actions.CANCEL).toMatchObject({ acceptedState: null, unchangedOutcome: 'VENDOR_REJECTED' });

    // Through the core: the job changes project between the read and the update, Kylin returns 000, and the job is read again.
    sandbox.state.hooks.afterChecks = () => sandbox.state.changeJob(id, { project: 'finance' });
    const results = await performAction(toSystem(adapter), 'CANCEL', [id], { dryRun: false }, call);
    expect(results.get(id)).toMatchObject({ outcome: 'VENDOR_REJECTED', job: { status: 'QUEUED' } });
  });

  it('never sends statuses with job IDs', async () => {
    const { sandbox, adapter } = await start();
    const ids = [sandbox.state.addJob({ state: 'RUNNING' }), sandbox.state.addJob({ state: 'ERROR' })];
    const targets = await targetsOf(adapter, ...ids);
    for (const action of ['CANCEL', 'PAUSE', 'RESUME', 'RESTART'] as const) await adapter.performAction(action, targets, call);
    const bodies = sentActions(sandbox);
    expect(bodies).toHaveLength(4);
    for (const body of bodies) expect(Object.keys(body as object)).toEqual(['action', 'project', 'job_ids']);
  });

  describe('one job that is not allowed rejects the whole request', () => {
    it('one forbidden job rejects all, the adapter blames no single job, and the others succeed alone', async () => {
      const { sandbox, adapter } = await start();
      const good = [sandbox.state.addJob({ state: 'RUNNING' }), sandbox.state.addJob({ state: 'PAUSED' })];
      const bad = sandbox.state.addJob({ state: 'ERROR' });
      const targets = await targetsOf(adapter, ...good, bad);
      sandbox.state.changeJob(bad, { state: 'SUCCEED' });

      const answers = await adapter.performAction('CANCEL', targets, call);
      expect(answers.map(({ kind }) => kind)).toEqual(['batchRejected', 'batchRejected', 'batchRejected']);
      expect(good.map((id) => sandbox.state.getJob(id)?.state)).toEqual(['RUNNING', 'PAUSED']);

      sandbox.state.changeJob(bad, { state: 'ERROR' });
      let isFirst = true;
      const system = toSystem(adapter);
      const { getJobs } = adapter;
      // The bad one ends after it was read and before it is sent.
      system.adapter = {
        ...adapter,
        async performAction(action, group, groupCall) {
          if (isFirst) sandbox.state.changeJob(bad, { state: 'SUCCEED' });
          isFirst = false;
          return adapter.performAction(action, group, groupCall);
        },
        getJobs,
      };
      const results = await performAction(system, 'CANCEL', [...good, bad], { dryRun: false }, call);
      expect(good.map((id) => results.get(id)?.outcome)).toEqual(['CONFIRMED', 'CONFIRMED']);
      expect(results.get(bad)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
    });

    it('a late failure leaves some jobs changed, and the adapter reports which', async () => {
      const { sandbox, adapter } = await start();
      const ids = Array.from({ length: 4 }, () => sandbox.state.addJob({ state: 'RUNNING' }));
      const third = ids[2] ?? '';
      sandbox.state.hooks.beforeUpdate = (id) => {
        if (id === third && sandbox.state.getJob(id)?.state === 'RUNNING') sandbox.state.changeJob(id, { state: 'SUCCEED' });
      };

      const results = await performAction(toSystem(adapter), 'PAUSE', ids, { dryRun: false }, call);

      expect(ids.map((id) => results.get(id)?.outcome)).toEqual(['CONFIRMED', 'CONFIRMED', 'ACTION_NOT_ALLOWED', 'CONFIRMED']);
      const [first, second] = sentActions(sandbox) as { job_ids: string[] }[];
      expect(first?.job_ids).toEqual(ids);
      // Only what the first request left open, and none twice that it had changed.
      expect(second?.job_ids).toEqual([ids[3]]);
    });
  });

  it('leaves out the project of a job that has none', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const [target] = await targetsOf(adapter, id);
    if (!target?.job) throw new Error('No job');

    const answers = await adapter.performAction('CANCEL', [{ ...target, job: { ...target.job, scope: null } }], call);

    expect(answers).toEqual([{ kind: 'accepted', job: null }]);
    expect(sentActions(sandbox)).toEqual([{ action: 'DISCARD', job_ids: [id] }]);
    expect(sandbox.state.getJob(id)?.state).toBe('DISCARDED');
  });

  it('never sends an action without job IDs', async () => {
    const { sandbox, adapter } = await start();
    for (let count = 0; count < 3; count += 1) sandbox.state.addJob();
    for (const action of ['CANCEL', 'PAUSE', 'RESUME', 'RESTART'] as const)
      expect(await adapter.performAction(action, [], call)).toEqual([]);
    expect(sandbox.requests.all()).toEqual([]);
    expect([...sandbox.state.jobs()].map(({ state }) => state)).toEqual(['READY', 'READY', 'READY']);
  });

  it('sends actions and statuses in the documented spelling', async () => {
    const { sandbox, adapter } = await start();
    const paused = sandbox.state.addJob({ state: 'PAUSED' });
    const done = sandbox.state.addJob({ state: 'SUCCEED' });
    sandbox.state.addJob({ state: 'ERROR' });

    const jobs = await readAll(adapter, { statuses: new Set(['PAUSED', 'SUCCEEDED']) });
    expect(jobs.map(({ vendorId }) => vendorId).sort()).toEqual([paused, done].sort());
    expect(sentQueries(sandbox)[0]?.statuses).toBe('STOPPED,FINISHED');

    const targets = await targetsOf(adapter, paused);
    for (const action of ['CANCEL', 'PAUSE', 'RESUME', 'RESTART'] as const) await adapter.performAction(action, targets, call);
    expect(sentActions(sandbox).map((body) => (body as { action: string }).action)).toEqual(['DISCARD', 'PAUSE', 'RESUME', 'RESTART']);
  });

  it('computes progress from step_ratio', async () => {
    const { sandbox, adapter } = await start();
    const runMs = 100_000;
    const running = { state: 'RUNNING', runMs, startTime: nowMs, runningSince: nowMs } as const;
    const id = sandbox.state.addJob(running);

    sandbox.clock.advance(runMs / 2);
    const half = (await read(adapter, id)).progress?.fraction;
    expect(half).toBeGreaterThan(0.1);
    expect(half).toBeLessThan(0.9);
    sandbox.clock.advance(runMs / 2 - 1);
    expect(await read(adapter, id)).toMatchObject({ status: 'RUNNING', progress: { fraction: expect.closeTo(0.99, 5) } });
    sandbox.clock.advance(1);
    expect(await read(adapter, id)).toMatchObject({ status: 'SUCCEEDED', progress: { fraction: 1 } });
  });

  describe('times change after they are set', () => {
    it('exec_end_time taken as "finished" for STOPPED or ERROR jobs that later resume', async () => {
      const { sandbox, adapter } = await start();
      const id = sandbox.state.addJob({ state: 'RUNNING' });
      sandbox.clock.advance(minuteMs);

      await adapter.performAction('PAUSE', await targetsOf(adapter, id), call);
      expect(sandbox.state.getJob(id)?.endTime).toBe(nowMs + minuteMs);
      expect(await read(adapter, id)).toMatchObject({ status: 'PAUSED', finishedAt: null });

      sandbox.state.changeJob(id, { state: 'ERROR', endTime: nowMs + minuteMs });
      expect(await read(adapter, id)).toMatchObject({ status: 'FAILED', finishedAt: new Date(nowMs + minuteMs) });

      await adapter.performAction('RESUME', await targetsOf(adapter, id), call);
      expect(await read(adapter, id)).toMatchObject({ status: 'QUEUED', finishedAt: null });
    });

    it('create_time as a stable key: a restart moves it, which proves the restart, and loses no row of a listing', async () => {
      const { sandbox, adapter } = await start();
      const ids = Array.from({ length: 6 }, (_, index) =>
        sandbox.state.addJob({ state: 'ERROR', createTime: nowMs - (index + 1) * minuteMs }),
      );
      const system = toSystem(adapter);
      const list = async (after: string | null) => {
        const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'ASC' }, first: 2, after } as const;
        const page = await listJobs([system], options, () => call);
        if (!page) throw new Error('No page');
        return page;
      };

      const first = await list(null);
      expect(first.jobs.map(({ vendorId }) => vendorId)).toEqual([ids[5], ids[4]]);

      const before = await read(adapter, ids[5] ?? '');
      await adapter.performAction('RESTART', [{ vendorId: before.vendorId, job: before }], call);
      const after = await read(adapter, before.vendorId);
      expect(after.createdAt).toEqual(new Date(nowMs));
      expect(adapter.actions.RESTART.tookEffect?.(before, after)).toBe(true);
      // Waiting again proves nothing: another client may have resumed it.
      expect(adapter.actions.RESTART.tookEffect?.(before, { ...after, createdAt: before.createdAt })).toBe(false);

      // The restarted job stood before the position: all rows behind it have moved forward by one.
      const second = await list(first.endCursor());
      expect(second.jobs.map(({ vendorId }) => vendorId)).toEqual([ids[3], ids[2]]);
    });
  });

  it('keeps 9223372036854775807 as text', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dataRangeStart: '0', dataRangeEnd: '9223372036854775807' });
    expect((await read(adapter, id)).raw()).toMatchObject({ data_range_start: 0, data_range_end: '9223372036854775807' });
    const [job] = await readAll(adapter);
    expect(JSON.stringify(job?.raw())).toContain('"data_range_end":"9223372036854775807"');
  });

  it('names the type of the public API in every request', async () => {
    const { sandbox, adapter } = await start({ otherAccept: 'rejected' });
    const id = sandbox.state.addJob({ state: 'ERROR' });
    const [target] = await targetsOf(adapter, id);
    if (!target?.job || !adapter.getSteps) throw new Error('No job to ask for');
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(await readAll(adapter)).toHaveLength(1);
    expect(await adapter.getSteps(target.job, call)).toMatchObject({ ok: true });
    expect(await adapter.performAction('RESUME', [target], call)).toEqual([{ kind: 'accepted', job: null }]);
  });

  it('sends nothing after the first 401', async () => {
    const sandbox = await startSandbox();
    const adapter = connect(sandbox.url, { ...sandbox.settings, password: 'guess' });
    const id = sandbox.state.addJob();

    const results = await Promise.all(Array.from({ length: 20 }, () => adapter.getJobs([id], call)));
    const [answer] = await adapter.performAction('CANCEL', [{ vendorId: id, job: null }], call);

    for (const [result] of results) expect(result).toMatchObject({ kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
    expect(answer).toMatchObject({ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
    expect(sandbox.requests.all()).toHaveLength(1);
    expect(sandbox.state.accounts.find('ADMIN', true)).toMatchObject({ wrongTime: 1, locked: false });
  });

  it('lists project by project if Kylin rejects a list of all projects', async () => {
    const sandbox = await startSandbox();
    const adapter = connect(sandbox.url, reader);
    const own = sandbox.state.addJob({ project: 'retail' });
    const foreign = sandbox.state.addJob({ project: 'finance' });

    // Seen is not permitted: what may be done shows only when it is tried.
    expect((await readAll(adapter)).map(({ vendorId }) => vendorId).sort()).toEqual([own, foreign].sort());
    for (const id of [own, foreign]) {
      const answers = await adapter.performAction('CANCEL', await targetsOf(adapter, id), call);
      expect(answers).toMatchObject([
        { kind: 'rejected', problem: { code: 'ACCESS_DENIED', message: expect.stringContaining('Operation permission') } },
      ]);
    }

    sandbox.switches.globalList = 'permitted';
    expect(await readAll(adapter)).toEqual([]);
  });

  it.each(['oneNode', 'twoNodes'] as const)('shows no stack trace (%s)', async (cluster) => {
    const { sandbox, adapter } = await start({ cluster });
    const id = sandbox.state.addJob({ state: 'SUCCEED', node: 'node2' });
    const [target] = await targetsOf(adapter, id);
    if (!target?.job || !adapter.getSteps) throw new Error('No job to ask for');

    sandbox.state.hooks.beforeUpdate = (jobId) => sandbox.state.changeJob(jobId, { state: 'SUCCEED' });
    const results: unknown[] = [await adapter.performAction('CANCEL', [target], call)];
    sandbox.state.changeJob(id, { state: 'RUNNING' });
    results.push(await adapter.performAction('PAUSE', [target], call));
    sandbox.state.failUnexpectedly({ times: 3 });
    results.push(await adapter.getJobs([id], call));
    results.push(await adapter.getSteps({ ...target.job, scope: 'nowhere' }, call));

    // The other node's answer, stack trace and all, cut off inside this one's message.
    const remote =
      '{"code":"999","msg":"KE-000000001(UNKNOWN ERRORCODE): null","stacktrace":"java.lang.X\\n\\tat org.apache.kylin.Y(Y.java:1)';
    const msg = `KE-000027004(Failed Forward Metadata Action):Invalid response 500 with url http://node2:7070/x\n${remote}`;
    const body = JSON.stringify({ code: '999', data: null, msg, stacktrace: `org.apache.kylin.Z\n\tat a.b(C.java:2)` });
    const headers = { 'content-type': 'application/json' };
    sandbox.faults.add({ method: 'PUT', fault: { kind: 'answer', status: 500, headers, body, applied: false } });
    results.push(await adapter.performAction('PAUSE', [target], call));

    expect(results).toHaveLength(5);
    for (const result of results) {
      expect(JSON.stringify(result)).toMatch(/"code":"[A-Z_]+","message":"kyl /);
      expect(JSON.stringify(result)).not.toMatch(/\\tat |\.java:|stacktrace|org\.apache\./);
    }
  });

  it('lists jobs of any age', async () => {
    const { sandbox, adapter } = await start();
    const longAgoMs = nowMs - 800 * 24 * 60 * minuteMs;
    const id = sandbox.state.addJob({
      state: 'PAUSED',
      createTime: longAgoMs,
      startTime: longAgoMs,
      endTime: longAgoMs,
      lastModified: longAgoMs,
    });
    expect((await read(adapter, id)).vendorId).toBe(id);
    expect((await readPage(listOf(adapter), 10)).rows).toHaveLength(1);
    await adapter.checkHealth(call);
    expect(sentQueries(sandbox).map(({ time_filter }) => time_filter)).toEqual(['4', '4', '4']);
  });

  it('shows in raw whether Kylin itself discarded a job', async () => {
    const { sandbox, adapter } = await start();
    const ended = sandbox.state.addJob({ state: 'SUICIDAL' });
    const discarded = sandbox.state.addJob({ state: 'DISCARDED' });
    for (const [id, schedulerState] of [
      [ended, 'SUICIDAL'],
      [discarded, 'DISCARDED'],
    ] as const) {
      const job = await read(adapter, id);
      expect(job).toMatchObject({ status: 'CANCELLED', vendorStatus: 'DISCARDED' });
      expect(job.raw()).toMatchObject({ scheduler_state: schedulerState });
    }
  });
});

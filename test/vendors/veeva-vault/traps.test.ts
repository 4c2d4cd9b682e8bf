// The traps of src/vendors/veeva-vault/README.md, which lists the source of each.
import { describe, expect, it } from 'vitest';
import { createJobReader } from '../../../src/reading/reader.ts';
import { veevaVault } from '../../../src/vendors/veeva-vault/index.ts';
import { act, call, connect, kinds, list, listIds, nowMs, read, readResult, settings, start, startServer } from './setup.ts';

const hourMs = 3_600_000;

describe('Traps of the Veeva Vault wire', () => {
  it('judges a response by responseStatus, whatever the HTTP status', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    // FAILURE with 200.
    expect(await readResult(adapter, 99)).toEqual({ kind: 'notFound' });
    // A success with another status, and a rejection with 404.
    sandbox.faults.add({
      fault: {
        kind: 'answer',
        status: 404,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ responseStatus: 'SUCCESS', data: { id, status: 'RUNNING' } }),
        applied: false,
      },
    });
    expect(await readResult(adapter, id)).toMatchObject({ kind: 'job', job: { status: 'RUNNING' } });
    sandbox.state.rejectNext({ type: 'INVALID_DATA', httpStatus: 404 });
    expect(await readResult(adapter, id)).toEqual({ kind: 'notFound' });
    sandbox.state.rejectNext({ type: 'MALFORMED_URL', httpStatus: 404 });
    expect(await readResult(adapter, id)).toMatchObject({
      kind: 'problem',
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('MALFORMED_URL') },
    });
  });

  it('judges a cancel item by item, not by the outer SUCCESS', async () => {
    const { sandbox, adapter } = await start();
    const ended = sandbox.state.addJob({ status: 'SUCCESS' });
    const queued = sandbox.state.addJob({ status: 'QUEUED' });
    expect(await act(adapter, 'CANCEL', ended, queued)).toMatchObject([
      {
        kind: 'rejected',
        vendorCode: 'INVALID_DATA',
        problem: { code: 'VENDOR_REJECTED', message: expect.stringContaining(`Job [${ended}]`) },
      },
      { kind: 'accepted', job: null },
    ]);
    expect(await act(adapter, 'CANCEL', ended, 99)).toMatchObject([{ kind: 'rejected' }, { kind: 'rejected' }]);
  });

  it('matches the items of a cancel by position', async () => {
    const { sandbox, adapter } = await start();
    const { addJob } = sandbox.state;
    const [ended, queued, running, scheduled] = [
      addJob({ status: 'TIMEOUT' }),
      addJob({ status: 'QUEUED' }),
      addJob({ status: 'RUNNING' }),
      addJob({ status: 'SCHEDULED' }),
    ];
    const answers = await act(adapter, 'CANCEL', scheduled, 99, queued, ended, running);
    expect(kinds(answers)).toEqual(['accepted', 'rejected', 'accepted', 'rejected', 'rejected']);
    expect(answers[3]).toMatchObject({ problem: { message: expect.stringContaining(`[${ended}]`) } });

    // A list of another length has no positions to go by.
    const short = await startServer(() => ({ responseStatus: 'SUCCESS', data: [{ responseStatus: 'SUCCESS', data: { id: 5 } }] }));
    expect(kinds(await act(connect(short.url, settings), 'CANCEL', 5, 6))).toEqual(['inconclusive', 'inconclusive']);

    // Nor has a list in another order.
    const rejection = { responseStatus: 'FAILURE', errors: [{ type: 'INVALID_DATA', message: 'Job [6] is not found' }] };
    const data = [rejection, { responseStatus: 'SUCCESS', data: { id: 5 } }, { responseStatus: 'SUCCESS', data: { id: 7 } }];
    const crossed = await startServer(() => ({ responseStatus: 'SUCCESS', data }));
    expect(kinds(await act(connect(crossed.url, settings), 'CANCEL', 5, 6, 7))).toEqual(['inconclusive', 'inconclusive', 'accepted']);
  });

  it.each(['object', 'array'] as const)('reads `errors` as an %s', async (cancelErrors) => {
    const { adapter } = await start({ cancelErrors });
    const expected = {
      kind: 'rejected',
      vendorCode: 'INVALID_DATA',
      problem: { message: expect.stringContaining('Job [99] is not found') },
    };
    expect(await act(adapter, 'CANCEL', 99)).toMatchObject([expected]);
  });

  it('reports a canceled job as CANCELLING', async () => {
    const { sandbox, adapter } = await start({ cancellingMs: 60_000 });
    const id = sandbox.state.addJob();
    expect(await act(adapter, 'CANCEL', id)).toEqual([{ kind: 'accepted', job: null }]);
    expect(adapter.actions.CANCEL).toMatchObject({
      asynchronous: true,
      acceptedState: { status: 'CANCELLING', vendorStatus: 'CANCELLING' },
    });
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLING', finishedAt: null });
    sandbox.clock.advance(59_000);
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLING' });
    sandbox.clock.advance(11_000);
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
  });

  it("reads a job's status at most once in 10 seconds", async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ frozen: true });
    const statusReads = () => sandbox.requests.count('GET', `/services/jobs/${id}`);
    await read(adapter, id);
    expect(await readResult(adapter, id)).toMatchObject({ kind: 'problem', problem: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } });
    // The rejected request was not retried.
    expect(statusReads()).toBe(2);
    sandbox.clock.advance(10_000);

    expect(adapter.reads.minIntervalMs).toBe(10_000);
    const reader = createJobReader({ systemId: 'vault', adapter, concurrency: 4, scanLimit: 10_000 });
    const reads = await Promise.all([1, 2, 3].map(() => reader.read([String(id)], call)));
    expect(reads.flat()).toMatchObject([1, 2, 3].map(() => ({ kind: 'job', job: { status: 'QUEUED', stale: false } })));
    expect(await reader.read([String(id)], call)).toMatchObject([{ kind: 'job', job: { stale: true } }]);
    expect(statusReads()).toBe(3);
  });

  it('loses and repeats no row between pages', async () => {
    const { sandbox, adapter } = await start();
    const ids = [...sandbox.state.addJobs(401, { frozen: true }), ...sandbox.state.addJobs(450, { status: 'SUCCESS' })];
    expect(await listIds(adapter)).toEqual(ids);
    const targets = sandbox.requests.all().map(({ target }) => target.replace('/api/v26.1/services/jobs/', ''));
    expect(targets.slice(1)).toEqual([
      // Each response begins with the last row of the one before: so none was passed over.
      ...['monitors?limit=200', 'monitors?limit=200&offset=199', 'monitors?limit=200&offset=398'],
      ...['histories?limit=200', 'histories?limit=200&offset=199', 'histories?limit=200&offset=398'],
    ]);
  });

  it('filters by lowercase words, and only by those that mean one status', async () => {
    const { sandbox, adapter } = await start({ statusFilterCase: 'lower_only' });
    const { addJob } = sandbox.state;
    const success = addJob({ status: 'SUCCESS' });
    const scheduled = addJob({ status: 'SCHEDULED' });
    const queueing = addJob({ status: 'QUEUEING' });
    const cancelling = addJob({ status: 'CANCELLING' });
    expect(await listIds(adapter, { statuses: new Set(['SUCCEEDED']) })).toEqual([success]);
    expect(await listIds(adapter, { statuses: new Set(['SCHEDULED']) })).toEqual([scheduled]);
    expect(sandbox.requests.all().map(({ target }) => new URL(target, sandbox.url).searchParams.get('status'))).toEqual([
      null,
      'success',
      'scheduled',
    ]);
    // No value of the parameter means these.
    expect(await listIds(adapter, { statuses: new Set(['CANCELLING']) })).toContain(cancelling);
    expect(await listIds(adapter, { statuses: new Set(['QUEUED']) })).toContain(queueing);
  });

  it('finds scheduled jobs in monitors, and ended jobs in histories', async () => {
    const { sandbox, adapter } = await start();
    const scheduled = sandbox.state.addJob({ status: 'SCHEDULED' });
    const failed = sandbox.state.addJob({ status: 'TIMEOUT' });
    expect(await listIds(adapter)).toEqual([scheduled, failed]);
    sandbox.requests.clear();
    expect(await listIds(adapter, { statuses: new Set(['SCHEDULED', 'QUEUED']) })).toEqual([scheduled]);
    expect([sandbox.requests.count('GET', 'monitors'), sandbox.requests.count('GET', 'histories')]).toEqual([1, 0]);
    expect(await listIds(adapter, { statuses: new Set(['FAILED', 'CANCELLED']) })).toEqual([failed]);
    expect([sandbox.requests.count('GET', 'monitors'), sandbox.requests.count('GET', 'histories')]).toEqual([1, 1]);
  });

  it('shows no planned start as startedAt', async () => {
    const { sandbox, adapter } = await start({ cancellingMs: hourMs });
    const { addJob } = sandbox.state;
    const plannedStartMs = nowMs + hourMs;
    addJob({ title: 'scheduled', status: 'SCHEDULED', plannedStartMs });
    addJob({ title: 'missed', status: 'MISSED_SCHEDULE', plannedStartMs: nowMs - hourMs, startedAtMs: undefined });
    addJob({ title: 'running', status: 'RUNNING', startedAtMs: nowMs - 5_000 });
    const id = addJob({ title: 'cancelling', status: 'SCHEDULED', plannedStartMs });
    await act(adapter, 'CANCEL', id);
    const jobs = new Map((await list(adapter)).map((job) => [job.name, job]));
    expect(jobs.get('scheduled')).toMatchObject({ startedAt: null });
    expect(jobs.get('scheduled')?.raw()).toMatchObject({ run_start_date: new Date(plannedStartMs).toISOString() });
    expect(jobs.get('missed')).toMatchObject({ startedAt: null });
    expect(jobs.get('cancelling')).toMatchObject({ status: 'CANCELLING', startedAt: null });
    expect(jobs.get('running')).toMatchObject({ startedAt: new Date(nowMs - 5_000) });
  });

  it('sends nothing if the login opens another Vault', async () => {
    const { sandbox } = await start();
    const { username, password } = sandbox.state.users.ofOtherVault;
    const adapter = connect(sandbox.url, { version: 'v26.1', username, password });
    const id = sandbox.state.addJob();
    expect(await readResult(adapter, id)).toMatchObject({
      kind: 'problem',
      problem: {
        code: 'VENDOR_AUTHENTICATION_FAILED',
        message: expect.stringContaining('pm-northwind.veevavault.com'),
        retryAfterSeconds: 300,
      },
    });
    expect(await act(adapter, 'CANCEL', id)).toMatchObject([{ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }]);
    // Nothing but one login was sent.
    expect(sandbox.requests.all().map(({ target }) => target)).toEqual(['/api/v26.1/auth']);
  });

  it('shares one session, and waits after a rejected login', async () => {
    const { sandbox, adapter } = await start({ loginLimit: 2 });
    const ids = sandbox.state.addJobs(30);
    const results = await Promise.all(ids.map((id) => readResult(adapter, id)));
    expect(results.map((result) => result?.kind)).toEqual(ids.map(() => 'job'));
    await list(adapter);
    expect(sandbox.requests.count('POST', '/auth')).toBe(1);

    sandbox.state.sessions.endAll();
    sandbox.clock.advance(10_000);
    const again = await Promise.all(ids.map((id) => readResult(adapter, id)));
    expect(again.map((result) => result?.kind)).toEqual(ids.map(() => 'job'));
    expect(sandbox.requests.count('POST', '/auth')).toBe(2);
  });

  it.each([
    ['START', 'SCHEDULED', '/start_now/'],
    ['CANCEL', 'QUEUED', '/actions/cancel'],
  ] as const)('sends %s once after a timeout', async (action, status, path) => {
    const { sandbox, adapter } = await start({}, { timeoutMs: 300 });
    const id = sandbox.state.addJob({ status });
    for (const applied of [true, false]) {
      sandbox.requests.clear();
      sandbox.faults.add({ fault: { kind: 'hang', applied }, path });
      expect(await act(adapter, action, id)).toMatchObject([{ kind: 'inconclusive', problem: { code: 'TIMED_OUT' } }]);
      expect(sandbox.requests.count('POST', path)).toBe(1);
    }
    // Two starts could use up two planned runs, until 26.2 ruled that out.
    expect(adapter.actions.START.safeToRetry).toBe(false);
    expect(connect(sandbox.url, { ...sandbox.settings, version: 'v26.2' }).actions.START.safeToRetry).toBe(true);
  });

  it('sends Start Job as POST', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ status: 'SCHEDULED', plannedStartMs: nowMs + hourMs });
    expect(await act(adapter, 'START', id)).toEqual([{ kind: 'accepted', job: null }]);
    expect(sandbox.requests.all().at(-1)).toEqual({ method: 'POST', target: `/api/v26.1/services/jobs/start_now/${id}`, body: '' });
    expect(await read(adapter, id)).toMatchObject({ status: 'QUEUED', vendorStatus: 'QUEUEING' });
  });

  it('waits for the delayed responses of a throttled Vault', async () => {
    const { sandbox, adapter } = await start({ burstLimit: 0, throttleDelayMs: 500 });
    const id = sandbox.state.addJob({ status: 'SCHEDULED' });
    const startedAtMs = performance.now();
    expect(await read(adapter, id)).toMatchObject({ status: 'SCHEDULED' });
    expect(performance.now() - startedAtMs).toBeGreaterThan(450);
    expect(sandbox.requests.count('GET', `/services/jobs/${id}`)).toBe(1);
    expect(veevaVault.defaults.timeoutMs).toBeGreaterThanOrEqual(20_000);
  });

  it('sends job IDs as numbers, and compares them as text', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect(kinds(await act(adapter, 'CANCEL', id))).toEqual(['accepted']);
    expect(sandbox.requests.all().at(-1)?.body).toBe(`[{"job_id":${id}}]`);

    const echo = await startServer((_request, body) =>
      body.replace('[{"job_id":', '{"responseStatus":"SUCCESS","data":[{"responseStatus":"SUCCESS","data":{"id":').replace('}]', '}}]}'),
    );
    expect(kinds(await act(connect(echo.url, settings), 'CANCEL', '9007199254740993'))).toEqual(['accepted']);
    expect(echo.bodies[0]).toBe('[{"job_id":9007199254740993}]');
  });

  it('writes dates in filters as whole seconds with Z', async () => {
    const { sandbox, adapter } = await start({ dateForms: 'documented', dateBoundsInclusive: false });
    const inside = sandbox.state.addJob({ createdAtMs: nowMs - hourMs });
    const ended = sandbox.state.addJob({ createdAtMs: nowMs - hourMs, status: 'SUCCESS' });
    sandbox.state.addJob({ createdAtMs: nowMs - 60 * hourMs });
    const range = { createdFrom: new Date(nowMs - hourMs + 0.5), createdTo: new Date('2026-06-01T15:34:56.789+02:00') };
    expect(await listIds(adapter, range)).toEqual([inside, ended]);
    const [, monitors, histories] = sandbox.requests.all().map(({ target }) => new URL(target, sandbox.url).searchParams);
    expect([...(monitors ?? [])]).toEqual([
      ['limit', '200'],
      ['start_date', '2026-05-31T21:00:00Z'],
      ['end_date', '2026-06-02T03:34:56Z'],
    ]);
    // A job created in the range may have ended after it.
    expect([...(histories ?? [])]).toEqual([
      ['limit', '200'],
      ['start_date', '2026-05-31T21:00:00Z'],
    ]);
  });
});

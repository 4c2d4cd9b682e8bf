// The traps of src/vendors/kinetica/README.md, which lists the source of each.
import { describe, expect, it } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import { errorBody } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { call, connect, everything, list, nowMs, read, start, startSandbox, startServer, targets } from './setup.ts';

const plainUser = { username: 'svc_superset', password: 'read-only-7' };

describe('Traps of the Kinetica wire', () => {
  it('judges a cancel job by job, and calls no accepted job canceled', async () => {
    const { sandbox, adapter } = await start();
    const query = sandbox.state.addJob();
    const insert = sandbox.state.addJob({ endpoint: '/insert/records' });

    const answers = await adapter.performAction('CANCEL', targets(query, insert, '1'), call);

    expect(answers.map((answer) => answer.kind)).toEqual(['accepted', 'rejected', 'rejected']);
    expect(answers[0]).toEqual({ kind: 'accepted', job: null });
    expect(answers[1]).toMatchObject({ problem: { code: 'VENDOR_REJECTED', message: expect.stringContaining('cannot be cancelled') } });
    expect(adapter.actions.CANCEL.acceptedState).toBeNull();
  });

  it('parses data_str a second time, and shows the message of an ERROR whose data_str is empty', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect((await list(adapter)).map((job) => job.vendorId)).toEqual([id]);

    sandbox.faults.add({
      fault: {
        kind: 'answer',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: errorBody('Rank 3 lost its way (S/SDc:1513)'),
        applied: false,
      },
    });
    const [result] = await adapter.getJobs([id], call);
    expect(result).toMatchObject({ kind: 'problem', problem: { message: expect.stringContaining('Rank 3 lost its way (S/SDc:1513)') } });
  });

  it('returns ACCESS_DENIED for a 400 with Access denied, and keeps sending', async () => {
    const sandbox = await startSandbox();
    const adapter = connect(sandbox.url, plainUser);
    const id = sandbox.state.addJob();

    for (let round = 1; round <= 2; round += 1) {
      const [result] = await adapter.getJobs([id], call);
      expect(result).toMatchObject({
        kind: 'problem',
        problem: { code: 'ACCESS_DENIED', message: expect.stringContaining('Access denied') },
      });
      // Rejected credentials would be blocked for minutes.
      expect(sandbox.requests.count('POST', '/admin/show/jobs')).toBe(round);
    }
    const answers = await adapter.performAction('CANCEL', targets(id, '7'), call);
    expect(answers).toMatchObject([
      { kind: 'rejected', problem: { code: 'ACCESS_DENIED' } },
      { kind: 'rejected', problem: { code: 'ACCESS_DENIED' } },
    ]);
  });

  it.each([
    [502, 'SYSTEM_UNAVAILABLE'],
    [503, 'SYSTEM_UNAVAILABLE'],
    [504, 'TIMED_OUT'],
    [500, 'SYSTEM_UNAVAILABLE'],
    [401, 'VENDOR_AUTHENTICATION_FAILED'],
  ])('judges an HTML body of the HTTPD by its HTTP status, and keeps the cause (%i)', async (status, code) => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: { kind: 'answer', status, applied: false }, times: 'always' });
    const [result] = await adapter.getJobs(['7'], call);
    expect(result).toMatchObject({ kind: 'problem', problem: { code, message: expect.stringContaining(`HTTP ${status}`) } });
  });

  it('keeps every digit of an ID above 2^53', async () => {
    const { sandbox, adapter } = await start({ idBase: 'huge' });
    const ids = Array.from({ length: 4 }, () => sandbox.state.addJob());
    expect(ids[0]).toBe('9007199254740993');

    expect((await list(adapter)).map((job) => job.vendorId)).toEqual(ids);
    const [answer] = await adapter.performAction('CANCEL', targets('9007199254740993'), call);

    expect(answer?.kind).toBe('accepted');
    expect(ids.map((id) => sandbox.state.job(id)?.status)).toEqual(['CANCELLED', 'RUNNING', 'RUNNING', 'RUNNING']);
    expect(sandbox.requests.all().at(-1)?.body).toBe('{"job_ids":[9007199254740993],"action":"cancel","options":{}}');
    expect((await read(adapter, '9007199254740994')).status).toBe('RUNNING');
  });

  it('returns null for a column that is absent or too short', async () => {
    const { sandbox, adapter } = await start({ version: '6.2', listsItself: false });
    const first = sandbox.state.addJob({ queryText: 'SELECT 1' });
    const last = sandbox.state.addJob();
    expect((await read(adapter, first)).raw()).toMatchObject({ source_ip: null, query_text: null, flags: null });

    sandbox.switches.damage = 'unequal-columns';
    expect(await read(adapter, first)).toMatchObject({ type: '/execute/sql', owner: 'etl_fleet', status: 'RUNNING' });
    expect(await read(adapter, last)).toMatchObject({ type: null, owner: null, createdAt: null, status: 'RUNNING' });
  });

  it('rejects a list with fewer statuses than jobs', async () => {
    const { sandbox, adapter } = await start({ damage: 'short-status' });
    const id = sandbox.state.addJob();
    expect(await adapter.getJobs([id], call)).toMatchObject([{ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
    // The outcomes can't be matched with the jobs, and the request was carried out.
    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'inconclusive' }]);
  });

  it('reports a synchronous job that is no longer listed as not found, never as canceled', async () => {
    const { sandbox, adapter } = await start({ stopMs: 0 });
    const id = sandbox.state.addJob({ kind: 'sync' });
    expect(await adapter.performAction('CANCEL', targets(id), call)).toEqual([{ kind: 'accepted', job: null }]);
    expect(await adapter.getJobs([id], call)).toEqual([{ kind: 'notFound' }]);
  });

  it('lists ended asynchronous jobs', async () => {
    const { sandbox, adapter } = await start();
    const done = sandbox.state.addJob({ status: 'DONE' });
    expect((await list(adapter)).map((job) => job.vendorId)).toEqual([done]);
    expect((await read(adapter, done)).status).toBe('SUCCEEDED');
    for (const request of sandbox.requests.all()) expect(request.body).toBe('{"options":{"show_async_jobs":"true"}}');
  });

  it('reads time_received as milliseconds of createdAt, and leaves startedAt null', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ receivedAtMs: nowMs - 5000 });
    expect(await read(adapter, id)).toMatchObject({ createdAt: new Date('2026-06-01T11:59:55Z'), startedAt: null, finishedAt: null });
  });

  it('sends a failed cancel to no other cluster', async () => {
    const primary = await startSandbox({ cluster: 'primary' });
    const backup = await startSandbox({ cluster: 'backup' });
    const adapter = connect(primary.url, primary.settings);
    connect(backup.url, backup.settings);
    const id = primary.state.addJob();
    expect(backup.state.addJob()).toBe(id);
    primary.faults.add({ fault: { kind: 'reset', applied: false }, times: 'always' });

    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'inconclusive' }]);

    expect(primary.requests.count()).toBe(1);
    expect(backup.requests.count()).toBe(0);
    expect(backup.state.job(id)?.status).toBe('RUNNING');
  });

  it.each(['CANCELLING', 'RUNNING'] as const)(
    'reports CANCELLED in Get Job as CANCELLING while the job runs, listed as %s',
    async (stoppingWord) => {
      const { sandbox, adapter } = await start({ stoppingWord, stopMs: 1500 });
      const id = sandbox.state.addJob({ progress: 40 });
      await adapter.performAction('CANCEL', targets(id), call);

      const stopping = await read(adapter, id);
      expect(sandbox.state.job(id)).toMatchObject({ status: 'CANCELLED', running: true });
      expect(stopping.status).toBe(stoppingWord);
      expect(await adapter.getProgress?.(stopping, call)).toMatchObject({ ok: true, value: { fraction: 0.4 } });

      sandbox.clock.advance(1500);
      expect((await read(adapter, id)).status).toBe('CANCELLED');
    },
  );

  it('drops the result of a job, and caps the response size', async () => {
    const { sandbox, adapter } = await start({}, { maxResponseBytes: 1_000_000 });
    const id = sandbox.state.addJob();
    const job = await read(adapter, id);
    sandbox.state.changeJob(id, { status: 'DONE', response: JSON.stringify({ rows: 'x'.repeat(500_000) }) });
    const progress = await adapter.getProgress?.(job, call);
    expect(JSON.stringify(progress).length).toBeLessThan(200);
    expect(progress).toMatchObject({ ok: true, value: { fraction: 1 } });

    sandbox.state.changeJob(id, { response: JSON.stringify({ rows: 'x'.repeat(2_000_000) }) });
    expect(await adapter.getProgress?.(job, call)).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('1000000 bytes') },
    });
  });

  it('reads progress only if it is selected, and never of a job that is done', async () => {
    const { sandbox, adapter } = await start();
    for (let count = 0; count < 50; count += 1) sandbox.state.addJob({ runsMs: 10_000 });
    const done = sandbox.state.addJob({ status: 'DONE' });
    const sync = sandbox.state.addJob({ kind: 'sync' });
    sandbox.clock.advance(2500);

    const jobs = await list(adapter);
    expect(sandbox.requests.count()).toBe(1);
    expect(jobs.find((job) => job.vendorId === done)?.progress?.fraction).toBe(1);

    const [running] = jobs;
    expect(running?.progress).toBeUndefined();
    expect(await adapter.getProgress?.(await read(adapter, running?.vendorId ?? ''), call)).toMatchObject({ value: { fraction: 0.25 } });
    expect(sandbox.requests.count('POST', '/get/job')).toBe(1);
    // Only the response shows that a job in flight is not asynchronous.
    expect(await adapter.getProgress?.(await read(adapter, sync), call)).toEqual({ ok: true, value: null });
  });

  it('sends a cancel once, and never calls Create Job', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: { kind: 'answer', status: 502, applied: true }, path: '/admin/alter/jobs', times: 'always' });
    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'inconclusive' }]);
    await list(adapter);
    await adapter.getProgress?.(await read(adapter, id), call);
    await adapter.checkHealth(call);
    expect(sandbox.requests.count('POST', '/admin/alter/jobs')).toBe(1);
    expect(sandbox.requests.count('POST', '/create/job')).toBe(0);
  });

  it('sends no Authorization header without credentials', async () => {
    const seen: (string | undefined)[] = [];
    const url = await startServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(400, { 'content-type': 'application/json' }).end(errorBody('anything'));
    });
    await connect(url, {}).checkHealth(call);
    await connect(url, { token: 'abc' }).checkHealth(call);
    await connect(url, { username: 'ops_müller', password: 'grün' }).checkHealth(call);
    expect(seen).toEqual([undefined, 'Bearer abc', `Basic ${Buffer.from('ops_müller:grün', 'utf8').toString('base64')}`]);
  });

  it.each(['data-not-json', 'data-empty'] as const)('rejects %s as an invalid response, not an empty one', async (damage) => {
    const { sandbox, adapter } = await start({ damage });
    const id = sandbox.state.addJob();
    const source = adapter.listJobs(everything)[0];
    expect(await source?.readPage(startOfList, 50, call)).toMatchObject({ ok: false, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'inconclusive' }]);
  });

  it('closes the socket after a timeout', async () => {
    const closed: string[] = [];
    const url = await startServer((request) => {
      request.socket.once('close', () => closed.push(request.url ?? ''));
    });
    const adapter = connect(url, {}, { timeoutMs: 50 });
    expect(await adapter.performAction('CANCEL', targets('7'), call)).toMatchObject([
      { kind: 'inconclusive', problem: { code: 'TIMED_OUT' } },
    ]);
    await expect.poll(() => closed).toEqual(['/admin/alter/jobs']);
  });

  it.each(['', '/'])('keeps the path of the base URL (ending "%s")', async (ending) => {
    const sandbox = await startSandbox({ pathPrefix: '/gpudb-0' });
    const adapter = connect(sandbox.url + ending, sandbox.settings);
    const id = sandbox.state.addJob();
    expect((await read(adapter, id)).vendorId).toBe(id);
    expect(sandbox.requests.all()[0]?.target).toBe('/gpudb-0/admin/show/jobs');
  });

  it('accepts 64-bit IDs, and lists the 32-bit IDs of version 6.2', async () => {
    const { sandbox, adapter } = await start({ version: '6.2' });
    const id = sandbox.state.addJob();
    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'accepted' }]);
    expect(await adapter.performAction('CANCEL', targets('2147483648'), call)).toMatchObject([{ kind: 'rejected' }]);
    for (const wide of ['2147483648', '9007199254740993', '9223372036854775807']) expect(adapter.checkVendorId(wide)).toBeNull();
    expect(adapter.checkVendorId('9223372036854775808')).not.toBeNull();
  });

  it('hides the request that lists jobs, and cancels only named jobs', async () => {
    const { sandbox, adapter } = await start({ listsItself: true });
    const own = sandbox.state.addJob({ kind: 'sync', endpoint: '/admin/show/jobs', authId: 'admin' });
    const other = sandbox.state.addJob({ authId: 'admin' });
    const named = sandbox.state.addJob({ authId: 'admin' });

    expect((await list(adapter)).map((job) => job.vendorId)).toEqual([other, named]);
    expect(await adapter.getJobs([own], call)).toEqual([{ kind: 'notFound' }]);
    await adapter.performAction('CANCEL', targets(named), call);
    expect([own, other].map((id) => sandbox.state.job(id)?.status)).toEqual(['RUNNING', 'RUNNING']);
  });

  it.each(['first', 'joined'] as const)('gives no listed job the tag of the list (%s)', async (listTag) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ tag: 'nightly_77' });
    const untagged = await read(adapter, id);
    sandbox.switches.listTag = listTag;
    const job = await read(adapter, id);
    expect(job.raw()).toEqual(untagged.raw());
    expect(JSON.stringify({ ...job, raw: job.raw() })).not.toContain('nightly_77');
  });

  it('gives up a list that a busy head rank delays', async () => {
    const { sandbox, adapter } = await start({}, { timeoutMs: 50 });
    sandbox.faults.add({ fault: { kind: 'hang', applied: false }, times: 'always' });
    expect(await adapter.getJobs(['7'], call)).toMatchObject([{ kind: 'problem', problem: { code: 'TIMED_OUT', retryable: true } }]);

    const patient = connect(sandbox.url, sandbox.settings, { timeoutMs: 60_000 });
    const [result] = await patient.getJobs(['7'], { caller: 'test', signal: AbortSignal.timeout(50), credential: null });
    expect(result).toMatchObject({ kind: 'problem', problem: { code: 'TIMED_OUT' } });
  });
});

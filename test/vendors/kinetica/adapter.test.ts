import { describe, expect, it } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import { type JobAction, jobActions } from '../../../src/jobs/job.ts';
import { kinetica } from '../../../src/vendors/kinetica/index.ts';
import { startKineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { call, connect, everything, inventJob, list, read, start, startSandbox, targets } from './setup.ts';

describe('what the adapter declares', () => {
  it('offers cancel and nothing else', async () => {
    const { adapter } = await start();
    const offered = jobActions.filter((action) => adapter.actions[action].support !== 'UNSUPPORTED');
    expect(offered).toEqual(['CANCEL']);
    expect(adapter.reads).toEqual({ maxBatchSize: null, minIntervalMs: 0, scanFrom: null });
    expect(kinetica).toMatchObject({ name: 'kinetica', title: 'Kinetica' });
  });

  it.each(['0', '7', '971413', '9007199254740993', '9223372036854775807', '-7', '-9223372036854775808'])(
    'takes %s as an id',
    async (vendorId) => {
      const { adapter } = await start();
      expect(adapter.checkVendorId(vendorId)).toBeNull();
    },
  );

  it.each([
    '',
    '007',
    '-0',
    '-07',
    '+7',
    '7.0',
    '7e3',
    ' 7',
    '7\n',
    '٧',
    '0x7',
    'abc',
    '9223372036854775808',
    '-9223372036854775809',
    '1'.repeat(20),
  ])('rejects %j as an ID', async (vendorId) => {
    const { adapter } = await start();
    expect(adapter.checkVendorId(vendorId)).toContain('64-bit integer');
  });

  it.each([
    ['CANCEL', '/insert/records', 'insert, update, and delete'],
    ['CANCEL', '/insert/records/fromfiles', 'insert, update, and delete'],
    ['CANCEL', '/update/records', 'insert, update, and delete'],
    ['CANCEL', '/delete/records', 'insert, update, and delete'],
    ['CANCEL', '/admin/rebalance', 'administrative'],
    ['CANCEL', '/execute/sql', null],
    ['CANCEL', '/show/table', null],
    ['CANCEL', '/administer', null],
    ['CANCEL', null, null],
    ['PAUSE', '/insert/records', null],
  ] as const)('for %s of %s gives %j as the reason against it', async (action: JobAction, type: string | null, reason: string | null) => {
    const { adapter } = await start();
    const refusal = adapter.checkEligibility?.(action, inventJob(type)) ?? null;
    if (reason === null) expect(refusal).toBeNull();
    else expect(refusal).toContain(reason);
  });
});

describe('reading', () => {
  it('lists every job with one request, whatever the page', async () => {
    const { sandbox, adapter } = await start();
    const ids = Array.from({ length: 300 }, () => sandbox.state.addJob());
    const sources = adapter.listJobs({ ...everything, statuses: new Set(['FAILED']), text: 'nothing' });
    expect(sources).toMatchObject([{ name: 'jobs', order: { by: 'FIXED' }, exact: false, numbered: false }]);
    const page = await sources[0]?.readPage(startOfList, 10, call);
    expect(page).toMatchObject({ ok: true, value: { firstRow: 0, limit: null, total: null, nextPart: null, frontier: null } });
    expect(page?.ok && page.value.rows).toMatchObject(ids.map((vendorId) => ({ vendorId })));
    expect(sandbox.requests.count()).toBe(1);
  });

  it('reads any number of jobs by ID with one request, in the requested order', async () => {
    const { sandbox, adapter } = await start({ listOrder: 'scrambled' });
    const ids = Array.from({ length: 600 }, () => sandbox.state.addJob()).reverse();
    const results = await adapter.getJobs([...ids, '1'], call);
    expect(results.map((result) => (result.kind === 'job' ? result.job.vendorId : result.kind))).toEqual([...ids, 'notFound']);
    expect(sandbox.requests.count()).toBe(1);
  });

  it('reads the seeded jobs of the embedded sandbox', async () => {
    const sandbox = await startKineticaSandbox({ jobs: 120 });
    try {
      const jobs = await list(connect(sandbox.url, sandbox.settings));
      expect(jobs.length).toBeGreaterThan(80);
      expect(new Set(jobs.map((job) => job.status))).toEqual(new Set(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']));
      for (const job of jobs)
        expect(job).toMatchObject({ type: expect.stringMatching(/^\//), owner: expect.any(String), createdAt: expect.any(Date) });
    } finally {
      await sandbox.close();
    }
  });

  it('does not send a caller’s own credential to Kinetica', async () => {
    const sandbox = await startSandbox();
    const adapter = connect(sandbox.url, { username: 'admin', password: 'wrong' });
    const [result] = await adapter.getJobs(['7'], { ...call, credential: 'kin-oauth-5f0c9e3a7b' });
    expect(result).toMatchObject({ problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
    // Counted as a trial of the configured ones: none goes out again.
    await adapter.getJobs(['7'], { ...call, credential: 'kin-oauth-5f0c9e3a7b' });
    expect(sandbox.requests.count()).toBe(1);
  });

  it('logs in with a user of any alphabet, with a token, and without credentials if none are required', async () => {
    const sandbox = await startSandbox();
    for (const settings of [{ username: 'ops_müller', password: 'grün&Größe7' }, { token: 'kin-oauth-5f0c9e3a7b' }]) {
      expect(await list(connect(sandbox.url, settings))).toEqual([]);
    }
    const [refused] = await connect(sandbox.url, {}).getJobs(['7'], call);
    expect(refused).toMatchObject({
      problem: { code: 'VENDOR_AUTHENTICATION_FAILED', message: expect.stringContaining('none are configured') },
    });
    sandbox.switches.authentication = 'off';
    expect(await list(connect(sandbox.url, {}))).toEqual([]);
  });
});

describe('canceling', () => {
  it('names 500 jobs in one request', async () => {
    const { sandbox, adapter } = await start();
    const ids = Array.from({ length: adapter.actions.CANCEL.requestSize }, () => sandbox.state.addJob());
    const answers = await adapter.performAction('CANCEL', targets(...ids), call);
    expect(answers).toHaveLength(500);
    expect(answers.every((answer) => answer.kind === 'accepted')).toBe(true);
    expect(sandbox.requests.count()).toBe(1);
  });

  it('sends nothing for no jobs', async () => {
    const { sandbox, adapter } = await start();
    expect(await adapter.performAction('CANCEL', [], call)).toEqual([]);
    expect(sandbox.requests.count()).toBe(0);
  });
});

describe('the check', () => {
  it.each([
    ['running', null],
    ['draining', { code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('"draining"') }],
    ['drained', { code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('"drained"') }],
    ['stopped', { code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('"stopped"') }],
    ['shutting-down', { code: 'SYSTEM_UNAVAILABLE', message: expect.stringContaining('System shutting down') }],
  ] as const)('of a system that is %s', async (system, problem) => {
    const { adapter } = await start({ system });
    const found = await adapter.checkHealth(call);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatchObject(problem);
  });

  it('reports that no server listens', async () => {
    const sandbox = await startSandbox();
    await sandbox.close();
    expect(await connect(sandbox.url, sandbox.settings).checkHealth(call)).toMatchObject({ code: 'SYSTEM_UNAVAILABLE' });
  });

  it('reports a URL without the proxy’s path', async () => {
    const sandbox = await startSandbox({ pathPrefix: '/gpudb-0' });
    const problem = await connect(sandbox.url.replace('/gpudb-0', ''), sandbox.settings).checkHealth(call);
    expect(problem).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('/gpudb-0') });
  });
});

describe('the progress', () => {
  it('is null for a job that is gone, and a problem where it can’t be read', async () => {
    const { sandbox, adapter } = await start();
    const job = await read(adapter, sandbox.state.addJob());
    sandbox.state.removeJob(job.vendorId);
    expect(await adapter.getProgress?.(job, call)).toEqual({ ok: true, value: null });
    sandbox.faults.add({ fault: { kind: 'answer', status: 503, applied: false }, times: 'always' });
    expect(await adapter.getProgress?.(job, call)).toMatchObject({ ok: false, problem: { code: 'SYSTEM_UNAVAILABLE' } });
  });
});

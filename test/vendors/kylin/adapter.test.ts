import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { performAction } from '../../../src/actions/perform-action.ts';
import type { JobAction } from '../../../src/jobs/job.ts';
import { kylin } from '../../../src/vendors/kylin/index.ts';
import type { KylinSwitches } from '../../../src/vendors/kylin/sandbox/switches.ts';
import { call, connect, minuteMs, nowMs, read, readAll, sentActions, start, startServer, targetsOf, toSystem } from './setup.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';

describe('Reading by id', () => {
  it('finds a job, and reports a missing one', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({
      state: 'RUNNING',
      subject: 'customer_360',
      submitter: 'etl_svc',
      type: 'INDEX_MERGE',
      project: 'finance',
    });
    expect(await read(adapter, id)).toMatchObject({
      vendorId: id,
      name: 'customer_360',
      type: 'INDEX_MERGE',
      status: 'RUNNING',
      owner: 'etl_svc',
      scope: 'finance',
      createdAt: new Date(nowMs),
      startedAt: new Date(nowMs),
    });
    expect(await adapter.getJobs([unknownId], call)).toEqual([{ kind: 'notFound' }]);
    expect(sandbox.requests.all()).toHaveLength(2);
  });

  it('finds jobs whose ID has the model ID after the UUID, and finds no other job', async () => {
    const { sandbox, adapter } = await start();
    const model = '9a4c7d52-7f5e-4c40-a6ce-0b1f1d2e3c4b';
    const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'].map((id) => `${id}-${model}`);
    for (const id of ids) sandbox.state.addJob({ id });
    for (const id of ids) expect((await read(adapter, id)).vendorId).toBe(id);
    expect(await adapter.getJobs([model], call)).toEqual([{ kind: 'notFound' }]);
    expect(await adapter.getJobs(['11111111-1111-4111-8111-111111111111'], call)).toEqual([{ kind: 'notFound' }]);
  });

  it('ignores names that contain the ID, and reports a problem for a job that a name hides', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.addJob({ subject: `copy_of_${id}` });
    expect((await read(adapter, id)).vendorId).toBe(id);
    sandbox.state.addJob({ subject: id });
    expect(await adapter.getJobs([id], call)).toMatchObject([{ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  });

  it('rejects an invalid ID without a request', async () => {
    const { sandbox, adapter } = await start();
    expect(adapter.checkVendorId(unknownId)).toBeNull();
    expect(adapter.checkVendorId(unknownId.replaceAll('0', 'A'))).toContain('UUID');
    expect(sandbox.requests.all()).toEqual([]);
  });

  it('shows the steps', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'ERROR', runMs: 100_000, ranMs: 50_000 });
    const job = await read(adapter, id);
    const steps = await adapter.getSteps?.(job, call);
    if (!steps?.ok || !steps.value) throw new Error('No steps');
    expect(steps.value.map(({ id: stepId, name, status }) => [stepId, name, status])).toEqual([
      [`${id}_00`, 'Detect Resource', 'SUCCEEDED'],
      [`${id}_01`, 'Load Data To Index', 'FAILED'],
      [`${id}_02`, 'Update Metadata', 'QUEUED'],
    ]);
    expect(steps.value[0]).toMatchObject({
      vendorStatus: 'FINISHED',
      startedAt: job.startedAt,
      finishedAt: expect.any(Date),
      message: null,
    });
    expect(steps.value[1]).toMatchObject({ finishedAt: null, message: expect.stringMatching(/^\S.{5,299}$/) });

    sandbox.requests.clear();
    expect(await adapter.getSteps?.({ ...job, scope: null }, call)).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_VENDOR_RESPONSE' },
    });
    expect(sandbox.requests.all()).toEqual([]);
  });

  it('returns null for the steps of a job whose record Kylin can not read', async () => {
    const url = await startServer((_request, response) => response.end('{"code":"000","data":null,"msg":""}'));
    const { sandbox, adapter } = await start();
    const job = await read(adapter, sandbox.state.addJob());
    expect(await connect(url, sandbox.settings).getSteps?.(job, call)).toEqual({ ok: true, value: null });
  });
});

const actionCases: [JobAction, string, string[], string][] = [
  ['CANCEL', 'DISCARD', ['READY', 'PENDING', 'RUNNING', 'PAUSED', 'ERROR'], 'CANCELLED'],
  ['PAUSE', 'PAUSE', ['READY', 'PENDING', 'RUNNING'], 'PAUSED'],
  ['RESUME', 'RESUME', ['PAUSED', 'ERROR'], 'QUEUED'],
  ['RESTART', 'RESTART', ['RUNNING', 'PAUSED', 'ERROR'], 'QUEUED'],
];
const states = ['READY', 'PENDING', 'RUNNING', 'PAUSED', 'ERROR', 'SUCCEED', 'DISCARDED', 'SUICIDAL'] as const;

describe('Acting', () => {
  it.each(actionCases)('%s is taken from exactly the statuses it declares', async (action, word, fromStates, status) => {
    const { sandbox, adapter } = await start();
    for (const state of states) {
      const id = sandbox.state.addJob({ state, createTime: nowMs - minuteMs });
      const [target] = await targetsOf(adapter, id);
      if (!target?.job) throw new Error('No job');
      const isAllowed = fromStates.includes(state);
      expect([state, adapter.actions[action].allowedStatuses.includes(target.job.status)]).toEqual([state, isAllowed]);

      const [answer] = await adapter.performAction(action, [target], call);
      expect([state, answer?.kind]).toEqual([state, isAllowed ? 'accepted' : 'rejected']);
      expect(sentActions(sandbox).at(-1)).toEqual({ action: word, project: 'retail', job_ids: [id] });
      const after = await read(adapter, id);
      expect([state, after.status]).toEqual([state, isAllowed ? status : target.job.status]);
    }
  });

  it('declares what it can', async () => {
    const { adapter } = await start();
    const { CANCEL, PAUSE, RESUME, RESTART, START } = adapter.actions;
    for (const support of [CANCEL, PAUSE, RESUME, RESTART]) {
      expect(support).toMatchObject({
        support: 'NATIVE_BATCH',
        maxBatchSize: null,
        requestSize: 100,
        readBeforeAction: true,
        asynchronous: false,
      });
    }
    expect([CANCEL, PAUSE, RESUME, RESTART].map(({ safeToRetry }) => safeToRetry)).toEqual([true, true, true, false]);
    expect(START.support).toBe('UNSUPPORTED');
  });

  it('changes 250 jobs of two projects in three requests, none for both', async () => {
    const { sandbox, adapter } = await start();
    const ids = Array.from({ length: 250 }, (_, index) =>
      sandbox.state.addJob({ state: 'PAUSED', project: index % 5 === 0 ? 'finance' : 'retail' }),
    );
    const results = await performAction(toSystem(adapter), 'CANCEL', ids, { dryRun: false }, call);
    expect(ids.every((id) => results.get(id)?.outcome === 'CONFIRMED')).toBe(true);
    expect(ids.every((id) => sandbox.state.getJob(id)?.state === 'DISCARDED')).toBe(true);
    // 200 of retail are two requests, 50 of finance one.
    expect(sandbox.requests.count('PUT')).toBe(3);
    // Reading 250 one by one would be 500 requests, before and after.
    expect(sandbox.requests.count('GET')).toBe(2);
  });

  it('distinguishes a resumed job that failed again from one that was not resumed', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'ERROR' });
    const before = await read(adapter, id);
    const { tookEffect } = adapter.actions.RESUME;
    expect(tookEffect?.(before, before)).toBe(false);
    sandbox.clock.advance(minuteMs);
    sandbox.state.changeJob(id, { state: 'RUNNING' });
    expect(tookEffect?.(before, await read(adapter, id))).toBe(true);
    sandbox.state.changeJob(id, { state: 'ERROR' });
    expect(tookEffect?.(before, await read(adapter, id))).toBe(true);
    expect(tookEffect?.({ ...before, status: 'PAUSED', finishedAt: null }, before)).toBe(true);
    expect(tookEffect?.(null, before)).toBe(false);
  });

  it.each([
    ['before the jobs are changed', 'KE-010032217', 'afterRead'],
    ['while its turn comes', 'KE-010032211', 'beforeUpdate'],
  ] as const)('learns of a job that ended %s', async (_when, vendorCode, moment) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'RUNNING' });
    const targets = await targetsOf(adapter, id);
    if (moment === 'afterRead') sandbox.state.changeJob(id, { state: 'SUCCEED' });
    else sandbox.state.hooks.beforeUpdate = () => sandbox.state.changeJob(id, { state: 'SUCCEED' });
    expect(await adapter.performAction('PAUSE', targets, call)).toMatchObject([
      { kind: 'rejected', vendorCode, problem: { code: 'VENDOR_REJECTED' } },
    ]);
  });

  it('reads the response of another node', async () => {
    const { sandbox, adapter } = await start({ cluster: 'twoNodes' });
    const id = sandbox.state.addJob({ state: 'RUNNING', node: 'node2' });
    const targets = await targetsOf(adapter, id);
    sandbox.state.hooks.beforeUpdate = () => sandbox.state.changeJob(id, { state: 'SUCCEED' });
    const [answer] = await adapter.performAction('PAUSE', targets, call);
    expect(answer).toMatchObject({ kind: 'rejected', vendorCode: 'KE-010032211', problem: { code: 'VENDOR_REJECTED' } });
    expect(JSON.stringify(answer)).toContain('as it is in SUCCEED status');
  });

  it('reports an unknown outcome if the response of another node is unreadable', async () => {
    const { sandbox, adapter } = await start();
    const targets = await targetsOf(adapter, sandbox.state.addJob());
    const msg = 'KE-000027004(Failed Forward Metadata Action):Invalid response 502 with url http://node2:7070/x\n<html>Bad Gateway</html>';
    const body = JSON.stringify({ code: '999', data: null, msg, error_code: 'KE-000027004' });
    sandbox.faults.add({
      method: 'PUT',
      fault: { kind: 'answer', status: 500, headers: { 'content-type': 'application/json' }, body, applied: true },
    });
    const [answer] = await adapter.performAction('CANCEL', targets, call);
    expect(answer).toMatchObject({ kind: 'inconclusive', problem: { code: 'SYSTEM_UNAVAILABLE' } });
    expect(JSON.stringify(answer)).not.toContain('<html>');
  });
});

describe('Every position of every switch', () => {
  const positions: Partial<KylinSwitches>[] = [
    {},
    { lockout: false },
    { loginNames: 'exact' },
    { otherAccept: 'served' },
    { globalList: 'permitted' },
    { listShape: 'documented' },
    { errorShape: 'documented' },
    { errorContentType: 'json' },
    { missingParameterCode: 'KE-010000003' },
    { stacktrace: 'withheld' },
    { keySearch: 'subjectOrId' },
    { extraFields: true },
    { killDelayMs: 20 },
    { cluster: 'twoNodes' },
    { cluster: 'twoNodes', errorShape: 'documented', stacktrace: 'withheld' },
    { listShape: 'documented', errorShape: 'documented', keySearch: 'subjectOrId', missingParameterCode: 'KE-010000003' },
  ];

  it.each(positions)('%o: lists, reads, acts, rejects, and shows steps', async (switches) => {
    const { sandbox, adapter } = await start(switches);
    const running = sandbox.state.addJob({ state: 'RUNNING', node: 'node1' });
    const elsewhere = sandbox.state.addJob({ state: 'RUNNING', node: 'node2', type: 'SNAPSHOT_BUILD' });
    const failed = sandbox.state.addJob({ state: 'ERROR', project: 'finance', dataRangeEnd: '9223372036854775807' });
    const done = sandbox.state.addJob({ state: 'SUCCEED' });
    const all = [running, elsewhere, failed, done];

    expect(await adapter.checkHealth(call)).toBeNull();
    expect((await readAll(adapter, {}, 3)).map(({ vendorId }) => vendorId).sort()).toEqual([...all].sort());
    expect((await readAll(adapter, { statuses: new Set(['FAILED']) })).map(({ vendorId }) => vendorId)).toEqual([failed]);
    expect((await readAll(adapter, { types: ['SNAPSHOT_BUILD'] })).map(({ vendorId }) => vendorId)).toEqual([elsewhere]);
    expect(await adapter.getJobs([unknownId], call)).toEqual([{ kind: 'notFound' }]);

    const system = toSystem(adapter);
    const outcome = async (action: JobAction, ids: string[]) => {
      const results = await performAction(system, action, ids, { dryRun: false }, call);
      return ids.map((id) => results.get(id)?.outcome);
    };
    expect(await outcome('PAUSE', [running, elsewhere])).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(await outcome('RESUME', [running, elsewhere, failed])).toEqual(['CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
    sandbox.clock.advance(minuteMs);
    expect(await outcome('RESTART', [running])).toEqual(['CONFIRMED']);
    expect(await outcome('CANCEL', [...all, unknownId])).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CONFIRMED',
      'ACTION_NOT_ALLOWED',
      'JOB_NOT_FOUND',
    ]);

    const [target] = await targetsOf(adapter, done);
    if (!target?.job) throw new Error('No job');
    expect(await adapter.performAction('CANCEL', [target], call)).toMatchObject([{ kind: 'rejected', vendorCode: 'KE-010032217' }]);
    expect(await adapter.performAction('CANCEL', [{ vendorId: unknownId, job: null }], call)).toEqual([{ kind: 'notFound' }]);
    expect(await adapter.getSteps?.(target.job, call)).toMatchObject({ ok: true, value: [{ status: 'SUCCEEDED' }, {}, {}] });
  });

  it.each(['queryOnly', 'noJobNode', 'maintenance', 'recovering'] as const)(
    'node %s: reads still work, and an action certainly changes nothing',
    async (node) => {
      const { sandbox, adapter } = await start({ node });
      const id = sandbox.state.addJob();
      const answers = await adapter.performAction('CANCEL', await targetsOf(adapter, id), call);
      expect(answers).toMatchObject([{ kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE', retryable: node !== 'queryOnly' } }]);
      expect(sandbox.requests.count('PUT')).toBe(1);
    },
  );

  it('a locked account: nothing more is tried', async () => {
    const { sandbox } = await start();
    const account = sandbox.state.accounts.find('ADMIN', true);
    if (!account) throw new Error('No account');
    Object.assign(account, { locked: true, wrongTime: 3, lockedTime: nowMs });
    const adapter = connect(sandbox.url, sandbox.settings);
    const message = expect.stringContaining('locked');
    expect(await adapter.getJobs([unknownId], call)).toMatchObject([
      { kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED', message } },
    ]);
    expect(await adapter.getJobs([unknownId], call)).toMatchObject([
      { kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } },
    ]);
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  it('an expired session is of no concern: every request brings its credentials', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    await read(adapter, id);
    sandbox.state.expireSessions();
    expect((await read(adapter, id)).vendorId).toBe(id);
    expect(sandbox.requests.all()).toHaveLength(2);
  });
});

describe('The request', () => {
  it('has the headers that Kylin wants, and no cookie', async () => {
    const seen: Record<string, unknown>[] = [];
    const url = await startServer((request, response) => {
      seen.push({ method: request.method, url: request.url, ...request.headers });
      response.setHeader('set-cookie', 'SESSION=abc');
      response.end('{"code":"000","data":"","msg":""}');
    });
    const adapter = connect(`${url}/`, { username: 'jörg', password: 'p:w' });
    const target = { vendorId: unknownId, job: null };
    await adapter.performAction('CANCEL', [target], call);
    await adapter.performAction('CANCEL', [target], { ...call, credential: 'a credential that Kylin has no use for' });
    const expected = {
      method: 'PUT',
      url: '/kylin/api/jobs/status',
      accept: 'application/vnd.apache.kylin-v4-public+json',
      'accept-language': 'en',
      'content-type': 'application/json;charset=utf-8',
      authorization: `Basic ${Buffer.from('jörg:p:w').toString('base64')}`,
    };
    expect(seen).toMatchObject([expected, expected]);
    for (const headers of seen) expect(headers).not.toHaveProperty('cookie');
  });
});

describe('The settings', () => {
  const schema = kylin.settings(z.string().min(1));

  it.each([
    [{ username: 'svc', password: 'x' }, true],
    [{ username: 'svc:x', password: 'x' }, false],
    [{ username: '', password: 'x' }, false],
    [{ username: 'svc' }, false],
    [{ password: 'x' }, false],
    [{ username: 'svc', password: 'x', token: 'y' }, false],
    [{ username: 'svc', password: 'x', projects: ['retail', 'finance'] }, true],
    [{ username: 'svc', password: 'x', projects: [] }, false],
    [{ username: 'svc', password: 'x', projects: 'retail' }, false],
    [{ username: 'svc', password: 'x', projects: ['retail', 'RETAIL'] }, false],
    [{ username: 'svc', password: 'x', projects: [' '] }, false],
    [{ username: 'svc', password: 'x', projects: Array.from({ length: 101 }, (_, index) => `p${index}`) }, false],
  ])('%o: %s', (settings, isValid) => {
    expect(schema.safeParse(settings).success).toBe(isValid);
  });
});

import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/actions/decide.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import { addDag } from './sandbox-client.ts';
import { call, connect, minuteMs, nowMs, perform, read, requested, sentBodies, start, startSandbox, targetsOf } from './setup.ts';

describe('Credentials', () => {
  it('are exchanged for a token once, which all requests share', async () => {
    const { sandbox, adapter } = await start();
    const ids = [1, 2, 3].map(() => sandbox.state.addJob());
    await Promise.all(ids.map((id) => read(adapter, id)));
    expect(sandbox.requests.count('POST', '/auth/token')).toBe(1);
    expect(sentBodies(sandbox, 'POST', '/auth/token')).toEqual([{ username: 'op', password: 'night-shift' }]);
  });

  it.each(['simple', 'fab'] as const)('that are wrong are tried once (%s)', async (authManager) => {
    const { sandbox, adapter } = await start({ authManager }, { password: 'wrong' });
    for (let count = 0; count < 3; count += 1) {
      expect(await adapter.checkHealth(call)).toMatchObject({
        code: 'VENDOR_AUTHENTICATION_FAILED',
        retryAfterSeconds: expect.any(Number),
      });
    }
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  it('can be a token, which is sent as it is', async () => {
    const sandbox = await startSandbox();
    const user = sandbox.state.users.find('op');
    if (!user) throw new Error('No user');
    const adapter = connect(sandbox.url, { token: sandbox.state.tokens.issue(user, 60), cancellationNotes: true });
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(sandbox.requests.count('POST')).toBe(0);
    sandbox.clock.advance(2 * minuteMs);
    expect(await adapter.checkHealth(call)).toMatchObject({
      code: 'VENDOR_AUTHENTICATION_FAILED',
      message: expect.stringContaining('Token Expired'),
    });
    const sent = sandbox.requests.all().length;
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    expect(sandbox.requests.all()).toHaveLength(sent);
  });

  it('can be those of the caller', async () => {
    const sandbox = await startSandbox();
    const viewer = sandbox.state.users.find('viewer');
    if (!viewer) throw new Error('No user');
    const adapter = connect(sandbox.url, { cancellationNotes: true });
    const id = sandbox.state.addJob({ state: 'running' });
    const credential = sandbox.state.tokens.issue(viewer, 60);
    expect(await adapter.getJobs([id], { ...call, credential })).toMatchObject([{ kind: 'job' }]);
    expect(await perform(adapter, 'CANCEL', id, { ...requested, credential })).toMatchObject({ outcome: 'ACCESS_DENIED' });
    expect(await adapter.getJobs([id], { ...call, credential: 'a b' })).toMatchObject([
      { kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } },
    ]);
  });

  it('are renewed once, not again and again', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({
      path: '/api/v2/',
      times: 'always',
      fault: {
        kind: 'answer',
        status: 401,
        applied: false,
        headers: { 'content-type': 'application/json' },
        body: '{"detail":"Token Expired"}',
      },
    });
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    expect(sandbox.requests.all()).toHaveLength(4);
  });

  it('are not blamed for a failed server', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ path: '/auth/token', fault: { kind: 'answer', status: 503, applied: false } });
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'SYSTEM_UNAVAILABLE' });
    expect(await adapter.checkHealth(call)).toBeNull();
  });
});

describe('A cancellation', () => {
  it('of a queued run ends it before it starts', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'archive_logs' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state }) => state)).toEqual(['skipped']);
  });

  it('takes two requests, after the login', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    await perform(adapter, 'CANCEL', id);
    expect(sandbox.requests.all().map(({ method }) => method)).toEqual(['POST', 'GET', 'PATCH']);
  });

  it.each([true, false])('whose response is lost is proven by the line in the note (applied: %s)', async (applied) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    sandbox.faults.add({ method: 'PATCH', fault: { kind: 'reset', applied } });
    const result = await perform(adapter, 'CANCEL', id);
    expect(result).toMatchObject(
      applied ? { outcome: 'CONFIRMED', job: { status: 'CANCELLED' } } : { outcome: 'OUTCOME_UNKNOWN', safeToRetry: true },
    );
  });

  it('whose response is lost is not taken for the effect if the run failed by itself', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    const [target] = await targetsOf(adapter, id);
    sandbox.state.changeJob(id, { state: 'failed', endMs: nowMs });
    const [lost] = [
      { kind: 'inconclusive', problem: { code: 'TIMED_OUT', message: 'x', retryable: true, retryAfterSeconds: null } } as const,
    ];
    const attempt = {
      systemId: 'flow',
      adapter,
      action: 'CANCEL',
      before: target?.job ?? null,
      response: lost,
      attemptedAt: new Date(),
      overdueAt: null,
    } as const;
    const verdict = decide(attempt, { kind: 'job', job: await read(adapter, id) }, new Date());
    expect(verdict.result).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
  });

  it('of a run whose DAG is gone is rejected', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'old_exports', state: 'running', isFrozen: true });
    sandbox.state.changeDag('old_exports', { isGone: true });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({
      outcome: 'VENDOR_REJECTED',
      problem: { message: expect.stringContaining('Dag with id old_exports was not found') },
    });
  });

  it('of a run that was deleted meanwhile finds no job', async () => {
    const { sandbox, adapter } = await start();
    expect(await perform(adapter, 'CANCEL', 'etl_orders/none')).toMatchObject({ outcome: 'JOB_NOT_FOUND' });
    expect(sandbox.requests.count('PATCH')).toBe(0);
  });

  it.each(['{}', '{"dag_id":"etl_orders","dag_run_id":"another","state":"failed"}', '[]', '<html>'])(
    'whose response is not about the run is read again: %s',
    async (body) => {
      const { sandbox, adapter } = await start();
      const id = sandbox.state.addJob({ state: 'running' });
      const headers = { 'content-type': 'application/json' };
      sandbox.faults.add({ method: 'PATCH', fault: { kind: 'answer', status: 200, applied: false, headers, body } });
      expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', job: { status: 'RUNNING' } });
    },
  );

  it.each([500, 502, 504])('with HTTP %i may have been performed', async (status) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    sandbox.faults.add({ method: 'PATCH', fault: { kind: 'answer', status, applied: true } });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED' });
  });
});

describe('Without lines in notes', () => {
  const withoutNotes = { cancellationNotes: false };

  it('a cancellation leaves the note, and the run is failed', async () => {
    const { sandbox, adapter } = await start({}, withoutNotes);
    const id = sandbox.state.addJob({ state: 'running', note: 'mine' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'FAILED' } });
    expect(sentBodies(sandbox, 'PATCH', '/dagRuns/')).toEqual([{ state: 'failed' }]);
    expect(sandbox.state.getJob(id)?.note).toBe('mine');
  });

  it('a run with a teardown task is accepted, and confirmed when it has failed', async () => {
    const { sandbox, adapter } = await start({}, withoutNotes);
    const id = sandbox.state.addJob({ dagId: 'load_test', state: 'running' });
    const result = await perform(adapter, 'CANCEL', id);
    expect(result).toMatchObject({ outcome: 'ACCEPTED', job: { status: 'RUNNING' } });
    sandbox.clock.advance(minuteMs);
    const later = {
      systemId: 'flow',
      adapter,
      action: 'CANCEL',
      before: null,
      response: { kind: 'acceptedBefore' },
      attemptedAt: new Date(),
      overdueAt: null,
    } as const;
    expect(decide(later, { kind: 'job', job: await read(adapter, id) }, new Date()).result.outcome).toBe('CONFIRMED');
  });

  it('a confirmed cancellation is not contradicted by the failed run, but by one that succeeded', async () => {
    const { sandbox, adapter } = await start({}, withoutNotes);
    const confirmed = {
      systemId: 'flow',
      adapter,
      action: 'CANCEL',
      before: null,
      response: { kind: 'confirmedBefore', confirmedAt: new Date() },
      attemptedAt: new Date(),
      overdueAt: null,
    } as const;
    const outcomeFor = async (state: 'failed' | 'success') => {
      const job = createJob('flow', await read(adapter, sandbox.state.addJob({ state })), new Date());
      return decide(confirmed, { kind: 'job', job }, new Date()).result.outcome;
    };
    expect(await outcomeFor('failed')).toBe('CONFIRMED');
    expect(await outcomeFor('success')).toBe('ACTION_NOT_ALLOWED');
  });
});

describe('A restart', () => {
  it.each([true, false])('whose response is lost is proven by the run (applied: %s)', async (applied) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'failed' });
    sandbox.faults.add({ method: 'POST', path: '/clear', fault: { kind: 'reset', applied } });
    const result = await perform(adapter, 'RESTART', id);
    expect(result).toMatchObject(
      applied ? { outcome: 'CONFIRMED', job: { status: 'QUEUED' } } : { outcome: 'OUTCOME_UNKNOWN', safeToRetry: false },
    );
  });

  it('of a run of a paused DAG waits', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'archive_logs', state: 'success' });
    expect(await perform(adapter, 'RESTART', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED' } });
  });
});

describe('Actions that Airflow does not have for one run', () => {
  it('PAUSE is not supported', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    expect(await perform(adapter, 'PAUSE', id)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'ACTION_NOT_SUPPORTED' } });
    expect(await adapter.performAction('PAUSE', [{ vendorId: id, job: null }], call)).toMatchObject([{ kind: 'notSent' }]);
    expect(sandbox.requests.count('PATCH')).toBe(0);
  });
});

describe('Progress', () => {
  const progressOf = async (adapter: Awaited<ReturnType<typeof start>>['adapter'], id: string) =>
    adapter.getProgress?.(await read(adapter, id), call);

  it('counts the tasks of one page', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    sandbox.clock.advance(3 * minuteMs);
    expect(await progressOf(adapter, id)).toEqual({
      ok: true,
      value: { fraction: 1 / 3, succeededTasks: 1, failedTasks: 0, remainingTasks: 2 },
    });
    expect(sandbox.requests.count('GET', '/taskInstances')).toBe(1);
  });

  it('lets the server count more tasks', async () => {
    const { sandbox, adapter } = await start();
    addDag(sandbox, 'many', [{ taskId: 'part', mapped: 250 }]);
    const id = sandbox.state.addJob({ dagId: 'many', state: 'running', isFrozen: true });
    for (const [index, task] of (sandbox.state.getJob(id)?.tasks ?? []).entries())
      task.state = index < 200 ? 'success' : index < 210 ? 'failed' : index < 220 ? 'upstream_failed' : null;
    expect(await progressOf(adapter, id)).toEqual({
      ok: true,
      value: { fraction: 220 / 250, succeededTasks: 200, failedTasks: 10, remainingTasks: 30 },
    });
    const steps = await adapter.getSteps?.(await read(adapter, id), call);
    expect(steps?.ok && steps.value).toHaveLength(250);
  });

  it('is unknown for a run without tasks', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ tasks: [], isFrozen: true });
    expect(await progressOf(adapter, id)).toEqual({ ok: true, value: null });
  });
});

describe('A failure', () => {
  const failureOf = async (adapter: Awaited<ReturnType<typeof start>>['adapter'], id: string) => {
    const { getFailure } = adapter;
    if (typeof getFailure !== 'function') throw new Error('No failures');
    return getFailure(await read(adapter, id), call);
  };

  it('without a reason in the log names the task', async () => {
    const { sandbox, adapter } = await start({ logs: 'unreachable' });
    const id = sandbox.state.addJob({ dagId: 'import_legacy', state: 'failed' });
    expect(await failureOf(adapter, id)).toMatchObject({
      ok: true,
      value: { message: 'The task import failed on try 1. Its log shows no reason.', code: null },
    });
  });

  it('of a run without failed tasks is unknown', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'archive_logs' });
    sandbox.state.markRun(id, 'failed');
    expect(await failureOf(adapter, id)).toEqual({ ok: true, value: null });
  });
});

describe('Health', () => {
  it('is proven by a request with credentials', async () => {
    const { sandbox, adapter } = await start();
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(sandbox.requests.all().at(-1)?.target).toBe('/api/v2/dags?limit=1');
  });
});

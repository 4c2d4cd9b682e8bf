import { describe, expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import { startOfList } from '../../../src/jobs/adapter.ts';
import { addDag } from './sandbox-client.ts';
import {
  call,
  connect,
  listOf,
  minuteMs,
  notesOf,
  nowMs,
  perform,
  read,
  readAll,
  requested,
  sentBodies,
  sentQueries,
  start,
  startSandbox,
  toSystem,
} from './setup.ts';

describe('Canceling', () => {
  it('sends nothing for a run that has ended', async () => {
    const { sandbox, adapter } = await start();
    for (const [state, status] of [
      ['success', 'SUCCEEDED'],
      ['failed', 'FAILED'],
    ] as const) {
      const id = sandbox.state.addJob({ state });
      expect(await perform(adapter, 'CANCEL', id)).toMatchObject({
        outcome: 'ACTION_NOT_ALLOWED',
        problem: { code: 'WRONG_STATUS' },
        job: { status },
      });
      expect(sandbox.state.getJob(id)?.state).toBe(state);
    }
    expect(sandbox.requests.count('PATCH')).toBe(0);
  });

  it('reads the run again right before it sends the cancellation', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    const job = await read(adapter, id);
    sandbox.state.markRun(id, 'success');
    expect(await adapter.performAction('CANCEL', [{ vendorId: id, job }], requested)).toMatchObject([{ kind: 'rejected' }]);
    expect(sandbox.requests.count('PATCH')).toBe(0);
  });

  it('shows a failed run with its line as canceled', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running', note: 'see DATA-4711' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({
      outcome: 'CONFIRMED',
      job: { status: 'CANCELLED', vendorStatus: 'failed' },
    });
    expect(notesOf(sandbox, id)).toEqual([
      'see DATA-4711',
      expect.stringMatching(/^Canceled through Jobyard \(run queued \S+\) by key:ops: wrong table$/),
    ]);
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLED' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'ALREADY_DONE' });
  });

  it('shows a run with a teardown task as canceling until that has ended', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'load_test', state: 'running' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({
      outcome: 'ACCEPTED',
      job: { status: 'CANCELLING', vendorStatus: 'running' },
    });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(sandbox.requests.count('PATCH')).toBe(1);
    sandbox.clock.advance(minuteMs);
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLED', finishedAt: new Date(nowMs + 30_000) });
  });

  it('adds no line to a full note, and still tells what became of the run', async () => {
    const { sandbox, adapter } = await start();
    const note = 'x'.repeat(1_000);
    const id = sandbox.state.addJob({ state: 'running', note });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'FAILED' } });
    expect(sentBodies(sandbox, 'PATCH', '/dagRuns/')).toEqual([{ state: 'failed' }]);
    expect(sandbox.state.getJob(id)?.note).toBe(note);
  });
});

describe('Running again', () => {
  it('restarts with dry_run false', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success' });
    expect(await perform(adapter, 'RESTART', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED', startedAt: null } });
    expect(sentBodies(sandbox, 'POST', '/clear')).toEqual([{ dry_run: false, only_failed: false }]);
  });

  it('shows a restarted run that fails as failed, not as canceled', async () => {
    const { sandbox, adapter } = await start();
    addDag(sandbox, 'breaks', [{ taskId: 'a', failures: 9 }]);
    const id = sandbox.state.addJob({ dagId: 'breaks', state: 'running', queuedMs: nowMs - minuteMs });
    await perform(adapter, 'CANCEL', id);
    expect(await perform(adapter, 'RESTART', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED' } });
    expect(notesOf(sandbox, id)).toHaveLength(1);
    sandbox.clock.advance(60 * minuteMs);
    expect(await read(adapter, id)).toMatchObject({ status: 'FAILED' });
  });

  it('restarts no run that runs', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'failed', isFrozen: true });
    const job = await read(adapter, id);
    sandbox.state.changeJob(id, { state: 'running' });
    expect(await adapter.performAction('RESTART', [{ vendorId: id, job }], call)).toMatchObject([{ kind: 'rejected' }]);
    expect(await perform(adapter, 'RESTART', id)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
    expect(sandbox.requests.count('POST', '/clear')).toBe(0);
    expect(adapter.actions.RESTART.safeToRetry).toBe(false);
  });

  it('resumes only runs whose tasks were not skipped, and of which one failed', async () => {
    const { sandbox, adapter } = await start();
    const failed = sandbox.state.addJob({ state: 'failed' });
    expect(await perform(adapter, 'RESUME', failed)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED' } });

    const skipped = sandbox.state.addJob({ state: 'running' });
    sandbox.state.markRun(skipped, 'failed');
    const empty = sandbox.state.addJob({ state: 'failed' });
    for (const task of sandbox.state.getJob(empty)?.tasks ?? []) task.state = 'success';
    for (const [id, why] of [
      [skipped, 'some of its tasks were skipped'],
      [empty, 'it has no failed task'],
    ] as const) {
      expect(await perform(adapter, 'RESUME', id)).toMatchObject({
        outcome: 'ACTION_NOT_ALLOWED',
        problem: { code: 'NOT_ELIGIBLE', message: expect.stringContaining(why) },
      });
      expect(sandbox.state.getJob(id)?.state).toBe('failed');
    }
    expect(adapter.actions.RESUME.uncertain?.statuses).toEqual(['FAILED']);
  });
});

describe('Errors', () => {
  it('logs in again after an expired or invalid token', async () => {
    const { sandbox, adapter } = await start({ tokenSeconds: 3_600 });
    const id = sandbox.state.addJob({ state: 'running' });
    await read(adapter, id);
    sandbox.clock.advance(3_700_000);
    await read(adapter, id);
    expect(sandbox.requests.count('POST', '/auth/token')).toBe(2);
    sandbox.state.tokens.changeSecret();
    await read(adapter, id);
    expect(sandbox.requests.count('POST', '/auth/token')).toBe(3);
  });

  it('reports a missing permission as denied access, not as a missing run', async () => {
    const { sandbox, adapter } = await start({}, { username: 'ada', password: 'x' });
    sandbox.state.users.add({ username: 'ada', password: 'x', role: 'user', dags: ['etl_orders'] });
    const other = sandbox.state.addJob({ dagId: 'train_model', state: 'running' });
    expect(await adapter.getJobs([other, 'train_model/none', 'etl_orders/none'], call)).toMatchObject([
      { kind: 'problem', problem: { code: 'ACCESS_DENIED' } },
      { kind: 'problem', problem: { code: 'ACCESS_DENIED' } },
      { kind: 'notFound' },
    ]);
    expect(await readAll(adapter)).toEqual([]);
    const own = sandbox.state.addJob({ state: 'running' });
    const results = await performAction(toSystem(adapter), 'CANCEL', [other, own], { dryRun: false }, requested);
    expect([results.get(other), results.get(own)]).toMatchObject([{ outcome: 'ACCESS_DENIED' }, { outcome: 'CONFIRMED' }]);
  });

  it.each([
    ['/api', 'has no Airflow 3 API at url (HTTP 404)'],
    ['/api/v2', 'has no Airflow 3 API at url (HTTP 404)'],
    ['/home', 'HTTP 405'],
  ])('reports a wrong url: %s', async (path, message) => {
    const sandbox = await startSandbox();
    const adapter = connect(sandbox.url + path, { token: 'a.b.c', cancellationNotes: true });
    const login = connect(sandbox.url + path, sandbox.settings);
    const problems = [await adapter.checkHealth(call), await login.checkHealth(call)];
    expect(problems).toMatchObject([{ code: 'INVALID_VENDOR_RESPONSE' }, { code: 'INVALID_VENDOR_RESPONSE' }]);
    if (path !== '/home') expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.message).toContain('url');
  });

  it('quotes no input of a rejected request', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    const detail = [{ type: 'enum', loc: ['body', 'state'], msg: 'Input should be fine', input: 'hunter2', ctx: { password: 'hunter2' } }];
    sandbox.faults.add({
      method: 'PATCH',
      fault: {
        kind: 'answer',
        status: 422,
        applied: false,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ detail }),
      },
    });
    const result = await perform(adapter, 'CANCEL', id);
    expect(result).toMatchObject({
      outcome: 'VENDOR_REJECTED',
      problem: { message: expect.stringContaining('body.state: Input should be fine') },
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('Lists', () => {
  it('repeats parameters, and sends times with a zone', async () => {
    const { sandbox, adapter } = await start();
    const statuses = new Set(['QUEUED', 'RUNNING'] as const);
    await readAll(adapter, { statuses, types: ['manual', 'scheduled'], createdFrom: new Date(nowMs - 1), createdTo: new Date(nowMs) });
    expect(sentQueries(sandbox)[0]).toEqual({
      order_by: ['-run_after'],
      limit: ['50'],
      offset: ['0'],
      state: ['queued', 'running'],
      run_type: ['manual', 'scheduled'],
      run_after_gte: ['2026-06-01T11:59:59.999Z'],
      run_after_lte: ['2026-06-01T12:00:00.000999Z'],
    });
  });

  it('filters by the end, for which a run that goes on counts as ending now', async () => {
    const { sandbox, adapter } = await start();
    const ended = sandbox.state.addJob({ state: 'success', endMs: nowMs - minuteMs });
    sandbox.state.addJob({ state: 'success', endMs: nowMs - 3 * minuteMs });
    const rows = await readAll(adapter, { finishedFrom: new Date(nowMs - 2 * minuteMs), finishedTo: new Date(nowMs - minuteMs) });
    expect(rows.map(({ vendorId }) => vendorId)).toEqual([ended]);
    expect(sentQueries(sandbox)[0]).toMatchObject({
      end_date_gte: ['2026-06-01T11:58:00.000Z'],
      end_date_lte: ['2026-06-01T11:59:00.000999Z'],
    });
  });

  it('lists the newest runs first', async () => {
    const { sandbox, adapter } = await start();
    const ids = [3, 1, 2].map((age) => sandbox.state.addJob({ runAfterMs: nowMs - age * minuteMs, isFrozen: true }));
    expect((await readAll(adapter)).map(({ vendorId }) => vendorId)).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('reads on after a page that the server cut', async () => {
    const { sandbox, adapter } = await start({ maximumPageLimit: 7 });
    for (let index = 0; index < 40; index += 1) sandbox.state.addJob({ runAfterMs: nowMs - index * minuteMs, isFrozen: true });
    expect(await readAll(adapter)).toHaveLength(40);
    expect(await readAll(adapter, { order: null })).toHaveLength(40);
  });

  it('distinguishes runs of two DAGs with the same run ID', async () => {
    const { sandbox, adapter } = await start();
    const ids = ['etl_orders', 'train_model'].map((dagId) => sandbox.state.addJob({ dagId, runId: 'scheduled__1', state: 'running' }));
    await perform(adapter, 'CANCEL', ids[0] ?? '');
    expect(ids.map((id) => sandbox.state.getJob(id)?.state)).toEqual(['failed', 'running']);
    expect(new Set((await readAll(adapter)).map(({ vendorId }) => vendorId))).toEqual(new Set(ids));
  });

  it('reads a page again that came in another order', async () => {
    const { sandbox, adapter } = await start({ version: '3.1' });
    for (let age = 0; age < 5; age += 1) sandbox.state.addJob({ runAfterMs: nowMs - age * minuteMs, isFrozen: true });
    await listOf(adapter, { order: { field: 'CREATED_AT', direction: 'ASC' } }).readPage(startOfList, 5, call);
    sandbox.switches.sortRace = true;
    const page = await listOf(adapter).readPage(startOfList, 5, call);
    if (!page.ok) throw new Error(page.problem.message);
    const times = page.value.rows.map((row) => ('createdAtMs' in row ? row.createdAtMs : null));
    expect(times).toEqual([0, 1, 2, 3, 4].map((age) => nowMs - age * minuteMs));
    expect(sentQueries(sandbox)).toHaveLength(3);
  });

  it('lists nothing for a filter without scopes', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.addJob();
    expect(
      adapter.listJobs({
        statuses: null,
        types: null,
        owners: null,
        scopes: [],
        text: null,
        createdFrom: null,
        createdTo: null,
        order: null,
      }),
    ).toEqual([]);
  });

  it('lists runs of a DAG that is gone', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'old_exports', state: 'success' });
    sandbox.state.changeDag('old_exports', { isGone: true });
    sandbox.state.addJob();
    expect((await readAll(adapter, { scopes: ['old_exports', 'none'] })).map(({ vendorId }) => vendorId)).toEqual([id]);
    expect(listOf(adapter, { scopes: ['old_exports'] }).exact).toBe(true);
  });

  it('filters by type only if the server knows it', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.addJob();
    await readAll(adapter, { types: ['manual', 'of a later release'] });
    expect(sentQueries(sandbox)[0]).not.toHaveProperty('run_type');
    expect(listOf(adapter, { types: ['manual', 'of a later release'] }).exact).toBe(false);
  });

  it('finds runs of the last microsecond of a range', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ runAfterMs: nowMs, micros: 999, isFrozen: true });
    expect((await readAll(adapter, { createdTo: new Date(nowMs) })).map(({ vendorId }) => vendorId)).toEqual([id]);
    expect(await readAll(adapter, { createdTo: new Date(nowMs - 1) })).toEqual([]);
  });

  it.each(['3.0', '3.1', '3.2.1', '3.2.2', '3.3'] as const)('works with every release: %s', async (version) => {
    const { sandbox, adapter } = await start({ version, missingTimes: 'last' });
    const ids = [1, 2, 3].map((age) => sandbox.state.addJob({ runAfterMs: nowMs - age * minuteMs, isFrozen: true, state: 'running' }));
    for (const query of [{}, { order: null }, { scopes: ['etl_orders'] }, { statuses: new Set(['RUNNING'] as const) }]) {
      expect(await readAll(adapter, query)).toHaveLength(3);
    }
    const [first = ''] = ids;
    expect(await perform(adapter, 'CANCEL', first)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(await perform(adapter, 'RESTART', first)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED' } });
    expect(await adapter.checkHealth(call)).toBeNull();
  });
});

describe('Details', () => {
  it('keeps the ID of a step over its tries', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'train_model', state: 'success' });
    const idsOf = async () => {
      const steps = await adapter.getSteps?.(await read(adapter, id), call);
      return steps?.ok ? steps.value?.map((step) => step.id).sort() : null;
    };
    const before = await idsOf();
    const uuids = sandbox.state.getJob(id)?.tasks.map(({ uuid }) => uuid);
    await perform(adapter, 'RESTART', id);
    sandbox.clock.advance(60 * minuteMs);
    expect(await idsOf()).toEqual(before);
    expect(before).toEqual(['prepare', 'train/0', 'train/1', 'train/2']);
    expect(sandbox.state.getJob(id)?.tasks.map(({ uuid }) => uuid)).not.toEqual(uuids);
  });

  it('finds the reason of a failure at the end of the log', async () => {
    const { sandbox, adapter } = await start({ logPageRows: 2 });
    addDag(sandbox, 'breaks', [{ taskId: 'a' }, { taskId: 'b', failures: 9, retries: 1 }, { taskId: 'c' }]);
    const id = sandbox.state.addJob({ dagId: 'breaks' });
    sandbox.clock.advance(60 * minuteMs);
    const job = await read(adapter, id);
    const failure = await (adapter.getFailure as Exclude<typeof adapter.getFailure, 'fromSteps' | undefined>)(job, call);
    expect(failure).toMatchObject({
      ok: true,
      value: {
        message: 'AirflowException: b of breaks: the target rejected the data',
        code: 'AirflowException',
        step: { id: 'b', status: 'FAILED', message: 'AirflowException: b of breaks: the target rejected the data' },
      },
    });
    expect(sandbox.requests.all().at(-1)?.target).toContain('/taskInstances/b/logs/2?');
  });
});

import { describe, expect, it } from 'vitest';
import { addDag, startClient } from './sandbox-client.ts';
import { send, wireFacts } from './wire-facts.ts';

describe('What a real Airflow responds', () => {
  it.each(wireFacts)('$title', async (fact) => {
    const { sandbox, tokens } = await startClient();
    addDag(sandbox, 'sleeps', [{ taskId: 'rest' }]);
    addDag(sandbox, 'succeeds', [{ taskId: 'copy' }]);
    sandbox.state.changeDag('succeeds', { params: { table: 'string' } });
    const [, runId] = sandbox.state.addJob({ dagId: 'sleeps', runId: 'fact', state: 'running', isFrozen: true }).split('/');
    const { status, text } = await send(fact, { url: sandbox.url, tokens, run: `/api/v2/dags/sleeps/dagRuns/${runId}` });
    expect({ status, text }).toEqual({ status: fact.status, text: expect.stringContaining(fact.contains) });
  });
});

describe('PATCH to failed', () => {
  it('stops what runs, skips what waits, and ends the run', async () => {
    const { sandbox, patch } = await startClient();
    const id = sandbox.state.addJob({ state: 'running' });
    expect(await patch(id, { state: 'failed', note: 'enough' })).toMatchObject({
      state: 'failed',
      note: 'enough',
      end_date: expect.any(String),
    });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state }) => state)).toEqual(['failed', 'skipped', 'skipped']);
    expect(sandbox.state.countProcesses(id)).toBe(1);
    sandbox.clock.advance(5_000);
    expect(sandbox.state.countProcesses(id)).toBe(0);
  });

  it('relabels a run that had succeeded, and leaves its end', async () => {
    const { sandbox, patch } = await startClient();
    const id = sandbox.state.addJob({ state: 'success' });
    const before = sandbox.state.getJob(id)?.endMs;
    expect(await patch(id, { state: 'failed' })).toMatchObject({ state: 'failed' });
    expect(sandbox.state.getJob(id)?.endMs).toBe(before);
  });

  it('leaves a run with a teardown task running, until that has ended', async () => {
    const { sandbox, patch, get } = await startClient();
    const id = sandbox.state.addJob({ dagId: 'load_test', state: 'running' });
    expect(await patch(id, { state: 'failed' })).toMatchObject({ state: 'running' });
    sandbox.clock.advance(31_000);
    expect(await get(id)).toMatchObject({ state: 'failed' });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state }) => state)).toEqual(['failed', 'skipped', 'success']);
  });

  it('also fails the instances of a mapped task that had succeeded', async () => {
    const { sandbox, patch } = await startClient();
    const id = sandbox.state.addJob({ dagId: 'train_model', state: 'running', isFrozen: true });
    const [prepare, first, second, third] = sandbox.state.getJob(id)?.tasks ?? [];
    if (!prepare || !first || !second || !third) throw new Error('No tasks');
    prepare.state = 'success';
    first.state = 'success';
    second.state = 'running';
    await patch(id, { state: 'failed' });
    expect([prepare, first, second, third].map(({ state }) => state)).toEqual(['success', 'failed', 'failed', 'failed']);
  });

  it('changes a run of a stale DAG, and rejects one whose DAG is gone, which still can be read', async () => {
    const { sandbox, request, get, patch } = await startClient();
    expect(
      await patch(sandbox.state.addJob({ dagId: 'old_exports', state: 'running', isFrozen: true }), { state: 'failed' }),
    ).toMatchObject({ state: 'failed' });
    const id = sandbox.state.addJob({ dagId: 'old_exports', state: 'running', isFrozen: true });
    sandbox.state.changeDag('old_exports', { isGone: true });
    expect(await request('PATCH', id, { state: 'failed' })).toMatchObject({
      status: 404,
      body: { detail: 'Dag with id old_exports was not found' },
    });
    expect(await get(id)).toMatchObject({ state: 'running' });
  });
});

describe('A trigger', () => {
  it('queues a run without a logical date, which waits while its DAG is paused', async () => {
    const { sandbox, request, get } = await startClient();
    const body = { logical_date: null, dag_run_id: 'again', conf: { table: 'orders' }, note: 'why' };
    const { body: row } = await request('POST', 'archive_logs', body);
    expect(row).toMatchObject({ ...body, state: 'queued', run_type: 'manual', triggering_user_name: 'op' });
    sandbox.clock.advance(3_600_000);
    expect(await get('archive_logs/again')).toMatchObject({ state: 'queued' });
    sandbox.state.changeDag('archive_logs', { isPaused: false });
    sandbox.clock.advance(3_600_000);
    expect(await get('archive_logs/again')).toMatchObject({ state: 'success' });
  });

  it('is rejected by a DAG with import errors, and from 3.2 on by one that takes no manual runs', async () => {
    const { sandbox, request } = await startClient();
    sandbox.state.changeDag('etl_orders', { hasImportErrors: true });
    sandbox.state.changeDag('train_model', { takesManualRuns: false });
    for (const dagId of ['etl_orders', 'train_model']) {
      expect(await request('POST', dagId, { logical_date: null })).toMatchObject({ status: 400, body: { detail: expect.any(String) } });
    }
    sandbox.switches.version = '3.1';
    expect(await request('POST', 'train_model', { logical_date: null })).toMatchObject({ status: 200 });
  });
});

describe('A clear', () => {
  it('changes nothing by default', async () => {
    const { sandbox, request } = await startClient();
    const id = sandbox.state.addJob({ state: 'failed' });
    expect(await request('POST', id, {}, '/clear')).toMatchObject({ status: 200, body: { total_entries: 3 } });
    expect(sandbox.state.getJob(id)?.state).toBe('failed');
  });

  it('queues a run that had ended, which then runs again', async () => {
    const { sandbox, request, get } = await startClient();
    const id = sandbox.state.addJob({ state: 'success', startMs: sandbox.clock.now() - 3_600_000 });
    const cleared = await request('POST', id, { dry_run: false }, '/clear');
    expect(cleared.body).toMatchObject({ state: 'queued', start_date: null, end_date: null });
    sandbox.clock.advance(1_000);
    expect(await get(id)).toMatchObject({ state: 'running' });
    sandbox.clock.advance(3_600_000);
    expect(await get(id)).toMatchObject({ state: 'success' });
    expect(sandbox.state.getJob(id)?.tasks.map(({ tryNumber }) => tryNumber)).toEqual([2, 2, 2]);
  });

  it('of failed tasks leaves out the skipped ones, so that a canceled run ends well without them', async () => {
    const { sandbox, patch, request, get } = await startClient();
    const id = sandbox.state.addJob({ state: 'running' });
    await patch(id, { state: 'failed' });
    await request('POST', id, { dry_run: false, only_failed: true }, '/clear');
    sandbox.clock.advance(3_600_000);
    expect(await get(id)).toMatchObject({ state: 'success' });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state }) => state)).toEqual(['success', 'skipped', 'skipped']);
  });

  it('of a running run restarts its task, and moves the time at which it was queued', async () => {
    const { sandbox, request } = await startClient();
    const id = sandbox.state.addJob({ state: 'running', queuedMs: sandbox.clock.now() - 60_000, isFrozen: true });
    const { body } = await request('POST', id, { dry_run: false }, '/clear');
    expect(body).toMatchObject({ state: 'running', start_date: expect.any(String) });
    expect(sandbox.state.getJob(id)).toMatchObject({ queuedMs: sandbox.clock.now() });
    expect(sandbox.state.getJob(id)?.tasks[0]?.state).toBe('restarting');
  });
});

describe('The scheduler', () => {
  it('runs tasks one after another, repeats a failed try, and ends the run', async () => {
    const { sandbox, get } = await startClient();
    const id = sandbox.state.addJob({ dagId: 'publish_report' });
    sandbox.clock.advance(3_600_000);
    expect(await get(id)).toMatchObject({ state: 'success' });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state, tryNumber }) => [state, tryNumber])).toEqual([
      ['success', 1],
      ['success', 2],
    ]);
  });

  it('ends a run as failed if a task fails, and does not run what follows it', async () => {
    const { sandbox, get } = await startClient();
    addDag(sandbox, 'breaks', [{ taskId: 'a', failures: 9 }, { taskId: 'b' }, { taskId: 'clean', isTeardown: true }]);
    const id = sandbox.state.addJob({ dagId: 'breaks' });
    sandbox.clock.advance(3_600_000);
    expect(await get(id)).toMatchObject({ state: 'failed' });
    expect(sandbox.state.getJob(id)?.tasks.map(({ state }) => state)).toEqual(['failed', 'upstream_failed', 'success']);
  });

  it('starts no run of a paused DAG, and none before its time', async () => {
    const { sandbox, get } = await startClient();
    const paused = sandbox.state.addJob({ dagId: 'archive_logs' });
    const later = sandbox.state.addJob({ runAfterMs: sandbox.clock.now() + 10 * 60_000 });
    sandbox.clock.advance(5 * 60_000);
    expect([await get(paused), await get(later)]).toMatchObject([{ state: 'queued' }, { state: 'queued' }]);
    sandbox.state.changeDag('archive_logs', { isPaused: false });
    sandbox.clock.advance(6 * 60_000);
    expect([await get(paused), await get(later)]).toMatchObject([{ state: 'success' }, { state: 'running' }]);
  });

  it('lets new runs arrive only with the switch', async () => {
    const { sandbox } = await startClient({ arrivals: true });
    const { sandbox: quiet } = await startClient();
    for (const { clock, url } of [sandbox, quiet]) {
      clock.advance(600_000);
      await fetch(`${url}/api/v2/version`);
    }
    expect(sandbox.state.jobCount()).toBeGreaterThan(8);
    expect(quiet.state.jobCount()).toBe(0);
  });
});

describe('Releases', () => {
  it('have the fields, conditions, and requests of their version', async () => {
    const { sandbox, get, list, request } = await startClient({ version: '3.0' });
    const id = sandbox.state.addJob({ runId: 'first' });
    sandbox.state.addJob({ runId: 'second' });
    expect(await get(id)).not.toHaveProperty('triggering_user_name');
    expect(await list('run_id_pattern=fir')).toMatchObject({ total_entries: 2 });
    expect(await list('cursor=')).not.toHaveProperty('next_cursor');
    expect(await request('POST', id, { dry_run: true, only_new: true }, '/clear')).toMatchObject({ status: 422 });
    sandbox.switches.version = '3.3';
    expect(await get(id)).toHaveProperty('partition_date');
    expect(await list('run_id_pattern=FIR')).toMatchObject({ total_entries: 1 });
    expect(await request('POST', id, { dry_run: true, only_new: true }, '/clear')).toMatchObject({ status: 200 });
  });

  it('reduce the limit silently from 3.2 on', async () => {
    const { sandbox, list } = await startClient({ version: '3.1', maximumPageLimit: 2 });
    for (let count = 0; count < 5; count += 1) sandbox.state.addJob();
    expect((await list('limit=4')).dag_runs).toHaveLength(4);
    sandbox.switches.version = '3.2.1';
    expect((await list('limit=4')).dag_runs).toHaveLength(2);
  });

  it('page by cursor from 3.2.2 on, in one order', async () => {
    const { sandbox, list, request } = await startClient();
    const ids = Array.from({ length: 5 }, () => sandbox.state.addJob().split('/')[1]);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { dag_runs: { dag_run_id: string }[]; next_cursor: string | null } = await list(`limit=2&order_by=id&cursor=${cursor}`);
      seen.push(...page.dag_runs.map(({ dag_run_id }) => dag_run_id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids);
    const first = await list('limit=2&order_by=id&cursor=');
    expect(await request('GET', '~', undefined, `?order_by=run_after&cursor=${first.next_cursor}`)).toMatchObject({ status: 400 });
  });

  it('sort missing times as their database does', async () => {
    const { sandbox, list } = await startClient();
    const queued = sandbox.state.addJob({ isFrozen: true });
    const ended = sandbox.state.addJob({ state: 'success' });
    const order = async (by: string) =>
      (await list(`order_by=${by}`)).dag_runs.map(({ dag_run_id }: { dag_run_id: string }) => `etl_orders/${dag_run_id}`);
    expect(await order('end_date')).toEqual([ended, queued]);
    expect(await order('-end_date')).toEqual([queued, ended]);
    sandbox.switches.missingTimes = 'last';
    expect(await order('-end_date')).toEqual([ended, queued]);
  });

  it('treat a run without an end as one that ends now', async () => {
    const { sandbox, list } = await startClient();
    sandbox.state.addJob({ isFrozen: true });
    expect(await list(`end_date_gte=${new Date(sandbox.clock.now() - 1_000).toISOString()}`)).toMatchObject({ total_entries: 1 });
  });
});

describe('Rights', () => {
  it('on single DAGs leave out the others in lists, and deny them by ID, whether they exist or not', async () => {
    const { sandbox, logIn } = await startClient();
    sandbox.state.users.add({ username: 'ada', password: 'x', role: 'user', dags: ['etl_orders'] });
    sandbox.state.addJob();
    const other = sandbox.state.addJob({ dagId: 'train_model', isFrozen: true });
    const headers = { authorization: `Bearer ${await logIn('ada', 'x')}` };
    const get = (path: string) => fetch(`${sandbox.url}/api/v2/dags/${path}`, { headers });
    expect(await (await get('~/dagRuns')).json()).toMatchObject({ total_entries: 1 });
    expect((await get(other.replace('/', '/dagRuns/'))).status).toBe(403);
    expect((await get('none/dagRuns/x')).status).toBe(403);
  });

  it('end with the token', async () => {
    const { sandbox, tokens } = await startClient({ tokenSeconds: 60 });
    const status = async () => (await fetch(`${sandbox.url}/api/v2/dags`, { headers: { authorization: `Bearer ${tokens.user}` } })).status;
    expect(await status()).toBe(200);
    sandbox.clock.advance(69_000);
    expect(await status()).toBe(200);
    sandbox.clock.advance(2_000);
    expect(await status()).toBe(401);
  });
});

describe('Bulk PATCH of 3.3', () => {
  it('names what it changed, and nothing that is missing', async () => {
    const { sandbox, request } = await startClient();
    const id = sandbox.state.addJob({ state: 'running', isFrozen: true });
    const entity = (vendorId: string) => ({ dag_id: vendorId.split('/')[0], dag_run_id: vendorId.split('/')[1], state: 'failed' });
    const actions = (onMissing: string) => ({
      actions: [{ action: 'update', action_on_non_existence: onMissing, entities: [entity(id), entity('etl_orders/none')] }],
    });
    expect((await request('PATCH', '~', actions('fail'))).body).toMatchObject({ update: { success: [], errors: [{ status_code: 404 }] } });
    expect(sandbox.state.getJob(id)?.state).toBe('running');
    expect((await request('PATCH', '~', actions('skip'))).body).toMatchObject({ update: { success: [id.replace('/', '.')], errors: [] } });
    sandbox.switches.version = '3.2.2';
    expect(await request('PATCH', '~', actions('skip'))).toMatchObject({ status: 405 });
  });
});

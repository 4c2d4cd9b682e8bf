import { expect, test } from 'vitest';
import type { InternalState } from '../../../src/vendors/kylin/sandbox/job.ts';
import { basic, startMs, startSandbox } from './sandbox-client.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';

/** Public statuses and the actions Kylin allows in them. */
const allowed: [InternalState, string, string[]][] = [
  ['READY', 'PENDING', ['PAUSE', 'DISCARD']],
  ['PENDING', 'PENDING', ['PAUSE', 'DISCARD']],
  ['RUNNING', 'RUNNING', ['PAUSE', 'RESTART', 'DISCARD']],
  ['PAUSED', 'STOPPED', ['RESUME', 'RESTART', 'DISCARD']],
  ['ERROR', 'ERROR', ['RESUME', 'RESTART', 'DISCARD']],
  ['SUCCEED', 'FINISHED', []],
  ['DISCARDED', 'DISCARDED', []],
  ['SUICIDAL', 'DISCARDED', []],
  ['SKIP', 'SKIP', []],
  ['WARNING', 'WARNING', []],
];
const resultOf: Record<string, string> = { PAUSE: 'PAUSED', RESUME: 'READY', RESTART: 'READY', DISCARD: 'DISCARDED' };

test.each(allowed)('a %s job accepts exactly its actions', async (internal, publicStatus, actions) => {
  const { state, put } = await startSandbox();
  for (const action of Object.keys(resultOf)) {
    const id = state.addJob({ state: internal });
    const { status, body, text } = await put({ action, project: 'retail', job_ids: [id] });
    if (actions.includes(action)) {
      expect(text).toBe('{"code":"000","data":"","msg":""}');
      expect(state.getJob(id)?.state).toBe(resultOf[action]);
    } else {
      expect({ status, code: body.error_code }).toEqual({ status: 500, code: 'KE-010032217' });
      expect(body.msg).toContain(`"${publicStatus}"`);
      expect(state.getJob(id)?.state).toBe(internal);
    }
  }
});

test('a rejection names the allowed actions in the order RESUME, DISCARD, PAUSE, RESTART', async () => {
  const { state, put } = await startSandbox();
  const { body } = await put({ action: 'RESUME', job_ids: [state.addJob({ state: 'RUNNING' })] });
  expect(body.msg).toContain('"RUNNING"');
  expect(body.msg).toContain('"DISCARD, PAUSE, RESTART"');
});

test('pause keeps the first start and sets an end; resume continues at the next tick', async () => {
  const { state, put, row, clock } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING', runMs: 300_000, createTime: startMs - 5_000, startTime: startMs });
  clock.advance(100_000);
  await put({ action: 'PAUSE', job_ids: [id] });
  const paused = await row(id);
  expect(paused).toMatchObject({
    job_status: 'STOPPED',
    scheduler_state: 'PAUSED',
    exec_start_time: startMs,
    exec_end_time: startMs + 100_000,
  });
  clock.advance(1_003_000);
  expect((await row(id)).duration).toBe(100_000);
  await put({ action: 'RESUME', job_ids: [id] });
  expect(await row(id)).toMatchObject({ job_status: 'PENDING', step_ratio: paused.step_ratio, exec_end_time: startMs + 100_000 });
  clock.advance(7_000);
  expect(await row(id)).toMatchObject({ job_status: 'RUNNING', exec_start_time: startMs, exec_end_time: 0, wait_time: 5_000 });
  clock.advance(199_999);
  expect(await row(id)).toMatchObject({ job_status: 'RUNNING', step_ratio: 0.99 });
  clock.advance(1);
  expect(await row(id)).toMatchObject({ job_status: 'FINISHED', duration: 300_000, create_time: startMs - 5_000 });
});

test('restart sets the creation to now, resets the times, and runs the job from the beginning', async () => {
  const { state, put, row, clock } = await startSandbox();
  const id = state.addJob({
    state: 'ERROR',
    createTime: startMs - 900_000,
    startTime: startMs - 800_000,
    endTime: startMs - 600_000,
    ranMs: 200_000,
  });
  clock.advance(1_000);
  await put({ action: 'RESTART', job_ids: [id] });
  expect(await row(id)).toMatchObject({
    job_status: 'PENDING',
    create_time: startMs + 1_000,
    exec_start_time: 0,
    exec_end_time: 0,
    duration: 0,
    step_ratio: 0,
    last_modified: startMs + 1_000,
  });
  clock.advance(9_000);
  expect(await row(id)).toMatchObject({ job_status: 'RUNNING', exec_start_time: startMs + 10_000, wait_time: 9_000 });
});

test('a failed job that is resumed or restarted succeeds the next time', async () => {
  const { state, put, row, clock } = await startSandbox();
  const ids = ['RESUME', 'RESTART'].map(() =>
    state.addJob({ state: 'RUNNING', runMs: 60_000, mishap: { state: 'ERROR', afterMs: 20_000 } }),
  );
  clock.advance(20_000);
  expect(await row(ids[0] ?? '')).toMatchObject({ job_status: 'ERROR' });
  await put({ action: 'RESUME', job_ids: [ids[0]] });
  await put({ action: 'RESTART', job_ids: [ids[1]] });
  clock.advance(10_000 + 60_000);
  expect(await row(ids[0] ?? '')).toMatchObject({ job_status: 'FINISHED', exec_end_time: startMs + 70_000 });
  expect(await row(ids[1] ?? '')).toMatchObject({ job_status: 'FINISHED', exec_end_time: startMs + 90_000 });
});

test('a job discarded before it ran starts and ends at that moment, and never runs', async () => {
  const { state, put, row, clock } = await startSandbox();
  const id = state.addJob();
  clock.advance(2_000);
  await put({ action: 'DISCARD', job_ids: [id] });
  clock.advance(60_000);
  expect(await row(id)).toMatchObject({
    job_status: 'DISCARDED',
    exec_start_time: startMs + 2_000,
    exec_end_time: startMs + 2_000,
    duration: 0,
  });
});

test('one unknown ID or one finished job rejects the whole list, and nothing is changed', async () => {
  const { state, put } = await startSandbox();
  const good = state.addJob({ state: 'RUNNING' });
  const done = state.addJob({ state: 'SUCCEED' });
  const missing = await put({ action: 'PAUSE', job_ids: [good, unknownId, 'another'] });
  expect(missing).toMatchObject({ status: 500, body: { error_code: 'KE-010032219', suggestion: '' } });
  expect(missing.body.msg).toBe(`KE-010032219: Can't find job "${unknownId}". Please check and try again.`);
  expect(await put({ action: 'PAUSE', job_ids: [good, done] })).toMatchObject({ status: 500, body: { error_code: 'KE-010032217' } });
  expect(state.getJob(good)?.state).toBe('RUNNING');
});

test('checks in order: project, action, IDs, statuses and states, permission', async () => {
  const { state, put } = await startSandbox();
  const running = state.addJob({ state: 'RUNNING' });
  const done = state.addJob({ state: 'SUCCEED' });
  const reader = { authorization: basic('maria.keller', 'only-looking') };
  const code = async (body: unknown) => {
    const answer = await put(body, reader);
    return [answer.status, answer.body.error_code];
  };
  expect(await code({ project: 'nowhere', action: '', job_ids: [unknownId] })).toEqual([500, 'KE-010001201']);
  expect(await code({ action: '', job_ids: [unknownId] })).toEqual([500, 'KE-010043201']);
  expect(await code({ job_ids: [unknownId] })).toEqual([500, 'KE-010043201']);
  expect(await code({ action: 'STOP', job_ids: [unknownId], statuses: ['PAUSED'] })).toEqual([500, 'KE-010032219']);
  expect(await code({ action: 'STOP', job_ids: [done], statuses: ['PAUSED'] })).toEqual([500, 'KE-010032212']);
  expect(await code({ action: 'STOP', job_ids: [done] })).toEqual([500, 'KE-010043207']);
  expect(await code({ action: 'pause', job_ids: [done] })).toEqual([400, 'KE-010000003']);
  expect(await code({ action: 'PAUSE', job_ids: [done] })).toEqual([500, 'KE-010032217']);
  expect(await code({ action: 'PAUSE', job_ids: [running] })).toEqual([400, 'KE-010024001']);
  expect(await code({ action: 'PAUSE', job_ids: [running], project: 'retail' })).toEqual([400, 'KE-010024001']);
  expect(await code({ action: 'PAUSE' })).toEqual([500, 'KE-010032213']);
  expect(await code({ action: 'PAUSE', project: '', job_ids: [] })).toEqual([500, 'KE-010032213']);
  expect(await code({ action: 'PAUSE', project: '', job_ids: [running] })).toEqual([500, 'KE-010001002']);
  expect(state.getJob(running)?.state).toBe('RUNNING');
});

test('a body that is missing, not JSON or of the wrong types is an unexpected failure', async () => {
  const { state, call, put } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  const failure = async (body: string, contentType = 'application/json') => {
    const answer = await put(body, { 'content-type': contentType });
    expect(answer.body.error_code).toBeNull();
    return [answer.status, answer.body.msg.split(' ')[0]];
  };
  const unknown = [500, 'KE-000000001(UNKNOWN'];
  const onlyUrl = await call('PUT', `/jobs/status?action=PAUSE&job_ids=${id}`);
  expect(onlyUrl).toMatchObject({ status: 500, body: { error_code: null } });
  expect(await failure('')).toEqual(unknown);
  expect(await failure('null')).toEqual(unknown);
  expect(await failure('[1]')).toEqual(unknown);
  expect(await failure('{"action":')).toEqual([500, 'KE-000030001(Failed']);
  expect(await failure(`action=PAUSE&job_ids=${id}`, 'application/x-www-form-urlencoded')).toEqual(unknown);
  expect(await failure(JSON.stringify({ action: 'PAUSE', job_ids: null }))).toEqual(unknown);
  expect(await failure(JSON.stringify({ action: 'PAUSE', job_ids: [null] }))).toEqual(unknown);
  expect(await failure(JSON.stringify({ action: 'PAUSE', job_ids: id }))).toEqual(unknown);
  expect(await failure(JSON.stringify({ action: { a: 1 }, job_ids: [id] }))).toEqual(unknown);
  expect(state.getJob(id)?.state).toBe('RUNNING');
});

test('scalars become texts and unknown fields are ignored, as the JSON library of Kylin does', async () => {
  const { put } = await startSandbox();
  expect((await put({ action: 'PAUSE', job_ids: [17], jobIds: ['x'] })).body.msg).toContain('"17"');
  expect((await put({ action: 7, job_ids: [], project: 3 })).body).toMatchObject({ error_code: 'KE-010001201' });
});

test('a wrong project changes nothing, and the response is a success', async () => {
  const { state, put } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING', project: 'retail' });
  const both = [id, state.addJob({ state: 'RUNNING', project: 'finance' })];
  expect((await put({ action: 'PAUSE', project: 'finance', job_ids: [id] })).text).toBe('{"code":"000","data":"","msg":""}');
  expect(state.getJob(id)?.state).toBe('RUNNING');
  expect((await put({ action: 'PAUSE', project: 'FINANCE', job_ids: both })).body.code).toBe('000');
  expect(both.map((each) => state.getJob(each)?.state)).toEqual(['RUNNING', 'PAUSED']);
});

test('without a project the permission on the project of every job counts', async () => {
  const { state, put } = await startSandbox();
  const operator = { authorization: basic('etl_svc', 'nightly-loads') };
  const mine = state.addJob({ state: 'RUNNING', project: 'finance' });
  const foreign = state.addJob({ state: 'RUNNING', project: 'supply_chain' });
  expect(await put({ action: 'PAUSE', job_ids: [mine, foreign] }, operator)).toMatchObject({
    status: 400,
    body: { error_code: 'KE-010024001' },
  });
  expect(state.getJob(mine)?.state).toBe('RUNNING');
  expect((await put({ action: 'PAUSE', project: null, job_ids: [mine] }, operator)).body.code).toBe('000');
});

test('statuses never leave out a listed job, they can only make the call fail', async () => {
  const { state, put } = await startSandbox();
  const running = state.addJob({ state: 'RUNNING' });
  const pending = state.addJob({ state: 'PENDING' });
  expect(await put({ action: 'PAUSE', job_ids: [running], statuses: ['ERROR'] })).toMatchObject({ body: { error_code: 'KE-010032217' } });
  expect(state.getJob(running)?.state).toBe('RUNNING');
  expect((await put({ action: 'PAUSE', job_ids: [running, pending], statuses: ['PENDING'] })).body.code).toBe('000');
  expect([running, pending].map((id) => state.getJob(id)?.state)).toEqual(['PAUSED', 'PAUSED']);
  expect(await put({ action: 'DISCARD', job_ids: [running], statuses: ['LAUNCHING_ERROR'] })).toMatchObject({
    status: 500,
    body: { error_code: null },
  });
});

test('a project without ids means every job of it, filtered by statuses', async () => {
  const { state, put } = await startSandbox();
  const running = state.addJob({ state: 'RUNNING' });
  const pending = state.addJob({ state: 'PENDING' });
  const elsewhere = state.addJob({ state: 'PENDING', project: 'finance' });
  const done = state.addJob({ state: 'SUCCEED' });
  expect((await put({ action: 'PAUSE', project: 'retail', statuses: ['PENDING'] })).body.code).toBe('000');
  expect([running, pending, elsewhere, done].map((id) => state.getJob(id)?.state)).toEqual(['RUNNING', 'PAUSED', 'PENDING', 'SUCCEED']);
});

test('with a project only, the first job that can not stops the loop half way', async () => {
  const { state, put } = await startSandbox();
  const first = state.addJob({ state: 'RUNNING' });
  const done = state.addJob({ state: 'SUCCEED' });
  const last = state.addJob({ state: 'RUNNING' });
  const { status, body } = await put({ action: 'PAUSE', project: 'retail' });
  expect([status, body.error_code]).toEqual([500, 'KE-010032211']);
  expect(body.msg).toContain(`"${done}"`);
  expect(body.msg).toContain('SUCCEED');
  expect([first, done, last].map((id) => state.getJob(id)?.state)).toEqual(['PAUSED', 'SUCCEED', 'RUNNING']);
});

test('with a project only, DISCARD skips discarded jobs and RESTART restarts waiting ones', async () => {
  const { state, put, clock } = await startSandbox();
  const ids = (['DISCARDED', 'RUNNING'] as const).map((name) => state.addJob({ state: name, project: 'finance' }));
  clock.advance(5_000);
  expect((await put({ action: 'DISCARD', project: 'finance' })).body.code).toBe('000');
  expect(ids.map((id) => state.getJob(id)?.state)).toEqual(['DISCARDED', 'DISCARDED']);
  expect(ids.map((id) => state.getJob(id)?.lastModified)).toEqual([startMs, startMs + 5_000]);
  state.addJob({ state: 'SUICIDAL', project: 'finance' });
  expect(await put({ action: 'DISCARD', project: 'finance' })).toMatchObject({ status: 500, body: { error_code: 'KE-010032215' } });
  const pending = state.addJob({ state: 'PENDING', project: 'retail' });
  expect((await put({ action: 'RESTART', project: 'retail' })).body.code).toBe('000');
  expect(state.getJob(pending)?.state).toBe('READY');
});

test('without ids and statuses a lower-case action works, and an unknown one fails only at a job', async () => {
  const { state, put } = await startSandbox();
  expect((await put({ action: 'explode', project: 'retail' })).body.code).toBe('000');
  const id = state.addJob({ state: 'RUNNING' });
  expect(await put({ action: 'explode', project: 'retail' })).toMatchObject({ status: 500, body: { error_code: 'KE-010043207' } });
  expect((await put({ action: 'pause', project: 'retail' })).body.code).toBe('000');
  expect(state.getJob(id)?.state).toBe('PAUSED');
});

test('a job that changes between check and update stops the loop; jobs before it in the table stay changed', async () => {
  const { state, put } = await startSandbox();
  const [first = '', second = '', third = ''] = Array.from({ length: 3 }, () => state.addJob({ state: 'RUNNING' }));
  state.hooks.beforeUpdate = (id) => {
    if (id === second) state.changeJob(second, { state: 'SUCCEED' });
  };
  const { status, body } = await put({ action: 'PAUSE', project: 'retail', job_ids: [third, second, first] });
  expect([status, body.error_code]).toEqual([500, 'KE-010032211']);
  expect(body.msg).toBe(`KE-010032211: Can't PAUSE job "${second}", as it is in SUCCEED status.`);
  expect([first, second, third].map((id) => state.getJob(id)?.state)).toEqual(['PAUSED', 'SUCCEED', 'RUNNING']);
});

test('a job that succeeds between selection and DISCARD is an illegal transition', async () => {
  const { state, put } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  state.hooks.beforeUpdate = () => state.changeJob(id, { state: 'SUCCEED' });
  expect(await put({ action: 'DISCARD', job_ids: [id] })).toMatchObject({ status: 500, body: { error_code: 'KE-010032215' } });
});

test('a job that changes after the checks is rejected, or silently left out if statuses are named', async () => {
  const { state, put } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  state.hooks.afterChecks = () => state.changeJob(id, { state: 'SUCCEED' });
  expect((await put({ action: 'PAUSE', job_ids: [id] })).body.error_code).toBe('KE-010032211');
  const other = state.addJob({ state: 'RUNNING' });
  state.hooks.afterChecks = () => state.changeJob(other, { state: 'SUCCEED' });
  expect((await put({ action: 'PAUSE', job_ids: [other], statuses: [] })).body.code).toBe('000');
  expect(state.getJob(other)?.state).toBe('SUCCEED');
});

test('an id twice in the list is one job, and a removed one is passed over', async () => {
  const { state, put } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  expect((await put({ action: 'PAUSE', job_ids: [id, id] })).body.code).toBe('000');
  state.hooks.beforeUpdate = (each) => state.removeJob(each);
  expect((await put({ action: 'DISCARD', job_ids: [id] })).body.code).toBe('000');
  expect(state.getJob(id)).toBeUndefined();
});

test('stopping Spark applications delays the response, waiting jobs do not', async () => {
  const { state, put } = await startSandbox({ switches: { killDelayMs: 300 } });
  const took = async (body: unknown) => {
    const from = performance.now();
    await put(body);
    return performance.now() - from;
  };
  expect(
    await took({ action: 'PAUSE', job_ids: [state.addJob({ state: 'RUNNING' }), state.addJob({ state: 'RUNNING' })] }),
  ).toBeGreaterThan(590);
  expect(await took({ action: 'PAUSE', job_ids: [state.addJob({ state: 'PENDING' })] })).toBeLessThan(290);
});

test('with two nodes, the remote rejection is wrapped, and groups forwarded before remain changed', async () => {
  const { state, put } = await startSandbox({ switches: { cluster: 'twoNodes' } });
  const local = state.addJob({ state: 'RUNNING', node: 'node1' });
  const remote = state.addJob({ state: 'RUNNING', node: 'node2' });
  state.hooks.beforeUpdate = (id) => {
    if (id === remote) state.changeJob(remote, { state: 'SUCCEED' });
  };
  const { status, body } = await put({ action: 'PAUSE', job_ids: [local, remote] });
  expect([status, body.error_code, body.suggestion]).toEqual([500, 'KE-000027004', null]);
  const [head, nested = ''] = body.msg.split('\n');
  expect(head).toBe('KE-000027004(Failed Forward Metadata Action):Invalid response 500 with url http://node2:7070/kylin/api/jobs/status');
  expect(JSON.parse(nested)).toMatchObject({ error_code: 'KE-010032211', msg: expect.stringContaining(remote) });
  expect(state.getJob(local)?.state).toBe('PAUSED');
});

test('with two nodes RESUME and jobs of this node are not forwarded', async () => {
  const { state, put } = await startSandbox({ switches: { cluster: 'twoNodes' } });
  const paused = state.addJob({ state: 'PAUSED', node: 'node2' });
  state.hooks.beforeUpdate = (id) => state.changeJob(id, { state: 'SUCCEED' });
  expect((await put({ action: 'RESUME', job_ids: [paused] })).body.error_code).toBe('KE-010032211');
  const local = state.addJob({ state: 'RUNNING', node: 'node1' });
  expect((await put({ action: 'PAUSE', job_ids: [local] })).body.error_code).toBe('KE-010032211');
});

test('a query-only node rejects writes and serves reads; without a job node, writes fail before other checks', async () => {
  const { state, put, list, switches, call } = await startSandbox({ switches: { node: 'queryOnly' } });
  const id = state.addJob({ state: 'RUNNING' });
  expect(await put({ action: 'PAUSE', job_ids: [id] })).toMatchObject({ status: 500, body: { error_code: 'KE-040023203' } });
  expect(await put({ action: 'PAUSE', project: 'nowhere' })).toMatchObject({ body: { error_code: 'KE-010001201' } });
  expect((await list('time_filter=4')).status).toBe(200);
  switches.node = 'noJobNode';
  expect(await put({ action: 'PAUSE', project: 'nowhere' })).toMatchObject({ status: 500, body: { error_code: 'KE-010021004' } });
  expect((await call('POST', '/user/authentication')).status).toBe(200);
  switches.node = 'maintenance';
  expect(await put({ action: 'PAUSE', job_ids: [id] })).toMatchObject({ status: 500, body: { error_code: 'KE-040024201' } });
  switches.node = 'recovering';
  expect(await put({ action: 'PAUSE', job_ids: [id] })).toMatchObject({ status: 500, body: { error_code: 'KE-040021201' } });
  expect((await list('time_filter=4')).status).toBe(200);
  expect(state.getJob(id)?.state).toBe('RUNNING');
});

test('DELETE removes only ended jobs, all that are named or none', async () => {
  const { state, call } = await startSandbox();
  const done = state.addJob({ state: 'SUCCEED' });
  const discarded = state.addJob({ state: 'DISCARDED', project: 'finance' });
  const running = state.addJob({ state: 'RUNNING' });
  const operator = { headers: { authorization: basic('etl_svc', 'nightly-loads') } };
  expect(await call('DELETE', '/jobs')).toMatchObject({ status: 500, body: { error_code: 'KE-010032213' } });
  expect(await call('DELETE', `/jobs?job_ids=${done}`, operator)).toMatchObject({ status: 400, body: { error_code: 'KE-010024001' } });
  expect(await call('DELETE', `/jobs?project=retail&job_ids=${done},${running}`)).toMatchObject({
    status: 500,
    body: { error_code: null },
  });
  expect(await call('DELETE', `/jobs?project=retail&statuses=OLD`)).toMatchObject({ body: { error_code: 'KE-010032212' } });
  expect(await call('DELETE', `/jobs?project=nowhere`)).toMatchObject({ body: { error_code: 'KE-010001201' } });
  expect(state.jobCount()).toBe(3);
  expect((await call('DELETE', `/jobs?project=retail&statuses=FINISHED`, operator)).text).toBe('{"code":"000","data":"","msg":""}');
  expect((await call('DELETE', `/jobs?job_ids=${discarded},${unknownId}`)).body.code).toBe('000');
  expect([...state.jobs()].map((job) => job.id)).toEqual([running]);
});

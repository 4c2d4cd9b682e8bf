import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { cancel, create, get, list, plainUser, post, start } from './sandbox-client.ts';

describe('cancel', () => {
  test('accepts the cancel of a running job, which stops later', async () => {
    const sandbox = await start({ stopMs: 2000 });
    const id = sandbox.state.addJob({ runsMs: 100_000 });
    sandbox.clock.advance(30_000);
    const answer = await post(sandbox, '/admin/alter/jobs', `{"job_ids":[${id}],"action":"cancel","options":{}}`);
    expect(answer.wrapper()).toMatchObject({
      status: 'OK',
      data_type: 'admin_alter_jobs_response',
      data_str: `{"job_ids":[${id}],"action":"cancel","status":["OK"],"info":{}}`,
    });
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'CANCELLED', running: true, progress: 30, successful: false });
    sandbox.clock.advance(1999);
    expect(await get(sandbox, id)).toMatchObject({ running: true });
    sandbox.clock.advance(1);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'CANCELLED', running: false, progress: 30, status_map: {} });
    sandbox.clock.advance(100_000);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'CANCELLED', running: false });
  });

  test('a sync job is gone once it has stopped', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ kind: 'sync' });
    await cancel(sandbox, [id]);
    expect((await list(sandbox)).job_id.map(String)).toEqual([id]);
    sandbox.clock.advance(1500);
    expect((await list(sandbox)).job_id).toEqual([]);
    expect(sandbox.state.job(id)).toMatchObject({ status: 'CANCELLED', running: false });
    expect((await cancel(sandbox, [id])).status).toEqual([`Job ${id} not found`]);
  });

  test('can stop a job immediately', async () => {
    const sandbox = await start({ stopMs: 0 });
    const id = sandbox.state.addJob();
    await cancel(sandbox, [id]);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'CANCELLED', running: false });
  });

  const cases: [string, JobInput, boolean][] = [
    ['running SQL', { endpoint: '/execute/sql' }, true],
    ['a running join', { endpoint: '/create/jointable' }, true],
    ['a waiting job, which stops at once', { endpoint: '/alter/table', status: 'WAITING' }, true],
    ['a running read', { endpoint: '/aggregate/groupby' }, false],
    ['a running read of a table', { endpoint: '/show/table' }, false],
    ['a waiting read', { endpoint: '/get/records', status: 'WAITING' }, true],
    ['an insert', { endpoint: '/insert/records/fromfiles' }, false],
    ['a waiting insert', { endpoint: '/insert/records', status: 'WAITING' }, false],
    ['an update', { endpoint: '/update/records' }, false],
    ['a delete', { endpoint: '/delete/records' }, false],
    ['administration', { endpoint: '/admin/rebalance' }, false],
    ['a done job', { status: 'DONE' }, false],
    ['a failed job', { status: 'ERROR' }, false],
  ];
  test.each(cases)('%s', async (_name, input, accepted) => {
    const sandbox = await start();
    const id = sandbox.state.addJob(input);
    const before = { ...sandbox.state.job(id) };
    expect((await cancel(sandbox, [id])).status).toEqual([accepted ? 'OK' : `Job ${id} cannot be cancelled`]);
    if (accepted) expect(sandbox.state.job(id)).toMatchObject({ status: 'CANCELLED', running: before.status === 'RUNNING' });
    else expect(sandbox.state.job(id)).toEqual(before);
  });

  test('accepts or rejects a repeated cancel, depending on the switch', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob();
    expect((await cancel(sandbox, [id, id])).status).toEqual(['OK', 'OK']);
    sandbox.switches.repeatedCancel = 'rejected';
    expect((await cancel(sandbox, [id])).status).toEqual([`Job ${id} cannot be cancelled`]);
    sandbox.clock.advance(1500);
    expect((await cancel(sandbox, [id])).status).toEqual([`Job ${id} cannot be cancelled`]);
  });

  test('a job can accept its cancel and run on to its end', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ ignoresCancel: true, runsMs: 1000 });
    expect((await cancel(sandbox, [id])).status).toEqual(['OK']);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'RUNNING' });
    sandbox.clock.advance(1000);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'DONE', running: false });
  });

  test('rejects a job that ended behind the API', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ runsMs: 60_000 });
    sandbox.state.changeJob(id, { status: 'DONE' });
    expect((await cancel(sandbox, [id])).status).toEqual([`Job ${id} cannot be cancelled`]);
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'DONE', running: false, progress: 100 });
  });

  test('each profile has its own outcomes for accepted, rejected, and unknown jobs', async () => {
    const sandbox = await start();
    const cancelWith = async (cancelAnswers: typeof sandbox.switches.cancelAnswers) => {
      sandbox.switches.cancelAnswers = cancelAnswers;
      const running = sandbox.state.addJob();
      const done = sandbox.state.addJob({ status: 'DONE' });
      const { job_ids: ids, status } = await cancel(sandbox, [running, '5', done]);
      const names = new Map([
        [running, 'running'],
        ['5', 'unknown'],
        [done, 'done'],
      ]);
      expect(sandbox.state.job(running)?.status).toBe('CANCELLED');
      return ids.map((id, place) => [names.get(String(id)), status[place]?.replace(String(id), 'N')]);
    };
    const terse = [
      ['running', 'OK'],
      ['unknown', 'Job N not found'],
      ['done', 'Job N cannot be cancelled'],
    ];
    expect(await cancelWith('terse')).toEqual(terse);
    expect(await cancelWith('enum')).toEqual([
      ['running', 'cancelled'],
      ['unknown', 'not_found'],
      ['done', 'not_cancellable'],
    ]);
    expect(await cancelWith('omit')).toEqual([terse[0], terse[2]]);
    expect(await cancelWith('reorder')).toEqual([...terse].reverse());
  });

  test('in the profile "reject", one unknown ID rejects the request and changes nothing', async () => {
    const sandbox = await start({ cancelAnswers: 'reject' });
    const id = sandbox.state.addJob();
    const answer = await post(sandbox, '/admin/alter/jobs', { job_ids: [Number(id), 5], action: 'cancel', options: {} });
    expect(answer.status).toBe(400);
    expect(answer.wrapper().message).toBe('Job 5 not found (S/SJm:188)');
    expect(sandbox.state.job(id)?.status).toBe('RUNNING');
    expect((await cancel(sandbox, [id])).status).toEqual(['OK']);
  });

  test('processes or rejects a cancel of no jobs, depending on the switch', async () => {
    const sandbox = await start();
    expect(await cancel(sandbox, [])).toEqual({ job_ids: [], action: 'cancel', status: [], info: {} });
    sandbox.switches.emptyCancel = 'rejected';
    await expect(cancel(sandbox, [])).rejects.toThrow('job_ids must not be empty');
  });

  test('an id beyond 2^53 names exactly its job', async () => {
    const sandbox = await start({ idBase: 'huge' });
    const ids = [1, 2, 3, 4].map(() => sandbox.state.addJob());
    await cancel(sandbox, ['9007199254740995']);
    expect(ids.map((id) => sandbox.state.job(id)?.status)).toEqual(['RUNNING', 'RUNNING', 'CANCELLED', 'RUNNING']);
  });

  test('2,000 jobs in one request', async () => {
    const sandbox = await start();
    const ids = Array.from({ length: 2000 }, () => sandbox.state.addJob());
    const { job_ids: canceled, status } = await cancel(sandbox, ids);
    expect(canceled.map(String)).toEqual(ids);
    expect(new Set(status)).toEqual(new Set(['OK']));
    sandbox.clock.advance(1500);
    expect((await list(sandbox, { show_async_jobs: 'false' })).job_id).toEqual([]);
  });

  test('the response has no info in 6.2', async () => {
    const sandbox = await start({ version: '6.2' });
    expect(Object.keys(await cancel(sandbox, [sandbox.state.addJob()]))).toEqual(['job_ids', 'action', 'status']);
  });

  test('plain users can be allowed to cancel their own jobs', async () => {
    const sandbox = await start({ plainUsers: 'own-jobs' });
    const own = sandbox.state.addJob({ authId: 'svc_superset' });
    const other = sandbox.state.addJob();
    expect((await cancel(sandbox, [own, other], {}, plainUser)).status).toEqual(['OK', `Job ${other} cannot be cancelled`]);
    expect(sandbox.state.job(other)?.status).toBe('RUNNING');
  });

  test('a tag names the job whatever the id, or must match it, by choice', async () => {
    const sandbox = await start();
    const tagged = sandbox.state.addJob({ tag: 'rollup-7' });
    const namesake = sandbox.state.addJob();
    sandbox.switches.jobTag = 'must-match';
    expect((await cancel(sandbox, [namesake], { job_tag: 'rollup-7' })).status).toEqual([`Job ${namesake} not found`]);
    expect((await cancel(sandbox, [tagged], { job_tag: 'rollup-8' })).status).toEqual([`Job ${tagged} not found`]);
    sandbox.switches.jobTag = 'decides';
    expect(await cancel(sandbox, [namesake], { job_tag: 'rollup-7' })).toMatchObject({ job_ids: [Number(namesake)], status: ['OK'] });
    expect(sandbox.state.job(tagged)?.status).toBe('CANCELLED');
    expect(sandbox.state.job(namesake)?.status).toBe('RUNNING');
    await expect(cancel(sandbox, [tagged, namesake], { job_tag: 'rollup-7' })).rejects.toThrow('exactly one job id');
  });

  test('a connection reset before or after the effect', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: { kind: 'reset', applied: false }, path: '/admin/alter/jobs' });
    await expect(cancel(sandbox, [id])).rejects.toThrow('fetch failed');
    expect(sandbox.state.job(id)?.status).toBe('RUNNING');
    sandbox.faults.add({ fault: { kind: 'reset', applied: true }, path: '/admin/alter/jobs' });
    await expect(cancel(sandbox, [id])).rejects.toThrow('fetch failed');
    expect(sandbox.state.job(id)?.status).toBe('CANCELLED');
  });
});

describe('preparing jobs', () => {
  test('an id can be chosen once, and is then never given out', async () => {
    const sandbox = await start({ idBase: 'huge' });
    expect(sandbox.state.addJob({ id: '9007199254740994' })).toBe('9007199254740994');
    expect([sandbox.state.addJob(), sandbox.state.addJob()]).toEqual(['9007199254740993', '9007199254740995']);
    expect(() => sandbox.state.addJob({ id: '9007199254740993' })).toThrow(RangeError);
  });

  test('a removed job is unknown, and an unknown one cannot be changed', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ tag: 'rollup-1' });
    sandbox.state.removeJob(id);
    expect((await list(sandbox)).job_id).toEqual([]);
    await expect(get(sandbox, id, { job_tag: 'rollup-1' })).rejects.toThrow('not found');
    expect(() => sandbox.state.changeJob(id, { status: 'DONE' })).toThrow(RangeError);
  });
});

describe('async jobs', () => {
  test('a job runs from 0 to 100 percent, and returns its result when done', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ endpoint: '/solve/graph', runsMs: 10_000, response: '{"count":7}' });
    const answer = await post(sandbox, '/get/job', `{"job_id":${id},"options":{}}`);
    expect(answer.wrapper()).toMatchObject({
      data_type: 'get_job_response',
      data_str:
        '{"endpoint":"/solve/graph","job_status":"RUNNING","running":true,"progress":0,"successful":false,"response_encoding":"json","job_response":"","job_response_str":"","status_map":{},"info":{}}',
    });
    sandbox.clock.advance(3700);
    expect(await get(sandbox, id)).toMatchObject({ progress: 37, running: true });
    sandbox.clock.advance(6299);
    expect(await get(sandbox, id)).toMatchObject({ progress: 99, running: true, job_response_str: '' });
    sandbox.clock.advance(1);
    expect(await get(sandbox, id)).toMatchObject({
      job_status: 'DONE',
      running: false,
      progress: 100,
      successful: true,
      job_response_str: '{"count":7}',
    });
    expect((await list(sandbox)).status).toEqual(['DONE']);
  });

  test('a job waits behind a write before it runs', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ status: 'WAITING', waitsMs: 5000, runsMs: 10_000 });
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'RUNNING', running: true, progress: 0 });
    expect((await list(sandbox)).status).toEqual(['WAITING']);
    sandbox.clock.advance(10_000);
    expect((await list(sandbox)).status).toEqual(['RUNNING']);
    expect(await get(sandbox, id)).toMatchObject({ progress: 50 });
    sandbox.clock.advance(5000);
    expect((await list(sandbox)).status).toEqual(['DONE']);
  });

  test('a failed job has its error message', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ runsMs: 1000, outcome: 'ERROR', errorMessage: 'Out of memory (S/SDc:1513)' });
    sandbox.clock.advance(1000);
    expect(await get(sandbox, id)).toMatchObject({
      job_status: 'ERROR',
      running: false,
      successful: false,
      job_response_str: '',
      status_map: { error_message: 'Out of memory (S/SDc:1513)' },
    });
  });

  test('its result can be large', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ status: 'DONE', response: 'x'.repeat(5_000_000) });
    expect((await get(sandbox, id)).job_response_str).toHaveLength(5_000_000);
  });

  test('rejects or returns an ordinary request in flight, depending on the switch', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ kind: 'sync' });
    await expect(get(sandbox, id)).rejects.toThrow(`Job ${id} not found`);
    sandbox.switches.syncJobRead = 'answered';
    expect(await get(sandbox, id)).toMatchObject({ job_status: 'RUNNING' });
  });

  test('/create/job starts work that runs and ends', async () => {
    const sandbox = await start();
    const { job_id: id, info } = await create(sandbox, {
      endpoint: '/execute/sql',
      data_str: '{"statement":"SELECT 1","options":{"job_user_data":"nightly"}}',
    });
    expect(info.job_tag).toMatch(/^[0-9a-f-]{36}$/);
    expect(await list(sandbox)).toMatchObject({ job_id: [id], query_text: ['SELECT 1'], user_data: ['nightly'], auth_id: ['admin'] });
    expect(await get(sandbox, '1', { job_tag: info.job_tag })).toMatchObject({ endpoint: '/execute/sql', running: true });
    sandbox.clock.advance(90_000);
    expect(await get(sandbox, String(id))).toMatchObject({ job_status: 'DONE', response_encoding: 'json' });
  });

  test('/create/job keeps the tag it is given, and starts twice when called twice', async () => {
    const sandbox = await start();
    const request = { options: { job_tag: 'rollup_2026-06' } };
    const [first, second] = [await create(sandbox, request, plainUser), await create(sandbox, request, plainUser)];
    expect(second.info.job_tag).toBe('rollup_2026-06');
    expect(second.job_id).not.toBe(first.job_id);
    expect((await list(sandbox)).auth_id).toEqual(['svc_superset', 'svc_superset']);
  });

  test('a binary request gets a binary result', async () => {
    const sandbox = await start();
    const { job_id: id } = await create(sandbox, { request_encoding: 'binary', data: '\u0000', data_str: undefined });
    sandbox.clock.advance(90_000);
    const job = await get(sandbox, String(id));
    expect(job).toMatchObject({ response_encoding: 'binary', job_response_str: '' });
    expect(job.job_response).not.toBe('');
  });

  test.each([
    ['a tag with a space', { options: { job_tag: 'my tag' } }],
    ['an endpoint that is no path', { endpoint: 'alter table' }],
    ['another encoding', { request_encoding: 'xml' }],
    ['an inner request that is not JSON', { data_str: '{' }],
    ['an inner request that is no object', { data_str: '[]' }],
  ])('/create/job rejects %s', async (_name, request) => {
    const sandbox = await start();
    await expect(create(sandbox, request)).rejects.toThrow(/S\/S/);
    expect([...sandbox.state.jobs()]).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { errorType, startAtMs, startVaultWithSession } from './sandbox-client.ts';

const refusal = (id: unknown) => ({
  responseStatus: 'FAILURE',
  errors: { type: 'INVALID_DATA', message: `Job [${id}] is not found in QUEUED or QUEUEING state` },
});
const accepted = (id: unknown) => ({ responseStatus: 'SUCCESS', data: { id } });

test('cancel returns an outcome for each item, in the order of the request', async () => {
  const vault = await startVaultWithSession();
  const add = (status: string, cancellableWhileRunning = false) => vault.state.addJob({ status, cancellableWhileRunning, frozen: true });
  const queued = add('QUEUED');
  const running = add('RUNNING');
  const stoppable = add('RUNNING', true);
  const cancelling = add('CANCELLING');
  const ended = add('SUCCESS');
  const scheduled = add('SCHEDULED');
  const queueing = add('QUEUEING');
  const asked = [running, queued, 1, stoppable, cancelling, queueing, ended, scheduled];
  const { status, body, text } = await vault.cancel(asked.map((job_id) => ({ job_id })));
  expect(status).toBe(200);
  const taken = [queued, stoppable, queueing, scheduled];
  const data = asked.map((id) => (taken.includes(id) ? accepted(id) : refusal(id)));
  expect(text).toBe(JSON.stringify({ responseStatus: 'SUCCESS', data }));
  expect(body.responseMessage).toBeUndefined();
  for (const id of taken) expect(vault.state.job(id)).toMatchObject({ status: 'CANCELLING', modifiedBy: 20_417 });
  expect(vault.state.job(running)?.status).toBe('RUNNING');
});

test('a canceled job is CANCELLING and then CANCELLED, in histories', async () => {
  const vault = await startVaultWithSession({ switches: { cancellingMs: 7_000 } });
  const id = vault.state.addJob();
  await vault.cancel([{ job_id: id }]);
  vault.clock.advance(6_999);
  expect((await vault.get('/services/jobs/monitors')).body.jobs[0]).toMatchObject({ job_id: id, status: 'CANCELLING' });
  vault.clock.advance(1);
  expect((await vault.get('/services/jobs/monitors')).body.jobs).toEqual([]);
  expect((await vault.get('/services/jobs/histories')).body.jobs[0]).toMatchObject({ job_id: id, status: 'CANCELLED' });
  vault.clock.advance(600_000);
  expect((await vault.get(`/services/jobs/${id}`)).body.data).toMatchObject({
    status: 'CANCELLED',
    run_end_date: '2026-03-02T12:00:07.000Z',
  });
});

test('canceling a planned instance of a recurring job leaves the next one', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ status: 'SCHEDULED', plannedStartMs: startAtMs + 60_000, repeatEveryMs: 3_600_000 });
  await vault.cancel([{ job_id: id }]);
  vault.clock.advance(5_000);
  const { jobs } = (await vault.get('/services/jobs/monitors')).body;
  expect(jobs).toMatchObject([{ status: 'SCHEDULED', run_start_date: '2026-03-02T13:01:00.000Z' }]);
});

test('a repeated id is answered at each position; only the first is accepted', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob();
  expect((await vault.cancel([{ job_id: id }, { job_id: id }])).body.data).toEqual([accepted(id), refusal(id)]);
});

test('cancels at most 500 jobs in one request, so 2,000 need four requests', async () => {
  const vault = await startVaultWithSession();
  const ids = vault.state.addJobs(2_000, { status: 'QUEUED', frozen: true });
  const items = ids.map((job_id) => ({ job_id }));
  expect(errorType(await vault.cancel(items.slice(0, 501)))).toBe('INVALID_DATA');
  expect(vault.state.unfinished().every(({ status }) => status === 'QUEUED')).toBe(true);
  for (let from = 0; from < items.length; from += 500) {
    const chunk = items.slice(from, from + 500);
    expect((await vault.cancel(chunk)).body.data).toEqual(chunk.map(({ job_id }) => accepted(job_id)));
  }
  expect(vault.state.unfinished().filter(({ status }) => status === 'CANCELLING')).toHaveLength(2_000);
});

test('rejects an empty list, a body that is not a list, and odd items', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob();
  expect(errorType(await vault.cancel([]))).toBe('PARAMETER_REQUIRED');
  expect(errorType(await vault.cancel({ job_id: id }))).toBe('INVALID_DATA');
  expect(errorType(await vault.cancel('not json'))).toBe('INVALID_DATA');
  expect(errorType(await vault.cancel([{ job_id: id }], 'application/xml'))).toBe('INVALID_DATA');
  const odd = await vault.cancel([{ job_id: String(id) }, {}, id, null]);
  const missing = { responseStatus: 'FAILURE', errors: { type: 'PARAMETER_REQUIRED', message: 'Missing required parameter [job_id]' } };
  expect(odd.body.data).toEqual([refusal(id), missing, missing, missing]);
  expect(vault.state.job(id)?.status).toBe('QUEUED');
});

test('cancel accepts CSV with a header line', async () => {
  const vault = await startVaultWithSession();
  const [one, other] = vault.state.addJobs(2);
  const { body } = await vault.cancel(`\uFEFFjob_id\r\n${one}\r\n"${other}"\r\nabc\r\n\r\n`, 'text/csv; charset=utf-8');
  expect(body.data).toEqual([accepted(one), accepted(other), refusal('abc')]);
  expect(errorType(await vault.cancel(`id\n${one}\n`, 'text/csv'))).toBe('INVALID_DATA');
  expect(errorType(await vault.cancel('job_id\n', 'text/csv'))).toBe('PARAMETER_REQUIRED');
});

test('the switches of cancel change its responses', async () => {
  const vault = await startVaultWithSession();
  const { switches } = vault;
  const running = vault.state.addJob({ status: 'RUNNING', frozen: true });
  const stoppable = vault.state.addJob({ status: 'RUNNING', cancellableWhileRunning: true, frozen: true });
  const queued = vault.state.addJob({ frozen: true });

  switches.cancelErrors = 'array';
  switches.unknownJobType = 'INSUFFICIENT_ACCESS';
  const { body } = await vault.cancel([{ job_id: 1 }, { job_id: running }]);
  expect(body.data).toMatchObject([{ errors: [{ type: 'INSUFFICIENT_ACCESS' }] }, { errors: [{ type: 'INVALID_DATA' }] }]);
  expect(body.responseStatus).toBe('SUCCESS');
  switches.allCancelsRejected = 'FAILURE';
  expect((await vault.cancel([{ job_id: running }])).body.responseStatus).toBe('FAILURE');
  expect((await vault.cancel([{ job_id: running }, { job_id: queued }])).body.responseStatus).toBe('SUCCESS');

  switches.cancelRunning = 'never';
  expect((await vault.cancel([{ job_id: stoppable }])).body.responseStatus).toBe('FAILURE');
  switches.cancelRunning = 'always';
  switches.cancelAnswersOtherId = true;
  expect((await vault.cancel([{ job_id: running }])).body.data).toEqual([accepted(running + 1)]);
  expect(vault.state.job(running)?.status).toBe('CANCELLING');
});

test('has no cancel before v25.3, unless the switch adds it', async () => {
  const vault = await startVaultWithSession();
  const cancel = (version: string, id: number) =>
    vault.call('POST', `/api/${version}/services/jobs/actions/cancel`, {
      body: JSON.stringify([{ job_id: id }]),
      headers: { authorization: vault.session, 'content-type': 'application/json' },
    });
  const id = vault.state.addJob();
  expect(errorType(await cancel('v25.2', id))).toBe('METHOD_NOT_SUPPORTED');
  vault.switches.cancelBeforeV25R3 = 'MALFORMED_URL';
  const malformed = await cancel('v24.3', id);
  expect([malformed.status, errorType(malformed)]).toEqual([404, 'MALFORMED_URL']);
  expect(vault.state.job(id)?.status).toBe('QUEUED');
  vault.switches.cancelBeforeV25R3 = 'accept';
  expect((await cancel('v7.0', id)).body.data).toEqual([accepted(id)]);
  vault.switches.cancelBeforeV25R3 = 'METHOD_NOT_SUPPORTED';
  expect((await cancel('v25.3', id)).body.data).toEqual([refusal(id)]);
});

test('start_now runs a planned instance under its own id, in place of its planned run', async () => {
  const vault = await startVaultWithSession();
  const planned = { status: 'SCHEDULED', plannedStartMs: startAtMs + 60_000, repeatEveryMs: 3_600_000 };
  const id = vault.state.addJob({ ...planned, outcome: 'MISSED_SCHEDULE', method: undefined });
  const { text } = await vault.send('POST', `/services/jobs/start_now/${id}`);
  expect(text).toBe(JSON.stringify({ responseStatus: 'SUCCESS', url: `/api/v26.1/services/jobs/${id}`, job_id: id }));
  vault.clock.advance(2_000);
  expect((await vault.get(`/services/jobs/${id}`)).body.data.status).toBe('QUEUEING');
  vault.clock.advance(71_000);
  expect((await vault.get('/services/jobs/histories')).body.jobs).toMatchObject([{ job_id: id, status: 'SUCCESS' }]);
  const { jobs } = (await vault.get('/services/jobs/monitors')).body;
  expect(jobs).toMatchObject([{ status: 'SCHEDULED', run_start_date: '2026-03-02T13:01:00.000Z' }]);
});

test('start_now rejects jobs that are not planned or unknown, and IDs that are not numbers', async () => {
  const vault = await startVaultWithSession();
  const start = async (id: unknown) => errorType(await vault.send('POST', `/services/jobs/start_now/${id}`));
  const id = vault.state.addJob({ frozen: true });
  expect(await start(id)).toBe('INVALID_DATA');
  expect(await start(1)).toBe('INVALID_DATA');
  expect(await start('soon')).toBe('INVALID_DATA');
  Object.assign(vault.switches, {
    notScheduledType: 'OPERATION_NOT_ALLOWED',
    unknownJobType: 'INSUFFICIENT_ACCESS',
    nonNumericIdType: 'MALFORMED_URL',
  });
  expect([await start(id), await start(1), await start('soon')]).toEqual(['OPERATION_NOT_ALLOWED', 'INSUFFICIENT_ACCESS', 'MALFORMED_URL']);
  expect(vault.state.job(id)?.status).toBe('QUEUED');
});

test('a job status has no title, and only what is already so', async () => {
  const vault = await startVaultWithSession();
  const waiting = vault.state.addJob({ frozen: true });
  const system = vault.state.addJob({ status: 'SCHEDULED', method: undefined, createdBy: 1 });
  const ended = vault.state.addJob({ status: 'SUCCESS', createdAtMs: startAtMs - 60_000, startedAtMs: startAtMs - 30_000 });
  const read = async (id: number) => (await vault.get(`/services/jobs/${id}`)).text;
  const answer = (data: object) => JSON.stringify({ responseStatus: 'SUCCESS', responseMessage: 'OK', data });
  const created = { created_by: 20_417, created_date: '2026-03-02T12:00:00.000Z' };
  expect(await read(waiting)).toBe(answer({ id: waiting, status: 'QUEUED', method: 'POST', ...created }));
  expect(await read(system)).toBe(answer({ id: system, status: 'SCHEDULED', ...created, created_by: 1 }));
  const self = `/api/v26.1/services/jobs/${ended}`;
  const links = [
    { rel: 'self', href: self, method: 'GET', accept: 'application/json' },
    { rel: 'artifacts', href: `${self}/artifacts`, method: 'GET', accept: 'application/json' },
  ];
  const dates = {
    created_date: '2026-03-02T11:59:00.000Z',
    run_start_date: '2026-03-02T11:59:30.000Z',
    run_end_date: '2026-03-02T12:00:00.000Z',
  };
  expect(await read(ended)).toBe(answer({ id: ended, status: 'SUCCESS', method: 'POST', links, created_by: 20_417, ...dates }));
});

test('rejects unknown IDs and IDs that are not numbers, depending on the switches', async () => {
  const vault = await startVaultWithSession();
  for (const path of ['/services/jobs/1', '/services/jobs/1/tasks', '/services/jobs/abc', '/services/jobs/abc/tasks']) {
    const answer = await vault.get(path);
    expect([path, answer.status, errorType(answer)]).toEqual([path, 200, 'INVALID_DATA']);
  }
  Object.assign(vault.switches, { unknownJobType: 'INSUFFICIENT_ACCESS', nonNumericIdType: 'MALFORMED_URL' });
  expect(errorType(await vault.get('/services/jobs/1'))).toBe('INSUFFICIENT_ACCESS');
  expect((await vault.get('/services/jobs/abc')).status).toBe(404);
});

test('the tasks of an SDK job are done one after the other; other jobs have none', async () => {
  const vault = await startVaultWithSession();
  const taskIds = ['Batch-1', 'Batch-2', 'Batch-3'];
  const id = vault.state.addJob({ status: 'RUNNING', taskIds, durationMs: 60_000 });
  const other = vault.state.addJob({ frozen: true });
  vault.clock.advance(25_000);
  const { text } = await vault.get(`/services/jobs/${id}/tasks?limit=2`);
  const path = `/api/v26.1/services/jobs/${id}/tasks`;
  const page = { total: 3, limit: 2, offset: 0, next_page: `${path}?limit=2&offset=2` };
  const tasks = [
    { id: 'Batch-1', state: 'SUCCESS' },
    { id: 'Batch-2', state: 'RUNNING' },
  ];
  expect(text).toBe(
    JSON.stringify({ responseStatus: 'SUCCESS', url: `${path}?limit=2&offset=0`, responseDetails: page, job_id: id, tasks }),
  );
  expect((await vault.get(`/services/jobs/${id}`)).body.data.progress).toEqual([
    { status: 'SUCCESS', size: 1 },
    { status: 'RUNNING', size: 1 },
    { status: 'QUEUED', size: 1 },
  ]);
  vault.clock.advance(35_000);
  vault.switches.taskStatusKey = 'status';
  expect((await vault.get(`/services/jobs/${id}/tasks`)).body.tasks).toEqual(taskIds.map((task) => ({ id: task, status: 'SUCCESS' })));
  expect((await vault.get(`/services/jobs/${other}/tasks`)).body).toMatchObject({
    responseDetails: { total: 0 },
    job_id: other,
    tasks: [],
  });
  expect((await vault.get(`/services/jobs/${other}`)).body.data).not.toHaveProperty('progress');
});

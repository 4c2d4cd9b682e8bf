import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { errorType, startAtMs, startVault, startVaultWithSession } from './sandbox-client.ts';

const minuteMs = 60_000;
const allStatuses = [
  'CANCELLED',
  'CANCELLING',
  'COMPLETED_DUE_TO_INACTIVITY',
  'ERRORS_ENCOUNTERED',
  'FAILED_TO_RUN',
  'MISSED_SCHEDULE',
  'QUEUED',
  'QUEUEING',
  'RUNNING',
  'SCHEDULED',
  'SUCCESS',
  'TIMEOUT',
];

test('its settings and URL are what a configuration needs', async () => {
  const vault = await startVault();
  expect(vault.vendor).toBe('veeva-vault');
  expect(vault.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { version, username, password } = vault.settings;
  expect(version).toBe('v26.1');
  expect((await vault.login({ username: String(username), password: String(password) })).body.responseStatus).toBe('SUCCESS');
});

test('a new Vault shows 120 jobs in every status, over days, with names an operator would see', async () => {
  const vault = await startVaultWithSession({ jobs: 120 });
  const monitors = (await vault.get('/services/jobs/monitors?limit=200')).body;
  const histories = (await vault.get('/services/jobs/histories?limit=200')).body;
  const rows = [...monitors.jobs, ...histories.jobs];
  expect(rows).toHaveLength(120);
  expect([...new Set(rows.map(({ status }) => status))].sort()).toEqual(allStatuses);
  expect(new Set(rows.map(({ title }) => title)).size).toBeGreaterThan(15);
  const ends = histories.jobs.map(({ run_end_date }) => Date.parse(String(run_end_date)));
  expect(Math.max(...ends)).toBeLessThanOrEqual(startAtMs);
  expect(Math.min(...ends)).toBeLessThan(startAtMs - 5 * 24 * 60 * minuteMs);
  const scheduled = monitors.jobs.filter(({ status }) => status === 'SCHEDULED').map(({ title }) => title);
  expect(new Set(scheduled).size).toBe(scheduled.length);
});

test('the same seed and clock give the same jobs and sessions, another seed gives others', async () => {
  const read = async (seed: number) => {
    const vault = await startVaultWithSession({ jobs: 200, seed, switches: { arrivals: true } });
    vault.clock.advance(20 * minuteMs - 1);
    const answers = [await vault.get('/services/jobs/monitors?limit=200'), await vault.get('/services/jobs/histories?limit=200')];
    return { session: vault.session, texts: answers.map(({ text }) => text) };
  };
  const first = await read(7);
  expect(await read(7)).toEqual(first);
  expect((await read(8)).texts).not.toEqual(first.texts);
});

test('new jobs arrive about every 40 seconds, run and end, unless the switch is off', async () => {
  const vault = await startVaultWithSession({ switches: { arrivals: true } });
  vault.clock.advance(19 * minuteMs);
  await vault.get('/services/jobs/monitors');
  const arrived = vault.state.unfinished().length + vault.state.ended().length;
  expect(arrived).toBeGreaterThanOrEqual(19);
  expect(arrived).toBeLessThanOrEqual(57);
  expect(vault.state.ended().length).toBeGreaterThan(0);
  vault.switches.arrivals = false;
  vault.clock.advance(19 * minuteMs);
  await vault.get('/services/jobs/monitors');
  expect(vault.state.unfinished()).toHaveLength(0);
  expect(vault.state.ended()).toHaveLength(arrived);
});

test('the jobs that ended first drop out beyond the cap', async () => {
  const vault = await startVaultWithSession({ switches: { endedJobsKept: 3 } });
  const ids = vault.state.addJobs(5, { status: 'SUCCESS' });
  expect((await vault.get('/services/jobs/histories')).body.jobs.map(({ job_id }) => job_id)).toEqual(ids.slice(2).reverse());
  expect(errorType(await vault.get(`/services/jobs/${ids[0]}`))).toBe('INVALID_DATA');
});

test('a job goes from QUEUEING through QUEUED and RUNNING to its outcome, and changes lists when it ends', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ status: 'QUEUEING', waitMs: 20_000, durationMs: 60_000, outcome: 'ERRORS_ENCOUNTERED' });
  const lists = async () => {
    const monitors = (await vault.get('/services/jobs/monitors')).body.jobs;
    const histories = (await vault.get('/services/jobs/histories')).body.jobs;
    return [monitors.map(({ status }) => status), histories.map(({ status }) => status)];
  };
  expect(await lists()).toEqual([['QUEUEING'], []]);
  vault.clock.advance(3_000);
  expect(await lists()).toEqual([['QUEUED'], []]);
  vault.clock.advance(19_999);
  expect(await lists()).toEqual([['QUEUED'], []]);
  vault.clock.advance(1);
  expect(await lists()).toEqual([['RUNNING'], []]);
  vault.clock.advance(60_000);
  expect(await lists()).toEqual([[], ['ERRORS_ENCOUNTERED']]);
  expect(vault.state.job(id)).toMatchObject({ startedAtMs: startAtMs + 23_000, endedAtMs: startAtMs + 83_000 });
});

test('a scheduled instance starts at its planned time and leaves the next one behind when it ends', async () => {
  const vault = await startVaultWithSession();
  const everyMs = 60 * minuteMs;
  const id = vault.state.addJob({
    title: 'Task Reminder Notification',
    status: 'SCHEDULED',
    method: undefined,
    plannedStartMs: startAtMs + 5 * minuteMs,
    repeatEveryMs: everyMs,
  });
  vault.clock.advance(5 * minuteMs - 1);
  expect((await vault.get('/services/jobs/monitors?status=scheduled')).body.jobs[0]).toMatchObject({
    job_id: id,
    run_start_date: '2026-03-02T12:05:00.000Z',
  });
  vault.clock.advance(2 * minuteMs);
  const [next, ...others] = (await vault.get('/services/jobs/monitors')).body.jobs;
  expect(others).toEqual([]);
  expect(next).toMatchObject({ title: 'Task Reminder Notification', status: 'SCHEDULED', run_start_date: '2026-03-02T13:05:00.000Z' });
  expect(next?.job_id).toBeGreaterThan(id);
  expect(next?.created_date).toBe('2026-03-02T12:06:13.000Z');
});

test('a scheduled instance that is missed or cannot run ends at its planned time without having run', async () => {
  const vault = await startVaultWithSession();
  for (const outcome of ['MISSED_SCHEDULE', 'FAILED_TO_RUN'] as const) {
    const id = vault.state.addJob({ status: 'SCHEDULED', plannedStartMs: startAtMs + minuteMs, outcome });
    vault.clock.advance(minuteMs);
    const { data } = (await vault.get(`/services/jobs/${id}`)).body;
    expect(data.status).toBe(outcome);
    expect(data).not.toHaveProperty('run_start_date');
  }
});

test('an undocumented status does not change, and counts as unfinished', async () => {
  const vault = await startVaultWithSession();
  vault.state.addJob({ status: 'PAUSED_BY_ADMIN' });
  vault.clock.advance(10 * minuteMs);
  expect((await vault.get('/services/jobs/monitors')).body.jobs.map(({ status }) => status)).toEqual(['PAUSED_BY_ADMIN']);
});

test('tests can change, stop, and remove a job behind the back of the API', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob({ frozen: true });
  vault.clock.advance(19 * minuteMs);
  expect((await vault.get('/services/jobs/monitors')).body.jobs.map(({ status }) => status)).toEqual(['QUEUED']);
  vault.state.beforeNext('/histories', () => vault.state.changeJob(id, { status: 'TIMEOUT', title: 'Deploy Package' }));
  expect((await vault.get('/services/jobs/histories')).body.jobs[0]).toMatchObject({
    job_id: id,
    status: 'TIMEOUT',
    title: 'Deploy Package',
  });
  expect((await vault.get('/services/jobs/monitors')).body.jobs).toEqual([]);
  vault.state.changeJob(id, { frozen: false, status: 'QUEUED' });
  vault.clock.advance(10_000);
  expect((await vault.get('/services/jobs/monitors')).body.jobs.map(({ status }) => status)).toEqual(['RUNNING']);
  vault.state.removeJob(id);
  expect((await vault.get('/services/jobs/monitors')).body.jobs).toEqual([]);
  expect(() => vault.state.changeJob(id, {})).toThrow(RangeError);
});

test('the status line has no reason phrase', async () => {
  const vault = await startVault();
  const statusLine = await new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(vault.url);
    const socket = connect(Number(port), hostname, () => socket.write('GET /nowhere HTTP/1.1\r\nHost: vault\r\nConnection: close\r\n\r\n'));
    socket.once('data', (bytes) => resolve(bytes.toString('latin1').split('\r\n')[0] ?? '')).once('error', reject);
  });
  expect(statusLine).toBe('HTTP/1.1 404 ');
});

test('paths that lead nowhere are MALFORMED_URL with 404, methods a path lacks are METHOD_NOT_SUPPORTED', async () => {
  const vault = await startVaultWithSession();
  const headers = { authorization: vault.session };
  for (const path of [
    '/',
    '/api/26.1/auth',
    '/api/v26/auth',
    '/api/v26.1/services',
    '/api/v26.1/services/jobs',
    '/apis',
    '/%E0%A4%A',
    '/api/v26.1/queries',
  ]) {
    const answer = await vault.call('GET', path, { headers });
    expect([path, answer.status, errorType(answer)]).toEqual([path, 404, 'MALFORMED_URL']);
  }
  const wrongMethods = [
    ['GET', '/auth'],
    ['GET', '/query'],
    ['PUT', ''],
    ['GET', '/keep-alive'],
    ['POST', '/session'],
    ['POST', '/services/jobs/monitors'],
    ['DELETE', '/services/jobs/histories'],
    ['PUT', '/services/jobs/1'],
    ['GET', '/services/jobs/start_now/1'],
    ['GET', '/services/jobs/actions/cancel'],
  ] as const;
  for (const [method, path] of wrongMethods) {
    const answer = await vault.send(method, path);
    expect([method, path, answer.status, errorType(answer)]).toEqual([method, path, 200, 'METHOD_NOT_SUPPORTED']);
  }
  vault.switches.methodNotSupportedStatus = 405;
  expect((await vault.get('/keep-alive')).status).toBe(405);
});

test('the versions are listed with and without a version in the path, each with its own URL', async () => {
  const vault = await startVaultWithSession();
  const headers = { authorization: vault.session };
  for (const path of ['/api', '/api/', '/api/v24.3', '/api/v24.3/']) {
    const { body } = await vault.call('GET', path, { headers });
    expect(body.values['v24.3']).toBe(`${vault.url}/api/v24.3`);
    expect(Object.keys(body.values).at(-1)).toBe('v26.2');
  }
  expect(errorType(await vault.call('GET', '/api/'))).toBe('INVALID_SESSION_ID');
});

test('every response has the X-VaultAPI headers and returns the reference ID', async () => {
  const vault = await startVaultWithSession();
  const { headers } = await vault.send('GET', '/objects/users/me', { headers: { 'X-VaultAPI-ReferenceId': 'request-81' } });
  expect(headers.get('x-vaultapi-executionid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-vaultapi-burstlimit')).toBe('2000');
  expect(headers.get('x-vaultapi-burstlimitremaining')).toBe('1999');
  expect(headers.get('x-vaultapi-vaultid')).toBe('4102');
  expect(headers.get('x-vaultapi-userid')).toBe('20417');
  expect(headers.get('x-vaultapi-truncatedsessionid')).toBe(vault.session.slice(0, 20));
  expect(headers.get('x-vaultapi-status')).toBe('SUCCESS');
  expect(headers.get('x-vaultapi-referenceid')).toBe('request-81');
  expect(headers.has('x-vaultapi-responsedelay')).toBe(false);
  expect(headers.has('x-vaultapi-dailylimit')).toBe(false);
  const old = await vault.call('GET', '/api/v20.3/objects/users/me', {
    headers: { authorization: vault.session, 'X-VaultAPI-ReferenceId': 'x' },
  });
  expect(old.headers.get('x-vaultapi-dailylimit')).toBe('999999');
  expect(old.headers.has('x-vaultapi-status')).toBe(false);
  expect(old.headers.has('x-vaultapi-referenceid')).toBe(false);
});

test('tests can arrange warnings, rejections, and server errors', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob();
  vault.state.rejectNext({ type: 'RACE_CONDITION', path: 'histories' });
  vault.state.rejectNext({ type: 'UNEXPECTED_ERROR', responseStatus: 'EXCEPTION', method: 'POST', applied: true });
  expect((await vault.get('/services/jobs/monitors')).body.responseStatus).toBe('SUCCESS');
  expect(errorType(await vault.get('/services/jobs/histories'))).toBe('RACE_CONDITION');
  expect((await vault.get('/services/jobs/histories')).body.responseStatus).toBe('SUCCESS');
  const broken = await vault.cancel([{ job_id: id }]);
  expect(broken.body).toMatchObject({ responseStatus: 'EXCEPTION', errors: [{ type: 'UNEXPECTED_ERROR' }] });
  expect(broken.headers.get('x-vaultapi-status')).toBe('EXCEPTION');
  expect(vault.state.job(id)?.status).toBe('CANCELLING');
  vault.switches.warnings = true;
  const warned = await vault.get('/services/jobs/monitors');
  expect(warned.body).toMatchObject({ responseStatus: 'WARNING', warnings: [{ type: 'SANDBOX_WARNING' }], jobs: [{ job_id: id }] });
  expect(warned.headers.get('x-vaultapi-status')).toBe('WARNING');
});

test('a Vault that is down returns HTML with 503 and its expected downtime', async () => {
  const vault = await startVaultWithSession();
  vault.switches.downtimeMinutes = 45;
  const answer = await vault.get('/services/jobs/monitors');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  expect(answer.headers.get('x-vaultapi-downtimeexpecteddurationminutes')).toBe('45');
});

test('a connection reset after a cancel leaves the job CANCELLING', async () => {
  const vault = await startVaultWithSession();
  const id = vault.state.addJob();
  vault.faults.add({ fault: { kind: 'reset', applied: true }, path: 'cancel' });
  await expect(vault.cancel([{ job_id: id }])).rejects.toThrow();
  expect((await vault.get(`/services/jobs/${id}`)).body.data.status).toBe('CANCELLING');
});

test('rejects odd requests, and never breaks', async () => {
  const vault = await startVaultWithSession();
  const paths = [
    '/services/jobs/%00',
    '/services/jobs/99999999999999999999999',
    '/services/jobs/-1',
    '/services/jobs/1e3',
    '/services/jobs/..%2f',
  ];
  for (const path of paths) expect(errorType(await vault.get(path)), path).toBe('INVALID_DATA');
  const bodies = ['', '{', 'null', '"text"', '{"job_id":1}', '[[[[', '[1e400]', '[{"job_id":{"a":[]}}]', '\u0000', '[null,true,"x",[],{}]'];
  for (const body of bodies) {
    const answer = await vault.cancel(body);
    expect([body, answer.status]).toEqual([body, 200]);
    // A list with odd items is accepted, and its items are rejected; any other body is rejected.
    expect([body, answer.body.responseStatus]).toEqual([body, body.startsWith('[') && body !== '[[[[' ? 'SUCCESS' : 'FAILURE']);
  }
  const strangeLogins = ['%', 'username=%FF%FE&password', 'password=x', 'username[]=a&password=b'];
  for (const body of strangeLogins) {
    const answer = await vault.call('POST', '/api/v26.1/auth', { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.body.errorType, body).toBe('AUTHENTICATION_FAILED');
  }
  expect((await vault.get('/services/jobs/monitors')).status).toBe(200);
});

test('a Vault without a clock of its own moves with real time', async () => {
  const vault = await startVaultWithSession({ clock: createClock() });
  const beforeMs = Date.now();
  const id = vault.state.addJob({ status: 'QUEUED', waitMs: 5, durationMs: 5 });
  await expect.poll(async () => (await vault.get('/services/jobs/histories')).body.jobs.map(({ job_id }) => job_id)).toEqual([id]);
  expect(vault.state.job(id)?.endedAtMs).toBeGreaterThanOrEqual(beforeMs + 10);
});

import { expect, test } from 'vitest';
import { basic, startMs, startSandbox } from './sandbox-client.ts';

test('no credentials give 401 with one code, wrong ones with another, each as an envelope', async () => {
  const { call, url } = await startSandbox();
  const none = await call('GET', '/jobs?time_filter=4', { headers: { authorization: null } });
  expect(none.status).toBe(401);
  expect(none.headers.get('content-type')).toBe('application/json;charset=UTF-8');
  expect(none.body).toEqual({
    code: '999',
    data: null,
    msg: "KE-010003207: Can't authenticate. Please login again.",
    stacktrace: expect.stringContaining('\tat '),
    exception: "KE-010003207: Can't authenticate. Please login again.",
    url: `${url}/jobs`,
    suggestion: '',
    error_code: 'KE-010003207',
  });
  for (const authorization of [basic('ADMIN', 'kylin'), basic('nobody', 'KYLIN'), 'Basic !!!', 'Basic ']) {
    const wrong = await call('GET', '/jobs?time_filter=4', { headers: { authorization } });
    expect([wrong.status, wrong.body.error_code], authorization).toEqual([401, 'KE-010003208']);
  }
  const bearer = await call('GET', '/jobs?time_filter=4', { headers: { authorization: 'Bearer abc' } });
  expect([bearer.status, bearer.body.error_code]).toEqual([401, 'KE-010003207']);
});

test('the shape of errors, their type and the stack trace can be switched', async () => {
  const { call, switches } = await startSandbox();
  const refused = () => call('GET', '/jobs?time_filter=9');
  expect((await refused()).headers.get('content-type')).toBe('application/vnd.apache.kylin-v4-public+json');
  switches.errorContentType = 'json';
  switches.stacktrace = 'withheld';
  switches.errorShape = 'documented';
  const { headers, body } = await refused();
  expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
  expect(Object.keys(body)).toEqual(['code', 'data', 'msg', 'stacktrace', 'exception', 'url']);
  expect(body.stacktrace).not.toContain('\tat ');
});

test('three wrong passwords lock an account for 30 seconds, a fourth for a minute, even against the right one', async () => {
  const { call, clock } = await startSandbox();
  const logIn = async (password: string) => {
    const { status, body } = await call('GET', '/jobs?time_filter=4', { headers: { authorization: basic('ADMIN', password) } });
    return [status, body.error_code];
  };
  for (const _ of [1, 2, 3]) expect(await logIn('wrong')).toEqual([401, 'KE-010003208']);
  expect(await logIn('KYLIN')).toEqual([400, 'KE-010003005']);
  clock.advance(29_999);
  expect(await logIn('KYLIN')).toEqual([400, 'KE-010003005']);
  clock.advance(1);
  expect(await logIn('wrong')).toEqual([401, 'KE-010003208']);
  clock.advance(59_999);
  expect(await logIn('KYLIN')).toEqual([400, 'KE-010003005']);
  clock.advance(1);
  expect(await logIn('KYLIN')).toEqual([200, undefined]);
  expect(await logIn('wrong')).toEqual([401, 'KE-010003208']);
  expect(await logIn('KYLIN')).toEqual([200, undefined]);
});

test('the tenth wrong password locks for ever, and the lock can be switched off', async () => {
  const { call, clock, switches } = await startSandbox();
  const logIn = async (password: string) =>
    (await call('GET', '/jobs?time_filter=4', { headers: { authorization: basic('ADMIN', password) } })).status;
  for (let tries = 0; tries < 10; tries += 1) {
    expect(await logIn('wrong')).toBe(401);
    clock.advance(4 * 86_400_000);
  }
  clock.advance(400 * 86_400_000);
  expect(await logIn('KYLIN')).toBe(400);
  switches.lockout = false;
  expect(await logIn('KYLIN')).toBe(200);
});

test('login names ignore case unless switched', async () => {
  const { call, switches } = await startSandbox();
  const status = async () => (await call('GET', '/jobs?time_filter=4', { headers: { authorization: basic('admin', 'KYLIN') } })).status;
  expect(await status()).toBe(200);
  switches.loginNames = 'exact';
  expect(await status()).toBe(401);
});

test('authentication gives the user and a cookie that works until it is idle for ten minutes or expires', async () => {
  const { call, clock, state } = await startSandbox();
  const login = await call('POST', '/user/authentication');
  expect(login.body.data).toMatchObject({
    username: 'ADMIN',
    authorities: [{ authority: 'ROLE_ADMIN' }, { authority: 'ALL_USERS' }],
    disabled: false,
    locked: false,
    create_time: startMs,
  });
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(cookie).toMatch(/^SESSION=.+/);
  const withCookie = async () => {
    const { status, body } = await call('GET', '/user/authentication', {
      headers: { authorization: null, cookie: `theme=dark; ${cookie}` },
    });
    return [status, body.data?.username ?? body.error_code];
  };
  clock.advance(599_999);
  expect(await withCookie()).toEqual([200, 'ADMIN']);
  clock.advance(599_999);
  expect(await withCookie()).toEqual([200, 'ADMIN']);
  clock.advance(600_000);
  expect(await withCookie()).toEqual([401, 'KE-010003207']);
  const again = await call('POST', '/user/authentication', { headers: { cookie } });
  const second = (again.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(second).not.toBe(cookie);
  expect((await call('GET', '/jobs?time_filter=4', { headers: { authorization: null, cookie: second } })).status).toBe(200);
  state.expireSessions();
  expect((await call('GET', '/jobs?time_filter=4', { headers: { authorization: null, cookie: second } })).status).toBe(401);
});

test('serves both types of Kylin alike; rejects others, or fails if two handlers match', async () => {
  const { call, switches, state } = await startSandbox();
  const id = state.addJob({ state: 'RUNNING' });
  const accept = async (type: string | null, path = '/jobs?time_filter=4') => {
    const { status, headers } = await call('GET', path, { headers: { accept: type } });
    return [status, headers.get('content-type')];
  };
  const web = 'application/vnd.apache.kylin-v4+json';
  const open = 'application/vnd.apache.kylin-v4-public+json';
  expect(await accept(web)).toEqual([200, web]);
  expect(await accept(`text/html, ${open};q=0.9`)).toEqual([200, open]);
  expect((await accept('application/json'))[0]).toBe(406);
  expect((await accept('application/vnd.apache.kylin-v2+json'))[0]).toBe(406);
  expect((await accept('*/*'))[0]).toBe(500);
  expect(await accept('*/*', `/jobs/${id}/detail?project=retail`)).toEqual([200, web]);
  switches.otherAccept = 'served';
  for (const type of ['application/json', '*/*', null]) expect(await accept(type)).toEqual([200, open]);
});

test('detail lists the steps with their stages, and needs a project', async () => {
  const { call, state, clock } = await startSandbox();
  const segment = '41c6ae5c-56c0-4c7a-8f55-3c9d5c2f8b11';
  const id = state.addJob({ state: 'RUNNING', runMs: 100_000, segments: [segment], indexCount: 10 });
  clock.advance(60_000);
  const { body } = await call('GET', `/jobs/${id}/detail?project=retail`);
  expect(body.data.map((step: { id: string; name: string; step_status: string }) => [step.id, step.name, step.step_status])).toEqual([
    [`${id}_00`, 'Detect Resource', 'FINISHED'],
    [`${id}_01`, 'Load Data To Index', 'RUNNING'],
    [`${id}_02`, 'Update Metadata', 'PENDING'],
  ]);
  const [, load] = body.data;
  expect(load.sub_stages).toHaveLength(9);
  expect(load.sub_stages[0]).toMatchObject({ id: `${id}_01_00`, step_status: 'FINISHED', sub_stages: null });
  expect(load.segment_sub_stages[segment].stage).toHaveLength(9);
  expect(Object.keys(load)).toEqual(
    (
      'id name sequence_id step_status scheduler_state exec_start_time exec_end_time create_time duration wait_time index_count ' +
      'success_index_count cmd_type exec_cmd info previous_step next_steps failed_msg failed_step_name failed_step_id failed_segment_id ' +
      'failed_stack failed_reason failed_code failed_resolve sub_stages segment_sub_stages'
    ).split(' '),
  );
  const refusal = async (path: string) => {
    const answer = await call('GET', path);
    return [answer.status, answer.body.error_code];
  };
  expect(await refusal(`/jobs/${id}/detail`)).toEqual([400, 'KE-010043201']);
  expect(await refusal(`/jobs/${id}/detail?project=`)).toEqual([500, 'KE-010001002']);
  expect(await refusal(`/jobs/${id}/detail?project=nowhere`)).toEqual([500, 'KE-010001201']);
  expect(await refusal('/jobs/no-such-job/detail?project=retail')).toEqual([500, 'KE-010032219']);
});

test('the steps of ended jobs show how they ended', async () => {
  const { call, state } = await startSandbox();
  const stepsOf = async (fields: Parameters<typeof state.addJob>[0]) =>
    (await call('GET', `/jobs/${state.addJob(fields)}/detail?project=retail`)).body.data as Record<string, string | null>[];
  const statuses = async (fields: Parameters<typeof state.addJob>[0]) => (await stepsOf(fields)).map((step) => step.step_status);
  expect(await statuses({ state: 'SUCCEED' })).toEqual(['FINISHED', 'FINISHED', 'FINISHED']);
  expect(await statuses({ state: 'READY' })).toEqual(['PENDING', 'PENDING', 'PENDING']);
  expect(await statuses({ state: 'PAUSED' })).toEqual(['FINISHED', 'STOPPED', 'PENDING']);
  expect(await statuses({ state: 'DISCARDED' })).toEqual(['DISCARDED', 'DISCARDED', 'DISCARDED']);
  const [, failed] = await stepsOf({ state: 'ERROR' });
  expect(failed).toMatchObject({
    step_status: 'ERROR',
    failed_step_name: 'Cost based planner',
    failed_code: expect.stringMatching(/^KE-/),
  });
});

test('a step has its log', async () => {
  const { call, state } = await startSandbox();
  const id = state.addJob({ state: 'ERROR' });
  const { body } = await call('GET', `/jobs/${id}/steps/${id}_01/output?project=retail`);
  expect(Object.keys(body.data)).toEqual(['jobId', 'stepId', 'cmd_output']);
  expect(body.data).toMatchObject({ jobId: id, stepId: `${id}_01`, cmd_output: expect.stringContaining(id) });
  expect((await call('GET', `/jobs/${id}/steps/${id}_77/output?project=retail`)).status).toBe(500);
  expect((await call('GET', `/jobs/${id}/steps/${id}_01/output`)).status).toBe(400);
});

test('projects are listed to users that can read them', async () => {
  const { call } = await startSandbox();
  const names = async (username: string, password: string, query = '') => {
    const { body } = await call('GET', `/projects${query}`, { headers: { authorization: basic(username, password) } });
    return body.data.value.map((project: { name: string; permission: string }) => `${project.name} ${project.permission}`);
  };
  expect(await names('ADMIN', 'KYLIN', '?page_offset=0&page_size=1000')).toEqual([
    'retail ADMINISTRATION',
    'finance ADMINISTRATION',
    'supply_chain ADMINISTRATION',
  ]);
  expect(await names('maria.keller', 'only-looking')).toEqual(['retail READ']);
  expect(await names('etl_svc', 'nightly-loads', '?project=FIN')).toEqual(['finance OPERATION']);
  expect(await names('etl_svc', 'nightly-loads', '?permission=OPERATION')).toEqual(['retail OPERATION', 'finance OPERATION']);
  expect(await names('maria.keller', 'only-looking', '?permission=OPERATION')).toEqual([]);
  expect(await call('GET', '/projects?permission=LOOK')).toMatchObject({ status: 400, body: { error_code: 'KE-010024001' } });
});

test('rejects unknown paths and methods, and odd bytes in paths', async () => {
  const { call, url } = await startSandbox();
  expect((await call('GET', '/cubes')).status).toBe(404);
  expect((await call('PATCH', '/jobs')).status).toBe(405);
  expect((await call('GET', '/jobs/%E0%A4%A/detail?project=retail')).status).toBe(400);
  expect((await call('GET', '/jobs/..%2f..%2fetc/detail?project=retail')).body.error_code).toBe('KE-010032219');
  expect((await call('GET', '/jobs/?time_filter=4')).status).toBe(200);
  expect((await fetch(new URL('/', url))).status).toBe(404);
  expect((await call('GET', '/jobs?time_filter=4&key=%00%F0%9F%92%A5')).body.data.total_size).toBe(0);
});

test('what the embedded default needs is there: vendor, url below /kylin/api, settings that log in', async () => {
  const { vendor, url, settings, call } = await startSandbox();
  expect(vendor).toBe('kylin');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/kylin\/api$/);
  const authorization = basic(String(settings.username), String(settings.password));
  expect((await call('GET', '/jobs?time_filter=4', { headers: { authorization } })).status).toBe(200);
});

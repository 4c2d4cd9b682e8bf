import { describe, expect, test } from 'vitest';
import { errorBody } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { administrator, basic, get, list, plainUser, post, start, startedAt } from './sandbox-client.ts';

describe('the wire', () => {
  test('wraps JSON text in five keys, in order', async () => {
    const sandbox = await start();
    sandbox.state.addJob({
      id: '971413',
      endpoint: '/execute/sql',
      authId: 'etl_user',
      sourceIp: '10.20.0.14',
      queryText: "SELECT 'Zürich'",
      userData: 'rollup',
    });
    const answer = await post(sandbox, '/admin/show/jobs');
    const data = `{"job_id":[971413],"status":["RUNNING"],"endpoint_name":["/execute/sql"],"time_received":[${startedAt}],"auth_id":["etl_user"],"source_ip":["10.20.0.14"],"query_text":["SELECT 'Zürich'"],"user_data":["rollup"],"flags":[""],"info":{}}`;
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(
      `{"status":"OK","message":"","data_type":"admin_show_jobs_response","data":"","data_str":${JSON.stringify(data)}}`,
    );
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-request-time-secs')).toMatch(/^\d+\.\d+$/);
    expect(answer.headers.get('access-control-expose-headers')).toBe('x-request-time-secs');
  });

  test('rejects with a 400, the reason in the message, and no data', async () => {
    const sandbox = await start();
    const answer = await post(sandbox, '/admin/alter/jobs', { job_ids: [1], action: 'pause', options: {} });
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(errorBody('Invalid action: pause; valid choices are: cancel (S/SJm:214)'));
    expect(Object.keys(answer.wrapper())).toEqual(['status', 'message', 'data_type', 'data', 'data_str']);
    expect(answer.wrapper()).toMatchObject({ status: 'ERROR', data_type: 'none', data: '', data_str: '' });
  });

  test('rejects with status 200 if the switch is on', async () => {
    const sandbox = await start({ errorStatus: 200 });
    const answer = await post(sandbox, '/get/job', { job_id: 1, options: {} });
    expect(answer.status).toBe(200);
    expect(answer.wrapper()).toMatchObject({ status: 'ERROR', message: 'Job 1 not found (S/SJm:188)' });
  });

  test.each([
    ['GET', '/admin/show/jobs'],
    ['PUT', '/admin/show/jobs'],
    ['POST', '/admin/show/nothing'],
    ['POST', '/'],
    ['POST', '/constructor'],
    ['POST', '/admin/show/jobs/'],
    ['POST', '/%00%ff/../x'],
  ])('%s %s is an unknown URI', async (method, path) => {
    const { url } = await start();
    const response = await fetch(url + path, { method, headers: { authorization: administrator, 'content-type': 'application/json' } });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(errorBody('Unknown URI'));
  });

  test('serves endpoints below the path prefix, and returns that the server is running for a GET of the base', async () => {
    const sandbox = await start({ pathPrefix: '/gpudb-0/' });
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/gpudb-0$/);
    expect((await list(sandbox)).job_id).toEqual([]);
    expect(await (await fetch(sandbox.url)).text()).toBe('Kinetica is running!');
    const outside = await fetch(new URL('/admin/show/jobs', sandbox.url), { method: 'POST' });
    expect(outside.status).toBe(404);
  });

  test('a chunked body without an Accept header is understood', async () => {
    const sandbox = await start();
    const chunks = ['{"options":{"show_as', 'ync_jobs":"true"}}'].map((text) => Buffer.from(text));
    // A stream has no length: it goes out in chunks.
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { authorization: administrator, 'content-type': 'application/json; charset=utf-8' },
      body: new Blob(chunks).stream(),
      duplex: 'half',
    };
    const response = await fetch(`${sandbox.url}/admin/show/jobs`, init);
    expect(response.status).toBe(200);
  });

  test.each([
    ['no JSON', '{"options":'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['no options', '{}'],
    ['a boolean option', '{"options":{"show_async_jobs":true}}'],
    ['an option of another word', '{"options":{"show_async_jobs":"yes"}}'],
    ['a number option', '{"options":{"other":1}}'],
    ['deep nesting', '['.repeat(100_000)],
    ['balanced deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('a list request of %s is rejected', async (_name, body) => {
    const sandbox = await start();
    const answer = await post(sandbox, '/admin/show/jobs', body);
    expect(answer.status).toBe(400);
    expect(answer.wrapper().message).toMatch(/^Unable to parse the request/);
  });

  test.each(['"971413"', '1.5', '1e3', 'null', '9223372036854775808', '99999999999999999999999', '[1]'])(
    'a job id %s is rejected',
    async (id) => {
      const sandbox = await start();
      expect((await post(sandbox, '/get/job', `{"job_id":${id},"options":{}}`)).status).toBe(400);
      expect((await post(sandbox, '/admin/alter/jobs', `{"job_ids":[${id}],"action":"cancel","options":{}}`)).status).toBe(400);
    },
  );

  test('unknown fields are ignored', async () => {
    const sandbox = await start();
    expect((await post(sandbox, '/admin/show/jobs', { options: { colour: 'red' }, extra: [1] })).status).toBe(200);
  });

  test.each([{ 'content-type': 'application/octet-stream' }, { 'content-type': 'text/plain' }, { accept: 'application/x-snappy' }])(
    'encodings other than JSON are rejected: %o',
    async (headers) => {
      const sandbox = await start();
      const answer = await post(sandbox, '/admin/show/jobs', undefined, { authorization: administrator, ...headers });
      expect(answer.status).toBe(400);
      expect(answer.wrapper().message).toMatch(/^Unsupported/);
    },
  );
});

describe('authentication', () => {
  test.each([
    ['the administrator', administrator],
    ['a name and password beyond ASCII, in UTF-8', basic('ops_müller', 'grün&Größe7')],
    ['a bearer token', 'Bearer kin-oauth-5f0c9e3a7b'],
  ])('%s may list', async (_name, authorization) => {
    const sandbox = await start();
    expect((await post(sandbox, '/admin/show/jobs', undefined, { authorization })).status).toBe(200);
  });

  test('its settings are the administrator', async () => {
    const sandbox = await start();
    const authorization = basic(String(sandbox.settings.username), String(sandbox.settings.password));
    expect((await list(sandbox, {}, authorization)).job_id).toEqual([]);
  });

  test.each([
    ['no header', {}],
    ['a wrong password', { authorization: basic('admin', 'guess') }],
    ['an unknown token', { authorization: 'Bearer undefined' }],
    ['another scheme', { authorization: 'Digest abc' }],
    ['no credentials', { authorization: 'Basic' }],
  ])('%s is a 401', async (_name, headers: Record<string, string>) => {
    const sandbox = await start();
    const answer = await post(sandbox, '/admin/show/jobs', undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Kinetica"');
    expect(answer.wrapper().status).toBe('ERROR');

    sandbox.switches.unauthorizedBody = 'html';
    const page = await post(sandbox, '/admin/show/jobs', undefined, headers);
    expect(page.status).toBe(401);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).toContain('<h1>Unauthorized</h1>');
  });

  test('without authentication every user can list', async () => {
    const sandbox = await start({ authentication: 'off' });
    expect((await post(sandbox, '/admin/show/jobs', undefined, {})).status).toBe(200);
  });

  test('a plain user is denied with a 400', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ authId: 'svc_superset' });
    for (const [path, body] of [
      ['/admin/show/jobs', '{"options":{}}'],
      ['/admin/alter/jobs', `{"job_ids":[${id}],"action":"cancel","options":{}}`],
      ['/create/job', '{"endpoint":"/admin/rebalance","request_encoding":"json","data_str":"{}","options":{}}'],
    ] as const) {
      const answer = await post(sandbox, path, body, { authorization: plainUser });
      expect(answer.status).toBe(400);
      expect(answer.text).toBe(errorBody('Access denied; ok'));
    }
    expect(sandbox.state.job(id)?.status).toBe('RUNNING');
  });
});

describe('the list', () => {
  test('lists ended asynchronous jobs only on request, and ended synchronous jobs never', async () => {
    const sandbox = await start();
    const running = sandbox.state.addJob({ kind: 'sync' });
    const waiting = sandbox.state.addJob({ status: 'WAITING' });
    const done = sandbox.state.addJob({ status: 'DONE' });
    const failed = sandbox.state.addJob({ status: 'ERROR' });
    const cancelled = sandbox.state.addJob({ status: 'CANCELLED' });
    const stopping = sandbox.state.addJob({ status: 'CANCELLED', running: true });
    sandbox.state.addJob({ kind: 'sync', status: 'DONE' });

    const all = await list(sandbox);
    expect(all.job_id.map(String)).toEqual([running, waiting, done, failed, cancelled, stopping]);
    expect(all.status).toEqual(['RUNNING', 'WAITING', 'DONE', 'ERROR', 'CANCELLED', 'CANCELLED']);
    const current = await list(sandbox, { show_async_jobs: 'false' });
    expect(current.job_id.map(String)).toEqual([running, waiting, stopping]);
  });

  test.each([
    ['6.2', 'job_id status endpoint_name time_received auth_id user_data'],
    ['7.0', 'job_id status endpoint_name time_received auth_id source_ip user_data info'],
    ['7.1', 'job_id status endpoint_name time_received auth_id source_ip user_data flags info'],
    ['7.2', 'job_id status endpoint_name time_received auth_id source_ip query_text user_data flags info'],
  ] as const)('version %s has its columns in order', async (version, columns) => {
    const sandbox = await start({ version });
    const { data_str: text } = (await post(sandbox, '/admin/show/jobs')).wrapper();
    expect(Object.keys(JSON.parse(String(text)))).toEqual(columns.split(' '));
  });

  test('6.2 always lists ended asynchronous jobs, with small IDs, and rejects IDs beyond 32 bits', async () => {
    const sandbox = await start({ version: '6.2', idBase: 'huge' });
    const id = sandbox.state.addJob({ status: 'DONE' });
    expect((await list(sandbox, { show_async_jobs: 'false' })).job_id.map(String)).toEqual([id]);
    expect(Number(id)).toBeLessThan(2 ** 31);
    await expect(get(sandbox, '2147483648')).rejects.toThrow('out of range');
  });

  test('it contains the listing request itself, with its own id, user and tag', async () => {
    const sandbox = await start({ listsItself: true });
    const first = await list(sandbox, { job_user_data: 'jobyard' });
    expect(first).toMatchObject({
      status: ['RUNNING'],
      endpoint_name: ['/admin/show/jobs'],
      time_received: [startedAt],
      auth_id: ['admin'],
      user_data: ['jobyard'],
    });
    const second = await list(sandbox);
    expect(second.job_id).toHaveLength(1);
    expect(second.job_id).not.toEqual(first.job_id);
  });

  test('writes IDs beyond a JavaScript number as numbers with all their digits', async () => {
    const sandbox = await start({ idBase: 'huge' });
    const ids = [1, 2, 3].map(() => sandbox.state.addJob());
    expect(ids).toEqual(['9007199254740993', '9007199254740994', '9007199254740995']);
    expect(String((await post(sandbox, '/admin/show/jobs')).wrapper().data_str)).toContain(`"job_id":[${ids}]`);
  });

  test('the words for a status are a choice', async () => {
    const sandbox = await start({ statusWords: 'complete' });
    for (const status of ['WAITING', 'RUNNING', 'DONE', 'ERROR', 'CANCELLED'] as const) sandbox.state.addJob({ status });
    sandbox.state.addJob({ listStatus: 'CHECKPOINTED' });
    expect((await list(sandbox)).status).toEqual(['QUEUED', 'RUNNING', 'COMPLETE', 'FAILED', 'CANCELED', 'CHECKPOINTED']);
    sandbox.switches.statusWords = 'lower-case';
    expect((await list(sandbox)).status).toEqual(['waiting', 'running', 'done', 'error', 'cancelled', 'CHECKPOINTED']);
  });

  test('the word for a job that is stopping is a choice', async () => {
    const sandbox = await start({ stoppingWord: 'CANCELLING' });
    sandbox.state.addJob({ status: 'CANCELLED', running: true });
    expect((await list(sandbox)).status).toEqual(['CANCELLING']);
    sandbox.switches.stoppingWord = 'RUNNING';
    expect((await list(sandbox)).status).toEqual(['RUNNING']);
    sandbox.switches.statusWords = 'lower-case';
    expect((await list(sandbox)).status).toEqual(['running']);
  });

  test('a scrambled list has the same jobs in another order, columns still parallel', async () => {
    const sandbox = await start();
    for (let hour = 0; hour < 5; hour += 1) sandbox.state.addJob({ userData: String(hour), receivedAtMs: startedAt + hour });
    const ordered = await list(sandbox);
    sandbox.switches.listOrder = 'scrambled';
    const scrambled = await list(sandbox);
    expect(scrambled.user_data).toEqual(['0', '2', '4', '3', '1']);
    expect(scrambled.job_id).toEqual([0, 2, 4, 3, 1].map((place) => ordered.job_id[place]));
    expect(scrambled.time_received).toEqual([0, 2, 4, 3, 1].map((place) => startedAt + place));
  });

  test('info has one tag for all jobs, if any', async () => {
    const sandbox = await start({ listTag: 'first' });
    expect((await list(sandbox)).info).toEqual({});
    sandbox.state.addJob({ kind: 'sync' });
    sandbox.state.addJob({ tag: 'rollup-1' });
    sandbox.state.addJob({ tag: 'rollup-2' });
    expect((await list(sandbox)).info).toEqual({ job_tag: 'rollup-1' });
    sandbox.switches.listTag = 'joined';
    expect((await list(sandbox)).info).toEqual({ job_tag: 'rollup-1,rollup-2' });
    sandbox.switches.listTag = 'absent';
    expect((await list(sandbox)).info).toEqual({});
  });

  test('worker information is JSON text once more, and unknown before 7.1', async () => {
    const sandbox = await start();
    const id = sandbox.state.addJob({ endpoint: '/solve/graph' });
    const { info } = await list(sandbox, { show_worker_info: 'true' });
    expect(JSON.parse(info?.worker_info ?? '')).toMatchObject({
      '1': [{ job_id: Number(id), status: 'RUNNING', endpoint_name: '/solve/graph' }],
    });
    sandbox.switches.version = '7.0';
    expect((await list(sandbox, { show_worker_info: 'true' })).info).toEqual({});
  });

  test('plain users can be allowed to see their own jobs', async () => {
    const sandbox = await start({ plainUsers: 'own-jobs' });
    sandbox.state.addJob({ authId: 'etl_fleet' });
    const own = sandbox.state.addJob({ authId: 'svc_superset' });
    expect((await list(sandbox, {}, plainUser)).job_id.map(String)).toEqual([own]);
  });

  test('returns 50,000 jobs in one response', async () => {
    const sandbox = await start();
    for (let count = 0; count < 50_000; count += 1) sandbox.state.addJob({ status: count % 2 ? 'DONE' : 'RUNNING' });
    const { job_id: ids } = await list(sandbox);
    expect(new Set(ids).size).toBe(50_000);
  });
});

describe('damage', () => {
  test('data_str can be cut, empty or an object', async () => {
    const sandbox = await start({ damage: 'data-not-json' });
    sandbox.state.addJob();
    const read = async () => (await post(sandbox, '/admin/show/jobs')).wrapper().data_str;
    const cut = String(await read());
    expect(cut.length).toBeGreaterThan(1);
    expect(() => JSON.parse(cut)).toThrow(SyntaxError);
    sandbox.switches.damage = 'data-empty';
    expect(await read()).toBe('');
    sandbox.switches.damage = 'data-object';
    expect(await read()).toMatchObject({ status: ['RUNNING'] });
  });

  test('columns can differ in length', async () => {
    const sandbox = await start({ damage: 'unequal-columns' });
    sandbox.state.addJob();
    sandbox.state.addJob();
    const unequal = await list(sandbox);
    expect([unequal.job_id, unequal.status, unequal.endpoint_name, unequal.auth_id].map(({ length }) => length)).toEqual([2, 2, 1, 1]);
    sandbox.switches.damage = 'short-status';
    const short = await list(sandbox);
    expect([short.job_id, short.status, short.endpoint_name].map(({ length }) => length)).toEqual([2, 1, 2]);
  });

  test('it can be kept to one endpoint', async () => {
    const sandbox = await start({ damage: 'data-empty', damagedEndpoint: '/admin/alter/jobs' });
    expect((await list(sandbox)).job_id).toEqual([]);
    const answer = await post(sandbox, '/admin/alter/jobs', { job_ids: [], action: 'cancel', options: {} });
    expect(answer.wrapper()).toMatchObject({ status: 'OK', data_str: '' });
  });
});

describe('the system', () => {
  const readStatus = async (sandbox: Awaited<ReturnType<typeof start>>) => {
    const answer = await post(sandbox, '/show/system/status');
    return JSON.parse(String(answer.wrapper().data_str)).status_map;
  };

  test('its status is JSON text in a map', async () => {
    const sandbox = await start();
    expect(await readStatus(sandbox)).toEqual({ system: '{"status":"running","version":"7.2.3.11"}' });
    sandbox.switches.cluster = 'primary';
    expect(await readStatus(sandbox)).toMatchObject({ ha_status: '{"drained":"not_drained"}' });
  });

  test.each([
    ['draining', 'running', 'Unavailable: Draining HA queue'],
    ['drained', 'running', 'Unavailable: Draining HA queue'],
    ['stopped', 'stopped', 'Kinetica is offline'],
  ] as const)('while %s it answers about its status only', async (system, status, refusal) => {
    const sandbox = await start({ system });
    const map = await readStatus(sandbox);
    expect(JSON.parse(map.system).status).toBe(status);
    if (system !== 'stopped') expect(JSON.parse(map.ha_status)).toEqual({ drained: system });
    const answer = await post(sandbox, '/admin/show/jobs');
    expect(answer.status).toBe(400);
    expect(answer.text).toBe(errorBody(refusal));
  });

  test('rejects all requests while it shuts down', async () => {
    const sandbox = await start({ system: 'shutting-down' });
    for (const path of ['/show/system/status', '/admin/show/jobs']) {
      expect((await post(sandbox, path)).text).toBe(errorBody('System shutting down'));
    }
  });

  test('it remembers how long the last 100 requests took', async () => {
    const sandbox = await start();
    for (let count = 0; count < 101; count += 1) await list(sandbox);
    const answer = await post(sandbox, '/show/system/timing');
    const timing = JSON.parse(String(answer.wrapper().data_str));
    expect(Object.keys(timing)).toEqual(['endpoints', 'time_in_ms', 'jobIds', 'info']);
    expect(timing.endpoints).toEqual(Array(100).fill('/admin/show/jobs'));
    expect(new Set(timing.jobIds).size).toBe(100);
    expect(timing.jobIds[0]).toMatch(/^\d+$/);
  });
});

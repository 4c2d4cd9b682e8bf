import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refusal, startQuiet } from './sandbox-setup.ts';

const anonymous = { http: 401, code: 401, reason: 'required', domain: 'global', message: 'You must use oauth 2 to authenticate' };
const badCode = { http: 403, code: 403, reason: 'forbidden', domain: 'global', message: 'Invalid security code' };

describe('a caller', () => {
  it('is identified by a security code in the header or in the query', async () => {
    const { add, call, sandbox } = await startQuiet();
    const path = `/job/v1/${add()}`;
    const { securityCode } = sandbox.settings;
    expect((await call('GET', path)).status).toBe(200);
    expect((await call('GET', `${path}?securityCode=${securityCode}`, { authorization: null })).status).toBe(200);
    expect(refusal(await call('GET', path, { authorization: 'securityCode wrong' }))).toEqual(badCode);
    expect(refusal(await call('GET', `${path}?securityCode=wrong`, { authorization: null }))).toEqual(badCode);
    expect(refusal(await call('GET', `${path}?securityCode=${securityCode}`, { authorization: 'securityCode wrong' }))).toEqual(badCode);
  });

  it('without credentials, or with ones it can not read, is anonymous', async () => {
    const { add, call, sandbox } = await startQuiet();
    const path = `/job/v1/${add()}`;
    for (const authorization of [null, 'Bearer', 'Bearer nonsense', 'Basic eDp5', `SecurityCode ${sandbox.settings.securityCode}`, '%%%']) {
      expect(refusal(await call('GET', path, { authorization }))).toEqual(anonymous);
    }
    sandbox.switches.schemeCase = 'insensitive';
    expect((await call('GET', path, { authorization: `SECURITYCODE ${sandbox.settings.securityCode}` })).status).toBe(200);
  });

  it('is identified by a bearer token until it expires', async () => {
    const { add, call, clock, state } = await startQuiet();
    const path = `/job/v1/${add()}`;
    const token = state.issueToken({ lifetimeMs: 60_000 });
    expect((await call('GET', path, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await call('GET', path, { authorization: `OAuth ${token}` })).status).toBe(200);
    expect((await call('GET', `${path}?access_token=${token}`, { authorization: null })).status).toBe(200);
    expect(refusal(await call('GET', path, { authorization: `bearer ${token}` }))).toEqual(anonymous);
    clock.advance(60_000);
    expect(refusal(await call('GET', path, { authorization: `Bearer ${token}` }))).toEqual(anonymous);
  });

  it('can lose a token between two pages', async () => {
    const { add, call, libraryId, state } = await startQuiet();
    for (let index = 0; index < 3; index += 1) add();
    const authorization = `Bearer ${state.issueToken({ requests: 1 })}`;
    const first = await call('GET', `/job/v1/libraries/${libraryId}?pageSize=2`, { authorization });
    expect(first.body.jobList).toHaveLength(2);
    const next = `/job/v1/libraries/${libraryId}?pageSize=2&pageToken=${first.body.nextPageToken}`;
    expect(refusal(await call('GET', next, { authorization }))).toEqual(anonymous);
    expect((await call('GET', next, { authorization: `Bearer ${state.issueToken()}` })).body.jobList).toHaveLength(1);
  });

  it('is rejected with an expired security code', async () => {
    const { add, get, clock, sandbox, state } = await startQuiet();
    const path = `/job/v1/${add()}`;
    state.expireSecurityCode(String(sandbox.settings.securityCode), clock.now() + 1000);
    expect((await get(path)).status).toBe(200);
    clock.advance(1000);
    expect(refusal(await get(path))).toEqual(badCode);
  });

  it('is rejected in another domain, unless the switch ignores it', async () => {
    const { add, get, sandbox } = await startQuiet();
    const path = `/job/v1/${add()}`;
    expect((await get(`${path}?domain=${sandbox.settings.domain}`)).status).toBe(200);
    expect(refusal(await get(`${path}?domain=elsewhere.example`))).toMatchObject({ http: 403, reason: 'forbidden' });
    sandbox.switches.foreignDomain = 'ignore';
    expect((await get(`${path}?domain=elsewhere.example`)).status).toBe(200);
  });

  it('needs to administer the library, except to read a job of its own', async () => {
    const { add, call, libraryId, sandbox, state } = await startQuiet();
    const admin = state.addPerson({ email: 'ada@brightwater.example', roles: { [libraryId]: 'ADMIN' } });
    const writer = state.addPerson({ email: 'wim@brightwater.example', roles: { [libraryId]: 'WRITER' } });
    const stranger = state.addPerson({ email: 'sam@brightwater.example' });
    const [wims, others] = [add({ requestor: 'wim@brightwater.example' }), add({ requestor: 'dana.ruiz@brightwater.example' })];
    const status = async (code: string, path: string, method = 'GET') =>
      (await call(method, path, { authorization: `securityCode ${code}` })).status;
    const paths = [`/job/v1/libraries/${libraryId}`, `/job/v1/events/${others}`, `/job/v1/${others}`, `/job/v1/${wims}`];
    const statuses = (code: string) => Promise.all(paths.map((path) => status(code, path)));

    expect(await statuses(admin)).toEqual([200, 200, 200, 200]);
    expect(await statuses(writer)).toEqual([403, 403, 403, 200]);
    expect(await statuses(stranger)).toEqual([403, 403, 403, 403]);
    expect(await status(writer, `/job/v1/events/${wims}`)).toBe(403);
    sandbox.switches.readAccess = 'members';
    expect(await statuses(writer)).toEqual([200, 200, 200, 200]);
    expect(await statuses(stranger)).toEqual([403, 403, 403, 403]);

    const refused = await call('POST', `/job/v1/${wims}/cancel`, { authorization: `securityCode ${writer}` });
    expect(refusal(refused)).toMatchObject({
      http: 403,
      reason: 'forbidden',
      message: `Access denied to library with id: '${libraryId}' Required permission level: 'ADMIN'`,
    });
    expect(state.job(wims)?.status).toBe('IN_PROGRESS');
    expect(await status(admin, `/job/v1/${wims}/cancel`, 'POST')).toBe(200);
  });

  it('needs to administer the domain for a job of the domain', async () => {
    const { call, libraryId, cancel, state } = await startQuiet();
    const admin = state.addPerson({ email: 'ada@brightwater.example', roles: { [libraryId]: 'ADMIN' } });
    const jobId = state.addJob({ libraryId: null });
    const asAdmin = { authorization: `securityCode ${admin}` };
    expect(refusal(await call('GET', `/job/v1/${jobId}`, asAdmin))).toMatchObject({ http: 403, reason: 'forbidden' });
    expect(refusal(await call('POST', `/job/v1/${jobId}/cancel`, asAdmin))).toMatchObject({ http: 403, reason: 'forbidden' });
    expect((await cancel(jobId)).body.status).toBe('CANCELLED');
  });
});

describe('failures', () => {
  it('returns a retryable 409 a number of times, and then performs the cancel', async () => {
    const { add, cancel, state } = await startQuiet();
    const [jobId, other] = [add(), add()];
    state.rejectNext({ status: 409, retryable: true, method: 'POST', path: jobId, times: 2 });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await cancel(jobId);
      expect(refusal(answer)).toMatchObject({ http: 409, reason: 'conflict' });
      expect(answer.headers.get('x-aodocs-retryable')).toBe('true');
      expect(state.job(jobId)?.status).toBe('IN_PROGRESS');
    }
    expect((await cancel(other)).status).toBe(200);
    expect((await cancel(jobId)).body.status).toBe('CANCELLED');
  });

  it.each([
    [500, { http: 503, reason: 'backendError' }, { http: 500, reason: 'backendError' }],
    [503, { http: 503, reason: 'backendError' }, { http: 503, reason: 'backendError' }],
    [408, { http: 503, reason: 'backendError' }, { http: 408, reason: 'requestTimeout' }],
    [429, { http: 404, reason: 'unsupportedProtocol' }, { http: 429, reason: 'unsupportedProtocol' }],
    [405, { http: 501, reason: 'unsupportedMethod' }, { http: 405, reason: 'unsupportedMethod' }],
    [410, { http: 410, reason: 'deleted' }, { http: 410, reason: 'deleted' }],
    [414, { http: 404, reason: 'unsupportedProtocol' }, { http: 414, reason: 'uriTooLong' }],
  ])('of status %i is written as the framework does, with and without exception compatibility', async (status, compatible, plain) => {
    const { list, sandbox, state } = await startQuiet();
    state.rejectNext({ status, times: 2 });
    expect(refusal(await list())).toMatchObject({ ...compatible, code: compatible.http });
    sandbox.switches.exceptionCompatibility = false;
    expect(refusal(await list())).toMatchObject({ ...plain, code: plain.http });
    expect((await list()).status).toBe(200);
  });

  it('of a quota is HTML or a rewritten 404, and ends a second later', async () => {
    const { list, clock, sandbox } = await startQuiet({ requestsPerSecond: 2 });
    const statuses = async () => [(await list()).status, (await list()).status, (await list()).status];
    expect(await statuses()).toEqual([200, 200, 429]);
    const refused = await list();
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toMatch(/^text\/html/);
    clock.advance(1000);
    sandbox.switches.quotaAnswer = 'html503';
    expect(await statuses()).toEqual([200, 200, 503]);
    clock.advance(1000);
    sandbox.switches.quotaAnswer = 'unsupportedProtocol';
    expect(await statuses()).toEqual([200, 200, 404]);
    expect(refusal(await list())).toMatchObject({ http: 404, reason: 'unsupportedProtocol' });
  });

  it('of the network are faults of the kit: a reset after the effect leaves the job canceled', async () => {
    const { add, cancel, sandbox, state } = await startQuiet();
    const [before, after] = [add(), add()];
    sandbox.faults.add({ fault: { kind: 'reset', applied: false }, path: before });
    sandbox.faults.add({ fault: { kind: 'reset', applied: true }, path: after });
    await expect(cancel(before)).rejects.toThrow();
    await expect(cancel(after)).rejects.toThrow();
    expect(state.job(before)?.status).toBe('IN_PROGRESS');
    expect(state.job(after)?.status).toBe('CANCELLED');
  });

  it('of a POST without a length is the front end’s 411', async () => {
    const { add, sandbox, state } = await startQuiet();
    const jobId = add();
    const send = () => rawPost(sandbox.url, `/job/v1/${jobId}/cancel`, String(sandbox.settings.securityCode));
    const refused = await send();
    expect(refused).toMatch(/^HTTP\/1\.1 411 /);
    expect(refused).toContain('<html');
    expect(state.job(jobId)?.status).toBe('IN_PROGRESS');
    sandbox.switches.lengthRequired = false;
    expect(await send()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('are only rejections, whatever the request', async () => {
    const { call, get, sandbox } = await startQuiet();
    const strange = [
      '/job/v1/%00',
      '/job/v1/__proto__',
      '/job/v1/constructor/cancel',
      `/job/v1/${'x'.repeat(8000)}`,
      '/job//v1///',
      '/job/v1/..%2f..%2f',
    ];
    for (const path of strange) {
      expect([400, 404]).toContain((await get(path)).status);
      expect([400, 404]).toContain((await call('POST', path, { body: '{"a":'.repeat(500) })).status);
    }
    for (const query of ['?fields=__proto__', '?pageToken=%ff', '?securityCode=', '?domain=&status=&pageSize=']) {
      expect([200, 400]).toContain((await get(`/job/v1/libraries/${sandbox.state.libraries[0]}${query}`)).status);
    }
    expect((await get(`/job/v1/libraries/${sandbox.state.libraries[0]}`)).status).toBe(200);
  });
});

/** A POST with neither Content-Length nor chunks, which fetch can not send. */
function rawPost(baseUrl: string, path: string, securityCode: string): Promise<string> {
  const { hostname, port, pathname } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(Number(port), hostname)
      .on('data', (chunk) => {
        answer += chunk;
      })
      .on('end', () => resolve(answer))
      .on('error', reject)
      .write(
        `POST ${pathname}${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: securityCode ${securityCode}\r\nConnection: close\r\n\r\n`,
      );
  });
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import { act, call, connect, nowMs, read, readResult, start } from './setup.ts';

const minuteMs = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

describe('the shared session', () => {
  it.each([
    [200, 21 * minuteMs, 'idle for too long'],
    [401, 21 * minuteMs, 'idle for too long, reported with 401'],
    [200, 49 * 60 * minuteMs, 'too old'],
  ] as const)('is replaced once, and the call made again (HTTP %i after %i ms: %s)', async (invalidSessionStatus, ms, _why) => {
    const { sandbox, adapter } = await start({ invalidSessionStatus });
    const id = sandbox.state.addJob({ frozen: true });
    await read(adapter, id);
    sandbox.clock.advance(ms);
    sandbox.requests.clear();
    expect(await act(adapter, 'CANCEL', id)).toMatchObject([{ kind: 'accepted' }]);
    expect(sandbox.requests.all().map(({ target }) => target.replace('/api/v26.1', ''))).toEqual([
      '/services/jobs/actions/cancel',
      '/auth',
      '/services/jobs/actions/cancel',
    ]);
  });

  it('is replaced once for all callers, including one whose rejection arrives late', async () => {
    const { sandbox, adapter } = await start();
    const [late, prompt] = sandbox.state.addJobs(2);
    await adapter.checkHealth(call);
    sandbox.state.sessions.endAll();
    sandbox.faults.add({ fault: { kind: 'slow', ms: 200 }, path: `/${late}` });
    const results = await Promise.all([readResult(adapter, late ?? 0), readResult(adapter, prompt ?? 0)]);
    expect(results).toMatchObject([{ kind: 'job' }, { kind: 'job' }]);
    expect(sandbox.requests.count('POST', '/auth')).toBe(2);
  });

  it('is taken for ended by a bare 401 too', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: { kind: 'answer', status: 401, applied: false }, path: '/services/' });
    expect(await read(adapter, id)).toMatchObject({ status: 'QUEUED' });
    expect(sandbox.requests.count('POST', '/auth')).toBe(2);
  });

  it('is not replaced a second time for the same call', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.rejectNext({ type: 'INVALID_SESSION_ID', path: '/services/', times: 2 });
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }]);
    expect(sandbox.requests.count('POST', '/auth')).toBe(2);
    expect(sandbox.requests.count('POST', '/actions/cancel')).toBe(2);
  });

  it('ends with the adapter', async () => {
    const { sandbox, adapter } = await start();
    await adapter.checkHealth(call);
    expect(sandbox.state.sessions.count()).toBe(1);
    await adapter.close();
    expect(sandbox.state.sessions.count()).toBe(0);
    expect(sandbox.requests.all().at(-1)).toMatchObject({ method: 'DELETE', target: '/api/v26.1/session' });
  });

  it('is shared by all waiting callers, and one that disconnects does not affect the others', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: { kind: 'slow', ms: 200 }, path: '/auth' });
    const signal = AbortSignal.timeout(50);
    const [impatient, patient] = await Promise.all([readResult(adapter, id, { ...call, signal }), readResult(adapter, id)]);
    expect(impatient).toMatchObject({ kind: 'problem', problem: { code: 'NOT_ATTEMPTED' } });
    expect(patient).toMatchObject({ kind: 'job' });
    expect(sandbox.requests.count('POST', '/auth')).toBe(1);
  });

  it('is not opened after close', async () => {
    const { sandbox, adapter } = await start();
    await adapter.close();
    expect(await adapter.checkHealth(call)).not.toBeNull();
    expect(sandbox.requests.all()).toEqual([]);
  });
});

describe('a login that fails', () => {
  const users = ['inactive', 'passwordExpired', 'lockedOut'] as const;

  it.each(users)('for what the user is (%s) is not tried again', async (name) => {
    const { sandbox } = await start();
    const { username, password } = sandbox.state.users[name];
    const adapter = connect(sandbox.url, { version: 'v26.1', username, password });
    const first = await adapter.checkHealth(call);
    expect(first).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED', message: expect.stringContaining('username and password') });
    expect(first?.message).not.toContain(password);
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }]);
    expect(sandbox.requests.count()).toBe(1);
  });

  it('for a wrong password is one try, from however many calls', async () => {
    const { sandbox } = await start({ lockoutAfter: 2 });
    const adapter = connect(sandbox.url, { ...sandbox.settings, password: 'wrong' });
    const results = await Promise.all([1, 2, 3, 4, 5].map((id) => readResult(adapter, id)));
    await adapter.checkHealth(call);
    expect(results).toMatchObject(results.map(() => ({ kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } })));
    expect(sandbox.state.users.integration.wrongPasswords).toBe(1);
  });

  it('for the login limit waits for the limit’s minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
    const { sandbox, adapter } = await start({ loginLimit: 0 });
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
    vi.setSystemTime(nowMs + 20_000);
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 40 });
    expect(sandbox.requests.count('POST', '/auth')).toBe(1);
    sandbox.switches.loginLimit = 20;
    vi.setSystemTime(nowMs + 61_000);
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it('for the connection is sent once, and again with the next call', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: { kind: 'reset', applied: false }, path: '/auth' });
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } }]);
    expect(sandbox.requests.count()).toBe(1);
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it.each([
    [{ kind: 'answer', status: 401, applied: false }, 'VENDOR_AUTHENTICATION_FAILED'],
    [{ kind: 'answer', status: 503, applied: false }, 'SYSTEM_UNAVAILABLE'],
    [{ kind: 'empty' }, 'INVALID_VENDOR_RESPONSE'],
    [{ kind: 'truncate' }, 'SYSTEM_UNAVAILABLE'],
  ] as const)('because of %j is %s', async (fault, code) => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault, path: '/auth' });
    expect(await adapter.checkHealth(call)).toMatchObject({ code });
    expect(sandbox.requests.count()).toBe(1);
  });
});

describe('a user’s permissions', () => {
  it.each(['withoutApiAccess', 'withoutJobsAccess'] as const)('%s: access is denied, and nothing is logged in again', async (name) => {
    const { sandbox } = await start();
    const { username, password } = sandbox.state.users[name];
    const adapter = connect(sandbox.url, { version: 'v26.1', username, password });
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'ACCESS_DENIED', message: expect.stringContaining('permission') });
    expect(await act(adapter, 'CANCEL', 7, 8)).toMatchObject([
      { kind: 'rejected', problem: { code: 'ACCESS_DENIED' } },
      { kind: 'rejected', problem: { code: 'ACCESS_DENIED' } },
    ]);
    expect(sandbox.requests.count('POST', '/auth')).toBe(1);
  });
});

describe('a caller’s own session', () => {
  it('is used for that call only, with no login of the configured user', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const { accessToken } = sandbox.state.users.integration;
    const own = { ...call, credential: accessToken ?? '' };
    expect(await readResult(adapter, id, own)).toMatchObject({ kind: 'job' });
    expect(sandbox.requests.count('POST', '/auth')).toBe(0);
    await adapter.checkHealth(call);
    expect(sandbox.requests.count('POST', '/auth')).toBe(1);
  });

  it('that has ended is the caller’s to renew', async () => {
    const { sandbox, adapter } = await start();
    const problem = await adapter.checkHealth({ ...call, credential: 'canary-session' });
    expect(problem).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED', message: expect.stringContaining('Log in to Vault again') });
    expect(problem?.message).not.toContain('canary');
    expect(sandbox.requests.count()).toBe(1);
    // Nor does it close the system to others.
    expect(await adapter.checkHealth(call)).toBeNull();
  });
});

// The traps of src/vendors/aodocs/README.md, which lists the source of each.
import { afterEach, describe, expect, test } from 'vitest';
import { cancel, closeAll, connect, read, readJob, readProblem, start } from './start-adapter.ts';

afterEach(closeAll);

describe('a 404 has several reasons', () => {
  test('notFound does', async () => {
    const { adapter } = await start();
    expect(await read(adapter, 'NoSuchJob')).toEqual({ kind: 'notFound' });
    expect(await cancel(adapter, 'NoSuchJob')).toEqual({ kind: 'notFound' });
  });

  test('unsupportedProtocol hides another rejection, such as a quota', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 429, times: 2 });
    expect(await readProblem(adapter, id)).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'notSent', problem: { code: 'RATE_LIMITED' } });
    expect(sandbox.state.job(id)?.status).toBe('IN_PROGRESS');
  });

  test('another reason, or none, proves nothing', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 404, reason: 'somethingNew' });
    expect(await readProblem(adapter, id)).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
    const body = JSON.stringify({ error: { code: 404, message: 'gone fishing' } });
    sandbox.faults.add({ fault: { kind: 'answer', status: 404, body, applied: false } });
    expect(await readProblem(adapter, id)).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
  });

  test('plain text means that the url is wrong', async () => {
    const { sandbox } = await start();
    const id = sandbox.state.addJob();
    const adapter = connect({ url: `${sandbox.url}/v2` }, sandbox.settings);
    const problem = { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('ends in /api') };
    expect(await read(adapter, id)).toMatchObject({ kind: 'problem', problem });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'notSent', problem });
  });
});

describe('a 403 has two meanings', () => {
  test.each(['Invalid security code', 'Invalid security code.'])('"%s" is about the credentials', async (message) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 403, message });
    expect(await readProblem(adapter, id)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
  });

  test('an expired security code is sent once and then left alone', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.expireSecurityCode(String(sandbox.settings.securityCode));
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
    expect(await readProblem(adapter, id)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test('any other is about this job: sent once, and the next request is sent', async () => {
    const { sandbox, libraryId } = await start();
    const securityCode = sandbox.state.addPerson({ email: 'lena.vogt@brightwater.example', roles: { [libraryId]: 'READER' } });
    const adapter = connect(sandbox, { ...sandbox.settings, securityCode });
    const foreign = sandbox.state.addJob();
    const own = sandbox.state.addJob({ requestor: 'lena.vogt@brightwater.example' });
    expect(await readProblem(adapter, foreign)).toMatchObject({ code: 'ACCESS_DENIED', retryable: false });
    expect(await cancel(adapter, foreign)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'ACCESS_DENIED', message: expect.stringContaining('Required permission level') },
      vendorCode: 'forbidden',
    });
    expect(await readJob(adapter, own)).toMatchObject({ vendorId: own });
    expect(sandbox.requests.all()).toHaveLength(3);
  });
});

describe('a 409 that is marked as retryable', () => {
  test('a cancel goes through after two conflicts', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 409, retryable: true, method: 'POST', times: 2 });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { status: 'CANCELLED' } });
    expect(sandbox.requests.count('POST')).toBe(3);
  });

  test('so does a read', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 409, retryable: true, times: 2 });
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: id });
    expect(sandbox.requests.all()).toHaveLength(3);
  });

  test('one that does not pass is a retryable rejection of this job', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 409, retryable: true, times: 10 });
    const problem = { code: 'VENDOR_REJECTED', retryable: true };
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'rejected', problem, vendorCode: 'conflict' });
    expect(sandbox.requests.count('POST')).toBe(3);
    expect(sandbox.state.job(id)?.status).toBe('IN_PROGRESS');
  });

  test.each([
    { status: 400 },
    { status: 401 },
    { status: 403 },
    { status: 404 },
    { status: 409 },
    { status: 409, retryable: false },
    { status: 410 },
    { status: 412 },
    { status: 412, retryable: true },
    { status: 429 },
  ])('%o is not', async (refusal) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ ...refusal, method: 'POST' });
    expect((await cancel(adapter, id)).kind).not.toBe('accepted');
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test.each([{ status: 400 }, { status: 403 }, { status: 409 }, { status: 409, retryable: false }, { status: 412 }])(
    'nor is a read repeated for %o',
    async (refusal) => {
      const { sandbox, adapter } = await start();
      const id = sandbox.state.addJob();
      sandbox.state.rejectNext({ ...refusal, method: 'GET' });
      await readProblem(adapter, id);
      expect(sandbox.requests.all()).toHaveLength(1);
    },
  );
});

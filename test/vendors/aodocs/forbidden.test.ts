import { afterEach, describe, expect, test } from 'vitest';
import { cancel, closeAll, connect, read, readJob, readProblem, start } from './start-adapter.ts';

afterEach(closeAll);

describe('a 403', () => {
  const refusal = (message: string) => ({
    kind: 'answer' as const,
    status: 403,
    applied: false,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: 403, message, errors: [{ domain: 'global', reason: 'forbidden', message }] } }),
  });

  test('about a document called "Security code policy" is about that job, and shuts nothing', async () => {
    const { sandbox } = await start({ switches: { deniedDocument: 'Security code policy' } });
    const writer = sandbox.state.addPerson({ email: 'writer@brightwater.example', roles: {} });
    const adapter = connect(sandbox, { securityCode: writer, libraries: sandbox.settings.libraries });
    const own = sandbox.state.addJob({ requestor: 'writer@brightwater.example' });
    const foreign = sandbox.state.addJob();
    expect(await cancel(adapter, foreign)).toMatchObject({
      kind: 'rejected',
      problem: { code: 'ACCESS_DENIED', message: expect.stringContaining('Security code policy') },
    });
    expect(await readProblem(adapter, foreign)).toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await readJob(adapter, own)).toMatchObject({ vendorId: own });
  });

  test.each([
    ['Invalid security code', 'VENDOR_AUTHENTICATION_FAILED'],
    ['Invalid security code.', 'VENDOR_AUTHENTICATION_FAILED'],
    ['Security code policy: access denied', 'ACCESS_DENIED'],
    ["Access denied to document 'Invalid security code'", 'ACCESS_DENIED'],
    ["Invalid security codes are listed in 'Audit'", 'ACCESS_DENIED'],
    ['', 'ACCESS_DENIED'],
  ])('with the message %j is %s', async (message, code) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: refusal(message) });
    expect(await readProblem(adapter, id)).toMatchObject({ code });
    const isShut = code === 'VENDOR_AUTHENTICATION_FAILED';
    expect((await read(adapter, id)).kind).toBe(isShut ? 'problem' : 'job');
    expect(sandbox.requests.count()).toBe(isShut ? 1 : 2);
  });
});

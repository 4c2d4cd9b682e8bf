import { describe, expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import type { JobAction } from '../../../src/jobs/job.ts';
import { describeError, isTransientError, rejectsCredentials } from '../../../src/vendors/kylin/adapter/errors.ts';
import { call, start, targetsOf, toSystem } from './setup.ts';

const headers = { 'content-type': 'application/json' };

function envelope(code: string | null, text = 'words', more: object = {}): string {
  return JSON.stringify({ code: '999', data: null, msg: code ? `${code}: ${text}` : text, error_code: code, ...more });
}

/** What became of an action on so many jobs that Kylin answers like this. */
async function answersTo(action: JobAction, status: number, body: string, jobs = 1) {
  const { sandbox, adapter } = await start();
  const ids = Array.from({ length: jobs }, () => sandbox.state.addJob({ state: 'RUNNING' }));
  const targets = await targetsOf(adapter, ...ids);
  sandbox.faults.add({ method: 'PUT', fault: { kind: 'answer', status, headers, body, applied: false } });
  return adapter.performAction(action, targets, call);
}

describe('A code of Kylin in the response to an action', () => {
  it.each([
    ['KE-040024201', 'notSent', 'SYSTEM_UNAVAILABLE', 'maintenance mode'],
    ['KE-040021201', 'notSent', 'SYSTEM_UNAVAILABLE', 'recovering'],
    ['KE-040023201', 'notSent', 'SYSTEM_UNAVAILABLE', 'at this node'],
    ['KE-040023203', 'notSent', 'SYSTEM_UNAVAILABLE', 'query-only'],
    ['KE-010021004', 'notSent', 'SYSTEM_UNAVAILABLE', 'job node'],
    ['KE-010003209', 'notSent', 'VENDOR_AUTHENTICATION_FAILED', 'Check username'],
    ['KE-010032220', 'rejected', 'VENDOR_REJECTED', 'rejected the request'],
    ['KE-010032221', 'rejected', 'VENDOR_REJECTED', 'rejected the request'],
    // A job error of a release to come.
    ['KE-010032299', 'rejected', 'VENDOR_REJECTED', 'rejected the request'],
    ['KE-010031101', 'rejected', 'VENDOR_REJECTED', 'rejected the request'],
    // An unknown code: the action may have been carried out.
    ['KE-010055001', 'inconclusive', 'VENDOR_REJECTED', 'rejected the request'],
    ['KE-050032219', 'inconclusive', 'SYSTEM_UNAVAILABLE', 'had an internal error'],
    [null, 'inconclusive', 'SYSTEM_UNAVAILABLE', 'had an internal error'],
  ])('%s: %s, %s', async (code, kind, problemCode, words) => {
    const [answer] = await answersTo('CANCEL', 500, envelope(code));
    expect(answer).toMatchObject({ kind, problem: { code: problemCode, message: expect.stringContaining(words) } });
  });

  it.each([
    ['CANCEL', 'inconclusive'],
    ['RESTART', 'inconclusive'],
    ['PAUSE', 'rejected'],
    ['RESUME', 'rejected'],
  ] as const)('KE-010032215 after %s is %s: discarding and restarting stop the Spark application first', async (action, kind) => {
    expect(await answersTo(action, 500, envelope('KE-010032215'))).toMatchObject([{ kind }]);
  });

  it('leaves open which of several jobs was changed before an illegal transition', async () => {
    const answers = await answersTo('CANCEL', 500, envelope('KE-010032215'), 2);
    expect(answers.map(({ kind }) => kind)).toEqual(['batchRejected', 'batchRejected']);
  });

  it('of another node is certain only for a job that was named alone', async () => {
    const remote = (code: string) => envelope('KE-000027004', `Invalid response 500 with url http://node2:7070/x\n${envelope(code)}`);
    expect(await answersTo('CANCEL', 500, remote('KE-040024201'))).toMatchObject([
      { kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } },
    ]);
    const both = await answersTo('CANCEL', 500, remote('KE-040024201'), 2);
    expect(both.map(({ kind }) => kind)).toEqual(['inconclusive', 'inconclusive']);
    expect(await answersTo('CANCEL', 500, remote('KE-010032217'))).toMatchObject([{ kind: 'rejected', vendorCode: 'KE-010032217' }]);
  });

  it.each(['maintenance', 'recovering'] as const)('reports that a Kylin in %s changed nothing', async (node) => {
    const { sandbox, adapter } = await start({ node });
    const id = sandbox.state.addJob({ state: 'RUNNING' });
    const results = await performAction(toSystem(adapter), 'CANCEL', [id], { dryRun: false }, call);
    expect(results.get(id)).toMatchObject({ outcome: 'SYSTEM_UNAVAILABLE', problem: { code: 'SYSTEM_UNAVAILABLE', retryable: true } });
    expect(sandbox.requests.count('PUT')).toBe(1);
    expect(sandbox.state.getJob(id)?.state).toBe('RUNNING');
  });

  it('names the project that lacks the permission', async () => {
    const denied = JSON.parse(envelope('KE-010024001'));
    const explain = (project: string | null, isAction: boolean) =>
      describeError('kyl', 400, denied, { project, update: isAction ? { action: 'DISCARD', jobCount: 1 } : null }).problem.message;
    for (const isAction of [true, false])
      expect(explain('retail', isAction)).toContain('user needs the Operation permission in this project');
    expect(explain(null, true)).toContain('needs the Operation permission in the project of each job');
    expect(explain(null, false)).toMatch(/only to global administrators.* List the projects in "projects"/);
  });
});

describe('A text of Kylin that resembles a code', () => {
  const quoting = (code: string) =>
    envelope(null, `KE-000000001(UNKNOWN ERRORCODE): job "${code}" is odd`, { stacktrace: `x ${code}: Locked`, exception: code });

  it.each([
    ['the code of a locked account', 400, 'KE-010003005'],
    ['a rejection', 500, 'KE-010032217'],
  ])('%s, quoted: neither shuts the account out nor keeps a read from being repeated', async (_name, status, code) => {
    const answer = { status, headers, text: quoting(code) };
    expect(rejectsCredentials(answer)).toBe(false);
    expect(isTransientError(answer)).toBe(status === 500);
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ method: 'GET', fault: { kind: 'answer', status, headers, body: quoting(code), applied: false } });
    await adapter.getJobs([id], call);
    expect(await adapter.getJobs([id], call)).toMatchObject([{ kind: 'job' }]);
  });

  it('is a code at the start of a message without error_code', () => {
    const locked = { status: 400, headers, text: '{"code":"999","msg":"KE-010003005(User Locked):wait"}' };
    expect(rejectsCredentials(locked)).toBe(true);
    expect(rejectsCredentials({ ...locked, text: '{"code":"999","msg":"see KE-010003005"}' })).toBe(false);
    expect(isTransientError({ ...locked, status: 500 })).toBe(false);
    expect(isTransientError({ status: 500, headers, text: 'KE-010032217' })).toBe(true);
  });

  it('does not make an unknown outcome a rejection', async () => {
    expect(await answersTo('CANCEL', 500, quoting('KE-010032217'))).toMatchObject([{ kind: 'inconclusive' }]);
  });
});

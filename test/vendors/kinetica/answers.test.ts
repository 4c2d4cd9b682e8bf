import { describe, expect, it } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import type { Fault } from '../../../src/sandbox-kit/faults.ts';
import { describeError } from '../../../src/vendors/kinetica/adapter/errors.ts';
import { errorBody } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { call, connect, everything, inventJob, list, start, startServer, targets } from './setup.ts';

const json = { 'content-type': 'application/json' };

/** The wrapper around any data. */
const ok = (data: unknown) => JSON.stringify({ status: 'OK', message: '', data_type: 'x', data: '', data_str: JSON.stringify(data) });

/** An adapter whose system always gives this answer. */
async function connectTo(status: number, headers: Record<string, string>, body: string) {
  return connect(await startServer((_request, response) => response.writeHead(status, headers).end(body)), {});
}

describe('undocumented responses', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  it.each([
    ['nothing', ''],
    ['a page', '<html><body>Welcome</body></html>'],
    ['null', 'null'],
    ['a number', '12345678901234567890'],
    ['a list', '[]'],
    ['a deep list', deep],
    ['a deep list with a long number', deep.replace(']', '12345678901234567890]')],
    ['half a wrapper', '{"status":"OK","data_str":"{'],
    ['another status', '{"status":"MAYBE","message":"","data_str":"{}"}'],
    ['no data_str', '{"status":"OK","message":""}'],
    ['data_str null', '{"status":"OK","message":"","data_str":null}'],
    ['data_str a number', '{"status":"OK","message":"","data_str":7}'],
    ['deep data', ok(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`))],
    ['no job ids', ok({ status: [] })],
    ['one status for all', ok({ job_id: [7], job_ids: [7], status: 'OK' })],
    ['fewer statuses than jobs', ok({ job_id: [7, 8], job_ids: [7, 8], status: ['OK'] })],
  ])('of a 200 with %s are a bad answer to a read, and leave an action open', async (_words, body) => {
    for (const headers of [json, { 'content-type': 'text/html' }, {}]) {
      const adapter = await connectTo(200, headers, body);
      const problem = { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('kin') };
      expect(await adapter.getJobs(['7', '8'], call)).toMatchObject([
        { kind: 'problem', problem },
        { kind: 'problem', problem },
      ]);
      expect(await adapter.listJobs(everything)[0]?.readPage(startOfList, 50, call)).toMatchObject({ ok: false, problem });
      const answers = await adapter.performAction('CANCEL', targets('7', '8'), call);
      expect(answers).toMatchObject([
        { kind: 'inconclusive', problem },
        { kind: 'inconclusive', problem },
      ]);
    }
  });

  it('accept an ID as a number or as text', async () => {
    const body = ok({ job_id: ['7', 8, 'LONG'], status: ['RUNNING', 'RUNNING', 'RUNNING'] }).replace('\\"LONG\\"', '9223372036854775807');
    const adapter = await connectTo(200, json, body);
    expect((await list(adapter)).map((job) => job.vendorId)).toEqual(['7', '8', '9223372036854775807']);
  });

  it('that are too large for memory are a problem that explains it', async () => {
    const data = JSON.stringify(`{"job_id":[${'0,'.repeat(1_000_000)}0]}`);
    const adapter = await connectTo(200, json, `{"status":"OK","message":"","data_str":${data}}`);
    expect(await adapter.getJobs(['7'], call)).toMatchObject([
      { kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('more than 600,000 values') } },
    ]);
  });

  it.each([
    ['a text', '"seven"'],
    ['an object', '{}'],
    ['null', 'null'],
    ['beyond 64 bits', '99999999999999999999'],
  ])('with an ID that is %s cost that row, and leave open what may be about it', async (_words, id) => {
    const data = JSON.stringify(`{"job_id":[7,${id}],"job_ids":[7,${id}],"status":["RUNNING","OK"]}`);
    const adapter = await connectTo(200, json, `{"status":"OK","message":"","data_str":${data}}`);
    expect((await list(adapter)).map(({ vendorId }) => vendorId)).toEqual(['7']);
    expect(await adapter.getJobs(['7', '8'], call)).toMatchObject([
      { kind: 'job', job: { vendorId: '7' } },
      { kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } },
    ]);
    expect(await adapter.performAction('CANCEL', targets('8'), call)).toMatchObject([
      { kind: 'inconclusive', problem: { code: 'INVALID_VENDOR_RESPONSE' } },
    ]);
  });

  it('with a status that is not text lose only the status of that job', async () => {
    const adapter = await connectTo(200, json, ok({ job_id: [7, 8], job_ids: [7, 8], status: [1, 'OK'] }));
    expect(await adapter.getJobs(['7', '8'], call)).toMatchObject([
      { kind: 'job', job: { vendorId: '7', status: 'UNKNOWN', vendorStatus: null } },
      { kind: 'job', job: { vendorId: '8', vendorStatus: 'OK' } },
    ]);
    expect(await adapter.performAction('CANCEL', targets('7', '8'), call)).toMatchObject([{ kind: 'inconclusive' }, { kind: 'accepted' }]);
  });

  it('do not count as health or progress', async () => {
    const adapter = await connectTo(200, json, ok({ status_map: 'fine', progress: 'half', job_status: {} }));
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
    expect(await adapter.getProgress?.(inventJob('/execute/sql'), call)).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_VENDOR_RESPONSE' },
    });
  });

  it('count as health if only details are missing', async () => {
    for (const data of [{}, { status_map: {} }, { status_map: { system: 'not json', ha_status: '{}' } }, { status_map: null }]) {
      expect(await (await connectTo(200, json, ok(data))).checkHealth(call)).toBeNull();
    }
  });
});

describe('an action without a usable response', () => {
  const page = (status: number, applied = true): Fault => ({ kind: 'answer', status, applied });
  const error = (status: number, message: string): Fault => ({
    kind: 'answer',
    status,
    headers: json,
    body: errorBody(message),
    applied: false,
  });
  it.each<[string, Fault, string, string]>([
    ['a reset before the effect', { kind: 'reset', applied: false }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a reset after the effect', { kind: 'reset', applied: true }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['no answer', { kind: 'hang', applied: true }, 'inconclusive', 'TIMED_OUT'],
    ['half an answer', { kind: 'truncate' }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['an empty answer', { kind: 'empty' }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a flood', { kind: 'flood', bytes: 2_000_000 }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a page with 200', page(200), 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a page with 500', page(500), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a page with 502', page(502), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a page with 504', page(504), 'inconclusive', 'TIMED_OUT'],
    ['a page with 408', page(408), 'inconclusive', 'TIMED_OUT'],
    ['an error with 500', error(500, 'Access denied; ok'), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a break inside the cluster', error(400, 'Connection reset by peer'), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a redirect', page(302, false), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a page with 400', page(400, false), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a page with 404', page(404, false), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['an unknown URI', error(404, 'Unknown URI'), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a page with 401', page(401, false), 'notSent', 'VENDOR_AUTHENTICATION_FAILED'],
    ['a page with 429', page(429, false), 'notSent', 'RATE_LIMITED'],
    ['a page with 403', page(403, false), 'rejected', 'ACCESS_DENIED'],
    ['permission denied', error(400, 'Access denied; ok'), 'rejected', 'ACCESS_DENIED'],
    ['a system that shuts down', error(400, 'System shutting down'), 'notSent', 'SYSTEM_UNAVAILABLE'],
    ['a system that drains', error(400, 'Unavailable: Draining HA queue'), 'notSent', 'SYSTEM_UNAVAILABLE'],
    ['a rejection', error(400, 'Job 7 not found (S/SJm:188)'), 'batchRejected', 'VENDOR_REJECTED'],
    ['a rejection with 200', error(200, 'Job 7 not found (S/SJm:188)'), 'batchRejected', 'VENDOR_REJECTED'],
  ])('%s', async (_words, fault, kind, code) => {
    const { sandbox, adapter } = await start({}, { timeoutMs: 200, maxResponseBytes: 1_000_000 });
    const ids = [sandbox.state.addJob(), sandbox.state.addJob()];
    sandbox.faults.add({ fault, times: 'always' });
    const answers = await adapter.performAction('CANCEL', targets(...ids), call);
    expect(answers).toMatchObject([
      { kind, problem: { code } },
      { kind, problem: { code } },
    ]);
    expect(sandbox.requests.count()).toBe(1);
  });

  it('is certainly not sent if no server listens, or if it was aborted before', async () => {
    const { sandbox, adapter } = await start();
    expect(
      await adapter.performAction('CANCEL', targets('7'), { caller: 'test', signal: AbortSignal.abort(), credential: null }),
    ).toMatchObject([{ kind: 'notSent', problem: { code: 'NOT_ATTEMPTED' } }]);
    await sandbox.close();
    expect(await adapter.performAction('CANCEL', targets('7'), call)).toMatchObject([
      { kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } },
    ]);
  });

  it('a rejected request with one job rejects the job', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: error(400, 'Job 7 is busy (S/SJm:190)') });
    expect(await adapter.performAction('CANCEL', targets('7'), call)).toMatchObject([
      {
        kind: 'rejected',
        vendorCode: 'S/SJm:190',
        problem: { code: 'VENDOR_REJECTED', message: expect.stringContaining('"Job 7 is busy (S/SJm:190)"') },
      },
    ]);
  });
});

describe('the outcome per job', () => {
  it.each([
    ['OK', 'accepted', null],
    ['cancelled', 'accepted', null],
    ['Cancel requested', 'accepted', null],
    ['Job 7 not found', 'rejected', 'VENDOR_REJECTED'],
    ['not_found', 'rejected', 'VENDOR_REJECTED'],
    ['Job 7 cannot be cancelled (S/SJm:190)', 'rejected', 'VENDOR_REJECTED'],
    ['not_cancellable', 'rejected', 'VENDOR_REJECTED'],
    ['Access denied; ok', 'rejected', 'ACCESS_DENIED'],
    // Words that sound like a no or a yes, and may be neither.
    ['Cancellation notified', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Nothing to do', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Cancel requested, not yet carried out', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Unable to cancel (S/SJm:190)', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Already done', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['ERROR', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['RUNNING', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Insufficient memory to stop rank 2', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['Access denied list not loaded', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['', 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
  ])('%j is %s', async (word, kind, code) => {
    const adapter = await connectTo(200, json, ok({ job_ids: [8, 7], action: 'cancel', status: ['OK', word], info: {} }));
    const [answer] = await adapter.performAction('CANCEL', targets('7'), call);
    expect(answer?.kind).toBe(kind);
    if (code) expect(answer).toMatchObject({ problem: { code } });
  });

  it('includes the texts of info', async () => {
    const info = { hint: 'retry after\nthe merge', worker: '', count: 2 };
    const adapter = await connectTo(200, json, ok({ job_ids: [8, 7], action: 'cancel', status: ['Notified', 'not_found'], info }));
    expect(await adapter.performAction('CANCEL', targets('8', '7'), call)).toMatchObject([
      { problem: { message: 'kin responded to the cancellation with an undocumented outcome: "Notified" (hint: retry after the merge).' } },
      { problem: { message: 'kin did not cancel the job: "not_found" (hint: retry after the merge).' } },
    ]);
  });

  it('of another job only is not an outcome of this job', async () => {
    const adapter = await connectTo(200, json, ok({ job_ids: [8], action: 'cancel', status: ['OK'] }));
    expect(await adapter.performAction('CANCEL', targets('7'), call)).toMatchObject([
      { kind: 'rejected', problem: { code: 'VENDOR_REJECTED' } },
    ]);
  });
});

describe('what an ERROR means', () => {
  it.each([
    ['Access denied; ok', 'ACCESS_DENIED', true],
    ['Access denied (S/SDc:1601)', 'ACCESS_DENIED', true],
    ['Insufficient memory for the request (S/SDc:1513)', 'VENDOR_REJECTED', true],
    ['The permission cache was rebuilt; retry', 'VENDOR_REJECTED', true],
    ['Table access denied_log is not authorized for merging', 'VENDOR_REJECTED', true],
    ['Kinetica is offline', 'SYSTEM_UNAVAILABLE', true],
    ['Unavailable: Draining HA queue', 'SYSTEM_UNAVAILABLE', true],
    ['Kinetica is offline; try another cluster (S/SDc:9)', 'SYSTEM_UNAVAILABLE', true],
    ['Kinetica is offline reports could not be merged', 'SYSTEM_UNAVAILABLE', false],
    ['Job "Kinetica is offline" is unknown', 'SYSTEM_UNAVAILABLE', false],
    ['Rank 2: Connection reset by peer', 'SYSTEM_UNAVAILABLE', false],
  ])('%j is %s, and that nothing was done is certain: %s', (message, code, certain) => {
    expect(describeError('kin', message, 'VENDOR_REJECTED')).toMatchObject({ problem: { code }, certain });
  });
});

describe('messages', () => {
  it('name the system and quote the vendor in one line of at most 300 characters', () => {
    const { problem } = describeError('kin', `Rank 3\n\tlost ${'x'.repeat(1000)}`, 'INVALID_VENDOR_RESPONSE');
    expect(problem.message).toMatch(/^kin rejected the request: "Rank 3 lost x+…"\.$/);
    expect(problem.message.length).toBeLessThan(340);
    expect(describeError('kin', '', 'VENDOR_REJECTED').problem.message).toBe('kin rejected the request: no reason given.');
  });
});

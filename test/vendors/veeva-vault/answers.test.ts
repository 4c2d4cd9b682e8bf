import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox-kit/faults.ts';
import { describeError } from '../../../src/vendors/veeva-vault/adapter/errors.ts';
import { act, call, connect, firstPage, kinds, list, readResult, settings, start, startServer } from './setup.ts';

const html = (status: number): Fault => ({ kind: 'answer', status, applied: false });

describe('an action without a usable response', () => {
  const cases: [string, Fault, string, string][] = [
    ['reset before it was carried out', { kind: 'reset', applied: false }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['reset after it was carried out', { kind: 'reset', applied: true }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['no answer', { kind: 'hang', applied: true }, 'inconclusive', 'TIMED_OUT'],
    ['half an answer', { kind: 'truncate' }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['an empty answer', { kind: 'empty' }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a proxy’s page with 200', html(200), 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a proxy’s page with 502', html(502), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a proxy’s page with 503', html(503), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a proxy’s page with 408', html(408), 'inconclusive', 'TIMED_OUT'],
    ['a flood', { kind: 'flood', bytes: 200_000 }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a redirect', html(302), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a proxy’s 403', html(403), 'rejected', 'ACCESS_DENIED'],
    ['a proxy’s 404', html(404), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a proxy’s 429', { ...html(429), headers: { 'retry-after': '7' } } as Fault, 'notSent', 'RATE_LIMITED'],
  ];

  // Each action on a separate Vault: after a Retry-After, Jobyard sends it nothing until then.
  describe.each(['/actions/cancel', '/start_now/'])('%s', (path) => {
    it.each(cases)('%s', async (_name, fault, kind, code) => {
      const { sandbox, adapter } = await start({}, { timeoutMs: 300, maxResponseBytes: 100_000 });
      const scheduled = sandbox.state.addJobs(2, { status: 'SCHEDULED' });
      expect(await adapter.checkHealth(call)).toBeNull();
      sandbox.faults.add({ fault, path });
      const answers = path === '/start_now/' ? await act(adapter, 'START', scheduled[0] ?? 0) : await act(adapter, 'CANCEL', ...scheduled);
      expect(answers).toMatchObject(answers.map(() => ({ kind, problem: { code, message: expect.stringMatching(/\bvault\b/) } })));
      expect(sandbox.requests.count('POST', path)).toBe(1);
    });
  });

  it('is certainly not sent if no server listens', async () => {
    const adapter = connect('http://127.0.0.1:1', settings);
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } }]);
  });

  it('is certainly not sent if it was aborted before', async () => {
    const { sandbox, adapter } = await start();
    await adapter.checkHealth(call);
    sandbox.requests.clear();
    const answers = await adapter.performAction('CANCEL', [{ vendorId: '7', job: null }], { ...call, signal: AbortSignal.abort() });
    expect(answers).toMatchObject([{ kind: 'notSent', problem: { code: 'NOT_ATTEMPTED' } }]);
    expect(sandbox.requests.count()).toBe(0);
  });
});

describe('an action that the Vault rejects as a whole', () => {
  it.each([
    [{ type: 'UNEXPECTED_ERROR' }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    [{ type: 'ANYTHING', responseStatus: 'EXCEPTION', httpStatus: 500 }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    [{ type: 'UNEXPECTED_ERROR', responseStatus: 'EXCEPTION', applied: true }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    [{ type: 'API_LIMIT_EXCEEDED' }, 'notSent', 'RATE_LIMITED'],
    [{ type: 'INSUFFICIENT_ACCESS' }, 'rejected', 'ACCESS_DENIED'],
    [{ type: 'RACE_CONDITION' }, 'batchRejected', 'VENDOR_REJECTED'],
    [{ type: 'INVALID_DATA' }, 'batchRejected', 'VENDOR_REJECTED'],
    [{ type: 'NEVER_HEARD_OF' }, 'batchRejected', 'VENDOR_REJECTED'],
  ] as const)('%j', async (refusal, kind, code) => {
    const { sandbox, adapter } = await start();
    const ids = sandbox.state.addJobs(2, { status: 'SCHEDULED' });
    sandbox.state.rejectNext({ ...refusal, path: '/actions/cancel' });
    expect(await act(adapter, 'CANCEL', ...ids)).toMatchObject(ids.map(() => ({ kind, problem: { code } })));
    expect(sandbox.requests.count('POST', '/actions/cancel')).toBe(1);
    // If a job is sent alone, the rejection concerns it.
    const alone = kind === 'batchRejected' ? 'rejected' : kind;
    for (const [action, path] of [
      ['CANCEL', '/actions/cancel'],
      ['START', '/start_now/'],
    ] as const) {
      sandbox.state.rejectNext({ ...refusal, path });
      expect(await act(adapter, action, ids[1] ?? 0)).toMatchObject([{ kind: alone, problem: { code } }]);
    }
  });
});

describe('a read without a usable response', () => {
  it.each([
    [{ kind: 'reset', applied: false }, 'SYSTEM_UNAVAILABLE', 3],
    [html(503), 'SYSTEM_UNAVAILABLE', 3],
    [html(500), 'SYSTEM_UNAVAILABLE', 1],
    [html(200), 'INVALID_VENDOR_RESPONSE', 1],
    [html(403), 'ACCESS_DENIED', 1],
    [html(429), 'RATE_LIMITED', 1],
    [{ kind: 'empty' }, 'INVALID_VENDOR_RESPONSE', 1],
    [{ kind: 'truncate' }, 'SYSTEM_UNAVAILABLE', 3],
    [{ kind: 'flood', bytes: 200_000 }, 'INVALID_VENDOR_RESPONSE', null],
  ] as [Fault, string, number | null][])('%j is %s after so many tries: %s', async (fault, code, tries) => {
    const { sandbox, adapter } = await start({}, { maxResponseBytes: 100_000 });
    expect(await adapter.checkHealth(call)).toBeNull();
    sandbox.requests.clear();
    sandbox.faults.add({ fault, path: '/monitors', times: 'always' });
    expect(await firstPage(adapter)).toMatchObject({ ok: false, problem: { code } });
    if (tries !== null) expect(sandbox.requests.count('GET', '/monitors')).toBe(tries);
  });

  it.each(['RACE_CONDITION', 'OPERATION_IN_PROGRESS', 'UNEXPECTED_ERROR'])('%s is transient: the read is retried', async (type) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ type, path: `/${id}` });
    expect(await readResult(adapter, id)).toMatchObject({ kind: 'job' });
    sandbox.state.rejectNext({ type, path: '/monitors', times: 3 });
    await expect(list(adapter)).rejects.toThrow('SYSTEM_UNAVAILABLE');
  });
});

describe('undocumented responses', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const odd = [
    ...['', 'null', '7', '"SUCCESS"', '[]', '{}', '{"responseStatus":null}', '{"responseStatus":"MAYBE"}', '{"responseStatus":"SUCCESS"}'],
    ...['{"responseStatus":"SUCCESS","data":null,"jobs":null,"tasks":null}', '{"responseStatus":"SUCCESS","data":[[]],"jobs":[7]}'],
    ...[
      '{"responseStatus":"SUCCESS","data":{"id":{}},"jobs":{},"tasks":"x"}',
      '{"responseStatus":"FAILURE"}',
      '{"responseStatus":["SUCCESS"]}',
    ],
    ...['{"responseStatus":"FAILURE","errors":7}', '{"responseStatus":"FAILURE","errors":[7]}', '{"responseStatus":"FAILURE","errors":[]}'],
    ...[`{"responseStatus":"SUCCESS","data":${deep},"jobs":${deep}}`, deep, '<html>', '{"responseStatus":"SUCC'],
  ];

  it.each(odd.map((body) => [body.length > 80 ? `${body.slice(0, 40)}…` : body, body]))('%s', async (_name, body) => {
    const server = await startServer(() => body);
    const adapter = connect(server.url, settings);
    expect(await readResult(adapter, 7)).toMatchObject({ kind: 'problem' });
    const page = await firstPage(adapter);
    // Rows that are none are odd ones.
    if (page?.ok) for (const row of page.value.rows) expect(row).toMatchObject({ job: null, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    if (!page?.ok) expect(await adapter.checkHealth(call)).not.toBeNull();
    for (const kind of kinds(await act(adapter, 'CANCEL', 7, 8))) expect(['inconclusive', 'batchRejected']).toContain(kind);
    const [started] = await act(adapter, 'START', 7);
    // A bare SUCCESS is all that starting needs, if it can be read.
    expect(started?.kind).toMatch(
      body.startsWith('{"responseStatus":"SUCCESS"') && !body.includes(deep) ? /accepted/ : /inconclusive|rejected/,
    );
  });

  it('accept an ID as a number or as text', async () => {
    const long = '9007199254740993';
    for (const id of ['7', '"7"', long, `"${long}"`]) {
      const server = await startServer(() => `{"responseStatus":"SUCCESS","data":{"id":${id},"status":"RUNNING"}}`);
      const vendorId = id.replaceAll('"', '');
      expect(await readResult(connect(server.url, settings), vendorId)).toMatchObject({ kind: 'job', job: { vendorId } });
    }
  });

  it('for another job are rejected', async () => {
    const server = await startServer(() => ({ responseStatus: 'SUCCESS', data: { id: 8, status: 'RUNNING' }, job_id: 8 }));
    const adapter = connect(server.url, settings);
    expect(await readResult(adapter, 7)).toMatchObject({ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    expect(await act(adapter, 'START', 7)).toMatchObject([{ kind: 'inconclusive', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  });

  it('without an outcome for an item leave only that job unknown', async () => {
    const items = [{ responseStatus: 'SUCCESS' }, { responseStatus: 'PERHAPS' }, { responseStatus: 'SUCCESS', data: { id: '9' } }];
    const server = await startServer(() => ({ responseStatus: 'SUCCESS', data: items }));
    expect(kinds(await act(connect(server.url, settings), 'CANCEL', 7, 8, 9))).toEqual(['inconclusive', 'inconclusive', 'accepted']);
  });
});

describe('messages', () => {
  it('name the system and quote the vendor in one line of at most 300 characters', () => {
    const refusal = { type: 'INVALID_DATA', exception: false, authenticationFailed: false, retryAfterSeconds: null };
    const { message } = describeError('vault', { ...refusal, message: `Job\n\tis ${'x'.repeat(1000)}` });
    expect(message).toMatch(/^vault rejected the request \(INVALID_DATA: "Job is x+…"\)\.$/);
    expect(message.length).toBeLessThan(350);
    expect(describeError('vault', { ...refusal, type: null, message: null }).message).toBe('vault rejected the request (no error type).');
  });
});

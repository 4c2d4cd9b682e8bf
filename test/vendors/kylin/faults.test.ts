import { describe, expect, it } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import type { Fault } from '../../../src/sandbox-kit/faults.ts';
import { call, connect, listOf, start, startServer, targetsOf } from './setup.ts';

const shortTransport = { timeoutMs: 300, maxResponseBytes: 1_000_000 };
const settings = { username: 'ADMIN', password: 'KYLIN' };
const target = { vendorId: '00000000-0000-4000-8000-000000000000', job: null };
const html = (status: number, applied = false, headers = {}): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html', ...headers },
  applied,
});

describe('What goes wrong on the way of an action', () => {
  it.each<[string, Fault, string, string]>([
    ['reset before it arrived', { kind: 'reset', applied: false }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['reset after it was done', { kind: 'reset', applied: true }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['no answer', { kind: 'hang', applied: true }, 'inconclusive', 'TIMED_OUT'],
    ['half an answer', { kind: 'truncate' }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['an empty answer', { kind: 'empty' }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['an endless answer', { kind: 'flood', bytes: 3_000_000 }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a 500 page', html(500), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a 502 page', html(502, true), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a 503 page', html(503), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a 504 page', html(504, true), 'inconclusive', 'TIMED_OUT'],
    ['a 200 page', html(200), 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['a 408 page', html(408), 'inconclusive', 'TIMED_OUT'],
    ['a 302 page', html(302), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a 401 page', html(401), 'notSent', 'VENDOR_AUTHENTICATION_FAILED'],
    ['a 403 page', html(403), 'rejected', 'ACCESS_DENIED'],
    ['a 404 page', html(404), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a 429 page', html(429), 'notSent', 'RATE_LIMITED'],
  ])('%s: sent once, and answered with what is true of it', async (_name, fault, kind, code) => {
    const { sandbox, adapter } = await start({}, shortTransport);
    const targets = await targetsOf(adapter, sandbox.state.addJob());
    sandbox.faults.add({ method: 'PUT', fault, times: 'always' });
    expect(await adapter.performAction('CANCEL', targets, call)).toMatchObject([{ kind, problem: { code } }]);
    expect(sandbox.requests.count('PUT')).toBe(1);
  });

  it('an unexpected failure of Kylin itself: unsettled, whether the work was done or not', async () => {
    const { sandbox, adapter } = await start();
    for (const applied of [false, true]) {
      const id = sandbox.state.addJob();
      const targets = await targetsOf(adapter, id);
      sandbox.state.failUnexpectedly({ applied });
      expect(await adapter.performAction('CANCEL', targets, call)).toMatchObject([
        { kind: 'inconclusive', problem: { code: 'SYSTEM_UNAVAILABLE' } },
      ]);
      expect(sandbox.state.getJob(id)?.state).toBe(applied ? 'DISCARDED' : 'READY');
    }
  });

  it('is certainly not sent if no server listens', async () => {
    const { sandbox, adapter } = await start();
    await sandbox.close();
    expect(await adapter.performAction('CANCEL', [target], call)).toMatchObject([
      { kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } },
    ]);
  });
});

describe('What goes wrong on the way of a read', () => {
  it.each<[string, Fault, string]>([
    ['reset', { kind: 'reset', applied: false }, 'SYSTEM_UNAVAILABLE'],
    ['hang', { kind: 'hang', applied: false }, 'TIMED_OUT'],
    ['half an answer', { kind: 'truncate' }, 'SYSTEM_UNAVAILABLE'],
    ['an empty answer', { kind: 'empty' }, 'INVALID_VENDOR_RESPONSE'],
    ['an endless answer', { kind: 'flood', bytes: 3_000_000 }, 'INVALID_VENDOR_RESPONSE'],
    ['a 500 page', html(500), 'SYSTEM_UNAVAILABLE'],
    ['a 502 page', html(502), 'SYSTEM_UNAVAILABLE'],
    ['a 401 page', html(401), 'VENDOR_AUTHENTICATION_FAILED'],
    ['a 403 page', html(403), 'ACCESS_DENIED'],
    ['a 404 page', html(404), 'INVALID_VENDOR_RESPONSE'],
    ['a 406 page', html(406), 'INVALID_VENDOR_RESPONSE'],
    ['a 429 page', html(429, false, { 'retry-after': '7' }), 'RATE_LIMITED'],
  ])('%s', async (_name, fault, code) => {
    const { sandbox, adapter } = await start({}, shortTransport);
    const targets = await targetsOf(adapter, sandbox.state.addJob());
    const job = targets[0]?.job;
    if (!job) throw new Error('No job');
    sandbox.faults.add({ fault, times: 'always' });
    expect(await adapter.getJobs([job.vendorId], call)).toMatchObject([{ kind: 'problem', problem: { code } }]);
    expect(await listOf(adapter).readPage(startOfList, 10, call)).toMatchObject({ ok: false, problem: { code } });
    expect(await adapter.getSteps?.(job, call)).toMatchObject({ ok: false, problem: { code } });
    // Another adapter: after so many failures in a row the first would send nothing more.
    expect(await connect(sandbox.url, settings, shortTransport).checkHealth(call)).toMatchObject({ code });
  });

  it('passes over a 502 and a 500 without a code', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: html(502) });
    sandbox.faults.add({ fault: html(500) });
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(sandbox.requests.all()).toHaveLength(3);
  });
});

describe('Responses of any shape', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  it.each([
    ['null', 'null'],
    ['a number', '9223372036854775807'],
    ['a list', '[]'],
    ['text', '"000"'],
    ['no code', '{"data":{"value":[]}}'],
    ['a code that is a number', '{"code":0,"data":{"value":[]}}'],
    ['a code of another server', '{"code":"AUTH_REQUIRED","msg":"log in first"}'],
    ['no data', '{"code":"000"}'],
    ['rows that are none', '{"code":"000","data":{"value":{}}}'],
    ['deep nesting', deep],
    ['deep nesting below data', `{"code":"000","data":${deep}}`],
    ['deep nesting beside a long number', `{"code":"000","data":9223372036854775807,"more":${deep}}`],
    ['an error without words', '{"code":"999"}'],
    ['an error with words of another type', '{"code":"999","msg":{"a":1},"error_code":[]}'],
  ])('%s: a problem, never an exception', async (_name, body) => {
    const url = await startServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
    const adapter = connect(url, settings);
    expect(await adapter.getJobs([target.vendorId], call)).toMatchObject([{ kind: 'problem' }]);
    expect(await listOf(adapter).readPage(startOfList, 10, call)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('kyl') },
    });
  });

  it.each([
    ['null', null],
    ['missing', undefined],
    ['an object', {}],
  ])('leaves out a row whose ID is %s, and a read by ID reports it', async (_name, id) => {
    const body = JSON.stringify({
      code: '000',
      data: {
        value: [
          { id, job_status: 'RUNNING' },
          { id: 12345, job_status: 'RUNNING' },
        ],
      },
    });
    const url = await startServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
    const adapter = connect(url, settings);
    expect(await listOf(adapter).readPage(startOfList, 10, call)).toMatchObject({
      ok: true,
      value: { rows: [{ job: null, problem: { code: 'INVALID_VENDOR_RESPONSE' } }, { vendorId: '12345' }] },
    });
    expect(await adapter.getJobs([target.vendorId], call)).toMatchObject([
      { kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('invalid row') } },
    ]);
  });

  it('is content with rows of fewer fields, and with no count', async () => {
    const body = '{"code":"000","data":{"value":[{"id":"a"},{"id":"b","tag":{"x":[9223372036854775807]}}]}}';
    const url = await startServer((_request, response) => response.end(body));
    const page = await listOf(connect(url, settings)).readPage(startOfList, 2, call);
    expect(page).toMatchObject({
      ok: true,
      value: { rows: [{ job: { vendorId: 'a' } }, { job: { vendorId: 'b' } }], firstRow: 0, limit: 2, total: null },
    });
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import type { Fault } from '../../../src/sandbox-kit/faults.ts';
import { cancel, closeAll, connect, createCall, readAll, readJob, readProblem, sourceOf, start } from './start-adapter.ts';

afterEach(closeAll);

const jobId = 'S7hQk2p8TzR0wYcLmVd';
const html = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html', ...headers },
  applied: false,
});
const ok = (body: string): Fault => ({
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
  applied: false,
});
const failed = (status: number): Fault => ({
  kind: 'answer',
  status,
  body: JSON.stringify({
    error: { errors: [{ reason: 'backendError', message: 'backend error' }], code: status, message: 'backend error' },
  }),
  applied: false,
});

/** Bodies of a 200 that are not an answer about the job. */
const unreadable: [string, string][] = [
  ['nothing', ''],
  ['spaces', '   '],
  ['half an answer', '{"jobId":"S7hQk2p8'],
  ['HTML', '<html><body>Sign in</body></html>'],
  ['null', 'null'],
  ['a number', '7'],
  ['a list', `[{"jobId":"${jobId}"}]`],
  ['a job without an id', '{"kind":"aodocs#job","status":"CANCELLED"}'],
  ['an id that is a number', '{"jobId":12345678901234567890,"status":"CANCELLED"}'],
  ['an error in a 200', '{"error":{"code":500,"message":"backend error"}}'],
  ['deep nesting, closed', `{"jobId":"AnotherJob","extra":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['deep nesting', `{"jobId":${'['.repeat(200_000)}`],
  ['another job', '{"jobId":"AnotherJob","status":"CANCELLED"}'],
];

describe('a cancel', () => {
  test.each<[string, Fault, string, string]>([
    ['a reset before anything was done', { kind: 'reset', applied: false }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['a reset after it was done', { kind: 'reset', applied: true }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['half an answer', { kind: 'truncate' }, 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['no body', { kind: 'empty' }, 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['500 in words', failed(500), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['503 in words', failed(503), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['500 in HTML', html(500), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['502 in HTML', html(502), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['503 in HTML', html(503, { 'retry-after': '1' }), 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['504 in HTML', html(504), 'inconclusive', 'TIMED_OUT'],
    ['408 in HTML', html(408), 'inconclusive', 'TIMED_OUT'],
    ['204', html(204), 'inconclusive', 'INVALID_VENDOR_RESPONSE'],
    ['429 in HTML', html(429), 'notSent', 'RATE_LIMITED'],
    ['429 with Retry-After', html(429, { 'retry-after': '1' }), 'notSent', 'RATE_LIMITED'],
    ['401 in HTML', html(401), 'notSent', 'VENDOR_AUTHENTICATION_FAILED'],
    ['403 in HTML', html(403), 'rejected', 'ACCESS_DENIED'],
    ['404 in HTML', html(404), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['411 in HTML', html(411), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['a redirect', html(302, { location: 'https://accounts.google.com/' }), 'notSent', 'INVALID_VENDOR_RESPONSE'],
    ['400 whose words are no text', { ...html(400), body: '{"error":{"message":7}}' } as Fault, 'notSent', 'INVALID_VENDOR_RESPONSE'],
  ])('that meets %s is sent once', async (_what, fault, kind, code) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault });
    expect(await cancel(adapter, id)).toMatchObject({ kind, problem: { code } });
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test.each(unreadable)('answered with 200 and %s is unsettled', async (_what, body) => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: ok(body) });
    expect(await cancel(adapter, jobId)).toMatchObject({ kind: 'inconclusive', problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test.each([true, false])('that is never answered is unsettled (carried out: %s)', async (applied) => {
    const { sandbox, adapter } = await start({ timeoutMs: 100 });
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: { kind: 'hang', applied } });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'inconclusive', problem: { code: 'TIMED_OUT' } });
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test('is not sent if no server listens', async () => {
    const { sandbox, adapter } = await start();
    await sandbox.close();
    expect(await cancel(adapter, jobId)).toMatchObject({ kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE' } });
  });

  test('that was called off before it began was not sent', async () => {
    const { sandbox, adapter } = await start();
    const call = { caller: 'test', signal: AbortSignal.abort(), credential: null };
    const [answer] = await adapter.performAction('CANCEL', [{ vendorId: sandbox.state.addJob(), job: null }], call);
    expect(answer).toMatchObject({ kind: 'notSent', problem: { code: 'NOT_ATTEMPTED' } });
    expect(sandbox.requests.all()).toHaveLength(0);
  });

  test('with a long rejection quotes one line of at most 300 characters', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.state.rejectNext({ status: 412, message: `first\n\tsecond ${'x'.repeat(5_000)}` });
    const answer = await cancel(adapter, id);
    const message = 'problem' in answer ? answer.problem.message : '';
    expect(message).toContain('"first second xxx');
    expect(message.length).toBeLessThan(400);
  });
});

test("the vendor's code is a word or nothing", async () => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob();
  sandbox.state.rejectNext({ status: 400, reason: 'parseError' });
  expect(await cancel(adapter, id)).toMatchObject({ kind: 'rejected', vendorCode: 'parseError' });
  for (const reason of ['x'.repeat(5_000), 'two words', '<b>']) {
    sandbox.state.rejectNext({ status: 400, reason });
    const answer = await cancel(adapter, id);
    expect(answer).toMatchObject({ kind: 'rejected', vendorCode: null });
    expect(JSON.stringify(answer).length).toBeLessThan(400);
  }
});

describe('a read', () => {
  test.each<[string, Fault, string, number]>([
    ['resets', { kind: 'reset', applied: false }, 'SYSTEM_UNAVAILABLE', 3],
    ['half answers', { kind: 'truncate' }, 'SYSTEM_UNAVAILABLE', 3],
    ['empty answers', { kind: 'empty' }, 'INVALID_VENDOR_RESPONSE', 1],
    ['500 in words', failed(500), 'SYSTEM_UNAVAILABLE', 3],
    ['503 in words', failed(503), 'SYSTEM_UNAVAILABLE', 3],
    ['501', failed(501), 'SYSTEM_UNAVAILABLE', 1],
    ['502 in HTML', html(502), 'SYSTEM_UNAVAILABLE', 3],
    ['504 in HTML', html(504), 'TIMED_OUT', 3],
    ['429', html(429), 'RATE_LIMITED', 1],
    ['429 with a short Retry-After', html(429, { 'retry-after': '0' }), 'RATE_LIMITED', 3],
    ['429 with a long Retry-After', html(429, { 'retry-after': '60' }), 'RATE_LIMITED', 1],
    ['401 in HTML', html(401), 'VENDOR_AUTHENTICATION_FAILED', 1],
    ['403 in HTML', html(403), 'ACCESS_DENIED', 1],
    ['404 in HTML', html(404), 'INVALID_VENDOR_RESPONSE', 1],
    ['redirects', html(302, { location: 'https://accounts.google.com/' }), 'INVALID_VENDOR_RESPONSE', 1],
  ])('that meets %s is repeated where that may help, and then a problem', async (_what, fault, code, requests) => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault, times: 'always' });
    expect(await readProblem(adapter, jobId)).toMatchObject({ code });
    expect(sandbox.requests.all()).toHaveLength(requests);
  });

  test.each(unreadable)('answered with 200 and %s is a problem', async (_what, body) => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: ok(body) });
    expect(await readProblem(adapter, jobId)).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
  });

  test('succeeds after a transient failure', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    sandbox.faults.add({ fault: failed(500), times: 2 });
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: id });
  });

  test('has the time when the quota is free again', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: html(429, { 'retry-after': '60' }) });
    expect(await readProblem(adapter, jobId)).toMatchObject({ retryable: true, retryAfterSeconds: 60 });
  });

  test('with a response beyond maxResponseBytes fails', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: { kind: 'flood', bytes: 33_554_433 }, times: 'always' });
    expect(await readProblem(adapter, jobId)).toMatchObject({
      code: 'INVALID_VENDOR_RESPONSE',
      message: expect.stringContaining('maxResponseBytes'),
    });
  });

  test.each([
    ['status', null, { status: 'UNKNOWN', type: 'IMPORT' }],
    ['status', { word: 'CANCELLED' }, { status: 'UNKNOWN', vendorStatus: null }],
    ['type', 7, { type: null, status: 'RUNNING' }],
    ['requestor', {}, { owner: null, status: 'RUNNING' }],
    ['startedAt', [], { createdAt: null, status: 'RUNNING' }],
  ])('of a job whose %s is %j shows the job without it', async (field, value, job) => {
    const { sandbox, adapter } = await start();
    expect(await readJob(adapter, sandbox.state.addJob({ odd: { [field]: value } }))).toMatchObject(job);
  });

  test('of a job whose id is a number finds it by its digits', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ jobId: '4711', odd: { jobId: 4711 } });
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: '4711', status: 'RUNNING' });
  });

  test('accepts a job with any content type', async () => {
    const { sandbox, adapter } = await start();
    const body = JSON.stringify({ jobId, status: 'COMPLETED' });
    sandbox.faults.add({ fault: { kind: 'answer', status: 200, headers: { 'content-type': 'text/plain' }, body, applied: false } });
    expect(await readJob(adapter, jobId)).toMatchObject({ vendorId: jobId, status: 'SUCCEEDED' });
  });
});

describe('a list', () => {
  test.each([
    ['jobs by id', '{"jobList":{"a":{"jobId":"a"}}}'],
    ['a token that is a number', '{"nextPageToken":5}'],
    ['HTML', '<html></html>'],
  ])('answered with %s is a problem, never a shorter list', async (_what, body) => {
    const rig = await start();
    rig.sandbox.faults.add({ fault: ok(body) });
    expect(await sourceOf(rig).readPage(startOfList, 50, createCall())).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_VENDOR_RESPONSE' },
    });
  });

  test('keeps the good rows beside odd ones', async () => {
    const rig = await start();
    const good = rig.sandbox.state.addJob();
    const shown = [{ status: null }, { requestor: {} }, { type: 7 }].map((odd) => rig.sandbox.state.addJob({ odd }));
    for (const jobId of [null, {}]) rig.sandbox.state.addJob({ odd: { jobId } });
    const ids = (await readAll(sourceOf(rig))).map(({ vendorId }) => vendorId);
    expect(ids.sort()).toEqual([good, ...shown].sort());
  });

  test('whose token expires between pages keeps its rows and reports why', async () => {
    const rig = await start();
    for (let index = 0; index < 4; index += 1) rig.sandbox.state.addJob();
    const token = rig.sandbox.state.issueToken({ requests: 1 });
    const adapter = connect(rig.sandbox, { token, libraries: [rig.libraryId] });
    const source = sourceOf({ ...rig, adapter });
    const first = await source.readPage(startOfList, 2, createCall());
    const part = first.ok ? first.value.nextPart : null;
    expect(await source.readPage({ part, row: 0 }, 2, createCall())).toMatchObject({
      ok: false,
      problem: { code: 'VENDOR_AUTHENTICATION_FAILED' },
    });
  });

  test('does not hide one library because another fails', async () => {
    const rig = await start();
    const id = rig.sandbox.state.addJob();
    const other = String(rig.sandbox.state.libraries[1]);
    rig.sandbox.faults.add({ fault: html(403), path: other });
    expect(await sourceOf({ ...rig, libraryId: other }).readPage(startOfList, 50, createCall())).toMatchObject({ ok: false });
    expect(await sourceOf(rig).readPage(startOfList, 50, createCall())).toMatchObject({ ok: true, value: { rows: [{ vendorId: id }] } });
  });
});

test.each(['', 'a b', 'a\nb', '\u0000', 'ключ'])('a credential of a caller that can be no token is not sent: %j', async (credential) => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob();
  expect(await readProblem(adapter, id, credential)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
  expect(await cancel(adapter, id, credential)).toMatchObject({ kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
  expect(sandbox.requests.all()).toHaveLength(0);
  expect(await readJob(adapter, id)).toMatchObject({ vendorId: id });
});

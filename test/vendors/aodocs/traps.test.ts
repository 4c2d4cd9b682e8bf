// The traps of src/vendors/aodocs/README.md, which lists the source of each.
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startOfList } from '../../../src/jobs/adapter.ts';
import { aodocs } from '../../../src/vendors/aodocs/index.ts';
import {
  cancel,
  closeAll,
  createCall,
  createQuery,
  lastParameters,
  listAll,
  read,
  readAll,
  readJob,
  readProblem,
  sourceOf,
  start,
  startAtMs,
  systemId,
} from './start-adapter.ts';

afterEach(closeAll);

/** A 200 in place of the sandbox's own answer. */
const answerWith = (body: object) => ({ kind: 'answer', status: 200, body: JSON.stringify(body), applied: false }) as const;

describe('times are text or numbers', () => {
  test.each(['strings', 'numbers'] as const)('with %s on the wire', async (int64) => {
    const { sandbox, adapter } = await start({ switches: { int64 } });
    const lastActivityAtMs = 1781000123456;
    const id = sandbox.state.addJob({ status: 'COMPLETED', startedAtMs: 999999999999, lastActivityAtMs });
    const job = await readJob(adapter, id);
    expect(job.createdAt).toEqual(new Date('2001-09-09T01:46:39.999Z'));
    expect(job.startedAt).toEqual(job.createdAt);
    expect(job.finishedAt).toEqual(new Date('2026-06-09T10:15:23.456Z'));
    // As text "999…" is the later one.
    expect(job.finishedAt?.getTime()).toBeGreaterThan(job.createdAt?.getTime() ?? Number.NaN);
  });
});

describe('an absent jobList is an empty list', () => {
  test.each([true, false])('an empty library is an empty list (kind in the response: %s)', async (kinds) => {
    const rig = await start({ switches: { kinds } });
    expect(await readAll(sourceOf(rig))).toEqual([]);
  });

  test('jobList: null is an empty list too', async () => {
    const rig = await start();
    rig.sandbox.faults.add({ fault: answerWith({ jobList: null, nextPageToken: null }) });
    expect(await readAll(sourceOf(rig))).toEqual([]);
  });
});

test('lists each configured library by its ID', async () => {
  const { sandbox, adapter } = await start({ jobs: 120 });
  const { libraries } = sandbox.state;
  expect(adapter.listJobs(createQuery()).map(({ name }) => name)).toEqual(libraries);
  const listed = await listAll(adapter);
  const inLibraries = sandbox.state.jobs().filter((job) => job.libraryId !== null);
  expect(listed.map((job) => job.vendorId).sort()).toEqual(inLibraries.map((job) => job.jobId).sort());
  for (const libraryId of libraries) expect(sandbox.requests.count('GET', `/job/v1/libraries/${libraryId}?`)).toBeGreaterThan(0);
});

describe("words of AODocs' paths are no IDs", () => {
  test('rejects both words as job IDs', async () => {
    const { adapter } = await start();
    expect(adapter.checkVendorId('libraries')).toContain('libraries');
    expect(adapter.checkVendorId('events')).toContain('events');
    expect(adapter.checkVendorId('Libraries')).toBeNull();
  });

  test('an empty library id does not get through the configuration', () => {
    const settings = aodocs.settings(z.string());
    expect(settings.safeParse({ securityCode: '5f0c', libraries: [''] }).success).toBe(false);
  });

  test('a library that is not there is a problem, not an empty list', async () => {
    const { adapter } = await start({ settings: { libraries: ['NoSuchLibrary'] } });
    const [source] = adapter.listJobs(createQuery());
    expect(await source?.readPage(startOfList, 50, createCall())).toMatchObject({
      ok: false,
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('"NoSuchLibrary"') },
    });
  });
});

describe('a security code is never part of a URL or message', () => {
  test('no request has it there', async () => {
    const { sandbox, adapter } = await start({ jobs: 40 });
    const [job] = await listAll(adapter);
    await read(adapter, String(job?.vendorId));
    await cancel(adapter, String(job?.vendorId));
    await adapter.checkHealth(createCall());
    const targets = sandbox.requests.all().map(({ target }) => target);
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.join('\n')).not.toContain(String(sandbox.settings.securityCode));
    expect(targets.join('\n')).not.toMatch(/securityCode|access_token|bearer_token/i);
  });

  test('nor does a message repeat it after the vendor', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const secret = String(sandbox.settings.securityCode);
    sandbox.state.rejectNext({ status: 400, message: `Bad request GET /job/v1/${id}?securityCode=${secret}` });
    const { message } = await readProblem(adapter, id);
    expect(message).toContain('Bad request GET');
    expect(message).not.toContain(secret);
  });

  test("nor a caller's own token", async () => {
    const { sandbox, adapter } = await start();
    const token = sandbox.state.issueToken();
    sandbox.state.rejectNext({ status: 412, message: `refused ${token}` });
    const answer = await cancel(adapter, sandbox.state.addJob(), token);
    expect(answer).toMatchObject({ kind: 'rejected' });
    expect(JSON.stringify(answer)).not.toContain(token);
  });
});

describe('a query parameter overrides a path parameter of the same name', () => {
  test.each([
    (victim: string) => `x?jobId=${victim}`,
    (victim: string) => `x/cancel?jobId=${victim}&`,
    (victim: string) => `x%3FjobId=${victim}`,
    (victim: string) => `${victim}/cancel#`,
    (victim: string) => `../v1/${victim}`,
  ])('a forged ID reaches no other job: %s', async (forge) => {
    const { sandbox, adapter } = await start();
    const victim = sandbox.state.addJob();
    const id = forge(victim);
    expect(adapter.checkVendorId(id)).toBeNull();
    expect(await cancel(adapter, id)).toEqual({ kind: 'notFound' });
    expect(await read(adapter, id)).toEqual({ kind: 'notFound' });
    expect(sandbox.state.job(victim)?.status).toBe('IN_PROGRESS');
    for (const { target } of sandbox.requests.all()) expect(new URL(target, 'http://localhost').searchParams.has('jobId')).toBe(false);
  });

  test('nor does a forged position lead to another library', async () => {
    const rig = await start();
    const other = String(rig.sandbox.state.libraries[1]);
    rig.sandbox.state.addJob({ libraryId: other });
    const page = await sourceOf(rig).readPage({ part: `50:x&libraryId=${other}`, row: 0 }, 50, createCall());
    expect(page.ok).toBe(false);
    expect(lastParameters(rig)).not.toHaveProperty('libraryId');
  });

  test.each(['.', '..', '', ' ', 'a b', 'a\n', 'a\u0000', '\ud800'])('%j can be no id at all', async (id) => {
    const { adapter } = await start();
    expect(adapter.checkVendorId(id)).not.toBeNull();
  });
});

describe('types and statuses are open sets', () => {
  test.each([
    'MAKE_LIBRARY_PUBLIC',
    'FIX_INHERITED_PERMISSIONS_DISABLED',
    'MIGRATE_SF_PUBLIC_TO_PRIVATE',
    'A_TYPE_OF_NEXT_YEAR',
    'UNKNOWN',
  ])('a job of type %s is read, listed and found by its type', async (type) => {
    const rig = await start();
    const id = rig.sandbox.state.addJob({ type });
    expect(await readJob(rig.adapter, id)).toMatchObject({ type });
    // Not sent to the vendor: a version without the type rejects the whole list.
    expect(await readAll(sourceOf(rig, { types: [type] }))).toMatchObject([{ vendorId: id }]);
    expect(lastParameters(rig)).not.toHaveProperty('type');
    expect(sourceOf(rig, { types: [type] }).exact).toBe(false);
  });

  test('a filter by a type that does not exist is no error', async () => {
    const rig = await start();
    expect(await readAll(sourceOf(rig, { types: ['NoSuchType'] }))).toEqual([]);
  });

  test('statuses are too', async () => {
    const rig = await start();
    const id = rig.sandbox.state.addJob({ status: 'WAITING_FOR_QUOTA' });
    expect(await readAll(sourceOf(rig))).toMatchObject([{ vendorId: id, status: 'UNKNOWN', vendorStatus: 'WAITING_FOR_QUOTA' }]);
  });
});

describe('the status filter takes one value', () => {
  const add = async () => {
    const rig = await start();
    for (const status of ['IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED']) rig.sandbox.state.addJob({ status });
    return rig;
  };

  test('sends one status to the vendor', async () => {
    const rig = await add();
    const source = sourceOf(rig, { statuses: new Set(['FAILED']) });
    expect((await readAll(source)).map((job) => job.status)).toEqual(['FAILED']);
    expect(lastParameters(rig)).toMatchObject({ status: 'FAILED' });
    expect(source.exact).toBe(true);
  });

  test('several are left to the core: no row is missing', async () => {
    const rig = await add();
    const source = sourceOf(rig, { statuses: new Set(['FAILED', 'CANCELLED']) });
    expect((await readAll(source)).map((job) => job.status).sort()).toEqual(['CANCELLED', 'FAILED', 'RUNNING', 'SUCCEEDED']);
    expect(lastParameters(rig)).not.toHaveProperty('status');
    expect(source.exact).toBe(false);
  });
});

test('sends a page token with the parameters it came from', async () => {
  const rig = await start();
  for (let index = 0; index < 5; index += 1) rig.sandbox.state.addJob({ startedAtMs: startAtMs - index });
  const conditions = { statuses: new Set(['RUNNING'] as const), types: ['IMPORT'], owners: [String(rig.sandbox.state.people[1]?.email)] };
  const first = await sourceOf(rig, conditions).readPage(startOfList, 2, createCall());
  const asked = lastParameters(rig);
  expect(asked).toMatchObject({ pageSize: '2', status: 'IN_PROGRESS', type: 'IMPORT', orderBy: 'started desc' });
  expect(asked.user).toContain('@');
  // The caller's next page may well be of another size.
  const part = first.ok ? first.value.nextPart : null;
  const second = await sourceOf(rig, conditions).readPage({ part, row: 0 }, 50, createCall());
  const { pageToken, ...others } = lastParameters(rig);
  expect(others).toEqual(asked);
  expect(pageToken).toEqual(expect.any(String));
  expect(second).toMatchObject({ ok: true, value: { rows: { length: 2 } } });
});

test('shows counters that change after a cancel', async () => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob({ remainingTasks: 10, succeededTasks: 30, lastActivityAtMs: startAtMs });
  const answer = await cancel(adapter, id);
  expect(answer).toMatchObject({ kind: 'accepted', job: { status: 'CANCELLED', progress: { succeededTasks: 30, remainingTasks: 10 } } });
  sandbox.clock.advance(60_000);
  const later = await readJob(adapter, id);
  expect(later.status).toBe('CANCELLED');
  expect(later.progress).toMatchObject({ succeededTasks: 33, remainingTasks: 7 });
  expect(later.finishedAt?.getTime()).toBeGreaterThan(startAtMs);
});

test('waits for CANCELLED, as there is no CANCELLING', async () => {
  const { sandbox, adapter } = await start({ switches: { cancelAnswer: 'lazy' } });
  const id = sandbox.state.addJob();
  expect(adapter.actions.CANCEL).toMatchObject({ asynchronous: false, acceptedState: null, unchangedOutcome: 'ACCEPTED' });
  expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { status: 'RUNNING' } });
  expect(await readJob(adapter, id)).toMatchObject({ status: 'RUNNING' });
  sandbox.clock.advance(5_000);
  expect(await readJob(adapter, id)).toMatchObject({ status: 'CANCELLED' });
});

test('sends a cancel without a body', async () => {
  const { sandbox, adapter } = await start({ switches: { contentTypeValidation: true, lengthRequired: true } });
  expect(await cancel(adapter, sandbox.state.addJob())).toMatchObject({ kind: 'accepted' });
  expect(sandbox.requests.all()).toMatchObject([{ method: 'POST', body: '' }]);
});

describe("completed doesn't decide the status", () => {
  test.each(['noTasksRemain', 'ended', 'succeeded'] as const)('whatever it means (%s)', async (completed) => {
    const { sandbox, adapter } = await start({ switches: { completed } });
    const job = { remainingTasks: 0, succeededTasks: 5 };
    expect(await readJob(adapter, sandbox.state.addJob({ ...job, status: 'FAILED' }))).toMatchObject({ status: 'FAILED' });
    expect(await readJob(adapter, sandbox.state.addJob({ ...job, status: 'CANCELLED' }))).toMatchObject({ status: 'CANCELLED' });
    expect(await readJob(adapter, sandbox.state.addJob({ ...job, status: 'COMPLETED' }))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await readJob(adapter, sandbox.state.addJob({ ...job, status: 'IN_PROGRESS' }))).toMatchObject({ status: 'RUNNING' });
  });
});

test('sends a cancel once if the response is lost, and reads the job after a 412', async () => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob();
  sandbox.faults.add({ fault: { kind: 'reset', applied: true }, method: 'POST' });
  expect(await cancel(adapter, id)).toMatchObject({ kind: 'inconclusive', problem: { code: 'SYSTEM_UNAVAILABLE' } });
  expect(sandbox.requests.count('POST')).toBe(1);
  // VENDOR_REJECTED makes the core read the job, which shows the outcome.
  expect(await cancel(adapter, id)).toMatchObject({
    kind: 'rejected',
    problem: { code: 'VENDOR_REJECTED' },
    vendorCode: 'conditionNotMet',
  });
  expect(await readJob(adapter, id)).toMatchObject({ status: 'CANCELLED' });
});

describe('a 200 whose job is not CANCELLED', () => {
  test('proves nothing: the response shows the current job', async () => {
    const { sandbox, adapter } = await start({ switches: { cancelAnswer: 'ignored' } });
    const id = sandbox.state.addJob();
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { status: 'RUNNING', vendorStatus: 'IN_PROGRESS' } });
  });

  test('nor does one for a job that ended just before', async () => {
    const { sandbox, adapter } = await start({ switches: { terminalCancel: 'idempotent' } });
    const id = sandbox.state.addJob();
    sandbox.state.beforeNextCancel(id, { status: 'COMPLETED', remainingTasks: 0 });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { status: 'SUCCEEDED' } });
  });
});

test('counts failed tasks as done, and retries not at all', async () => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob({ succeededTasks: 30, failedTasks: 10, remainingTasks: 60, taskRetries: 500 });
  expect((await readJob(adapter, id)).progress).toEqual({ fraction: 0.4, succeededTasks: 30, failedTasks: 10, remainingTasks: 60 });
});

describe('IDs that differ only by letter case', () => {
  test('are two jobs', async () => {
    const { sandbox, adapter } = await start();
    const lower = sandbox.state.addJob({ jobId: 'S7hQk2p8TzR0wYcLmVd', type: 'MOVE_FOLDER' });
    const upper = sandbox.state.addJob({ jobId: 'S7hQk2p8TzR0wYcLmVD', type: 'DELETE_FOLDER' });
    expect(await cancel(adapter, lower)).toMatchObject({ kind: 'accepted', job: { vendorId: lower } });
    expect(await readJob(adapter, upper)).toMatchObject({ vendorId: upper, type: 'DELETE_FOLDER', status: 'RUNNING' });
    expect(await readJob(adapter, lower)).toMatchObject({ vendorId: lower, type: 'MOVE_FOLDER', status: 'CANCELLED' });
  });

  test('rejects a response with the other job', async () => {
    const { sandbox, adapter } = await start();
    sandbox.faults.add({ fault: answerWith({ jobId: 'S7hQk2p8TzR0wYcLmVD', status: 'CANCELLED' }), times: 'always' });
    expect(await readProblem(adapter, 'S7hQk2p8TzR0wYcLmVd')).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
    expect(await cancel(adapter, 'S7hQk2p8TzR0wYcLmVd')).toMatchObject({
      kind: 'inconclusive',
      problem: { code: 'INVALID_VENDOR_RESPONSE' },
    });
  });
});

test('encodes the space in orderBy', async () => {
  const rig = await start();
  await readAll(sourceOf(rig));
  expect(rig.sandbox.requests.all()[0]?.target).toMatch(/orderBy=started(\+|%20)desc(&|$)/);
  expect(lastParameters(rig).orderBy).toBe('started desc');
});

describe('responses are indented or compact', () => {
  test.each([true, false])('indented: %s', async (prettyPrint) => {
    const rig = await start({ switches: { prettyPrint } });
    const id = rig.sandbox.state.addJob();
    expect(await readAll(sourceOf(rig))).toMatchObject([{ vendorId: id }]);
    expect(await readJob(rig.adapter, id)).toMatchObject({ vendorId: id });
    expect(await cancel(rig.adapter, id)).toMatchObject({ kind: 'accepted' });
    expect(await read(rig.adapter, 'NoSuchJob')).toEqual({ kind: 'notFound' });
  });
});

test('every problem names the system', async () => {
  const { sandbox, adapter } = await start();
  const id = sandbox.state.addJob();
  for (const status of [400, 403, 404, 409, 412, 429, 500]) {
    const reason = status === 404 ? 'somethingNew' : undefined;
    sandbox.state.rejectNext({ status, ...(reason && { reason }), method: 'POST' });
    const answer = await cancel(adapter, id);
    expect('problem' in answer && answer.problem.message).toContain(systemId);
  }
});

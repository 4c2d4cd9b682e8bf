import { afterEach, describe, expect, test } from 'vitest';
import { startOfList } from '../../../src/jobs/adapter.ts';
import { jobActions } from '../../../src/jobs/job.ts';
import type { AodocsSwitches } from '../../../src/vendors/aodocs/sandbox/index.ts';
import {
  cancel,
  closeAll,
  connect,
  createCall,
  createQuery,
  jobsOf,
  lastParameters,
  listAll,
  read,
  readAll,
  readJob,
  readProblem,
  sourceOf,
  start,
  startAtMs,
} from './start-adapter.ts';

afterEach(closeAll);

describe('what it declares', () => {
  test('only cancel, one job a request', async () => {
    const { adapter } = await start();
    const supports = jobActions.map((action) => [action, adapter.actions[action].support]);
    expect(supports).toEqual([
      ['CANCEL', 'ONE_BY_ONE'],
      ['PAUSE', 'UNSUPPORTED'],
      ['RESUME', 'UNSUPPORTED'],
      ['RESTART', 'UNSUPPORTED'],
      ['START', 'UNSUPPORTED'],
    ]);
    expect(adapter.actions.CANCEL).toMatchObject({ maxBatchSize: 1, requestSize: 1, readBeforeAction: false, safeToRetry: true });
    expect(adapter.reads).toEqual({ maxBatchSize: 1, minIntervalMs: 0, scanFrom: null });
  });

  test('no steps and no progress of their own', async () => {
    const { adapter } = await start();
    expect(adapter.getSteps).toBeUndefined();
    expect(adapter.getProgress).toBeUndefined();
  });
});

describe('reading', () => {
  test('a job of the whole domain, which no library lists', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ libraryId: null, status: 'COMPLETED' });
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: id, status: 'SUCCEEDED' });
    expect(await listAll(adapter)).toEqual([]);
  });

  test('every seeded job reads as it is listed', async () => {
    const { adapter } = await start({ jobs: 40 });
    const listed = await listAll(adapter);
    expect(listed.length).toBeGreaterThan(30);
    for (const { raw, ...fields } of listed) {
      const { raw: rawById, ...fieldsById } = await readJob(adapter, fields.vendorId);
      expect(fieldsById).toEqual(fields);
      expect(rawById()).toEqual(raw());
    }
  });

  test('one request a job, results in order', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect(await adapter.getJobs([id], createCall())).toMatchObject([{ kind: 'job', job: { vendorId: id } }]);
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  test('a deleted job is not found', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.rejectNext({ status: 410 });
    expect(await read(adapter, 'S7hQk2p8TzR0wYcLmVd')).toEqual({ kind: 'notFound' });
  });
});

describe('listing', () => {
  const times = [5, 3, 9, 1, 7].map((minutes) => startAtMs - minutes * 60_000);

  test.each([
    ['CREATED_AT', 'DESC'],
    ['CREATED_AT', 'ASC'],
    ['STARTED_AT', 'DESC'],
    ['STARTED_AT', 'ASC'],
  ] as const)('comes in the order of %s %s over all pages', async (field, direction) => {
    const rig = await start();
    for (const startedAtMs of times) rig.sandbox.state.addJob({ startedAtMs });
    const source = sourceOf(rig, { order: { field, direction } });
    expect(source.order).toEqual({ by: 'QUERY', precisionMs: 1_000, everyJobHasTime: true });
    const ascending = [...times].sort((a, b) => a - b);
    const expected = direction === 'ASC' ? ascending : ascending.reverse();
    expect((await readAll(source, 2)).map((job) => job.createdAt?.getTime())).toEqual(expected);
  });

  test.each(['ASC', 'DESC'] as const)('declares no order by FINISHED_AT %s, and lists every job', async (direction) => {
    const rig = await start();
    for (const startedAtMs of times) rig.sandbox.state.addJob({ startedAtMs });
    const source = sourceOf(rig, { order: { field: 'FINISHED_AT', direction } });
    expect(source.order).toEqual({ by: 'FIXED' });
    expect(await readAll(source, 2)).toHaveLength(5);
    // By `lastActivity` a job that moves on between two pages would be missed.
    expect(lastParameters(rig).orderBy).toBe('started desc');
  });

  test('loses and repeats no row when jobs start and end between pages', async () => {
    const rig = await start();
    const ids = times.map((startedAtMs) => rig.sandbox.state.addJob({ startedAtMs }));
    const source = sourceOf(rig, { order: { field: 'FINISHED_AT', direction: 'DESC' } });
    const first = await source.readPage(startOfList, 2, createCall());
    if (!first.ok) throw new Error(first.problem.message);
    rig.sandbox.state.addJob({ startedAtMs: startAtMs });
    for (const id of ids) rig.sandbox.state.changeJob(id, { status: 'COMPLETED', lastActivityAtMs: startAtMs });
    const seen = jobsOf(first.value);
    for (let part = first.value.nextPart; part !== null; ) {
      const page = await source.readPage({ part, row: 0 }, 2, createCall());
      if (!page.ok) throw new Error(page.problem.message);
      seen.push(...jobsOf(page.value));
      part = page.value.nextPart;
    }
    expect(seen.map(({ vendorId }) => vendorId).sort()).toEqual(ids.sort());
  });

  test.each([
    [1, '1'],
    [50, '50'],
    [100, '100'],
    [101, '100'],
    [10_000, '100'],
    [0, '100'],
    [Number.NaN, '100'],
  ])('asks for %d rows with pageSize=%s', async (size, pageSize) => {
    const rig = await start();
    await sourceOf(rig).readPage(startOfList, size, createCall());
    expect(lastParameters(rig).pageSize).toBe(pageSize);
  });

  const known = { type: 'IMPORT' };
  const email = 'dana.ruiz@brightwater.example';
  test.each([
    ['nothing', {}, {}, true],
    ['one status', { statuses: new Set(['SUCCEEDED'] as const) }, { status: 'COMPLETED' }, true],
    ['a status beside one that AODocs lacks', { statuses: new Set(['QUEUED', 'RUNNING'] as const) }, { status: 'IN_PROGRESS' }, true],
    ['two statuses', { statuses: new Set(['FAILED', 'RUNNING'] as const) }, {}, false],
    ['a status or an unknown one', { statuses: new Set(['FAILED', 'UNKNOWN'] as const) }, {}, false],
    ['unknown statuses', { statuses: new Set(['UNKNOWN'] as const) }, {}, false],
    ['one type', { types: ['IMPORT'] }, known, true],
    ['one type twice', { types: ['IMPORT', 'IMPORT'] }, known, true],
    ['two types', { types: ['IMPORT', 'BACKUP'] }, {}, false],
    ['a type in lower case', { types: ['import'] }, {}, false],
    ['an owner', { owners: [email] }, { user: email }, false],
    ['an owner that is no address', { owners: ['dana'] }, {}, false],
    ['two owners', { owners: [email, 'noah.keller@brightwater.example'] }, {}, false],
    [
      'a status, a type and a text',
      { statuses: new Set(['FAILED'] as const), types: ['IMPORT'], text: 'x' },
      { status: 'FAILED', ...known },
      false,
    ],
    ['a day', { createdFrom: new Date(startAtMs) }, {}, false],
    ['days until', { createdTo: new Date(startAtMs) }, {}, false],
  ])('asked for %s', async (_what, conditions, parameters, exact) => {
    const rig = await start();
    const source = sourceOf(rig, conditions);
    await source.readPage(startOfList, 50, createCall());
    expect(lastParameters(rig)).toEqual({ pageSize: '50', orderBy: 'started desc', domain: rig.sandbox.settings.domain, ...parameters });
    expect(source.exact).toBe(exact);
  });

  test('sends nothing for statuses that AODocs does not have', async () => {
    const { adapter } = await start({ jobs: 40 });
    expect(adapter.listJobs(createQuery({ statuses: new Set(['PAUSED', 'SCHEDULED', 'QUEUED', 'CANCELLING']) }))).toEqual([]);
  });

  test('a filter that the vendor applies loses no row that matches', async () => {
    const { adapter } = await start({ jobs: 120 });
    const all = await listAll(adapter);
    const ids = (jobs: typeof all) => jobs.map((job) => job.vendorId).sort();
    for (const status of ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const) {
      const expected = ids(all.filter((job) => job.status === status));
      expect(expected.length).toBeGreaterThan(0);
      expect(ids(await listAll(adapter, { statuses: new Set([status]) }))).toEqual(expected);
    }
    for (const type of new Set(all.map((job) => job.type ?? ''))) {
      const found = await listAll(adapter, { types: [type] });
      expect(ids(found.filter((job) => job.type === type))).toEqual(ids(all.filter((job) => job.type === type)));
    }
    for (const owner of new Set(all.map((job) => job.owner ?? ''))) {
      expect(ids(await listAll(adapter, { owners: [owner] }))).toEqual(ids(all.filter((job) => job.owner === owner)));
    }
  });

  test('an invalid page token is a problem of the list', async () => {
    const page = await sourceOf(await start()).readPage({ part: '50:outdated', row: 0 }, 50, createCall());
    expect(page).toMatchObject({ ok: false, problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('pageToken') } });
  });

  test('a page that names itself as the next one is a problem, not a circle', async () => {
    const rig = await start();
    const body = JSON.stringify({ nextPageToken: 'CjgKEgoJc3RhcnRlZEF0' });
    rig.sandbox.faults.add({ fault: { kind: 'answer', status: 200, body, applied: false }, times: 'always' });
    await expect(readAll(sourceOf(rig))).rejects.toThrow('no usable token');
    expect(rig.sandbox.requests.all()).toHaveLength(2);
  });

  test('a token that does not fit into a cursor is a problem', async () => {
    const rig = await start();
    const body = JSON.stringify({ jobList: [], nextPageToken: 'x'.repeat(1_000) });
    rig.sandbox.faults.add({ fault: { kind: 'answer', status: 200, body, applied: false } });
    await expect(readAll(sourceOf(rig))).rejects.toThrow('no usable token');
  });

  test('an empty token is none', async () => {
    const rig = await start();
    rig.sandbox.faults.add({ fault: { kind: 'answer', status: 200, body: '{"nextPageToken":""}', applied: false } });
    expect(await readAll(sourceOf(rig))).toEqual([]);
  });
});

describe('canceling', () => {
  test('returns the job as it is afterward', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { vendorId: id, status: 'CANCELLED' } });
    expect(sandbox.state.job(id)?.status).toBe('CANCELLED');
    expect(sandbox.requests.all()).toHaveLength(1);
  });

  describe.each(['COMPLETED', 'FAILED', 'CANCELLED'])('of a %s job', (status) => {
    test.each([
      ['strict', 'conditionNotMet'],
      ['conflict', 'conflict'],
      ['badRequest', 'badRequest'],
    ] as const)('is refused where AODocs is %s', async (terminalCancel, vendorCode) => {
      const { sandbox, adapter } = await start({ switches: { terminalCancel } });
      const id = sandbox.state.addJob({ status });
      expect(await cancel(adapter, id)).toMatchObject({
        kind: 'rejected',
        problem: { code: 'VENDOR_REJECTED', retryable: false, message: expect.stringContaining(`its status is ${status}`) },
        vendorCode,
      });
      expect(sandbox.requests.count('POST')).toBe(1);
    });

    test('shows the unchanged job where AODocs is idempotent', async () => {
      const { sandbox, adapter } = await start({ switches: { terminalCancel: 'idempotent' } });
      const id = sandbox.state.addJob({ status });
      expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { vendorStatus: status } });
    });
  });
});

describe('checking', () => {
  test('is one small request', async () => {
    const rig = await start({ jobs: 40 });
    expect(await rig.adapter.checkHealth(createCall())).toBeNull();
    expect(rig.sandbox.requests.all()).toHaveLength(1);
    expect(lastParameters(rig)).toMatchObject({ pageSize: '1' });
  });

  test.each([
    [{ securityCode: 'expired' }, 'VENDOR_AUTHENTICATION_FAILED'],
    [{ securityCode: undefined, token: 'ya29.expired' }, 'VENDOR_AUTHENTICATION_FAILED'],
    [{ domain: 'another.example' }, 'ACCESS_DENIED'],
    [{ libraries: ['NoSuchLibrary'] }, 'INVALID_VENDOR_RESPONSE'],
  ])('with %o finds %s', async (settings, code) => {
    const { adapter } = await start({ settings });
    expect(await adapter.checkHealth(createCall())).toMatchObject({ code });
  });

  test('finds a system that is not there', async () => {
    const { sandbox, adapter } = await start();
    await sandbox.close();
    expect(await adapter.checkHealth(createCall())).toMatchObject({ code: 'SYSTEM_UNAVAILABLE' });
  });
});

describe('credentials', () => {
  test('a token instead of a security code', async () => {
    const { sandbox } = await start();
    const adapter = connect(sandbox, { token: sandbox.state.issueToken(), libraries: sandbox.settings.libraries });
    const id = sandbox.state.addJob();
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: id });
    expect(sandbox.requests.all()[0]?.target).toBe(`/api/job/v1/${id}`);
  });

  test("a caller's own token replaces the configured code, for that call only", async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const token = sandbox.state.issueToken({ email: 'kenji.sato@brightwater.example' });
    expect(await readProblem(adapter, id, token)).toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await cancel(adapter, id, token)).toMatchObject({ kind: 'rejected', problem: { code: 'ACCESS_DENIED' } });
    expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted' });
  });

  test("a caller's expired token is reported, and does not affect other callers", async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const token = sandbox.state.issueToken({ lifetimeMs: 0 });
    const problem = { code: 'VENDOR_AUTHENTICATION_FAILED', message: expect.stringContaining("the caller's own credential") };
    expect(await readProblem(adapter, id, token)).toMatchObject(problem);
    expect(await cancel(adapter, id, token)).toMatchObject({ kind: 'notSent', problem });
    expect(await readJob(adapter, id)).toMatchObject({ vendorId: id });
  });

  test('the domain goes with every request', async () => {
    const rig = await start();
    const id = rig.sandbox.state.addJob();
    const domain = rig.sandbox.settings.domain;
    await read(rig.adapter, id);
    expect(lastParameters(rig)).toEqual({ domain });
    await cancel(rig.adapter, id);
    expect(lastParameters(rig)).toEqual({ domain });
  });
});

describe('every way in which AODocs may turn out to behave', () => {
  const positions: Partial<AodocsSwitches>[] = [
    {},
    { int64: 'numbers' },
    { zeros: 'omitted' },
    { kinds: false },
    { unknownProperties: true },
    { prettyPrint: false },
    { completed: 'ended' },
    { completed: 'succeeded' },
    { terminalCancel: 'idempotent' },
    { terminalCancel: 'conflict' },
    { terminalCancel: 'badRequest' },
    { cancelAnswer: 'lazy' },
    { runningTasksFinish: false },
    { defaultOrder: 'started asc' },
    { defaultOrder: 'lastActivity asc' },
    { defaultOrder: 'lastActivity desc' },
    { maxPageSize: 7 },
    { pageSizeAboveMax: 'reject' },
    { pages: 'short' },
    { pages: 'emptyFirst' },
    { readAccess: 'members' },
    { schemeCase: 'insensitive' },
    { foreignDomain: 'ignore' },
    { exceptionCompatibility: false },
    { contentTypeValidation: true },
    { lengthRequired: false },
    { requestsPerSecond: 1_000, quotaAnswer: 'html503' },
    { requestsPerSecond: 1_000, quotaAnswer: 'unsupportedProtocol' },
  ];

  test.each(positions)('%o: lists all, reads, cancels, and reports missing jobs', async (switches) => {
    const { sandbox, adapter } = await start({ jobs: 120, switches });
    const listed = await listAll(adapter);
    const trueJobs = sandbox.state.jobs().filter((job) => job.libraryId !== null);
    expect(listed.map((job) => job.vendorId).sort()).toEqual(trueJobs.map((job) => job.jobId).sort());
    for (const job of listed) {
      const trueJob = sandbox.state.job(job.vendorId);
      expect(job).toMatchObject({ vendorStatus: trueJob?.status, type: trueJob?.type, owner: trueJob?.requestor });
      expect(job.createdAt?.getTime()).toBe(trueJob?.startedAtMs);
    }
    const running = listed.find((job) => job.status === 'RUNNING')?.vendorId ?? '';
    expect(await cancel(adapter, running)).toMatchObject({ kind: 'accepted' });
    sandbox.clock.advance(5_000);
    expect(await readJob(adapter, running)).toMatchObject({ status: 'CANCELLED' });
    const ended = listed.find((job) => job.status === 'SUCCEEDED')?.vendorId ?? '';
    expect(['accepted', 'rejected']).toContain((await cancel(adapter, ended)).kind);
    expect(await readJob(adapter, ended)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await cancel(adapter, 'NoSuchJob')).toEqual({ kind: 'notFound' });
    expect(await adapter.checkHealth(createCall())).toBeNull();
  });

  test.each([{ cancelAnswer: 'ignored' }, { cancelAnswer: 'ignored', terminalCancel: 'idempotent' }] as const)(
    '%o: an accepted cancel that does nothing is not shown as done',
    async (switches) => {
      const { sandbox, adapter } = await start({ switches });
      const id = sandbox.state.addJob();
      expect(await cancel(adapter, id)).toMatchObject({ kind: 'accepted', job: { status: 'RUNNING' } });
    },
  );

  test.each([
    ['html429', 'notSent', 'RATE_LIMITED'],
    // A 503 may come from behind the work; the others come instead of it.
    ['html503', 'inconclusive', 'SYSTEM_UNAVAILABLE'],
    ['unsupportedProtocol', 'notSent', 'RATE_LIMITED'],
  ] as const)('a cancel beyond the quota, answered by %s, is %s', async (quotaAnswer, kind, code) => {
    const { sandbox, adapter } = await start({ switches: { requestsPerSecond: 1, quotaAnswer } });
    const [first, second] = [sandbox.state.addJob(), sandbox.state.addJob()];
    expect(await cancel(adapter, first)).toMatchObject({ kind: 'accepted' });
    expect(await cancel(adapter, second)).toMatchObject({ kind, problem: { code, retryable: true } });
    expect(sandbox.state.job(second)?.status).toBe('IN_PROGRESS');
  });
});

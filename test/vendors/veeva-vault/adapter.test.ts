import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { veevaVault } from '../../../src/vendors/veeva-vault/index.ts';
import type { VaultSwitches } from '../../../src/vendors/veeva-vault/sandbox/index.ts';
import { fieldsOf } from '../fields-of.ts';
import {
  act,
  call,
  connect,
  everything,
  firstPage,
  kinds,
  list,
  listIds,
  nowMs,
  read,
  readResult,
  readSteps,
  settings,
  start,
  startServer,
} from './setup.ts';

describe('listing', () => {
  it('gives every job once, as the lists show it, without reading any by id', async () => {
    const { sandbox, adapter } = await start();
    const { addJob } = sandbox.state;
    addJob({ title: 'Binder Export', status: 'RUNNING', createdBy: 20_417, createdAtMs: nowMs - 60_000, startedAtMs: nowMs - 30_000 });
    addJob({ title: 'Create EDL', status: 'ERRORS_ENCOUNTERED', createdAtMs: nowMs - 90_000, endedAtMs: nowMs - 5_000 });
    const [running, failed] = await list(adapter);
    expect(running).toMatchObject({ name: 'Binder Export', status: 'RUNNING', owner: '20417', startedAt: new Date(nowMs - 30_000) });
    expect(failed).toMatchObject({
      name: 'Create EDL',
      status: 'FAILED',
      finishedAt: new Date(nowMs - 5_000),
      createdAt: new Date(nowMs - 90_000),
    });
    expect(sandbox.requests.all().map(({ target }) => target)).toEqual([
      '/api/v26.1/auth',
      '/api/v26.1/services/jobs/monitors?limit=200',
      '/api/v26.1/services/jobs/histories?limit=200',
    ]);
  });

  it('sees a job that ends between the two lists in both, and as ended last', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ status: 'RUNNING', frozen: true });
    sandbox.state.beforeNext('/histories', () => sandbox.state.changeJob(id, { status: 'SUCCESS' }));
    expect((await list(adapter)).map(({ status }) => status)).toEqual(['RUNNING', 'SUCCEEDED']);
  });

  it('is exact and has a count if one list and its filter match the query', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.addJobs(3, { status: 'SUCCESS' });
    sandbox.state.addJob({ status: 'TIMEOUT' });
    const succeeded = { statuses: new Set(['SUCCEEDED'] as const) };
    expect(adapter.listJobs({ ...everything, ...succeeded })).toMatchObject([{ name: 'jobs', order: { by: 'FIXED' }, exact: true }]);
    expect(await firstPage(adapter, succeeded)).toMatchObject({ ok: true, value: { total: 3, limit: 50, firstRow: 0, nextPart: null } });
    expect(adapter.listJobs(everything)).toMatchObject([{ exact: true }]);
    for (const query of [
      { statuses: new Set(['FAILED'] as const) },
      { owners: ['1'] },
      { text: 'x' },
      { types: ['sdk_job'] },
      { createdFrom: new Date(nowMs) },
    ]) {
      expect(adapter.listJobs({ ...everything, ...query })).toMatchObject([{ exact: false }]);
    }
  });

  it('sends a status to each list separately', async () => {
    const { sandbox, adapter } = await start();
    const wanted = [sandbox.state.addJob({ status: 'RUNNING' }), sandbox.state.addJob({ status: 'CANCELLED' })];
    sandbox.state.addJobs(2, { status: 'SCHEDULED' });
    sandbox.state.addJobs(2, { status: 'SUCCESS' });
    expect(await listIds(adapter, { statuses: new Set(['RUNNING', 'CANCELLED']) })).toEqual(wanted);
  });

  it('sends nothing for a status that Vault does not have', async () => {
    const { adapter } = await start();
    expect(adapter.listJobs({ ...everything, statuses: new Set(['PAUSED']) })).toEqual([]);
  });

  it('searches both lists for jobs of an unknown status', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ status: 'PONDERING' });
    expect(await listIds(adapter, { statuses: new Set(['UNKNOWN']) })).toEqual([id]);
    expect(sandbox.requests.count('GET', 'histories')).toBe(1);
  });

  it('leaves out bounds that no date of Vault’s can be compared with', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect(await listIds(adapter, { createdFrom: new Date(-8e15), createdTo: new Date(8e15) })).toEqual([id]);
    expect(sandbox.requests.count('GET', '_date')).toBe(0);
  });

  it('reads the first part for a part of an old cursor', async () => {
    const { sandbox, adapter } = await start();
    const [source] = adapter.listJobs(everything);
    for (const part of ['nonsense', 'histories:x:y:z', '/api/v26.1/auth', 'histories?limit=1']) {
      sandbox.requests.clear();
      expect(await source?.readPage({ part, row: 0 }, 50, call)).toMatchObject({ ok: true });
      expect(sandbox.requests.all().at(-1)?.target).toBe('/api/v26.1/services/jobs/monitors?limit=50');
    }
  });

  it('names an odd row and keeps the others', async () => {
    const rows = [
      { job_id: 1, status: 'RUNNING' },
      { job_id: 2, status: null },
      { job_id: null, status: 'RUNNING' },
    ];
    const server = await startServer(() => ({
      responseStatus: 'SUCCESS',
      responseDetails: { total: 3, limit: 200, offset: 0 },
      jobs: rows,
    }));
    const page = await firstPage(connect(server.url, settings));
    expect(page?.ok && page.value.rows.map(fieldsOf)).toMatchObject([
      { vendorId: '1' },
      { job: { vendorId: '2', status: 'UNKNOWN' }, problem: { message: expect.stringContaining('status of job 2 is null') } },
      { job: null, problem: { message: expect.stringContaining('job_id of a row is null') } },
    ]);
  });
});

describe('reading by id', () => {
  it('returns the job without a name, and reports a missing one', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ status: 'SUCCESS', taskIds: ['FetchBatches'] });
    const job = await read(adapter, id);
    expect(job).toMatchObject({ vendorId: String(id), name: null, status: 'SUCCEEDED', vendorStatus: 'SUCCESS' });
    expect(job.raw()).toMatchObject({ id, status: 'SUCCESS', method: 'POST', links: expect.any(Array), progress: expect.any(Array) });
    expect(await readResult(adapter, id + 1000)).toEqual({ kind: 'notFound' });
  });

  it.each(['', '0', '007', '-1', '1.5', '1e3', ' 7', '７', '12345678901234567890', 'abc', '7/tasks'])('rejects %j as an ID', async (id) => {
    const { adapter } = await start();
    expect(adapter.checkVendorId(id)).toContain('positive integer');
    expect(adapter.checkVendorId('9223372036854775807')).toBeNull();
  });
});

describe('acting', () => {
  it('cancels 500 jobs with one request, and declares that as the most', async () => {
    const { sandbox, adapter } = await start();
    const ids = sandbox.state.addJobs(500);
    const answers = await act(adapter, 'CANCEL', ...ids);
    expect(answers.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(ids.every((id) => sandbox.state.job(id)?.status === 'CANCELLING')).toBe(true);
    expect(sandbox.requests.count('POST', '/actions/cancel')).toBe(1);
    expect(adapter.actions.CANCEL).toMatchObject({ support: 'NATIVE_BATCH', maxBatchSize: 500, requestSize: 500 });
  });

  it('starts a scheduled job, and is rejected for others', async () => {
    const { sandbox, adapter } = await start();
    const scheduled = sandbox.state.addJob({ status: 'SCHEDULED' });
    const running = sandbox.state.addJob({ status: 'RUNNING' });
    expect(await act(adapter, 'START', scheduled)).toEqual([{ kind: 'accepted', job: null }]);
    expect(sandbox.state.job(scheduled)?.status).toBe('QUEUEING');
    expect(await act(adapter, 'START', running)).toMatchObject([{ kind: 'rejected', vendorCode: 'INVALID_DATA' }]);
    expect(await act(adapter, 'START', 99)).toMatchObject([{ kind: 'rejected', vendorCode: 'INVALID_DATA' }]);
  });

  it('starts a job a second time without using up another run', async () => {
    for (const repeatedStart of ['rejected', 'accepted'] as const) {
      const { sandbox, adapter } = await start({ repeatedStart });
      const id = sandbox.state.addJob({ status: 'SCHEDULED', frozen: true, repeatEveryMs: 86_400_000 });
      await act(adapter, 'START', id);
      expect(kinds(await act(adapter, 'START', id))).toEqual([repeatedStart === 'rejected' ? 'rejected' : 'accepted']);
      expect(sandbox.state.unfinished()).toHaveLength(1);
    }
  });

  it('has no pause, resume or restart, and no cancel before v25.3', async () => {
    const { sandbox, adapter } = await start();
    for (const action of ['PAUSE', 'RESUME', 'RESTART'] as const) expect(adapter.actions[action].support).toBe('UNSUPPORTED');
    for (const [version, support] of Object.entries({ 'v24.3': 'UNSUPPORTED', 'v25.2': 'UNSUPPORTED', 'v25.3': 'NATIVE_BATCH' })) {
      const other = connect(sandbox.url, { ...sandbox.settings, version });
      expect(other.actions.CANCEL.support).toBe(support);
      expect(await other.checkHealth(call)).toBeNull();
    }
  });
});

describe('steps', () => {
  it('are the tasks of an SDK job, over all pages', async () => {
    const { sandbox, adapter } = await start();
    const taskIds = Array.from({ length: 401 }, (_, index) => `Batch-${index + 1}`);
    const id = sandbox.state.addJob({ status: 'SUCCESS', taskIds });
    const steps = await readSteps(adapter, await read(adapter, id));
    expect(steps?.ok && steps.value?.map((step) => step.id)).toEqual(taskIds);
    expect(steps).toMatchObject({
      ok: true,
      value: expect.arrayContaining([expect.objectContaining({ status: 'SUCCEEDED', name: 'Batch-7' })]),
    });
  });

  it('are none for other jobs', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    expect(await readSteps(adapter, await read(adapter, id))).toEqual({ ok: true, value: null });
  });

  it('end in a problem where the job is gone or the pages go in a circle', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob();
    const job = await read(adapter, id);
    sandbox.state.removeJob(id);
    expect(await readSteps(adapter, job)).toMatchObject({ ok: false, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    const path = `/api/v26.1/services/jobs/${id}/tasks?limit=200`;
    const circle = await startServer(() => ({ responseStatus: 'SUCCESS', responseDetails: { next_page: path }, tasks: [{ id: 1 }] }));
    expect(await readSteps(connect(circle.url, settings), job)).toMatchObject({ ok: false, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
    expect(circle.bodies).toHaveLength(50);
  });
});

describe('the settings', () => {
  const schema = veevaVault.settings(z.string().min(1));

  it('are version, reads, timeZone, username and password, and nothing else', () => {
    const defaults = { version: 'v26.1', reads: 'auto', timeZone: 'UTC' };
    expect(schema.parse({ username: 'u', password: 'p' })).toEqual({ ...defaults, username: 'u', password: 'p' });
    for (const right of [{ reads: 'rest' }, { reads: 'vql' }, { timeZone: 'America/New_York' }]) {
      expect(schema.parse({ username: 'u', password: 'p', ...right })).toMatchObject(right);
    }
    expect(veevaVault.settings(z.string(), 'passthrough').parse({})).toEqual(defaults);
    for (const wrong of [
      { version: '26.1' },
      { version: 'v26.4' },
      { version: 'v2026.1' },
      { username: '' },
      { password: '' },
      { token: 't' },
      { reads: 'REST' },
      { timeZone: 'Eastern' },
      { timeZone: '' },
    ]) {
      expect(schema.safeParse({ username: 'u', password: 'p', ...wrong }).success).toBe(false);
    }
  });
});

/** Every position of every switch that is not the default one. */
const positions: Partial<VaultSwitches>[] = [
  { burstLimit: 30, throttleDelayMs: 5 },
  { loginLimit: 1 },
  { statusReadLimit: 'per_job_and_session' },
  { rejectedReadExtends: true },
  { limitExceededStatus: 429 },
  { invalidSessionStatus: 401 },
  { methodNotSupportedStatus: 405 },
  { requireClientId: true },
  { warnings: true },
  { cancelBeforeV25R3: 'MALFORMED_URL' },
  { cancelBeforeV25R3: 'accept' },
  { cancelErrors: 'array' },
  { allCancelsRejected: 'FAILURE' },
  { cancelRunning: 'always' },
  { cancelRunning: 'never' },
  { unknownJobType: 'INSUFFICIENT_ACCESS' },
  { nonNumericIdType: 'MALFORMED_URL' },
  { notScheduledType: 'OPERATION_NOT_ALLOWED' },
  { limitOutOfRange: 'clamp' },
  { historiesDateField: 'run_start_date' },
  { historiesDateField: 'created_date' },
  { dateBoundsInclusive: false },
  { dateForms: 'iso' },
  { statusFilterCase: 'lower_only' },
  { queuedFilterListsQueueing: true },
  { historiesOrder: 'run_end_date' },
  { monitorsOrder: 'newest_first' },
  { pageLinks: 'url' },
  { taskStatusKey: 'status' },
  { scheduledTimesOffsetMinutes: -12 * 60 },
  { scheduledTimesOffsetMinutes: 14 * 60 },
];

describe.each([{}, ...positions])('with the sandbox’s switches at %j', (switches: Partial<VaultSwitches>) => {
  const unknownIsDenied = switches.unknownJobType === 'INSUFFICIENT_ACCESS';

  it('lists, filters and pages without losing a row', async () => {
    const { sandbox, adapter } = await start(switches);
    const dayMs = 24 * 3_600_000;
    const old = sandbox.state.addJobs(210, { frozen: true, createdAtMs: nowMs - 9 * dayMs, repeatEveryMs: dayMs });
    const recent = sandbox.state.addJobs(210, { status: 'SUCCESS', createdAtMs: nowMs - dayMs, endedAtMs: nowMs, repeatEveryMs: dayMs });
    const queueing = sandbox.state.addJob({ status: 'QUEUEING', frozen: true, createdAtMs: nowMs - dayMs });
    expect(await listIds(adapter)).toEqual([...old, ...recent, queueing]);
    expect(await listIds(adapter, { statuses: new Set(['SUCCEEDED']) })).toEqual(recent);
    expect(await listIds(adapter, { statuses: new Set(['QUEUED']) })).toContain(queueing);
    const created = (await list(adapter)).find(({ vendorId }) => vendorId === String(recent[0]))?.createdAt ?? null;
    expect(await listIds(adapter, { createdFrom: created, createdTo: created })).toEqual(expect.arrayContaining(recent));
  });

  it('reads by ID, reports missing jobs, and has steps and health', async () => {
    const { sandbox, adapter } = await start(switches);
    const id = sandbox.state.addJob({ status: 'SUCCESS', taskIds: ['FetchBatches', 'UpsertBatches'] });
    const job = await read(adapter, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED' });
    expect(await readResult(adapter, id)).toMatchObject({ kind: 'problem', problem: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } });
    expect(await readResult(adapter, 99)).toMatchObject(
      unknownIsDenied ? { kind: 'problem', problem: { code: 'ACCESS_DENIED' } } : { kind: 'notFound' },
    );
    expect(await readSteps(adapter, job)).toMatchObject({ ok: true, value: [{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }] });
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it('cancels and starts, and returns the outcome of each job', async () => {
    const { sandbox, adapter } = await start(switches);
    const { addJob } = sandbox.state;
    const queued = addJob({ frozen: true });
    const running = addJob({ status: 'RUNNING', cancellableWhileRunning: true, frozen: true });
    const ended = addJob({ status: 'SUCCESS' });
    const answers = await act(adapter, 'CANCEL', queued, ended, running);
    expect(kinds(answers)).toEqual(['accepted', 'rejected', switches.cancelRunning === 'never' ? 'rejected' : 'accepted']);
    expect(await act(adapter, 'CANCEL', ended, 99)).toMatchObject([
      { kind: 'rejected', problem: { code: 'VENDOR_REJECTED' } },
      { kind: 'rejected', problem: { code: unknownIsDenied ? 'ACCESS_DENIED' : 'VENDOR_REJECTED' } },
    ]);
    const scheduled = addJob({ status: 'SCHEDULED' });
    expect(kinds([...(await act(adapter, 'START', scheduled)), ...(await act(adapter, 'START', ended))])).toEqual(['accepted', 'rejected']);
  });

  it('logs in again after its session has ended', async () => {
    const { sandbox, adapter } = await start(switches);
    expect(await adapter.checkHealth(call)).toBeNull();
    sandbox.state.sessions.endAll();
    sandbox.clock.advance(60_000);
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(sandbox.requests.count('POST', '/auth')).toBe(2);
  });
});

describe('switches that change what can be done', () => {
  it('a response to a cancel that names another job is not a success', async () => {
    const { sandbox, adapter } = await start({ cancelAnswersOtherId: true });
    const id = sandbox.state.addJob();
    expect(await act(adapter, 'CANCEL', id)).toMatchObject([
      { kind: 'inconclusive', problem: { message: `vault returned job ${id + 1} instead of job ${id}.` } },
    ]);
  });

  it('in Configuration Mode nothing is changed, and the way is to wait', async () => {
    const { sandbox, adapter } = await start({ configurationMode: true });
    const id = sandbox.state.addJob();
    expect(await adapter.checkHealth(call)).toMatchObject({
      code: 'SYSTEM_UNAVAILABLE',
      message: expect.stringContaining('Configuration Mode'),
    });
    expect(await act(adapter, 'CANCEL', id)).toMatchObject([{ kind: 'notSent', problem: { code: 'SYSTEM_UNAVAILABLE', retryable: true } }]);
    expect(sandbox.state.job(id)?.status).toBe('QUEUED');
  });

  it('reports the expected downtime, and does not retry', async () => {
    const { sandbox, adapter } = await start();
    expect(await adapter.checkHealth(call)).toBeNull();
    sandbox.switches.downtimeMinutes = 45;
    sandbox.requests.clear();
    const problem = { code: 'SYSTEM_UNAVAILABLE', retryAfterSeconds: 2700, message: expect.stringContaining('45 minutes') };
    expect(await adapter.checkHealth(call)).toMatchObject(problem);
    expect(sandbox.requests.all()).toHaveLength(1);
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'inconclusive', problem }]);
  });

  it('reports an API version without the endpoint', async () => {
    const { sandbox, adapter } = await start();
    for (const type of ['METHOD_NOT_SUPPORTED', 'MALFORMED_URL']) {
      sandbox.state.rejectNext({ type, path: '/actions/cancel', httpStatus: 404 });
      expect(await act(adapter, 'CANCEL', 7, 8)).toMatchObject([
        { kind: 'notSent', problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringContaining('version') } },
        { kind: 'notSent' },
      ]);
    }
  });
});

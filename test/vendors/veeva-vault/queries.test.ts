import { describe, expect, it } from 'vitest';
import { type ReadResult, toListedJob } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import type { Job } from '../../../src/jobs/job.ts';
import type { JobRead } from '../../../src/reading/job-read.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import type { VaultSwitches } from '../../../src/vendors/veeva-vault/sandbox/index.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { act, call, connect, nowMs, readSteps, settings, start, startServer, type VaultSandbox } from './setup.ts';

const secondMs = 1_000;

/** A Vault that is read by queries, as far as it accepts them, and the reader of the core in front of it. */
async function startQueried(switches: Partial<VaultSwitches> = {}, reads: 'auto' | 'vql' = 'auto') {
  const { sandbox, adapter } = await start(switches, {}, { reads });
  expect(await adapter.checkHealth(call)).toBeNull();
  sandbox.requests.clear();
  return { sandbox, adapter, reader: readerOf(adapter) };
}

function readerOf(adapter: ReadableAdapter) {
  return createJobReader({ systemId: 'vault', adapter, concurrency: 4, scanLimit: 10_000, nowMs: () => nowMs });
}

async function readAll(adapter: ReadableAdapter, ids: readonly number[]): Promise<JobRead[]> {
  return readerOf(adapter).read(ids.map(String), call);
}

function jobOf(read: JobRead | ReadResult | undefined): Job {
  if (read?.kind !== 'job') throw new Error(`No job: ${JSON.stringify(read)}`);
  return createJob('vault', read.job, new Date(nowMs));
}

const statusReads = ({ requests }: VaultSandbox) => requests.all().filter(({ target }) => /\/jobs\/\d+$/.test(target)).length;
const queries = ({ requests }: VaultSandbox) => requests.count('POST', '/query');

describe('jobs that are read by id', () => {
  it('need one query for unfinished jobs, and a second one for ended jobs', async () => {
    const { sandbox, adapter } = await startQueried();
    const active = sandbox.state.addJobs(40, { frozen: true });
    const ended = sandbox.state.addJobs(40, { status: 'SUCCESS' });
    expect((await readAll(adapter, active)).map((read) => jobOf(read).status)).toEqual(active.map(() => 'QUEUED'));
    expect([queries(sandbox), sandbox.requests.count()]).toEqual([1, 1]);
    expect((await readAll(adapter, [...ended, ...active])).map((read) => read.kind)).toEqual([...ended, ...active].map(() => 'job'));
    expect([queries(sandbox), sandbox.requests.count()]).toEqual([3, 3]);
    // The second target is asked only for what the first lacks.
    expect(sandbox.requests.all().at(-1)?.body).not.toContain(String(active[0]));
  });

  it('show name, type and waiting time, which REST does not', async () => {
    const { sandbox, adapter } = await startQueried();
    const running = sandbox.state.addJob({
      title: 'Binder Export',
      status: 'RUNNING',
      createdAtMs: nowMs - 60 * secondMs,
      waitMs: 20 * secondMs,
      startedAtMs: nowMs - 30 * secondMs,
    });
    const ended = sandbox.state.addJob({
      title: 'Sync',
      taskIds: ['A'],
      status: 'TIMEOUT',
      createdAtMs: nowMs - 90 * secondMs,
      waitMs: 10 * secondMs,
      startedAtMs: nowMs - 50 * secondMs,
      endedAtMs: nowMs,
    });
    const [first, second] = await readAll(adapter, [running, ended]);
    expect(jobOf(first)).toMatchObject({
      name: 'Binder Export',
      type: 'binder_export',
      status: 'RUNNING',
      vendorStatus: 'RUNNING',
      owner: '20417',
      createdAt: null,
      startedAt: new Date(nowMs - 30 * secondMs),
      waitSeconds: 20,
      leftOut: ['createdAt'],
    });
    expect(jobOf(second)).toMatchObject({
      type: 'sdk_job',
      status: 'FAILED',
      owner: null,
      startedAt: new Date(nowMs - 50 * secondMs),
      finishedAt: new Date(nowMs),
      waitSeconds: 10,
      leftOut: ['createdAt', 'owner'],
    });
    expect(jobOf(first).raw()).toMatchObject({ job_type__sys: 'binder_export', status__sys: 'RUNNING' });
  });

  it('can be read again at once', async () => {
    const { sandbox, adapter } = await startQueried();
    const id = sandbox.state.addJob({ frozen: true });
    for (let times = 0; times < 3; times += 1)
      expect((await readAll(adapter, [id]))[0]).toMatchObject({ kind: 'job', job: { stale: false } });
    expect(adapter.reads).toMatchObject({ minIntervalMs: 0, maxBatchSize: 1_000, scanFrom: null });
    expect(statusReads(sandbox)).toBe(0);
  });

  it('are not found if REST does not find them either, as queries may drop ended jobs earlier', async () => {
    const { sandbox, adapter } = await startQueried({ queryHistoryKeptMs: 60_000 });
    const old = sandbox.state.addJob({ status: 'SUCCESS', createdAtMs: nowMs - 900_000, endedAtMs: nowMs - 600_000 });
    const recent = sandbox.state.addJob({ status: 'SUCCESS' });
    expect((await readAll(adapter, [old, recent, 99])).map((read) => read.kind)).toEqual(['job', 'job', 'notFound']);
    expect(statusReads(sandbox)).toBe(2);
    expect(adapter.reads.minIntervalMs).toBe(0);
  });

  it('follow the pages of a response', async () => {
    for (const pageLinks of ['path', 'url'] as const) {
      const { sandbox, adapter } = await startQueried({ queryPageSize: 100, pageLinks });
      const ids = sandbox.state.addJobs(250, { frozen: true });
      expect((await readAll(adapter, ids)).every((read) => read.kind === 'job')).toBe(true);
      expect(sandbox.requests.all().map(({ method, target }) => `${method} ${target.replace(/\/query\/[^?]+/, '/query/ID')}`)).toEqual([
        'POST /api/v26.1/query',
        'POST /api/v26.1/query/ID?pagesize=100&pageoffset=100',
        'POST /api/v26.1/query/ID?pagesize=100&pageoffset=200',
      ]);
    }
  });

  it('are queried 1,000 at a time, in at most 50,000 characters', async () => {
    const { sandbox, adapter } = await startQueried({ queryHistoryKeptMs: 0 });
    const ids = Array.from({ length: 1_000 }, (_, index) => String(10n ** 18n + BigInt(index)));
    // The first answer is enough.
    sandbox.faults.add({ fault: { kind: 'answer', status: 500, applied: false }, path: '/query' });
    expect((await adapter.getJobs(ids, call))[999]).toMatchObject({ kind: 'problem' });
    expect(adapter.reads.maxBatchSize).toBe(1_000);
    const query = new URLSearchParams(sandbox.requests.all()[0]?.body).get('q') ?? '';
    expect(query).toContain(`'${ids[999]}'`);
    expect(query.length).toBeLessThan(50_000);
  });

  it('run at most five queries at a time', async () => {
    const { sandbox, adapter } = await start({ queryDurationMs: 30 }, { concurrency: 30 }, { reads: 'auto' });
    const ids = sandbox.state.addJobs(20, { frozen: true });
    const reads = await Promise.all(ids.map((id) => adapter.getJobs([String(id)], call)));
    expect(reads.flat().map((read) => read.kind)).toEqual(ids.map(() => 'job'));
    expect(queries(sandbox)).toBe(20);
  });

  it('that can not be queried before the deadline are not sent', async () => {
    const { sandbox, adapter } = await start({ queryDurationMs: 200 }, { concurrency: 30 }, { reads: 'auto' });
    await adapter.checkHealth(call);
    const stop = new AbortController();
    const reads = Array.from({ length: 6 }, () => adapter.getJobs(['7'], { ...call, signal: stop.signal }));
    await expect.poll(() => queries(sandbox)).toBe(5);
    stop.abort();
    expect((await Promise.all(reads))[5]).toMatchObject([{ kind: 'problem', problem: { code: 'NOT_ATTEMPTED' } }]);
    expect(queries(sandbox)).toBe(5);
  });

  it('follow no page that leads elsewhere', async () => {
    for (const link of [
      'https://elsewhere.example/api/v26.1/query/1',
      '/api/v26.1/services/jobs/actions/cancel',
      '/api/v26.1/query/../auth',
    ]) {
      const server = await startServer(() => ({ responseStatus: 'SUCCESS', responseDetails: { next_page: link }, data: [] }));
      const [read] = await connect(server.url, { ...settings, reads: 'auto' }).getJobs(['7'], call);
      expect(read).toMatchObject({ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } });
      expect(server.bodies).toHaveLength(1);
    }
  });
});

describe('a Vault that does not accept such queries is read by REST', () => {
  it.each([
    [{ queryIdFilter: 'rejected' }, 1, Number.POSITIVE_INFINITY],
    [{ queryIdFilter: 'rejected', querySyntaxErrorType: 'INCORRECT_QUERY_SYNTAX_ERROR' }, 1, Number.POSITIVE_INFINITY],
    [{ unknownQueryTargets: 'job_instance__sys' }, 1, Number.POSITIVE_INFINITY],
    [{ unknownQueryTargets: 'job_history__sys' }, 2, Number.POSITIVE_INFINITY],
    [{ queryAccess: 'denied' }, 1, 300],
  ] as [Partial<VaultSwitches>, number, number][])('%j: after %d queries, for %d s', async (switches, refused, seconds) => {
    const { sandbox, adapter } = await startQueried(switches);
    const id = sandbox.state.addJob({ status: 'SUCCESS', frozen: true });
    expect(jobOf((await readAll(adapter, [id]))[0])).toMatchObject({ status: 'SUCCEEDED', owner: '20417', createdAt: expect.any(Date) });
    expect([queries(sandbox), statusReads(sandbox)]).toEqual([refused, 1]);
    expect(adapter.reads).toMatchObject({ minIntervalMs: 10_000, maxBatchSize: 1, scanFrom: 50 });
    // Remembered: the next job costs one request.
    await readAll(adapter, [sandbox.state.addJob()]);
    expect([queries(sandbox), statusReads(sandbox)]).toEqual([refused, 2]);
    expect(Number.isFinite(seconds)).toBe(switches.queryAccess === 'denied');
  });

  it('as is one whose gateway lets no query pass', async () => {
    for (const status of [403, 404, 405]) {
      const { sandbox, adapter } = await startQueried();
      sandbox.faults.add({ fault: { kind: 'answer', status, applied: false }, path: '/query', times: 'always' });
      expect((await readAll(adapter, [sandbox.state.addJob()]))[0]).toMatchObject({ kind: 'job' });
      expect(adapter.reads.minIntervalMs).toBe(10_000);
    }
  });

  it('of 60 jobs then reads the lists first', async () => {
    const { sandbox, adapter } = await startQueried({ queryIdFilter: 'rejected' });
    const ids = sandbox.state.addJobs(60, { frozen: true });
    expect((await readAll(adapter, ids)).every((read) => read.kind === 'job')).toBe(true);
    expect([queries(sandbox), sandbox.requests.count('GET', '/monitors'), statusReads(sandbox)]).toEqual([1, 1, 0]);
  });

  it('but with reads: vql it is a problem with advice', async () => {
    const { sandbox, adapter } = await startQueried({ queryIdFilter: 'rejected' }, 'vql');
    const [read] = await readAll(adapter, [sandbox.state.addJob()]);
    expect(read).toMatchObject({ kind: 'problem', problem: { message: expect.stringContaining('reads: auto') } });
    expect(statusReads(sandbox)).toBe(0);
  });

  it('with reads: rest nothing is queried', async () => {
    const { sandbox, adapter } = await start();
    await readAll(adapter, [sandbox.state.addJob()]);
    expect(queries(sandbox)).toBe(0);
  });

  it.each(['INVALID_SESSION_ID', 'API_LIMIT_EXCEEDED', 'CONFIGURATION_MODE_ENABLED'])(
    'not for %s, which does not concern queries',
    async (type) => {
      const { sandbox, adapter } = await startQueried();
      sandbox.state.rejectNext({ type, path: '/query', times: type === 'INVALID_SESSION_ID' ? 2 : 1 });
      const [read] = await readAll(adapter, [sandbox.state.addJob()]);
      expect(read).toMatchObject({ kind: 'problem' });
      expect(adapter.reads.minIntervalMs).toBe(0);
      expect(statusReads(sandbox)).toBe(0);
    },
  );
});

describe('what the reference leaves open', () => {
  it.each(['upper', 'lower', 'suffixed', 'list'] as const)('statuses may be %s', async (queryStatusLiteral) => {
    const { sandbox, adapter } = await startQueried({ queryStatusLiteral, queryIdType: 'text' });
    const ids = [sandbox.state.addJob({ status: 'ERRORS_ENCOUNTERED' }), sandbox.state.addJob({ status: 'QUEUEING', frozen: true })];
    expect((await readAll(adapter, ids)).map((read) => jobOf(read).vendorStatus)).toEqual(['ERRORS_ENCOUNTERED', 'QUEUEING']);
    expect(statusReads(sandbox)).toBe(0);
  });

  it('words that are none of REST’s, and facts that are missing, are read by REST, and then all others are', async () => {
    for (const switches of [
      { queryStatusLiteral: 'label' },
      { queryHidesFields: 'status__sys finish_date__sys' },
      { queryHidesFields: 'id' },
    ] as const) {
      const { sandbox, adapter } = await startQueried(switches);
      const id = sandbox.state.addJob({ status: 'SUCCESS' });
      expect(jobOf((await readAll(adapter, [id]))[0])).toMatchObject({ status: 'SUCCEEDED', finishedAt: new Date(nowMs) });
      expect(statusReads(sandbox)).toBe(1);
      expect(adapter.reads.minIntervalMs).toBe(10_000);
    }
  });

  it.each(['shown', 'as_before', 'absent'] as const)('a job that Jobyard cancels is CANCELLING, be it %s', async (queryCancelling) => {
    const { sandbox, adapter } = await startQueried({ queryCancelling, cancellingMs: 60_000 });
    const id = sandbox.state.addJob({ frozen: true });
    await readAll(adapter, [id]);
    await act(adapter, 'CANCEL', id);
    expect(jobOf((await readAll(adapter, [id]))[0]).status).toBe('CANCELLING');
    sandbox.clock.advance(61_000);
    sandbox.state.changeJob(id, { status: 'CANCELLED' });
    expect(jobOf((await readAll(adapter, [id]))[0]).status).toBe('CANCELLED');
  });
});

describe('facts that a way of reading leaves out', () => {
  it('are taken from the list’s copy', async () => {
    const { sandbox, reader } = await startQueried();
    const id = sandbox.state.addJob({ status: 'SUCCESS', createdAtMs: nowMs - 5_000 });
    const [read] = await reader.read([String(id)], call);
    reader.takeFromList(
      [toListedJob({ ...jobOf(read), owner: '7', createdAt: new Date(nowMs - 5_000), type: null, leftOut: ['type', 'waitSeconds'] })],
      call,
    );
    expect(jobOf((await reader.read([String(id)], call))[0])).toMatchObject({
      owner: '7',
      createdAt: new Date(nowMs - 5_000),
      type: 'export_documents',
    });
  });

  it('are read by REST if they are selected, and then cached', async () => {
    const { sandbox, reader } = await startQueried();
    const ids = [sandbox.state.addJob({ status: 'SUCCESS', createdAtMs: nowMs - 5_000 }), sandbox.state.addJob({ frozen: true })].map(
      String,
    );
    const jobs = (await reader.read(ids, call)).map(jobOf);
    const full = await reader.readLeftOut(jobs, call);
    expect(full).toMatchObject([
      { ok: true, value: { owner: '20417', createdAt: new Date(nowMs - 5_000), type: 'export_documents' } },
      { ok: true, value: { createdAt: new Date(nowMs) } },
    ]);
    expect(statusReads(sandbox)).toBe(2);
    expect((await reader.read(ids, call)).map((read) => jobOf(read).createdAt)).toEqual([new Date(nowMs - 5_000), new Date(nowMs)]);
    expect(statusReads(sandbox)).toBe(2);
  });

  it('of 60 jobs are found in the lists', async () => {
    const { sandbox, reader } = await startQueried();
    const ids = sandbox.state.addJobs(60, { status: 'SUCCESS' }).map(String);
    const full = await reader.readLeftOut((await reader.read(ids, call)).map(jobOf), call);
    expect(full.every((outcome) => outcome.ok && outcome.value.createdAt !== null)).toBe(true);
    expect([statusReads(sandbox), sandbox.requests.count('GET')]).toEqual([0, 2]);
  });
});

describe('the steps of jobs', () => {
  it('that have ended are one query for all, with their times', async () => {
    const { sandbox, adapter } = await startQueried();
    const times = { createdAtMs: nowMs - 30_000, startedAtMs: nowMs - 20_000, endedAtMs: nowMs };
    const ids = Array.from({ length: 10 }, () => sandbox.state.addJob({ status: 'SUCCESS', taskIds: ['First', 'Second'], ...times }));
    const plain = sandbox.state.addJob({ status: 'SUCCESS' });
    const jobs = (await readAll(adapter, [...ids, plain])).map(jobOf);
    sandbox.requests.clear();
    const steps = (await adapter.getStepsOfJobs?.(jobs, call)) ?? [];
    expect(sandbox.requests.count()).toBe(1);
    expect(steps).toHaveLength(11);
    expect(steps[10]).toEqual({ ok: true, value: null });
    expect(steps[0]).toMatchObject({
      ok: true,
      value: [
        { id: 'First', status: 'SUCCEEDED', startedAt: new Date(nowMs - 20_000), finishedAt: new Date(nowMs - 10_000), waitSeconds: 0 },
        { id: 'Second', status: 'SUCCEEDED', waitSeconds: 10 },
      ],
    });
  });

  it('are read by REST while a job runs, and where queries never showed a task', async () => {
    const { sandbox, adapter } = await startQueried({ queryTasks: 'none' });
    const taskIds = ['First', 'Second'];
    const ids = [sandbox.state.addJob({ status: 'RUNNING', frozen: true, taskIds }), sandbox.state.addJob({ status: 'SUCCESS', taskIds })];
    for (const read of await readAll(adapter, ids)) {
      expect(await readSteps(adapter, jobOf(read))).toMatchObject({ ok: true, value: [{ id: 'First' }, { id: 'Second' }] });
    }
    expect(sandbox.requests.count('GET', '/tasks')).toBe(2);
  });

  it('one odd task loses only its own step', async () => {
    const tasks = [{ id: 'A', state: 'SUCCESS' }, { id: {} }, null, { id: 'B', state: 7 }];
    const server = await startServer(({ url }) =>
      url?.includes('/tasks') ? { responseStatus: 'SUCCESS', tasks } : { responseStatus: 'SUCCESS', data: { id: 7, status: 'RUNNING' } },
    );
    const adapter = connect(server.url, settings);
    const job = jobOf((await adapter.getJobs(['7'], call))[0]);
    expect(await readSteps(adapter, job)).toMatchObject({
      ok: true,
      value: [
        { id: 'A', status: 'SUCCEEDED' },
        { id: 'B', status: 'UNKNOWN' },
      ],
    });
  });
});

it.each([
  [
    { id: 7, status: null },
    { status: 'UNKNOWN', vendorStatus: null },
  ],
  [{ id: 7 }, { status: 'UNKNOWN' }],
  [
    { id: 7, status: 'RUNNING', created_by: {}, created_date: 7 },
    { status: 'RUNNING', owner: null, createdAt: null },
  ],
])('a single read of %j serves the job without the odd field', async (data, shown) => {
  const server = await startServer(() => ({ responseStatus: 'SUCCESS', data }));
  const [read] = await connect(server.url, settings).getJobs(['7'], call);
  expect(read).toMatchObject({ kind: 'job', job: shown });
});

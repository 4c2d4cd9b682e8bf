import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ActionAudit, ActionIntent } from '../../src/actions/audit.ts';
import type { JobLookup } from '../../src/job-service/job-lookups.ts';
import { createJobService, type JobServiceOptions } from '../../src/job-service/job-service.ts';
import type { ActionSupport, CallContext, ReadResult } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import type { JobStatus, JobStep } from '../../src/jobs/job.ts';
import type { Permissions } from '../../src/jobs/permissions.ts';
import { createProblem, succeed } from '../../src/jobs/problem.ts';
import {
  abortedSignal,
  cancelSupport,
  connectMemory,
  down,
  jobFields,
  type MemoryOptions,
  memoryList,
  memoryRows,
} from '../jobs/memory-adapter.ts';

const support: ActionSupport = { ...cancelSupport, support: 'NATIVE_BATCH', maxBatchSize: null, requestSize: 100, readBeforeAction: true };
const act = { dryRun: false, reason: null };

const allowAll: Permissions = {
  mayRead: () => true,
  mayReadRaw: () => true,
  mayReadLogs: () => true,
  mayAct: () => true,
  mayReadEvents: () => true,
  maySeeSystem: () => true,
};

/** A system whose jobs change state at once. */
function connect(id: string, statuses: Record<string, JobStatus>, options: MemoryOptions = {}) {
  const jobs = new Map(Object.entries(statuses));
  const calls: CallContext[] = [];
  const connected = connectMemory({
    id,
    actions: { CANCEL: support, PAUSE: { ...support, allowedStatuses: ['RUNNING'] } },
    answerRead(vendorId, call): ReadResult {
      calls.push(call);
      const status = jobs.get(vendorId);
      return status ? { kind: 'job', job: jobFields(vendorId, { status }) } : { kind: 'notFound' };
    },
    answerAction(action, targets, call) {
      calls.push(call);
      for (const { vendorId } of targets) jobs.set(vendorId, action === 'CANCEL' ? 'CANCELLED' : 'PAUSED');
      return targets.map(() => ({ kind: 'accepted', job: null }));
    },
    checkVendorId: (vendorId) => (vendorId.startsWith('0') ? 'An id of this vendor does not begin with 0.' : null),
    ...options,
  });
  return { ...connected, jobs, calls };
}

function begin(systems: JobServiceOptions['systems'], overrides: Partial<JobServiceOptions> = {}) {
  const entries: string[] = [];
  const intents: ActionIntent[] = [];
  const operation = createJobService({
    caller: 'test',
    systems,
    permissions: allowAll,
    audit: {
      recordIntent(intent) {
        intents.push(intent);
        entries.push(`intend ${intent.action} ${intent.jobIds}`);
      },
      recordSent: (_batchId, jobIds) => entries.push(`send ${jobIds}`),
      recordOutcomes: (_batchId, settled) => entries.push(`settle ${settled.map(({ jobId }) => jobId)}`),
      recordDenial: () => {},
    },
    readSignal: new AbortController().signal,
    actSignal: new AbortController().signal,
    ...overrides,
  });
  return { ...operation, entries, intents };
}

const describeLookup = (lookup: JobLookup): string =>
  lookup.kind === 'job' ? `${lookup.job.id} ${lookup.job.status}` : `${lookup.kind} ${lookup.problem.code}`;

describe('reads', () => {
  test('of one tick go to each system in one request, each id once, and come back in order', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'FAILED' });
    const b = connect('b', { '1': 'QUEUED' });
    const { loadJob } = begin([a.system, b.system]);
    const lookups = await Promise.all(['a:2', 'b:1', 'a:1', 'a:2', 'a:9', 'a:1'].map(loadJob));
    expect(lookups.map(describeLookup)).toEqual([
      'a:2 FAILED',
      'b:1 QUEUED',
      'a:1 RUNNING',
      'a:2 FAILED',
      'notFound JOB_NOT_FOUND',
      'a:1 RUNNING',
    ]);
    expect([a.reads, b.reads]).toEqual([[['2', '1', '9']], [['1']]]);
  });

  test('are made once per operation', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    await operation.loadJob('a:1');
    await operation.loadReference({ systemId: 'a', vendorId: '1' });
    expect(a.reads).toHaveLength(1);
    await begin([a.system]).loadJob('a:1');
    expect(a.reads).toHaveLength(2);
  });

  test.each([
    ['nonsense', 'notFound INVALID_ID', '"nonsense" is not a job ID: expected systemId:vendorId.'],
    ['c:1', 'notFound SYSTEM_NOT_FOUND', 'System "c" not found, or access denied.'],
    ['a:007', 'notFound INVALID_ID', 'An id of this vendor does not begin with 0.'],
  ])('of %s send no vendor request', async (id, expected, message) => {
    const a = connect('a', {});
    const lookup = await begin([a.system]).loadJob(id);
    expect(describeLookup(lookup)).toBe(expected);
    expect(lookup).toMatchObject({ problem: { message } });
    expect(a.reads).toEqual([]);
  });

  test('that fail cost only the jobs of their own system', async () => {
    const a = connect('a', {}, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const b = connect('b', { '1': 'RUNNING' });
    const { loadJob } = begin([a.system, b.system]);
    const [failed, read] = await Promise.all([loadJob('a:1'), loadJob('b:1')]);
    expect(failed).toEqual({ kind: 'problem', problem: down, system: a.system });
    expect(describeLookup(read)).toBe('b:1 RUNNING');
  });

  test("of a reference return a placeholder if the job couldn't be read", async () => {
    const a = connect('a', {}, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const job = await begin([a.system]).loadReference({ systemId: 'a', vendorId: 'x:1' });
    expect(job).toMatchObject({ id: 'a:x:1', status: 'UNKNOWN', problem: down, stale: false });
  });

  test('carry the signal of reads and the credential for their own system', async () => {
    const [a, b] = [connect('a', { '1': 'RUNNING' }), connect('b', { '1': 'RUNNING' })];
    const readSignal = new AbortController().signal;
    const { loadJob } = begin([a.system, b.system], { readSignal, credentialFor: (systemId) => (systemId === 'a' ? 'mine' : null) });
    await Promise.all([loadJob('a:1'), loadJob('b:1')]);
    expect(a.calls).toMatchObject([{ credential: 'mine', signal: readSignal }]);
    expect(b.calls).toMatchObject([{ credential: null, signal: readSignal }]);
  });
});

describe('actions', () => {
  test('carry to the vendor who requests them, and why', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING' });
    await begin([a.system], { caller: 'anonymous 7f3a', requestedBy: 'anonymous' }).performAction('CANCEL', ['a:1'], {
      ...act,
      reason: 'wrong table',
    });
    await begin([a.system], { caller: 'key:ops' }).performAction('CANCEL', ['a:2'], act);
    const sent = a.calls.filter((call) => call.requestedBy !== undefined);
    expect(sent).toContainEqual(expect.objectContaining({ requestedBy: 'anonymous', reason: 'wrong table' }));
    expect(sent).toContainEqual(expect.objectContaining({ requestedBy: 'key:ops', reason: null }));
  });

  test('give one result per position, and send each job once', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'SUCCEEDED' });
    const b = connect('b', { '1': 'RUNNING' });
    const ids = ['a:1', 'nonsense', 'b:1', 'a:2', 'a:1', 'a:007', 'c:1', 'b:1'];
    const results = await begin([a.system, b.system]).performAction('CANCEL', ids, act);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      'CONFIRMED',
      'JOB_NOT_FOUND',
      'CONFIRMED',
      'ACTION_NOT_ALLOWED',
      'CONFIRMED',
      'JOB_NOT_FOUND',
      'JOB_NOT_FOUND',
      'CONFIRMED',
    ]);
    expect([a.sent, b.sent]).toEqual([[['1']], [['1']]]);
  });

  test('keep the copies that were read after them, and none that were read before', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 RUNNING');
    await operation.performAction('CANCEL', ['a:1'], act);
    const readsBefore = a.reads.length;
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 CANCELLED');
    expect(a.reads).toHaveLength(readsBefore);
  });

  test('are never cached: each is performed', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    await operation.performAction('CANCEL', ['a:1'], act);
    a.jobs.set('1', 'RUNNING');
    await operation.performAction('CANCEL', ['a:1'], act);
    expect(a.sent).toEqual([['1'], ['1']]);
  });

  test('of the same kind in one tick go together, others never', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING', '3': 'RUNNING', '4': 'RUNNING' });
    const operation = begin([a.system]);
    const [, , paused, checked] = await Promise.all([
      operation.performAction('CANCEL', ['a:1'], act),
      operation.performAction('CANCEL', ['a:2', 'a:1'], act),
      operation.performAction('PAUSE', ['a:3'], act),
      operation.performAction('CANCEL', ['a:4'], { ...act, dryRun: true }),
    ]);
    expect(paused).toMatchObject([{ outcome: 'CONFIRMED', job: { status: 'PAUSED' } }]);
    expect(checked).toMatchObject([{ outcome: 'DRY_RUN_PASSED' }]);
    expect(a.sent.toSorted()).toEqual([['1', '2'], ['3']]);
    expect(Object.fromEntries(a.jobs)).toEqual({ '1': 'CANCELLED', '2': 'CANCELLED', '3': 'PAUSED', '4': 'RUNNING' });
  });

  test('have their own signal: a caller that disconnects stops none', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const [result] = await begin([a.system], { readSignal: abortedSignal() }).performAction('CANCEL', ['a:1'], act);
    expect(result).toMatchObject({ outcome: 'CONFIRMED' });
    a.jobs.set('1', 'RUNNING');
    const [late] = await begin([a.system], { actSignal: abortedSignal() }).performAction('CANCEL', ['a:1'], act);
    expect(late?.outcome).toBe('NOT_ATTEMPTED');
    expect(a.sent).toHaveLength(1);
  });

  test('are recorded before, while, and after they are performed', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'SUCCEEDED' });
    const { performAction: perform, entries, intents } = begin([a.system]);
    await perform('CANCEL', ['a:1', 'a:2', 'a:1'], { dryRun: false, reason: 'runaway' });
    expect(entries).toEqual(['intend CANCEL a:1,a:2', 'send a:1', 'settle a:1,a:2']);
    expect(intents).toMatchObject([{ systemId: 'a', reason: 'runaway', dryRun: false }]);
  });

  test('have the time of the last request that named the job', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    const times = new Map<string, number | undefined>();
    const a = connect(
      'a',
      { '1': 'RUNNING', '2': 'SUCCEEDED', '3': 'RUNNING', '4': 'RUNNING' },
      {
        concurrency: 1,
        actions: { CANCEL: { ...support, requestSize: 2 } },
        answerAction(_action, targets) {
          vi.setSystemTime(Date.now() + 1_000);
          // Rejected as a batch because of one of two: both are sent once more, each alone.
          if (targets.length > 1)
            return targets.map(() => ({ kind: 'batchRejected', problem: createProblem('VENDOR_REJECTED', 'No.'), vendorCode: null }));
          return targets.map(() => ({ kind: 'accepted', job: null }));
        },
      },
    );
    const audit: ActionAudit = {
      recordIntent: () => {},
      recordSent: () => {},
      recordOutcomes(_batchId, settled) {
        for (const { jobId, sentAt } of settled) times.set(jobId, sentAt?.getTime());
      },
      recordDenial: () => {},
    };
    await begin([a.system], { audit }).performAction('CANCEL', ['a:1', 'a:2', 'a:3', 'a:4'], act);
    expect(a.sent).toEqual([['1', '3'], ['4'], ['1'], ['3']]);
    expect([...times]).toEqual([
      ['a:1', 2_000],
      ['a:2', undefined],
      ['a:3', 3_000],
      ['a:4', 1_000],
    ]);
  });

  test("that can't be recorded are performed on no system", async () => {
    const [a, b] = [connect('a', { '1': 'RUNNING' }), connect('b', { '1': 'RUNNING' })];
    const audit = {
      recordIntent({ systemId }: ActionIntent) {
        if (systemId === 'b') throw new Error('The disk is full');
      },
      recordSent: () => {},
      recordOutcomes: () => {},
      recordDenial: () => {},
    };
    await expect(begin([a.system, b.system], { audit }).performAction('CANCEL', ['a:1', 'b:1'], act)).rejects.toThrow('The disk is full');
    expect([a.sent, b.sent]).toEqual([[], []]);
  });
});

describe('permissions', () => {
  const only = (overrides: Partial<Permissions>): Partial<JobServiceOptions> => ({
    permissions: {
      mayRead: () => false,
      mayReadRaw: () => false,
      mayReadLogs: () => false,
      mayAct: () => false,
      mayReadEvents: () => false,
      maySeeSystem: () => false,
      ...overrides,
    },
  });

  test('to nothing hide the system', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system], only({}));
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('notFound SYSTEM_NOT_FOUND');
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([
      { outcome: 'JOB_NOT_FOUND', problem: { code: 'SYSTEM_NOT_FOUND' } },
    ]);
    expect([operation.readableSystems, operation.visibleSystems]).toEqual([[], []]);
    expect([a.reads, a.sent]).toEqual([[], []]);
  });

  test('to read allow no action', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system], only({ mayRead: () => true }));
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([
      { outcome: 'ACCESS_DENIED', problem: { code: 'ACCESS_DENIED' } },
    ]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('a:1 RUNNING');
    expect(a.sent).toEqual([]);
  });

  test('to act show no status of a job in a message either', async () => {
    const a = connect(
      'a',
      { '1': 'RUNNING' },
      { answerAction: (_action, targets) => targets.map(() => ({ kind: 'accepted', job: null })) },
    );
    const unchanged = {
      outcome: 'VENDOR_REJECTED',
      job: null,
      problem: { message: "The job's status doesn't show that the action was performed." },
    };
    const mayCancel = only({ mayAct: () => true });
    expect(await begin([a.system], mayCancel).performAction('CANCEL', ['a:1'], act)).toMatchObject([unchanged]);
  });

  test('to one action allow no other, and show no job', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'RUNNING' });
    const operation = begin([a.system], only({ mayAct: (_systemId, action) => action === 'CANCEL' }));
    expect(await operation.performAction('PAUSE', ['a:2'], act)).toMatchObject([{ outcome: 'ACCESS_DENIED' }]);
    expect(await operation.performAction('CANCEL', ['a:1'], act)).toMatchObject([{ outcome: 'CONFIRMED', job: null }]);
    expect(describeLookup(await operation.loadJob('a:1'))).toBe('problem ACCESS_DENIED');
    expect(a.sent).toEqual([['1']]);
  });
});

describe('lists', () => {
  test('are of the readable systems', async () => {
    const systems = ['a', 'b'].map((id) => connectMemory({ id, lists: [memoryList({ rows: memoryRows(1) })] }).system);
    const permissions = { ...allowAll, mayRead: (systemId: string) => systemId === 'b' };
    const operation = begin(systems, { permissions });
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 5, after: null } as const;
    expect((await operation.listJobs(options))?.jobs.map(({ id }) => id)).toEqual(['b:j0']);
    expect(await operation.listJobs({ ...options, after: 'nonsense' })).toBeNull();
  });

  test('that an operation requests several times are read once, and again after an action', async () => {
    const a = connect('a', { j0: 'RUNNING' }, { lists: [memoryList({ rows: memoryRows(1) })] });
    const operation = begin([a.system]);
    const options = { filter: { systemIds: ['a'] }, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 1, after: null } as const;
    const pages = await Promise.all(Array.from({ length: 190 }, () => operation.listJobs({ ...options })));
    expect(new Set(pages.map((page) => page?.jobs[0]?.id))).toEqual(new Set(['a:j0']));
    expect(a.pages).toHaveLength(1);
    await operation.listJobs({ ...options, first: 2 });
    expect(a.pages).toHaveLength(2);
    await operation.performAction('CANCEL', ['a:j0'], act);
    await operation.listJobs(options);
    expect(a.pages).toHaveLength(3);
    await begin([a.system]).listJobs(options);
    expect(a.pages).toHaveLength(4);
  });

  test("of one caller are read a few at a time, in one or several operations; another caller's pages come in between", async () => {
    const gates: (() => void)[] = [];
    const a = connectMemory({ id: 'a', concurrency: 1, lists: [memoryList({ rows: memoryRows(1) })] });
    const { listJobs } = a.system.adapter;
    a.system.adapter.listJobs = (query) =>
      listJobs(query).map((source) => ({
        ...source,
        async readPage(at, count, call) {
          await new Promise<void>((resolve) => gates.push(resolve));
          return source.readPage(at, count, call);
        },
      }));
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, after: null } as const;
    const rounds = async () => {
      for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const anns = [begin([a.system], { caller: 'ann' }), begin([a.system], { caller: 'ann' })];
    const pages = anns.flatMap(({ listJobs: list }) => [1, 2, 3, 4, 5].map((first) => list({ ...options, first })));
    await rounds();
    expect(gates).toHaveLength(4);
    pages.push(begin([a.system], { caller: 'bob' }).listJobs({ ...options, first: 1 }));
    await rounds();
    expect(gates).toHaveLength(5);
    while (gates.length > 0) {
      gates.shift()?.();
      await rounds();
    }
    expect((await Promise.all(pages)).every((page) => page?.complete)).toBe(true);
  });

  test('that wait at the deadline end at once without a request, and their rows are on the next page', async () => {
    const a = connectMemory({ id: 'a', concurrency: 1, lists: [memoryList({ rows: memoryRows(20) })] });
    const options = { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, after: null } as const;
    const first = await begin([a.system]).listJobs({ ...options, first: 2 });
    a.pages.length = 0;
    // As many pages as may be read at a time, which do not end.
    const request = { caller: 'test', purpose: 'read', signal: new AbortController().signal } as const;
    while (a.system.pagePlaces.take(request)) {}
    const stop = new AbortController();
    const after = first?.endCursor() ?? null;
    const waiting = begin([a.system], { readSignal: stop.signal }).listJobs({ ...options, first: 2, after });
    stop.abort();
    const page = await waiting;
    expect(page).toMatchObject({ jobs: [], complete: false, systems: [{ status: 'TIMED_OUT', problem: { code: 'TIMED_OUT' } }] });
    expect(a.pages).toEqual([]);
    const next = await begin([a.system], { caller: 'bob' }).listJobs({ ...options, first: 2, after: page?.endCursor() ?? null });
    expect(next?.jobs.map(({ id }) => id)).toEqual(['a:j2', 'a:j3']);
    expect(next?.complete).toBe(true);
  });
});

describe('steps and progress', () => {
  const job = createJob('a', jobFields('1', { progress: undefined }), new Date(0));

  test('are read once for each job, and fail alone', async () => {
    const asked: string[] = [];
    const problem = createProblem('RATE_LIMITED', 'Later.');
    const a = connect(
      'a',
      {},
      {
        getSteps: async ({ vendorId }) => {
          asked.push(vendorId);
          return vendorId === '1' ? succeed([]) : { ok: false, problem };
        },
      },
    );
    const { loadSteps } = begin([a.system]);
    const other = createJob('a', jobFields('2'), new Date(0));
    expect(await Promise.all([loadSteps(job), loadSteps(other), loadSteps(job)])).toEqual([
      succeed([]),
      { ok: false, problem },
      succeed([]),
    ]);
    expect(asked).toEqual(['1', '2']);
  });

  test('are null if the vendor has none', async () => {
    const { loadSteps, loadProgress } = begin([connect('a', {}).system]);
    expect(await loadSteps(job)).toEqual(succeed(null));
    expect(await loadProgress(job)).toEqual(succeed(null));
  });

  test('are bounded, whatever the vendor returns', async () => {
    const times = { startedAt: null, finishedAt: null, durationSeconds: null, waitSeconds: null };
    const step = {
      id: '1',
      name: 'a\ud83d',
      status: 'FAILED',
      vendorStatus: null,
      ...times,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
    } as const;
    const a = connect(
      'a',
      {},
      {
        getSteps: async () => succeed([{ ...step, message: 'x'.repeat(3000) }]),
        getProgress: async () => succeed({ fraction: 2, succeededTasks: -1, failedTasks: 0, remainingTasks: 2 ** 40 }),
        getFailure: async () => succeed({ message: `${'x'.repeat(298)}😀😀`, code: 'a\ud83d', advice: 'y'.repeat(3000), step: null }),
      },
    );
    const { loadSteps, loadProgress, loadFailure } = begin([a.system]);
    expect(await loadSteps(job)).toEqual(succeed([{ ...step, name: 'a\ufffd', message: `${'x'.repeat(1999)}…` }]));
    expect(await loadProgress(job)).toEqual(succeed({ fraction: 1, succeededTasks: null, failedTasks: 0, remainingTasks: null }));
    const failure = { message: `${'x'.repeat(298)}…`, code: 'a\ufffd', advice: `${'y'.repeat(1999)}…`, step: null };
    expect(await loadFailure({ ...job, status: 'FAILED' })).toEqual(succeed(failure));
  });

  test('of a failure are one line, and are read for FAILED jobs only', async () => {
    const asked: string[] = [];
    const a = connect(
      'a',
      {},
      {
        getFailure: async ({ vendorId }) => {
          asked.push(vendorId);
          return succeed({ message: vendorId === '1' ? ` a\n\tb${'x'.repeat(400)}` : ' \n', code: 'E1', advice: null, step: null });
        },
      },
    );
    const { loadFailure } = begin([a.system]);
    expect(await loadFailure(job)).toEqual(succeed(null));
    const failed = { ...job, vendorId: '1', status: 'FAILED' } as const;
    const failure = succeed({ message: `a b${'x'.repeat(296)}…`, code: 'E1', advice: null, step: null });
    expect(await Promise.all([loadFailure(failed), loadFailure(failed)])).toEqual([failure, failure]);
    expect(await loadFailure({ ...failed, vendorId: '2' })).toEqual(succeed(null));
    expect(asked).toEqual(['1', '2']);
    expect(await begin([connect('a', {}).system]).loadFailure(failed)).toEqual(succeed(null));
  });

  test('of a failure from steps name the innermost step that explains it', async () => {
    const step = (id: string, fields: Partial<JobStep> = {}): JobStep => ({
      id,
      name: id,
      status: 'FAILED',
      vendorStatus: null,
      startedAt: null,
      finishedAt: null,
      durationSeconds: null,
      waitSeconds: null,
      message: null,
      failureCode: null,
      advice: null,
      substeps: [],
      links: [],
      ...fields,
    });
    const inner = step('2.1', { message: 'no space', failureCode: 'E2', advice: 'buy a disk' });
    const warning = step('0', { status: 'SUCCEEDED', message: 'skipped' });
    const failing = step('2', { message: 'no space', substeps: [step('2.0'), inner, warning] });
    const stepsById: Record<string, JobStep[]> = {
      '1': [step('1', { message: 'old' }), failing, step('3'), warning],
      '2': [step('1')],
      '3': [step('1'), warning],
    };
    const a = connect('a', {}, { getSteps: async ({ vendorId }) => succeed(stepsById[vendorId] ?? null), getFailure: 'fromSteps' });
    const { loadFailure } = begin([a.system]);
    const failed = { ...job, vendorId: '1', status: 'FAILED' } as const;
    expect(await loadFailure(failed)).toEqual(succeed({ message: 'no space', code: 'E2', advice: 'buy a disk', step: inner }));
    expect(await loadFailure({ ...failed, vendorId: '2' })).toEqual(succeed(null));
    expect(await loadFailure({ ...failed, vendorId: '3' })).toMatchObject(succeed({ message: 'skipped', step: warning }));
  });

  test('of a failure that the copy has send no vendor request', async () => {
    const a = connect('a', {}, { getFailure: () => Promise.reject(new Error('The copy has it')) });
    const { loadFailure } = begin([a.system]);
    const failure = { message: 'no\nspace', code: 'E2', advice: null, step: null };
    expect(await loadFailure({ ...job, status: 'FAILED', failure })).toEqual(succeed({ ...failure, message: 'no space' }));
    expect(await loadFailure({ ...job, status: 'FAILED', failure: null })).toEqual(succeed(null));
  });

  test('of known progress send no vendor request', async () => {
    const progress = { fraction: 0.5, succeededTasks: null, failedTasks: null, remainingTasks: null };
    let asked = 0;
    const a = connect(
      'a',
      {},
      {
        getProgress: async () => {
          asked += 1;
          return succeed({ ...progress, fraction: 1 });
        },
      },
    );
    const { loadProgress } = begin([a.system]);
    expect(await loadProgress({ ...job, progress })).toEqual(succeed(progress));
    expect(await loadProgress({ ...job, progress: null })).toEqual(succeed(null));
    expect(asked).toBe(0);
    expect(await loadProgress(job)).toEqual(succeed({ ...progress, fraction: 1 }));
  });
});

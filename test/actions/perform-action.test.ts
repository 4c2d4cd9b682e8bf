import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../src/actions/action-result.ts';
import { performAction } from '../../src/actions/perform-action.ts';
import type { ActionResponse, ActionSupport, ActionTarget, ReadResult } from '../../src/jobs/adapter.ts';
import type { JobStatus } from '../../src/jobs/job.ts';
import { createProblem, type Problem, type ProblemCode } from '../../src/jobs/problem.ts';
import { abortedSignal, callOf, cancelSupport, connectMemory, down, jobFields, type MemoryOptions } from '../jobs/memory-adapter.ts';

const batchSupport: ActionSupport = {
  ...cancelSupport,
  support: 'NATIVE_BATCH',
  maxBatchSize: null,
  requestSize: 100,
  readBeforeAction: true,
};
const refusal: Problem = createProblem('VENDOR_REJECTED', 'One of them can not be cancelled.');
const together: ActionResponse = { kind: 'batchRejected', problem: refusal, vendorCode: 'E1' };

/** A vendor whose jobs have only a status, and that accepts every cancel by default. */
function connect(statuses: Record<string, JobStatus>, support: ActionSupport, options: MemoryOptions = {}) {
  const jobs = new Map(Object.entries(statuses));
  const answerRead = (vendorId: string): ReadResult => {
    const status = jobs.get(vendorId);
    return status ? { kind: 'job', job: jobFields(vendorId, { status }) } : { kind: 'notFound' };
  };
  const cancel = (targets: readonly ActionTarget[]): ActionResponse[] => {
    for (const { vendorId } of targets) jobs.set(vendorId, 'CANCELLED');
    return targets.map(() => ({ kind: 'accepted', job: null }));
  };
  const connected = connectMemory({
    actions: { CANCEL: support },
    answerRead,
    answerAction: (_action, targets) => cancel(targets),
    ...options,
  });
  return { ...connected, jobs, cancel };
}

const describeAll = (results: Map<string, ActionResult>) =>
  Object.fromEntries(
    Array.from(results, ([id, result]) => [id, 'problem' in result ? `${result.outcome} ${result.problem.code}` : result.outcome]),
  );

describe('an action', () => {
  test("sends and reads nothing if the vendor doesn't support it", async () => {
    const { system, sent, reads } = connect({ a: 'RUNNING' }, batchSupport);
    const results = await performAction(system, 'PAUSE', ['a', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'ACTION_NOT_ALLOWED ACTION_NOT_SUPPORTED',
      missing: 'ACTION_NOT_ALLOWED ACTION_NOT_SUPPORTED',
    });
    expect([sent, reads]).toEqual([[], []]);
  });

  test('with readBeforeAction sends only eligible jobs, in one request, and reads them once more', async () => {
    const { system, sent, reads } = connect({ a: 'RUNNING', b: 'CANCELLED', c: 'CANCELLING', d: 'SUCCEEDED', e: 'QUEUED' }, batchSupport);
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'd', 'e', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'ALREADY_DONE',
      c: 'ACCEPTED',
      d: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      e: 'CONFIRMED',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect(sent).toEqual([['a', 'e']]);
    expect(reads).toEqual([
      ['a', 'b', 'c', 'd', 'e', 'missing'],
      ['a', 'e'],
    ]);
  });

  test('has the priority of actions for the read after it, not for the read before it', async () => {
    const { system } = connect({ a: 'RUNNING' }, batchSupport);
    const { getJobs } = system.adapter;
    if (!getJobs) throw new Error('The stub reads by id');
    const settling: boolean[] = [];
    system.adapter.getJobs = (ids, call) => {
      settling.push(call.resolvesAction ?? false);
      return getJobs(ids, call);
    };
    await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf());
    expect(settling).toEqual([false, true]);
  });

  test('sends no empty request if no job is eligible', async () => {
    const { system, sent } = connect({ a: 'CANCELLED', b: 'SUCCEEDED' }, batchSupport);
    await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    await performAction(system, 'CANCEL', [], { dryRun: false }, callOf());
    expect(sent).toEqual([]);
  });

  test('without readBeforeAction costs one request, and no read if acceptance proves the state', async () => {
    const support: ActionSupport = {
      ...batchSupport,
      readBeforeAction: false,
      acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' },
    };
    const { system, sent, reads } = connect({ a: 'RUNNING', b: 'RUNNING' }, support);
    const results = await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'ACCEPTED', b: 'ACCEPTED' });
    expect([sent, reads]).toEqual([[['a', 'b']], []]);
  });

  test('updates the cached copy with the state that acceptance proves', async () => {
    const support: ActionSupport = {
      ...batchSupport,
      readBeforeAction: false,
      acceptedState: { status: 'CANCELLING', vendorStatus: 'stopping' },
    };
    const { system, reads } = connect({ a: 'RUNNING' }, support, { reads: { minIntervalMs: 10_000 }, nowMs: () => 1_700_000_000_000 });
    await system.reader.read(['a'], callOf());
    await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf());
    expect(await system.reader.read(['a'], callOf())).toMatchObject([{ kind: 'job', job: { status: 'CANCELLING', stale: true } }]);
    expect(reads).toHaveLength(1);
  });

  test('is split into requests by size and by batch key', async () => {
    const ids = ['a1', 'b1', 'a2', 'b2', 'a3'];
    const support: ActionSupport = { ...batchSupport, requestSize: 2, batchKey: ({ vendorId }) => vendorId.slice(0, 1) };
    const { system, sent } = connect(Object.fromEntries(ids.map((id) => [id, 'RUNNING'])), support);
    const results = await performAction(system, 'CANCEL', ids, { dryRun: false }, callOf());
    expect([...results.keys()].sort()).toEqual([...ids].sort());
    expect(sent).toEqual([['a1', 'a2'], ['a3'], ['b1', 'b2']]);
  });

  test('calls onSend right before each request', async () => {
    const calls: string[] = [];
    const { system } = connect({ a: 'RUNNING', b: 'RUNNING' }, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) => {
        calls.push(`asked ${targets.map(({ vendorId }) => vendorId)}`);
        return targets.map(() => ({ kind: 'notFound' }));
      },
    });
    await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false, onSend: (ids) => calls.push(`onSend ${ids}`) }, callOf());
    expect(calls).toEqual(['onSend a', 'asked a', 'onSend b', 'asked b']);
  });
});

describe('a dry run', () => {
  test.each([true, false])('runs all checks and sends nothing (readBeforeAction %s)', async (readBeforeAction) => {
    const calls: unknown[] = [];
    const { system, sent } = connect(
      { a: 'RUNNING', b: 'CANCELLED', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: readBeforeAction },
      { refuseAction: () => null },
    );
    const options = { dryRun: true, onSend: (ids: readonly string[]) => calls.push(ids) };
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'missing'], options, callOf());
    expect(describeAll(results)).toEqual({
      a: 'DRY_RUN_PASSED',
      b: 'ALREADY_DONE',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect([sent, calls]).toEqual([[], []]);
  });

  test("reports jobs that can't be read", async () => {
    const { system } = connect({}, batchSupport, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const results = await performAction(system, 'CANCEL', ['a'], { dryRun: true }, callOf());
    expect(describeAll(results)).toEqual({ a: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE' });
  });
});

describe('a rejected batch', () => {
  /** Rejects every request that names a culprit, as Kylin does. */
  function refusing(culprits: readonly string[], statuses: Record<string, JobStatus>, support: ActionSupport, alone: ActionResponse) {
    const vendor = connect(statuses, support, {
      answerAction: (_action, targets) => {
        if (!targets.some(({ vendorId }) => culprits.includes(vendorId))) return vendor.cancel(targets);
        return targets.map(() => (targets.length > 1 ? together : alone));
      },
    });
    return vendor;
  }
  const refusedAlone: ActionResponse = { kind: 'rejected', problem: refusal, vendorCode: 'E1' };

  test('is sent once more without the jobs whose state explains the rejection', async () => {
    const { system, sent, jobs } = refusing(
      ['c'],
      { a: 'RUNNING', b: 'RUNNING', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: false },
      refusedAlone,
    );
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c', 'missing'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'CONFIRMED',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
      missing: 'JOB_NOT_FOUND JOB_NOT_FOUND',
    });
    expect(sent).toEqual([
      ['a', 'b', 'c', 'missing'],
      ['a', 'b'],
    ]);
    expect(jobs.get('c')).toBe('SUCCEEDED');
  });

  test('is sent once more, one job at a time, if no state explains the rejection', async () => {
    const { system, sent } = refusing(['b'], { a: 'RUNNING', b: 'RUNNING', c: 'RUNNING' }, batchSupport, refusedAlone);
    const results = await performAction(system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: 'VENDOR_REJECTED VENDOR_REJECTED', c: 'CONFIRMED' });
    expect(sent).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  test.each<[ProblemCode, string]>([
    ['NOT_ELIGIBLE', 'ACTION_NOT_ALLOWED NOT_ELIGIBLE'],
    ['ACCESS_DENIED', 'ACCESS_DENIED ACCESS_DENIED'],
  ])("with %s doesn't fail the other jobs", async (code, culpritResult) => {
    const problem = createProblem(code, 'One of them, no.');
    const vendor = connect({ a: 'RUNNING', b: 'RUNNING' }, batchSupport, {
      answerAction: (_action, targets) => {
        if (!targets.some(({ vendorId }) => vendorId === 'b')) return vendor.cancel(targets);
        return targets.map(() => ({ kind: targets.length > 1 ? 'batchRejected' : 'rejected', problem, vendorCode: null }));
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: culpritResult });
  });

  test('is not sent a third time', async () => {
    const vendor = connect(
      { a: 'RUNNING', b: 'RUNNING', c: 'SUCCEEDED' },
      { ...batchSupport, readBeforeAction: false },
      {
        answerAction: (_action, targets) => targets.map(() => together),
      },
    );
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b', 'c'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'VENDOR_REJECTED VENDOR_REJECTED',
      b: 'VENDOR_REJECTED VENDOR_REJECTED',
      c: 'ACTION_NOT_ALLOWED WRONG_STATUS',
    });
    expect(vendor.sent).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
    ]);
  });

  test('that was performed in part has the outcome that each job shows', async () => {
    const vendor = connect({ a: 'RUNNING', b: 'RUNNING' }, batchSupport, {
      answerAction: (_action, targets) => {
        vendor.jobs.set('a', 'CANCELLED');
        return targets.map(() => (targets.length > 1 ? together : refusedAlone));
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'CONFIRMED', b: 'VENDOR_REJECTED VENDOR_REJECTED' });
    expect(vendor.sent).toEqual([['a', 'b'], ['b']]);
  });

  test('is not sent again for a job that could not be read', async () => {
    let reads = 0;
    const { system, sent } = connect({}, batchSupport, {
      answerRead: (id) => (reads++ < 2 || id === 'b' ? { kind: 'job', job: jobFields(id) } : { kind: 'problem', problem: down }),
      answerAction: (_action, targets) => targets.map(() => (targets.length > 1 ? together : refusedAlone)),
    });
    const results = await performAction(system, 'CANCEL', ['a', 'b'], { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({ a: 'OUTCOME_UNKNOWN OUTCOME_UNKNOWN', b: 'VENDOR_REJECTED VENDOR_REJECTED' });
    expect(sent).toEqual([['a', 'b'], ['b']]);
  });
});

describe("the action isn't sent", () => {
  const ids = ['a', 'b', 'c', 'd'];
  const running = Object.fromEntries(ids.map((id): [string, JobStatus] => [id, 'RUNNING']));

  test('after the operation has ended', async () => {
    const { system, sent } = connect(running, cancelSupport);
    const results = await performAction(system, 'CANCEL', ids, { dryRun: false }, callOf({ signal: abortedSignal() }));
    expect(new Set(Object.values(describeAll(results)))).toEqual(new Set(['NOT_ATTEMPTED NOT_ATTEMPTED']));
    expect(results.get('a')).toMatchObject({
      problem: { retryable: true, message: 'Not sent to memory: the deadline passed. Retry, or raise deadlineMs.' },
    });
    expect(sent).toEqual([]);
  });

  test('after a deadline in the middle of the batches; the jobs that were sent have their true outcomes', async () => {
    const ending = new AbortController();
    const vendor = connect(running, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) => {
        if (vendor.sent.length === 2) ending.abort();
        return vendor.cancel(targets);
      },
    });
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf({ signal: ending.signal }));
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'CONFIRMED',
      c: 'NOT_ATTEMPTED NOT_ATTEMPTED',
      d: 'NOT_ATTEMPTED NOT_ATTEMPTED',
    });
    expect(vendor.sent).toEqual([['a'], ['b']]);
  });

  test('after a request that could not be sent; the other jobs give the reason', async () => {
    const limited = createProblem('RATE_LIMITED', 'Slow down.', 30);
    const vendor = connect(running, cancelSupport, {
      concurrency: 1,
      answerAction: (_action, targets) =>
        vendor.sent.length < 2 ? vendor.cancel(targets) : targets.map(() => ({ kind: 'notSent', problem: limited })),
    });
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());
    expect(describeAll(results)).toEqual({
      a: 'CONFIRMED',
      b: 'SYSTEM_UNAVAILABLE RATE_LIMITED',
      c: 'NOT_ATTEMPTED NOT_ATTEMPTED',
      d: 'NOT_ATTEMPTED NOT_ATTEMPTED',
    });
    expect(results.get('d')).toMatchObject({ problem: { retryAfterSeconds: 30, message: expect.stringContaining('Slow down.') } });
    expect(vendor.sent).toEqual([['a'], ['b']]);
  });

  test('a second time after the deadline, for the jobs of a rejected batch', async () => {
    const vendor = connect(
      running,
      { ...batchSupport, requestSize: 2 },
      {
        concurrency: 1,
        answerAction: (_action, targets) => targets.map(() => (vendor.sent.length === 1 ? together : { kind: 'notSent', problem: down })),
      },
    );
    const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());
    // Not NotAttempted: they were sent, and rejected with the batch.
    expect(describeAll(results)).toEqual({
      a: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      b: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      c: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
      d: 'SYSTEM_UNAVAILABLE SYSTEM_UNAVAILABLE',
    });
    expect(vendor.sent).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test("if the jobs couldn't be read first", async () => {
    const { system, sent } = connect(running, batchSupport, {
      answerRead: () => ({ kind: 'problem', problem: createProblem('ACCESS_DENIED', 'No.') }),
    });
    expect(describeAll(await performAction(system, 'CANCEL', ['a'], { dryRun: false }, callOf()))).toEqual({
      a: 'ACCESS_DENIED ACCESS_DENIED',
    });
    expect(sent).toEqual([]);
  });
});

describe('for any behavior of a vendor', () => {
  const kinds = ['accepted', 'lost before', 'lost after', 'refused', 'refused though done', 'together', 'absent', 'not sent'] as const;
  const supports = fc.record({
    requestSize: fc.integer({ min: 1, max: 4 }),
    readBeforeAction: fc.boolean(),
    unchangedOutcome: fc.constantFrom('ACCEPTED' as const, 'VENDOR_REJECTED' as const),
  });
  const statuses = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,2}$/),
    fc.constantFrom<JobStatus[]>('RUNNING', 'QUEUED', 'SUCCEEDED', 'CANCELLED', 'CANCELLING', 'FAILED'),
    {
      maxKeys: 8,
      noNullPrototype: true,
    },
  );
  const plans = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 8 });
  const readFailures = fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 4 });

  test('each job has one true result, and is sent once, or twice after a rejected batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        statuses,
        supports,
        plans,
        readFailures,
        fc.integer({ min: 1, max: 3 }),
        async (initial, overrides, plan, failing, concurrency) => {
          let turn = 0;
          let readCount = 0;
          let stopped = false;
          let sentAfterStop = 0;
          const innocent = new Set<string>();
          const vendor = connect(
            initial,
            { ...batchSupport, ...overrides },
            {
              concurrency,
              answerRead: (id) => {
                if (failing.includes(readCount++)) return { kind: 'problem', problem: down };
                const status = vendor.jobs.get(id);
                return status ? { kind: 'job', job: jobFields(id, { status }) } : { kind: 'notFound' };
              },
              answerAction: async (_action, targets): Promise<ActionResponse[]> => {
                if (stopped) sentAfterStop += 1;
                const kind = plan[turn++ % plan.length];
                // A vendor cancels only unfinished jobs.
                const done = () => {
                  for (const { vendorId } of targets) {
                    if (['RUNNING', 'QUEUED'].includes(vendor.jobs.get(vendorId) ?? '')) vendor.jobs.set(vendorId, 'CANCELLED');
                  }
                };
                await Promise.resolve();
                return targets.map(({ vendorId }): ActionResponse => {
                  switch (kind) {
                    case 'accepted':
                      done();
                      return { kind: 'accepted', job: null };
                    case 'lost after':
                      done();
                      return { kind: 'inconclusive', problem: down };
                    case 'lost before':
                      return { kind: 'inconclusive', problem: down };
                    case 'refused though done':
                      done();
                      return { kind: 'rejected', problem: refusal, vendorCode: null };
                    case 'together':
                      innocent.add(vendorId);
                      return targets.length > 1 ? together : { kind: 'rejected', problem: refusal, vendorCode: null };
                    case 'absent':
                      return vendor.jobs.has(vendorId) ? { kind: 'rejected', problem: refusal, vendorCode: null } : { kind: 'notFound' };
                    case 'not sent':
                      stopped = true;
                      return { kind: 'notSent', problem: down };
                    default:
                      return { kind: 'rejected', problem: refusal, vendorCode: null };
                  }
                });
              },
            },
          );
          const ids = [...Object.keys(initial), 'missing', 'missing too'];
          const results = await performAction(vendor.system, 'CANCEL', ids, { dryRun: false }, callOf());

          expect([...results.keys()].sort()).toEqual([...ids].sort());
          const times = new Map<string, number>();
          for (const id of vendor.sent.flat()) times.set(id, (times.get(id) ?? 0) + 1);
          for (const [id, count] of times) expect(count).toBeLessThanOrEqual(innocent.has(id) ? 2 : 1);
          for (const ofRequest of vendor.sent) expect(ofRequest.length).toBeLessThanOrEqual(overrides.requestSize);
          if (concurrency === 1) expect(sentAfterStop).toBe(0);
          for (const [id, result] of results) {
            const now = vendor.jobs.get(id);
            if (result.outcome === 'CONFIRMED') expect(now).toBe('CANCELLED');
            if (result.outcome === 'ALREADY_DONE') expect(now).toBe('CANCELLED');
            if (result.outcome === 'JOB_GONE') expect(now).toBeUndefined();
            if (result.outcome === 'ACCEPTED' && overrides.unchangedOutcome === 'VENDOR_REJECTED') expect(now).toBe('CANCELLING');
            if (result.outcome === 'JOB_NOT_FOUND') expect(now).toBeUndefined();
            if (result.outcome === 'ACTION_NOT_ALLOWED') expect(['SUCCEEDED', 'FAILED']).toContain(now);
            if (result.outcome === 'NOT_ATTEMPTED' || result.outcome === 'SYSTEM_UNAVAILABLE') expect(now).toBe(initial[id]);
            if (result.outcome === 'NOT_ATTEMPTED' && !innocent.has(id)) expect(times.has(id)).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
